package processing

import (
	"errors"

	"github.com/weegloo/weegloo/internal/ebml"
	"github.com/weegloo/weegloo/internal/isobmff"
)

// boxLimits are for the boxes of JPEG 2000 and JPEG XL, which need fewer than
// ten to come to the size.
var boxLimits = isobmff.Limits{Bytes: 64 << 10, Boxes: 64, Depth: 2}

// boxes is a file as the box around its boxes.
func boxes(file section) isobmff.Box { return isobmff.New(file, file.size, boxLimits) }

// content is what is in a box of the file.
func (s section) content(b isobmff.Box) section { return s.cut(b.Offset(), b.Size()) }

// ReadAt makes a section an [io.ReaderAt] for few bytes at a time.
func (s section) ReadAt(p []byte, off int64) (int, error) {
	b, err := s.at(off, len(p))
	return copy(p, b), err
}

// isBrokenBox reports an error that is the fault of boxes or elements.
func isBrokenBox(err error) bool {
	return errors.Is(err, isobmff.ErrMalformed) || errors.Is(err, isobmff.ErrLimit) ||
		errors.Is(err, ebml.ErrMalformed) || errors.Is(err, ebml.ErrLimit)
}
