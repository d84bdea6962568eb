// Package ebml reads the elements of an EBML document, which is what Matroska
// and WebM files are. It knows how elements are framed and nothing of what is
// in them.
//
// No number of a file is believed: an element ends where the one around it
// ends, and [Limits] bound what is read and how many elements are looked at.
// Nothing is allocated for a size that a file claims.
package ebml

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"math/bits"
)

var (
	// ErrMalformed: the bytes are not what the format demands.
	ErrMalformed = errors.New("ebml: malformed")

	// ErrLimit: the file asks for more than the [Limits] allow.
	ErrLimit = errors.New("ebml: limit reached")
)

// Limits bound the work that is done for one file. Each must be set.
type Limits struct {
	Bytes    int64 // that are read in all
	Elements int   // whose headers are read in all
}

// maxHeader is the longest header: an ID of four bytes and a size of eight.
const maxHeader = 12

// reader is what all elements of a file share.
type reader struct {
	r        io.ReaderAt
	bytes    int64 // that may still be read
	elements int   // that may still be looked at
	buf      [maxHeader]byte
}

func (r *reader) at(off int64, n int) ([]byte, error) {
	if int64(n) > r.bytes {
		return nil, fmt.Errorf("%w: bytes", ErrLimit)
	}
	r.bytes -= int64(n)
	got, err := r.r.ReadAt(r.buf[:n], off)
	if got < n {
		if err == nil || err == io.EOF {
			err = io.ErrUnexpectedEOF // the file is there in full, says its size
		}
		return nil, fmt.Errorf("ebml: at byte %d: %w", off, err)
	}
	return r.buf[:n], nil
}

// Element is an element of a document. The zero Element is empty.
type Element struct {
	// ID says what is in it, with the bits that tell its length. That of the
	// document as a whole is 0.
	ID uint32

	// Unknown reports that it does not say where it ends.
	Unknown bool

	// Cut reports that it claims to be longer than what it lies in, as it does
	// when the file was cut off. Its bytes end where that ends.
	Cut bool

	r         *reader
	off, size int64 // of the payload
}

// New is the whole of a file of the given size, as an element in which the
// others lie. It reads nothing.
func New(r io.ReaderAt, size int64, limits Limits) Element {
	return Element{r: &reader{r: r, bytes: limits.Bytes, elements: limits.Elements}, size: max(size, 0)}
}

// Size is how many bytes there are behind the header.
func (e Element) Size() int64 { return e.size }

// Offset is where in the file those bytes begin.
func (e Element) Offset() int64 { return e.off }

// Elements are the elements in e, in order. It ends at the first that is cut,
// for nothing can stand behind it, and at an error, which comes with an empty
// Element. An element of unknown size is followed by those in it: where it ends
// is for the caller to tell, from what can be in it and what cannot.
func (e Element) Elements() iter.Seq2[Element, error] {
	return func(yield func(Element, error) bool) {
		for off := int64(0); off < e.size; {
			child, err := e.child(off)
			if err != nil {
				yield(Element{}, err)
				return
			}
			if !yield(child, nil) {
				return
			}
			off = child.off - e.off
			if !child.Unknown {
				off += child.size
			}
		}
	}
}

// child is the element at off in e.
func (e Element) child(off int64) (Element, error) {
	if e.r.elements--; e.r.elements < 0 {
		return Element{}, fmt.Errorf("%w: elements", ErrLimit)
	}
	rest := e.size - off
	head, err := e.r.at(e.off+off, int(min(rest, maxHeader)))
	if err != nil {
		return Element{}, err
	}
	id, n, ok := number(head, 4)
	if !ok {
		return Element{}, fmt.Errorf("%w: no ID at byte %d", ErrMalformed, e.off+off)
	}
	size, m, ok := number(head[n:], 8)
	if !ok {
		return Element{}, fmt.Errorf("%w: no size at byte %d", ErrMalformed, e.off+off)
	}
	child := Element{ID: uint32(id), r: e.r, off: e.off + off + int64(n+m)}
	rest -= int64(n + m)
	marker := uint64(1) << (7 * m)
	switch size &^= marker; {
	case size == marker-1:
		child.Unknown, child.size = true, rest
	case size > uint64(rest):
		child.Cut, child.size = true, rest
	default:
		child.size = int64(size)
	}
	return child, nil
}

// number is the number at the beginning of b, which tells in the zeros before
// its first bit how many bytes it has, and that many.
func number(b []byte, most int) (value uint64, length int, ok bool) {
	if len(b) == 0 {
		return 0, 0, false
	}
	length = bits.LeadingZeros8(b[0]) + 1
	if length > most || length > len(b) {
		return 0, 0, false
	}
	for _, c := range b[:length] {
		value = value<<8 | uint64(c)
	}
	return value, length, true
}
