// Package store is the contract between weegloo and whatever keeps its records.
//
// A [Store] keeps byte values under ordered string keys and changes them in
// serialisable transactions; [Blobs] keeps the bytes of files. Both contracts
// are mechanism only: every policy (retries, limits, what a failed operation
// means) lives once, in [View] and [Update], so that a store stays a page or
// two of code. The rules are the named cases of package storetest; a store
// that passes them can carry the whole engine.
//
// The package knows no word of the domain and imports only the standard
// library.
package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"
)

var (
	// ErrNotFound is what [Reader.Get], [Blobs.Open] and [OpenFile] return for a
	// key that holds nothing.
	ErrNotFound = errors.New("store: not found")

	// ErrConflict is what [Tx.Commit] returns when another transaction changed
	// what this one read. Nothing was written and the work may run again;
	// [Update] does so by itself.
	ErrConflict = errors.New("store: conflict")

	// ErrTooLarge is what a write returns that no store is asked to keep; see
	// [MaxKey], [MaxValue], [MaxWrites] and [MaxBytes].
	ErrTooLarge = errors.New("store: too large")

	// ErrUnknownOutcome is wrapped by the error of a commit that may or may not
	// have happened. It is never retried: only a later read can tell.
	ErrUnknownOutcome = errors.New("store: unknown outcome")
)

// The limits of a transaction. [Update] refuses what is over them before the
// store sees it, so that the memory store fails as early as the strictest
// backend.
const (
	// MaxKey is the longest key, in bytes.
	MaxKey = 1 << 10

	// MaxValue is the largest value, in bytes: a record of the contract's
	// largest Media (1 MB of text) with everything that belongs beside it.
	MaxValue = 2 << 20

	// MaxWrites is how many Set, Delete and Add calls one transaction may make. A
	// Media may have a hundred locales and a hundred tags, and replacing all of them
	// touches some 1,300 keys.
	MaxWrites = 2000

	// MaxBytes is how many bytes of keys and values one transaction may write.
	// It is what a store can take in one piece: three of the largest values and
	// their indexes.
	MaxBytes = 8 << 20
)

// Store keeps values under ordered keys. Implementations are safe for
// concurrent use.
type Store interface {
	// Begin starts a transaction on the newest committed state: whatever was
	// committed before Begin is seen by it. A transaction that is not writable
	// neither blocks writers nor waits for them.
	Begin(ctx context.Context, writable bool) (Tx, error)
}

// Reader reads one consistent state.
type Reader interface {
	// Get returns a copy of the value under key, or ErrNotFound.
	Get(key string) ([]byte, error)

	// Scan yields the entries of r in key order. Entries are copies. The
	// sequence ends after the first error it yields. What is written while it
	// runs, at keys that it has not reached, may or may not be seen.
	Scan(r Range) iter.Seq2[Entry, error]
}

// Writer reads and changes one state; it sees its own writes.
type Writer interface {
	Reader

	// Set puts a copy of value under key.
	Set(key string, value []byte) error

	// Delete removes key. Nothing to remove is no error.
	Delete(key string) error

	// Add changes the counter under key by delta. Adds do not conflict with each
	// other, which is what they are for; to read a counter conflicts with an Add
	// as with any write. A counter is read with [Counter]; the key of one that is
	// 0 does not exist. A transaction does not see its own Adds, and does not Set
	// or Delete a key that it Adds to.
	Add(key string, delta int64) error
}

// Tx is one transaction. It belongs to one goroutine. After Commit or Rollback
// only Rollback may be called, and does nothing.
type Tx interface {
	Writer

	// Commit makes all writes visible together and, in a durable store, on
	// disk before it returns. Committed transactions are serialisable, and the
	// ranges a transaction scanned belong to what it read. ErrConflict means
	// that nothing was written, and so does the error of a context that was done
	// before. Any other error means that the outcome is unknown, and wraps
	// [ErrUnknownOutcome].
	Commit() error

	// Rollback drops the transaction.
	Rollback()
}

// Counter reads the counter under key, whose value is its decimal text.
func Counter(r Reader, key string) (int64, error) {
	value, err := r.Get(key)
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(string(value), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("store: %.64q is no counter: %w", key, err)
	}
	return n, nil
}

// Entry is a key and its value.
type Entry struct {
	Key   string
	Value []byte
}

// Range names the keys from From (included) to To (excluded). The zero Range
// is everything.
type Range struct {
	From     string // first key; default: from the start
	To       string // first key that is out; default: to the end
	Reverse  bool   // from the last key to the first; default: false
	KeysOnly bool   // leave Entry.Value nil, which is cheaper; default: false
}

// Prefix is the range of all keys that start with p.
func Prefix(p string) Range {
	return Range{From: p, To: PrefixEnd(p)}
}

// PrefixEnd is the first key after all that start with p, or "" if there is
// none.
func PrefixEnd(p string) string {
	for i := len(p) - 1; i >= 0; i-- {
		if p[i] < 0xff {
			return p[:i] + string([]byte{p[i] + 1})
		}
	}
	return ""
}

// Contains reports whether key is in r.
func (r Range) Contains(key string) bool {
	return key >= r.From && (r.To == "" || key < r.To)
}
