package index

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/weegloo/weegloo/list"
	"github.com/weegloo/weegloo/sys"
)

// condition is a list.Condition that has been understood.
type condition[T any] struct {
	field   Field[T]
	name    string
	op      list.Op
	values  []string // sortable; for match in lower case
	exists  bool     // what op Exists wants
	nowhere bool     // is met by nothing
}

func (s *Schema[T]) compile(space sys.Space, c list.Condition) (condition[T], error) {
	field, ok := s.Field(c.Field)
	if !ok {
		return condition[T]{}, fmt.Errorf("%w: %.100q", list.ErrField, c.Field)
	}
	out := condition[T]{field: field, name: c.Field, op: c.Op, nowhere: field.nowhere(space)}
	wrong := func(format string, args ...any) (condition[T], error) {
		return condition[T]{}, fmt.Errorf("%w: %s %s: %s", list.ErrQuery, c.Field, c.Op, fmt.Sprintf(format, args...))
	}
	switch c.Op {
	case list.In, list.Nin:
	case list.Eq, list.Ne, list.Gt, list.Gte, list.Lt, list.Lte, list.Prefix, list.Match, list.Exists:
		if len(c.Values) != 1 {
			return wrong("%d values", len(c.Values))
		}
	default:
		return condition[T]{}, fmt.Errorf("%w: %.20q is not an operator", list.ErrQuery, string(c.Op))
	}
	if c.Op == list.Exists {
		if c.Values[0] != "true" && c.Values[0] != "false" {
			return wrong("%.20q is neither true nor false", c.Values[0])
		}
		out.exists = c.Values[0] == "true"
		return out, nil
	}
	if field.Kind != Text && (c.Op == list.Prefix || c.Op == list.Match) {
		return wrong("the field is not a text")
	}
	for _, value := range c.Values {
		sortable, ok := field.Kind.sortable(value)
		if !ok {
			return wrong("%.40q is not a value of this field", value)
		}
		if c.Op == list.Match {
			sortable = strings.ToLower(sortable)
		}
		out.values = append(out.values, sortable)
	}
	return out, nil
}

// met reports whether a record meets the condition.
func (c condition[T]) met(record T) bool {
	if c.nowhere {
		return false
	}
	values := c.field.Values(record)
	switch c.op {
	case list.Exists:
		return len(values) > 0 == c.exists
	case list.Ne, list.Nin:
		return !slices.ContainsFunc(values, c.among)
	case list.Eq, list.In:
		return slices.ContainsFunc(values, c.among)
	}
	return slices.ContainsFunc(values, func(v string) bool { return c.compares(v, c.values[0]) })
}

func (c condition[T]) among(v string) bool { return slices.Contains(c.values, v) }

func (c condition[T]) compares(v, with string) bool {
	switch c.op {
	case list.Gt:
		return v > with
	case list.Gte:
		return v >= with
	case list.Lt:
		return v < with
	case list.Lte:
		return v <= with
	case list.Prefix:
		return strings.HasPrefix(v, with)
	}
	return strings.Contains(strings.ToLower(v), with) // list.Match
}

// indexed is the one value of a dimension that a record must have to meet the
// condition.
func (c condition[T]) indexed() (Value, bool) {
	equal := c.op == list.Eq || c.op == list.In && len(c.values) == 1
	if c.field.Dimension == "" || !equal || c.nowhere {
		return Value{}, false
	}
	return Value{c.field.Dimension, c.values[0]}, true
}

// span is the part of an index by time in which what meets the condition lies,
// from included to excluded.
func (c condition[T]) span() (from, to string, ok bool) {
	after := func(v string) string { return v + "0" } // behind all keys "v/…"
	switch c.op {
	case list.Eq:
		return c.values[0], after(c.values[0]), true
	case list.Gt:
		return after(c.values[0]), "~", true
	case list.Gte:
		return c.values[0], "~", true
	case list.Lt:
		return "", c.values[0], true
	case list.Lte:
		return "", after(c.values[0]), true
	}
	return "", "", false
}

// text is the condition for the check of a cursor.
func (c condition[T]) text() string {
	return strconv.Quote(c.name) + string(c.op) + fmt.Sprintf("%q%t", c.values, c.exists)
}
