package list_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/weegloo/weegloo/list"
)

// fields are the values of one item as a client sees them: string, int64 or
// time.Time. A field that is not there has no value.
type fields map[string][]any

// thing is an item of a list in the reference: its id and what it shows.
type thing struct {
	id     string
	fields fields
}

// answer is what a query finds in a plain slice: filter, then sort.
func answer(things []thing, q list.Query) []string {
	var found []thing
	for _, t := range things {
		if !slices.ContainsFunc(q.Where, func(c list.Condition) bool { return !meets(t, c) }) {
			found = append(found, t)
		}
	}
	order := q.Order
	if len(order) == 0 {
		order = []list.Order{{Field: "sys.createdAt"}}
	}
	slices.SortFunc(found, func(a, b thing) int {
		for _, key := range order {
			if c := compareBy(key, a, b); c != 0 {
				return c
			}
		}
		return cmp.Compare(a.id, b.id)
	})
	ids := []string{}
	for _, t := range found {
		ids = append(ids, t.id)
	}
	return ids
}

func compareBy(key list.Order, a, b thing) int {
	x, y := a.fields[key.Field], b.fields[key.Field]
	switch {
	case len(x) == 0 && len(y) == 0:
		return 0
	case len(x) == 0:
		return 1
	case len(y) == 0:
		return -1
	}
	c := compareValues(x[0], y[0])
	if key.Descending {
		return -c
	}
	return c
}

func compareValues(a, b any) int {
	switch a := a.(type) {
	case string:
		return cmp.Compare(a, b.(string))
	case int64:
		return cmp.Compare(a, b.(int64))
	}
	return a.(time.Time).Compare(b.(time.Time))
}

// meets is the contract's text on filters, once more.
func meets(t thing, c list.Condition) bool {
	if elsewhere(c.Field) {
		return false
	}
	values := t.fields[c.Field]
	some := func(is func(v any) bool) bool { return slices.ContainsFunc(values, is) }
	among := func(v any) bool {
		return slices.ContainsFunc(c.Values, func(s string) bool { return compareValues(v, like(v, s)) == 0 })
	}
	first := func(v any) int { return compareValues(v, like(v, c.Values[0])) }
	switch c.Op {
	case list.Eq, list.In:
		return some(among)
	case list.Ne, list.Nin:
		return !some(among)
	case list.Exists:
		return len(values) > 0 == (c.Values[0] == "true")
	case list.Gt:
		return some(func(v any) bool { return first(v) > 0 })
	case list.Gte:
		return some(func(v any) bool { return first(v) >= 0 })
	case list.Lt:
		return some(func(v any) bool { return first(v) < 0 })
	case list.Lte:
		return some(func(v any) bool { return first(v) <= 0 })
	case list.Prefix:
		return some(func(v any) bool { return strings.HasPrefix(v.(string), c.Values[0]) })
	case list.Match:
		return some(func(v any) bool {
			return strings.Contains(strings.ToLower(v.(string)), strings.ToLower(c.Values[0]))
		})
	}
	panic(c.Op)
}

// elsewhere are the fields of no locale, or of one that the space has not.
func elsewhere(field string) bool {
	return field == "fields.title" || strings.Contains(field, "xx-XX")
}

// like reads s as a value of the kind of v.
func like(v any, s string) any {
	switch v.(type) {
	case string:
		return s
	case int64:
		var n int64
		if _, err := fmt.Sscan(s, &n); err != nil {
			panic(err)
		}
		return n
	}
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return at
}
