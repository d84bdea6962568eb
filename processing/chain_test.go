package processing_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/processing"
)

// does is a Processor in a function.
type does func(ctx context.Context, src processing.Source) (processing.Result, error)

func (d does) Process(ctx context.Context, src processing.Source) (processing.Result, error) {
	return d(ctx, src)
}

func finds(r processing.Result) processing.Processor {
	return does(func(context.Context, processing.Source) (processing.Result, error) { return r, nil })
}

func TestAChainPutsTogetherWhatItsLinksFind(t *testing.T) {
	is := is.New(t)
	first := processing.Result{ContentType: "video/mp4", MimeGroups: []string{"Video"}, Video: &media.Video{Width: 1}}
	more := processing.Result{ContentType: "video/quicktime", Audio: &media.Audio{Duration: 2}}
	var seen processing.Result
	last := does(func(_ context.Context, src processing.Source) (processing.Result, error) {
		seen = src.Found
		return processing.Result{}, nil // a scanner that finds nothing
	})
	got, err := processing.Chain(finds(first), finds(more), last).Process(t.Context(), processing.Source{})
	is.NoErr(err)
	is.Equal(got, processing.Result{
		ContentType: "video/quicktime", MimeGroups: []string{"Video"}, Video: first.Video, Audio: more.Audio,
	})
	is.Equal(seen, got)
}

func TestTheFirstErrorEndsAChain(t *testing.T) {
	is := is.New(t)
	virus := processing.NewFailure("virus", errors.New("found one"))
	scanner := does(func(context.Context, processing.Source) (processing.Result, error) { return processing.Result{}, virus })
	never := does(func(context.Context, processing.Source) (processing.Result, error) { panic("not reached") })
	got, err := processing.Chain(finds(processing.Result{ContentType: "text/plain"}), scanner, never).Process(t.Context(), processing.Source{})
	is.Equal(err, error(virus))
	is.Equal(got, processing.Result{})
}

func TestAPanicIsAFailure(t *testing.T) {
	is := is.New(t)
	p := processing.Within(time.Minute, does(func(context.Context, processing.Source) (processing.Result, error) { panic("oh no") }))
	_, err := p.Process(t.Context(), processing.Source{})
	var failure *processing.Failure
	is.True(errors.As(err, &failure))
	is.Equal(failure.Reason, processing.ReasonPanic)
}

func TestAProcessorThatHeedsItsContextIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		p := processing.Within(time.Minute, does(func(ctx context.Context, _ processing.Source) (processing.Result, error) {
			<-ctx.Done()
			return processing.Result{}, ctx.Err()
		}))
		start := time.Now()
		_, err := p.Process(t.Context(), processing.Source{})
		is.True(errors.Is(err, context.DeadlineExceeded))
		is.True(!errors.Is(err, processing.ErrHanging))
		is.Equal(time.Since(start), time.Minute)
	})
}

func TestAProcessorThatHangsIsGivenUpAndCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var calls atomic.Int64
		release := make(chan struct{})
		p := processing.Within(time.Minute, does(func(context.Context, processing.Source) (processing.Result, error) {
			calls.Add(1)
			<-release
			return processing.Result{}, nil
		}))
		for range 12 {
			_, err := p.Process(t.Context(), processing.Source{})
			is.True(errors.Is(err, processing.ErrHanging))
		}
		is.Equal(calls.Load(), int64(8)) // no more than so many are left hanging

		close(release)
		synctest.Wait()
		_, err := p.Process(t.Context(), processing.Source{})
		is.NoErr(err) // and it is asked again when they have ended
		is.Equal(calls.Load(), int64(9))
	})
}

func TestReasonsAreShortStableWords(t *testing.T) {
	for _, reason := range []string{
		processing.ReasonUnreadableImage, processing.ReasonUnreadableAudio, processing.ReasonUnreadableVideo,
		processing.ReasonGaveUp, processing.ReasonPanic, processing.ReasonTimedOut,
	} {
		is := is.New(t)
		is.True(len(reason) > 0 && len(reason) < 30)
		is.Equal(strings.Trim(reason, "abcdefghijklmnopqrstuvwxyz-"), "")
	}
}

// TestBytesCannotBeReadAfterwards holds a Source back and reads it when the
// Processor has long been given up.
func TestBytesCannotBeReadAfterwards(t *testing.T) {
	is := is.New(t)
	e, kept := newKeeper(t)
	m := e.Create(oneText(e), media.WriteOptions{})
	e.Settle()
	is.Equal(e.Get(m.ID).File["en-US"].State, media.Done)
	_, err := kept.Bytes.ReadAt(make([]byte, 1), 0)
	is.True(errors.Is(err, os.ErrClosed))
}
