package invariant

import (
	"maps"
	"reflect"
	"slices"

	"github.com/weegloo/weegloo/delivery"
	"github.com/weegloo/weegloo/media"
)

func (f *finding) allMedia() {
	for _, key := range slices.Sorted(maps.Keys(f.media)) {
		m := f.media[key]
		f.expect(key == "media/"+m.Space+"/"+m.ID, "M7", "%s holds %s", key, m.ID)
		f.life(m)
		f.publication(m)
		for locale, file := range m.File {
			f.file(m, locale, file)
		}
		_, delivered := f.state.snapshots["snapshot/"+m.Space+"/"+m.ID]
		f.expect(delivered == (m.Publish.Version != 0), "D1", "%s is %s, and delivered: %v", m.ID, m.Status(), delivered)
	}
}

// life are the rules about versions and times.
func (f *finding) life(m media.Media) {
	f.expect(m.Version >= 1, "M1", "%s has version %d", m.ID, m.Version)
	f.expect(m.Publish.Version < m.Version, "M4", "%s: publish.version %d of %d", m.ID, m.Publish.Version, m.Version)
	f.expect(m.Archive == nil || m.Archive.Version < m.Version, "M4", "%s: archive.version of %d", m.ID, m.Version)
	f.expect(!m.UpdatedAt.Before(m.CreatedAt), "M5", "%s was updated before it was created", m.ID)
	f.expect(!m.UpdatedAt.Before(m.Publish.At), "M5", "%s was updated before it was published", m.ID)
	f.expect(m.Archive == nil || m.Publish.Version == 0, "M2", "%s is archived and published", m.ID)
	f.expect(m.UpdatedBy.ID != "" && m.CreatedBy.ID != "", "M2", "%s has no author", m.ID)
}

func (f *finding) publication(m media.Media) {
	p := m.Publish
	f.expect((p.Counter > 0) == !p.FirstAt.IsZero(), "M3", "%s: counter %d, firstAt %v", m.ID, p.Counter, p.FirstAt)
	f.expect(p.Version == 0 || p.Counter > 0, "M3", "%s is published and counter is 0", m.ID)
	f.expect(p.Counter < m.Version, "M3", "%s: published %d times by version %d", m.ID, p.Counter, m.Version)
	f.expect((p.Version != 0) == (p.By != nil) && (p.Version != 0) == !p.At.IsZero(), "M2", "%s: publish %+v", m.ID, p)
	if m.Status() == media.Published {
		f.expect(!m.Busy() && !m.Failed() && len(m.File) > 0, "P2", "%s is Published with files %v", m.ID, m.File)
	}
	f.expect(m.PublishAs == nil || m.Busy(), "P2", "%s waits to be published, for nothing", m.ID)
	f.expect(m.Archive == nil || !m.Busy(), "P2", "%s is archived and busy", m.ID)
}

// file are the rules about one locale.
func (f *finding) file(m media.Media, locale string, file media.File) {
	busy, failed, done := file.Busy(), file.State == media.Failed, file.State == media.Done
	f.expect(busy || failed || done, "P1", "%s %s: state %q", m.ID, locale, file.State)
	f.expect(done == (file.Detail != nil), "P1", "%s %s: %s with detail %v", m.ID, locale, file.State, file.Detail)
	f.expect(done == (file.Upload == ""), "P1", "%s %s: %s of upload %q", m.ID, locale, file.State, file.Upload)
	f.expect(busy == (file.Work != nil), "P1", "%s %s: %s with work %v", m.ID, locale, file.State, file.Work)
	f.expect(failed == (file.Reason != ""), "P1", "%s %s: %s for %q", m.ID, locale, file.State, file.Reason)
	f.expect(file.Revision >= 1 && file.Revision <= m.Version, "D4", "%s %s: revision %d", m.ID, locale, file.Revision)
	if file.Detail != nil {
		f.detail(m.ID+" "+locale, file.Blob, *file.Detail)
	}
}

// detail must be true of the bytes.
func (f *finding) detail(of, blob string, d media.Detail) {
	is := content{d.Size, d.SHA256}
	f.expect(f.bytes[blob] == is, "P5", "%s says %v, its bytes are %v", of, is, f.bytes[blob])
	f.expect(f.blob[blob].SHA256 == d.SHA256, "P5", "%s says %v, its record %v", of, d.SHA256, f.blob[blob].SHA256)
}

// shown are the JSON keys that a snapshot may have.
var shown = []string{"id", "space", "createdAt", "updatedAt", "revision", "title", "description", "file", "tags"}

func (f *finding) snapshots() {
	for _, key := range slices.Sorted(maps.Keys(f.state.snapshots)) {
		s := f.state.snapshots[key]
		for _, name := range f.state.shown[key] {
			f.expect(slices.Contains(shown, name), "D7", "%s shows %q", key, name)
		}
		m, ok := f.media["media/"+s.Space+"/"+s.ID]
		if !ok {
			f.add("D1", "%s has no Media", key)
			continue
		}
		f.snapshot(s, m)
	}
}

func (f *finding) snapshot(s delivery.Snapshot, m media.Media) {
	f.expect(s.Revision == m.Publish.Version, "D2", "%s delivers %d, published is %d", s.ID, s.Revision, m.Publish.Version)
	f.expect(s.CreatedAt.Equal(m.CreatedAt), "D2", "%s delivers another creation", s.ID)
	f.expect(len(s.File) > 0, "P2", "%s was published without a file", s.ID)
	var blobs []string
	for locale, file := range s.File {
		f.expect(file.Revision <= s.Revision, "D5", "%s %s is newer than what was published", s.ID, locale)
		f.detail("snapshot "+s.ID+" "+locale, file.Blob, file.Detail)
		blobs = append(blobs, file.Blob)
	}
	slices.Sort(blobs)
	blobs = slices.Compact(blobs)
	f.expect(slices.Equal(blobs, m.Live), "D3", "%s delivers %v and lives of %v", s.ID, blobs, m.Live)
	if m.Status() == media.Published {
		f.expect(reflect.DeepEqual(s.Title, m.Title) && reflect.DeepEqual(s.Description, m.Description) &&
			sameFiles(s.File, m.File), "D5", "%s is Published and delivers something else", s.ID)
	}
}

func sameFiles(delivered map[string]delivery.File, drafted map[string]media.File) bool {
	if len(delivered) != len(drafted) {
		return false
	}
	for locale, d := range delivered {
		m, ok := drafted[locale]
		if !ok || d.Blob != m.Blob || d.Revision != m.Revision || d.Name != m.Name || d.ContentType != m.ContentType {
			return false
		}
	}
	return true
}
