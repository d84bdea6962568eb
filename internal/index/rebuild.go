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

// The phases of a Rebuild.
const (
	phaseRecords  = "records"
	phaseKeys     = "keys"
	phaseCounters = "counters"
)

// The size of a Rebuild's transactions.
const (
	batchKeys   = 100
	batchWrites = 500 // and those that one record needs more
)

// state is how far a Rebuild is. It is kept in the store, so that the next one
// goes on where one was interrupted.
type state struct {
	list.Progress
	After string `json:"after"` // the last key that was dealt with in this phase
}

// mender brings index keys in order for some keys that were found. It may stop
// early, and says how many it has dealt with.
type mender func(w store.Writer, space string, keys []string) (dealt, mended int, err error)

// Rebuild makes the lists of a Space from its records while others read and
// write: first every record gets the keys that it lacks, then keys go which no
// record has, then counters are corrected. Two Rebuilds of one Space must not
// run at the same time.
func (s *Schema[T]) Rebuild(ctx context.Context, st store.Store, space string, report func(list.Progress)) error {
	p, err := s.resume(ctx, st, space)
	if err != nil {
		return err
	}
	for p.Phase != phaseCounters {
		prefixes, mend, next := []string{s.Key(space, "")}, s.mendRecords, phaseKeys
		if p.Phase == phaseKeys {
			prefixes, mend, next = s.listPrefixes(space), s.mendKeys, phaseCounters
		}
		for _, prefix := range prefixes {
			if err := s.sweep(ctx, st, space, prefix, &p, mend, report); err != nil {
				return err
			}
		}
		p = state{Progress: list.Progress{List: s.Kind, Phase: next, Mended: p.Mended}}
	}
	report(p.Progress)
	return s.mendCounters(ctx, st, space, p.Progress, report)
}

// listPrefixes are those of all index keys of a Space, in their order.
func (s *Schema[T]) listPrefixes(space string) []string {
	return []string{s.Kind + "-by/" + space + "/", s.createdPrefix(space), s.updatedPrefix(space)}
}

func (s *Schema[T]) stateKey(space string) string { return s.Kind + "-rebuild/" + space }

func (s *Schema[T]) resume(ctx context.Context, st store.Store, space string) (p state, err error) {
	err = store.View(ctx, st, func(r store.Reader) (err error) {
		p, err = record.Get[state](r, s.stateKey(space))
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return state{Progress: list.Progress{List: s.Kind, Phase: phaseRecords}}, nil
	}
	return p, err
}

// sweep mends all keys with a prefix, batch by batch.
func (s *Schema[T]) sweep(ctx context.Context, st store.Store, space, prefix string, p *state, mend mender, report func(list.Progress)) error {
	for {
		keys, err := some(ctx, st, prefix, p.After)
		if err != nil || len(keys) == 0 {
			return err
		}
		var next state
		err = store.Update(ctx, st, func(w store.Writer) error {
			dealt, mended, err := mend(w, space, keys)
			if err != nil {
				return err
			}
			next = *p
			next.After, next.Checked, next.Mended = keys[dealt-1], p.Checked+dealt, p.Mended+mended
			return record.Set(w, s.stateKey(space), next)
		})
		if err != nil {
			return err
		}
		*p = next
		report(p.Progress)
	}
}

// some are the next keys of a prefix behind a key. The prefixes of a phase are
// in the order of their keys, so what lies behind one may lie behind it all.
func some(ctx context.Context, st store.Store, prefix, after string) (keys []string, err error) {
	part := store.Prefix(prefix)
	part.From, part.KeysOnly = max(part.From, after+"\x00"), true
	if part.From >= part.To {
		return nil, nil
	}
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
func (s *Schema[T]) mendCounters(ctx context.Context, st store.Store, space string, p list.Progress, report func(list.Progress)) error {
	var off map[string]int64
	err := store.View(ctx, st, func(r store.Reader) (err error) {
		off, err = s.miscounted(r, space)
		return err
	})
	if err != nil {
		return err
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
			return err
		}
	}
	err = store.Update(ctx, st, func(w store.Writer) error { return w.Delete(s.stateKey(space)) })
	if err != nil {
		return err
	}
	p.Phase, p.Mended = "done", p.Mended+len(off)
	report(p)
	return nil
}
