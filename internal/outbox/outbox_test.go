package outbox_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/media"
)

var errDown = errors.New("the receiver is down")

// receiver takes events as a host does.
type receiver struct {
	events []media.Event
	refuse func(media.Event) error // nil: takes all
}

func (r *receiver) onEvent(_ context.Context, e media.Event) error {
	r.events = append(r.events, e)
	if r.refuse != nil {
		return r.refuse(e)
	}
	return nil
}

func (r *receiver) topics() (topics []media.Topic) {
	for _, e := range r.events {
		topics = append(topics, e.Topic)
	}
	return topics
}

func newEngine(t *testing.T, r *receiver) *enginetest.Engine {
	return enginetest.New(t, func(cfg *weegloo.Config) { cfg.OnEvent = r.onEvent })
}

// move applies one of the transitions to the newest version.
func move(t *testing.T, e *enginetest.Engine, id string,
	do func(ctx context.Context, m media.Media) (media.Media, error),
) {
	t.Helper()
	e.Clock.Advance(time.Second)
	if _, err := do(t.Context(), e.Get(id)); err != nil {
		t.Fatal(err)
	}
	e.Settle()
}

func TestEveryChangeIsTold(t *testing.T) {
	is := is.New(t)
	r := &receiver{}
	e := newEngine(t, r)
	id := e.Published("some bytes").ID
	service := e.Media
	move(t, e, id, func(ctx context.Context, m media.Media) (media.Media, error) {
		edit := func(m media.Media) (media.Content, error) { return m.Content(), nil }
		return service.Save(ctx, enginetest.Alice, m.Space, m.ID, m.Version, media.WriteOptions{}, edit)
	})
	move(t, e, id, func(ctx context.Context, m media.Media) (media.Media, error) {
		return service.Unpublish(ctx, enginetest.Alice, m.Space, m.ID, m.Version)
	})
	move(t, e, id, func(ctx context.Context, m media.Media) (media.Media, error) {
		return service.Archive(ctx, enginetest.Alice, m.Space, m.ID, m.Version)
	})
	move(t, e, id, func(ctx context.Context, m media.Media) (media.Media, error) {
		return service.Unarchive(ctx, enginetest.Alice, m.Space, m.ID, m.Version)
	})
	move(t, e, id, func(ctx context.Context, m media.Media) (media.Media, error) {
		return m, service.Delete(ctx, enginetest.Alice, m.Space, m.ID)
	})
	is.Equal(r.topics(), []media.Topic{
		media.TopicCreate, media.TopicPublish, // processing by itself tells nothing
		media.TopicSave, media.TopicPublish, media.TopicUnpublish, media.TopicArchive, media.TopicUnarchive, media.TopicDelete,
	})
	var versions []int64
	for _, event := range r.events {
		versions = append(versions, event.Version)
	}
	is.Equal(versions, []int64{1, 2, 3, 4, 5, 6, 7, 7}) // a Delete has the last one
	is.Equal(r.events[5], media.Event{
		Topic: media.TopicArchive, Space: enginetest.Space, Media: id, Version: 6,
		At: enginetest.Start.Add(3 * time.Second), By: enginetest.Alice,
	})
	is.Equal(len(enginetest.Keys(t, e.Store, "due/")), 1) // the expiry of the Upload
}

func TestAnEventIsToldUntilItIsTaken(t *testing.T) {
	is := is.New(t)
	r := &receiver{refuse: func(media.Event) error { return errDown }}
	e := newEngine(t, r)
	e.Create(media.Content{}, media.WriteOptions{})
	for range 3 {
		worked, err := e.Step(t.Context())
		is.True(worked)
		is.True(errors.Is(err, errDown))
		is.True(!slices.Contains(r.topics(), media.TopicDelete))
		e.Clock.Advance(time.Minute)
	}
	r.refuse = nil
	e.Settle()
	is.Equal(len(r.events), 4)
	is.Equal(r.events[3], r.events[0]) // the same each time
	e.Clock.Advance(time.Hour)
	e.Settle()
	is.Equal(len(r.events), 4) // and then no more
}

func TestAnEventThatIsRefusedHoldsUpNoOther(t *testing.T) {
	is := is.New(t)
	r := &receiver{}
	e := newEngine(t, r)
	first := e.Create(media.Content{}, media.WriteOptions{})
	second := e.Create(media.Content{}, media.WriteOptions{})
	r.refuse = func(event media.Event) error {
		if event.Media == first.ID {
			return errDown
		}
		return nil
	}
	_, err := e.Step(t.Context())
	is.True(errors.Is(err, errDown))
	e.Settle()
	is.Equal(r.events[1].Media, second.ID)
}

func TestAReceiverThatPanicsIsAskedAgain(t *testing.T) {
	is := is.New(t)
	r := &receiver{refuse: func(media.Event) error { panic("nil map") }}
	e := newEngine(t, r)
	e.Create(media.Content{}, media.WriteOptions{})
	_, err := e.Step(t.Context())
	is.True(err != nil)
	r.refuse = nil
	e.Clock.Advance(time.Minute)
	e.Settle()
	is.Equal(len(r.events), 2)
}

func TestARefusedChangeTellsNothing(t *testing.T) {
	is := is.New(t)
	r := &receiver{}
	e := newEngine(t, r)
	m := e.Create(media.Content{}, media.WriteOptions{})
	e.Settle()
	_, err := e.Media.Publish(t.Context(), enginetest.Alice, m.Space, m.ID, 1)
	is.Equal(err, media.ErrNoFile)
	_, err = e.Media.Archive(t.Context(), enginetest.Alice, m.Space, m.ID, 2)
	is.Equal(err, media.ErrStale)
	e.Settle()
	is.Equal(r.topics(), []media.Topic{media.TopicCreate})
}

func TestWithoutAReceiverNoEventIsKept(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	e.Create(media.Content{}, media.WriteOptions{})
	is.Equal(len(enginetest.Keys(t, e.Store, "due/")), 0)
}
