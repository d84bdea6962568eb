// Package delivery serves what was published.
//
// Publishing writes a [Snapshot] of a Media, unpublishing removes it, both in
// the transaction of the change ([React]). Delivery reads only snapshots: no
// draft, no author and no other management field can leak from here, because
// a snapshot does not have them.
package delivery

import (
	"time"

	"github.com/weegloo/weegloo/internal/record"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/sys"
)

// Snapshot is a Media as it was published. It never changes; the next publish
// replaces it.
type Snapshot struct {
	ID        string    `json:"id"`
	Space     string    `json:"space"`
	CreatedAt time.Time `json:"createdAt"` // of the Media
	UpdatedAt time.Time `json:"updatedAt"` // of the Media, just before it was published
	Revision  int64     `json:"revision"`  // the version that was published

	Title       map[string]string `json:"title"`       // by locale
	Description map[string]string `json:"description"` // by locale
	File        map[string]File   `json:"file"`        // by locale

	// Tags can be asked for and are never shown.
	Tags []string `json:"tags,omitempty"`
}

// File is a delivered file.
type File struct {
	Name        string       `json:"name"`
	ContentType string       `json:"contentType"`
	MimeGroups  []string     `json:"mimeGroups"`
	Revision    int64        `json:"revision"` // part of its Address
	Blob        string       `json:"blob"`     // key of the bytes
	Detail      media.Detail `json:"detail"`
}

// snapshotKey is the key of a Snapshot; ids hold no slash. The keys of its lists
// are those of package index, with the kind "snapshot".
func snapshotKey(space, id string) string { return "snapshot/" + space + "/" + id }

// React is the media.Reactor that keeps the snapshots.
func React(w store.Writer, c media.Change) error {
	if !c.Published() && !c.Unpublished() {
		return nil
	}
	old, err := stored(w, c.Before)
	if err != nil {
		return err
	}
	if c.Unpublished() {
		if err := schema.Write(w, c.Before.Space, old, nil); err != nil {
			return err
		}
		return w.Delete(snapshotKey(c.Before.Space, c.Before.ID))
	}
	s := snapshot(c.After)
	if err := schema.Write(w, s.Space, old, &s); err != nil {
		return err
	}
	return record.Set(w, snapshotKey(s.Space, s.ID), s)
}

// stored is the snapshot that a Media has, or nil.
func stored(r store.Reader, m media.Media) (*Snapshot, error) {
	if m.Publish.Version == 0 {
		return nil, nil
	}
	s, err := record.Get[Snapshot](r, snapshotKey(m.Space, m.ID))
	return &s, err
}

// snapshot is what is delivered of a Media that has just been published.
func snapshot(m media.Media) Snapshot {
	s := Snapshot{
		ID: m.ID, Space: m.Space,
		CreatedAt: m.CreatedAt, UpdatedAt: m.Publish.ContentAt, Revision: m.Publish.Version,
		Title: m.Title, Description: m.Description,
		File: make(map[string]File, len(m.File)), Tags: m.Tags,
	}
	for locale, f := range m.File {
		s.File[locale] = File{
			Name: f.Name, ContentType: f.ContentType, MimeGroups: f.MimeGroups,
			Revision: f.Revision, Blob: f.Blob, Detail: *f.Detail,
		}
	}
	return s
}

// Localized is a Snapshot in one locale. What is nil has no value there.
type Localized struct {
	Title       *string
	Description *string
	File        *File
	FileLocale  string // the locale that File is of; part of its Address
}

// In is the snapshot as a reader of a locale sees it: each field by itself
// through the locale's chain of fallbacks. An empty text is a value.
func (s Snapshot) In(space sys.Space, locale string) Localized {
	var l Localized
	for _, code := range space.Chain(locale) {
		if text, ok := s.Title[code]; ok && l.Title == nil {
			l.Title = &text
		}
		if text, ok := s.Description[code]; ok && l.Description == nil {
			l.Description = &text
		}
		if file, ok := s.File[code]; ok && l.File == nil {
			l.File, l.FileLocale = &file, code
		}
	}
	return l
}
