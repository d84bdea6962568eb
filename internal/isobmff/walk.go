package isobmff

import (
	"encoding/binary"
	"fmt"
	"iter"
)

const (
	shortHeader = 8  // size and type
	longHeader  = 16 // and the size in 64 bits
	uuidLength  = 16
)

// Boxes are the boxes in b, in order. It ends at the first that is cut, for
// nothing can stand behind it; at a size of 0, with which QuickTime ends a
// list; and at an error, which comes with an empty Box.
func (b Box) Boxes() iter.Seq2[Box, error] {
	return func(yield func(Box, error) bool) {
		// Fewer bytes than a header are padding.
		for rest := b; rest.size >= shortHeader; {
			child, after, err := rest.first()
			if err != nil {
				yield(Box{}, err)
				return
			}
			if child.r == nil || !yield(child, nil) {
				return
			}
			rest = after
		}
	}
}

// first is the box with which b begins, without a reader if that is the end of
// a list, and what stands behind it.
func (b Box) first() (child, rest Box, err error) {
	if b.depth >= b.r.maxDepth {
		return Box{}, Box{}, fmt.Errorf("%w: depth", ErrLimit)
	}
	if b.r.boxes--; b.r.boxes < 0 {
		return Box{}, Box{}, fmt.Errorf("%w: boxes", ErrLimit)
	}
	head, err := b.At(0, shortHeader)
	if err != nil {
		return Box{}, Box{}, err
	}
	size, header := int64(binary.BigEndian.Uint32(head)), int64(shortHeader)
	child = Box{Type: string(head[4:]), r: b.r, depth: b.depth + 1}
	switch {
	case size == 0 && b.depth > 0:
		return Box{}, Box{}, nil
	case size == 0:
		size = b.size
	case size == 1:
		header = longHeader
		if size, err = b.longSize(); err != nil {
			return Box{}, Box{}, err
		}
	}
	if child.Type == "uuid" {
		id, err := b.At(header, uuidLength)
		if err != nil {
			return Box{}, Box{}, err
		}
		child.Type += string(id)
		header += uuidLength
	}
	if size < header {
		return Box{}, Box{}, fmt.Errorf("%w: %q of %d bytes", ErrMalformed, child.Type, size)
	}
	if size > b.size {
		size, child.Cut = b.size, true
	}
	// A header that is cut itself leaves nothing for the payload.
	child.off, child.size = b.off+header, max(size-header, 0)
	return child, b.From(size), nil
}

func (b Box) longSize() (int64, error) {
	long, err := b.At(shortHeader, 8)
	if err != nil {
		return 0, err
	}
	size := binary.BigEndian.Uint64(long)
	if size > 1<<62 {
		return 0, fmt.Errorf("%w: box of %d bytes", ErrMalformed, size)
	}
	return int64(size), nil
}

// Find is the first box at the path of types below b, and whether there is
// one. It looks into the first box of each type only.
func (b Box) Find(path ...string) (Box, bool, error) {
	for _, want := range path {
		found := false
		for child, err := range b.Boxes() {
			if err != nil {
				return Box{}, false, err
			}
			if child.Type == want {
				b, found = child, true
				break
			}
		}
		if !found {
			return Box{}, false, nil
		}
	}
	return b, true, nil
}
