package index

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/weegloo/weegloo/internal/record"
	"github.com/weegloo/weegloo/list"
	"github.com/weegloo/weegloo/store"
)

// The size of a Rebuild's transactions.
const (
	batchKeys   = 100
	batchWrites = 500 // and those that one record needs more
)

// Lists are those of one kind of records, whatever its type.
type Lists interface {
	// Check reports what is wrong with the lists of a Space, key by key. It is
	// for tests: it holds all keys of the Space in memory.
	Check(r store.Reader, space string) ([]string, error)

	steps(space string) []step
	mendCounters(ctx context.Context, st store.Store, space string) (mended int, err error)
}

// step is one sweep of a Rebuild over the keys with a prefix.
type step struct {
	list, phase, prefix string

	// mend brings index keys in order for some keys that were found. It may stop
	// early, and says how many it has dealt with.
	mend func(w store.Writer, space string, keys []string) (dealt, mended int, err error)
}

// steps first give every record the keys that it lacks, and then take the keys
// away which no record has.
func (s *Schema[T]) steps(space string) []step {
	steps := []step{{s.Kind, "records", s.Key(space, ""), s.mendRecords}}
	for _, prefix := range s.listPrefixes(space) {
		steps = append(steps, step{s.Kind, "keys", prefix, s.mendKeys})
	}
	return steps
}

// listPrefixes are those of all index keys of a Space.
func (s *Schema[T]) listPrefixes(space string) []string {
	return []string{s.Kind + "-by/" + space + "/", s.createdPrefix(space), s.updatedPrefix(space)}
}

// state is how far a Rebuild is. It is kept in the store, so that the next one
// goes on where one was interrupted.
type state struct {
	Step    int    `json:"step"`
	After   string `json:"after"`   // the last key that was dealt with in this step
	Checked int    `json:"checked"` // in this step
	Mended  int    `json:"mended"`  // in all
}

func stateKey(space string) string { return "rebuild/" + space }

// Rebuild makes lists of a Space from its records while others read and write:
// keys first, counters last. Two Rebuilds of one Space must not run at the same
// time.
func Rebuild(ctx context.Context, st store.Store, space string, report func(list.Progress), all ...Lists) error {
	var steps []step
	for _, lists := range all {
		steps = append(steps, lists.steps(space)...)
	}
	at, err := resume(ctx, st, space)
	if err != nil {
		return err
	}
	for at.Step < len(steps) {
		step := steps[at.Step]
		next, err := advance(ctx, st, space, step, at)
		if err != nil {
			return err
		}
		if next.Step == at.Step {
			report(list.Progress{List: step.list, Phase: step.phase, Checked: next.Checked, Mended: next.Mended})
		}
		at = next
	}
	for _, lists := range all {
		mended, err := lists.mendCounters(ctx, st, space)
		if err != nil {
			return err
		}
		at.Mended += mended
	}
	err = store.Update(ctx, st, func(w store.Writer) error { return w.Delete(stateKey(space)) })
	if err != nil {
		return err
	}
	report(list.Progress{Phase: "done", Mended: at.Mended})
	return nil
}

func resume(ctx context.Context, st store.Store, space string) (at state, err error) {
	err = store.View(ctx, st, func(r store.Reader) (err error) {
		at, err = record.Get[state](r, stateKey(space))
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return state{}, nil
	}
	return at, err
}

// advance deals with the next keys of a step, or goes to the next step.
func advance(ctx context.Context, st store.Store, space string, step step, at state) (next state, err error) {
	keys, err := some(ctx, st, step.prefix, at.After)
	if err != nil {
		return at, err
	}
	err = store.Update(ctx, st, func(w store.Writer) error {
		next = state{Step: at.Step + 1, Mended: at.Mended}
		if len(keys) > 0 {
			dealt, mended, err := step.mend(w, space, keys)
			if err != nil {
				return err
			}
			next = state{at.Step, keys[dealt-1], at.Checked + dealt, at.Mended + mended}
		}
		return record.Set(w, stateKey(space), next)
	})
	return next, err
}

// some are the next keys of a prefix behind a key.
func some(ctx context.Context, st store.Store, prefix, after string) (keys []string, err error) {
	part := store.Prefix(prefix)
	part.From, part.KeysOnly = max(part.From, after+"\x00"), true
	err = store.View(ctx, st, func(r store.Reader) error {
		for e, err := range r.Scan(part) {
			if err != nil {
				return err
			}
			if keys = append(keys, e.Key); len(keys) == batchKeys {
				break
			}
		}
		return nil
	})
	return keys, err
}

// mendRecords gives records the index keys that they lack.
func (s *Schema[T]) mendRecords(w store.Writer, space string, keys []string) (dealt, mended int, err error) {
	for _, key := range keys {
		if mended > batchWrites {
			break
		}
		dealt++
		rec, err := record.Get[T](w, key)
		if errors.Is(err, store.ErrNotFound) {
			continue // deleted since it was found
		}
		if err != nil {
			return 0, 0, err
		}
		n, err := s.addMissing(w, s.keys(space, &rec))
		if err != nil {
			return 0, 0, err
		}
		mended += n
	}
	return dealt, mended, nil
}

func (s *Schema[T]) addMissing(w store.Writer, keys map[string]bool) (added int, err error) {
	for key := range keys {
		_, err := w.Get(key)
		if err == nil {
			continue
		}
		if !errors.Is(err, store.ErrNotFound) {
			return 0, err
		}
		added++
		if err := w.Set(key, nil); err != nil {
			return 0, err
		}
	}
	return added, nil
}

// mendKeys removes the index keys that no record has.
func (s *Schema[T]) mendKeys(w store.Writer, space string, keys []string) (dealt, mended int, err error) {
	for _, key := range keys {
		rec, err := record.Get[T](w, s.Key(space, idOf(key)))
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return 0, 0, err
		}
		if err == nil && s.keys(space, &rec)[key] {
			continue
		}
		mended++
		if err := w.Delete(key); err != nil {
			return 0, 0, err
		}
	}
	return len(keys), mended, nil
}

func idOf(key string) string { return key[strings.LastIndex(key, "/")+1:] }

// mendCounters compares counters and keys in one state, and adds the difference
// to whatever the counters are by then.
func (s *Schema[T]) mendCounters(ctx context.Context, st store.Store, space string) (mended int, err error) {
	var off map[string]int64
	err = store.View(ctx, st, func(r store.Reader) (err error) {
		off, err = s.miscounted(r, space)
		return err
	})
	if err != nil {
		return 0, err
	}
	// Each batch by itself: what an interruption leaves is compared anew.
	for keys := range slices.Chunk(slices.Sorted(maps.Keys(off)), batchKeys) {
		err := store.Update(ctx, st, func(w store.Writer) error {
			for _, key := range keys {
				if err := w.Add(key, off[key]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return mended, err
		}
		mended += len(keys)
	}
	return mended, nil
}
