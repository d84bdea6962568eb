package badger

import (
	"errors"
	"iter"

	"github.com/dgraph-io/badger/v4"

	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/optimistic"
)

// backend is the optimistic.Backend. Each Apply is one Badger transaction with
// the next timestamp; a snapshot reads at the timestamp of the newest Apply that
// has returned.
type backend struct {
	db      *badger.DB
	horizon horizon
	parts   bool // a value in several parts may exist; Apply's
}

func newBackend(db *badger.DB) (*backend, error) {
	b := &backend{db: db}
	b.horizon.open(db.MaxVersion(), db.SetDiscardTs)
	snapshot, err := b.snapshot()
	if err != nil {
		return nil, err
	}
	defer snapshot.Release()
	b.parts = snapshot.hasParts()
	return b, nil
}

func (b *backend) Snapshot() (optimistic.Snapshot, error) { return b.snapshot() }

func (b *backend) snapshot() (*snapshot, error) {
	if b.db.IsClosed() {
		return nil, badger.ErrDBClosed
	}
	ts := b.horizon.begin()
	return &snapshot{b, b.db.NewTransactionAt(ts, false), ts}, nil
}

func (b *backend) Apply(writes []optimistic.Write) error {
	last := b.horizon.newest()
	txn := b.db.NewTransactionAt(last, true)
	defer txn.Discard()
	for _, w := range writes {
		if err := b.write(txn, w); err != nil {
			return err
		}
	}
	if err := txn.CommitAt(last+1, nil); err != nil {
		return err
	}
	b.horizon.advance(last + 1)
	return nil
}

type snapshot struct {
	backend *backend
	txn     *badger.Txn
	ts      uint64
}

func (s *snapshot) Get(key string) ([]byte, error) {
	item, err := s.txn.Get(recordKey(key))
	if errors.Is(err, badger.ErrKeyNotFound) {
		return nil, store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return value(s.txn, key, item)
}

func (s *snapshot) Scan(r store.Range) iter.Seq2[store.Entry, error] {
	return func(yield func(store.Entry, error) bool) {
		if s.backend.db.IsClosed() {
			yield(store.Entry{}, badger.ErrDBClosed) // NewIterator panics
			return
		}
		it := s.txn.NewIterator(badger.IteratorOptions{
			Reverse: r.Reverse,
			Prefix:  recordKey(commonPrefix(r)), // leaves out tables
		})
		defer it.Close()
		for it.Seek(start(r)); it.Valid(); it.Next() {
			item := it.Item()
			e := store.Entry{Key: string(item.Key()[1:])}
			if !r.Contains(e.Key) {
				if r.Reverse && e.Key == r.To {
					continue // Seek includes what the range does not
				}
				return
			}
			var err error
			if !r.KeysOnly {
				e.Value, err = value(s.txn, e.Key, item)
			}
			if err != nil {
				yield(store.Entry{}, err)
				return
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

func (s *snapshot) Release() {
	s.txn.Discard()
	s.backend.horizon.end(s.ts)
}

// start is where a scan of r begins: in reverse at the first key that is out,
// or after all records.
func start(r store.Range) []byte {
	switch {
	case !r.Reverse:
		return recordKey(r.From)
	case r.To != "":
		return recordKey(r.To)
	default:
		return []byte{recordPrefix + 1}
	}
}

// commonPrefix is what all keys of r, and r.To, start with.
func commonPrefix(r store.Range) string {
	n := 0
	for n < len(r.From) && n < len(r.To) && r.From[n] == r.To[n] {
		n++
	}
	return r.From[:n]
}
