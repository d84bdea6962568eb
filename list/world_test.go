package list_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/delivery"
	"github.com/weegloo/weegloo/list"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/badger"
	"github.com/weegloo/weegloo/store/memory"
	"github.com/weegloo/weegloo/sys"
	"github.com/weegloo/weegloo/upload"
)

// world is an engine with a history.
type world struct {
	*weegloo.Engine
	ctx   context.Context // of the test
	store store.Store
	space string
	now   time.Time
	ids   []string
}

// worlds are the stores that every test of lists runs over.
var worlds = map[string]func(t *testing.T) store.Store{
	"memory": func(*testing.T) store.Store { return memory.New() },
	"badger": func(t *testing.T) store.Store {
		s, err := badger.Open(badger.Config{Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	},
}

// newWorld is one of its own, though the store may have others.
func newWorld(t *testing.T, s store.Store, space string) *world {
	t.Helper()
	w := &world{ctx: t.Context(), store: s, space: space, now: time.Date(2026, 6, 18, 4, 51, 53, 0, time.UTC)}
	var n atomic.Int64
	engine, err := weegloo.New(weegloo.Config{
		Store: s, Blobs: memory.NewBlobs(),
		Spaces: sys.Everywhere(sys.Locale{Code: "en-US"}, sys.Locale{Code: "de-DE", Fallback: "en-US"}),
		Now:    func() time.Time { return w.now },
		NewID:  func() string { return fmt.Sprintf("%s-%04d", space, n.Add(1)*7919%10_000) }, // in no order
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Engine = engine
	return w
}

func (w *world) must(err error) {
	if err != nil {
		panic(err)
	}
}

// settle does all background work.
func (w *world) settle() {
	for worked := true; worked; {
		var err error
		worked, err = w.Step(w.ctx)
		w.must(err)
	}
}

// upload is an Upload of a text, or of bytes that are no text.
func (w *world) upload(body string) string {
	u, err := w.Uploads.Create(w.ctx, sys.Actor{ID: "bob"}, sys.SpaceOwner(w.space), strings.NewReader(body), upload.Options{})
	w.must(err)
	return u.ID
}

func (w *world) create(by string, c media.Content, opts media.WriteOptions) media.Media {
	m, err := w.Media.Create(w.ctx, sys.Actor{ID: by}, w.space, c, opts)
	w.must(err)
	w.ids = append(w.ids, m.ID)
	return m
}

// all are the Media that there are, in no particular order.
func (w *world) all() (all []media.Media) {
	for _, id := range w.ids {
		if m, err := w.Media.Get(w.ctx, w.space, id); err == nil {
			all = append(all, m)
		}
	}
	return all
}

// published are the snapshots that there are.
func (w *world) published() (all []delivery.Snapshot) {
	for _, id := range w.ids {
		if s, err := w.Delivery.Get(w.ctx, w.space, id); err == nil {
			all = append(all, s)
		}
	}
	return all
}

// managed shows Media as things.
func managed(all []media.Media) (things []thing) {
	for _, m := range all {
		f := fields{
			"sys.id": {m.ID}, "sys.createdAt": {m.CreatedAt}, "sys.updatedAt": {m.UpdatedAt}, "sys.version": {m.Version},
			"sys.status": {string(m.Status())}, "sys.createdBy.sys.id": {m.CreatedBy.ID},
			"sys.updatedBy.sys.id": {m.UpdatedBy.ID}, "sys.publish.counter": {m.Publish.Counter},
		}
		if m.Publish.Version > 0 {
			f["sys.publish.version"], f["sys.publish.at"] = []any{m.Publish.Version}, []any{m.Publish.At}
			f["sys.publish.by.sys.id"] = []any{m.Publish.By.ID}
		}
		if !m.Publish.FirstAt.IsZero() {
			f["sys.publish.firstAt"] = []any{m.Publish.FirstAt}
		}
		f.tags(m.Tags)
		f.texts(m.Title, m.Description)
		for locale, file := range m.File {
			f.file(locale, file.Name, file.ContentType, file.MimeGroups)
			if file.Detail != nil {
				f["fields.file."+locale+".detail.size"] = []any{file.Detail.Size}
			}
		}
		things = append(things, thing{m.ID, f})
	}
	return things
}

// delivered shows snapshots as things.
func delivered(all []delivery.Snapshot) (things []thing) {
	for _, s := range all {
		f := fields{
			"sys.id": {s.ID}, "sys.createdAt": {s.CreatedAt}, "sys.updatedAt": {s.UpdatedAt}, "sys.revision": {s.Revision},
		}
		f.tags(s.Tags)
		f.texts(s.Title, s.Description)
		for locale, file := range s.File {
			f.file(locale, file.Name, file.ContentType, file.MimeGroups)
			f["fields.file."+locale+".detail.size"] = []any{file.Detail.Size}
		}
		things = append(things, thing{s.ID, f})
	}
	return things
}

func (f fields) tags(tags []string) {
	for _, tag := range tags {
		f["metadata.tags.sys.id"] = append(f["metadata.tags.sys.id"], tag)
	}
}

func (f fields) texts(title, description map[string]string) {
	for locale, text := range title {
		f["fields.title."+locale] = []any{text}
	}
	for locale, text := range description {
		f["fields.description."+locale] = []any{text}
	}
}

func (f fields) file(locale, name, contentType string, groups []string) {
	prefix := "fields.file." + locale + "."
	f[prefix+"fileName"], f[prefix+"contentType"] = []any{name}, []any{contentType}
	for _, group := range groups {
		f[prefix+"mimeGroups"] = append(f[prefix+"mimeGroups"], group)
	}
}

// walk pages through a list from one end to the other, and returns the ids in
// the order of the list.
func walk[T any](read func(list.Query) (list.Page[T], error), id func(T) string, q list.Query, backward bool) (ids []string, total int, err error) {
	for range 10_000 {
		page, err := read(q)
		if err != nil {
			return nil, 0, err
		}
		var here []string
		for _, item := range page.Items {
			here = append(here, id(item))
		}
		total = page.Total
		if backward {
			ids = append(here, ids...)
		} else {
			ids = append(ids, here...)
		}
		next := page.Next
		if backward {
			next = page.Prev
		}
		if next == "" {
			return ids, total, nil
		}
		q.Skip, q.After, q.Before = 0, next, ""
		if backward {
			q.After, q.Before = "", next
		}
	}
	return nil, 0, fmt.Errorf("the list does not end")
}
