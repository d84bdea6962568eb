package due_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/internal/due"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/storetest"
)

func TestTheOldestItemComesFirst(t *testing.T) {
	is := is.New(t)
	b := newBench(t)
	now := b.clock.Now()
	b.add(now, "b", "a")
	b.add(now.Add(-time.Hour), "older")
	b.add(now.Add(-time.Millisecond), "old")
	b.add(time.Unix(-5, 0), "ancient") // before 1970, which no key can say
	b.drain()
	is.Equal(b.ids(), []string{"ancient", "older", "old", "a", "b"})
	is.Equal(len(b.waiting()), 0)
}

func TestAnItemIsDueToTheMillisecond(t *testing.T) {
	is := is.New(t)
	b := newBench(t)
	b.add(b.clock.Now().Add(time.Second), "a")
	b.clock.Advance(time.Second - time.Millisecond)
	is.True(!b.step()) // not yet
	b.clock.Advance(time.Millisecond)
	is.True(b.step())
	is.True(!b.step()) // and once
}

func TestAnItemIsGivenAsItWasAdded(t *testing.T) {
	is := is.New(t)
	b := newBench(t)
	now := b.clock.Now()
	is.NoErr(store.Update(t.Context(), b.store, func(w store.Writer) error {
		return due.Add(w, now, "work", "with/slashes/in it", []byte(`{"a":1}`))
	}))
	is.True(b.step())
	is.Equal(b.ran, []due.Item{{
		Kind: "work", ID: "with/slashes/in it", At: now.Add(lease), Attempt: 1, Payload: []byte(`{"a":1}`),
	}})
}

func TestAClaimedItemIsNobodyElsesUntilItsLeaseEnds(t *testing.T) {
	is := is.New(t)
	b := newBench(t)
	other := newBenchOver(t, b.store, b.clock)
	b.add(b.clock.Now(), "a")
	b.do = func(context.Context, due.Item) error {
		is.True(!other.step())
		b.clock.Advance(lease - time.Millisecond)
		is.True(!other.step())
		return nil
	}
	is.True(b.step())
	is.Equal(len(b.waiting()), 0)
}

// TestTheEffectOfALostClaimDoesNotHappen: the lease ends during the work, the
// item goes to another worker, and the first one comes too late.
func TestTheEffectOfALostClaimDoesNotHappen(t *testing.T) {
	is := is.New(t)
	b := newBench(t)
	other := newBenchOver(t, b.store, b.clock)
	b.add(b.clock.Now(), "a")
	var late error
	b.do = func(ctx context.Context, it due.Item) error {
		b.clock.Advance(lease)
		is.True(other.step())
		late = store.Update(ctx, b.store, func(w store.Writer) error {
			if err := w.Set("effect", nil); err != nil {
				return err
			}
			return due.Finish(w, it)
		})
		return late
	}
	worked, err := b.Step(t.Context())
	is.True(worked)
	is.NoErr(err) // a lost claim is nobody's failure
	is.Equal(late, due.ErrLost)
	is.Equal(other.ran[0].Attempt, 2)
	is.Equal(len(b.waiting()), 0) // nor does the item come back
}

// TestAnItemOfADeadWorkerComesBack: a worker that dies does not even put its
// item back.
func TestAnItemOfADeadWorkerComesBack(t *testing.T) {
	is := is.New(t)
	b := newBench(t)
	b.add(b.clock.Now(), "a")
	dead := newBenchOver(t, &storetest.Faulty{Store: b.store, Commit: onlyFirst(errFailed)}, b.clock)
	dead.do = func(context.Context, due.Item) error { return errFailed }
	worked, err := dead.Step(t.Context())
	is.True(worked)
	is.True(errors.Is(err, errFailed))

	b.clock.Advance(lease - time.Millisecond)
	is.True(!b.step())
	b.clock.Advance(time.Millisecond)
	is.True(b.step())
	is.Equal(b.ran[0].Attempt, 2)
	is.Equal(len(b.waiting()), 0)
}

// onlyFirst lets one commit through, and no other.
func onlyFirst(err error) func(commit func() error) error {
	n := 0
	return func(commit func() error) error {
		if n++; n == 1 {
			return commit()
		}
		return err
	}
}

func TestAFailedItemWaitsLongerEachTime(t *testing.T) {
	is := is.New(t)
	b := newBench(t)
	b.add(b.clock.Now(), "a")
	b.do = func(context.Context, due.Item) error { return errFailed }
	for attempt := 1; attempt <= 14; attempt++ {
		worked, err := b.Step(t.Context())
		is.True(worked)
		is.True(errors.Is(err, errFailed))
		is.Equal(b.ran[attempt-1].Attempt, attempt)
		b.clock.Advance(due.Backoff(attempt) - time.Millisecond)
		is.True(!b.step()) // it waits all the time
		b.clock.Advance(time.Millisecond)
	}
	b.do = nil
	is.True(b.step())
	is.Equal(len(b.waiting()), 0)
}

func TestBackoffDoublesUpToAnHour(t *testing.T) {
	is := is.New(t)
	var waits []time.Duration
	for attempt := range 5 {
		waits = append(waits, due.Backoff(attempt))
	}
	is.Equal(waits, []time.Duration{time.Second, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second})
	is.Equal(due.Backoff(12), 2048*time.Second)
	is.Equal(due.Backoff(13), time.Hour)
	is.Equal(due.Backoff(1_000_000), time.Hour)
}

func TestAnInterruptedItemGoesBackUntried(t *testing.T) {
	is := is.New(t)
	b := newBench(t)
	b.add(b.clock.Now().Add(-time.Hour), "a")
	ctx, cancel := context.WithCancel(t.Context())
	b.do = func(ctx context.Context, _ due.Item) error {
		cancel()
		return ctx.Err()
	}
	worked, err := b.Step(ctx)
	is.True(worked)
	is.True(errors.Is(err, context.Canceled))
	b.do = nil
	is.True(b.step()) // at once
	is.Equal(b.ran[1].Attempt, 1)
}

func TestARunThatOutlastsItsLeaseIsATry(t *testing.T) {
	is := is.New(t)
	b := newBench(t)
	b.add(b.clock.Now(), "a")
	b.do = func(context.Context, due.Item) error { return context.DeadlineExceeded }
	_, err := b.Step(t.Context())
	is.True(errors.Is(err, context.DeadlineExceeded))
	b.clock.Advance(due.Backoff(1))
	b.do = nil
	is.True(b.step())
	is.Equal(b.ran[1].Attempt, 2)
}

func TestAPanicIsAFailure(t *testing.T) {
	is := is.New(t)
	b := newBench(t)
	b.add(b.clock.Now(), "a")
	b.do = func(context.Context, due.Item) error { panic("the host's hook") }
	worked, err := b.Step(t.Context())
	is.True(worked)
	is.True(strings.Contains(err.Error(), "the host's hook"))
	is.True(strings.Contains(err.Error(), "step_test.go")) // and where it came from
	b.clock.Advance(due.Backoff(1))
	b.do = nil
	is.True(b.step())
	is.Equal(b.ran[1].Attempt, 2)
}

func TestAKindThatNobodyHandlesStopsNoOther(t *testing.T) {
	is := is.New(t)
	b := newBench(t)
	add(t, b.store, b.clock.Now().Add(-time.Hour), "of the next release", "x")
	b.add(b.clock.Now(), "a")
	worked, err := b.Step(t.Context())
	is.True(worked)
	is.True(err != nil)
	is.True(b.step())
	is.Equal(b.ids(), []string{"a"})
	is.Equal(len(b.waiting()), 1) // it stays for who knows it
}

func TestAnItemThatCannotBeClaimedStopsNoOther(t *testing.T) {
	is := is.New(t)
	b := newBench(t)
	b.claim = func(_ store.Writer, it due.Item) error {
		if it.ID == "broken" {
			return errFailed
		}
		return nil
	}
	b.add(b.clock.Now().Add(-time.Hour), "broken")
	b.add(b.clock.Now(), "a", "b")
	_, err := b.Step(t.Context())
	is.True(errors.Is(err, errFailed)) // it is told
	is.True(b.step())
	is.True(b.step())
	is.Equal(b.ids(), []string{"a", "b"})
	is.Equal(len(b.waiting()), 1) // and is tried again, later and later
	b.claim = nil
	b.clock.Advance(due.Backoff(1))
	is.True(b.step())
	is.Equal(b.ran[2].Attempt, 2)
}

func TestTheClaimTakesPartInTheTransaction(t *testing.T) {
	is := is.New(t)
	b := newBench(t)
	b.add(b.clock.Now(), "a")
	b.claim = func(w store.Writer, it due.Item) error {
		is.Equal(it.Attempt, 1)
		return w.Set("claimed", nil)
	}
	b.do = func(context.Context, due.Item) error {
		is.Equal(b.waiting()[0], "claimed")
		return nil
	}
	is.True(b.step())
}

func TestRemoveTakesOutWhatNobodyHasClaimed(t *testing.T) {
	is := is.New(t)
	b := newBench(t)
	at := b.clock.Now()
	b.add(at, "a", "b")
	remove := func(id string) {
		is.NoErr(store.Update(t.Context(), b.store, func(w store.Writer) error { return due.Remove(w, at, "work", id) }))
	}
	remove("a")
	remove("nothing")
	b.do = func(context.Context, due.Item) error {
		remove("b") // too late
		is.Equal(len(b.waiting()), 1)
		return nil
	}
	b.drain()
	is.Equal(b.ids(), []string{"b"})
}

func TestAKeyThatIsNoItemIsAnError(t *testing.T) {
	for _, key := range []string{"due/0000000000001/work", "due/000000000000x/work/a", "due/0000000000001/work/a"} {
		is := is.New(t)
		b := newBench(t)
		is.NoErr(store.Update(t.Context(), b.store, func(w store.Writer) error { return w.Set(key, []byte("no JSON")) }))
		_, err := b.Step(t.Context())
		is.True(err != nil)
	}
}

// TestManyQueuesFinishEachItemOnce counts what ran: no lease ends, so nothing
// may run twice.
func TestManyQueuesFinishEachItemOnce(t *testing.T) {
	is := is.New(t)
	first := newBench(t)
	var ids []string
	for i := range 40 {
		ids = append(ids, fmt.Sprintf("item%02d", i))
	}
	first.add(first.clock.Now(), ids...)
	queues := []*bench{first}
	var all sync.WaitGroup
	for range 3 {
		queues = append(queues, newBenchOver(t, first.store, first.clock))
	}
	for _, b := range queues {
		all.Go(func() {
			// Another queue may be faster than a step, which then finds nothing.
			for idle := 0; idle < 10; idle++ {
				if worked, err := b.Step(t.Context()); err != nil {
					t.Error(err)
				} else if worked {
					idle = 0
				}
			}
		})
	}
	all.Wait()
	first.drain()
	var ran []string
	for _, b := range queues {
		ran = append(ran, b.ids()...)
	}
	slices.Sort(ran)
	is.Equal(ran, ids)
	is.Equal(len(first.waiting()), 0)
}
