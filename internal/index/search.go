package index

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/weegloo/weegloo/internal/record"
	"github.com/weegloo/weegloo/list"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/sys"
)

// idField is the field that names records.
const idField = "sys.id"

// search is one query on its way.
type search[T any] struct {
	schema      *Schema[T]
	r           store.Reader
	space       string
	where       []condition[T]
	order       order[T]
	limit, skip int
	binding     string // what cursors are bound to
	source      source // walked for the page
	smallest    source // walked to count, if that has to be
	explanation list.Explanation
}

// Page answers a query about the records of a Space whose locales are given.
func (s *Schema[T]) Page(r store.Reader, space string, locales sys.Space, q list.Query) (list.Page[T], list.Explanation, error) {
	search, err := s.search(r, space, locales, q)
	if err != nil {
		return list.Page[T]{}, list.Explanation{}, err
	}
	page, err := search.page(q)
	return page, search.explanation, err
}

func (s *Schema[T]) search(r store.Reader, space string, locales sys.Space, q list.Query) (*search[T], error) {
	if err := bounds(q); err != nil {
		return nil, err
	}
	out := &search[T]{schema: s, r: r, space: space, limit: q.Limit, skip: q.Skip}
	if out.limit == 0 {
		out.limit = list.DefaultLimit
	}
	binding := []string{s.Kind, space}
	for _, c := range q.Where {
		condition, err := s.compile(locales, c)
		if err != nil {
			return nil, err
		}
		out.where = append(out.where, condition)
		binding = append(binding, condition.text())
	}
	var err error
	if out.order, err = s.order(locales, q.Order); err != nil {
		return nil, err
	}
	out.binding = strings.Join(append(binding, out.order.text()), "\x00")
	return out, nil
}

func bounds(q list.Query) error {
	switch {
	case q.Limit < 0 || q.Limit > list.MaxLimit:
		return fmt.Errorf("%w: the limit is 1 to %d", list.ErrQuery, list.MaxLimit)
	case q.Skip < 0 || q.Skip > list.MaxSkip:
		return fmt.Errorf("%w: skip is 0 to %d", list.ErrQuery, list.MaxSkip)
	case len(q.Where)+len(q.Order) > list.MaxTerms:
		return fmt.Errorf("%w: more than %d conditions and keys of the order", list.ErrQuery, list.MaxTerms)
	case q.After != "" && q.Before != "":
		return fmt.Errorf("%w: After and Before exclude each other", list.ErrQuery)
	}
	return nil
}

// item is a record that meets all conditions, and where it stands.
type item[T any] struct {
	place  place
	record T
}

func (q *search[T]) page(query list.Query) (list.Page[T], error) {
	start, direction, err := q.start(query)
	if err != nil {
		return list.Page[T]{}, err
	}
	if slices.ContainsFunc(q.where, func(c condition[T]) bool { return c.nowhere }) {
		return list.Page[T]{Items: []T{}}, nil
	}
	if err := q.choose(); err != nil {
		return list.Page[T]{}, err
	}
	q.explanation.Index, q.explanation.Sorted = q.source.name, q.source.sorted
	found, err := q.find(start, direction, q.skip+q.limit+1)
	if err != nil {
		return list.Page[T]{}, err
	}
	total, err := q.total(found)
	if err != nil {
		return list.Page[T]{}, err
	}
	return q.cut(found, start, direction, total)
}

// start is where the page begins, behind a place, and in which direction it is
// read. Skip counts from there.
func (q *search[T]) start(query list.Query) (*place, int, error) {
	switch {
	case query.After != "":
		p, err := decode(query.After, forward, q.binding, len(q.order))
		return p, 1, err
	case query.Before != "":
		p, err := decode(query.Before, backward, q.binding, len(q.order))
		return p, -1, err
	}
	return nil, 1, nil
}

// cut makes a page of what was found, and finds out what is on either side.
func (q *search[T]) cut(found found[T], start *place, direction int, total int) (list.Page[T], error) {
	items := found.items[min(q.skip, len(found.items)):]
	more := len(items) > q.limit
	items = items[:min(q.limit, len(items))]
	page := list.Page[T]{Items: make([]T, 0, len(items)), Total: total}
	if len(items) == 0 {
		return page, q.linkEmpty(&page, direction)
	}
	passed := found.passed || q.skip > 0
	if !passed && start != nil && q.source.sorted {
		behind, err := q.find(&items[0].place, -direction, 1)
		if err != nil {
			return page, err
		}
		passed = len(behind.items) > 0
	}
	if direction < 0 {
		slices.Reverse(items)
		more, passed = passed, more
	}
	for _, item := range items {
		page.Items = append(page.Items, item.record)
	}
	return page, q.link(&page, items, more, passed)
}

func (q *search[T]) link(page *list.Page[T], items []item[T], next, prev bool) (err error) {
	if next {
		if page.Next, err = encode(forward, q.binding, &items[len(items)-1].place); err != nil {
			return err
		}
	}
	if prev {
		page.Prev, err = encode(backward, q.binding, &items[0].place)
	}
	return err
}

// linkEmpty leads from an empty page back to where there is something: all of
// it lies against the direction.
func (q *search[T]) linkEmpty(page *list.Page[T], direction int) (err error) {
	if page.Total == 0 {
		return nil
	}
	if direction > 0 {
		page.Prev, err = encode(backward, q.binding, nil)
	} else {
		page.Next, err = encode(forward, q.binding, nil)
	}
	return err
}

func (q *search[T]) load(id string) (found T, ok bool, err error) {
	if !sys.ValidID(id) {
		return found, false, nil // asked for by the client
	}
	q.explanation.Records++
	found, err = record.Get[T](q.r, q.schema.Key(q.space, id))
	if errors.Is(err, store.ErrNotFound) && q.source.ids != nil {
		return found, false, nil
	}
	if err != nil {
		return found, false, fmt.Errorf("index: %s of space %s, %s: %w", q.schema.Kind, q.space, id, err)
	}
	return found, q.met(found), nil
}

func (q *search[T]) met(record T) bool {
	for _, c := range q.where {
		if !c.met(record) {
			return false
		}
	}
	return true
}
