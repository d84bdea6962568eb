package media

import (
	"context"
	"errors"
	"time"

	"github.com/weegloo/weegloo/internal/record"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/sys"
	"github.com/weegloo/weegloo/upload"
)

// Config is what a Service needs; every field must be set.
type Config struct {
	Store    store.Store
	Spaces   sys.Spaces
	Now      func() time.Time   // whole milliseconds, UTC
	NewID    func() string      // a new id at each call
	Reactors []Reactor          // called in this order
	Wake     func(at time.Time) // background work due at that time was added
}

// Change is what one command did to a Media. Before is the zero Media for a
// creation, After for a deletion.
type Change struct {
	Before, After Media
	Events        []Event
	Now           time.Time
}

// Published reports whether the change published the Media.
func (c Change) Published() bool { return c.has(TopicPublish) }

// Unpublished reports whether the change unpublished the Media.
func (c Change) Unpublished() bool { return c.has(TopicUnpublish) }

func (c Change) has(topic Topic) bool {
	for _, e := range c.Events {
		if e.Topic == topic {
			return true
		}
	}
	return false
}

// Reactor writes what follows from a change, in its transaction. Like all that
// runs in there it may run again.
type Reactor func(w store.Writer, c Change) error

// Service keeps Media and moves them through their life. It is safe for
// concurrent use. Its errors wrap those of package sys.
type Service struct {
	cfg     Config
	waiting waiting
}

// New is a Service over what cfg names.
func New(cfg Config) *Service { return &Service{cfg: cfg} }

// WriteOptions are the choices of one write. The zero value has none.
type WriteOptions struct {
	// IgnorePublish keeps the write from publishing by itself. Default: a write
	// publishes as soon as nothing is in the way (contract, section 4).
	IgnorePublish bool
}

// Create makes a new Media, version 1. Its files are processed in the
// background.
func (s *Service) Create(ctx context.Context, by sys.Actor, space string, content Content, opts WriteOptions) (Media, error) {
	if err := s.validate(ctx, space, content); err != nil {
		return Media{}, err
	}
	id := s.cfg.NewID()
	return s.update(ctx, by, func(w store.Writer, env Env) (Media, error) {
		blobs, err := resolve(w, Media{Space: space}, content, env.Now)
		if err != nil {
			return Media{}, err
		}
		command := Create{ID: id, Space: space, Content: content, Blobs: blobs, AutoPublish: !opts.IgnorePublish}
		return s.change(w, Media{}, command, env)
	})
}

// Save replaces the content of a Media by what edit makes of it. edit is called
// only when version and state allow the write, and may be called again.
func (s *Service) Save(ctx context.Context, by sys.Actor, space, id string, version int64, opts WriteOptions, edit func(Media) (Content, error)) (Media, error) {
	locales, err := s.cfg.Spaces(ctx, space)
	if err != nil {
		return Media{}, s.spaceError(space, err)
	}
	return s.update(ctx, by, func(w store.Writer, env Env) (Media, error) {
		m, err := find(w, space, id)
		if err != nil {
			return Media{}, err
		}
		command := Save{Version: version, AutoPublish: !opts.IgnorePublish}
		if err := Check(m, command); err != nil {
			return Media{}, err
		}
		if command.Content, err = edit(m); err != nil {
			return Media{}, err
		}
		if err := command.Content.Validate(locales); err != nil {
			return Media{}, err
		}
		if err := command.Content.checkKept(m); err != nil {
			return Media{}, err
		}
		if command.Blobs, err = resolve(w, m, command.Content, env.Now); err != nil {
			return Media{}, err
		}
		return s.change(w, m, command, env)
	})
}

// Publish makes the current content the delivered one.
func (s *Service) Publish(ctx context.Context, by sys.Actor, space, id string, version int64) (Media, error) {
	return s.apply(ctx, by, space, id, Publish{version})
}

// Unpublish ends the delivery; it is visible when it returns.
func (s *Service) Unpublish(ctx context.Context, by sys.Actor, space, id string, version int64) (Media, error) {
	return s.apply(ctx, by, space, id, Unpublish{version})
}

// Archive puts a Draft away.
func (s *Service) Archive(ctx context.Context, by sys.Actor, space, id string, version int64) (Media, error) {
	return s.apply(ctx, by, space, id, Archive{version})
}

// Unarchive brings an archived Media back as a Draft.
func (s *Service) Unarchive(ctx context.Context, by sys.Actor, space, id string, version int64) (Media, error) {
	return s.apply(ctx, by, space, id, Unarchive{version})
}

// Delete ends a Media that is Draft or Archived. Its bytes go with it.
func (s *Service) Delete(ctx context.Context, by sys.Actor, space, id string) error {
	_, err := s.apply(ctx, by, space, id, Delete{})
	return err
}

// Get reads a Media. An unknown, deleted or foreign one is *sys.Missing.
func (s *Service) Get(ctx context.Context, space, id string) (m Media, err error) {
	err = store.View(ctx, s.cfg.Store, func(r store.Reader) (err error) {
		m, err = find(r, space, id)
		return err
	})
	return m, err
}

// Apply loads a Media, applies a command and saves, inside the caller's
// transaction. It is for background work, which ends its own item in the same
// transaction.
func (s *Service) Apply(w store.Writer, space, id string, c Command, env Env) (Media, error) {
	m, err := find(w, space, id)
	if err != nil {
		return Media{}, err
	}
	return s.change(w, m, c, env)
}

func (s *Service) apply(ctx context.Context, by sys.Actor, space, id string, c Command) (Media, error) {
	return s.update(ctx, by, func(w store.Writer, env Env) (Media, error) {
		return s.Apply(w, space, id, c, env)
	})
}

func (s *Service) update(ctx context.Context, by sys.Actor, fn func(store.Writer, Env) (Media, error)) (m Media, err error) {
	env := Env{Now: s.cfg.Now(), By: by}
	err = store.Update(ctx, s.cfg.Store, func(w store.Writer) (err error) {
		m, err = fn(w, env)
		return err
	})
	if err != nil {
		return Media{}, err
	}
	s.cfg.Wake(env.Now)
	s.Changed(m.Space, m.ID)
	return m, nil
}

// change is the one place where a Media is written: record, index, bytes and
// all that reacts.
func (s *Service) change(w store.Writer, before Media, c Command, env Env) (Media, error) {
	after, events, err := Apply(before, c, env)
	if err != nil {
		return Media{}, err
	}
	if err := save(w, before, after); err != nil {
		return Media{}, err
	}
	change := Change{Before: before, After: after, Events: events, Now: env.Now}
	if err := upload.Hold(w, env.Now, holder(before, after), before.Blobs(), after.Blobs()); err != nil {
		return Media{}, err
	}
	for _, react := range s.cfg.Reactors {
		if err := react(w, change); err != nil {
			return Media{}, err
		}
	}
	return after, nil
}

// holder is how a Media is named among the holders of its blobs.
func holder(before, after Media) string {
	if after.ID == "" {
		return mediaKey(before.Space, before.ID)
	}
	return mediaKey(after.Space, after.ID)
}

func save(w store.Writer, before, after Media) error {
	was, is := &before, &after
	if before.ID == "" {
		was = nil
	}
	if after.ID == "" {
		is = nil
	}
	space := before.Space
	if is != nil {
		space = after.Space
	}
	if err := schema.Write(w, space, was, is); err != nil {
		return err
	}
	if is == nil {
		return w.Delete(mediaKey(space, before.ID))
	}
	return record.Set(w, mediaKey(space, after.ID), after)
}

func find(r store.Reader, space, id string) (Media, error) {
	missing := &sys.Missing{Refer: sys.Refer{ID: id, Type: sys.TargetMedia}}
	if !sys.ValidID(space) || !sys.ValidID(id) {
		return Media{}, missing
	}
	m, err := record.Get[Media](r, mediaKey(space, id))
	if errors.Is(err, store.ErrNotFound) {
		return Media{}, missing
	}
	return m, err
}

func (s *Service) validate(ctx context.Context, space string, content Content) error {
	locales, err := s.cfg.Spaces(ctx, space)
	if err != nil {
		return s.spaceError(space, err)
	}
	if err := content.Validate(locales); err != nil {
		return err
	}
	return content.checkKept(Media{})
}
