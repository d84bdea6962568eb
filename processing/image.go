package processing

import (
	"errors"
	"fmt"

	"github.com/weegloo/weegloo/media"
)

// picturesBy is the reader of an image whose size read knows.
func picturesBy(read func(section) (picture, error)) reader {
	return func(file section) (Result, error) {
		p, err := read(file)
		if err == nil {
			err = p.check()
		}
		if err != nil {
			return Result{}, err
		}
		return Result{Image: p.displayed()}, nil
	}
}

// picture is what the header of an image says. Nothing of it is checked.
type picture struct {
	width, height int64
	orientation   uint32 // as in EXIF; 0 and unheard-of values mean upright
}

// maxSide is the longest side that is believed, in pixels. It is where libpng
// draws the line.
const maxSide = 1_000_000

func (p picture) check() error {
	if p.width < 1 || p.height < 1 || p.width > maxSide || p.height > maxSide {
		return malformed(fmt.Sprintf("size of %d x %d", p.width, p.height))
	}
	return nil
}

// displayed is the size after turning the picture as its orientation demands.
func (p picture) displayed() *media.Image {
	if p.orientation >= 5 && p.orientation <= 8 { // a quarter turn, mirrored or not
		return &media.Image{Width: int(p.height), Height: int(p.width)}
	}
	return &media.Image{Width: int(p.width), Height: int(p.height)}
}

// malformed is the error of bytes that are not what they should be.
type malformed string

func (m malformed) Error() string { return string(m) }

func isMalformed(err error) bool {
	var m malformed
	return errors.As(err, &m) || isBrokenBox(err)
}

// beyond is the error of bytes that may be as they should be, and from which
// we read nothing all the same.
type beyond string

func (b beyond) Error() string { return string(b) }

func isBeyond(err error) bool {
	var b beyond
	return errors.As(err, &b)
}
