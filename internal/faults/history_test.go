package faults_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/badger"
	"github.com/weegloo/weegloo/store/memory"
	"github.com/weegloo/weegloo/store/storetest"
	"github.com/weegloo/weegloo/sys"
)

// call is what a client asks of a Media.
type call struct {
	id      string
	verb    verb // or read, visit, save
	version int64
	title   string
}

const (
	read  verb = "read"  // on the management plane
	visit verb = "visit" // on the delivery plane
	save  verb = "save"
)

// answer is what it is told.
type answer struct {
	err     error // the reason
	version int64 // of the draft, or the revision that is delivered
	title   string
	unknown bool
}

// sequential is a Media of one file, as a client sees it when nobody else is
// there.
type sequential struct {
	version, published int64
	archived           bool
	title, delivered   string
}

// linear is what porcupine compares histories with: each Media by itself.
var linear = (&porcupine.NondeterministicModel{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		byID := map[string][]porcupine.Operation{}
		for _, op := range history {
			id := op.Input.(call).id
			byID[id] = append(byID[id], op)
		}
		var parts [][]porcupine.Operation
		for _, part := range byID {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() []any { return []any{sequential{version: 1}} },
	Step: func(state, input, output any) []any {
		was, out := state.(sequential), output.(answer)
		is, want := was.step(input.(call))
		switch {
		case out.unknown && want.err == nil:
			return []any{was, is} // it happens, now or never
		case out.unknown, out == want:
			return []any{is}
		}
		return nil
	},
	Equal:             func(a, b any) bool { return a == b },
	DescribeOperation: func(in, out any) string { return fmt.Sprintf("%+v: %+v", in, out) },
}).ToModel()

// step is what a call makes of a Media, and the answer to it.
func (s sequential) step(c call) (sequential, answer) {
	switch c.verb {
	case read:
		return s, answer{version: s.version, title: s.title}
	case visit:
		if s.published == 0 {
			return s, answer{err: errMissing}
		}
		return s, answer{version: s.published, title: s.delivered}
	}
	m := &modelMedia{
		version: s.version, published: s.published, archived: s.archived,
		files: map[string]modelFile{"en-US": {state: media.Done}},
	}
	err := m.refusal(c.verb, c.version)
	if c.verb == save && err == nil && s.archived {
		err = media.ErrArchived
	}
	if err != nil {
		return s, answer{err: err}
	}
	switch c.verb {
	case publish:
		s.published, s.delivered = s.version, s.title
	case unpublish:
		s.published, s.delivered = 0, ""
	case archive, unarchive:
		s.archived = c.verb == archive
	case save:
		s.title = c.title
	}
	s.version++
	return s, answer{version: s.version, title: s.title}
}

// ask makes a call, and is its answer.
func ask(e *weegloo.Engine, c call) answer {
	var m media.Media
	var err error
	switch c.verb {
	case read:
		m, err = e.Media.Get(ctx, enginetest.Space, c.id)
	case visit:
		snap, err := e.Delivery.Get(ctx, enginetest.Space, c.id)
		return answer{err: reason(err), version: snap.Revision, title: snap.Title["en-US"]}
	case save:
		m, err = e.Media.Save(ctx, enginetest.Alice, enginetest.Space, c.id, c.version, quiet, func(m media.Media) (media.Content, error) {
			content := m.Content()
			content.Title = map[string]string{"en-US": c.title}
			return content, nil
		})
	default:
		m, err = transitionOf(e, c.verb)(ctx, enginetest.Alice, enginetest.Space, c.id, c.version)
	}
	return answer{reason(err), m.Version, m.Title["en-US"], errors.Is(err, store.ErrUnknownOutcome)}
}

// reason is the error of a refusal in a form that can be compared.
func reason(err error) error {
	if errors.Is(err, sys.ErrNotFound) {
		return errMissing
	}
	return err
}

// shaky answers some commits with an unknown outcome, half of which happened.
func shaky(s store.Store) store.Store {
	return &storetest.Faulty{Store: s, Commit: func(commit func() error) error {
		switch rand.IntN(16) {
		case 0:
			return unknownOutcome(false)(commit)
		case 1:
			return unknownOutcome(true)(commit)
		}
		return commit()
	}}
}

// clients work at the same time on a few Media, two engines between them, and
// add what they did to the history.
func clients(w *world, ids []string, begun time.Time, history []porcupine.Operation) []porcupine.Operation {
	var mu sync.Mutex
	var all sync.WaitGroup
	engines := []*weegloo.Engine{w.engine(func(cfg *weegloo.Config) { cfg.Store = shaky(cfg.Store) }), w.engine()}
	for client := range 5 {
		all.Go(func() {
			e := engines[client%len(engines)]
			seen := map[string]int64{}
			for n := range 24 {
				c := call{id: ids[rand.IntN(len(ids))], title: fmt.Sprint(client, n)}
				c.verb = []verb{read, visit, save, save, publish, unpublish, archive, unarchive}[rand.IntN(8)]
				if c.version = seen[c.id]; c.version == 0 {
					c.verb = read
				}
				from := time.Since(begun)
				a := ask(e, c)
				to := time.Since(begun)
				if a.unknown {
					a, to = answer{unknown: true}, time.Hour // it may happen at any time after
				} else if a.err == nil && c.verb != visit {
					seen[c.id] = a.version
				} else if errors.Is(a.err, media.ErrStale) {
					seen[c.id] = 0
				}
				mu.Lock()
				history = append(history, porcupine.Operation{
					ClientId: client, Input: c, Call: int64(from), Output: a, Return: int64(to),
				})
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return history
}

// concurrently checks histories of a store, each across a restart.
func concurrently(t *testing.T, histories int, s store.Store, reopen func() store.Store) {
	w := newWorld(t, s, storetest.NewPowerCut(memory.NewBlobs(), nil))
	unknowns, operations := 0, 0
	for range histories {
		e := w.engine()
		l := &life{engine: e, clock: w.clock, acked: func() {}}
		u := l.upload("plain bytes")
		var ids []string
		for range 3 {
			ids = append(ids, l.create(enginetest.TextFile(u), quiet).ID)
		}
		l.settle()
		if l.err != nil {
			t.Fatal(l.err)
		}
		begun := time.Now()
		history := clients(w, ids, begun, nil)
		w.store = reopen()
		history = clients(w, ids, begun, history)
		if result := porcupine.CheckOperationsTimeout(linear, history, 30*time.Second); result != porcupine.Ok {
			for _, op := range history {
				t.Log(op.ClientId, op.Call, op.Return, linear.DescribeOperation(op.Input, op.Output))
			}
			t.Fatalf("a history of %d calls is judged %s", len(history), result)
		}
		for _, op := range history {
			if operations++; op.Output.(answer).unknown {
				unknowns++
			}
		}
		w.settle(w.engine())
		w.check(true)
	}
	t.Logf("%d histories of %d calls, %d outcomes unknown", histories, operations, unknowns)
}

func TestConcurrentCallsAreLinearizableOverMemory(t *testing.T) {
	s := memory.New()
	concurrently(t, 40, s, func() store.Store { return s })
}

func TestConcurrentCallsAreLinearizableOverBadger(t *testing.T) {
	dir := t.TempDir()
	s, err := badger.Open(badger.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	concurrently(t, 3, s, func() store.Store {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if s, err = badger.Open(badger.Config{Dir: dir}); err != nil {
			t.Fatal(err)
		}
		return s
	})
}
