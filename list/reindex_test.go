package list_test

import (
	"context"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/delivery"
	"github.com/weegloo/weegloo/internal/index"
	"github.com/weegloo/weegloo/list"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store"
)

// wrong is what is wrong with the lists of both planes.
func (w *world) wrong(is *is.I) (all []string) {
	is.Helper()
	is.NoErr(store.View(w.ctx, w.store, func(r store.Reader) error {
		for _, lists := range []index.Lists{media.Lists(), delivery.Lists()} {
			found, err := lists.Check(r, w.space)
			if err != nil {
				return err
			}
			all = append(all, found...)
		}
		return nil
	}))
	return all
}

// spoil removes every third index key, adds one that nobody has, and moves
// counters.
func (w *world) spoil(is *is.I) {
	is.Helper()
	is.NoErr(store.Update(w.ctx, w.store, func(tx store.Writer) error {
		n := 0
		for e, err := range tx.Scan(store.Range{}) {
			if err != nil {
				return err
			}
			kind, _, _ := strings.Cut(e.Key, "/")
			switch {
			case strings.HasSuffix(kind, "-count"):
				is.NoErr(tx.Add(e.Key, 3))
			case strings.HasSuffix(kind, "-by"), strings.HasSuffix(kind, "-created"), strings.HasSuffix(kind, "-updated"):
				if n++; n%3 == 0 {
					is.NoErr(tx.Delete(e.Key))
				}
			}
		}
		return tx.Set("media-by/"+w.space+"/tag/ghost/1781758313000/nobody", nil)
	}))
}

func TestReindexMendsEverything(t *testing.T) {
	for name, open := range worlds {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			w := newWorld(t, open(t), "s1")
			for range 60 {
				w.create("ann", media.Content{
					Tags: []string{"t1", "t2"},
					File: map[string]media.Entry{"en-US": {Name: "a.txt", ContentType: "text/plain", Upload: w.upload("hello")}},
				}, media.WriteOptions{})
			}
			w.settle()
			is.Equal(len(w.wrong(is)), 0)
			w.spoil(is)
			is.True(len(w.wrong(is)) > 100)

			var last list.Progress
			is.NoErr(w.Reindex(w.ctx, w.space, func(p list.Progress) { last = p }))
			is.Equal(len(w.wrong(is)), 0)
			is.Equal(last.Phase, "done")
			is.True(last.Mended > 0)

			mended := 0
			is.NoErr(w.Reindex(w.ctx, w.space, func(p list.Progress) { mended += p.Mended }))
			is.Equal(mended, 0) // there is nothing left
		})
	}
}

func TestReindexGoesOnWhereItWasInterrupted(t *testing.T) {
	is := is.New(t)
	w := library(t, 300)
	w.spoil(is)
	reports, records := 0, 0
	for range 1000 {
		ctx, interrupt := context.WithCancel(w.ctx)
		err := w.Reindex(ctx, w.space, func(p list.Progress) {
			reports++
			if p.List == "media" && p.Phase == "records" {
				records = max(records, p.Checked)
			}
			interrupt() // after every step
		})
		interrupt()
		if err == nil {
			break
		}
	}
	is.Equal(len(w.wrong(is)), 0)
	is.True(reports > 10)
	is.Equal(records, 300) // each once, over all the attempts
}

func TestReindexLetsOthersWrite(t *testing.T) {
	is := is.New(t)
	w := library(t, 150)
	w.spoil(is)
	is.NoErr(w.Reindex(w.ctx, w.space, func(list.Progress) {
		w.create("ann", media.Content{Tags: []string{"new"}}, media.WriteOptions{})
	}))
	is.Equal(len(w.wrong(is)), 0)
}
