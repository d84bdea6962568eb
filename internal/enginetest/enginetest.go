// Package enginetest is an Engine over memory whose clock, ids and stored bytes
// a test can see and foresee. It is for the tests of this module.
package enginetest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/memory"
	"github.com/weegloo/weegloo/sys"
	"github.com/weegloo/weegloo/upload"
)

// What tests work with unless they say otherwise.
const (
	Space  = "s1"
	Locale = "en-US"
)

// Alice acts unless a test says otherwise.
var Alice = sys.Actor{ID: "alice"}

// Start is what the clock of a new Engine shows.
var Start = time.Date(2026, 6, 18, 4, 51, 53, 903e6, time.UTC)

// Engine is a weegloo.Engine with what it stands on.
type Engine struct {
	*weegloo.Engine
	Store store.Store
	Blobs *Blobs // at the bottom of what the Engine has
	Clock *Clock

	t *testing.T
}

// New is an Engine over new memory. configure may change its Config, to put
// something in between too.
func New(t *testing.T, configure ...func(*weegloo.Config)) *Engine {
	t.Helper()
	e := &Engine{Blobs: NewBlobs(), Clock: NewClock(Start), t: t}
	cfg := weegloo.Config{
		Store: memory.New(), Blobs: e.Blobs, Now: e.Clock.Now, NewID: Counter(),
		Spaces: sys.Everywhere(
			sys.Locale{Code: Locale}, sys.Locale{Code: "ko-KR", Fallback: Locale}, sys.Locale{Code: "de-DE"},
		),
	}
	for _, c := range configure {
		c(&cfg)
	}
	engine, err := weegloo.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	e.Engine, e.Store = engine, cfg.Store
	return e
}

// Settle does all background work that is due, which must not fail.
func (e *Engine) Settle() {
	e.t.Helper()
	for range 10_000 {
		worked, err := e.Step(e.t.Context())
		if err != nil {
			e.t.Fatal(err)
		}
		if !worked {
			return
		}
	}
	e.t.Fatal("the background work does not end")
}

// Upload receives body as an Upload of Space.
func (e *Engine) Upload(body string) upload.Upload {
	e.t.Helper()
	u, err := e.Uploads.Create(e.t.Context(), Alice, sys.SpaceOwner(Space), strings.NewReader(body), upload.Options{})
	if err != nil {
		e.t.Fatal(err)
	}
	return u
}

// Create makes a Media of content in Space.
func (e *Engine) Create(content media.Content, opts media.WriteOptions) media.Media {
	e.t.Helper()
	m, err := e.Media.Create(e.t.Context(), Alice, Space, content, opts)
	if err != nil {
		e.t.Fatal(err)
	}
	return m
}

// Published makes a Media with one file of the given bytes and lets it be
// published.
func (e *Engine) Published(body string) media.Media {
	e.t.Helper()
	m := e.Create(TextFile(e.Upload(body)), media.WriteOptions{})
	e.Settle()
	return e.Get(m.ID)
}

// Get reads a Media of Space.
func (e *Engine) Get(id string) media.Media {
	e.t.Helper()
	m, err := e.Media.Get(e.t.Context(), Space, id)
	if err != nil {
		e.t.Fatal(err)
	}
	return m
}

// TextFile is content with the Upload as a text file in each of the locales,
// or in Locale alone if there are none.
func TextFile(u upload.Upload, locales ...string) media.Content {
	if len(locales) == 0 {
		locales = []string{Locale}
	}
	files := map[string]media.Entry{}
	for _, locale := range locales {
		files[locale] = media.Entry{Name: "note.txt", ContentType: "text/plain", Upload: u.ID}
	}
	return media.Content{File: files}
}

// Records are all records of s.
func Records(t *testing.T, s store.Store) map[string]string {
	t.Helper()
	records := map[string]string{}
	err := store.View(context.WithoutCancel(t.Context()), s, func(r store.Reader) error {
		for entry, err := range r.Scan(store.Range{}) {
			if err != nil {
				return err
			}
			records[entry.Key] = string(entry.Value)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return records
}

// Keys are the keys of all records of s that start with prefix, in order.
func Keys(t *testing.T, s store.Store, prefix string) []string {
	t.Helper()
	keys := slices.Sorted(maps.Keys(Records(t, s)))
	return slices.DeleteFunc(keys, func(key string) bool { return !strings.HasPrefix(key, prefix) })
}

// Counter makes the ids id0001, id0002 and so on.
func Counter() func() string {
	var n atomic.Int64
	return func() string { return fmt.Sprintf("id%04d", n.Add(1)) }
}

// Clock is a clock that goes only when told.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock is a Clock that shows now.
func NewClock(now time.Time) *Clock { return &Clock{now: now} }

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock, backwards too.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
