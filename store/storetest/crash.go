package storetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/weegloo/weegloo/store"
)

// ErrStopped is the error of everything that is tried after a [Crash].
var ErrStopped = errors.New("storetest: the world has stopped")

// Crash stops the world at one of the moments at which a process can die: before
// and after each commit of a writable transaction, before and after each Put and
// Delete of bytes, and whenever a Put has read some of them. From then on nothing
// has any effect, and nothing can be read. What stands below [Crash.Store] and
// [Crash.Blobs] is what the next process finds.
//
// Run a test without a crash first to learn how many moments there are, and then
// once for each; a crash that was planned and never came, as Stopped tells, is a
// test that did not do what it says.
type Crash struct {
	At int // moment at which the world stops, from 1; default: none

	// Each is called at every moment, with its number. Default: nothing is.
	Each func(n int)

	mu      sync.Mutex
	moments []string
	stopped bool
}

// Store is s until the world stops.
func (c *Crash) Store(s store.Store) store.Store { return crashStore{s, c} }

// Blobs are b until the world stops. A Put that is under way then ends by a
// panic of its reader, so that it cleans up as little as one that was killed.
func (c *Crash) Blobs(b store.Blobs) store.Blobs { return crashBlobs{b, c} }

// Moments are those that have passed, in order, the one of the crash included.
func (c *Crash) Moments() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.moments)
}

// Stopped reports whether the world has stopped.
func (c *Crash) Stopped() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stopped
}

// moment counts one, and fails if the world stops at it or has stopped.
func (c *Crash) moment(format string, args ...any) error {
	if c == nil {
		return nil
	}
	n, err := c.pass(fmt.Sprintf(format, args...))
	if err == nil && c.Each != nil {
		c.Each(n)
	}
	return err
}

func (c *Crash) pass(moment string) (n int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		return 0, ErrStopped
	}
	c.moments = append(c.moments, moment)
	if c.stopped = len(c.moments) == c.At; c.stopped {
		return 0, ErrStopped
	}
	return len(c.moments), nil
}

// alive fails after the world has stopped.
func (c *Crash) alive() error {
	if c.Stopped() {
		return ErrStopped
	}
	return nil
}

type crashStore struct {
	store.Store
	crash *Crash
}

// Begin implements [store.Store].
func (s crashStore) Begin(ctx context.Context, writable bool) (store.Tx, error) {
	if err := s.crash.alive(); err != nil {
		return nil, err
	}
	tx, err := s.Store.Begin(ctx, writable)
	if err != nil {
		return nil, err
	}
	return crashTx{tx, s.crash}, nil
}

type crashTx struct {
	store.Tx
	crash *Crash
}

// Commit implements [store.Tx].
func (t crashTx) Commit() error {
	if err := t.crash.moment("before a commit"); err != nil {
		return fmt.Errorf("%w: %w", store.ErrUnknownOutcome, err)
	}
	if err := t.Tx.Commit(); err != nil {
		return err
	}
	if err := t.crash.moment("after a commit"); err != nil {
		return fmt.Errorf("%w: %w", store.ErrUnknownOutcome, err)
	}
	return nil
}

type crashBlobs struct {
	store.Blobs
	crash *Crash
}

// Put implements [store.Blobs].
func (b crashBlobs) Put(ctx context.Context, key string, r io.Reader) (size int64, err error) {
	if err := b.crash.moment("before the put of %s", key); err != nil {
		return 0, err
	}
	defer recoverStop(&err)
	size, err = b.Blobs.Put(ctx, key, &crashReader{r: r, crash: b.crash, key: key})
	if err != nil {
		return size, err
	}
	return size, b.crash.moment("after the put of %s", key)
}

// recoverStop turns the panic of a crashReader into its error.
func recoverStop(err *error) {
	if v := recover(); v == ErrStopped {
		*err = ErrStopped
	} else if v != nil {
		panic(v)
	}
}

type crashReader struct {
	r      io.Reader
	crash  *Crash
	key    string
	passed int
}

func (r *crashReader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	r.passed += n
	if stop := r.crash.moment("in the put of %s, after %d bytes", r.key, r.passed); stop != nil {
		panic(stop)
	}
	return n, err
}

// Open implements [store.Blobs].
func (b crashBlobs) Open(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	if err := b.crash.alive(); err != nil {
		return nil, err
	}
	return b.Blobs.Open(ctx, key, offset, length)
}

// Delete implements [store.Blobs].
func (b crashBlobs) Delete(ctx context.Context, key string) error {
	if err := b.crash.moment("before the delete of %s", key); err != nil {
		return err
	}
	if err := b.Blobs.Delete(ctx, key); err != nil {
		return err
	}
	return b.crash.moment("after the delete of %s", key)
}
