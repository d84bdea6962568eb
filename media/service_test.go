package media_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/sys"
	"github.com/weegloo/weegloo/upload"
)

const (
	space  = enginetest.Space
	locale = enginetest.Locale
)

// becomes is an edit that makes a Media the content.
func becomes(content media.Content) func(media.Media) (media.Content, error) {
	return func(media.Media) (media.Content, error) { return content, nil }
}

// unchanged is the edit that says again what is there.
func unchanged(m media.Media) (media.Content, error) { return m.Content(), nil }

// save saves a content over the current version.
func save(t *testing.T, e *enginetest.Engine, id string, content media.Content) (media.Media, error) {
	t.Helper()
	return e.Media.Save(t.Context(), enginetest.Alice, space, id, e.Get(id).Version, media.WriteOptions{}, becomes(content))
}

func isMissing(err error, target sys.Target, id string) bool {
	var missing *sys.Missing
	return errors.Is(err, sys.ErrNotFound) && errors.As(err, &missing) && missing.Refer == sys.Refer{ID: id, Type: target}
}

func TestWhatIsAnsweredIsWhatIsStored(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	content := enginetest.TextFile(e.Upload("some bytes"))
	content.Title = map[string]string{locale: "<&>"}
	content.Tags = []string{"t1"}
	created := e.Create(content, media.WriteOptions{})
	is.Equal(e.Get(created.ID), created)

	e.Settle()
	is.Equal(e.Get(created.ID).File[locale].Detail.Size, int64(10))
	saved, err := e.Media.Save(t.Context(), enginetest.Alice, space, created.ID, 2, media.WriteOptions{IgnorePublish: true}, unchanged)
	is.NoErr(err)
	is.Equal(e.Get(created.ID), saved)
}

func TestAMediaIsOfItsSpaceAlone(t *testing.T) {
	e := enginetest.New(t)
	m := e.Create(media.Content{}, media.WriteOptions{})
	for name, where := range map[string]struct{ space, id string }{
		"another space": {"s2", m.ID},
		"unknown":       {space, "nowhere"},
		"empty id":      {space, ""},
		"no id":         {space, "../" + space + "/" + m.ID},
		"no space":      {"", m.ID},
		"path as space": {"x/../" + space, m.ID},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			_, err := e.Media.Get(t.Context(), where.space, where.id)
			is.True(isMissing(err, sys.TargetMedia, where.id)) // for a reader
			_, err = e.Media.Publish(t.Context(), enginetest.Alice, where.space, where.id, 1)
			is.True(isMissing(err, sys.TargetMedia, where.id)) // for a writer, before the version is looked at
			is.True(isMissing(e.Media.Delete(t.Context(), enginetest.Alice, where.space, where.id), sys.TargetMedia, where.id))
		})
	}
	is.New(t).Equal(e.Get(m.ID), m)
}

func TestADeletedMediaIsGone(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	m := e.Create(media.Content{}, media.WriteOptions{})
	is.NoErr(e.Media.Delete(t.Context(), enginetest.Alice, space, m.ID))
	_, err := e.Media.Get(t.Context(), space, m.ID)
	is.True(isMissing(err, sys.TargetMedia, m.ID))
	is.True(isMissing(e.Media.Delete(t.Context(), enginetest.Alice, space, m.ID), sys.TargetMedia, m.ID))
	is.Equal(len(enginetest.Keys(t, e.Store, "media/")), 0)
}

func TestASpaceThatTheHostDoesNotKnowIsMissing(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t, func(cfg *weegloo.Config) {
		cfg.Spaces = func(context.Context, string) (sys.Space, error) { return sys.Space{}, sys.ErrNotFound }
	})
	_, err := e.Media.Create(t.Context(), enginetest.Alice, space, media.Content{}, media.WriteOptions{})
	is.True(isMissing(err, sys.TargetSpace, space))
	_, err = e.Media.Save(t.Context(), enginetest.Alice, space, "id", 1, media.WriteOptions{}, unchanged)
	is.True(isMissing(err, sys.TargetSpace, space))
}

func TestAnErrorOfTheHostsSpacesIsPassedOn(t *testing.T) {
	is := is.New(t)
	broken := errors.New("the host's table is down")
	e := enginetest.New(t, func(cfg *weegloo.Config) {
		cfg.Spaces = func(context.Context, string) (sys.Space, error) { return sys.Space{}, broken }
	})
	_, err := e.Media.Create(t.Context(), enginetest.Alice, space, media.Content{}, media.WriteOptions{})
	is.True(errors.Is(err, broken))
}

// TestARefusedWriteLeavesNothing lets every kind of write be refused and
// compares all records before and after.
func TestARefusedWriteLeavesNothing(t *testing.T) {
	e := enginetest.New(t)
	u := e.Upload("other bytes")
	m := e.Published("some bytes")
	newFile := enginetest.TextFile(u, locale, "ko-KR")
	gone := enginetest.TextFile(u, locale)
	gone.File["ko-KR"] = textEntry("nowhere") // found only after the first was
	vetoed := errors.New("vetoed")
	write := func(version int64, edit func(media.Media) (media.Content, error)) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := e.Media.Save(ctx, enginetest.Alice, space, m.ID, version, media.WriteOptions{}, edit)
			return err
		}
	}
	for name, c := range map[string]struct {
		do   func(context.Context) error
		want error
	}{
		"stale save":      {write(m.Version-1, becomes(newFile)), media.ErrStale},
		"missing upload":  {write(m.Version, becomes(gone)), sys.ErrNotFound},
		"invalid":         {write(m.Version, becomes(title("a"))), media.ErrContent},
		"nothing to keep": {write(m.Version, becomes(newFiles("", "ko-KR"))), media.ErrContent},
		"edit refuses":    {write(m.Version, func(media.Media) (media.Content, error) { return newFile, vetoed }), vetoed},
		"live":            {func(ctx context.Context) error { return e.Media.Delete(ctx, enginetest.Alice, space, m.ID) }, media.ErrLive},
		"create": {func(ctx context.Context) error {
			_, err := e.Media.Create(ctx, enginetest.Alice, space, gone, media.WriteOptions{})
			return err
		}, sys.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			before := enginetest.Records(t, e.Store)
			is.True(errors.Is(c.do(t.Context()), c.want))
			is.Equal(enginetest.Records(t, e.Store), before)
		})
	}
}

func TestEditIsAskedOnlyWhenTheWriteIsAllowed(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	busy := e.Create(enginetest.TextFile(e.Upload("some bytes")), media.WriteOptions{})
	edit := func(media.Media) (media.Content, error) {
		t.Error("edit was called")
		return media.Content{}, nil
	}
	_, err := e.Media.Save(t.Context(), enginetest.Alice, space, busy.ID, 2, media.WriteOptions{}, edit)
	is.Equal(err, media.ErrStale)
	_, err = e.Media.Save(t.Context(), enginetest.Alice, space, busy.ID, 1, media.WriteOptions{}, edit)
	is.Equal(err, media.ErrBusy)
}

// TestOneOfManyWritersOfAVersionWins also looks at what the losers left: each
// had an Upload of its own to attach.
func TestOneOfManyWritersOfAVersionWins(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	m := e.Published("some bytes")
	const writers = 16
	uploads := make([]upload.Upload, writers)
	for i := range uploads {
		uploads[i] = e.Upload(strings.Repeat("x", i+1))
	}
	errs := make([]error, writers)
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			_, errs[i] = e.Media.Save(t.Context(), enginetest.Alice, space, m.ID, m.Version, media.WriteOptions{},
				becomes(enginetest.TextFile(uploads[i])))
		})
	}
	all.Wait()

	after, winners := e.Get(m.ID), 0
	is.Equal(after.Version, m.Version+1)
	for i, err := range errs {
		if err == nil {
			winners++
			is.Equal(after.File[locale].Upload, uploads[i].ID)
			is.Equal(holders(t, e, uploads[i].Blob), 2) // the Upload and the Media
			continue
		}
		is.Equal(err, media.ErrStale)
		is.Equal(holders(t, e, uploads[i].Blob), 1) // the Upload alone
	}
	is.Equal(winners, 1)
	is.Equal(len(enginetest.Keys(t, e.Store, "due/")), 1+1+writers) // one file to process, and the expiries
}

// holders is how many hold a blob.
func holders(t *testing.T, e *enginetest.Engine, key string) (n int) {
	t.Helper()
	err := store.View(t.Context(), e.Store, func(r store.Reader) error {
		names, err := upload.Holders(r, key)
		n = len(names)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAReactorCanRefuseAChange(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	refusal := errors.New("no room")
	var seen media.Change
	service := media.New(media.Config{
		Store: e.Store, Spaces: sys.Everywhere(sys.Locale{Code: locale}), Now: e.Clock.Now, NewID: enginetest.Counter(),
		Reactors: []media.Reactor{func(_ store.Writer, c media.Change) error {
			seen = c
			return refusal
		}},
		Wake: func(time.Time) { t.Error("woken for nothing") },
	})
	_, err := service.Create(t.Context(), enginetest.Alice, space, media.Content{}, media.WriteOptions{})
	is.Equal(err, refusal)
	is.Equal(seen.After.Version, int64(1))
	is.Equal(topics(seen.Events), []media.Topic{media.TopicCreate})
	is.Equal(len(enginetest.Records(t, e.Store)), 0)
}
