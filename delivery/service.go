package delivery

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/weegloo/weegloo/internal/index"
	"github.com/weegloo/weegloo/internal/record"
	"github.com/weegloo/weegloo/list"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/sys"
)

// ErrLocale refuses a locale that the Space does not have.
var ErrLocale = sys.NewReason(sys.ErrInvalid, "delivery: the space does not have this locale")

// ErrNoFile is returned by Open for an address that is not, or no longer, the
// one of a published file.
var ErrNoFile = sys.NewReason(sys.ErrNotFound, "delivery: there is no published file at this address")

// Config is what a Service needs; every field must be set but FilesBaseURL.
type Config struct {
	Store        store.Store
	Blobs        store.Blobs
	Spaces       sys.Spaces
	FilesBaseURL string // put before the path of an Address; default: nothing
}

// Service reads what was published. It is safe for concurrent use.
type Service struct {
	cfg Config
}

// New is a Service over what cfg names.
func New(cfg Config) *Service {
	cfg.FilesBaseURL = strings.TrimRight(cfg.FilesBaseURL, "/")
	return &Service{cfg: cfg}
}

// Get reads the snapshot of a Media. One that is not published, or unknown, or
// of another Space, is *sys.Missing.
func (s *Service) Get(ctx context.Context, space, id string) (snap Snapshot, err error) {
	err = store.View(ctx, s.cfg.Store, func(r store.Reader) (err error) {
		snap, err = find(r, space, id)
		return err
	})
	return snap, err
}

// List reads a page of the published Media of a Space. Only what is delivered,
// and the tags, can be asked for.
func (s *Service) List(ctx context.Context, space string, q list.Query) (list.Page[Snapshot], error) {
	page, _, err := s.list(ctx, space, q)
	return page, err
}

// Explain tells how List answers a query, and what that costs. It does all the
// work of List.
func (s *Service) Explain(ctx context.Context, space string, q list.Query) (list.Explanation, error) {
	_, explanation, err := s.list(ctx, space, q)
	return explanation, err
}

func (s *Service) list(ctx context.Context, space string, q list.Query) (p list.Page[Snapshot], e list.Explanation, err error) {
	locales, _, err := s.Locales(ctx, space, "")
	if err != nil {
		return p, e, err
	}
	err = store.View(ctx, s.cfg.Store, func(r store.Reader) (err error) {
		p, e, err = schema.Page(r, space, locales, q)
		return err
	})
	return p, e, err
}

// Lists are the lists of snapshots, for the engine and for tests.
func Lists() index.Lists { return &schema }

// Locales are those of a Space, and the one a reader asked for, or the default
// one if locale is empty. One that the Space does not have is ErrLocale.
func (s *Service) Locales(ctx context.Context, space, locale string) (sys.Space, string, error) {
	locales, err := s.cfg.Spaces(ctx, space)
	if errors.Is(err, sys.ErrNotFound) {
		return sys.Space{}, "", &sys.Missing{Refer: sys.SpaceOwner(space).Refer()}
	}
	if err != nil {
		return sys.Space{}, "", fmt.Errorf("delivery: locales of space %s: %w", space, err)
	}
	if locale == "" {
		locale = locales.Default()
	}
	if !locales.Has(locale) {
		return sys.Space{}, "", ErrLocale
	}
	return locales, locale, nil
}

// URL is where the bytes at an address are delivered.
func (s *Service) URL(a Address) string { return s.cfg.FilesBaseURL + a.Path() }

// Open opens the bytes at an address, if the published snapshot names exactly
// that file; else the error is ErrNoFile. The caller closes them.
func (s *Service) Open(ctx context.Context, a Address) (File, store.File, error) {
	snap, err := s.Get(ctx, a.Space, a.Media)
	if errors.Is(err, sys.ErrNotFound) {
		return File{}, nil, ErrNoFile
	}
	if err != nil {
		return File{}, nil, err
	}
	f, ok := snap.File[a.Locale]
	if !ok || f.Revision != a.Revision || f.Name != a.Name {
		return File{}, nil, ErrNoFile
	}
	bytes, err := store.OpenFile(ctx, s.cfg.Blobs, f.Blob, f.Detail.Size)
	if errors.Is(err, store.ErrNotFound) {
		return File{}, nil, ErrNoFile // unpublished and deleted since we looked
	}
	if err != nil {
		return File{}, nil, fmt.Errorf("delivery: open %s: %w", f.Blob, err)
	}
	return f, bytes, nil
}

func find(r store.Reader, space, id string) (Snapshot, error) {
	missing := &sys.Missing{Refer: sys.Refer{ID: id, Type: sys.TargetMedia}}
	if !sys.ValidID(space) || !sys.ValidID(id) {
		return Snapshot{}, missing
	}
	snap, err := record.Get[Snapshot](r, snapshotKey(space, id))
	if errors.Is(err, store.ErrNotFound) {
		return Snapshot{}, missing
	}
	return snap, err
}
