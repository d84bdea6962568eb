package list_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/weegloo/weegloo/delivery"
	"github.com/weegloo/weegloo/internal/index"
	"github.com/weegloo/weegloo/list"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/sys"
)

var (
	someTags    = []string{"t1", "t2", "t3"}
	someUsers   = []string{"ann", "bob"}
	someTexts   = []string{"", "apple", "Apple", "apple pie", "zebra", "Äpfel", "日本", "🍎"}
	someNames   = []string{"a.txt", "b.png", "c.zip"}
	someLocales = []string{"en-US", "de-DE"}
)

// act makes one random change.
func (w *world) act(t *rapid.T) {
	w.now = w.now.Add(time.Duration(rapid.SampledFrom([]int{0, 0, 1, 1000}).Draw(t, "ms")) * time.Millisecond)
	by := sys.Actor{ID: rapid.SampledFrom(someUsers).Draw(t, "by")}
	opts := media.WriteOptions{IgnorePublish: rapid.Bool().Draw(t, "ignore publish")}
	if len(w.ids) == 0 || rapid.IntRange(0, 2).Draw(t, "create") == 0 {
		w.create(by.ID, w.content(t, nil), opts)
		w.maybeSettle(t)
		return
	}
	id := rapid.SampledFrom(w.ids).Draw(t, "id")
	m, err := w.Media.Get(w.ctx, w.space, id)
	if err != nil {
		return // deleted
	}
	// Refusals are as good as changes here.
	switch rapid.IntRange(0, 6).Draw(t, "action") {
	case 0, 1:
		content := w.content(t, m.File)
		_, _ = w.Media.Save(w.ctx, by, w.space, id, m.Version, opts, func(media.Media) (media.Content, error) { return content, nil })
	case 2:
		_, _ = w.Media.Publish(w.ctx, by, w.space, id, m.Version)
	case 3:
		_, _ = w.Media.Unpublish(w.ctx, by, w.space, id, m.Version)
	case 4:
		_, _ = w.Media.Archive(w.ctx, by, w.space, id, m.Version)
	case 5:
		_, _ = w.Media.Unarchive(w.ctx, by, w.space, id, m.Version)
	case 6:
		_ = w.Media.Delete(w.ctx, by, w.space, id)
	}
	w.maybeSettle(t)
}

func (w *world) maybeSettle(t *rapid.T) {
	if rapid.IntRange(0, 3).Draw(t, "settle") > 0 {
		w.settle()
	}
}

// content is random, with files that are new or kept.
func (w *world) content(t *rapid.T, stored map[string]media.File) media.Content {
	c := media.Content{Title: map[string]string{}, Description: map[string]string{}, File: map[string]media.Entry{}}
	for _, locale := range someLocales {
		if rapid.Bool().Draw(t, "title") {
			c.Title[locale] = rapid.SampledFrom(someTexts).Draw(t, "text")
		}
		if rapid.Bool().Draw(t, "description") {
			c.Description[locale] = rapid.SampledFrom(someTexts).Draw(t, "text")
		}
		_, has := stored[locale]
		switch rapid.IntRange(0, 3).Draw(t, "file") {
		case 0, 1:
			body := rapid.SampledFrom([]string{"hello", "hello, world", "PK\x03\x04 is no zip", "\x00\x01\x02", "\x89PNG\r\n\x1a\nbroken"}).Draw(t, "body")
			c.File[locale] = media.Entry{
				Name: rapid.SampledFrom(someNames).Draw(t, "name"), ContentType: "application/octet-stream", Upload: w.upload(body),
			}
		case 2:
			if has {
				c.File[locale] = media.Entry{Name: stored[locale].Name, ContentType: "text/plain"}
			}
		}
	}
	for _, tag := range someTags {
		if rapid.IntRange(0, 2).Draw(t, "tag") == 0 {
			c.Tags = append(c.Tags, tag)
		}
	}
	return c
}

// query is random over the fields that the plane has.
func query(t *rapid.T, things []thing, names []string) list.Query {
	var q list.Query
	for range rapid.IntRange(0, 3).Draw(t, "conditions") {
		q.Where = append(q.Where, condition(t, things, names))
	}
	for range rapid.IntRange(0, 3).Draw(t, "keys") {
		q.Order = append(q.Order, list.Order{
			Field: rapid.SampledFrom(names).Draw(t, "by"), Descending: rapid.Bool().Draw(t, "descending"),
		})
	}
	q.Limit = rapid.IntRange(1, 7).Draw(t, "limit")
	return q
}

func condition(t *rapid.T, things []thing, names []string) list.Condition {
	c := list.Condition{Field: rapid.SampledFrom(names).Draw(t, "field")}
	ops := []list.Op{list.Eq, list.Eq, list.Ne, list.In, list.Nin, list.Exists, list.Gt, list.Gte, list.Lt, list.Lte}
	kind, texts := sample(c.Field), false
	if _, texts = kind.(string); texts {
		ops = append(ops, list.Prefix, list.Match)
	}
	c.Op = rapid.SampledFrom(ops).Draw(t, "op")
	if c.Op == list.Exists {
		c.Values = []string{rapid.SampledFrom([]string{"true", "false"}).Draw(t, "exists")}
		return c
	}
	// Values that some item has, and some that none has.
	candidates := []string{"zzz", "", "a"}
	if !texts {
		candidates = []string{"0", "-5", "99999"}
	}
	if _, ok := kind.(time.Time); ok {
		candidates = []string{"1990-01-01T00:00:00Z", "2026-06-18T04:51:53.001Z"}
	}
	for _, thing := range things {
		for _, v := range thing.fields[c.Field] {
			candidates = append(candidates, show(v))
		}
	}
	n := 1
	if c.Op == list.In || c.Op == list.Nin {
		n = rapid.IntRange(1, 3).Draw(t, "values")
	}
	for range n {
		c.Values = append(c.Values, rapid.SampledFrom(candidates).Draw(t, "value"))
	}
	return c
}

var managedNames = []string{
	"sys.id", "sys.createdAt", "sys.createdAt", "sys.updatedAt", "sys.updatedAt", "sys.version", "sys.status", "sys.status",
	"sys.createdBy.sys.id", "sys.updatedBy.sys.id", "sys.publish.version", "sys.publish.at", "sys.publish.firstAt",
	"sys.publish.counter", "sys.publish.by.sys.id", "metadata.tags.sys.id", "metadata.tags.sys.id",
	"fields.title.en-US", "fields.title.de-DE", "fields.description.en-US", "fields.title", "fields.title.xx-XX",
	"fields.file.en-US.fileName", "fields.file.en-US.contentType", "fields.file.en-US.mimeGroups",
	"fields.file.de-DE.mimeGroups", "fields.file.en-US.detail.size", "fields.file.xx-XX.fileName",
}

var deliveredNames = []string{
	"sys.id", "sys.createdAt", "sys.updatedAt", "sys.revision", "metadata.tags.sys.id", "fields.title.en-US",
	"fields.description.de-DE", "fields.file.en-US.fileName", "fields.file.en-US.mimeGroups", "fields.file.de-DE.mimeGroups",
	"fields.file.de-DE.detail.size", "fields.title.xx-XX",
}

// TestListsAgreeWithAPlainSlice asks random questions after random histories,
// walks the answer to its ends in both directions and compares it with what
// filtering and sorting a slice gives.
func TestListsAgreeWithAPlainSlice(t *testing.T) {
	for name, open := range worlds {
		t.Run(name, func(t *testing.T) {
			s, n := open(t), 0
			rapid.Check(t, func(rt *rapid.T) {
				n++
				w := newWorld(t, s, fmt.Sprint("s", n))
				defer w.settle() // the next world has the same queue and other bytes
				for range rapid.IntRange(0, 25).Draw(rt, "actions") {
					w.act(rt)
				}
				w.checkLists(rt)
				things := managed(w.all())
				for range 12 {
					q := query(rt, things, managedNames)
					read := func(q list.Query) (list.Page[media.Media], error) { return w.Media.List(w.ctx, w.space, q) }
					compare(rt, read, func(m media.Media) string { return m.ID }, q, answer(things, q))
				}
				things = delivered(w.published())
				for range 6 {
					q := query(rt, things, deliveredNames)
					read := func(q list.Query) (list.Page[delivery.Snapshot], error) { return w.Delivery.List(w.ctx, w.space, q) }
					compare(rt, read, func(s delivery.Snapshot) string { return s.ID }, q, answer(things, q))
				}
			})
		})
	}
}

func compare[T any](t *rapid.T, read func(list.Query) (list.Page[T], error), id func(T) string, q list.Query, want []string) {
	forward, total, err := walk(read, id, q, false)
	if err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	if !slices.Equal(forward, want) || total != len(want) {
		t.Fatalf("%+v\n is %v, %d in all\nwant %v", q, forward, total, want)
	}
	// From the last page backward.
	last := q
	for {
		page, err := read(last)
		if err != nil {
			t.Fatal(err)
		}
		if page.Next == "" {
			break
		}
		last.After = page.Next
	}
	backward, _, err := walk(read, id, last, true)
	if err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	if !slices.Equal(backward, want) {
		t.Fatalf("%+v\nbackward is %v\n     want %v", q, backward, want)
	}
	q.Skip = rapid.IntRange(0, len(want)+1).Draw(t, "skip")
	page, err := read(q)
	if err != nil {
		t.Fatal(err)
	}
	skipped := want[min(q.Skip, len(want)):]
	skipped = skipped[:min(q.Limit, len(skipped))]
	var got []string
	for _, item := range page.Items {
		got = append(got, id(item))
	}
	if !slices.Equal(got, skipped) || (page.Prev != "") != (q.Skip > 0 && len(want) > 0) {
		t.Fatalf("%+v is %v, want %v, prev %q", q, got, skipped, page.Prev)
	}
}

func (w *world) checkLists(t *rapid.T) {
	for _, lists := range []index.Lists{media.Lists(), delivery.Lists()} {
		w.must(store.View(w.ctx, w.store, func(r store.Reader) error {
			wrong, err := lists.Check(r, w.space)
			if len(wrong) > 0 {
				t.Fatal(wrong)
			}
			return err
		}))
	}
}

// sample is a value of the kind of a field.
func sample(field string) any {
	switch field {
	case "sys.createdAt", "sys.updatedAt", "sys.publish.at", "sys.publish.firstAt":
		return time.Time{}
	case "sys.version", "sys.revision", "sys.publish.version", "sys.publish.counter",
		"fields.file.en-US.detail.size", "fields.file.de-DE.detail.size":
		return int64(0)
	}
	return ""
}

// show is a value as a client writes it.
func show(v any) string {
	switch v := v.(type) {
	case time.Time:
		return sys.FormatTime(v)
	case string:
		return v
	}
	return jsonNumber(v.(int64))
}

func jsonNumber(n int64) string { return strconv.FormatInt(n, 10) }
