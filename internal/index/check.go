package index

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/weegloo/weegloo/internal/record"
	"github.com/weegloo/weegloo/store"
)

// miscounted is what has to be added to which counter of a Space.
func (s *Schema[T]) miscounted(r store.Reader, space string) (map[string]int64, error) {
	off := map[string]int64{}
	total := s.totalKey(space)
	// A counter of everything has a key of its own; those of values lie under it.
	for _, part := range []store.Range{{From: total, To: total + "\x00"}, store.Prefix(total + "/")} {
		for e, err := range r.Scan(part) {
			if err != nil {
				return nil, err
			}
			n, err := store.Counter(r, e.Key)
			if err != nil {
				return nil, err
			}
			off[e.Key] -= n
		}
	}
	for _, prefix := range []string{s.createdPrefix(space), s.Kind + "-by/" + space + "/"} {
		part := store.Prefix(prefix)
		part.KeysOnly = true
		for e, err := range r.Scan(part) {
			if err != nil {
				return nil, err
			}
			// What is left of the key is: dimension, value, time, id.
			parts := strings.Split(strings.TrimPrefix(e.Key, prefix), "/")
			off[strings.Join(append([]string{total}, parts[:len(parts)-2]...), "/")]++
		}
	}
	maps.DeleteFunc(off, func(_ string, n int64) bool { return n == 0 })
	return off, nil
}

// Check is Lists's.
func (s *Schema[T]) Check(r store.Reader, space string) (wrong []string, err error) {
	want := map[string]bool{}
	for e, err := range r.Scan(store.Prefix(s.Key(space, ""))) {
		if err != nil {
			return nil, err
		}
		rec, err := record.Decode[T](e.Key, e.Value)
		if err != nil {
			return nil, err
		}
		maps.Copy(want, s.keys(space, &rec))
	}
	for _, prefix := range s.listPrefixes(space) {
		for e, err := range r.Scan(store.Prefix(prefix)) {
			if err != nil {
				return nil, err
			}
			if !want[e.Key] {
				wrong = append(wrong, "no record has "+e.Key)
			}
			delete(want, e.Key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		wrong = append(wrong, "there is no "+key)
	}
	off, err := s.miscounted(r, space)
	for _, key := range slices.Sorted(maps.Keys(off)) {
		wrong = append(wrong, fmt.Sprintf("%s is off by %d", key, -off[key]))
	}
	return wrong, err
}
