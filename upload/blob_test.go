package upload_test

import (
	"errors"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/upload"
)

// holdersOf are those of the bytes of an Upload.
func holdersOf(t *testing.T, e *enginetest.Engine, u upload.Upload) (names []string) {
	t.Helper()
	err := store.View(t.Context(), e.Store, func(r store.Reader) (err error) {
		names, err = upload.Holders(r, u.Blob)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// hold lets a holder go from the blobs before to those after.
func hold(t *testing.T, e *enginetest.Engine, holder string, before, after []string) error {
	t.Helper()
	return store.Update(t.Context(), e.Store, func(w store.Writer) error {
		return upload.Hold(w, e.Clock.Now(), holder, before, after)
	})
}

func TestBytesGoWithTheirLastHolder(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	u := e.Upload("some bytes")
	is.NoErr(hold(t, e, "a", nil, []string{u.Blob}))
	is.NoErr(hold(t, e, "b", nil, []string{u.Blob}))
	is.NoErr(e.Uploads.Delete(t.Context(), owner, u.ID))
	is.Equal(holdersOf(t, e, u), []string{"a", "b"})
	is.NoErr(hold(t, e, "a", []string{u.Blob}, nil))
	e.Settle()
	is.Equal(stored(t, e, u.Blob), "some bytes")

	is.NoErr(hold(t, e, "b", []string{u.Blob}, nil))
	is.Equal(len(enginetest.Keys(t, e.Store, "blob/")), 0) // the record goes first
	is.Equal(e.Blobs.Keys(), []string{u.Blob})             // and the bytes
	is.Equal(len(enginetest.Keys(t, e.Store, "due/")), 1)  // by background work
	is.True(hold(t, e, "c", nil, []string{u.Blob}) != nil) // too late
	is.Equal(len(enginetest.Keys(t, e.Store, "blob/")), 0) // and without effect
	e.Settle()
	is.Equal(len(e.Blobs.Keys()), 0)
}

func TestAHolderHoldsABlobOnce(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	u := e.Upload("some bytes")
	is.NoErr(hold(t, e, "a", nil, []string{u.Blob}))
	is.NoErr(hold(t, e, "a", nil, []string{u.Blob}))
	is.Equal(holdersOf(t, e, u), []string{"a", "upload/Space/s1/" + u.ID})
	is.NoErr(hold(t, e, "a", []string{u.Blob}, []string{u.Blob})) // it goes on holding
	is.Equal(len(holdersOf(t, e, u)), 2)
	is.NoErr(hold(t, e, "a", []string{u.Blob}, nil))
	is.Equal(len(holdersOf(t, e, u)), 1)
}

func TestABlobWithoutARecordCannotBeHeld(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	is.True(errors.Is(hold(t, e, "a", nil, []string{"nothing"}), store.ErrNotFound))
	is.NoErr(hold(t, e, "a", []string{"nothing"}, nil)) // to let go of it is no error
	is.Equal(len(enginetest.Records(t, e.Store)), 0)
}

// TestAMediaOutlivesItsUpload ends the Upload in both ways.
func TestAMediaOutlivesItsUpload(t *testing.T) {
	for name, end := range map[string]func(e *enginetest.Engine, u upload.Upload) error{
		"deleted": func(e *enginetest.Engine, u upload.Upload) error { return e.Uploads.Delete(t.Context(), owner, u.ID) },
		"expired": func(e *enginetest.Engine, _ upload.Upload) error { e.Clock.Advance(24 * time.Hour); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			e := enginetest.New(t)
			u := e.Upload("some bytes")
			first := e.Create(enginetest.TextFile(u, "en-US", "de-DE"), media.WriteOptions{})
			second := e.Create(enginetest.TextFile(u), media.WriteOptions{})
			e.Settle()
			first, second = e.Get(first.ID), e.Get(second.ID)

			is.NoErr(end(e, u))
			e.Settle()
			is.Equal(len(enginetest.Keys(t, e.Store, "upload/")), 0)
			is.Equal(e.Get(first.ID), first)
			is.Equal(e.Get(second.ID), second)
			is.Equal(stored(t, e, u.Blob), "some bytes")

			remove(t, e, first)
			is.Equal(stored(t, e, u.Blob), "some bytes") // the second needs them
			remove(t, e, second)
			is.Equal(len(e.Blobs.Keys()), 0)
			is.Equal(len(enginetest.Keys(t, e.Store, "blob/")), 0)
		})
	}
}

// remove unpublishes and deletes a Media, and lets its bytes go.
func remove(t *testing.T, e *enginetest.Engine, m media.Media) {
	t.Helper()
	_, err := e.Media.Unpublish(t.Context(), enginetest.Alice, m.Space, m.ID, m.Version)
	if err == nil {
		err = e.Media.Delete(t.Context(), enginetest.Alice, m.Space, m.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	e.Settle()
}

// TestAnEndAndACreateDoNotRace lets the Upload end between the read of a
// create and its commit: the create must notice.
func TestAnEndAndACreateDoNotRace(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	u := e.Upload("some bytes")
	tx, err := e.Store.Begin(t.Context(), true)
	is.NoErr(err)
	defer tx.Rollback()
	_, err = upload.Find(tx, owner, u.ID, e.Clock.Now())
	is.NoErr(err)
	is.NoErr(upload.Hold(tx, e.Clock.Now(), "media/s1/m1", nil, []string{u.Blob}))

	is.NoErr(e.Uploads.Delete(t.Context(), owner, u.ID))
	is.True(errors.Is(tx.Commit(), store.ErrConflict))
	nothingIsLeft(t, e)
}
