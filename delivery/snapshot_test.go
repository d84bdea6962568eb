package delivery_test

import (
	"errors"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/delivery"
	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/sys"
)

const space = enginetest.Space

// retitle saves another title and leaves the published one as it is.
func retitle(t *testing.T, e *enginetest.Engine, id, title string) media.Media {
	t.Helper()
	content := e.Get(id).Content()
	content.Title = map[string]string{enginetest.Locale: title}
	return saveDraft(t, e, id, content)
}

func saveDraft(t *testing.T, e *enginetest.Engine, id string, content media.Content) media.Media {
	t.Helper()
	m, err := e.Media.Save(t.Context(), enginetest.Alice, space, id, e.Get(id).Version,
		media.WriteOptions{IgnorePublish: true}, func(media.Media) (media.Content, error) { return content, nil })
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func publish(t *testing.T, e *enginetest.Engine, id string) media.Media {
	t.Helper()
	m, err := e.Media.Publish(t.Context(), enginetest.Alice, space, id, e.Get(id).Version)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func unpublish(t *testing.T, e *enginetest.Engine, id string) media.Media {
	t.Helper()
	m, err := e.Media.Unpublish(t.Context(), enginetest.Alice, space, id, e.Get(id).Version)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// delivered is the snapshot of a Media that is published.
func delivered(t *testing.T, e *enginetest.Engine, id string) delivery.Snapshot {
	t.Helper()
	s, err := e.Delivery.Get(t.Context(), space, id)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func isMissing(err error, id string) bool {
	var missing *sys.Missing
	return errors.Is(err, sys.ErrNotFound) && errors.As(err, &missing) && missing.Refer == sys.Refer{ID: id, Type: sys.TargetMedia}
}

func TestASnapshotIsTheMediaAsItWasPublished(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	u := e.Upload("some bytes")
	content := enginetest.TextFile(u)
	content.Title = map[string]string{"en-US": "a title", "ko-KR": "제목"}
	content.Description = map[string]string{"en-US": ""}
	m := e.Create(content, media.WriteOptions{IgnorePublish: true})
	e.Clock.Advance(time.Second)
	e.Settle()
	e.Clock.Advance(time.Second)
	m = publish(t, e, m.ID)

	is.Equal(delivered(t, e, m.ID), delivery.Snapshot{
		ID: m.ID, Space: space, CreatedAt: enginetest.Start, Revision: 1,
		UpdatedAt: enginetest.Start.Add(time.Second), // when its file was done, and not when it was published
		Title:     map[string]string{"en-US": "a title", "ko-KR": "제목"}, Description: map[string]string{"en-US": ""},
		File: map[string]delivery.File{"en-US": {
			Name: "note.txt", ContentType: "text/plain", MimeGroups: []string{"Plaintext"}, Revision: 1, Blob: u.Blob,
			Detail: *m.File["en-US"].Detail,
		}},
	})
}

func TestADraftIsNotDelivered(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	m := e.Create(enginetest.TextFile(e.Upload("some bytes")), media.WriteOptions{IgnorePublish: true})
	e.Settle()
	_, err := e.Delivery.Get(t.Context(), space, m.ID)
	is.True(isMissing(err, m.ID))
}

func TestAnotherSpacesSnapshotIsMissing(t *testing.T) {
	e := enginetest.New(t)
	m := e.Published("some bytes")
	for name, where := range map[string]struct{ space, id string }{
		"another space": {"s2", m.ID}, "unknown": {space, "nowhere"}, "path": {"x/../" + space, m.ID}, "nothing": {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			_, err := e.Delivery.Get(t.Context(), where.space, where.id)
			is.True(isMissing(err, where.id))
		})
	}
}

func TestAChangedMediaShowsItsOldSnapshot(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	m := e.Published("some bytes")
	before := delivered(t, e, m.ID)
	e.Clock.Advance(time.Hour)
	is.Equal(retitle(t, e, m.ID, "a draft").Status(), media.Changed)
	is.Equal(delivered(t, e, m.ID), before)

	publish(t, e, m.ID)
	after := delivered(t, e, m.ID)
	is.Equal(after.Title[enginetest.Locale], "a draft")
	is.Equal(after.Revision, int64(3))
	is.Equal(after.UpdatedAt, enginetest.Start.Add(time.Hour))
	is.Equal(after.File, before.File) // its address stays
}

func TestUnpublishEndsTheDelivery(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	m := e.Published("some bytes")
	address := delivered(t, e, m.ID).Address(enginetest.Locale)
	unpublish(t, e, m.ID)
	_, err := e.Delivery.Get(t.Context(), space, m.ID)
	is.True(isMissing(err, m.ID)) // at once
	_, _, err = e.Delivery.Open(t.Context(), address)
	is.True(errors.Is(err, delivery.ErrNoFile))
	is.Equal(len(enginetest.Keys(t, e.Store, "snapshot/")), 0)
}

func TestAPublishAfterAnUnpublishDeliversAgain(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	m := e.Published("some bytes")
	before := delivered(t, e, m.ID)
	unpublish(t, e, m.ID)
	publish(t, e, m.ID)
	after := delivered(t, e, m.ID)
	is.Equal(after.Revision, int64(3))
	is.Equal(after.Address(enginetest.Locale), before.Address(enginetest.Locale)) // the same file has the same address
}

// TestEachFieldFallsBackByItself: ko-KR falls back to en-US, de-DE to nobody.
func TestEachFieldFallsBackByItself(t *testing.T) {
	text := func(s string) *string { return &s }
	english, korean := delivery.File{Name: "english.txt"}, delivery.File{Name: "korean.txt"}
	locales := sys.Space{Locales: []sys.Locale{
		{Code: "en-US"}, {Code: "ko-KR", Fallback: "en-US"}, {Code: "ko-KP", Fallback: "ko-KR"}, {Code: "de-DE"},
	}}
	s := delivery.Snapshot{
		Title:       map[string]string{"en-US": "title", "ko-KR": ""},
		Description: map[string]string{"en-US": "description", "de-DE": "Beschreibung"},
		File:        map[string]delivery.File{"en-US": english, "ko-KP": korean},
	}
	for locale, want := range map[string]delivery.Localized{
		"en-US": {Title: text("title"), Description: text("description"), File: &english, FileLocale: "en-US"},
		"ko-KR": {Title: text(""), Description: text("description"), File: &english, FileLocale: "en-US"}, // an empty text is a value
		"ko-KP": {Title: text(""), Description: text("description"), File: &korean, FileLocale: "ko-KP"},
		"de-DE": {Description: text("Beschreibung")}, // the default locale plays no automatic role
		"xx":    {},
	} {
		t.Run(locale, func(t *testing.T) {
			is := is.New(t)
			is.Equal(s.In(locales, locale), want)
		})
	}
}

func TestLocalesAreThoseOfTheSpace(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	locales, code, err := e.Delivery.Locales(t.Context(), space, "")
	is.NoErr(err)
	is.Equal(code, "en-US") // the default
	is.True(locales.Has("ko-KR"))
	_, code, err = e.Delivery.Locales(t.Context(), space, "ko-KR")
	is.NoErr(err)
	is.Equal(code, "ko-KR")
	_, _, err = e.Delivery.Locales(t.Context(), space, "xx")
	is.True(errors.Is(err, delivery.ErrLocale))
	is.True(errors.Is(err, sys.ErrInvalid))
}
