package index

import (
	"errors"
	"slices"

	"github.com/weegloo/weegloo/store"
)

// found is what a walk brought.
type found[T any] struct {
	items  []item[T] // in the direction of the walk
	passed bool      // something that matches lies against the direction
	all    int       // how many match in all, if the walk has seen them
	sawAll bool
}

// find brings up to n items that lie behind start in a direction, 1 or -1, in
// this direction. A nil start is the end of the list where the walk begins.
func (q *search[T]) find(start *place, direction, n int) (found[T], error) {
	if q.source.sorted {
		items, err := q.walkSorted(start, direction, n)
		return found[T]{items: items}, err
	}
	return q.walkAll(start, direction, n)
}

// behind reports whether a comes after b in a direction.
func (q *search[T]) behind(a, b place, direction int) bool {
	return q.order.compare(a, b)*direction > 0
}

// walkAll looks at everything that the source has and keeps the first n.
func (q *search[T]) walkAll(start *place, direction, n int) (found[T], error) {
	out := found[T]{sawAll: true}
	for e, err := range q.walk(q.source, false) {
		if err != nil {
			return found[T]{}, err
		}
		record, ok, err := q.load(e.id)
		if err != nil {
			return found[T]{}, err
		}
		if !ok {
			continue
		}
		out.all++
		it := item[T]{q.order.place(record, e.id), record}
		if start != nil && !q.behind(it.place, *start, direction) {
			out.passed = true
			continue
		}
		at, _ := slices.BinarySearchFunc(out.items, it, func(a, b item[T]) int {
			return q.order.compare(a.place, b.place) * direction
		})
		if at == n {
			continue
		}
		if out.items = slices.Insert(out.items, at, it); len(out.items) > n {
			out.items = out.items[:n]
		}
	}
	return out, nil
}

// walkSorted walks an index that has the order of the query, from start on,
// until it has n items. Only the first key of the order is that of the index:
// what has the same time is a group that is sorted here.
func (q *search[T]) walkSorted(start *place, direction, n int) ([]item[T], error) {
	src := q.source
	reverse := q.order[0].Descending != (direction < 0)
	if start != nil && start.Keys[0] != nil {
		if at := *start.Keys[0]; reverse {
			src.to = min(src.to, at+"0")
		} else {
			src.from = max(src.from, at)
		}
	}
	var items []item[T]
	var group []entry
	for e, err := range q.walk(src, reverse) {
		if err != nil {
			return nil, err
		}
		if len(group) > 0 && group[0].at != e.at {
			if items, err = q.addGroup(items, group, start, direction, n); err != nil || len(items) == n {
				return items, err
			}
			group = group[:0]
		}
		group = append(group, e)
	}
	return q.addGroup(items, group, start, direction, n)
}

// addGroup adds of a group what matches and lies behind start, until there are
// n items.
func (q *search[T]) addGroup(items []item[T], group []entry, start *place, direction, n int) ([]item[T], error) {
	slices.SortFunc(group, func(a, b entry) int { return compareIDs(a.id, b.id) * direction })
	alone := len(q.order) == 1 // then ids are all the order there is in a group
	var members []item[T]
	for _, e := range group {
		if alone && (len(items)+len(members) == n || start != nil && q.before(e, *start, direction)) {
			continue
		}
		record, ok, err := q.load(e.id)
		if err != nil {
			return nil, err
		}
		it := item[T]{q.order.place(record, e.id), record}
		if ok && (start == nil || q.behind(it.place, *start, direction)) {
			members = append(members, it)
		}
	}
	if !alone {
		slices.SortFunc(members, func(a, b item[T]) int { return q.order.compare(a.place, b.place) * direction })
	}
	items = append(items, members...)
	return items[:min(n, len(items))], nil
}

// before reports, from its key alone, whether an entry is not behind start.
func (q *search[T]) before(e entry, start place, direction int) bool {
	return !q.behind(place{Keys: []*string{&e.at}, ID: e.id}, start, direction)
}

func compareIDs(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// total is how many items match in all.
func (q *search[T]) total(found found[T]) (int, error) {
	if found.sawAll {
		q.explanation.Total = "walk"
		return found.all, nil
	}
	if len(q.where) == 0 {
		q.explanation.Total = "counter"
		n, err := store.Counter(q.r, q.schema.totalKey(q.space))
		return int(n), err
	}
	if value, ok := q.where[0].indexed(); ok && len(q.where) == 1 {
		q.explanation.Total = "counter"
		n, err := store.Counter(q.r, q.schema.countKey(q.space, value))
		return int(n), err
	}
	return q.countWalk()
}

// countWalk counts what matches by walking the smallest source. What the index
// keys can tell is not looked up in the records.
func (q *search[T]) countWalk() (n int, err error) {
	src := q.smallest
	rest := slices.DeleteFunc(slices.Clone(q.where), func(c condition[T]) bool { return q.covers(src, c) })
	q.explanation.Total = "walk"
	if len(rest) == 0 {
		q.explanation.Total = "keys"
	}
	for e, err := range q.walk(src, false) {
		if err != nil {
			return 0, err
		}
		ok, err := q.counts(src, e, rest)
		if err != nil {
			return 0, err
		}
		if ok {
			n++
		}
	}
	return n, nil
}

// covers reports whether all that a source has meets a condition.
func (q *search[T]) covers(src source, c condition[T]) bool {
	if _, _, ok := c.span(); ok && c.name == src.field {
		return true
	}
	value, ok := c.indexed()
	return ok && q.schema.valuePrefix(q.space, value) == src.prefix
}

func (q *search[T]) counts(src source, e entry, rest []condition[T]) (bool, error) {
	needRecord := false
	for _, c := range rest {
		value, ok := c.indexed()
		if !ok || src.field != createdField {
			needRecord = true
			continue
		}
		q.explanation.Keys++
		_, err := q.r.Get(q.schema.valuePrefix(q.space, value) + e.at + "/" + e.id)
		if errors.Is(err, store.ErrNotFound) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
	if !needRecord {
		return true, nil
	}
	_, ok, err := q.load(e.id)
	return ok, err
}
