package faults_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/delivery"
	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/sys"
)

var errMissing = sys.ErrNotFound

// compare looks at everything through an engine, lets the model take notice of
// what background work has done, and is the first difference, or "".
func (mo *model) compare(w *world, e *weegloo.Engine) string {
	records := w.records()
	for _, id := range slices.Sorted(maps.Keys(mo.uploads)) {
		_, recorded := records["upload/Space/"+enginetest.Space+"/"+id]
		if diff := mo.compareUpload(w, e, id, recorded); diff != "" {
			return diff
		}
	}
	for _, id := range slices.Sorted(maps.Keys(mo.media)) {
		if diff := mo.compareMedia(e, mo.media[id]); diff != "" {
			return fmt.Sprintf("%s: %s", id, diff)
		}
	}
	if there := w.media(); len(there) != len(mo.media) {
		return fmt.Sprintf("there are the Media %v", there)
	}
	return mo.compareAddresses(e)
}

// compareUpload: one that has expired may be swept, and then does not come back
// when the clock does.
func (mo *model) compareUpload(w *world, e *weegloo.Engine, id string, recorded bool) string {
	u := mo.uploads[id]
	_, err := e.Uploads.Get(ctx, owner, id)
	if alive := w.clock.Now().Before(u.expires); (err == nil) != alive {
		return fmt.Sprintf("upload %s: alive %v, and its Get says %v", id, alive, err)
	}
	if !recorded {
		delete(mo.uploads, id)
	}
	return ""
}

func (mo *model) compareMedia(e *weegloo.Engine, m *modelMedia) string {
	is, err := e.Media.Get(ctx, enginetest.Space, m.id)
	if err != nil {
		return err.Error()
	}
	if len(is.File) != len(m.files) {
		return fmt.Sprintf("files %v", is.File)
	}
	for locale, f := range is.File {
		want, ok := m.files[locale]
		if !ok || f.Revision != want.revision || f.State != media.Done && f.Upload != want.upload {
			return fmt.Sprintf("%s is %+v, not %+v", locale, f, want)
		}
		if !mo.processed(m, locale, f.State) {
			return fmt.Sprintf("%s %q went from %s to %s", locale, want.body, want.state, f.State)
		}
	}
	mo.finished(m)
	status := media.Draft
	switch {
	case m.archived:
		status = media.Archived
	case m.published != 0 && m.version == m.published+1:
		status = media.Published
	case m.published != 0:
		status = media.Changed
	}
	want := []any{m.version, m.published, m.counter, status, m.title}
	got := []any{is.Version, is.Publish.Version, is.Publish.Counter, is.Status(), is.Title["en-US"]}
	if !slices.Equal(want, got) {
		return fmt.Sprintf("is %v, not %v", got, want)
	}
	return mo.compareDelivered(e, m)
}

func (mo *model) compareDelivered(e *weegloo.Engine, m *modelMedia) string {
	s, err := e.Delivery.Get(ctx, enginetest.Space, m.id)
	if m.published == 0 {
		if !errors.Is(err, sys.ErrNotFound) {
			return fmt.Sprintf("is delivered: %v, %v", s, err)
		}
		return ""
	}
	if err != nil || s.Revision != m.published || s.Title["en-US"] != m.delivered.title || len(s.File) != len(m.delivered.files) {
		return fmt.Sprintf("delivers %v, %v", s, err)
	}
	for locale, f := range m.delivered.files {
		address := s.Address(locale)
		if address.Revision != f.revision {
			return fmt.Sprintf("%s is delivered from %s", locale, address.Path())
		}
		mo.address[address.Path()] = f.body
	}
	return ""
}

// compareAddresses: every address that was ever delivered gives its bytes or
// none, according to what is published.
func (mo *model) compareAddresses(e *weegloo.Engine) string {
	for path, body := range mo.address {
		a, _ := delivery.ParsePath(path)
		live := false
		if m := mo.media[a.Media]; m != nil && m.published != 0 {
			live = m.delivered.files[a.Locale].revision == a.Revision
		}
		got := bytesAt(e, a)
		if live && got != body || !live && got != delivery.ErrNoFile.Error() {
			return fmt.Sprintf("%s: live %v, gives %q", path, live, got)
		}
	}
	return ""
}
