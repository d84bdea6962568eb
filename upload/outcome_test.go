package upload_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/storetest"
	"github.com/weegloo/weegloo/upload"
)

var errUnknown = fmt.Errorf("the connection broke: %w", store.ErrUnknownOutcome)

// faultyCommit makes the n-th commit end in an unknown outcome, whether it
// happened or not.
func faultyCommit(nth int, happens bool) func(*weegloo.Config) {
	return func(cfg *weegloo.Config) {
		n := 0
		cfg.Store = &storetest.Faulty{Store: cfg.Store, Commit: func(commit func() error) error {
			if n++; n != nth {
				return commit()
			}
			if happens {
				if err := commit(); err != nil {
					return err
				}
			}
			return errUnknown
		}}
	}
}

// TestAnUnknownOutcomeIsNotTakenBack: the Upload may be there, and somebody may
// already use it.
func TestAnUnknownOutcomeIsNotTakenBack(t *testing.T) {
	for _, c := range []struct {
		name    string
		nth     int
		happens bool
		records int // uploads, afterwards
		there   bool
		bytes   int
	}{
		{"the reservation is there", 1, true, 1, false, 0},
		{"the reservation is not there", 1, false, 0, false, 0},
		{"the upload is there", 2, true, 1, true, 1},
		{"the upload is not there", 2, false, 1, false, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			e := enginetest.New(t, faultyCommit(c.nth, c.happens))
			_, err := create(t, e, strings.NewReader("some bytes"), upload.Options{})
			is.True(errors.Is(err, store.ErrUnknownOutcome))
			e.Settle()
			is.Equal(len(enginetest.Keys(t, e.Store, "upload/")), c.records)
			is.Equal(get(t, e, "id0001") == nil, c.there)
			is.Equal(len(e.Blobs.Keys()), c.bytes)
			nothingIsLeft(t, e)
		})
	}
}

// fullDisk are blobs that take nothing.
type fullDisk struct{ store.Blobs }

var errFull = errors.New("no space left on device")

func (fullDisk) Put(context.Context, string, io.Reader) (int64, error) { return 0, errFull }

func TestBlobsThatTakeNothingLeaveNothing(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t, func(cfg *weegloo.Config) { cfg.Blobs = fullDisk{cfg.Blobs} })
	_, err := create(t, e, strings.NewReader("some bytes"), upload.Options{})
	is.True(errors.Is(err, errFull))
	is.True(!errors.Is(err, upload.ErrIncomplete)) // it is not the caller's fault
	nothingIsLeft(t, e)
}

// shortDisk are blobs that lose the last byte and do not say so.
type shortDisk struct{ store.Blobs }

func (b shortDisk) Put(ctx context.Context, key string, r io.Reader) (int64, error) {
	n, err := b.Blobs.Put(ctx, key, r)
	return n - 1, err
}

func TestBlobsThatTakeLessAreNotBelieved(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t, func(cfg *weegloo.Config) { cfg.Blobs = shortDisk{cfg.Blobs} })
	_, err := create(t, e, strings.NewReader("some bytes"), upload.Options{})
	is.True(err != nil)
	nothingIsLeft(t, e)
}

// TestWhatCannotBeTakenBackExpires: the bytes break off, and then the store is
// down as well.
func TestWhatCannotBeTakenBackExpires(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t, faultyCommit(2, false))
	hungUp := errors.New("the client hung up")
	_, err := create(t, e, &brokenAt{6000, hungUp}, upload.Options{})
	is.True(errors.Is(err, hungUp))
	is.True(errors.Is(err, store.ErrUnknownOutcome)) // both are told
	is.Equal(len(enginetest.Keys(t, e.Store, "upload/")), 1)
	nothingIsLeft(t, e)
}

// TestAnAbortSurvivesItsCaller: hanging up is the usual reason for an abort, and
// must not stop it.
func TestAnAbortSurvivesItsCaller(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	body := io.MultiReader(strings.NewReader(strings.Repeat("a", 5000)), readerFunc(func([]byte) (int, error) {
		cancel()
		return 0, io.ErrUnexpectedEOF
	}))
	_, err := e.Uploads.Create(ctx, enginetest.Alice, owner, body, upload.Options{})
	is.True(errors.Is(err, io.ErrUnexpectedEOF))
	is.Equal(len(enginetest.Keys(t, e.Store, "upload/")), 0) // at once, and not by expiry
}

// TestBytesAreDeletedAgainUntilTheyAreGone: the store of bytes fails for a
// while.
func TestBytesAreDeletedAgainUntilTheyAreGone(t *testing.T) {
	is := is.New(t)
	stuck := &stuckDisk{times: 2}
	e := enginetest.New(t, func(cfg *weegloo.Config) { stuck.Blobs, cfg.Blobs = cfg.Blobs, stuck })
	u := e.Upload("some bytes")
	is.NoErr(e.Uploads.Delete(t.Context(), owner, u.ID))
	for range 2 {
		worked, err := e.Step(t.Context())
		is.True(worked)
		is.True(errors.Is(err, errFull))
		is.Equal(len(e.Blobs.Keys()), 1)
		e.Clock.Advance(time.Minute)
	}
	e.Settle()
	is.Equal(len(e.Blobs.Keys()), 0)
	is.Equal(len(enginetest.Records(t, e.Store)), 0)
}

// stuckDisk are blobs that cannot be deleted at first.
type stuckDisk struct {
	store.Blobs
	times int
}

func (b *stuckDisk) Delete(ctx context.Context, key string) error {
	if b.times--; b.times >= 0 {
		return errFull
	}
	return b.Blobs.Delete(ctx, key)
}
