package upload

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/weegloo/weegloo/internal/due"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/sys"
)

// Config is what a Service needs; every field must be set.
type Config struct {
	Store   store.Store
	Blobs   store.Blobs
	TTL     time.Duration            // from CreatedAt to ExpiresAt
	MaxSize int64                    // bytes
	Now     func() time.Time         // whole milliseconds, UTC
	NewID   func() string            // a new id at each call
	Sniff   func(head []byte) string // content type by the first bytes
	Wake    func(at time.Time)       // background work due at that time was added
}

// Service receives, reads and deletes Uploads. It is safe for concurrent use.
type Service struct {
	cfg Config
}

// New is a Service over what cfg names.
func New(cfg Config) *Service { return &Service{cfg: cfg} }

// Options are the choices of one call of Create. The zero value has none.
type Options struct {
	// Size is how many bytes were announced; other than that many are
	// ErrIncomplete. Default: unknown.
	Size int64

	// MaxSize is the limit of this call in bytes. Default: the Service's.
	MaxSize int64
}

// How long bytes may take to arrive, and when what a dead process left of them
// is cleaned up. The second must be later: nobody may still be writing then.
const (
	receiveLimit = 24 * time.Hour
	receiveGrace = receiveLimit + 30*time.Minute
)

// Create receives the bytes of r as a new Upload. When it returns without an
// error, record and bytes are as durable as the stores; when it fails, nothing
// of them stays, at latest after receiveGrace if the process died.
//
// The error is ErrEmpty, ErrTooLarge or ErrIncomplete for what r delivered,
// the latter wrapping r's own error if it had one.
func (s *Service) Create(ctx context.Context, by sys.Actor, owner sys.Owner, r io.Reader, opts Options) (Upload, error) {
	if !owner.Valid() {
		return Upload{}, &sys.Missing{Refer: owner.Refer()}
	}
	body, err := receive(r, s.limit(opts), opts.Size)
	if err != nil {
		return Upload{}, err // nothing has been written so far
	}
	u, err := s.reserve(ctx, by, owner)
	if err != nil {
		return Upload{}, err
	}
	received, err := s.store(ctx, u, body)
	if err == nil {
		return received, nil
	}
	if errors.Is(err, store.ErrUnknownOutcome) {
		return Upload{}, err // it may be there, so it must not be taken away
	}
	if abortErr := s.abort(ctx, u); abortErr != nil {
		// The expiry of the reservation will do what we could not.
		return Upload{}, errors.Join(err, abortErr)
	}
	return Upload{}, err
}

func (s *Service) limit(opts Options) int64 {
	if opts.MaxSize > 0 {
		return opts.MaxSize
	}
	return s.cfg.MaxSize
}

// reserve writes the records that own the bytes before there are any.
func (s *Service) reserve(ctx context.Context, by sys.Actor, owner sys.Owner) (Upload, error) {
	now := s.cfg.Now()
	u := Upload{
		ID: s.cfg.NewID(), Owner: owner, CreatedBy: by, Blob: s.cfg.NewID(),
		CreatedAt: now, ExpiresAt: now.Add(receiveGrace), Receiving: true,
	}
	err := store.Update(ctx, s.cfg.Store, func(w store.Writer) error {
		if err := save(w, u); err != nil {
			return err
		}
		if err := saveBlob(w, Blob{Key: u.Blob}); err != nil {
			return err
		}
		if err := Hold(w, now, holder(u), nil, []string{u.Blob}); err != nil {
			return err
		}
		return due.Add(w, u.ExpiresAt, kindExpire, expireID(u), nil)
	})
	return u, err
}

// store writes the bytes and makes the reserved Upload real.
func (s *Service) store(ctx context.Context, reserved Upload, body *body) (Upload, error) {
	timely, cancel := context.WithTimeout(ctx, receiveLimit)
	defer cancel()
	size, err := s.cfg.Blobs.Put(timely, reserved.Blob, body)
	if body.err != nil {
		return Upload{}, body.err // why Put failed, without what Put says about it
	}
	if err != nil {
		return Upload{}, fmt.Errorf("upload: store bytes: %w", err)
	}
	if size != body.size {
		return Upload{}, fmt.Errorf("upload: the store took %d of %d bytes", size, body.size)
	}
	blob := Blob{Key: reserved.Blob, Size: size, SHA256: body.digest(), Sniffed: s.cfg.Sniff(body.head)}
	return s.finish(ctx, reserved, blob)
}

func (s *Service) finish(ctx context.Context, reserved Upload, blob Blob) (Upload, error) {
	u := reserved
	u.CreatedAt, u.Size, u.Receiving = s.cfg.Now(), blob.Size, false
	u.ExpiresAt = u.CreatedAt.Add(s.cfg.TTL)
	err := store.Update(ctx, s.cfg.Store, func(w store.Writer) error {
		if _, err := load(w, u.Owner, u.ID); err != nil {
			return fmt.Errorf("upload: the reservation of %s: %w", u.ID, err)
		}
		if err := due.Remove(w, reserved.ExpiresAt, kindExpire, expireID(u)); err != nil {
			return err
		}
		if err := due.Add(w, u.ExpiresAt, kindExpire, expireID(u), nil); err != nil {
			return err
		}
		if err := saveBlob(w, blob); err != nil {
			return err
		}
		return save(w, u)
	})
	if err == nil {
		s.cfg.Wake(u.ExpiresAt)
	}
	return u, err
}

// abort takes a reservation back. It works on when the caller has hung up,
// which is the usual reason for it.
func (s *Service) abort(ctx context.Context, u Upload) error {
	undisturbed, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	now := s.cfg.Now()
	err := store.Update(undisturbed, s.cfg.Store, func(w store.Writer) error {
		if err := remove(w, u, now); err != nil {
			return err
		}
		// Also when the reservation has expired meanwhile: then nobody else
		// knows of the bytes.
		return due.Add(w, now, kindDeleteBlob, u.Blob, nil)
	})
	if err == nil {
		s.cfg.Wake(now)
	}
	return err
}

// Get reads an Upload. Unknown, deleted, expired and foreign ones are all the
// same *sys.Missing.
func (s *Service) Get(ctx context.Context, owner sys.Owner, id string) (u Upload, err error) {
	now := s.cfg.Now()
	err = store.View(ctx, s.cfg.Store, func(r store.Reader) (err error) {
		u, err = Find(r, owner, id, now)
		return err
	})
	return u, err
}

// Delete removes an Upload at once. Media made from it keep their bytes. One
// that is not there is *sys.Missing.
func (s *Service) Delete(ctx context.Context, owner sys.Owner, id string) error {
	now := s.cfg.Now()
	err := store.Update(ctx, s.cfg.Store, func(w store.Writer) error {
		u, err := Find(w, owner, id, now)
		if err != nil {
			return err
		}
		return remove(w, u, now)
	})
	if err == nil {
		s.cfg.Wake(now)
	}
	return err
}
