package weegloo_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/internal/invariant"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/processing"
	"github.com/weegloo/weegloo/sys"
	"github.com/weegloo/weegloo/upload"
)

var (
	locales   = []string{"en-US", "ko-KR"}
	errHiccup = errors.New("hiccup")
)

// machine makes random calls on an engine, together with random background work
// and a random clock, and remembers no more than what bytes each file has.
type machine struct {
	*enginetest.Engine
	ctx     context.Context
	watch   invariant.Watch
	uploads []upload.Upload
	medias  []string
	body    map[string]string // of Uploads, by id
	want    map[string]string // body of files, by media, locale and revision
}

func newMachine(t *testing.T) *machine {
	calls := 0
	return &machine{
		ctx: context.Background(), body: map[string]string{}, want: map[string]string{},
		Engine: enginetest.New(t, func(cfg *weegloo.Config) {
			cfg.OnEvent = func(context.Context, media.Event) error {
				if calls++; calls%7 == 0 {
					return errHiccup
				}
				return nil
			}
			cfg.Processor = processorFunc(func(ctx context.Context, src processing.Source) (processing.Result, error) {
				if calls++; calls%5 == 0 {
					return processing.Result{}, errHiccup
				}
				if src.Size%4 == 0 {
					return processing.Result{}, processing.NewFailure("bad", errHiccup)
				}
				return processing.Headers{}.Process(ctx, src)
			})
		}),
	}
}

type processorFunc func(ctx context.Context, src processing.Source) (processing.Result, error)

func (p processorFunc) Process(ctx context.Context, src processing.Source) (processing.Result, error) {
	return p(ctx, src)
}

// allowed fails unless err is nil or one of the general errors, which are what
// callers are refused with.
func allowed(t *rapid.T, err error) bool {
	for _, general := range []error{sys.ErrNotFound, sys.ErrConflict, sys.ErrState, sys.ErrInvalid} {
		if errors.Is(err, general) {
			return false
		}
	}
	if err != nil {
		t.Fatalf("%v", err)
	}
	return true
}

func (m *machine) upload(t *rapid.T) {
	body := strings.Repeat("a", rapid.IntRange(1, 20).Draw(t, "size")) + fmt.Sprint(len(m.body))
	u, err := m.Uploads.Create(m.ctx, enginetest.Alice, sys.SpaceOwner(enginetest.Space), strings.NewReader(body), upload.Options{})
	if allowed(t, err) {
		m.uploads = append(m.uploads, u)
		m.body[u.ID] = body
	}
}

func (m *machine) deleteUpload(t *rapid.T) {
	allowed(t, m.Uploads.Delete(m.ctx, sys.SpaceOwner(enginetest.Space), m.someUpload(t)))
}

// someUpload is the id of one that is there, or was, or never was.
func (m *machine) someUpload(t *rapid.T) string {
	if len(m.uploads) == 0 {
		return "never"
	}
	return m.uploads[rapid.IntRange(max(0, len(m.uploads)-4), len(m.uploads)-1).Draw(t, "upload")].ID
}

func (m *machine) someMedia(t *rapid.T) media.Media {
	if len(m.medias) == 0 {
		t.Skip("no media")
	}
	id := rapid.SampledFrom(m.medias).Draw(t, "media")
	found, err := m.Media.Get(m.ctx, enginetest.Space, id)
	if err != nil {
		return media.Media{ID: id, Version: 1} // a deleted one
	}
	return found
}

// content says something of each locale, given what is there.
func (m *machine) content(t *rapid.T, stored map[string]media.File) media.Content {
	content := media.Content{File: map[string]media.Entry{}, Title: map[string]string{"en-US": fmt.Sprint(len(m.want))}}
	for _, locale := range locales {
		entry := media.Entry{Name: "a b.txt", ContentType: "text/plain"}
		switch rapid.IntRange(0, 3).Draw(t, locale) {
		case 0: // none
		case 1:
			if _, ok := stored[locale]; ok {
				content.File[locale] = entry
			}
		default:
			entry.Upload = m.someUpload(t)
			content.File[locale] = entry
		}
	}
	return content
}

func (m *machine) create(t *rapid.T) {
	created, err := m.Media.Create(m.ctx, enginetest.Alice, enginetest.Space, m.content(t, nil), m.options(t))
	if allowed(t, err) {
		m.medias = append(m.medias, created.ID)
		m.remember(created)
	}
}

func (m *machine) save(t *rapid.T) {
	found := m.someMedia(t)
	content := m.content(t, found.File)
	saved, err := m.Media.Save(m.ctx, enginetest.Alice, enginetest.Space, found.ID, found.Version, m.options(t),
		func(media.Media) (media.Content, error) { return content, nil })
	if allowed(t, err) {
		m.remember(saved)
	}
}

func (m *machine) options(t *rapid.T) media.WriteOptions {
	return media.WriteOptions{IgnorePublish: rapid.Bool().Draw(t, "ignore publish")}
}

// remember notes what bytes the files have that a write has attached.
func (m *machine) remember(written media.Media) {
	for locale, f := range written.File {
		if key := fileKey(written.ID, locale, f.Revision); m.want[key] == "" {
			m.want[key] = m.body[f.Upload]
		}
	}
}

func fileKey(id, locale string, revision int64) string {
	return fmt.Sprintf("%s/%s/%d", id, locale, revision)
}

// move is an action that applies a transition.
func (m *machine) move(do transition) func(t *rapid.T) {
	return func(t *rapid.T) {
		found := m.someMedia(t)
		version := found.Version - rapid.SampledFrom([]int64{0, 0, 0, 0, 1}).Draw(t, "stale")
		_, err := do(m.ctx, enginetest.Alice, enginetest.Space, found.ID, version)
		allowed(t, err)
	}
}

func (m *machine) deleteMedia(t *rapid.T) {
	allowed(t, m.Media.Delete(m.ctx, enginetest.Alice, enginetest.Space, m.someMedia(t).ID))
}

func (m *machine) advance(t *rapid.T) {
	m.Clock.Advance(time.Duration(rapid.SampledFrom([]int{1, 1000, 70_000, 3_600_000, 90_000_000, -5_000}).Draw(t, "ms")) * time.Millisecond)
}

func (m *machine) work(t *rapid.T) { m.oneStep(t) }

func (m *machine) oneStep(t *rapid.T) bool {
	worked, err := m.Step(m.ctx)
	if err != nil && !errors.Is(err, errHiccup) {
		t.Fatalf("%v", err)
	}
	return worked
}

// settle does all work that is due.
func (m *machine) settle(t *rapid.T) {
	for m.oneStep(t) {
	}
}

func TestAnEngineKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := newMachine(t)
		rt.Repeat(map[string]func(*rapid.T){
			"upload": m.upload, "upload more": m.upload, "delete upload": m.deleteUpload,
			"create": m.create, "save": m.save, "save again": m.save, "delete": m.deleteMedia,
			"publish": m.move(m.Media.Publish), "unpublish": m.move(m.Media.Unpublish),
			"archive": m.move(m.Media.Archive), "unarchive": m.move(m.Media.Unarchive),
			"advance": m.advance, "step": m.work, "settle": m.settle, "settle again": m.settle,
			"": func(rt *rapid.T) { m.check(t, rt) },
		})
		m.end(t, rt)
	})
}

// end lets everything come to rest, and looks for bytes that nobody holds.
func (m *machine) end(t *testing.T, rt *rapid.T) {
	for range 12 {
		m.settle(rt)
		m.Clock.Advance(25 * time.Hour)
	}
	m.settle(rt)
	m.check(t, rt)
	m.checkSound(rt, true)
	held := []string{}
	for _, found := range m.all(rt) {
		held = append(held, found.Blobs()...)
		if found.Busy() {
			rt.Fatalf("%s is busy for ever", found.ID)
		}
	}
	slices.Sort(held)
	if held = slices.Compact(held); !slices.Equal(m.Blobs.Keys(), held) {
		rt.Fatalf("there are bytes %v, and %v are held", m.Blobs.Keys(), held)
	}
	if waiting := enginetest.Keys(t, m.Store, "due/"); len(waiting) > 0 {
		rt.Fatalf("work that never ends: %v", waiting)
	}
}
