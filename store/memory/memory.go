// Package memory keeps records and bytes in memory, for tests and for hosts
// that need nothing to last. Nothing is durable: when the process ends, or the
// Store is dropped, everything is gone. In every other respect, isolation,
// ordering, conflicts and limits, both behave as the durable ones do.
package memory

import (
	"bytes"
	"iter"
	"sync/atomic"

	"github.com/tidwall/btree"

	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/optimistic"
)

// Store is a [store.Store] in memory.
type Store struct {
	*optimistic.Store
}

// New returns an empty Store.
func New() *Store {
	t := &tree{}
	t.committed.Store(&btree.Map[string, []byte]{})
	return &Store{optimistic.New(t)}
}

// tree is the optimistic.Backend. Copying a map shares its nodes until one side
// writes, so the committed map is never written to, only replaced.
type tree struct {
	committed atomic.Pointer[btree.Map[string, []byte]]
	working   btree.Map[string, []byte] // of Apply, which is never concurrent
}

func (t *tree) Snapshot() (optimistic.Snapshot, error) {
	return snapshot{t.committed.Load()}, nil
}

func (t *tree) Apply(writes []optimistic.Write) error {
	for _, w := range writes {
		if w.Delete {
			t.working.Delete(w.Key)
		} else {
			t.working.Set(w.Key, w.Value)
		}
	}
	t.committed.Store(t.working.Copy())
	return nil
}

type snapshot struct {
	records *btree.Map[string, []byte]
}

func (s snapshot) Get(key string) ([]byte, error) {
	value, ok := s.records.Get(key)
	if !ok {
		return nil, store.ErrNotFound
	}
	return bytes.Clone(value), nil
}

func (s snapshot) Scan(r store.Range) iter.Seq2[store.Entry, error] {
	return func(yield func(store.Entry, error) bool) {
		each := func(key string, value []byte) bool {
			if !r.Contains(key) {
				return key == r.To // where Descend starts; anywhere else the range has ended
			}
			if r.KeysOnly {
				return yield(store.Entry{Key: key}, nil)
			}
			return yield(store.Entry{Key: key, Value: bytes.Clone(value)}, nil)
		}
		switch {
		case !r.Reverse:
			s.records.Ascend(r.From, each)
		case r.To == "":
			s.records.Reverse(each)
		default:
			s.records.Descend(r.To, each)
		}
	}
}

func (snapshot) Release() {}
