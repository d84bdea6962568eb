package weegloo_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/sys"
)

// sequence is the golden sequence of section 4 under way.
type sequence struct {
	*enginetest.Engine
	*is.I
	t *testing.T
	m media.Media
}

// expect checks the Media as it is stored, and its delivery: the revision that
// is delivered, or 0 for none.
func (s *sequence) expect(m media.Media, err error, status media.Status, version, published, counter, delivered int64) {
	s.t.Helper()
	s.NoErr(err)
	s.m = s.Get(m.ID)
	s.Equal(s.m, m) // what is stored is what was answered
	s.Equal(s.m.Status(), status)
	s.Equal(s.m.Version, version)
	s.Equal(s.m.Publish.Version, published)
	s.Equal(s.m.Publish.Counter, counter)

	snap, err := s.Delivery.Get(s.t.Context(), enginetest.Space, m.ID)
	if delivered == 0 {
		s.True(errors.Is(err, sys.ErrNotFound)) // it is not delivered
	} else {
		s.NoErr(err)
	}
	s.Equal(snap.Revision, delivered)
	s.Clock.Advance(time.Second)
}

// retitle saves another title and does not publish it.
func (s *sequence) retitle(title string) (media.Media, error) {
	edit := func(m media.Media) (media.Content, error) {
		content := m.Content()
		content.Title = map[string]string{enginetest.Locale: title}
		return content, nil
	}
	return s.Media.Save(s.t.Context(), enginetest.Alice, enginetest.Space, s.m.ID, s.m.Version,
		media.WriteOptions{IgnorePublish: true}, edit)
}

// transition is one of Publish, Unpublish, Archive and Unarchive.
type transition = func(ctx context.Context, by sys.Actor, space, id string, version int64) (media.Media, error)

func (s *sequence) step(do transition) (media.Media, error) {
	return do(s.t.Context(), enginetest.Alice, enginetest.Space, s.m.ID, s.m.Version)
}

func TestGoldenSequence(t *testing.T) {
	e := enginetest.New(t)
	s := &sequence{Engine: e, I: is.New(t), t: t}

	m := e.Create(enginetest.TextFile(e.Upload("some bytes")), media.WriteOptions{})
	s.expect(m, nil, media.Draft, 1, 0, 0, 0)
	s.Equal(s.m.File[enginetest.Locale].State, media.Pending)

	e.Settle()
	s.expect(e.Get(m.ID), nil, media.Published, 2, 1, 1, 1)
	firstAt := s.m.Publish.FirstAt

	m, err := s.retitle("a title")
	s.expect(m, err, media.Changed, 3, 1, 1, 1)
	m, err = s.retitle("another title")
	s.expect(m, err, media.Changed, 4, 1, 1, 1)
	m, err = s.step(e.Media.Publish)
	s.expect(m, err, media.Published, 5, 4, 2, 4)

	_, err = s.step(e.Media.Archive)
	s.Equal(err, media.ErrNotDraft)
	s.Equal(e.Media.Delete(t.Context(), enginetest.Alice, enginetest.Space, m.ID), media.ErrLive)

	m, err = s.step(e.Media.Unpublish)
	s.expect(m, err, media.Draft, 6, 0, 2, 0)
	m, err = s.step(e.Media.Archive)
	s.expect(m, err, media.Archived, 7, 0, 2, 0)
	s.Equal(s.m.Archive.Version, int64(6))
	m, err = s.step(e.Media.Unarchive)
	s.expect(m, err, media.Draft, 8, 0, 2, 0)
	m, err = s.step(e.Media.Publish)
	s.expect(m, err, media.Published, 9, 8, 3, 8)
	s.Equal(s.m.Publish.FirstAt, firstAt)
}
