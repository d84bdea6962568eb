package upload_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/internal/due"
	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/sys"
	"github.com/weegloo/weegloo/upload"
)

// get says whether the Upload is there for its owner.
func get(t *testing.T, e *enginetest.Engine, id string) error {
	t.Helper()
	_, err := e.Uploads.Get(t.Context(), owner, id)
	return err
}

func TestAnUploadExpiresToTheMillisecond(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	u := e.Upload("some bytes")
	e.Clock.Advance(24*time.Hour - time.Millisecond)
	is.NoErr(get(t, e, u.ID))
	e.Clock.Advance(time.Millisecond)
	is.True(isMissing(get(t, e, u.ID), sys.TargetUpload, u.ID)) // no sweeper has passed
	is.True(isMissing(e.Uploads.Delete(t.Context(), owner, u.ID), sys.TargetUpload, u.ID))
	is.Equal(len(e.Blobs.Keys()), 1)
	e.Settle()
	is.Equal(len(e.Blobs.Keys()), 0)
	is.Equal(len(enginetest.Records(t, e.Store)), 0)
}

func TestTheSweeperLeavesWhatLives(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	u := e.Upload("some bytes")
	e.Clock.Advance(24*time.Hour - time.Millisecond)
	before := enginetest.Records(t, e.Store)
	e.Settle()
	is.NoErr(get(t, e, u.ID))
	is.Equal(enginetest.Records(t, e.Store), before)
}

func TestTheTTLIsConfigured(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t, func(cfg *weegloo.Config) { cfg.UploadTTL = time.Minute })
	u := e.Upload("some bytes")
	is.Equal(u.ExpiresAt, u.CreatedAt.Add(time.Minute))
	e.Clock.Advance(time.Minute)
	is.True(get(t, e, u.ID) != nil)
}

func TestADeletedUploadIsGone(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	u := e.Upload("some bytes")
	is.NoErr(e.Uploads.Delete(t.Context(), owner, u.ID))
	is.True(isMissing(get(t, e, u.ID), sys.TargetUpload, u.ID))
	is.True(isMissing(e.Uploads.Delete(t.Context(), owner, u.ID), sys.TargetUpload, u.ID))
	e.Settle()
	is.Equal(len(e.Blobs.Keys()), 0) // the bytes go now and not when it would have expired
	is.Equal(len(enginetest.Records(t, e.Store)), 0)
}

func TestAForeignUploadIsAnUnknownOne(t *testing.T) {
	e := enginetest.New(t)
	u := e.Upload("some bytes")
	for name, other := range map[string]sys.Owner{
		"another space":      sys.SpaceOwner("s2"),
		"an organization":    sys.OrganizationOwner("o1"),
		"a namesake":         sys.OrganizationOwner(owner.ID),
		"nobody":             {},
		"a path to the same": sys.SpaceOwner("x/../" + owner.ID),
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			_, err := e.Uploads.Get(t.Context(), other, u.ID)
			_, unknown := e.Uploads.Get(t.Context(), other, "nowhere")
			is.True(isMissing(err, sys.TargetUpload, u.ID))
			is.True(isMissing(unknown, sys.TargetUpload, "nowhere"))
			is.True(isMissing(e.Uploads.Delete(t.Context(), other, u.ID), sys.TargetUpload, u.ID))
			is.NoErr(get(t, e, u.ID))
		})
	}
}

// TestAnUploadThatIsBeingReceivedIsThereForNobody looks while the bytes are on
// their way.
func TestAnUploadThatIsBeingReceivedIsThereForNobody(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	looked := false
	body := io.MultiReader(strings.NewReader(strings.Repeat("a", 5000)), readerFunc(func([]byte) (int, error) {
		looked = true
		is.Equal(enginetest.Keys(t, e.Store, "upload/"), []string{"upload/Space/s1/id0001"}) // its record is there before its bytes
		is.Equal(enginetest.Keys(t, e.Store, "blob/"), []string{"blob/id0002"})
		is.True(isMissing(get(t, e, "id0001"), sys.TargetUpload, "id0001"))
		is.True(isMissing(e.Uploads.Delete(t.Context(), owner, "id0001"), sys.TargetUpload, "id0001"))
		_, err := e.Media.Create(t.Context(), enginetest.Alice, enginetest.Space,
			enginetest.TextFile(upload.Upload{ID: "id0001"}), media.WriteOptions{})
		is.True(isMissing(err, sys.TargetUpload, "id0001"))
		return 0, io.EOF
	}))
	_, err := create(t, e, body, upload.Options{})
	is.NoErr(err)
	is.True(looked)
	is.NoErr(get(t, e, "id0001"))
}

func TestTheTimesOfAnUploadAreThoseOfItsLastByte(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	u, err := create(t, e, io.MultiReader(strings.NewReader(strings.Repeat("a", 5000)), readerFunc(func([]byte) (int, error) {
		e.Clock.Advance(time.Hour)
		return 0, io.EOF
	})), upload.Options{})
	is.NoErr(err)
	is.Equal(u.CreatedAt, enginetest.Start.Add(time.Hour))
	is.Equal(u.ExpiresAt, u.CreatedAt.Add(24*time.Hour))
	is.Equal(len(enginetest.Keys(t, e.Store, "due/")), 1) // the expiry of the reservation is gone
}

// crashing are blobs whose process dies during a Put.
type crashing struct {
	*enginetest.Blobs
	keep bool // what the Put wrote is there afterwards
}

type crash struct{}

func (b crashing) Put(ctx context.Context, key string, r io.Reader) (int64, error) {
	if b.keep {
		_, _ = b.Blobs.Put(ctx, key, r)
	}
	panic(crash{})
}

func TestWhatACrashLeavesExpires(t *testing.T) {
	for _, keep := range []bool{false, true} {
		is := is.New(t)
		e := enginetest.New(t, func(cfg *weegloo.Config) { cfg.Blobs = crashing{cfg.Blobs.(*enginetest.Blobs), keep} })
		func() {
			defer func() { is.Equal(recover(), crash{}) }()
			_, _ = create(t, e, strings.NewReader("some bytes"), upload.Options{})
		}()
		is.Equal(len(e.Blobs.Keys()) == 1, keep)
		is.Equal(len(enginetest.Keys(t, e.Store, "upload/")), 1) // the reservation
		e.Clock.Advance(24 * time.Hour)
		e.Settle()
		is.Equal(len(enginetest.Keys(t, e.Store, "upload/")), 1) // somebody could still be writing
		e.Clock.Advance(30 * time.Minute)
		e.Settle()
		is.Equal(enginetest.Records(t, e.Store), map[string]string{})
		is.Equal(len(e.Blobs.Keys()), 0)
	}
}

// TestAReservationThatExpiresMeanwhileLeavesNothing: a clock that jumps forward
// ends the reservation while its bytes are still arriving.
func TestAReservationThatExpiresMeanwhileLeavesNothing(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	_, err := create(t, e, io.MultiReader(strings.NewReader(strings.Repeat("a", 5000)), readerFunc(func([]byte) (int, error) {
		e.Clock.Advance(48 * time.Hour)
		e.Settle()
		return 0, io.EOF
	})), upload.Options{})
	is.True(err != nil) // there is no reservation to finish
	nothingIsLeft(t, e)
}

// TestAnExpiryThatOutlivesItsReservationSparesTheUpload: somebody had claimed
// the expiry of the reservation before the Upload was finished.
func TestAnExpiryThatOutlivesItsReservationSparesTheUpload(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	u, err := create(t, e, io.MultiReader(strings.NewReader(strings.Repeat("a", 5000)), readerFunc(func([]byte) (int, error) {
		e.Clock.Advance(25 * time.Hour)
		claimAndFail(t, e, "upload-expire")
		return 0, io.EOF
	})), upload.Options{})
	is.NoErr(err)
	is.Equal(len(enginetest.Keys(t, e.Store, "due/")), 2)
	e.Clock.Advance(time.Hour)
	e.Settle()
	is.NoErr(get(t, e, u.ID))
	is.Equal(len(enginetest.Keys(t, e.Store, "due/")), 1)
	nothingIsLeft(t, e)
}

// claimAndFail lets another process claim what is due and not get it done.
func claimAndFail(t *testing.T, e *enginetest.Engine, kind due.Kind) {
	t.Helper()
	failed := errors.New("not now")
	queue := due.New(due.Config{
		Store: e.Store, Now: e.Clock.Now, Workers: 1, Lease: time.Minute, Logger: slog.New(slog.DiscardHandler),
		Handlers: map[due.Kind]due.Handler{
			kind: due.HandlerFunc(func(context.Context, due.Item) error { return failed }),
		},
	})
	if worked, err := queue.Step(t.Context()); !worked || !errors.Is(err, failed) {
		t.Fatalf("nothing was claimed: %v", err)
	}
}
