package optimistic

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weegloo/weegloo/store"
)

// pile holds the backend up in a first commit, starts commits that queue behind
// it, lets go, and returns what each of them was answered.
func pile(f fixture, n int, commit func(i int) error) []error {
	gate := make(chan struct{})
	f.backend.onApply = func() error { <-gate; return nil }
	first := make(chan error)
	go func() { first <- f.set("first") }()
	synctest.Wait()

	errs := make([]error, n)
	done := make(chan struct{})
	for i := range n {
		go func() {
			errs[i] = commit(i)
			done <- struct{}{}
		}()
		synctest.Wait() // so that they queue in this order
	}
	close(gate)
	f.NoErr(<-first)
	for range n {
		<-done
	}
	return errs
}

func count(errs []error, target error) int {
	n := 0
	for _, err := range errs {
		if errors.Is(err, target) {
			n++
		}
	}
	return n
}

func TestCommitsThatWaitShareOneApply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		errs := pile(f, 20, func(i int) error { return f.set(fmt.Sprint("k", i)) })
		f.NoErr(errors.Join(errs...))
		f.Equal(len(f.backend.applies), 2) // the first, and all the others
		f.Equal(len(f.backend.applies[1]), 20)
	})
}

func TestGroupsAreBoundedByCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		errs := pile(f, groupCommits+10, func(i int) error { return f.set(fmt.Sprint("k", i)) })
		f.NoErr(errors.Join(errs...))
		f.Equal(len(f.backend.applies), 3)
		f.Equal(len(f.backend.applies[1]), groupCommits)
	})
}

func TestGroupsAreBoundedByBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		value := make([]byte, groupBytes/3)
		errs := pile(f, 4, func(i int) error {
			tx := f.begin(true)
			return errors.Join(tx.Set(fmt.Sprint("k", i), value), tx.Commit())
		})
		f.NoErr(errors.Join(errs...))
		f.Equal(f.backend.applies, [][]string{{"first"}, {"k0", "k1"}, {"k2", "k3"}})
	})
}

func TestACommitOfAnySizeIsAGroupOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		value := make([]byte, groupBytes+1)
		errs := pile(f, 2, func(i int) error {
			tx := f.begin(true)
			return errors.Join(tx.Set(fmt.Sprint("k", i), value), tx.Commit())
		})
		f.NoErr(errors.Join(errs...))
		f.Equal(f.backend.applies, [][]string{{"first"}, {"k0"}, {"k1"}})
	})
}

func TestCommitsOfOneGroupConflict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		errs := pile(f, 5, func(i int) error {
			if i == 3 {
				return f.set("other")
			}
			return f.increment("n")
		})
		f.Equal(count(errs, store.ErrConflict), 3) // all that read n but one
		f.Equal(count(errs, nil), 2)
		f.Equal(string(f.backend.records["n"]), "+")
		f.Equal(f.backend.applies[1], []string{"n", "other"})
	})
}

func TestRangesOfOneGroupConflict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		errs := pile(f, 2, func(i int) error {
			tx := f.begin(true)
			for range tx.Scan(store.Prefix("seat/")) {
				t.Error("the range is not empty")
			}
			return errors.Join(tx.Set(fmt.Sprint("seat/", i), nil), tx.Commit())
		})
		f.Equal(count(errs, nil), 1)
		f.Equal(count(errs, store.ErrConflict), 1)
	})
}

func TestWhoConflictsInAGroupSeesItsCommitsNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		attempts := 0
		errs := pile(f, 2, func(i int) error {
			if i == 0 {
				f.backend.onApply = func() error {
					time.Sleep(time.Second) // until everybody else can do no more
					return nil
				}
				return f.increment("n")
			}
			for {
				attempts++
				if err := f.increment("n"); !errors.Is(err, store.ErrConflict) {
					return err
				}
			}
		})
		f.NoErr(errors.Join(errs...))
		f.Equal(attempts, 2)
		f.Equal(string(f.backend.records["n"]), "++")
	})
}

func TestAQueuedCommitIsAnsweredTruthfully(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		ctx, cancel := context.WithCancel(t.Context())
		errs := pile(f, 2, func(i int) error {
			if i == 1 {
				cancel() // while the other waits
				return nil
			}
			tx, err := f.Begin(ctx, true)
			f.NoErr(err)
			return errors.Join(tx.Set("a", nil), tx.Commit())
		})
		f.NoErr(errors.Join(errs...))
		_, ok := f.backend.records["a"]
		f.True(ok) // it was committed, and that is what it was told
	})
}

func TestAFailedApplyIsUnknownToItsGroupAndSticks(t *testing.T) {
	broken := errors.New("the disk broke")
	for name, fail := range map[string]func() error{
		"error": func() error { return broken },
		"panic": func() error { panic(broken) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t)
				errs := pile(f, 4, func(i int) error {
					f.backend.onApply = fail // from the second Apply on
					return f.increment([]string{"a", "a", "b", "c"}[i])
				})
				f.Equal(count(errs, store.ErrUnknownOutcome), 3)
				f.Equal(count(errs, store.ErrConflict), 1) // nothing unknown about this one

				f.backend.onApply = nil
				err := f.set("later")
				f.True(errors.Is(err, store.ErrUnknownOutcome)) // refused
				f.Equal(len(f.backend.applies), 1)              // and never applied

				tx := f.begin(false)
				_, err = tx.Get("first")
				f.NoErr(err) // what was committed can be read
				tx.Rollback()
			})
		})
	}
}
