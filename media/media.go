package media

import (
	"slices"
	"time"

	"github.com/weegloo/weegloo/sys"
)

// Media is one media file of a Space, as the management plane knows it.
type Media struct {
	ID        string    `json:"id"`
	Space     string    `json:"space"`
	Version   int64     `json:"version"` // 1 at creation, one more with each accepted change
	CreatedBy sys.Actor `json:"createdBy"`
	CreatedAt time.Time `json:"createdAt"`
	UpdatedBy sys.Actor `json:"updatedBy"`
	UpdatedAt time.Time `json:"updatedAt"` // never decreases; processing moves it too

	Publish Publication `json:"publish"`
	Archive *Archival   `json:"archive,omitempty"`

	Title       map[string]string `json:"title"`       // by locale
	Description map[string]string `json:"description"` // by locale
	File        map[string]File   `json:"file"`        // by locale
	Tags        []string          `json:"tags"`        // ids

	// PublishAs is in whose name the Media will be published when its last file
	// is done, or nil if it will not.
	PublishAs *sys.Actor `json:"publishAs,omitempty"`

	// Live are the keys of the blobs that the published snapshot names. They
	// are held as long as it does, whatever becomes of the draft.
	Live []string `json:"live,omitempty"`
}

// Publication is what is remembered of the publishing of a Media.
type Publication struct {
	Version int64      `json:"version,omitempty"` // that was published; 0: not published now
	At      time.Time  `json:"at,omitzero"`
	FirstAt time.Time  `json:"firstAt,omitzero"` // set once for ever
	Counter int64      `json:"counter"`          // how often; never falls
	By      *sys.Actor `json:"by,omitempty"`

	// ContentAt is the UpdatedAt of what was published, from before the
	// publishing itself moved it.
	ContentAt time.Time `json:"contentAt,omitzero"`
}

// Archival is when and by whom a Media was archived.
type Archival struct {
	Version int64     `json:"version"` // before the archiving
	At      time.Time `json:"at"`
	By      sys.Actor `json:"by"`
}

// Status is the state of a Media in its life.
type Status string

// The statuses.
const (
	Draft     Status = "Draft"     // not published
	Changed   Status = "Changed"   // published, and edited since
	Published Status = "Published" // published as it is
	Archived  Status = "Archived"  // put away; only to be unarchived or deleted
)

// Status follows from the versions (contract, section 4, rule 5).
func (m Media) Status() Status {
	switch {
	case m.Archive != nil:
		return Archived
	case m.Publish.Version == 0:
		return Draft
	case m.Version == m.Publish.Version+1:
		return Published
	default:
		return Changed
	}
}

// Busy reports whether some file still waits for its processing to end.
func (m Media) Busy() bool { return m.anyFile(File.Busy) }

// Failed reports whether the processing of some file failed.
func (m Media) Failed() bool { return m.anyFile(File.failed) }

func (f File) failed() bool { return f.State == Failed }

func (m Media) anyFile(is func(File) bool) bool {
	for _, f := range m.File {
		if is(f) {
			return true
		}
	}
	return false
}

// Blobs are the keys of all bytes that the Media needs, for its draft and for
// its published snapshot, each once and in order.
func (m Media) Blobs() []string {
	keys := append(m.draftBlobs(), m.Live...)
	slices.Sort(keys)
	return slices.Compact(keys)
}

func (m Media) draftBlobs() []string {
	keys := make([]string, 0, len(m.File)+len(m.Live))
	for _, f := range m.File {
		keys = append(keys, f.Blob)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}
