package media

import (
	"context"

	"github.com/weegloo/weegloo/internal/index"
	"github.com/weegloo/weegloo/list"
	"github.com/weegloo/weegloo/store"
)

// Query and Page are the words of package list, which explains them.
type (
	Query       = list.Query
	Page[T any] = list.Page[T]
)

// List reads a page of the Media of a Space.
func (s *Service) List(ctx context.Context, space string, q Query) (Page[Media], error) {
	page, _, err := s.list(ctx, space, q)
	return page, err
}

// Explain tells how List answers a query, and what that costs. It does all the
// work of List.
func (s *Service) Explain(ctx context.Context, space string, q Query) (list.Explanation, error) {
	_, explanation, err := s.list(ctx, space, q)
	return explanation, err
}

func (s *Service) list(ctx context.Context, space string, q Query) (p Page[Media], e list.Explanation, err error) {
	locales, err := s.cfg.Spaces(ctx, space)
	if err != nil {
		return p, e, s.spaceError(space, err)
	}
	err = store.View(ctx, s.cfg.Store, func(r store.Reader) (err error) {
		p, e, err = schema.Page(r, space, locales, q)
		return err
	})
	return p, e, err
}

// Lists are the lists of Media, for the engine and for tests.
func Lists() index.Lists { return &schema }
