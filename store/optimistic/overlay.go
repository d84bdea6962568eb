package optimistic

import (
	"bytes"
	"iter"
	"slices"
	"strings"

	"github.com/weegloo/weegloo/store"
)

// overlay is what a transaction has written, one Write for each key, in key
// order. Transactions are small: insertion into a slice is cheaper than a tree.
type overlay struct {
	list []Write
}

// find returns where key is, or would be.
func (o *overlay) find(key string) (int, bool) {
	return slices.BinarySearchFunc(o.list, key, func(w Write, key string) int {
		return strings.Compare(w.Key, key)
	})
}

func (o *overlay) get(key string) (Write, bool) {
	i, ok := o.find(key)
	if !ok {
		return Write{}, false
	}
	return o.list[i], true
}

func (o *overlay) put(w Write) {
	i, ok := o.find(w.Key)
	if ok {
		o.list[i] = w
		return
	}
	o.list = slices.Insert(o.list, i, w)
}

// cursor walks over an overlay in the order of a range. It remembers a key and
// not an index, so that the overlay may change between two steps.
type cursor struct {
	overlay *overlay
	r       store.Range
	last    string // passed; only if started
	started bool
}

// next returns the first write of the range that has not been passed.
func (c *cursor) next() (Write, bool) {
	list := c.overlay.list
	if c.r.Reverse {
		i := len(list)
		if c.started {
			i, _ = c.overlay.find(c.last)
		} else if c.r.To != "" {
			i, _ = c.overlay.find(c.r.To)
		}
		if i == 0 || !c.r.Contains(list[i-1].Key) {
			return Write{}, false
		}
		return list[i-1], true
	}
	i, _ := c.overlay.find(c.r.From)
	if c.started {
		var found bool
		if i, found = c.overlay.find(c.last); found {
			i++
		}
	}
	if i == len(list) || !c.r.Contains(list[i].Key) {
		return Write{}, false
	}
	return list[i], true
}

func (c *cursor) pass(key string) { c.last, c.started = key, true }

// before reports whether a comes before b in the order of the range.
func (c *cursor) before(a, b string) bool {
	if c.r.Reverse {
		return a > b
	}
	return a < b
}

// merge yields the entries of base with the writes of o put over them, and
// reports whether it came to the end of r. Both are in the order of r.
func merge(base iter.Seq2[store.Entry, error], o *overlay, r store.Range, yield func(store.Entry, error) bool) bool {
	c := &cursor{overlay: o, r: r}
	for e, err := range base {
		if err != nil {
			yield(store.Entry{}, err)
			return false
		}
		if !c.yieldBefore(&e.Key, yield) {
			return false
		}
		if w, ok := o.get(e.Key); ok {
			c.pass(e.Key)
			if !w.Delete && !yield(c.entry(w), nil) {
				return false
			}
			continue
		}
		c.pass(e.Key)
		if !yield(e, nil) {
			return false
		}
	}
	return c.yieldBefore(nil, yield)
}

// yieldBefore yields the writes that come before key, or all that are left if
// key is nil.
func (c *cursor) yieldBefore(key *string, yield func(store.Entry, error) bool) bool {
	for {
		w, ok := c.next()
		if !ok || key != nil && !c.before(w.Key, *key) {
			return true
		}
		c.pass(w.Key)
		if !w.Delete && !yield(c.entry(w), nil) {
			return false
		}
	}
}

func (c *cursor) entry(w Write) store.Entry {
	if c.r.KeysOnly {
		return store.Entry{Key: w.Key}
	}
	return store.Entry{Key: w.Key, Value: bytes.Clone(w.Value)}
}
