package media_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/processing"
)

// flaky is a Processor that fails as often as it is told to.
type flaky struct {
	failures int
	err      error
}

func (f *flaky) Process(context.Context, processing.Source) (processing.Result, error) {
	if f.failures--; f.failures >= 0 {
		return processing.Result{}, f.err
	}
	return processing.Result{ContentType: "text/plain", MimeGroups: []string{"Plaintext"}}, nil
}

func newFlaky(t *testing.T, failures int, err error) *enginetest.Engine {
	t.Helper()
	return enginetest.New(t, func(cfg *weegloo.Config) { cfg.Processor = &flaky{failures, err} })
}

func TestStandingFollowsAFileThroughItsLife(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	word := func(id string) media.Word { return e.Get(id).Standing(enginetest.Locale).Word }
	at := func(m media.Media, err error) media.Media {
		is.Helper()
		is.NoErr(err)
		return m
	}
	m := e.Create(enginetest.TextFile(e.Upload("hello")), media.WriteOptions{IgnorePublish: true})
	is.Equal(word(m.ID), media.Busy)
	is.Equal(m.Standing("ko-KR").Word, media.NoFile)
	e.Settle()
	is.Equal(word(m.ID), media.NeverPublished)
	m = at(e.Media.Publish(t.Context(), enginetest.Alice, enginetest.Space, m.ID, 1))
	is.Equal(word(m.ID), media.Delivered)

	replaced := enginetest.TextFile(e.Upload("other"))
	m = at(e.Media.Save(t.Context(), enginetest.Alice, enginetest.Space, m.ID, m.Version, media.WriteOptions{IgnorePublish: true},
		func(media.Media) (media.Content, error) { return replaced, nil }))
	e.Settle()
	is.Equal(word(m.ID), media.Outdated)

	m = at(e.Media.Unpublish(t.Context(), enginetest.Alice, enginetest.Space, m.ID, m.Version))
	is.Equal(word(m.ID), media.Unpublished)
	m = at(e.Media.Archive(t.Context(), enginetest.Alice, enginetest.Space, m.ID, m.Version))
	is.Equal(word(m.ID), media.PutAway)
}

func TestStandingOfABusyFileTellsOfItsAttempts(t *testing.T) {
	is := is.New(t)
	e := newFlaky(t, 2, errors.New("the disk is away"))
	m := e.Create(enginetest.TextFile(e.Upload("hello")), media.WriteOptions{})
	standing := func() media.Standing { return e.Get(m.ID).Standing(enginetest.Locale) }
	is.Equal(standing(), media.Standing{Word: media.Busy, Since: enginetest.Start, Next: enginetest.Start})

	_, err := e.Step(t.Context())
	is.True(err != nil)
	next := enginetest.Start.Add(time.Second)
	is.Equal(standing(), media.Standing{Word: media.Busy, Since: enginetest.Start, Attempt: 1, Next: next})
	is.Equal(e.Get(m.ID).File[enginetest.Locale].State, media.Pending)

	worked, err := e.Step(t.Context())
	is.NoErr(err)
	is.True(!worked) // not before its time

	e.Clock.Advance(time.Second)
	_, err = e.Step(t.Context())
	is.True(err != nil)
	is.Equal(standing(), media.Standing{Word: media.Busy, Since: enginetest.Start, Attempt: 2, Next: next.Add(2 * time.Second)})
	e.Clock.Advance(2 * time.Second)
	e.Settle()
	is.Equal(standing().Word, media.Delivered)
}

func TestStandingOfAFailedFileTellsWhy(t *testing.T) {
	is := is.New(t)
	e := newFlaky(t, 1, processing.NewFailure("virus", errors.New("found one")))
	m := e.Create(enginetest.TextFile(e.Upload("hello")), media.WriteOptions{})
	e.Settle()
	is.Equal(e.Get(m.ID).Standing(enginetest.Locale), media.Standing{Word: media.Broken, Reason: "virus"})
}

func TestWaitReturnsAtOnceWhenNothingIsBusy(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	m := e.Published("hello")
	got, err := e.Media.Wait(t.Context(), enginetest.Space, m.ID)
	is.NoErr(err)
	is.Equal(got, m)
	_, err = e.Media.Wait(t.Context(), enginetest.Space, "nobody")
	is.True(err != nil)
}

func TestWaitIsWokenByTheEndOfProcessing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		e := enginetest.New(t)
		m := e.Create(enginetest.TextFile(e.Upload("hello")), media.WriteOptions{})
		start := time.Now()
		waited := make(chan media.Media)
		for range 3 {
			go func() {
				m, err := e.Media.Wait(t.Context(), enginetest.Space, m.ID)
				is.NoErr(err)
				waited <- m
			}()
		}
		synctest.Wait()
		e.Settle()
		for range 3 {
			is.Equal((<-waited).Status(), media.Published)
		}
		is.Equal(time.Since(start), time.Duration(0)) // by the signal, without the poll
	})
}

func TestWaitSeesWhatAnotherProcessDid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		e := enginetest.New(t)
		other := enginetest.New(t, func(cfg *weegloo.Config) { cfg.Store, cfg.Blobs = e.Store, e.Blobs })
		m := e.Create(enginetest.TextFile(e.Upload("hello")), media.WriteOptions{})
		waited := make(chan media.Media)
		go func() {
			m, err := e.Media.Wait(t.Context(), enginetest.Space, m.ID)
			is.NoErr(err)
			waited <- m
		}()
		synctest.Wait()
		other.Settle()
		is.Equal((<-waited).Status(), media.Published)
	})
}

func TestWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		e := enginetest.New(t)
		m := e.Create(enginetest.TextFile(e.Upload("hello")), media.WriteOptions{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		_, err := e.Media.Wait(ctx, enginetest.Space, m.ID)
		is.True(errors.Is(err, context.DeadlineExceeded))
	})
}
