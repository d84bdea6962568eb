// Package page cuts a list that is kept as ordered index keys into pages.
//
// A cursor holds the position of an item, not its number, so a page is the
// same whatever was inserted or removed before it, and costs what it shows.
package page

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
	"strings"

	"github.com/weegloo/weegloo/store"
)

// ErrCursor refuses a cursor that is not one, or belongs to another list.
var ErrCursor = errors.New("page: not a cursor of this list")

// Window says which part of a list is wanted.
type Window struct {
	Limit  int
	Skip   int
	After  string // cursor: the items behind it, in order
	Before string // cursor: the last items in front of it, in order
}

// Keys is a page of a list.
type Keys struct {
	Keys []string // without the list's prefix, in order
	Next string   // cursor for After; empty on the last page
	Prev string   // cursor for Before; empty on the first page
}

// Cut reads the page of the list whose keys start with prefix.
func Cut(r store.Reader, prefix string, w Window) (Keys, error) {
	part, err := w.part(prefix)
	if err != nil {
		return Keys{}, err
	}
	keys, err := collect(r, prefix, part, w.Skip, w.Limit)
	if err != nil {
		return Keys{}, err
	}
	if part.Reverse {
		slices.Reverse(keys)
	}
	return link(r, prefix, part, keys)
}

// Count is how many keys the list has.
func Count(r store.Reader, prefix string) (n int, err error) {
	part := store.Prefix(prefix)
	part.KeysOnly = true
	for _, err := range r.Scan(part) {
		if err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

// part is the range of keys to read from its near end.
func (w Window) part(prefix string) (store.Range, error) {
	part := store.Prefix(prefix)
	part.KeysOnly = true
	if w.After != "" && w.Before != "" {
		return store.Range{}, ErrCursor
	}
	if w.After != "" {
		position, err := decode(w.After, forward, prefix)
		part.From = prefix + position + "\x00" // the first key behind it
		return part, err
	}
	if w.Before != "" {
		position, err := decode(w.Before, backward, prefix)
		part.To, part.Reverse = prefix+position, true
		return part, err
	}
	return part, nil
}

func collect(r store.Reader, prefix string, part store.Range, skip, limit int) ([]string, error) {
	var keys []string
	for entry, err := range r.Scan(part) {
		if err != nil {
			return nil, err
		}
		if skip > 0 {
			skip--
			continue
		}
		if keys = append(keys, strings.TrimPrefix(entry.Key, prefix)); len(keys) == limit {
			break
		}
	}
	return keys, nil
}

// link finds out whether there is something on either side of the page.
func link(r store.Reader, prefix string, part store.Range, keys []string) (Keys, error) {
	page := Keys{Keys: keys}
	// The gap an empty page stands in: everything is before or behind it.
	first, last := part.From, part.From
	if part.Reverse {
		first, last = part.To, part.To
	}
	if len(keys) > 0 {
		first, last = prefix+keys[0], prefix+keys[len(keys)-1]+"\x00"
	}
	before, err := exists(r, store.Range{From: prefix, To: first, Reverse: true, KeysOnly: true})
	if err != nil {
		return Keys{}, err
	}
	behind, err := exists(r, store.Range{From: last, To: store.PrefixEnd(prefix), KeysOnly: true})
	if err != nil {
		return Keys{}, err
	}
	if before {
		page.Prev = encode(backward, prefix, strings.TrimPrefix(first, prefix))
	}
	if behind {
		page.Next = encode(forward, prefix, strings.TrimPrefix(strings.TrimSuffix(last, "\x00"), prefix))
	}
	return page, nil
}

func exists(r store.Reader, part store.Range) (bool, error) {
	if part.To != "" && part.From >= part.To {
		return false, nil
	}
	for _, err := range r.Scan(part) {
		return err == nil, err
	}
	return false, nil
}

// A cursor is base64url of: direction, check, position. The check binds it to
// the list and the direction. It is no secret: all that a forged one could
// reach is another page of the list that the caller may read anyway.
const (
	forward  = 'n'
	backward = 'p'

	checkLength = 8
)

func encode(direction byte, prefix, position string) string {
	sum := check(direction, prefix, position)
	return base64.RawURLEncoding.EncodeToString(append(append([]byte{direction}, sum...), position...))
}

func decode(cursor string, direction byte, prefix string) (position string, err error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(raw) < 1+checkLength || raw[0] != direction {
		return "", ErrCursor
	}
	position = string(raw[1+checkLength:])
	if !slices.Equal(raw[1:1+checkLength], check(direction, prefix, position)) {
		return "", ErrCursor
	}
	return position, nil
}

func check(direction byte, prefix, position string) []byte {
	sum := sha256.Sum256([]byte("weegloo cursor\x00" + string(direction) + "\x00" + prefix + "\x00" + position))
	return sum[:checkLength]
}
