package processing_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/processing"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/storetest"
)

const (
	lease    = time.Minute // of the engine
	attempts = 5           // likewise
	locale   = enginetest.Locale
)

var errBusyDisk = errors.New("the disk is busy")

// processorFunc is a Processor by a function.
type processorFunc func(ctx context.Context, src processing.Source) (processing.Result, error)

func (p processorFunc) Process(ctx context.Context, src processing.Source) (processing.Result, error) {
	return p(ctx, src)
}

func with(p processorFunc) func(*weegloo.Config) {
	return func(cfg *weegloo.Config) { cfg.Processor = p }
}

// fine is a result like any other.
func fine(context.Context, processing.Source) (processing.Result, error) {
	return processing.Result{ContentType: "text/plain", MimeGroups: []string{media.GroupPlaintext}}, nil
}

// draft makes a Media of one file, which publishes when it is done.
func draft(e *enginetest.Engine, locales ...string) media.Media {
	return e.Create(enginetest.TextFile(e.Upload("some bytes"), locales...), media.WriteOptions{})
}

func TestTheProcessorIsGivenTheFile(t *testing.T) {
	is := is.New(t)
	var e *enginetest.Engine
	var id string
	e = enginetest.New(t, with(func(ctx context.Context, src processing.Source) (processing.Result, error) {
		body, err := io.ReadAll(io.NewSectionReader(src.Bytes, 0, src.Size))
		is.NoErr(err)
		is.Equal(string(body), "some bytes")
		is.Equal(src.Name, "note.txt")
		is.Equal(src.Declared, "text/plain")
		is.Equal(src.Sniffed, "text/plain")
		is.Equal(src.Size, int64(10))
		is.Equal(e.Get(id).File[locale].State, media.Processing) // it is seen to be at work
		is.Equal(e.Get(id).Version, int64(1))                    // which is no change
		return fine(ctx, src)
	}))
	id = draft(e).ID
	is.Equal(e.Get(id).File[locale].State, media.Pending)
	e.Settle()
	is.Equal(e.Get(id).Status(), media.Published)
}

func TestTheResultBecomesTheFile(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t, with(func(context.Context, processing.Source) (processing.Result, error) {
		return processing.Result{
			ContentType: "video/mp4", MimeGroups: []string{media.GroupVideo},
			Image: &media.Image{Width: 1, Height: 2}, Video: &media.Video{Duration: 3.5}, Audio: &media.Audio{Duration: 4.5},
		}, nil
	}))
	m := draft(e)
	blob := m.File[locale].Blob
	e.Settle()
	f := e.Get(m.ID).File[locale]
	is.Equal(f.Detail.Size, int64(10))
	is.Equal(len(f.Detail.SHA256), 64)
	f.Detail.SHA256 = ""
	is.Equal(f, media.File{
		Name: "note.txt", ContentType: "video/mp4", MimeGroups: []string{media.GroupVideo}, State: media.Done,
		Revision: 1, Blob: blob, Detail: &media.Detail{
			Size: 10, Image: &media.Image{Width: 1, Height: 2}, Video: &media.Video{Duration: 3.5}, Audio: &media.Audio{Duration: 4.5},
		},
	})
}

// TestTheLastFileAndItsPublishAreOneTransaction looks at every state that is
// ever committed.
func TestTheLastFileAndItsPublishAreOneTransaction(t *testing.T) {
	is := is.New(t)
	var e *enginetest.Engine
	var id string
	done := 0
	e = enginetest.New(t, with(fine), func(cfg *weegloo.Config) {
		cfg.Store = &storetest.Faulty{Store: cfg.Store, Commit: func(commit func() error) error {
			err := commit()
			if id == "" || err != nil {
				return err
			}
			m := e.Get(id)
			_, missing := e.Delivery.Get(t.Context(), enginetest.Space, id)
			is.Equal(missing == nil, !m.Busy()) // it is delivered when nothing is busy any more, no sooner and no later
			is.Equal(m.Version == 2, !m.Busy())
			if !m.Busy() {
				done++
			}
			return nil
		}}
	})
	id = draft(e, locale, "ko-KR", "de-DE").ID
	e.Settle()
	is.True(done > 0)
	is.Equal(e.Get(id).Publish.Counter, int64(1)) // three files publish once
	is.Equal(e.Get(id).Publish.By, &enginetest.Alice)
}

func TestAFileThatCannotBeProcessedFails(t *testing.T) {
	for name, c := range map[string]struct {
		process processorFunc
		reason  string
	}{
		"failure": {func(context.Context, processing.Source) (processing.Result, error) {
			return processing.Result{}, processing.NewFailure("too-dark", errors.New("it is too dark"))
		}, "too-dark"},
		"panic": {func(context.Context, processing.Source) (processing.Result, error) {
			panic("index out of range")
		}, processing.ReasonPanic},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			e := enginetest.New(t, with(c.process))
			m := draft(e)
			e.Clock.Advance(time.Second)
			e.Settle()
			after := e.Get(m.ID)
			f := after.File[locale]
			is.Equal(f.State, media.Failed)
			is.Equal(f.Reason, c.reason)
			is.Equal(f.Upload, m.File[locale].Upload)
			is.Equal(after.Version, int64(1))
			is.Equal(after.Status(), media.Draft)
			is.Equal(after.UpdatedAt, enginetest.Start.Add(time.Second))
			is.Equal(len(enginetest.Keys(t, e.Store, "due/")), 1) // only the Upload's expiry: it is not tried again
		})
	}
}

func TestAFileIsTriedAgainAndThenGivenUp(t *testing.T) {
	is := is.New(t)
	calls := 0
	e := enginetest.New(t, with(func(context.Context, processing.Source) (processing.Result, error) {
		calls++
		return processing.Result{}, errBusyDisk
	}))
	m := draft(e)
	for calls < attempts-1 {
		worked, err := e.Step(t.Context())
		is.True(worked)
		is.True(errors.Is(err, errBusyDisk))
		is.True(e.Get(m.ID).Busy())
		e.Clock.Advance(time.Minute)
	}
	e.Settle()
	is.Equal(calls, attempts)
	is.Equal(e.Get(m.ID).File[locale].State, media.Failed)
	is.Equal(e.Get(m.ID).File[locale].Reason, processing.ReasonGaveUp)
}

func TestAFileThatSucceedsInTheEndIsDone(t *testing.T) {
	is := is.New(t)
	calls := 0
	e := enginetest.New(t, with(func(ctx context.Context, src processing.Source) (processing.Result, error) {
		if calls++; calls < attempts {
			return processing.Result{}, errBusyDisk
		}
		return fine(ctx, src)
	}))
	m := draft(e)
	for calls < attempts-1 {
		_, err := e.Step(t.Context())
		is.True(errors.Is(err, errBusyDisk))
		e.Clock.Advance(time.Minute)
	}
	e.Settle()
	is.Equal(e.Get(m.ID).Status(), media.Published)
	is.Equal(e.Get(m.ID).Version, int64(2))
}

// TestAFileThatKillsItsWorkersIsGivenUp: five workers died over it and never
// said a word.
func TestAFileThatKillsItsWorkersIsGivenUp(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t, with(func(context.Context, processing.Source) (processing.Result, error) {
		t.Error("it was tried once more")
		return processing.Result{}, nil
	}))
	m := draft(e)
	is.NoErr(store.Update(t.Context(), e.Store, func(w store.Writer) error {
		for _, key := range enginetest.Keys(t, e.Store, "due/") {
			if strings.Contains(key, "/process/") {
				return w.Set(key, []byte(`{"attempt":5}`))
			}
		}
		return errors.New("nothing is to be processed")
	}))
	e.Settle()
	is.Equal(e.Get(m.ID).File[locale].Reason, processing.ReasonGaveUp)
}

// TestAResultAfterATakeoverHasNoEffect: the first worker is slower than its
// lease, and comes to another result.
func TestAResultAfterATakeoverHasNoEffect(t *testing.T) {
	is := is.New(t)
	var first, second *enginetest.Engine
	first = enginetest.New(t, with(func(context.Context, processing.Source) (processing.Result, error) {
		first.Clock.Advance(lease)
		second.Clock.Advance(lease)
		second.Settle()
		return processing.Result{}, processing.NewFailure("too-late", errors.New("too late"))
	}))
	second = enginetest.New(t, with(fine), func(cfg *weegloo.Config) { cfg.Store, cfg.Blobs = first.Store, first.Blobs })
	m := draft(first)
	first.Settle()
	after := first.Get(m.ID)
	is.Equal(after.File[locale].State, media.Done)
	is.Equal(after.Version, int64(2))
	is.Equal(after.Publish.Counter, int64(1))
}

// TestAResultWithoutTheClaimHasNoEffect: the second worker has taken over and is
// not done yet when the first one reports.
func TestAResultWithoutTheClaimHasNoEffect(t *testing.T) {
	is := is.New(t)
	begun, reported, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	var first, second *enginetest.Engine
	first = enginetest.New(t, with(func(ctx context.Context, _ processing.Source) (processing.Result, error) {
		first.Clock.Advance(lease)
		second.Clock.Advance(lease)
		go func() {
			_, err := second.Step(context.WithoutCancel(ctx))
			ended <- err
		}()
		<-begun
		return processing.Result{}, processing.NewFailure("too-late", errors.New("too late"))
	}))
	second = enginetest.New(t, func(cfg *weegloo.Config) { cfg.Store, cfg.Blobs = first.Store, first.Blobs },
		with(func(ctx context.Context, src processing.Source) (processing.Result, error) {
			close(begun)
			<-reported
			return fine(ctx, src)
		}))
	m := draft(first)
	_, err := first.Step(t.Context())
	is.NoErr(err)
	is.True(first.Get(m.ID).Busy()) // it is the second one's
	close(reported)
	is.NoErr(<-ended)
	is.Equal(first.Get(m.ID).File[locale].State, media.Done)
}

func TestWorkOnWhatIsGoneEnds(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t, with(func(context.Context, processing.Source) (processing.Result, error) {
		t.Error("nothing was there to process")
		return processing.Result{}, nil
	}))
	is.NoErr(store.Update(t.Context(), e.Store, func(w store.Writer) error {
		return w.Set("due/0000000000000/process/s1/nowhere/en-US/1", []byte("{}"))
	}))
	e.Settle()
	is.Equal(len(enginetest.Records(t, e.Store)), 0)
}

func TestWorkThatNamesNoFileHoldsUpNoOther(t *testing.T) {
	for _, id := range []string{"no job", "s1/m/en-US/x", "s1/m/en-US/1/more"} {
		is := is.New(t)
		e := enginetest.New(t, with(fine))
		is.NoErr(store.Update(t.Context(), e.Store, func(w store.Writer) error {
			return w.Set("due/0000000000000/process/"+id, []byte("{}"))
		}))
		m := draft(e)
		_, err := e.Step(t.Context())
		is.True(err != nil) // it is told
		e.Settle()
		is.Equal(e.Get(m.ID).Status(), media.Published)
	}
}

// TestAStopDuringTheProcessingIsNoTry: the process ends in good order, and the
// next one goes on at once.
func TestAStopDuringTheProcessingIsNoTry(t *testing.T) {
	is := is.New(t)
	ctx, stop := context.WithCancel(t.Context())
	calls := 0
	e := enginetest.New(t, with(func(processCtx context.Context, src processing.Source) (processing.Result, error) {
		if calls++; calls <= attempts+1 {
			stop()
			return processing.Result{}, processCtx.Err()
		}
		return fine(processCtx, src)
	}))
	m := draft(e)
	for range attempts + 1 {
		_, err := e.Step(ctx)
		is.True(errors.Is(err, context.Canceled))
		ctx, stop = context.WithCancel(t.Context())
		is.True(e.Get(m.ID).Busy())
	}
	e.Settle()
	stop()
	is.Equal(e.Get(m.ID).Status(), media.Published)
}

// brokenDisk are blobs that cannot be opened at first.
type brokenDisk struct {
	store.Blobs
	times int
}

func (b *brokenDisk) Open(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	if b.times--; b.times >= 0 {
		return nil, errBusyDisk
	}
	return b.Blobs.Open(ctx, key, offset, length)
}

// TestADiskThatFailsIsNotTheFaultOfTheFile, whatever the default Processor reads
// of it.
func TestADiskThatFailsIsNotTheFaultOfTheFile(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t, func(cfg *weegloo.Config) { cfg.Blobs = &brokenDisk{cfg.Blobs, 2} })
	u := e.Upload(aPNG)
	content := enginetest.TextFile(u)
	content.File[locale] = media.Entry{Name: "a.png", ContentType: "image/png", Upload: u.ID}
	m := e.Create(content, media.WriteOptions{})
	for range 2 {
		_, err := e.Step(t.Context())
		is.True(errors.Is(err, errBusyDisk))
		e.Clock.Advance(time.Minute)
	}
	e.Settle()
	is.True(e.Get(m.ID).File[locale].Detail.Image != nil) // its size was read
}

func TestBytesThatNobodyReadsAreNotOpened(t *testing.T) {
	is := is.New(t)
	disk := &brokenDisk{times: 1}
	e := enginetest.New(t, with(fine), func(cfg *weegloo.Config) { disk.Blobs, cfg.Blobs = cfg.Blobs, disk })
	draft(e)
	e.Settle()
	is.Equal(disk.times, 1)
}
