// Package isobmff reads the boxes of an ISO base media file: MP4, QuickTime,
// 3GP, HEIF and their relatives. It knows how boxes are framed and nothing of
// what is in them.
//
// No number of a file is believed: a box ends where the box around it ends,
// and [Limits] bound what is read, how many boxes are looked at and how deep
// they lie in each other. Nothing is allocated for a size that a file claims.
package isobmff

import (
	"errors"
	"fmt"
	"io"
)

var (
	// ErrMalformed: the bytes are not what the format demands.
	ErrMalformed = errors.New("isobmff: malformed")

	// ErrLimit: the file asks for more than the [Limits] allow.
	ErrLimit = errors.New("isobmff: limit reached")
)

// Limits bound the work that is done for one file. Each must be set.
type Limits struct {
	Bytes int64 // that are read in all
	Boxes int   // whose headers are read in all
	Depth int   // of boxes in boxes; those of the file itself are at 1
}

// MaxRead is how many bytes [Box.At] gives at most.
const MaxRead = 256

// reader is what all boxes of a file share.
type reader struct {
	r        io.ReaderAt
	bytes    int64 // that may still be read
	boxes    int   // that may still be looked at
	maxDepth int
	buf      [MaxRead]byte
}

func (r *reader) at(off int64, n int) ([]byte, error) {
	if n > MaxRead || int64(n) > r.bytes {
		return nil, fmt.Errorf("%w: bytes", ErrLimit)
	}
	r.bytes -= int64(n)
	got, err := r.r.ReadAt(r.buf[:n], off)
	if got < n {
		if err == nil || err == io.EOF {
			err = io.ErrUnexpectedEOF // the file is there in full, says its size
		}
		return nil, fmt.Errorf("isobmff: at byte %d: %w", off, err)
	}
	return r.buf[:n], nil
}

// Box is a box of a file, or what is left of one. The zero Box is empty.
type Box struct {
	// Type is the four characters that say what is in it: "uuid" and the 16
	// bytes behind it where that is what they are. The whole file has none.
	Type string

	// Cut reports that it claims to be longer than what it lies in, as it does
	// when the file was cut off. Its bytes end where that ends.
	Cut bool

	r         *reader
	off, size int64 // of the payload
	depth     int
}

// New is the whole of a file of the given size, as a box in which the others
// lie. It reads nothing.
func New(r io.ReaderAt, size int64, limits Limits) Box {
	return Box{
		r:    &reader{r: r, bytes: limits.Bytes, boxes: limits.Boxes, maxDepth: limits.Depth},
		size: max(size, 0),
	}
}

// Size is how many bytes there are behind the header.
func (b Box) Size() int64 { return b.size }

// Offset is where in the file those bytes begin.
func (b Box) Offset() int64 { return b.off }

// At is n bytes at off behind the header. They are valid until the next call
// for any box of the file.
func (b Box) At(off int64, n int) ([]byte, error) {
	if n < 1 || off < 0 || off > b.size-int64(n) {
		return nil, fmt.Errorf("%w: %q ends before byte %d", ErrMalformed, b.Type, off)
	}
	return b.r.at(b.off+off, n)
}

// From is b without its first n bytes: the fields that stand before the boxes
// in it.
func (b Box) From(n int64) Box { return b.Slice(n, b.size-n) }

// Slice is the size bytes of b at off, as far as b has them.
func (b Box) Slice(off, size int64) Box {
	off = min(max(off, 0), b.size)
	b.off, b.size = b.off+off, min(max(size, 0), b.size-off)
	return b
}

// Full is the version and the flags with which a full box begins, and what
// stands behind them.
func (b Box) Full() (version byte, flags uint32, rest Box, err error) {
	head, err := b.At(0, 4)
	if err != nil {
		return 0, 0, Box{}, err
	}
	return head[0], uint32(head[1])<<16 | uint32(head[2])<<8 | uint32(head[3]), b.From(4), nil
}
