package upload_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/sys"
	"github.com/weegloo/weegloo/upload"
)

var owner = sys.SpaceOwner(enginetest.Space)

// create receives r as an Upload of owner.
func create(t *testing.T, e *enginetest.Engine, r io.Reader, opts upload.Options) (upload.Upload, error) {
	t.Helper()
	return e.Uploads.Create(t.Context(), enginetest.Alice, owner, r, opts)
}

// nothingIsLeft checks that no record and no byte is there, after the work that
// is due now and after all that comes due within a day.
func nothingIsLeft(t *testing.T, e *enginetest.Engine) {
	t.Helper()
	is := is.New(t)
	e.Settle()
	e.Clock.Advance(25 * time.Hour)
	e.Settle()
	is.Equal(enginetest.Records(t, e.Store), map[string]string{})
	is.Equal(len(e.Blobs.Keys()), 0)
}

// blobOf is the record of an Upload's bytes.
func blobOf(t *testing.T, e *enginetest.Engine, u upload.Upload) (b upload.Blob) {
	t.Helper()
	err := store.View(t.Context(), e.Store, func(r store.Reader) (err error) {
		b, err = upload.FindBlob(r, u.Blob)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAnUploadIsWhatWasReceived(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	u, err := create(t, e, strings.NewReader("some bytes"), upload.Options{Size: 10})
	is.NoErr(err)
	is.Equal(u, upload.Upload{
		ID: "id0001", Owner: owner, CreatedBy: enginetest.Alice, Blob: "id0002", Size: 10,
		CreatedAt: enginetest.Start, ExpiresAt: enginetest.Start.Add(24 * time.Hour),
	})
	got, err := e.Uploads.Get(t.Context(), owner, u.ID)
	is.NoErr(err)
	is.Equal(got, u)
}

func TestABlobIsDescribedByItsBytes(t *testing.T) {
	for name, c := range map[string]struct{ body, sniffed string }{
		"text":                {"some bytes", "text/plain"},
		"picture":             {"\x89PNG\r\n\x1a\n0000IHDR", "image/png"},
		"longer than a head":  {strings.Repeat("some bytes ", 1000), "text/plain"},
		"as long as a head":   {strings.Repeat("a", 4096), "text/plain"},
		"a byte more":         {strings.Repeat("a", 4097), "text/plain"},
		"noise behind a head": {strings.Repeat("a", 4096) + "\x00\xff", "text/plain"},
		"one byte":            {"a", "text/plain"},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			e := enginetest.New(t)
			u, err := create(t, e, iotest.OneByteReader(strings.NewReader(c.body)), upload.Options{})
			is.NoErr(err)
			digest := sha256.Sum256([]byte(c.body))
			is.Equal(blobOf(t, e, u), upload.Blob{
				Key: u.Blob, Size: int64(len(c.body)), SHA256: hex.EncodeToString(digest[:]), Sniffed: c.sniffed,
			})
			is.Equal(holdersOf(t, e, u), []string{"upload/Space/s1/" + u.ID})
			is.Equal(u.Size, int64(len(c.body)))
			is.Equal(stored(t, e, u.Blob), c.body)
		})
	}
}

// stored are the bytes under a key.
func stored(t *testing.T, e *enginetest.Engine, key string) string {
	t.Helper()
	r, err := e.Blobs.Open(t.Context(), key, 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	body, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// TestBytesThatAreRefusedLeaveNothing covers bodies that end within the first
// read and such that end behind it.
func TestBytesThatAreRefusedLeaveNothing(t *testing.T) {
	const long = 10_000
	body := func(n int) io.Reader { return strings.NewReader(strings.Repeat("a", n)) }
	for name, c := range map[string]struct {
		body io.Reader
		opts upload.Options
		want error
	}{
		"empty":                           {body(0), upload.Options{}, upload.ErrEmpty},
		"empty and announced":             {body(0), upload.Options{Size: 3}, upload.ErrEmpty},
		"too large as announced":          {nil, upload.Options{Size: 5001, MaxSize: 5000}, upload.ErrTooLarge},
		"too large at once":               {body(101), upload.Options{MaxSize: 100}, upload.ErrTooLarge},
		"too large mid-stream":            {body(long), upload.Options{MaxSize: 5000}, upload.ErrTooLarge},
		"too large by one byte":           {body(long), upload.Options{MaxSize: long - 1}, upload.ErrTooLarge},
		"shorter than announced":          {body(99), upload.Options{Size: 100}, upload.ErrIncomplete},
		"shorter than announced, long":    {body(long), upload.Options{Size: long + 1}, upload.ErrIncomplete},
		"longer than announced":           {body(101), upload.Options{Size: 100}, upload.ErrIncomplete},
		"longer than announced, long":     {body(long), upload.Options{Size: long - 1}, upload.ErrIncomplete},
		"too large for what it announced": {body(long), upload.Options{Size: 10, MaxSize: 100}, upload.ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			e := enginetest.New(t)
			_, err := create(t, e, c.body, c.opts)
			is.True(errors.Is(err, c.want))
			is.True(c.want != upload.ErrTooLarge || errors.Is(err, sys.ErrTooLarge))
			nothingIsLeft(t, e)
		})
	}
}

func TestTheLimitItselfIsAllowed(t *testing.T) {
	for _, size := range []int{100, 4096, 10_000} {
		is := is.New(t)
		e := enginetest.New(t)
		u, err := create(t, e, strings.NewReader(strings.Repeat("a", size)), upload.Options{Size: int64(size), MaxSize: int64(size)})
		is.NoErr(err)
		is.Equal(u.Size, int64(size))
	}
}

func TestTheLimitOfTheEngineHoldsWithoutOptions(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t, func(cfg *weegloo.Config) { cfg.MaxUploadSize = 5 })
	_, err := create(t, e, strings.NewReader("123456"), upload.Options{})
	is.True(errors.Is(err, upload.ErrTooLarge))
	_, err = create(t, e, strings.NewReader("123456"), upload.Options{MaxSize: 6})
	is.NoErr(err) // a call may have its own
}

// brokenAt delivers n bytes and then fails.
type brokenAt struct {
	n   int
	err error
}

func (b *brokenAt) Read(p []byte) (int, error) {
	if b.n == 0 {
		return 0, b.err
	}
	n := min(len(p), b.n, 700)
	b.n -= n
	clear(p[:n])
	return n, nil
}

func TestAReaderThatFailsAnywhereLeavesNothing(t *testing.T) {
	hungUp := errors.New("the client hung up")
	for _, err := range []error{hungUp, io.ErrUnexpectedEOF} {
		for n := 0; n <= 9000; n += 250 {
			is := is.New(t)
			e := enginetest.New(t)
			_, got := create(t, e, &brokenAt{n, err}, upload.Options{Size: 20_000})
			is.True(errors.Is(got, upload.ErrIncomplete))
			is.True(errors.Is(got, err)) // the reader's own error is told too
			nothingIsLeft(t, e)
		}
	}
}

func TestACallThatIsCancelledLeavesNothing(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	body := io.MultiReader(strings.NewReader(strings.Repeat("a", 6000)), readerFunc(func([]byte) (int, error) {
		cancel()
		return 0, nil
	}), strings.NewReader("more"))
	_, err := e.Uploads.Create(ctx, enginetest.Alice, owner, body, upload.Options{})
	is.True(errors.Is(err, context.Canceled))
	nothingIsLeft(t, e)
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestNothingIsWrittenBeforeTheHeadIsThere(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	looked := false
	body := io.MultiReader(readerFunc(func([]byte) (int, error) {
		looked = true
		is.Equal(len(enginetest.Records(t, e.Store)), 0)
		return 0, io.EOF
	}), strings.NewReader("some bytes"))
	_, err := create(t, e, body, upload.Options{})
	is.NoErr(err)
	is.True(looked)
}

func TestOwnersOfAnotherKindAreMissing(t *testing.T) {
	for _, o := range []sys.Owner{{}, {Type: sys.TargetUser, ID: "alice"}, sys.SpaceOwner("a/b"), sys.OrganizationOwner("")} {
		is := is.New(t)
		e := enginetest.New(t)
		_, err := e.Uploads.Create(t.Context(), enginetest.Alice, o, strings.NewReader("x"), upload.Options{})
		is.True(isMissing(err, o.Type, o.ID))
		is.Equal(len(enginetest.Records(t, e.Store)), 0)
	}
}

func isMissing(err error, target sys.Target, id string) bool {
	var missing *sys.Missing
	return errors.Is(err, sys.ErrNotFound) && errors.As(err, &missing) && missing.Refer == sys.Refer{ID: id, Type: target}
}
