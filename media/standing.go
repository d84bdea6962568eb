package media

import (
	"slices"
	"time"
)

// Word says in one word where a file stands.
type Word string

// The words, in the order in which they are looked for: one that is busy and
// also of an unpublished Media is Busy.
const (
	NoFile         Word = "no-file"         // the locale has none
	Busy           Word = "busy"            // it is not processed yet
	Broken         Word = "failed"          // its processing failed
	PutAway        Word = "archived"        // its Media is archived
	NeverPublished Word = "never-published" // its Media is new
	Unpublished    Word = "unpublished"     // its Media was published once
	Outdated       Word = "outdated"        // the published Media has another file, or none, in its place
	Delivered      Word = "delivered"       // it is the file that visitors get
)

// Standing tells why the file of a locale is not delivered, or that it is.
type Standing struct {
	Word    Word
	Since   time.Time // of a Busy file: it waits since then
	Attempt int       // of a Busy file: the latest, 0 before the first
	Next    time.Time // of a Busy file: when the next attempt begins, if the latest does not end it
	Reason  string    // of a Broken file: why
}

// Standing tells where the file of a locale stands.
func (m Media) Standing(locale string) Standing {
	f, ok := m.File[locale]
	switch {
	case !ok:
		return Standing{Word: NoFile}
	case f.Busy():
		return Standing{Word: Busy, Since: f.Work.Since, Attempt: f.Work.Attempt, Next: f.Work.Next}
	case f.failed():
		return Standing{Word: Broken, Reason: f.Reason}
	case m.Status() == Archived:
		return Standing{Word: PutAway}
	case m.Publish.Counter == 0:
		return Standing{Word: NeverPublished}
	case m.Publish.Version == 0:
		return Standing{Word: Unpublished}
	case !slices.Contains(m.Live, f.Blob):
		return Standing{Word: Outdated}
	}
	return Standing{Word: Delivered}
}
