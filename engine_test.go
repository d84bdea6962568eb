package weegloo_test

import (
	"context"
	"errors"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store/memory"
	"github.com/weegloo/weegloo/sys"
)

func TestNewRefusesWhatCannotWork(t *testing.T) {
	for name, cfg := range map[string]weegloo.Config{
		"nothing":       {},
		"no blobs":      {Store: memory.New()},
		"no store":      {Blobs: memory.NewBlobs()},
		"negative TTL":  {Store: memory.New(), Blobs: memory.NewBlobs(), UploadTTL: -1},
		"negative size": {Store: memory.New(), Blobs: memory.NewBlobs(), MaxUploadSize: -1},
		"no workers":    {Store: memory.New(), Blobs: memory.NewBlobs(), Workers: -1},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			_, err := weegloo.New(cfg)
			is.True(err != nil) // it cannot work
		})
	}
}

func TestTheZeroConfigNeedsOnlyAStoreAndBlobs(t *testing.T) {
	is := is.New(t)
	e, err := weegloo.New(weegloo.Config{Store: memory.New(), Blobs: memory.NewBlobs()})
	is.NoErr(err)
	m, err := e.Media.Create(t.Context(), enginetest.Alice, "any", media.Content{
		Title: map[string]string{"en-US": "a title"},
	}, media.WriteOptions{})
	is.NoErr(err)
	is.Equal(len(m.ID), 30)
	is.Equal(m.CreatedAt, sys.Time(m.CreatedAt)) // whole milliseconds, UTC
}

// TestSpacesIsAskedForGoodIDsOnly keeps what sys.Spaces promises to hosts, who
// may build a query of the id.
func TestSpacesIsAskedForGoodIDsOnly(t *testing.T) {
	e := enginetest.New(t, func(cfg *weegloo.Config) {
		cfg.Spaces = func(_ context.Context, id string) (sys.Space, error) {
			if !sys.ValidID(id) {
				t.Errorf("Spaces was asked for %q", id)
			}
			return sys.Space{Locales: []sys.Locale{{Code: "en-US"}}}, nil
		}
	})
	for _, id := range []string{"", "a/b", "../s1", "s1'--", "s\x001", "ü"} {
		is := is.New(t)
		before := enginetest.Records(t, e.Store)
		_, err := e.Media.Create(t.Context(), enginetest.Alice, id, media.Content{}, media.WriteOptions{})
		is.True(errors.Is(err, sys.ErrNotFound)) // on create
		_, err = e.Media.Save(t.Context(), enginetest.Alice, id, "id", 1, media.WriteOptions{}, nil)
		is.True(errors.Is(err, sys.ErrNotFound)) // on save
		_, _, err = e.Delivery.Locales(t.Context(), id, "")
		is.True(errors.Is(err, sys.ErrNotFound)) // on delivery
		is.Equal(enginetest.Records(t, e.Store), before)
	}
}

// TestASpaceWithBadLocalesIsAnError: a code with a slash would end up in keys
// and addresses, and a Space without locales has no default.
func TestASpaceWithBadLocalesIsAnError(t *testing.T) {
	for name, locales := range map[string][]sys.Locale{
		"none":         nil,
		"slash":        {{Code: "en/US"}},
		"circle":       {{Code: "a", Fallback: "b"}, {Code: "b", Fallback: "a"}},
		"given twice":  {{Code: "a"}, {Code: "a"}},
		"lost the way": {{Code: "a", Fallback: "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			e := enginetest.New(t, func(cfg *weegloo.Config) { cfg.Spaces = sys.Everywhere(locales...) })
			_, err := e.Media.Create(t.Context(), enginetest.Alice, "s1", media.Content{}, media.WriteOptions{})
			is.True(err != nil)                       // on create
			is.True(!errors.Is(err, sys.ErrNotFound)) // the host is wrong, not the caller
			_, _, err = e.Delivery.Locales(t.Context(), "s1", "")
			is.True(err != nil) // on delivery
		})
	}
}
