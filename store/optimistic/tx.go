package optimistic

import (
	"bytes"
	"context"
	"errors"
	"iter"

	"github.com/weegloo/weegloo/store"
)

var (
	errOver     = errors.New("optimistic: the transaction is over")
	errReadOnly = errors.New("optimistic: the transaction is read-only")
)

// tx is one transaction. A read-only one tracks nothing.
type tx struct {
	ctx      context.Context // of the Begin call
	store    *Store
	snapshot Snapshot
	writable bool
	seq      uint64 // commits after it are checked against reads
	reads    reads
	writes   overlay
	adds     map[string]int64
	scans    int // under way
	over     bool
}

func (t *tx) Get(key string) ([]byte, error) {
	if t.over {
		return nil, errOver
	}
	if w, ok := t.writes.get(key); ok {
		if w.Delete {
			return nil, store.ErrNotFound
		}
		return bytes.Clone(w.Value), nil
	}
	if t.writable {
		t.reads.addKey(key)
	}
	return t.snapshot.Get(key)
}

// Scan merges the transaction's own writes into the snapshot's entries. A write
// made while the scan is under way is seen if the scan has not passed its key.
func (t *tx) Scan(r store.Range) iter.Seq2[store.Entry, error] {
	return func(yield func(store.Entry, error) bool) {
		if err := t.ready(); err != nil {
			yield(store.Entry{}, err)
			return
		}
		t.scans++
		defer func() {
			t.scans--
			t.release()
		}()
		var place int
		if t.writable {
			place = t.reads.addRange()
		}
		complete := merge(t.snapshot.Scan(r), &t.writes, r, func(e store.Entry, err error) bool {
			if err == nil {
				err = t.ready()
			}
			if err != nil {
				yield(store.Entry{}, err)
				return false
			}
			if t.writable {
				t.reads.extend(place, r, e.Key) // before yield, which may not come back
			}
			return yield(e, nil)
		})
		if complete && t.writable {
			t.reads.complete(place, r)
		}
	}
}

func (t *tx) ready() error {
	if t.over {
		return errOver
	}
	return t.ctx.Err()
}

func (t *tx) Set(key string, value []byte) error {
	// An empty value is not nil, as it comes back from any backend.
	return t.write(Write{Key: key, Value: append([]byte{}, value...)})
}

func (t *tx) Delete(key string) error {
	return t.write(Write{Key: key, Delete: true})
}

func (t *tx) write(w Write) error {
	if err := t.changeable(); err != nil {
		return err
	}
	t.writes.put(w)
	return nil
}

func (t *tx) Add(key string, delta int64) error {
	if err := t.changeable(); err != nil {
		return err
	}
	if t.adds == nil {
		t.adds = make(map[string]int64)
	}
	t.adds[key] += delta
	return nil
}

func (t *tx) changeable() error {
	switch {
	case t.over:
		return errOver
	case !t.writable:
		return errReadOnly
	}
	return nil
}

// Commit waits for the backend. Once it is queued it ignores the context: the
// answer is always what happened.
func (t *tx) Commit() error {
	if t.over {
		return errOver
	}
	t.end()
	if len(t.writes.list)+len(t.adds) == 0 {
		return nil // it read one state and asks for nothing
	}
	if err := t.ctx.Err(); err != nil {
		return err
	}
	return t.store.commit(&request{
		seq:    t.seq,
		reads:  &t.reads,
		writes: t.writes.list,
		adds:   t.adds,
		done:   make(chan struct{}),
	})
}

func (t *tx) Rollback() { t.end() }

func (t *tx) end() {
	if !t.over {
		t.over = true
		t.release()
	}
}

// release lets the snapshot go when the transaction is over and no scan of it
// is: one may end its transaction from inside a scan.
func (t *tx) release() {
	if t.over && t.scans == 0 && t.snapshot != nil {
		t.snapshot.Release()
		t.snapshot = nil
	}
}
