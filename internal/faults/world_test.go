package faults_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/internal/invariant"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/processing"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/sys"
)

// testing is what this package needs of a *testing.T or a *rapid.T.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
}

// world is what survives its engines.
type world struct {
	t     tester
	store store.Store
	blobs invariant.Blobs
	clock *enginetest.Clock
	watch invariant.Watch

	engines atomic.Int64 // how many there have been
	mu      sync.Mutex
	told    map[string]int // how often of which event
}

func newWorld(t tester, s store.Store, b invariant.Blobs) *world {
	return &world{t: t, store: s, blobs: b, clock: enginetest.NewClock(enginetest.Start), told: map[string]int{}}
}

// engine is a new engine over the world, as a process that starts has one.
// configure may put something in between.
func (w *world) engine(configure ...func(*weegloo.Config)) *weegloo.Engine {
	w.t.Helper()
	cfg := weegloo.Config{
		Store: w.store, Blobs: w.blobs, Now: w.clock.Now, NewID: w.ids(), OnEvent: w.onEvent,
		Processor: texts{}, Logger: slog.New(slog.DiscardHandler),
		Spaces: sys.Everywhere(sys.Locale{Code: "en-US"}, sys.Locale{Code: "ko-KR", Fallback: "en-US"}),
	}
	for _, c := range configure {
		c(&cfg)
	}
	e, err := weegloo.New(cfg)
	if err != nil {
		w.t.Fatalf("%v", err)
	}
	return e
}

// ids are foreseeable, and different for every engine.
func (w *world) ids() func() string {
	prefix := 'a' + rune(w.engines.Add(1)-1)%26
	generation := w.engines.Load() / 26
	var n atomic.Int64
	return func() string { return fmt.Sprintf("%c%d-%03d", prefix, generation, n.Add(1)) }
}

func (w *world) onEvent(_ context.Context, e media.Event) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told[eventName(e)]++
	return nil
}

func eventName(e media.Event) string { return fmt.Sprintf("%s %s v%d", e.Topic, e.Media, e.Version) }

// texts is a Processor of three kinds of text: most are fine, some are broken
// and some never work.
type texts struct{}

func (texts) Process(_ context.Context, src processing.Source) (processing.Result, error) {
	p := make([]byte, min(src.Size, 6))
	if _, err := src.Bytes.ReadAt(p, 0); err != nil {
		return processing.Result{}, err
	}
	switch string(p) {
	case "broken":
		return processing.Result{}, processing.NewFailure("broken", errors.New("as it says"))
	case "failng":
		return processing.Result{}, errors.New("not this time")
	}
	return processing.Result{ContentType: "text/plain", MimeGroups: []string{"Plaintext"}}, nil
}

// check fails the test unless the world is sound.
func (w *world) check(idle bool) {
	w.t.Helper()
	if problems := w.problems(idle); len(problems) > 0 {
		w.t.Fatalf("not sound: %v", problems)
	}
}

func (w *world) problems(idle bool) []invariant.Problem {
	w.t.Helper()
	problems, err := w.watch.Check(context.Background(), invariant.World{
		Store: w.store, Blobs: w.blobs, Now: w.clock.Now(), Idle: idle,
	})
	if err != nil {
		w.t.Fatalf("%v", err)
	}
	return problems
}

// settle does all background work that is due.
func (w *world) settle(e *weegloo.Engine) {
	w.t.Helper()
	for range 1000 {
		worked, err := e.Step(context.Background())
		if err != nil {
			w.t.Fatalf("step: %v", err)
		}
		if !worked {
			return
		}
	}
	w.t.Fatalf("the background work does not end")
}

// records are all there are, by key.
func (w *world) records() map[string]string {
	w.t.Helper()
	all := map[string]string{}
	err := store.View(context.Background(), w.store, func(r store.Reader) error {
		for e, err := range r.Scan(store.Range{}) {
			if err != nil {
				return err
			}
			all[e.Key] = string(e.Value)
		}
		return nil
	})
	if err != nil {
		w.t.Fatalf("%v", err)
	}
	return all
}

// nothingLeft fails the test if there is a record or a byte.
func (w *world) nothingLeft() {
	w.t.Helper()
	if left := w.records(); len(left) > 0 {
		w.t.Fatalf("records are left: %v", slices.Sorted(maps.Keys(left)))
	}
	if left := w.blobs.Keys(); len(left) > 0 {
		w.t.Fatalf("bytes are left: %v", left)
	}
}

var _ tester = (*testing.T)(nil)
