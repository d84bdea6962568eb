package ebml

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Uint is the number that e is.
func (e Element) Uint() (uint64, error) {
	b, err := e.value()
	n := uint64(0)
	for _, c := range b {
		n = n<<8 | uint64(c)
	}
	return n, err
}

// Float is the number that e is.
func (e Element) Float() (float64, error) {
	b, err := e.value()
	switch {
	case err != nil:
		return 0, err
	case len(b) == 0:
		return 0, nil
	case len(b) == 4:
		return float64(math.Float32frombits(binary.BigEndian.Uint32(b))), nil
	case len(b) == 8:
		return math.Float64frombits(binary.BigEndian.Uint64(b)), nil
	}
	return 0, fmt.Errorf("%w: a number of %d bytes", ErrMalformed, len(b))
}

// Text is the text that e is, of at most eight bytes, without the zeros that
// may stand behind it. Of a longer one it is the beginning.
func (e Element) Text() (string, error) {
	e.size = min(e.size, 8)
	b, err := e.value()
	for len(b) > 0 && b[len(b)-1] == 0 {
		b = b[:len(b)-1]
	}
	return string(b), err
}

// value is what is in e, which is of at most eight bytes.
func (e Element) value() ([]byte, error) {
	switch {
	case e.Cut || e.Unknown || e.size > 8:
		return nil, fmt.Errorf("%w: a value of %d bytes", ErrMalformed, e.size)
	case e.size == 0:
		return nil, nil
	}
	return e.r.at(e.off, int(e.size))
}

// Head is the first n bytes of what is in e, at most eight. They are valid
// until the next call for any element of the file.
func (e Element) Head(n int) ([]byte, error) {
	if n < 1 || n > 8 || int64(n) > e.size {
		return nil, fmt.Errorf("%w: %d bytes of %d", ErrMalformed, n, e.size)
	}
	return e.r.at(e.off, n)
}
