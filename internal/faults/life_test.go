package faults_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/delivery"
	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/sys"
	"github.com/weegloo/weegloo/upload"
)

var (
	ctx   = context.Background()
	owner = sys.SpaceOwner(enginetest.Space)
)

// life is the whole life of two Media with shared Uploads, as one client of an
// engine leads it. It ends at the first error.
type life struct {
	engine *weegloo.Engine
	clock  *enginetest.Clock
	acked  func() // called after each call that was acknowledged
	err    error

	stepping bool // a step of background work is under way
}

// act is one call.
func (l *life) act(call func() error) {
	if l.err != nil {
		return
	}
	if l.err = call(); l.err == nil {
		l.acked()
	}
}

func (l *life) upload(body string) (u upload.Upload) {
	l.act(func() (err error) {
		u, err = l.engine.Uploads.Create(ctx, enginetest.Alice, owner, strings.NewReader(body), upload.Options{})
		return err
	})
	return u
}

func (l *life) create(content media.Content, opts media.WriteOptions) (m media.Media) {
	l.act(func() (err error) {
		m, err = l.engine.Media.Create(ctx, enginetest.Alice, enginetest.Space, content, opts)
		return err
	})
	return m
}

// save replaces what edit says and keeps the rest.
func (l *life) save(id string, opts media.WriteOptions, edit func(c *media.Content)) {
	l.act(func() error {
		m, err := l.engine.Media.Get(ctx, enginetest.Space, id)
		if err != nil {
			return err
		}
		_, err = l.engine.Media.Save(ctx, enginetest.Alice, enginetest.Space, id, m.Version, opts, func(m media.Media) (media.Content, error) {
			c := m.Content()
			edit(&c)
			return c, nil
		})
		return err
	})
}

// transition is one of Publish, Unpublish, Archive and Unarchive.
type transition = func(ctx context.Context, by sys.Actor, space, id string, version int64) (media.Media, error)

func (l *life) move(id string, do transition) {
	l.act(func() error {
		m, err := l.engine.Media.Get(ctx, enginetest.Space, id)
		if err != nil {
			return err
		}
		_, err = do(ctx, enginetest.Alice, enginetest.Space, id, m.Version)
		return err
	})
}

func (l *life) delete(id string) {
	l.act(func() error { return l.engine.Media.Delete(ctx, enginetest.Alice, enginetest.Space, id) })
}

func (l *life) deleteUpload(id string) {
	l.act(func() error { return l.engine.Uploads.Delete(ctx, owner, id) })
}

// settle does what is due, step by step.
func (l *life) settle() {
	for worked := true; worked && l.err == nil; {
		l.act(func() (err error) {
			l.stepping = true
			worked, err = l.engine.Step(ctx)
			l.stepping = false
			return err
		})
	}
}

func (l *life) wait(d time.Duration) {
	l.act(func() error {
		l.clock.Advance(d)
		return nil
	})
}

func withFile(c *media.Content, locale string, u upload.Upload) {
	if c.File == nil {
		c.File = map[string]media.Entry{}
	}
	c.File[locale] = media.Entry{Name: "note.txt", ContentType: "text/plain", Upload: u.ID}
}

var quiet = media.WriteOptions{IgnorePublish: true}

// run is the story: all that can happen to Media and Uploads happens.
func (l *life) run() {
	one, two := l.upload("the first bytes"), l.upload(strings.Repeat("more than a head ", 300))
	a := l.create(enginetest.TextFile(one, "en-US", "ko-KR"), media.WriteOptions{})
	b := l.create(enginetest.TextFile(one), quiet)
	l.settle()
	l.move(b.ID, l.engine.Media.Publish)
	l.wait(time.Second)
	l.save(a.ID, quiet, func(c *media.Content) { c.Title = map[string]string{"en-US": "a title"}; c.Tags = []string{"t1", "t2"} })
	l.save(a.ID, media.WriteOptions{}, func(c *media.Content) { withFile(c, "en-US", two) })
	l.settle()
	l.deleteUpload(one.ID)
	l.settle()
	l.save(b.ID, quiet, func(c *media.Content) { delete(c.File, "en-US"); withFile(c, "ko-KR", two) })
	l.settle()
	l.move(b.ID, l.engine.Media.Publish)
	l.settle()
	l.move(b.ID, l.engine.Media.Unpublish)
	l.move(b.ID, l.engine.Media.Archive)
	l.wait(23 * time.Hour)
	broken := l.upload("broken bytes")
	l.save(a.ID, media.WriteOptions{}, func(c *media.Content) { withFile(c, "ko-KR", broken) })
	l.settle()
	l.wait(time.Hour)
	l.settle()
	l.move(a.ID, l.engine.Media.Unpublish)
	l.save(a.ID, quiet, func(c *media.Content) { delete(c.File, "ko-KR") })
	l.move(b.ID, l.engine.Media.Unarchive)
	l.delete(b.ID)
	l.settle()
	l.delete(a.ID)
	l.settle()
	l.wait(24 * time.Hour)
	l.settle()
}

// view is all that clients can see of the things with these ids, and of the
// bytes behind them.
func view(e *weegloo.Engine, ids []string) string {
	var b strings.Builder
	for _, id := range ids {
		if u, err := e.Uploads.Get(ctx, owner, id); err == nil {
			fmt.Fprintf(&b, "upload %s\n", asJSON(u))
		}
		if m, err := e.Media.Get(ctx, enginetest.Space, id); err == nil {
			fmt.Fprintf(&b, "media %s\n", asJSON(m))
		}
		s, err := e.Delivery.Get(ctx, enginetest.Space, id)
		if err != nil {
			continue
		}
		fmt.Fprintf(&b, "snapshot %s\n", asJSON(s))
		for _, locale := range slices.Sorted(maps.Keys(s.File)) {
			fmt.Fprintf(&b, "%s: %q\n", locale, delivered(e, id, locale))
		}
	}
	return b.String()
}

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// delivered are the bytes that visitors get for a locale of a Media, or why
// they get none.
func delivered(e *weegloo.Engine, id, locale string) string {
	s, err := e.Delivery.Get(ctx, enginetest.Space, id)
	if err != nil {
		return err.Error()
	}
	return bytesAt(e, s.Address(locale))
}

func bytesAt(e *weegloo.Engine, a delivery.Address) string {
	_, file, err := e.Delivery.Open(ctx, a)
	if err != nil {
		return err.Error()
	}
	defer file.Close()
	body, err := io.ReadAll(file)
	if err != nil {
		return err.Error()
	}
	return string(body)
}
