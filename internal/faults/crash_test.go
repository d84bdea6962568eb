package faults_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/memory"
	"github.com/weegloo/weegloo/store/storetest"
)

// moment is what the life that is not disturbed looks like at one moment.
type moment struct {
	name   string
	view   string
	events map[string]bool // that have been recorded so far
}

// lifeIDs are all ids that one life may make.
func lifeIDs() []string {
	var ids []string
	for n := 1; n <= 20; n++ {
		ids = append(ids, fmt.Sprintf("a0-%03d", n))
	}
	return ids
}

// through puts a crash between an engine and the world.
func through(crash *storetest.Crash) func(*weegloo.Config) {
	return func(cfg *weegloo.Config) {
		cfg.Store, cfg.Blobs = crash.Store(cfg.Store), crash.Blobs(cfg.Blobs)
	}
}

// inMemory is the undisturbed life over memory.
func inMemory(t *testing.T) []moment {
	t.Helper()
	crash := &storetest.Crash{}
	return undisturbed(t, newWorld(t, memory.New(), storetest.NewPowerCut(memory.NewBlobs(), crash)), crash)
}

// undisturbed is a life without a crash, moment by moment.
func undisturbed(t *testing.T, w *world, crash *storetest.Crash) []moment {
	t.Helper()
	onlooker := w.engine() // of its own, so that it does not pass moments
	w.engines.Store(0)
	var moments []moment
	events := map[string]bool{}
	crash.Each = func(int) {
		w.queued(events)
		seen := map[string]bool{}
		for e := range events {
			seen[e] = true
		}
		moments = append(moments, moment{view: view(onlooker, lifeIDs()), events: seen})
	}
	l := &life{engine: w.engine(through(crash)), clock: w.clock, acked: func() { w.check(false) }}
	l.run()
	if l.err != nil {
		t.Fatal(l.err)
	}
	w.nothingLeft()
	for i, name := range crash.Moments() {
		moments[i].name = name
	}
	return moments
}

// queued adds the events that wait to be told.
func (w *world) queued(events map[string]bool) {
	for key := range w.records() {
		_, rest, ok := strings.Cut(key, "/event/")
		if !ok || !strings.HasPrefix(key, "due/") {
			continue
		}
		parts := strings.Split(rest, "/") // space, media, version, number, topic
		version := strings.TrimLeft(parts[2], "0")
		events[fmt.Sprintf("%s %s v%s", parts[4], parts[1], version)] = true
	}
}

// TestEveryCrashPoint stops the world at every moment of a whole life, with
// every loss that a power cut can bring, and lets the process after it find
// exactly what had happened, finish it, and leave nothing behind.
func TestEveryCrashPoint(t *testing.T) {
	moments := inMemory(t)
	worlds := 0
	for _, loss := range []storetest.Loss{storetest.Kept, storetest.Torn, storetest.Lost} {
		for i, m := range moments {
			for _, again := range []int{0, 1 + i%11} {
				if again > 0 && loss != storetest.Torn {
					continue
				}
				crashAt(t, moments, i+1, again, loss)
				worlds++
			}
			if t.Failed() {
				t.Fatalf("stopped at %d of %d, %s, %s", i+1, len(moments), m.name, loss)
			}
		}
	}
	t.Logf("%d crash points, %d worlds", len(moments), worlds)
}

// crashAt is a life that ends at the n-th moment, and what comes after it. With
// again, the process after it dies too, at that moment of its own.
func crashAt(t *testing.T, moments []moment, n, again int, loss storetest.Loss) {
	t.Helper()
	crash := &storetest.Crash{At: n}
	cut := storetest.NewPowerCut(memory.NewBlobs(), crash)
	w := newWorld(t, memory.New(), cut)
	l := &life{engine: w.engine(through(crash)), clock: w.clock, acked: func() {}}
	l.run()
	if !errors.Is(l.err, storetest.ErrStopped) {
		t.Fatalf("crash %d was planned and never came: %v", n, l.err)
	}
	w.cut(cut, loss)
	w.finds(moments[n-1])
	if again > 0 {
		second := &storetest.Crash{At: again}
		l := &life{engine: w.engine(through(second)), clock: w.clock, acked: func() {}}
		l.settle()
		w.cut(cut, loss)
	}
	w.recovers(moments[n-1])
}

func (w *world) cut(p *storetest.PowerCut, loss storetest.Loss) {
	w.t.Helper()
	if err := p.Cut(ctx, loss); err != nil {
		w.t.Fatalf("%v", err)
	}
}

// finds checks that what survived is what was there at the moment.
func (w *world) finds(m moment) {
	w.t.Helper()
	w.check(false)
	if found := view(w.engine(), lifeIDs()); found != m.view {
		w.t.Fatalf("%s: there was\n%s\nand is\n%s", m.name, m.view, found)
	}
}

// recovers lets a new process finish everything, and then end everything.
func (w *world) recovers(m moment) {
	w.t.Helper()
	e := w.engine()
	w.settle(e)
	w.clock.Advance(2 * time.Minute) // leases of the dead end
	w.settle(e)
	w.check(true)
	for event := range m.events {
		if w.told[event] == 0 {
			w.t.Fatalf("%s: nobody was told of %s", m.name, event)
		}
	}
	before := view(e, w.media())
	w.clock.Advance(25 * time.Hour)
	w.settle(e)
	w.check(true)
	if after := view(e, w.media()); after != before {
		w.t.Fatalf("%s: a day later\n%s\nhas become\n%s", m.name, before, after)
	}
	w.end(e)
	w.nothingLeft()
}

// media are the ids of all Media, in order.
func (w *world) media() (ids []string) {
	for key := range w.records() {
		if id, ok := strings.CutPrefix(key, "media/"+enginetest.Space+"/"); ok {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// end deletes all Media, none of which may be busy.
func (w *world) end(e *weegloo.Engine) {
	w.t.Helper()
	for _, id := range w.media() {
		m, err := e.Media.Get(ctx, enginetest.Space, id)
		if err == nil && m.Publish.Version != 0 {
			m, err = e.Media.Unpublish(ctx, enginetest.Alice, enginetest.Space, id, m.Version)
		}
		if err == nil {
			err = e.Media.Delete(ctx, enginetest.Alice, enginetest.Space, id)
		}
		if err != nil {
			w.t.Fatalf("%s is %s: %v", id, m.Status(), err)
		}
	}
	w.settle(e)
	w.clock.Advance(25 * time.Hour)
	w.settle(e)
}

// TestAPowerCutIsNoticed proves that the test above would notice: blobs that
// only say they have synced do not get through it.
func TestAPowerCutIsNoticed(t *testing.T) {
	cut := storetest.NewPowerCut(memory.NewBlobs(), nil)
	cut.Lies = true
	w := newWorld(t, memory.New(), cut)
	e := w.engine()
	l := &life{engine: e, clock: w.clock, acked: func() {}}
	l.create(enginetest.TextFile(l.upload("bytes that were said to be safe")), media.WriteOptions{})
	l.settle()
	w.check(true)
	w.cut(cut, storetest.Lost)
	rules := map[string]bool{}
	for _, p := range w.problems(true) {
		rules[p.Rule] = true
	}
	if l.err != nil || !rules["G1"] || !rules["P5"] || !rules["U2"] {
		t.Fatalf("it went unnoticed: %v, %v", rules, l.err)
	}
}

var _ store.Blobs = (*storetest.PowerCut)(nil)
