package faults_test

import (
	"errors"
	"testing"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/memory"
	"github.com/weegloo/weegloo/store/storetest"
)

// TestEveryUnknownOutcome answers each commit of a whole life, in turn, with an
// unknown outcome, whether it happened or not. The caller is told just that;
// what happened has happened once and whole, and what did not has left nothing.
func TestEveryUnknownOutcome(t *testing.T) {
	var before, after []moment // of each commit
	for _, m := range inMemory(t) {
		switch m.name {
		case "before a commit":
			before = append(before, m)
		case "after a commit":
			after = append(after, m)
		}
	}
	for n := range before {
		unknownAt(t, n, true, after[n])
		unknownAt(t, n, false, before[n])
	}
	t.Logf("%d commits, %d worlds", len(before), 2*len(before))
}

// unknownAt is a life whose n-th commit is answered with an unknown outcome,
// and that looks like m then.
func unknownAt(t *testing.T, n int, happens bool, m moment) {
	t.Helper()
	w := newWorld(t, memory.New(), storetest.NewPowerCut(memory.NewBlobs(), nil))
	commits, stepping := 0, false
	l := &life{clock: w.clock, acked: func() {}}
	faulty := &storetest.Faulty{Store: w.store, Commit: func(commit func() error) error {
		if commits++; commits != n+1 {
			return commit()
		}
		stepping = l.stepping
		return unknownOutcome(happens)(commit)
	}}
	l.engine = w.engine(func(cfg *weegloo.Config) { cfg.Store = faulty })
	l.run()
	if commits <= n {
		t.Fatalf("commit %d was planned and never came: %v", n, l.err)
	}
	switch {
	case !stepping && !errors.Is(l.err, store.ErrUnknownOutcome):
		t.Fatalf("commit %d, happens %v: the caller was told %v", n, happens, l.err)
	case !stepping:
		w.finds(m)
	case l.err != nil && !errors.Is(l.err, store.ErrUnknownOutcome) && !errors.Is(l.err, media.ErrBusy):
		// The work waits for the end of a lease, and so do clients.
		t.Fatalf("commit %d of background work, happens %v: %v", n, happens, l.err)
	}
	w.check(false)
	if stepping {
		m.events = nil // the life went on, and its moments are others
	}
	w.recovers(m)
}
