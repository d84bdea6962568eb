package faults_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/processing"
	"github.com/weegloo/weegloo/store/memory"
	"github.com/weegloo/weegloo/store/storetest"
	"github.com/weegloo/weegloo/sys"
)

// held is a Processor that waits until it is told what to find.
type held struct {
	begun chan struct{}
	goOn  chan processing.Result
}

func newHeld() *held { return &held{make(chan struct{}), make(chan processing.Result)} }

func (h *held) Process(context.Context, processing.Source) (processing.Result, error) {
	h.begun <- struct{}{}
	return <-h.goOn, nil
}

func memoryWorld(t *testing.T) *world {
	return newWorld(t, memory.New(), storetest.NewPowerCut(memory.NewBlobs(), nil))
}

// TestALateResultIsNoOp: the lease of one engine ends while it is at work, and
// another one does the work. What the first one finds comes too late.
func TestALateResultIsNoOp(t *testing.T) {
	is := is.New(t)
	w := memoryWorld(t)
	slow := newHeld()
	first, second := w.engine(func(cfg *weegloo.Config) { cfg.Processor = slow }), w.engine()
	l := &life{engine: second, clock: w.clock, acked: func() {}}
	m := l.create(enginetest.TextFile(l.upload("plain bytes")), media.WriteOptions{})
	is.NoErr(l.err)

	ended := make(chan error)
	go func() {
		for range 2 { // the event of the creation, and the file
			if _, err := first.Step(ctx); err != nil {
				ended <- err
			}
		}
		ended <- nil
	}()
	<-slow.begun
	w.settle(second)
	is.True(mediaOf(t, second, m.ID).Busy()) // the first engine has it, alone

	w.clock.Advance(59 * time.Second)
	w.settle(second)
	is.True(mediaOf(t, second, m.ID).Busy()) // its lease has not ended

	w.clock.Advance(2 * time.Second)
	w.settle(second)
	done := mediaOf(t, second, m.ID)
	is.Equal(done.Status(), media.Published)
	is.Equal(done.Version, int64(2))
	records := w.records()

	slow.goOn <- processing.Result{ContentType: "image/png", MimeGroups: []string{"Image"}}
	is.NoErr(<-ended)
	is.Equal(w.records(), records) // nothing has happened
	w.check(true)
	is.Equal(w.told["Media.Publish "+m.ID+" v2"], 1)
}

// TestWorkIsClaimedOnce: engines share one piece of work only when a lease has
// ended, however many they are.
func TestWorkIsClaimedOnce(t *testing.T) {
	is := is.New(t)
	w := memoryWorld(t)
	l := &life{engine: w.engine(), clock: w.clock, acked: func() {}}
	u := l.upload("plain bytes")
	for range 20 {
		l.create(enginetest.TextFile(u), media.WriteOptions{})
	}
	is.NoErr(l.err)
	errs := make(chan error)
	const engines = 4
	for range engines {
		e := w.engine()
		go func() {
			for {
				worked, err := e.Step(ctx)
				if !worked || err != nil {
					errs <- err
					return
				}
			}
		}()
	}
	for range engines {
		is.NoErr(<-errs)
	}
	w.settle(l.engine) // what the last one has added
	w.check(true)
	is.Equal(len(w.told), 40) // a creation and a publication each
	for event, times := range w.told {
		if times != 1 {
			t.Errorf("%s was told %d times though nobody died", event, times)
		}
	}
}

// together lets the first n commits wait for each other, so that none of them has
// seen what another one wrote.
func together(n int) func(*weegloo.Config) {
	return func(cfg *weegloo.Config) {
		var begun atomic.Int64
		all := make(chan struct{})
		cfg.Store = &storetest.Faulty{Store: cfg.Store, Commit: func(commit func() error) error {
			if begun.Add(1) == int64(n) {
				close(all)
			}
			<-all
			return commit()
		}}
	}
}

// TestTheLastHoldersLetGoTogether: each of them finds another one that still
// holds the bytes, and yet they go. Another time somebody takes hold meanwhile.
func TestTheLastHoldersLetGoTogether(t *testing.T) {
	for _, joins := range []bool{false, true} {
		is := is.New(t)
		w := memoryWorld(t)
		l := &life{engine: w.engine(), clock: w.clock, acked: func() { w.check(false) }}
		u := l.upload("plain bytes")
		a, b := l.create(enginetest.TextFile(u), quiet), l.create(enginetest.TextFile(u), quiet)
		l.settle()
		is.NoErr(l.err)

		calls := []func(e *weegloo.Engine) error{
			func(e *weegloo.Engine) error { return e.Media.Delete(ctx, enginetest.Alice, enginetest.Space, a.ID) },
			func(e *weegloo.Engine) error { return e.Media.Delete(ctx, enginetest.Alice, enginetest.Space, b.ID) },
			func(e *weegloo.Engine) error { return e.Uploads.Delete(ctx, owner, u.ID) },
		}
		if joins {
			calls = append(calls, func(e *weegloo.Engine) error {
				_, err := e.Media.Create(ctx, enginetest.Alice, enginetest.Space, enginetest.TextFile(u), quiet)
				if errors.Is(err, sys.ErrNotFound) {
					return nil // too late
				}
				return err
			})
		}
		e := w.engine(together(len(calls)))
		errs := make(chan error)
		for _, call := range calls {
			go func() { errs <- call(e) }()
		}
		for range calls {
			is.NoErr(<-errs)
		}
		w.settle(l.engine)
		w.check(true)
		w.end(l.engine)
		w.nothingLeft()
	}
}

// TestAnEventIsToldAgainUntilItIsTaken: at least once, also when the engine dies
// just after it was taken.
func TestAnEventIsToldAgainUntilItIsTaken(t *testing.T) {
	is := is.New(t)
	w := memoryWorld(t)
	l := &life{engine: w.engine(), clock: w.clock, acked: func() {}}
	m := l.create(media.Content{}, media.WriteOptions{})
	is.NoErr(l.err)
	event := "Media.Create " + m.ID + " v1"

	deaf := w.engine(func(cfg *weegloo.Config) {
		cfg.OnEvent = func(context.Context, media.Event) error { return errors.New("not now") }
	})
	_, err := deaf.Step(ctx)
	is.True(err != nil)
	is.Equal(w.told[event], 0)
	w.clock.Advance(time.Minute)

	dying := w.engine(through(&storetest.Crash{At: 3})) // before the event is crossed out
	_, err = dying.Step(ctx)
	is.True(errors.Is(err, storetest.ErrStopped))
	is.Equal(w.told[event], 1)
	w.clock.Advance(2 * time.Minute)
	w.settle(l.engine)
	is.Equal(w.told[event], 2)
	w.check(true)
}

// TestUpdatedAtNeverFalls, though the clock does.
func TestUpdatedAtNeverFalls(t *testing.T) {
	is := is.New(t)
	w := memoryWorld(t)
	l := &life{engine: w.engine(), clock: w.clock, acked: func() { w.check(false) }}
	m := l.create(enginetest.TextFile(l.upload("plain bytes")), media.WriteOptions{})
	l.wait(-48 * time.Hour)
	l.settle() // the work is due at a time that has not come again
	l.wait(48 * time.Hour)
	l.settle()
	l.wait(-time.Hour)
	l.move(m.ID, l.engine.Media.Unpublish)
	l.move(m.ID, l.engine.Media.Publish)
	is.NoErr(l.err)
	is.Equal(mediaOf(t, l.engine, m.ID).UpdatedAt, m.UpdatedAt)
}

// TestAnUploadEndsToTheMillisecond, whoever asks, and however the clock came
// there.
func TestAnUploadEndsToTheMillisecond(t *testing.T) {
	is := is.New(t)
	w := memoryWorld(t)
	e := w.engine()
	l := &life{engine: e, clock: w.clock, acked: func() {}}
	u := l.upload("plain bytes")
	is.NoErr(l.err)
	there := func() bool {
		_, err := e.Uploads.Get(ctx, owner, u.ID)
		return err == nil
	}
	w.clock.Advance(24*time.Hour - time.Millisecond)
	w.settle(e)
	is.True(there())
	w.clock.Advance(time.Millisecond)
	is.True(!there()) // before anybody has swept
	_, err := e.Media.Create(ctx, enginetest.Alice, enginetest.Space, enginetest.TextFile(u), quiet)
	is.True(errors.Is(err, sys.ErrNotFound)) // nor can it be used
	is.True(errors.Is(e.Uploads.Delete(ctx, owner, u.ID), sys.ErrNotFound))
	w.clock.Advance(-time.Millisecond)
	is.True(there()) // the clock was wrong
	w.clock.Advance(time.Millisecond)
	w.settle(e)
	w.clock.Advance(-time.Hour)
	is.True(!there()) // what is swept is gone
	w.nothingLeft()
}

// TestNothingWaitsForEver: work that somebody died with under a clock that was
// ahead by a day comes back when the day has passed.
func TestNothingWaitsForEver(t *testing.T) {
	is := is.New(t)
	w := memoryWorld(t)
	l := &life{engine: w.engine(), clock: w.clock, acked: func() {}}
	m := l.create(enginetest.TextFile(l.upload("plain bytes")), media.WriteOptions{})
	_, err := l.engine.Step(ctx) // the event
	is.NoErr(err)
	l.wait(20 * time.Hour)
	crash := &storetest.Crash{At: 3} // with the claim
	_, err = w.engine(through(crash)).Step(ctx)
	is.True(errors.Is(err, storetest.ErrStopped))
	l.wait(-20 * time.Hour)
	l.settle()
	is.True(mediaOf(t, l.engine, m.ID).Busy())
	l.wait(20*time.Hour + time.Minute)
	l.settle()
	is.NoErr(l.err)
	is.Equal(mediaOf(t, l.engine, m.ID).Status(), media.Published)
	w.check(true)
}

func mediaOf(t *testing.T, e *weegloo.Engine, id string) media.Media {
	t.Helper()
	m, err := e.Media.Get(ctx, enginetest.Space, id)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
