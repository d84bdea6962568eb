package store_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/memory"
	"github.com/weegloo/weegloo/store/storetest"
)

var errBroken = errors.New("the disk broke")

// conflicting is a Store whose first n commits conflict.
func conflicting(n int) (s *storetest.Faulty, commits *int) {
	commits = new(int)
	return &storetest.Faulty{Store: memory.New(), Commit: func(commit func() error) error {
		if *commits++; *commits <= n {
			return store.ErrConflict
		}
		return commit()
	}}, commits
}

func set(w store.Writer) error { return w.Set("a", []byte("1")) }

func holds(is *is.I, s store.Store, key string) bool {
	is.Helper()
	err := store.View(context.Background(), s, func(r store.Reader) error {
		_, err := r.Get(key)
		return err
	})
	is.True(err == nil || errors.Is(err, store.ErrNotFound))
	return err == nil
}

func TestUpdateRunsUntilItCommits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		s, commits := conflicting(20)
		start := time.Now()
		is.NoErr(store.Update(t.Context(), s, set))
		is.Equal(*commits, 21)
		is.True(time.Since(start) < 20*32*time.Millisecond) // the waits are bounded
		is.True(holds(is, s, "a"))
	})
}

func TestUpdateRunsAgainAtOnceTheFirstTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		s, _ := conflicting(1)
		start := time.Now()
		is.NoErr(store.Update(t.Context(), s, set))
		is.Equal(time.Since(start), time.Duration(0))
	})
}

func TestUpdateEndsWithItsContextWhileItWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		s, commits := conflicting(1 << 30)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := store.Update(ctx, s, set)
		is.True(errors.Is(err, context.DeadlineExceeded))
		is.True(*commits > 10)
		is.True(!holds(is, s, "a"))
	})
}

func TestUpdateWithoutWritesDoesNotCommit(t *testing.T) {
	is := is.New(t)
	s, commits := conflicting(0)
	is.NoErr(store.Update(t.Context(), s, func(w store.Writer) error {
		_, err := w.Get("a")
		is.True(errors.Is(err, store.ErrNotFound))
		return nil
	}))
	is.Equal(*commits, 0)
}

func TestUpdateDoesNotRetryAnUnknownOutcome(t *testing.T) {
	is := is.New(t)
	runs := 0
	s := &storetest.Faulty{Store: memory.New(), Commit: func(func() error) error {
		return fmt.Errorf("%w: %w", store.ErrUnknownOutcome, errBroken)
	}}
	err := store.Update(t.Context(), s, func(w store.Writer) error {
		runs++
		return set(w)
	})
	is.True(errors.Is(err, store.ErrUnknownOutcome))
	is.Equal(runs, 1)
}

// broken is a Store with some operation that fails.
type broken struct {
	store.Store
	begin          error
	get, scan      error
	set, del       error
	open, finished int // transactions
}

func (b *broken) Begin(ctx context.Context, writable bool) (store.Tx, error) {
	if b.begin != nil {
		return nil, b.begin
	}
	tx, err := b.Store.Begin(ctx, writable)
	b.open++
	return brokenTx{tx, b}, err
}

type brokenTx struct {
	store.Tx
	b *broken
}

func (t brokenTx) Get(key string) ([]byte, error) {
	if t.b.get != nil {
		return nil, t.b.get
	}
	return t.Tx.Get(key)
}

func (t brokenTx) Scan(r store.Range) iter.Seq2[store.Entry, error] {
	if t.b.scan == nil {
		return t.Tx.Scan(r)
	}
	return func(yield func(store.Entry, error) bool) { yield(store.Entry{}, t.b.scan) }
}

func (t brokenTx) Set(key string, value []byte) error {
	return errors.Join(t.Tx.Set(key, value), t.b.set)
}

func (t brokenTx) Delete(key string) error { return errors.Join(t.Tx.Delete(key), t.b.del) }

func (t brokenTx) Rollback() {
	t.b.finished++
	t.Tx.Rollback()
}

func TestAnOperationThatFailedPoisons(t *testing.T) {
	for name, b := range map[string]*broken{
		"get":    {get: errBroken},
		"scan":   {scan: errBroken},
		"set":    {set: errBroken},
		"delete": {del: errBroken},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			b.Store = memory.New()
			err := store.Update(t.Context(), b, func(w store.Writer) error {
				all := func() (failed int) {
					_, err := w.Get("a")
					failed += count(err)
					failed += count(w.Set("a", nil))
					failed += count(w.Delete("b"))
					for _, err := range w.Scan(store.Range{}) {
						failed += count(err)
					}
					return failed
				}
				is.True(all() > 0) // one fails, and what comes after it
				is.Equal(all(), 4) // from then on everything does
				return nil         // and fn keeps it to itself
			})
			is.True(errors.Is(err, errBroken))
			b.get = nil
			is.True(!holds(is, b, "a"))
			is.Equal(b.open, b.finished) // no transaction is left open
		})
	}
}

func count(err error) int {
	if errors.Is(err, errBroken) {
		return 1
	}
	return 0
}

func TestErrorsOfBeginComeBack(t *testing.T) {
	is := is.New(t)
	b := &broken{begin: errBroken}
	is.True(errors.Is(store.Update(t.Context(), b, set), errBroken))
	is.True(errors.Is(store.View(t.Context(), b, func(store.Reader) error { return nil }), errBroken))
}

func TestEveryTransactionIsRolledBack(t *testing.T) {
	is := is.New(t)
	b := &broken{Store: memory.New()}
	is.NoErr(store.Update(t.Context(), b, set))
	is.True(store.Update(t.Context(), b, func(store.Writer) error { return errBroken }) != nil)
	is.NoErr(store.View(t.Context(), b, func(store.Reader) error { return nil }))
	func() {
		defer func() { is.True(recover() != nil) }() // the panic goes on
		_ = store.View(t.Context(), b, func(store.Reader) error { panic(errBroken) })
	}()
	is.Equal(b.open, 4)
	is.Equal(b.finished, 4)
}
