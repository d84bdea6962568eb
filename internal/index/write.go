package index

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"strconv"

	"github.com/weegloo/weegloo/store"
)

// Write brings the lists from what a record was to what it becomes, in the
// transaction that changes it. Nil stands for no record.
func (s *Schema[T]) Write(w store.Writer, space string, before, after *T) error {
	old, now := s.keys(space, before), s.keys(space, after)
	for _, key := range slices.Sorted(maps.Keys(old)) {
		if now[key] {
			continue
		}
		if err := w.Delete(key); err != nil {
			return err
		}
	}
	for _, key := range slices.Sorted(maps.Keys(now)) {
		if old[key] {
			continue
		}
		if err := w.Set(key, nil); err != nil {
			return err
		}
	}
	return s.count(w, space, before, after)
}

// count moves the counters.
func (s *Schema[T]) count(w store.Writer, space string, before, after *T) error {
	deltas := map[string]int64{}
	for key := range s.counters(space, before) {
		deltas[key]--
	}
	for key := range s.counters(space, after) {
		deltas[key]++
	}
	for _, key := range slices.Sorted(maps.Keys(deltas)) {
		if deltas[key] == 0 {
			continue
		}
		if err := w.Add(key, deltas[key]); err != nil {
			return err
		}
	}
	return nil
}

// keys are all index keys of a record.
func (s *Schema[T]) keys(space string, record *T) map[string]bool {
	if record == nil {
		return nil
	}
	created := suffix(s.Created(*record), s.ID(*record))
	keys := map[string]bool{
		s.createdPrefix(space) + created:                                   true,
		s.updatedPrefix(space) + suffix(s.Updated(*record), s.ID(*record)): true,
	}
	for _, v := range s.Values(*record) {
		keys[s.valuePrefix(space, v)+created] = true
	}
	return keys
}

// counters are the keys of all counters that count a record.
func (s *Schema[T]) counters(space string, record *T) map[string]bool {
	if record == nil {
		return nil
	}
	keys := map[string]bool{s.totalKey(space): true}
	for _, v := range s.Values(*record) {
		keys[s.countKey(space, v)] = true
	}
	return keys
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func isOutOfRange(err error) bool { return errors.Is(err, strconv.ErrRange) }
