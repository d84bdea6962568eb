package index

import (
	"cmp"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/weegloo/weegloo/list"
	"github.com/weegloo/weegloo/sys"
)

// The fields that the order of an index is of.
const (
	createdField = "sys.createdAt"
	updatedField = "sys.updatedAt"
)

// order is how a list is sorted: by its keys, then by id.
type order[T any] []orderKey[T]

type orderKey[T any] struct {
	list.Order
	field   Field[T]
	nowhere bool
}

func (s *Schema[T]) order(space sys.Space, by []list.Order) (order[T], error) {
	if len(by) == 0 {
		by = []list.Order{{Field: createdField}}
	}
	var o order[T]
	for i, key := range by {
		if key.Field == idField && !key.Descending && i > 0 {
			break // it comes last anyway, and nothing after it makes a difference
		}
		field, ok := s.Field(key.Field)
		if !ok {
			return nil, fmt.Errorf("%w: %.100q", list.ErrField, key.Field)
		}
		o = append(o, orderKey[T]{key, field, field.nowhere(space)})
	}
	return o, nil
}

// place is where an item stands in the order, as far as its record says. It is
// what a cursor holds.
type place struct {
	Keys []*string `json:"k"` // nil has no value
	ID   string    `json:"i"`
}

// maxKey is how much of a text counts for the order, in bytes: a place must fit
// into an address. Titles and names always do as a whole.
const maxKey = 1 << 10

func (o order[T]) place(record T, id string) place {
	p := place{Keys: make([]*string, len(o)), ID: id}
	for i, key := range o {
		if values := key.field.Values(record); len(values) > 0 && !key.nowhere {
			value := cut(values[0])
			p.Keys[i] = &value
		}
	}
	return p
}

func cut(text string) string {
	if len(text) <= maxKey {
		return text
	}
	end := maxKey
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

// compare is negative if a comes before b.
func (o order[T]) compare(a, b place) int {
	for i, key := range o {
		x, y := a.Keys[i], b.Keys[i]
		switch {
		case x == nil && y == nil:
			continue
		case x == nil:
			return 1
		case y == nil:
			return -1
		}
		if c := strings.Compare(*x, *y); c != 0 {
			if key.Descending {
				return -c
			}
			return c
		}
	}
	return cmp.Compare(a.ID, b.ID)
}

// text is the order for the check of a cursor.
func (o order[T]) text() string {
	var b strings.Builder
	for _, key := range o {
		fmt.Fprintf(&b, "%q%t", key.Field, key.Descending)
	}
	return b.String()
}
