package weegloo_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/httpadapter"
	dialect "github.com/weegloo/weegloo/httpadapter/weegloo"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/memory"
	"github.com/weegloo/weegloo/sys"
)

// host is a program that embeds the engine and mounts all of its handlers, as
// examples/server does. Its clock stands still unless a test moves it, its ids
// count, and background work happens in settle alone.
type host struct {
	tb     testing.TB
	is     *is.I
	engine *weegloo.Engine
	store  *memory.Store
	blobs  *blobs
	http   http.Handler

	mu  sync.Mutex
	now time.Time
	ids int
}

// options change what a test's host is made of, before it is made.
type option func(*weegloo.Config, *httpadapter.Config)

func newHost(tb testing.TB, options ...option) *host {
	tb.Helper()
	h := &host{
		tb: tb, is: is.New(tb), store: memory.New(), blobs: &blobs{Blobs: memory.NewBlobs()},
		now: time.Date(2026, 6, 18, 4, 51, 53, 903_000_000, time.UTC),
	}
	engine := weegloo.Config{
		Store: h.store, Blobs: h.blobs, Now: h.clock, NewID: h.newID, FilesBaseURL: "https://media.example.com",
		Spaces: sys.Everywhere(sys.Locale{Code: "en-US"}, sys.Locale{Code: "de-DE", Fallback: "en-US"}, sys.Locale{Code: "ko-KR"}),
	}
	adapter := httpadapter.Config{Authenticate: authenticate, Authorize: authorize}
	for _, option := range options {
		option(&engine, &adapter)
	}
	var err error
	h.engine, err = weegloo.New(engine)
	h.is.NoErr(err)
	api, err := dialect.New(h.engine, adapter)
	h.is.NoErr(err)
	mux := map[string]http.Handler{
		"upload": http.StripPrefix("/upload", api.Uploads()), "cma": http.StripPrefix("/cma", api.Management()),
		"cda": http.StripPrefix("/cda", api.Delivery()),
	}
	files := api.Files()
	h.http = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		if plane, ok := mux[first]; ok {
			plane.ServeHTTP(w, r)
			return
		}
		files.ServeHTTP(w, r)
	})
	return h
}

func (h *host) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *host) advance(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func (h *host) newID() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ids++
	return fmt.Sprintf("id%028d", h.ids)
}

// authenticate knows anna, who may act everywhere, and otto, who may act in the
// Space other alone.
func authenticate(r *http.Request) (sys.Actor, error) {
	switch r.Header.Get("Authorization") {
	case "Bearer anna":
		return sys.Actor{ID: "anna"}, nil
	case "Bearer otto":
		return sys.Actor{ID: "otto"}, nil
	}
	return sys.Actor{}, errors.New("secret detail of the host")
}

func authorize(_ *http.Request, who sys.Actor, what httpadapter.Access) error {
	if who.ID == "otto" && what.Owner != sys.SpaceOwner("other") {
		return errors.New("secret detail of the host")
	}
	return nil
}

// answer is a response, read to its end.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// do sends a request as anna to the handlers, without a wire. Headers are
// written "Name: value" and replace anna's. Every refusal is checked for the
// contract's shape.
func (h *host) do(method, target, body string, headers ...string) answer {
	h.tb.Helper()
	var content io.Reader = http.NoBody
	if body != "" {
		content = strings.NewReader(body)
	}
	return h.send(httptest.NewRequest(http.MethodGet, "/", content), method, target, headers...)
}

// send lets a test give a request that do cannot make.
func (h *host) send(r *http.Request, method, target string, headers ...string) answer {
	h.tb.Helper()
	u, err := url.ParseRequestURI(target)
	h.is.NoErr(err)
	r.Method, r.URL, r.RequestURI = method, u, target
	r.Header.Set("Authorization", "Bearer anna")
	setHeaders(r.Header, headers)
	w := httptest.NewRecorder()
	h.http.ServeHTTP(w, r)
	a := answer{w.Code, w.Result().Header, w.Body.Bytes()}
	if a.status >= 400 && method != http.MethodHead {
		checkRefusal(h.tb, a)
	}
	return a
}

func setHeaders(h http.Header, lines []string) {
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		h.Set(name, value)
	}
}

// settle does all background work that is due.
func (h *host) settle() {
	h.tb.Helper()
	for {
		more, err := h.engine.Step(context.Background())
		h.is.NoErr(err)
		if !more {
			return
		}
	}
}

// records is everything in the store, by key.
func (h *host) records() map[string]string {
	h.tb.Helper()
	records := map[string]string{}
	h.is.NoErr(store.View(context.Background(), h.store, func(r store.Reader) error {
		for entry, err := range r.Scan(store.Range{}) {
			if err != nil {
				return err
			}
			records[entry.Key] = string(entry.Value)
		}
		return nil
	}))
	return records
}

// blobs are Blobs in memory that know which keys were ever written.
type blobs struct {
	*memory.Blobs

	mu   sync.Mutex
	seen []string
}

func (b *blobs) Put(ctx context.Context, key string, r io.Reader) (int64, error) {
	b.mu.Lock()
	b.seen = append(b.seen, key)
	b.mu.Unlock()
	return b.Blobs.Put(ctx, key, r)
}

// alive are the keys under which there still are bytes.
func (b *blobs) alive() (keys []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, key := range b.seen {
		if file, err := b.OpenFile(context.Background(), key); err == nil {
			file.Close()
			keys = append(keys, key)
		}
	}
	return keys
}

// empty checks that nothing at all is kept, once due work is done.
func (h *host) empty() {
	h.tb.Helper()
	h.settle()
	h.is.Equal(h.records(), map[string]string{}) // records that nobody owns
	h.is.Equal(h.blobs.alive(), nil)             // bytes that nobody owns
}

// pngOf is a real picture of the given size.
func pngOf(width, height int) string {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		panic(err)
	}
	return b.String()
}

type (
	config  = weegloo.Config
	adapter = httpadapter.Config
)

// cutRequest has a body that breaks off.
func cutRequest() *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", io.MultiReader(strings.NewReader(`{"fields`), iotest.ErrReader(io.ErrUnexpectedEOF)))
	r.ContentLength = 500
	return r
}
