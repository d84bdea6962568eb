// Package invariant says whether what an engine keeps is sound: it looks at
// all records and all bytes at rest, after any history whatever, and names
// what must never be the case. It is for the tests of this module.
//
// The rules have the numbers that README.md explains. [Check] judges one
// state; a [Watch] also compares it with the states before.
package invariant

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/weegloo/weegloo/delivery"
	"github.com/weegloo/weegloo/internal/index"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store"
)

// Blobs are bytes that can be listed, those that no Put has finished included.
type Blobs interface {
	store.Blobs
	Keys() []string
}

// World is what an engine stands on.
type World struct {
	Store     store.Store
	Blobs     Blobs
	Now       time.Time
	UploadTTL time.Duration // default: 24 hours

	// Idle says that the background work which is due has been done. Default: some
	// may be left.
	Idle bool
}

// Problem is one rule that is broken.
type Problem struct {
	Rule string // U1, M4, ...
	What string
}

func (p Problem) String() string { return p.Rule + ": " + p.What }

// Check is everything that is wrong with w.
func Check(ctx context.Context, w World) ([]Problem, error) {
	problems, _, err := check(ctx, w)
	return problems, err
}

func check(ctx context.Context, w World) ([]Problem, *state, error) {
	if w.UploadTTL == 0 {
		w.UploadTTL = 24 * time.Hour
	}
	var s *state
	var lists []string
	err := store.View(ctx, w.Store, func(r store.Reader) (err error) {
		if s, err = load(r); err != nil {
			return err
		}
		lists, err = checkLists(r, s)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("invariant: %w", err)
	}
	if s.bytes, err = measure(ctx, w.Blobs); err != nil {
		return nil, nil, fmt.Errorf("invariant: %w", err)
	}
	f := &finding{World: w, state: s}
	for _, what := range lists {
		f.add("G4", "%s", what)
	}
	f.records()
	f.uploads()
	f.allMedia()
	f.snapshots()
	f.blobs()
	f.queue()
	return f.problems, s, nil
}

// checkLists compares the lists of all Spaces with the records.
func checkLists(r store.Reader, s *state) (wrong []string, err error) {
	for space := range s.spaces {
		for _, lists := range []index.Lists{media.Lists(), delivery.Lists()} {
			more, err := lists.Check(r, space)
			if err != nil {
				return nil, err
			}
			wrong = append(wrong, more...)
		}
	}
	return wrong, nil
}

// finding is one Check under way.
type finding struct {
	World
	*state
	problems []Problem
}

func (f *finding) add(rule, format string, args ...any) {
	f.problems = append(f.problems, Problem{rule, fmt.Sprintf(format, args...)})
}

// expect adds a problem unless ok.
func (f *finding) expect(ok bool, rule, format string, args ...any) {
	if !ok {
		f.add(rule, format, args...)
	}
}

// measure reads all bytes there are.
func measure(ctx context.Context, blobs Blobs) (map[string]content, error) {
	all := map[string]content{}
	for _, key := range blobs.Keys() {
		c, err := contentOf(ctx, blobs, key)
		if err != nil {
			return nil, err
		}
		all[key] = c
	}
	return all, nil
}

func contentOf(ctx context.Context, blobs Blobs, key string) (content, error) {
	r, err := blobs.Open(ctx, key, 0, -1)
	if isNotFound(err) {
		return content{}, nil // the remains of a Put
	}
	if err != nil {
		return content{}, err
	}
	defer r.Close()
	body, err := io.ReadAll(r)
	if err != nil {
		return content{}, err
	}
	return contentFrom(body), nil
}
