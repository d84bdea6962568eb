package delivery_test

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/delivery"
	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/sys"
)

// bytesAt are the bytes delivered at an address.
func bytesAt(t *testing.T, e *enginetest.Engine, a delivery.Address) (string, error) {
	t.Helper()
	_, file, err := e.Delivery.Open(t.Context(), a)
	if err != nil {
		return "", err
	}
	defer file.Close()
	body, err := io.ReadAll(file)
	return string(body), err
}

func TestAFileIsDeliveredAtItsAddressAlone(t *testing.T) {
	e := enginetest.New(t)
	m := e.Published("some bytes")
	good := delivered(t, e, m.ID).Address(enginetest.Locale)
	is := is.New(t)
	body, err := bytesAt(t, e, good)
	is.NoErr(err)
	is.Equal(body, "some bytes")
	for name, change := range map[string]func(a *delivery.Address){
		"another space":  func(a *delivery.Address) { a.Space = "s2" },
		"another media":  func(a *delivery.Address) { a.Media = "nowhere" },
		"another locale": func(a *delivery.Address) { a.Locale = "ko-KR" }, // no fallback here
		"older revision": func(a *delivery.Address) { a.Revision-- },
		"newer revision": func(a *delivery.Address) { a.Revision++ },
		"another name":   func(a *delivery.Address) { a.Name = "other.txt" },
		"no name":        func(a *delivery.Address) { a.Name = "" },
		"a path":         func(a *delivery.Address) { a.Space = "../" + space },
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			a := good
			change(&a)
			_, _, err := e.Delivery.Open(t.Context(), a)
			is.True(errors.Is(err, delivery.ErrNoFile))
			is.True(errors.Is(err, sys.ErrNotFound))
		})
	}
}

// TestAReplacedFileIsDeliveredUntilItsSuccessorIs: the draft has another file,
// which must not take the delivered one away.
func TestAReplacedFileIsDeliveredUntilItsSuccessorIs(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	first := e.Upload("first bytes")
	m := e.Create(enginetest.TextFile(first), media.WriteOptions{})
	e.Settle()
	is.NoErr(e.Uploads.Delete(t.Context(), sys.SpaceOwner(space), first.ID))
	old := delivered(t, e, m.ID).Address(enginetest.Locale)

	second := e.Upload("second bytes")
	saveDraft(t, e, m.ID, enginetest.TextFile(second))
	e.Settle()
	body, err := bytesAt(t, e, old)
	is.NoErr(err)
	is.Equal(body, "first bytes")

	publish(t, e, m.ID)
	_, err = bytesAt(t, e, old)
	is.True(errors.Is(err, delivery.ErrNoFile)) // the old address is gone
	next := delivered(t, e, m.ID).Address(enginetest.Locale)
	is.Equal(next.Revision, int64(3))
	body, err = bytesAt(t, e, next)
	is.NoErr(err)
	is.Equal(body, "second bytes")
	e.Settle()
	is.Equal(e.Blobs.Keys(), []string{second.Blob}) // and the old bytes are too
}

func TestARemovedFileIsDeliveredUntilThePublish(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	m := e.Create(enginetest.TextFile(e.Upload("some bytes"), "en-US", "de-DE"), media.WriteOptions{})
	e.Settle()
	german := delivered(t, e, m.ID).Address("de-DE")
	content := e.Get(m.ID).Content()
	delete(content.File, "de-DE")
	saveDraft(t, e, m.ID, content)
	_, err := bytesAt(t, e, german)
	is.NoErr(err)
	publish(t, e, m.ID)
	_, err = bytesAt(t, e, german)
	is.True(errors.Is(err, delivery.ErrNoFile))
}

func TestAFailedReplacementKillsNothing(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	m := e.Published("some bytes")
	address := delivered(t, e, m.ID).Address(enginetest.Locale)
	content := enginetest.TextFile(e.Upload("\x89PNG\r\n\x1a\nno picture at all"))
	content.File[enginetest.Locale] = media.Entry{
		Name: "a.png", ContentType: "image/png", Upload: content.File[enginetest.Locale].Upload,
	}
	saveDraft(t, e, m.ID, content)
	e.Settle()
	is.Equal(e.Get(m.ID).File[enginetest.Locale].State, media.Failed)
	body, err := bytesAt(t, e, address)
	is.NoErr(err)
	is.Equal(body, "some bytes")
}

func TestAURLStartsWithTheBaseURL(t *testing.T) {
	a := delivery.Address{Space: "s", Media: "m", Locale: "l", Revision: 2, Name: "a b"}
	for base, want := range map[string]string{
		"":                           "/medias/s/m/m/l/2/a%20b",
		"https://media.example.com":  "https://media.example.com/medias/s/m/m/l/2/a%20b",
		"https://example.com/files/": "https://example.com/files/medias/s/m/m/l/2/a%20b",
	} {
		is := is.New(t)
		e := enginetest.New(t, func(cfg *weegloo.Config) { cfg.FilesBaseURL = base })
		is.Equal(e.Delivery.URL(a), want)
	}
}

// lostDisk are blobs that have lost their bytes, or cannot be asked.
type lostDisk struct {
	store.Blobs
	err error
}

func (d lostDisk) Open(context.Context, string, int64, int64) (io.ReadCloser, error) {
	return nil, d.err
}

func TestBytesThatWentMeanwhileAreNotFound(t *testing.T) {
	broken := errors.New("input/output error")
	for _, c := range []struct {
		err  error
		gone bool
	}{{store.ErrNotFound, true}, {broken, false}} {
		is := is.New(t)
		e := enginetest.New(t, func(cfg *weegloo.Config) { cfg.Blobs = lostDisk{cfg.Blobs, c.err} })
		m := e.Published("some bytes")
		_, _, err := e.Delivery.Open(t.Context(), delivered(t, e, m.ID).Address(enginetest.Locale))
		is.Equal(errors.Is(err, delivery.ErrNoFile), c.gone)
		is.Equal(errors.Is(err, broken), !c.gone) // a disk that fails is not a file that is gone
	}
}
