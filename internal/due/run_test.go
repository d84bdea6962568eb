package due_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/internal/due"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/memory"
	"github.com/weegloo/weegloo/store/storetest"
)

// running is a queue that runs, by the clock of its bubble.
type running struct {
	*bench
	logged *lines
	stop   func() // and wait until it has; the end of the test does so too
}

// lines count what is logged.
type lines struct{ n atomic.Int64 }

func (l *lines) Write(p []byte) (int, error) {
	l.n.Add(1)
	return len(p), nil
}

func run(t *testing.T, s store.Store, workers int, prepare func(*bench)) *running {
	r := &running{bench: &bench{work: &work{store: s}, t: t}, logged: &lines{}}
	r.Queue = due.New(due.Config{
		Store: s, Handlers: map[due.Kind]due.Handler{"work": r.work}, Workers: workers, Lease: lease,
		Now: time.Now, Logger: slog.New(slog.NewTextHandler(r.logged, nil)),
	})
	prepare(r.bench)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.Queue.Run(ctx)
	}()
	r.stop = sync.OnceFunc(func() { cancel(); <-ended })
	t.Cleanup(r.stop)
	synctest.Wait()
	return r
}

func asItIs(*bench) {}

// pass lets time pass in the bubble, and everybody get done what is due.
func pass(d time.Duration) {
	time.Sleep(d) // of a clock that costs no time
	synctest.Wait()
}

func TestRunDoesWhatIsDueAndSleeps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		r := run(t, memory.New(), 1, func(b *bench) { b.add(time.Now(), "a", "b", "c") })
		is.Equal(r.ids(), []string{"a", "b", "c"})
		is.Equal(len(r.waiting()), 0)
		r.stop()
	})
}

func TestRunWakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		r := run(t, memory.New(), 1, asItIs)
		r.add(time.Now(), "a")
		synctest.Wait()
		is.Equal(len(r.ids()), 0) // it sleeps
		before := time.Now()
		r.Wake(before)
		synctest.Wait()
		is.Equal(r.ids(), []string{"a"})
		is.Equal(time.Now(), before) // no time has passed
		r.stop()
	})
}

func TestRunSleepsUntilTheNextIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		at := time.Now().Add(1234 * time.Millisecond)
		var ranAt time.Time
		r := run(t, memory.New(), 1, func(b *bench) {
			b.add(at, "a")
			b.do = func(context.Context, due.Item) error { ranAt = time.Now(); return nil }
		})
		pass(10 * time.Second)
		r.stop()
		is.Equal(ranAt, at)
	})
}

// TestRunFindsWhatAnotherProcessAdds without being woken, also far behind its
// own clock.
func TestRunFindsWhatAnotherProcessAdds(t *testing.T) {
	for name, c := range map[string]struct{ behind, within time.Duration }{
		"now":               {0, 2 * time.Second},
		"a minute ago":      {time.Minute, 15*time.Second + 2*time.Second},
		"a day ago":         {24 * time.Hour, 15*time.Second + 2*time.Second},
		"of a dead process": {10 * time.Minute, 15*time.Second + 2*time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				is := is.New(t)
				r := run(t, memory.New(), 1, asItIs)
				pass(time.Hour + 500*time.Millisecond)
				r.add(time.Now().Add(-c.behind), "a")
				pass(c.within)
				synctest.Wait()
				is.Equal(r.ids(), []string{"a"})
				r.stop()
			})
		})
	}
}

// TestRunFindsWhatIsAddedBehindWhereItLooked: the clock of a call is read before
// its commit, so items come in late.
func TestRunFindsWhatIsAddedBehindWhereItLooked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		r := run(t, memory.New(), 1, asItIs)
		at := time.Now()
		pass(5 * time.Second)
		r.add(at, "a")
		r.Wake(at)
		synctest.Wait()
		is.Equal(r.ids(), []string{"a"})
		r.stop()
	})
}

func TestRunRetriesByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		begin, times := time.Now(), []time.Duration{}
		r := run(t, memory.New(), 1, func(b *bench) {
			b.add(begin, "a")
			b.do = func(_ context.Context, it due.Item) error {
				times = append(times, time.Since(begin))
				if it.Attempt < 4 {
					return errFailed
				}
				return nil
			}
		})
		pass(time.Minute)
		r.stop()
		is.Equal(times, []time.Duration{0, time.Second, 3 * time.Second, 7 * time.Second})
		is.Equal(r.logged.n.Load(), int64(3)) // nobody else hears of it
		is.Equal(len(r.waiting()), 0)
	})
}

func TestRunEndsAWorkThatOutlastsItsLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		begin, ended := time.Now(), time.Duration(0)
		r := run(t, memory.New(), 1, func(b *bench) {
			b.add(begin, "a")
			b.do = func(ctx context.Context, it due.Item) error {
				if it.Attempt > 1 {
					return nil
				}
				<-ctx.Done()
				ended = time.Since(begin)
				return ctx.Err()
			}
		})
		pass(time.Hour)
		r.stop()
		is.Equal(ended, lease)
		is.Equal(len(r.waiting()), 0) // the second try did it
	})
}

func TestRunDrainsWhenItIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		release := make(chan struct{})
		finished := false
		r := run(t, memory.New(), 2, func(b *bench) {
			b.add(time.Now(), "a")
			b.do = func(context.Context, due.Item) error {
				<-release
				<-time.After(3 * time.Second) // it does not look at its context
				finished = true
				return nil
			}
		})
		stopped := make(chan struct{})
		go func() { r.stop(); close(stopped) }()
		synctest.Wait()
		select {
		case <-stopped:
			t.Error("Run returned before its work had")
		default:
		}
		close(release)
		<-stopped
		is.True(finished)
		is.Equal(len(r.waiting()), 1) // its finish was too late for a context that has ended
	})
}

func TestRunPutsBackWhatAStopInterrupts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		s := memory.New()
		r := run(t, s, 2, func(b *bench) {
			b.add(time.Now(), "a/1", "b/1") // of two Spaces
			b.do = func(ctx context.Context, _ due.Item) error { <-ctx.Done(); return ctx.Err() }
		})
		is.Equal(len(r.ids()), 2)
		r.stop()
		is.Equal(r.logged.n.Load(), int64(0)) // a stop is no failure
		next := run(t, s, 2, asItIs)
		is.Equal(len(next.ids()), 2) // at once, without waiting for the end of the lease
		is.Equal(next.ran[0].Attempt, 1)
		next.stop()
	})
}

func TestRunReturnsWhenItIsStoppedIdle(t *testing.T) {
	synctest.Test(t, func(*testing.T) {
		r := run(t, memory.New(), 3, asItIs)
		before := time.Now()
		r.stop()
		is.New(t).Equal(time.Now(), before)
	})
}

func TestRunKeepsToItsWorkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		const workers, items = 3, 50
		var now, most atomic.Int64
		begin := time.Now()
		r := run(t, memory.New(), workers, func(b *bench) {
			for i := range items {
				b.add(begin, fmt.Sprintf("space%d/%d", i%5, i))
			}
			b.do = func(context.Context, due.Item) error {
				most.Store(max(most.Load(), now.Add(1)))
				<-time.After(time.Second)
				now.Add(-1)
				return nil
			}
		})
		pass(time.Minute)
		r.stop()
		is.Equal(most.Load(), int64(workers))
		is.Equal(len(r.ids()), items)
		ids := slices.Sorted(slices.Values(r.ids()))
		is.Equal(len(slices.Compact(ids)), items) // each once
	})
}

// TestRunGoesOnWhenOneItemCannotBeClaimed beside others, in one transaction.
func TestRunGoesOnWhenOneItemCannotBeClaimed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		r := run(t, memory.New(), 8, func(b *bench) {
			b.add(time.Now(), "a", "b", "broken", "c", "d")
			b.claim = func(_ store.Writer, it due.Item) error {
				if it.ID == "broken" {
					return errFailed
				}
				return nil
			}
		})
		pass(100 * time.Millisecond)
		is.Equal(slices.Sorted(slices.Values(r.ids())), []string{"a", "b", "c", "d"})
		r.stop()
	})
}

// TestRunClaimsWhatFitsIntoATransaction: many large records that are claimed
// together are more than a store takes at once.
func TestRunClaimsWhatFitsIntoATransaction(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		large := make([]byte, store.MaxValue)
		r := run(t, memory.New(), 16, func(b *bench) {
			for i := range 16 {
				b.add(time.Now(), strings.Repeat("x", i+1))
			}
			b.claim = func(w store.Writer, it due.Item) error { return w.Set("record of "+it.ID, large) }
		})
		pass(time.Second)
		is.Equal(len(r.ids()), 16)
		r.stop()
	})
}

// TestRunSparesAStoreThatCannotWrite: it asks again, but not all the time.
func TestRunSparesAStoreThatCannotWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var commits atomic.Int64
		full := &storetest.Faulty{Store: memory.New(), Commit: func(commit func() error) error {
			if commits.Add(1) == 1 {
				return commit()
			}
			return store.ErrUnknownOutcome
		}}
		r := run(t, full, 4, func(b *bench) { b.add(time.Now(), "a", "b", "c", "d") })
		pass(time.Minute)
		r.stop()
		is.True(commits.Load() > 10)    // it goes on trying
		is.True(commits.Load() < 200)   // now and then
		is.True(r.logged.n.Load() < 60) // and says so as often
		is.Equal(len(r.waiting()), 4)
	})
}
