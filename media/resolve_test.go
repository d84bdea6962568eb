package media_test

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
	"github.com/weegloo/weegloo/sys"
	"github.com/weegloo/weegloo/upload"
)

// TestEveryUploadThatIsNotThereIsMissingAlike: who may not have an Upload does
// not learn whether there is one.
func TestEveryUploadThatIsNotThereIsMissingAlike(t *testing.T) {
	e := enginetest.New(t)
	ownedBy := func(owner sys.Owner) string {
		u, err := e.Uploads.Create(t.Context(), enginetest.Alice, owner, oneByte(), upload.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return u.ID
	}
	expired := e.Upload("old bytes").ID
	e.Clock.Advance(24 * time.Hour)
	deleted := e.Upload("deleted bytes").ID
	if err := e.Uploads.Delete(t.Context(), sys.SpaceOwner(space), deleted); err != nil {
		t.Fatal(err)
	}
	for name, id := range map[string]string{
		"unknown":                  "nowhere",
		"expired":                  expired,
		"deleted":                  deleted,
		"of another space":         ownedBy(sys.SpaceOwner("s2")),
		"of an organization":       ownedBy(sys.OrganizationOwner("o1")),
		"of a namesake":            ownedBy(sys.OrganizationOwner(space)),
		"no id at all":             "a/b",
		"a way to another space's": "../s2/id",
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			before := enginetest.Records(t, e.Store)
			_, err := e.Media.Create(t.Context(), enginetest.Alice, space, newFiles(id, locale), media.WriteOptions{})
			is.True(isMissing(err, sys.TargetUpload, id))
			is.Equal(enginetest.Records(t, e.Store), before)
		})
	}
}

func TestOneUploadFeedsManyFiles(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	u := e.Upload("some bytes")
	first := e.Create(enginetest.TextFile(u, locale, "ko-KR"), media.WriteOptions{})
	second := e.Create(enginetest.TextFile(u), media.WriteOptions{})
	is.Equal(first.File[locale].Blob, u.Blob)
	is.Equal(first.File["ko-KR"].Blob, u.Blob)
	is.Equal(second.File[locale].Blob, u.Blob)
	is.Equal(holders(t, e, u.Blob), 3) // the Upload and each Media once
}

func TestAnEntryWithoutAnUploadKeepsTheFile(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	m := e.Published("some bytes")
	content := m.Content()
	content.Title = map[string]string{locale: "a title"}
	content.File[locale] = media.Entry{Name: "ignored.txt", ContentType: "text/ignored"}
	after, err := save(t, e, m.ID, content)
	is.NoErr(err)
	is.Equal(after.File, m.File) // and its name is the stored one's
	is.Equal(after.Title, content.Title)
}

func TestAnEntryWithoutAnUploadNeedsAFile(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	_, err := e.Media.Create(t.Context(), enginetest.Alice, space, newFiles("", locale), media.WriteOptions{})
	is.True(isUploadRequired(err, locale))

	m := e.Published("some bytes")
	content := m.Content()
	content.File["ko-KR"] = textEntry("")
	_, err = save(t, e, m.ID, content)
	is.True(isUploadRequired(err, "ko-KR"))
}

func isUploadRequired(err error, locale string) bool {
	var invalid *sys.Invalid
	return errors.Is(err, media.ErrContent) && errors.As(err, &invalid) &&
		len(invalid.Problems) == 1 && invalid.Problems[0].Path == "/fields/file/"+locale+"/upload"
}

func TestALocaleThatIsNotListedLosesItsFile(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	m := e.Published("some bytes")
	after, err := save(t, e, m.ID, media.Content{})
	is.NoErr(err)
	is.Equal(after.File, map[string]media.File{})
	is.Equal(after.Status(), media.Changed) // without a file it cannot be published
}

func TestTheUploadOfAFailedFileNeedNotBeThere(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t, func(cfg *weegloo.Config) { cfg.Processor = failing{} })
	u := e.Upload("some bytes")
	m := e.Create(enginetest.TextFile(u), media.WriteOptions{})
	e.Settle()
	failed := e.Get(m.ID)
	is.Equal(failed.File[locale].State, media.Failed)
	is.NoErr(e.Uploads.Delete(t.Context(), sys.SpaceOwner(space), u.ID))

	content := enginetest.TextFile(u)
	content.Title = map[string]string{locale: "a title"}
	after, err := save(t, e, m.ID, content)
	is.NoErr(err)
	is.Equal(after.File, failed.File)

	content.File["ko-KR"] = content.File[locale] // but it is no new file any more
	_, err = save(t, e, m.ID, content)
	is.True(isMissing(err, sys.TargetUpload, u.ID))
}

func TestTheUploadOfADoneFileIsLookedUpAgain(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	u := e.Upload("some bytes")
	m := e.Create(enginetest.TextFile(u), media.WriteOptions{})
	e.Settle()
	after, err := save(t, e, m.ID, enginetest.TextFile(u))
	is.NoErr(err)
	is.Equal(after.File[locale].State, media.Pending)
	is.Equal(after.File[locale].Blob, u.Blob)

	e.Settle()
	is.NoErr(e.Uploads.Delete(t.Context(), sys.SpaceOwner(space), u.ID))
	_, err = save(t, e, m.ID, enginetest.TextFile(u))
	is.True(isMissing(err, sys.TargetUpload, u.ID))
}

// failing is a Processor for which every file is bad.
type failing struct{}

func (failing) Process(context.Context, processing.Source) (processing.Result, error) {
	return processing.Result{}, processing.NewFailure("bad", errors.New("bad"))
}

func oneByte() io.Reader { return strings.NewReader("x") }
