package index

import (
	"iter"
	"slices"
	"strings"

	"github.com/weegloo/weegloo/list"
	"github.com/weegloo/weegloo/store"
)

// source is what a query walks through: a part of an index, or some ids.
type source struct {
	name     string   // for the Explanation
	prefix   string   // of the keys of the index
	from, to string   // the part of it, behind the prefix
	field    string   // what the index is ordered by
	ids      []string // instead of an index
	size     int      // how many records it leads to, at most
	sorted   bool     // it has the order of the query
}

// entry is an index key: a time and an id.
type entry struct{ at, id string }

// walk yields what the source has, in the order of the index.
func (q *search[T]) walk(src source, reverse bool) iter.Seq2[entry, error] {
	return func(yield func(entry, error) bool) {
		for _, id := range src.ids {
			if !yield(entry{id: id}, nil) {
				return
			}
		}
		if src.prefix == "" {
			return
		}
		part := store.Range{From: src.prefix + src.from, To: src.prefix + src.to, Reverse: reverse, KeysOnly: true}
		for e, err := range q.r.Scan(part) {
			q.explanation.Keys++
			at, id, _ := strings.Cut(strings.TrimPrefix(e.Key, src.prefix), "/")
			if !yield(entry{at, id}, err) || err != nil {
				return
			}
		}
	}
}

// end is behind all times.
const end = "~"

// choose finds the source of the page that costs least, and the smallest one.
//
// One that has the order of the query is walked until the page is full: the
// rarer the matches among what it has, the longer that takes. Any other has to
// be walked to its end, whatever the page.
func (q *search[T]) choose() error {
	if ids, ok := q.ids(); ok {
		q.source = source{name: "ids", ids: ids, size: len(ids)}
		return nil
	}
	sources, err := q.sources()
	if err != nil {
		return err
	}
	q.smallest = slices.MinFunc(sources, func(a, b source) int { return a.size - b.size })
	cost := func(src source) int {
		if !src.sorted {
			return src.size
		}
		// As if the matches lay evenly in what the source has.
		return min(src.size, (q.limit+q.skip)*src.size/max(1, q.smallest.size))
	}
	q.source = slices.MinFunc(sources, func(a, b source) int {
		if cost(a) == cost(b) && a.sorted {
			return -1
		}
		return cost(a) - cost(b)
	})
	return nil
}

// ids are all that a query for certain ids can find.
func (q *search[T]) ids() ([]string, bool) {
	for _, c := range q.where {
		if c.name == idField && (c.op == list.Eq || c.op == list.In) {
			return unique(c.values), true
		}
	}
	return nil, false
}

// sources are the parts of indexes that have all that the query can find.
func (q *search[T]) sources() ([]source, error) {
	total, err := store.Counter(q.r, q.schema.totalKey(q.space))
	if err != nil {
		return nil, err
	}
	created, err := q.byTime(source{
		name: "created", prefix: q.schema.createdPrefix(q.space), field: createdField, size: int(total),
	})
	if err != nil {
		return nil, err
	}
	updated, err := q.byTime(source{
		name: "updated", prefix: q.schema.updatedPrefix(q.space), field: updatedField, size: int(total),
	})
	if err != nil {
		return nil, err
	}
	sources := []source{created, updated}
	for _, c := range q.where {
		value, ok := c.indexed()
		if !ok {
			continue
		}
		size, err := store.Counter(q.r, q.schema.countKey(q.space, value))
		if err != nil {
			return nil, err
		}
		sources = append(sources, source{
			name: value.Dimension, prefix: q.schema.valuePrefix(q.space, value),
			from: created.from, to: created.to, field: createdField,
			size: min(int(size), created.size), sorted: created.sorted,
		})
	}
	return sources, nil
}

// estimate is how many keys of a span of time are counted before it is taken
// for everything.
const estimate = 10_000

// byTime narrows an index by time to the span that the conditions leave of it.
func (q *search[T]) byTime(src source) (source, error) {
	src.to = end
	src.sorted = q.order[0].Field == src.field
	narrowed := false
	for _, c := range q.where {
		from, to, ok := c.span()
		if c.name != src.field || !ok {
			continue
		}
		src.from, src.to, narrowed = max(src.from, from), min(src.to, to), true
	}
	if !narrowed {
		return src, nil
	}
	n := 0
	for _, err := range q.walk(src, false) {
		if err != nil {
			return source{}, err
		}
		if n++; n > estimate {
			return src, nil
		}
	}
	src.size = n
	return src, nil
}

func unique(ids []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}
