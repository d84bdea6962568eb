package due_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/weegloo/weegloo/internal/due"
	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/memory"
)

const lease = time.Minute

var errFailed = errors.New("not this time")

// work is a handler that remembers what it was given, and finishes it unless it
// is told otherwise.
type work struct {
	store store.Store
	claim func(w store.Writer, it due.Item) error      // nil: nothing
	do    func(ctx context.Context, it due.Item) error // before the finish; nil: nothing

	mu  sync.Mutex
	ran []due.Item
}

func (h *work) Claim(w store.Writer, it due.Item, _ time.Time) error {
	if h.claim == nil {
		return nil
	}
	return h.claim(w, it)
}

func (h *work) Run(ctx context.Context, it due.Item) error {
	h.mu.Lock()
	h.ran = append(h.ran, it)
	h.mu.Unlock()
	if h.do != nil {
		if err := h.do(ctx, it); err != nil {
			return err
		}
	}
	return store.Update(ctx, h.store, func(w store.Writer) error { return due.Finish(w, it) })
}

// ids are the items that ran, in order.
func (h *work) ids() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var ids []string
	for _, it := range h.ran {
		ids = append(ids, it.ID)
	}
	return ids
}

// bench is a queue over memory with one kind of work.
type bench struct {
	*due.Queue
	*work
	clock *enginetest.Clock
	t     *testing.T
}

func newBench(t *testing.T) *bench {
	return newBenchOver(t, memory.New(), enginetest.NewClock(enginetest.Start))
}

// newBenchOver is another process over the same store.
func newBenchOver(t *testing.T, s store.Store, clock *enginetest.Clock) *bench {
	b := &bench{work: &work{store: s}, clock: clock, t: t}
	b.Queue = due.New(due.Config{
		Store: s, Handlers: map[due.Kind]due.Handler{"work": b.work}, Workers: 2, Lease: lease,
		Now: clock.Now, Logger: slog.New(slog.DiscardHandler),
	})
	return b
}

// add puts items of work into the queue, due at the same time.
func (b *bench) add(at time.Time, ids ...string) {
	b.t.Helper()
	add(b.t, b.store, at, "work", ids...)
}

func add(t *testing.T, s store.Store, at time.Time, kind due.Kind, ids ...string) {
	t.Helper()
	err := store.Update(t.Context(), s, func(w store.Writer) error {
		for _, id := range ids {
			if err := due.Add(w, at, kind, id, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// step takes one step, which must not fail, and reports whether there was work.
func (b *bench) step() bool {
	b.t.Helper()
	worked, err := b.Step(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return worked
}

// drain steps until nothing is due.
func (b *bench) drain() {
	b.t.Helper()
	for b.step() {
	}
}

// waiting are the keys in the queue.
func (b *bench) waiting() []string {
	b.t.Helper()
	return enginetest.Keys(b.t, b.store, "")
}
