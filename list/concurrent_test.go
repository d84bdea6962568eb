package list_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/list"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/sys"
)

// TestPagerMeetsEverybodyWhoWasThereAllAlong pages through a list again and
// again, in both directions, while two writers create, change and delete.
func TestPagerMeetsEverybodyWhoWasThereAllAlong(t *testing.T) {
	is := is.New(t)
	w := library(t, 60)
	stay := slices.Sorted(slices.Values(w.ids))
	ctx, stop := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	errs := make([]error, 2)
	for i := range errs {
		writers.Go(func() { errs[i] = disturb(ctx, w, fmt.Sprint("writer", i)) })
	}
	for i := range 12 {
		q := list.Query{Limit: 7}
		if i%2 == 1 {
			q.Order = order("-sys.createdAt").Order
		}
		if i%3 == 2 {
			q.Where = where("metadata.tags.sys.id", list.Ne, "noise").Where
		}
		read := func(q list.Query) (list.Page[media.Media], error) { return w.Media.List(t.Context(), w.space, q) }
		ids, _, err := walk(read, func(m media.Media) string { return m.ID }, q, false)
		is.NoErr(err)
		met := slices.DeleteFunc(ids, func(id string) bool { return !slices.Contains(stay, id) })
		is.Equal(slices.Sorted(slices.Values(met)), stay) // all of them, each once
	}
	stop()
	writers.Wait()
	is.NoErr(errors.Join(errs...))
	is.NoErr(store.View(t.Context(), w.store, func(r store.Reader) error {
		wrong, err := media.Lists().Check(r, w.space)
		is.Equal(len(wrong), 0)
		return err
	}))
}

// disturb creates, changes and deletes Media of its own until ctx ends.
func disturb(ctx context.Context, w *world, name string) error {
	by := sys.Actor{ID: name}
	for ctx.Err() == nil {
		m, err := w.Media.Create(context.WithoutCancel(ctx), by, w.space, media.Content{Tags: []string{"noise"}}, media.WriteOptions{})
		if err != nil {
			return err
		}
		m, err = w.Media.Save(context.WithoutCancel(ctx), by, w.space, m.ID, m.Version, media.WriteOptions{},
			func(m media.Media) (media.Content, error) { return m.Content(), nil })
		if err != nil {
			return err
		}
		if err := w.Media.Delete(context.WithoutCancel(ctx), by, w.space, m.ID); err != nil {
			return err
		}
	}
	return nil
}

// TestCountersDoNotMakeWritersConflict has many writers on one space, of which
// each must get through at its first attempt: they share nothing but counters.
func TestCountersDoNotMakeWritersConflict(t *testing.T) {
	for name, open := range worlds {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			counting := &attempts{Store: open(t)}
			w := newWorld(t, counting, "s1")
			var writers sync.WaitGroup
			errs := make([]error, 8)
			for i := range errs {
				writers.Go(func() {
					for range 10 {
						_, err := w.Media.Create(w.ctx, sys.Actor{ID: "ann"}, w.space, media.Content{Tags: []string{"same"}}, media.WriteOptions{})
						errs[i] = errors.Join(errs[i], err)
					}
				})
			}
			writers.Wait()
			is.NoErr(errors.Join(errs...))
			is.Equal(counting.begun(), 80)
			page, err := w.Media.List(w.ctx, w.space, where("metadata.tags.sys.id", list.Eq, "same"))
			is.NoErr(err)
			is.Equal(page.Total, 80)
		})
	}
}

// attempts counts the writable transactions of a store.
type attempts struct {
	store.Store

	mu sync.Mutex
	n  int
}

func (a *attempts) Begin(ctx context.Context, writable bool) (store.Tx, error) {
	if writable {
		a.mu.Lock()
		a.n++
		a.mu.Unlock()
	}
	return a.Store.Begin(ctx, writable)
}

func (a *attempts) begun() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.n
}
