package faults_test

import (
	"errors"
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/badger"
	"github.com/weegloo/weegloo/store/memory"
	"github.com/weegloo/weegloo/store/storetest"
	"github.com/weegloo/weegloo/upload"
)

// actions are everything that can happen.
func (m *machine) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"":                   func(*rapid.T) { m.sound() },
		"upload":             m.receive,
		"upload again":       m.receive,
		"delete an upload":   m.deleteUpload,
		"create":             m.create,
		"create again":       m.create,
		"save":               m.save,
		"save again":         m.save,
		"move":               m.transition,
		"move again":         m.transition,
		"delete":             m.deleteMedia,
		"step":               func(r *rapid.T) { m.step(m.any(r)) },
		"settle again":       func(r *rapid.T) { m.settleAll(m.any(r)) },
		"settle":             func(r *rapid.T) { m.settleAll(m.any(r)) },
		"turn the clock":     m.turn,
		"restart":            func(*rapid.T) { m.restart() },
		"die in a step":      m.dieInStep,
		"die in an upload":   m.dieInUpload,
		"an unknown outcome": m.unknown,
	}
}

// step does one piece of work. Some files fail, and are tried again.
func (m *machine) step(e *weegloo.Engine) bool {
	m.t.Helper()
	worked, err := e.Step(ctx)
	if err != nil && !strings.Contains(err.Error(), "not this time") {
		m.t.Fatalf("step: %v", err)
	}
	return worked
}

func (m *machine) settleAll(e *weegloo.Engine) {
	m.t.Helper()
	for range 1000 {
		if !m.step(e) {
			m.check(true)
			return
		}
	}
	m.t.Fatalf("the background work does not end")
}

func (m *machine) turn(r *rapid.T) {
	by := rapid.SampledFrom([]time.Duration{
		time.Millisecond, time.Second, time.Minute, time.Hour, 23 * time.Hour, 25 * time.Hour,
		-time.Millisecond, -time.Minute, -25 * time.Hour,
	}).Draw(r, "by")
	m.clock.Advance(by)
}

func (m *machine) restart() {
	m.store = m.reopen()
	m.engines = [2]*weegloo.Engine{m.engine(), m.engine()}
}

// dies lets an engine of its own die at some moment of a call. When the call is
// over before, it lives on.
func (m *machine) dies(r *rapid.T, call func(e *weegloo.Engine) error) error {
	crash := &storetest.Crash{At: rapid.IntRange(1, 7).Draw(r, "moment")}
	loss := rapid.SampledFrom([]storetest.Loss{storetest.Kept, storetest.Torn, storetest.Lost}).Draw(r, "loss")
	err := call(m.engine(through(crash)))
	if crash.Stopped() {
		m.world.cut(m.cut, loss)
	}
	return err
}

func (m *machine) dieInStep(r *rapid.T) {
	_ = m.dies(r, func(e *weegloo.Engine) error {
		_, err := e.Step(ctx)
		return err
	})
}

// dieInUpload: nobody has an answer, but the Upload may be there.
func (m *machine) dieInUpload(r *rapid.T) {
	var u upload.Upload
	before := m.recordedUploads()
	err := m.dies(r, func(e *weegloo.Engine) (err error) {
		u, err = e.Uploads.Create(ctx, enginetest.Alice, owner, strings.NewReader(bodies[0]), upload.Options{})
		return err
	})
	if err == nil {
		m.model.uploads[u.ID] = &modelUpload{bodies[0], u.ExpiresAt}
		m.ids = append(m.ids, u.ID)
		return
	}
	for id := range m.recordedUploads() {
		if _, err := m.engines[0].Uploads.Get(ctx, owner, id); err == nil && !before[id] {
			m.model.uploads[id] = &modelUpload{bodies[0], m.clock.Now().Add(24 * time.Hour)}
			m.ids = append(m.ids, id)
		}
	}
}

func (m *machine) recordedUploads() map[string]bool {
	ids := map[string]bool{}
	for key := range m.records() {
		if id, ok := strings.CutPrefix(key, "upload/Space/"+enginetest.Space+"/"); ok {
			ids[id] = true
		}
	}
	return ids
}

// unknown is a transition whose commit is answered with an unknown outcome,
// whether it happened or not.
func (m *machine) unknown(r *rapid.T) {
	id, v, happens := m.mediaID(r), rapid.SampledFrom(verbs).Draw(r, "verb"), rapid.Bool().Draw(r, "happens")
	was := m.model.media[id]
	if was == nil || was.refusal(v, was.version) != nil {
		r.Skip("nothing is committed")
	}
	e := m.engine(func(cfg *weegloo.Config) {
		cfg.Store = &storetest.Faulty{Store: cfg.Store, Commit: unknownOutcome(happens)}
	})
	if err := do(e, v, id, was.version); !errors.Is(err, store.ErrUnknownOutcome) {
		m.t.Fatalf("%s: answered %v", v, err)
	}
	if happens {
		m.move(was, v)
	}
}

// unknownOutcome is a commit that happens, or not, and does not say so.
func unknownOutcome(happens bool) func(commit func() error) error {
	return func(commit func() error) error {
		if happens {
			if err := commit(); err != nil {
				return err
			}
		}
		return fmt.Errorf("the connection broke: %w", store.ErrUnknownOutcome)
	}
}

// finish lets all work end within its attempts, deletes everything, and finds
// nothing left and all events told.
func (m *machine) finish() {
	e := m.engines[0]
	for range 12 { // the clock may have been turned back by days
		m.settleAll(e)
		m.clock.Advance(25 * time.Hour)
	}
	m.settleAll(e)
	m.sound()
	for id, is := range m.model.media {
		if is.busy() {
			m.t.Fatalf("%s is busy for ever", id)
		}
		if is.published != 0 {
			m.move(is, unpublish)
		}
		m.tell(is, "Media.Delete")
	}
	m.end(e)
	m.nothingLeft()
	for event := range m.events {
		if m.told[event] == 0 {
			m.t.Fatalf("nobody was told of %s", event)
		}
	}
	for event := range m.told {
		if !m.events[event] {
			m.t.Fatalf("%s was told and never happened", event)
		}
	}
}

// histories sets how many rapid makes, and how long, unless the command line
// does.
func histories(t *testing.T, n, steps int) {
	t.Helper()
	for name, value := range map[string]int{"rapid.checks": n, "rapid.steps": steps} {
		f := flag.Lookup(name)
		if f.Value.String() != f.DefValue {
			continue
		}
		if err := f.Value.Set(fmt.Sprint(value)); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Value.Set(f.DefValue) })
	}
}

// TestModelOverMemory makes histories of everything that can happen, and
// foresees all of it.
func TestModelOverMemory(t *testing.T) {
	histories(t, 60, 60)
	states, accepted, refused := 0, 0, 0
	rapid.Check(t, func(r *rapid.T) {
		s := memory.New()
		m := newMachine(r, s, storetest.NewPowerCut(memory.NewBlobs(), nil), func() store.Store { return s })
		r.Repeat(m.actions())
		m.finish()
		states, accepted, refused = states+m.watch.Checked, accepted+m.accepted, refused+m.refused
	})
	t.Logf("%d states, %d calls accepted, %d refused", states, accepted, refused)
}

// TestModelOverBadger has one database for all histories: each leaves it empty.
func TestModelOverBadger(t *testing.T) {
	histories(t, 8, 50)
	dir := t.TempDir()
	var s *badger.Store
	open := func() store.Store {
		if s != nil {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
		var err error
		if s, err = badger.Open(badger.Config{Dir: dir}); err != nil {
			t.Fatal(err)
		}
		return s
	}
	defer func() { _ = s.Close() }()
	states := 0
	rapid.Check(t, func(r *rapid.T) {
		m := newMachine(r, open(), storetest.NewPowerCut(memory.NewBlobs(), nil), open)
		if len(m.records()) > 0 {
			dir = t.TempDir() // of a history that failed, which is tried again
			m.restart()
		}
		r.Repeat(m.actions())
		m.finish()
		states += m.watch.Checked
	})
	t.Logf("%d states", states)
}
