// Package index keeps the lists of one kind of records and answers queries
// about them.
//
// The keys of a list are written in the transaction of the record ([Write]), by
// comparing what the record was with what it becomes:
//
//	<kind>-created/<space>/<milliseconds>/<id>
//	<kind>-updated/<space>/<milliseconds>/<id>
//	<kind>-by/<space>/<dimension>/<value>/<milliseconds of creation>/<id>
//	<kind>-count/<space>                        counter of the records
//	<kind>-count/<space>/<dimension>/<value>    counter of those with the value
//
// A dimension is a field with an index of its own. A query walks one of these
// indexes and compares the rest with the records; [Schema.Page] chooses which.
package index

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/weegloo/weegloo/sys"
)

// Schema is what the package must know of a kind of records.
type Schema[T any] struct {
	Kind    string                        // first part of the keys of the lists
	Key     func(space, id string) string // key of a record
	ID      func(T) string                // of a record
	Created func(T) time.Time             // never changes
	Updated func(T) time.Time             //
	Values  func(T) []Value               // of all dimensions
	Field   func(name string) (Field[T], bool)
}

// Value is what a record has in one dimension.
type Value struct {
	Dimension string
	Value     string
}

// Kind is how the values of a field are read and compared.
type Kind int

// The kinds of fields.
const (
	Text Kind = iota
	Number
	Time
)

// Field is something that a record can be asked for.
type Field[T any] struct {
	Kind Kind

	// Values are the sortable forms of the record's values; none is missing.
	Values func(T) []string

	// Dimension names the index of this field. Default: it has none.
	Dimension string

	// Locale is the one that the field is of, if it is of one at all. In a Space
	// without it, nothing has a value and no condition is met.
	Locale  string
	Located bool
}

// nowhere reports whether the field is of a locale that the Space has not.
func (f Field[T]) nowhere(space sys.Space) bool { return f.Located && !space.Has(f.Locale) }

// The sortable forms of values. Text is its own.

// OfNumber sorts numbers that are not negative.
func OfNumber(n int64) string { return fmt.Sprintf("%019d", n) }

// OfTime sorts times. Thirteen digits of milliseconds last until the year 2286.
func OfTime(t time.Time) string { return fmt.Sprintf("%013d", max(0, t.UnixMilli())) }

// sortable is the form of a value that a client gives.
func (k Kind) sortable(value string) (string, bool) {
	switch k {
	case Number:
		return sortableNumber(value)
	case Time:
		t, err := time.Parse(time.RFC3339Nano, value)
		return OfTime(t), err == nil
	}
	return value, true
}

// sortableNumber also takes whole numbers that no record ever has, which come
// before or behind all of them.
func sortableNumber(value string) (string, bool) {
	n, err := strconv.ParseInt(value, 10, 64)
	switch {
	case err == nil && n >= 0:
		return OfNumber(n), true
	case err == nil:
		return "-", true
	case isOutOfRange(err) && value[0] == '-':
		return "-", true
	case isOutOfRange(err):
		return "~", true
	}
	return "", false
}

func (s *Schema[T]) createdPrefix(space string) string { return s.Kind + "-created/" + space + "/" }
func (s *Schema[T]) updatedPrefix(space string) string { return s.Kind + "-updated/" + space + "/" }

func (s *Schema[T]) valuePrefix(space string, v Value) string {
	return s.Kind + "-by/" + space + "/" + v.path() + "/"
}

func (s *Schema[T]) totalKey(space string) string { return s.Kind + "-count/" + space }

func (s *Schema[T]) countKey(space string, v Value) string {
	return s.totalKey(space) + "/" + v.path()
}

// path is the value as two parts of a key. What a host may make as long as it
// likes, as the id of a user, is cut to its digest.
func (v Value) path() string {
	escaped := url.PathEscape(v.Value)
	if len(escaped) > 128 {
		escaped = "~" + digest(v.Value)
	}
	return v.Dimension + "/" + escaped
}

// suffix is the end of an index key.
func suffix(at time.Time, id string) string { return OfTime(at) + "/" + id }
