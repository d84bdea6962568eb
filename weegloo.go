// Package weegloo owns the life of media files in a content management system.
//
// Bytes arrive as a temporary Upload, become a Media with texts and files for
// each locale, are processed in the background, published as an immutable
// snapshot and delivered. The host program brings its own users, its own HTTP
// and, if it likes, its own storage:
//
//	engine, err := weegloo.New(weegloo.Config{Store: records, Blobs: files})
//	...
//	go engine.Run(ctx)
//
// Everything else is reached through the three services of the [Engine].
package weegloo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"time"

	"github.com/weegloo/weegloo/delivery"
	"github.com/weegloo/weegloo/internal/due"
	"github.com/weegloo/weegloo/internal/index"
	"github.com/weegloo/weegloo/internal/outbox"
	"github.com/weegloo/weegloo/list"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/processing"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/sys"
	"github.com/weegloo/weegloo/upload"
)

// Config says what an Engine works with. Store and Blobs are required.
type Config struct {
	// Store keeps the records.
	Store store.Store

	// Blobs keeps the bytes of files.
	Blobs store.Blobs

	// Spaces tells the locales of a Space. Default: every Space has en-US alone.
	Spaces sys.Spaces

	// Processor finds out what a file is. Default: processing.Headers, which
	// reads the headers of pictures.
	Processor processing.Processor

	// OnEvent receives what happened to Media, at least once each, from the
	// background work; an error is tried again later. It may be called
	// concurrently, and events of one Media may overtake each other: they carry
	// its version. Default: events are not kept.
	OnEvent func(ctx context.Context, e media.Event) error

	// UploadTTL is how long an Upload lives. Default: 24 hours.
	UploadTTL time.Duration

	// MaxUploadSize is the limit for one file in bytes. Default: 1,000,000,000.
	MaxUploadSize int64

	// Workers is how many pieces of background work run at once. Default: 16.
	Workers int

	// FilesBaseURL is put before the path of every file address, as in
	// "https://media.example.com". Default: nothing, addresses are paths.
	FilesBaseURL string

	// Now is the clock. Default: time.Now.
	Now func() time.Time

	// NewID makes ids that are never made twice. Default: sys.NewID.
	NewID func() string

	// Logger hears what nobody gets as an error. Default: slog.Default().
	Logger *slog.Logger
}

// How long one piece of background work may take, how long a Processor may, and
// how often the processing of a file is tried.
const (
	lease          = time.Minute
	processTimeout = 45 * time.Second
	attempts       = 5
)

// Engine is the library at work. It is safe for concurrent use.
type Engine struct {
	Uploads  *upload.Service
	Media    *media.Service
	Delivery *delivery.Service

	store store.Store
	queue *due.Queue
}

// New is an Engine that starts nothing: background work happens in Run or Step.
func New(cfg Config) (*Engine, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	e := &Engine{store: cfg.Store}
	wake := func(at time.Time) { e.queue.Wake(at) }
	e.Uploads = upload.New(upload.Config{
		Store: cfg.Store, Blobs: cfg.Blobs, TTL: cfg.UploadTTL, MaxSize: cfg.MaxUploadSize,
		Now: cfg.Now, NewID: cfg.NewID, Sniff: processing.Sniff, Wake: wake,
	})
	handlers := e.Uploads.Handlers()
	reactors := []media.Reactor{delivery.React, processing.React}
	if cfg.OnEvent != nil {
		reactors = append(reactors, outbox.React)
		maps.Copy(handlers, outbox.Handlers(cfg.Store, cfg.OnEvent))
	}
	e.Media = media.New(media.Config{
		Store: cfg.Store, Spaces: cfg.Spaces, Now: cfg.Now, NewID: cfg.NewID,
		Reactors: reactors, Wake: wake,
	})
	e.Delivery = delivery.New(delivery.Config{
		Store: cfg.Store, Blobs: cfg.Blobs, Spaces: cfg.Spaces, FilesBaseURL: cfg.FilesBaseURL,
	})
	maps.Copy(handlers, processing.NewWorker(processing.Config{
		Store: cfg.Store, Blobs: cfg.Blobs, Media: e.Media, Processor: cfg.Processor,
		Attempts: attempts, Timeout: processTimeout, Now: cfg.Now, Wake: wake,
	}).Handlers())
	e.queue = due.New(due.Config{
		Store: cfg.Store, Handlers: handlers, Workers: cfg.Workers, Lease: lease,
		Now: cfg.Now, Logger: cfg.Logger,
	})
	return e, nil
}

// Run does background work until ctx ends, and returns when all of it has
// stopped. Several engines may run over one store.
func (e *Engine) Run(ctx context.Context) { e.queue.Run(ctx) }

// Step does at most one piece of background work that is due, and reports
// whether there was one. It is for tests, which repeat it instead of waiting.
func (e *Engine) Step(ctx context.Context) (bool, error) { return e.queue.Step(ctx) }

// Reindex makes the lists of a Space anew from its records, if they are ever in
// doubt, while others read and write. It goes on where an earlier call was
// interrupted; two at the same time would leave wrong counters. report is called
// now and then and may be nil.
func (e *Engine) Reindex(ctx context.Context, space string, report func(list.Progress)) error {
	if report == nil {
		report = func(list.Progress) {}
	}
	return index.Rebuild(ctx, e.store, space, report, media.Lists(), delivery.Lists())
}

func (cfg Config) withDefaults() (Config, error) {
	if cfg.Store == nil || cfg.Blobs == nil {
		return cfg, errors.New("weegloo: Config needs a Store and Blobs")
	}
	if cfg.UploadTTL < 0 || cfg.MaxUploadSize < 0 || cfg.Workers < 0 {
		return cfg, fmt.Errorf("weegloo: UploadTTL %v, MaxUploadSize %d and Workers %d must not be negative",
			cfg.UploadTTL, cfg.MaxUploadSize, cfg.Workers)
	}
	if cfg.Spaces == nil {
		cfg.Spaces = sys.Everywhere(sys.Locale{Code: "en-US"})
	}
	cfg.Spaces = cfg.Spaces.Checked()
	if cfg.Processor == nil {
		cfg.Processor = processing.Headers{}
	}
	if cfg.UploadTTL == 0 {
		cfg.UploadTTL = 24 * time.Hour
	}
	if cfg.MaxUploadSize == 0 {
		cfg.MaxUploadSize = 1_000_000_000
	}
	if cfg.Workers == 0 {
		cfg.Workers = 16
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	now := cfg.Now
	cfg.Now = func() time.Time { return sys.Time(now()) }
	if cfg.NewID == nil {
		cfg.NewID = sys.NewID
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.Default()
	}
	return cfg, nil
}
