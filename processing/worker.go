package processing

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/weegloo/weegloo/internal/due"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/sys"
	"github.com/weegloo/weegloo/upload"
)

// Config is what a Worker needs; every field must be set.
type Config struct {
	Store     store.Store
	Blobs     store.Blobs
	Media     *media.Service
	Processor Processor
	Attempts  int           // tries before a file ends as Failed
	Timeout   time.Duration // for one try; well below the lease of background work
	Now       func() time.Time
	Wake      func(at time.Time) // background work due at that time was added
}

// Worker runs the Processor over the files of Media, one item of background
// work for each, and reports what it found as a command.
type Worker struct {
	cfg Config
}

// NewWorker is a Worker over what cfg names.
//
// The Processor is given up when it neither returns nor panics within Timeout.
func NewWorker(cfg Config) *Worker {
	cfg.Processor = Within(cfg.Timeout, cfg.Processor)
	return &Worker{cfg: cfg}
}

const kindProcess due.Kind = "process"

// Handlers are the background work of this package.
func (p *Worker) Handlers() map[due.Kind]due.Handler {
	return map[due.Kind]due.Handler{kindProcess: p}
}

// job is one file to process.
type job struct {
	space, media, locale string
	revision             int64
}

func (j job) id() string {
	return strings.Join([]string{j.space, j.media, j.locale, strconv.FormatInt(j.revision, 10)}, "/")
}

func parseJob(id string) (job, error) {
	parts := strings.Split(id, "/")
	if len(parts) != 4 {
		return job{}, fmt.Errorf("processing: job %q", id)
	}
	revision, err := strconv.ParseInt(parts[3], 10, 64)
	if err != nil {
		return job{}, fmt.Errorf("processing: job %q: %w", id, err)
	}
	return job{parts[0], parts[1], parts[2], revision}, nil
}

// React is the media.Reactor that queues every new file.
func React(w store.Writer, c media.Change) error {
	for locale, f := range c.After.File {
		if f.State != media.Pending || c.Before.File[locale].Revision == f.Revision {
			continue
		}
		j := job{c.After.Space, c.After.ID, locale, f.Revision}
		if err := due.Add(w, c.Now, kindProcess, j.id(), nil); err != nil {
			return err
		}
	}
	return nil
}

// Claim marks the file as being processed, in the transaction of the claim.
func (p *Worker) Claim(w store.Writer, it due.Item, now time.Time) error {
	j, err := parseJob(it.ID)
	if err != nil {
		return nil // Run meets the same error, where it holds up nobody else
	}
	start := media.Start{Locale: j.locale, Revision: j.revision, Attempt: it.Attempt, Until: it.At}
	_, err = p.cfg.Media.Apply(w, j.space, j.media, start, media.Env{Now: now})
	if errors.Is(err, sys.ErrNotFound) {
		return nil
	}
	return err
}

// Run processes one file and reports the result, or when it is tried again.
func (p *Worker) Run(ctx context.Context, it due.Item) error {
	j, err := parseJob(it.ID)
	if err != nil {
		return err
	}
	command, err := p.judge(ctx, j, it.Attempt)
	if err == nil {
		return p.report(ctx, j, command, p.cfg.Now(), func(w store.Writer) error { return due.Finish(w, it) })
	}
	if ctx.Err() != nil {
		return err // interrupted: the queue puts it back
	}
	at := p.cfg.Now().Add(due.Backoff(it.Attempt))
	retry := media.Retry{Locale: j.locale, Revision: j.revision, At: at}
	reportErr := p.report(ctx, j, retry, at, func(w store.Writer) error { return due.Again(w, it, at) })
	return errors.Join(err, reportErr)
}

// report applies a command in the transaction that ends the claim on its item,
// which must come first: without the claim there is nothing to report.
func (p *Worker) report(ctx context.Context, j job, command media.Command, wake time.Time, end func(store.Writer) error) error {
	now := p.cfg.Now()
	err := store.Update(ctx, p.cfg.Store, func(w store.Writer) error {
		if err := end(w); err != nil {
			return err
		}
		_, err := p.cfg.Media.Apply(w, j.space, j.media, command, media.Env{Now: now})
		if errors.Is(err, sys.ErrNotFound) {
			return nil // it comes too late for anybody
		}
		return err
	})
	if err == nil {
		p.cfg.Wake(wake)
		p.cfg.Media.Changed(j.space, j.media)
	}
	return err
}

// judge is the command that ends the processing of a file, or an error if it
// is worth another attempt.
func (p *Worker) judge(ctx context.Context, j job, attempt int) (media.Command, error) {
	fail := func(reason string) media.Command {
		return media.Fail{Locale: j.locale, Revision: j.revision, Reason: reason}
	}
	if attempt > p.cfg.Attempts {
		return fail(ReasonGaveUp), nil // the earlier ones did not even end
	}
	f, blob, err := p.load(ctx, j)
	if errors.Is(err, sys.ErrNotFound) {
		return fail(ReasonGaveUp), nil // nothing to process: the command will have no effect
	}
	if err != nil {
		return nil, err
	}
	result, err := p.process(ctx, f, blob)
	var failure *Failure
	switch {
	case errors.As(err, &failure):
		return fail(failure.Reason), nil
	case err != nil && (ctx.Err() != nil || attempt < p.cfg.Attempts):
		return nil, err
	case errors.Is(err, ErrHanging):
		return fail(ReasonTimedOut), nil
	case err != nil:
		return fail(ReasonGaveUp), nil
	}
	return media.Finish{
		Locale: j.locale, Revision: j.revision,
		ContentType: result.ContentType, MimeGroups: result.MimeGroups,
		Detail: media.Detail{
			Size: blob.Size, SHA256: blob.SHA256,
			Image: result.Image, Video: result.Video, Audio: result.Audio, Document: result.Document,
		},
	}, nil
}

func (p *Worker) load(ctx context.Context, j job) (f media.File, blob upload.Blob, err error) {
	m, err := p.cfg.Media.Get(ctx, j.space, j.media)
	if err != nil {
		return media.File{}, upload.Blob{}, err
	}
	f = m.File[j.locale]
	if f.Revision != j.revision || !f.Busy() {
		return media.File{}, upload.Blob{}, sys.ErrNotFound
	}
	err = store.View(ctx, p.cfg.Store, func(r store.Reader) (err error) {
		blob, err = upload.FindBlob(r, f.Blob)
		return err
	})
	return f, blob, err
}

func (p *Worker) process(ctx context.Context, f media.File, blob upload.Blob) (Result, error) {
	bytes := &lazyFile{ctx: ctx, blobs: p.cfg.Blobs, blob: blob}
	defer bytes.Close()
	return p.cfg.Processor.Process(ctx, Source{
		Name: f.Name, Declared: f.ContentType, Sniffed: blob.Sniffed, Size: blob.Size, Bytes: bytes,
	})
}
