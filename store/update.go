package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"time"
)

// View runs fn over one consistent state. fn must not keep the Reader.
func View(ctx context.Context, s Store, fn func(Reader) error) error {
	tx, err := s.Begin(ctx, false)
	if err != nil {
		return fmt.Errorf("store: begin: %w", err)
	}
	defer tx.Rollback()
	return fn(tx)
}

// Update runs fn in a writable transaction and commits it, all or nothing.
//
// fn runs again, from the start and on a newer state, for as long as its
// commit conflicts with others and ctx lives: it must be free of I/O, clocks
// and goroutines, and must assign in full whatever result it leaves outside.
// When fn returns an error or panics, nothing is written. An operation that
// failed poisons the transaction: it does not commit even if fn swallows the
// error. A commit error other than a conflict is returned as it is, wrapping
// [ErrUnknownOutcome], and is never retried.
func Update(ctx context.Context, s Store, fn func(Writer) error) error {
	for attempt := 0; ; attempt++ {
		err := updateOnce(ctx, s, fn)
		if !errors.Is(err, errRerun) {
			return err
		}
		if err := backoff(ctx, attempt); err != nil {
			return err
		}
	}
}

// errRerun marks the conflict of our own commit, so that an ErrConflict that
// fn itself returns ends the update.
var errRerun = errors.New("store: rerun")

func updateOnce(ctx context.Context, s Store, fn func(Writer) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	tx, err := s.Begin(ctx, true)
	if err != nil {
		return fmt.Errorf("store: begin: %w", err)
	}
	defer tx.Rollback() // after Commit it does nothing; after a panic it is what undoes

	w := &guard{tx: tx}
	if err := fn(w); err != nil {
		return err
	}
	if w.failed != nil {
		return w.failed
	}
	if w.writes == 0 {
		return nil // one state was read and nothing asked for: there is nothing to check
	}
	if err := tx.Commit(); err != nil {
		if errors.Is(err, ErrConflict) {
			return errRerun
		}
		return err
	}
	return nil
}

const maxBackoff = 32 * time.Millisecond

// backoff waits a random time that doubles with each attempt. The first rerun
// does not wait: the commit it lost to has already happened.
func backoff(ctx context.Context, attempt int) error {
	if attempt == 0 {
		return ctx.Err()
	}
	limit := min(maxBackoff, 100*time.Microsecond<<min(attempt, 10))
	timer := time.NewTimer(rand.N(limit))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// guard is the policy of a writable transaction: limits, and the first failure
// sticks.
type guard struct {
	tx     Tx
	writes int
	bytes  int
	failed error
}

func (g *guard) fail(err error) error {
	if g.failed == nil {
		g.failed = err
	}
	return err
}

func (g *guard) Get(key string) ([]byte, error) {
	if g.failed != nil {
		return nil, g.failed
	}
	value, err := g.tx.Get(key)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, g.fail(err)
	}
	return value, err
}

func (g *guard) Scan(r Range) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		if g.failed != nil {
			yield(Entry{}, g.failed)
			return
		}
		for entry, err := range g.tx.Scan(r) {
			if err != nil {
				yield(Entry{}, g.fail(err))
				return
			}
			if !yield(entry, nil) {
				return
			}
		}
	}
}

func (g *guard) Set(key string, value []byte) error {
	if len(value) > MaxValue {
		return g.fail(fmt.Errorf("%w: value of %d bytes under %.64q, the limit is %d", ErrTooLarge, len(value), key, MaxValue))
	}
	return g.write(key, len(value), func() error { return g.tx.Set(key, value) })
}

func (g *guard) Delete(key string) error {
	return g.write(key, 0, func() error { return g.tx.Delete(key) })
}

func (g *guard) Add(key string, delta int64) error {
	return g.write(key, 0, func() error { return g.tx.Add(key, delta) })
}

func (g *guard) write(key string, valueSize int, do func() error) error {
	if g.failed != nil {
		return g.failed
	}
	if key == "" || len(key) > MaxKey {
		return g.fail(fmt.Errorf("%w: key of %d bytes, allowed are 1 to %d", ErrTooLarge, len(key), MaxKey))
	}
	if g.writes++; g.writes > MaxWrites {
		return g.fail(fmt.Errorf("%w: more than %d writes in a transaction", ErrTooLarge, MaxWrites))
	}
	if g.bytes += len(key) + valueSize; g.bytes > MaxBytes {
		return g.fail(fmt.Errorf("%w: more than %d bytes in a transaction", ErrTooLarge, MaxBytes))
	}
	if err := do(); err != nil {
		return g.fail(err)
	}
	return nil
}
