package media

import (
	"time"

	"github.com/weegloo/weegloo/sys"
)

// Command is something that happens to a Media. The commands of this package
// are all there are.
type Command interface {
	// refusal says why a Media does not allow the command now, or nil.
	refusal(m Media) error

	// apply makes the change, which refusal has allowed. The Media is the
	// command's own.
	apply(c *change)
}

// Env is what a command needs to know of the world.
type Env struct {
	Now time.Time
	By  sys.Actor
}

// Content is what a client says a Media shall be, all of it.
type Content struct {
	Title       map[string]string // by locale
	Description map[string]string // by locale
	File        map[string]Entry  // by locale
	Tags        []string          // ids
}

// Entry is what a client says of the file of one locale.
type Entry struct {
	Name        string
	ContentType string

	// Upload is the id of the Upload whose bytes become the file. Empty keeps
	// the file that is there, untouched; so does the Upload that a Failed file
	// came from.
	Upload string
}

// keeps reports whether the entry leaves the stored file, if any, as it is.
func (e Entry) keeps(stored File) bool {
	return e.Upload == "" || stored.State == Failed && stored.Upload == e.Upload
}

// Create makes a new Media.
type Create struct {
	ID, Space   string
	Content     Content
	Blobs       map[string]string // blob keys by the id of the Upload, for all that Content names
	AutoPublish bool              // publish when the last file is done
}

// Save replaces the content of a Media.
type Save struct {
	Version     int64 // the caller's idea of the current version; a wrong one is ErrStale
	Content     Content
	Blobs       map[string]string // as in Create
	AutoPublish bool              // publish, at once or when the last new file is done
}

// The commands that move a Media through its life. Version is the caller's idea
// of the current version; a wrong one is ErrStale.
type (
	// Publish makes the content the delivered one.
	Publish struct{ Version int64 }

	// Unpublish ends the delivery.
	Unpublish struct{ Version int64 }

	// Archive puts a Draft away.
	Archive struct{ Version int64 }

	// Unarchive brings an archived Media back as a Draft.
	Unarchive struct{ Version int64 }

	// Delete ends a Media: the result is the zero Media.
	Delete struct{}
)

// The commands of processing name the file they are about by locale and
// revision. If that file is there no more, or no longer busy, they change
// nothing and that is no error: their result comes too late.
type (
	// Start says that a worker has the file, for which attempt, and when another
	// one takes over if it does not report.
	Start struct {
		Locale   string
		Revision int64
		Attempt  int
		Until    time.Time
	}

	// Retry says that the attempt failed, and when the next one begins.
	Retry struct {
		Locale   string
		Revision int64
		At       time.Time
	}

	// Finish says what was found out about the file.
	Finish struct {
		Locale      string
		Revision    int64
		ContentType string
		MimeGroups  []string
		Detail      Detail
	}

	// Fail says that the file cannot be processed, and why in one word.
	Fail struct {
		Locale   string
		Revision int64
		Reason   string
	}
)
