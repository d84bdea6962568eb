// Package optimistic makes a [store.Store] out of any backend that has
// snapshots and atomic batches of writes.
//
// A transaction reads one snapshot, keeps its writes to itself and remembers
// what it read: single keys, and the part of each range that a scan has been
// through. Commit compares that with what was committed since the transaction
// began; if nothing that it read has changed, its writes happen now, as if the
// whole transaction had. So committed transactions are serialisable, and a key
// inserted into a range that another transaction found empty is a conflict like
// any other. Writes to keys that were not read never conflict; the last commit
// wins.
//
// Commits that wait for the backend at the same time are applied together and
// share its disk sync.
package optimistic

import (
	"context"
	"iter"
	"sync"
	"sync/atomic"

	"github.com/weegloo/weegloo/store"
)

// Backend keeps the committed state.
type Backend interface {
	// Snapshot returns the newest committed state: it contains every Apply that
	// has returned. It is called concurrently with itself and with Apply, and
	// does not wait for an Apply that is under way.
	Snapshot() (Snapshot, error)

	// Apply makes all writes, in order, or none, durably if the backend is. The
	// backend may keep the values. There is one Apply at a time. An error means
	// that the writes may or may not have happened, and no Apply follows.
	Apply(writes []Write) error
}

// Snapshot is one committed state. It is used by one goroutine.
type Snapshot interface {
	// Get returns a value that the caller may keep and change, or
	// store.ErrNotFound.
	Get(key string) ([]byte, error)

	// Scan is store.Reader's.
	Scan(r store.Range) iter.Seq2[store.Entry, error]

	// Release is called once, after the last use and outside of any Scan.
	Release()
}

// Write sets Key to Value, or deletes it.
type Write struct {
	Key    string
	Value  []byte
	Delete bool
}

// Store is a [store.Store] over a Backend.
type Store struct {
	backend Backend
	seq     atomic.Uint64 // of the newest commit whose Apply has returned
	token   chan struct{} // held by the one who leads a group; guards log and failed
	log     log
	failed  error // of the Apply that failed, if one did

	mu    sync.Mutex
	queue []*request
}

// New returns a Store over b, which must not be written to by anyone else.
func New(b Backend) *Store {
	return &Store{backend: b, token: make(chan struct{}, 1), log: newLog()}
}

// Begin starts a transaction on the newest committed state. After ctx is done
// its scans fail, and its commit too unless it is already queued.
func (s *Store) Begin(ctx context.Context, writable bool) (store.Tx, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	// In this order: a commit between the two lines is in the snapshot and still
	// counts as newer, which at worst is a conflict too many. The other way
	// round it would be missed.
	seq := s.seq.Load()
	snapshot, err := s.backend.Snapshot()
	if err != nil {
		return nil, err
	}
	return &tx{ctx: ctx, store: s, snapshot: snapshot, writable: writable, seq: seq}, nil
}
