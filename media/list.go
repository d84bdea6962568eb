package media

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/weegloo/weegloo/internal/page"
	"github.com/weegloo/weegloo/internal/record"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/sys"
)

// The bounds of a Query (contract, section 7).
const (
	DefaultLimit = 15
	MaxLimit     = 100
	MaxSkip      = 100
)

// ErrQuery refuses a query whose bounds or cursors are wrong.
var ErrQuery = sys.NewReason(sys.ErrInvalid, "media: the query is wrong")

// Query says which part of a list is wanted. The order is that of creation,
// then of ids.
type Query struct {
	Limit  int    // items of a page, 1 to MaxLimit; default DefaultLimit
	Skip   int    // items to leave out first, 0 to MaxSkip; default 0
	After  string // Page.Next of another page; default: from the start
	Before string // Page.Prev of another page; default: from the start
}

// Window checks the query for reading an index; it is for package delivery.
func (q Query) Window() (page.Window, error) {
	if q.Limit == 0 {
		q.Limit = DefaultLimit
	}
	if q.Limit < 1 || q.Limit > MaxLimit {
		return page.Window{}, fmt.Errorf("%w: limit is 1 to %d", ErrQuery, MaxLimit)
	}
	if q.Skip < 0 || q.Skip > MaxSkip {
		return page.Window{}, fmt.Errorf("%w: skip is 0 to %d", ErrQuery, MaxSkip)
	}
	return page.Window(q), nil
}

// Page is a part of a list.
type Page[T any] struct {
	Items []T
	Total int    // of the whole list
	Next  string // for Query.After; empty on the last page
	Prev  string // for Query.Before; empty on the first page
}

// List reads a page of the Media of a Space.
func (s *Service) List(ctx context.Context, space string, q Query) (p Page[Media], err error) {
	err = store.View(ctx, s.cfg.Store, func(r store.Reader) (err error) {
		p, err = ReadPage[Media](r, createdPrefix(space), q, func(id string) string { return mediaKey(space, id) })
		return err
	})
	return p, err
}

// ReadPage reads the records that an index lists; it is for package delivery.
// The index holds keys of prefix, a sortable part, a slash and an id, and key
// makes the record's key from the id.
func ReadPage[T any](r store.Reader, prefix string, q Query, key func(id string) string) (Page[T], error) {
	window, err := q.Window()
	if err != nil {
		return Page[T]{}, err
	}
	keys, err := page.Cut(r, prefix, window)
	if errors.Is(err, page.ErrCursor) {
		return Page[T]{}, fmt.Errorf("%w: %w", ErrQuery, err)
	}
	if err != nil {
		return Page[T]{}, err
	}
	p := Page[T]{Items: make([]T, 0, len(keys.Keys)), Next: keys.Next, Prev: keys.Prev}
	for _, suffix := range keys.Keys {
		_, id, _ := strings.Cut(suffix, "/")
		item, err := record.Get[T](r, key(id))
		if err != nil {
			return Page[T]{}, fmt.Errorf("media: list %s%s: %w", prefix, suffix, err)
		}
		p.Items = append(p.Items, item)
	}
	p.Total, err = page.Count(r, prefix)
	return p, err
}
