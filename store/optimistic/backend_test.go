package optimistic

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/store"
)

// backend is a Backend that copies everything, counts, and can be held up.
type backend struct {
	mu        sync.Mutex
	records   map[string][]byte
	applies   [][]string // the keys of each
	snapshots int        // that have not been released

	onApply    func() error // before it; default: nothing
	onSnapshot func() error // after it was taken, before it is returned
	onRead     error        // what every read fails with
}

func (b *backend) Snapshot() (Snapshot, error) {
	b.mu.Lock()
	s := &state{b: b, records: maps.Clone(b.records)}
	b.snapshots++
	b.mu.Unlock()
	if b.onSnapshot != nil {
		if err := b.onSnapshot(); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (b *backend) Apply(writes []Write) error {
	if b.onApply != nil {
		if err := b.onApply(); err != nil {
			return err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.records == nil {
		b.records = make(map[string][]byte)
	}
	var keys []string
	for _, w := range writes {
		keys = append(keys, w.Key)
		if w.Delete {
			delete(b.records, w.Key)
		} else {
			b.records[w.Key] = w.Value
		}
	}
	b.applies = append(b.applies, keys)
	return nil
}

func (b *backend) open() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.snapshots
}

type state struct {
	b        *backend
	records  map[string][]byte
	released bool
}

func (s *state) Get(key string) ([]byte, error) {
	value, ok := s.records[key]
	switch {
	case s.released:
		return nil, errors.New("read after Release")
	case s.b.onRead != nil:
		return nil, s.b.onRead
	case !ok:
		return nil, store.ErrNotFound
	}
	return bytes.Clone(value), nil
}

func (s *state) Scan(r store.Range) iter.Seq2[store.Entry, error] {
	return func(yield func(store.Entry, error) bool) {
		keys := slices.Sorted(maps.Keys(s.records))
		if r.Reverse {
			slices.Reverse(keys)
		}
		for _, key := range keys {
			if !r.Contains(key) {
				continue
			}
			value, err := s.Get(key)
			if !yield(store.Entry{Key: key, Value: value}, err) || err != nil {
				return
			}
		}
	}
}

func (s *state) Release() {
	if s.released {
		panic("released twice")
	}
	s.released = true
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	s.b.snapshots--
}

// fixture is a Store over a backend.
type fixture struct {
	*is.I
	t       *testing.T
	backend *backend
	*Store
}

func newFixture(t *testing.T) fixture {
	b := &backend{}
	return fixture{is.New(t), t, b, New(b)}
}

func (f fixture) begin(writable bool) store.Tx {
	f.t.Helper()
	tx, err := f.Begin(f.t.Context(), writable)
	f.NoErr(err)
	return tx
}

// set commits one write.
func (f fixture) set(key string) error {
	tx, err := f.Begin(context.Background(), true)
	if err != nil {
		return err
	}
	return errors.Join(tx.Set(key, nil), tx.Commit())
}

// increment reads and writes key.
func (f fixture) increment(key string) error {
	tx, err := f.Begin(context.Background(), true)
	if err != nil {
		return err
	}
	value, err := tx.Get(key)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err := tx.Set(key, append(value, '+')); err != nil {
		return err
	}
	return tx.Commit()
}
