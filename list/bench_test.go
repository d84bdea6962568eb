package list_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/list"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/badger"
	"github.com/weegloo/weegloo/store/memory"
	"github.com/weegloo/weegloo/sys"
	"github.com/weegloo/weegloo/upload"
)

const benchSpace = "s1"

// BenchmarkLists measures pages of 100 over Badger in spaces of growing size,
// beside a bare scan of as many records. Loading is part of it:
//
//	go test ./list -run '^$' -bench Lists/10k
//	go test ./list -run '^$' -bench Lists          # up to a million, takes minutes
func BenchmarkLists(b *testing.B) {
	for _, size := range []struct {
		name string
		n    int
	}{{"10k", 10_000}, {"100k", 100_000}, {"1M", 1_000_000}} {
		b.Run(size.name, func(b *testing.B) {
			s, err := badger.Open(badger.Config{Dir: b.TempDir()})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			engine := load(b, s, size.n)
			benchPages(b, engine, s, size.n)
		})
	}
}

// load makes n drafts with a picture, one each millisecond.
func load(b *testing.B, s store.Store, n int) *weegloo.Engine {
	var clock atomic.Int64
	clock.Store(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli())
	engine, err := weegloo.New(weegloo.Config{
		Store: s, Blobs: memory.NewBlobs(), UploadTTL: 365 * 24 * time.Hour, Logger: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return time.UnixMilli(clock.Add(1)) },
	})
	if err != nil {
		b.Fatal(err)
	}
	u, err := engine.Uploads.Create(b.Context(), sys.Actor{ID: "ann"}, sys.SpaceOwner(benchSpace), strings.NewReader("bytes"), upload.Options{})
	if err != nil {
		b.Fatal(err)
	}
	var next atomic.Int64
	var writers sync.WaitGroup
	for range 64 {
		writers.Go(func() {
			for i := next.Add(1); i <= int64(n); i = next.Add(1) {
				if err := createOne(b.Context(), engine, u.ID, i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	writers.Wait()
	return engine
}

func createOne(ctx context.Context, engine *weegloo.Engine, uploadID string, i int64) error {
	name, contentType := "photo.jpg", "image/jpeg"
	if i%3 == 0 {
		name, contentType = "notes.txt", "text/plain"
	}
	_, err := engine.Media.Create(ctx, sys.Actor{ID: fmt.Sprint("user", i%10)}, benchSpace, media.Content{
		Title:       map[string]string{"en-US": fmt.Sprintf("Photograph number %d", i)},
		Description: map[string]string{"en-US": strings.Repeat("Words that describe it. ", 8)},
		File:        map[string]media.Entry{"en-US": {Name: name, ContentType: contentType, Upload: uploadID}},
		Tags:        []string{fmt.Sprint("tag", i%50), fmt.Sprint("rare", i%5000)},
	}, media.WriteOptions{IgnorePublish: true})
	return err
}

func benchPages(b *testing.B, engine *weegloo.Engine, s store.Store, n int) {
	middle := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n/2) * time.Millisecond)
	from := where("sys.createdAt", list.Gte, sys.FormatTime(middle))
	from.Limit = 1
	page, err := engine.Media.List(b.Context(), benchSpace, from)
	if err != nil || len(page.Items) == 0 {
		b.Fatal(err, "there is no middle")
	}
	pivot := page.Items[0].ID
	b.Run("bare scan", func(b *testing.B) { benchScan(b, s, pivot) })

	cursor := middleCursor(b, engine, n)
	for _, c := range []struct {
		name string
		q    list.Query
	}{
		{"first", list.Query{}},
		{"middle", list.Query{After: cursor}},
		{"newest first", order("-sys.createdAt")},
		{"updatedAt", order("-sys.updatedAt")},
		{"status", where("sys.status", list.Eq, "Draft")},
		{"mimeGroup", where("fields.file.en-US.mimeGroups", list.Eq, "Image")},
		{"tag", where("metadata.tags.sys.id", list.Eq, "tag7")},
		{"createdBy", where("sys.createdBy.sys.id", list.Eq, "user3")},
		{"image and tag by update", list.Query{
			Where: append(where("metadata.tags.sys.id", list.Eq, "tag7").Where, where("fields.file.en-US.mimeGroups", list.Eq, "Image").Where...),
			Order: order("-sys.updatedAt").Order,
		}},
	} {
		b.Run(c.name, func(b *testing.B) { benchPage(b, engine, c.q) })
	}
}

// middleCursor pages to the middle of the list.
func middleCursor(b *testing.B, engine *weegloo.Engine, n int) string {
	q := list.Query{Limit: 100}
	for range n / 200 {
		page, err := engine.Media.List(b.Context(), benchSpace, q)
		if err != nil {
			b.Fatal(err)
		}
		q.After = page.Next
	}
	return q.After
}

func benchPage(b *testing.B, engine *weegloo.Engine, q list.Query) {
	q.Limit = 100
	for b.Loop() {
		page, err := engine.Media.List(b.Context(), benchSpace, q)
		if err != nil || len(page.Items) == 0 {
			b.Fatal(err, len(page.Items))
		}
	}
	e, err := engine.Media.Explain(b.Context(), benchSpace, q)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(e.Keys), "keys/op")
	b.ReportMetric(float64(e.Records), "records/op")
}

// benchScan reads a hundred records as they lie beside each other, and makes
// them Media, as any list has to.
func benchScan(b *testing.B, s store.Store, pivot string) {
	for b.Loop() {
		err := store.View(b.Context(), s, func(r store.Reader) error {
			n := 0
			part := store.Prefix("media/" + benchSpace + "/")
			part.From += pivot
			for e, err := range r.Scan(part) {
				if err != nil {
					return err
				}
				var m media.Media
				if err := json.Unmarshal(e.Value, &m); err != nil {
					return err
				}
				if n++; n == 100 {
					return nil
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
