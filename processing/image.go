package processing

import (
	"errors"
	"fmt"

	"github.com/weegloo/weegloo/media"
)

// imageReaders has a reader for each type of image whose size is read. None of
// them believes a length it reads: bytes are only ever asked of a [section],
// which knows where the file and the budget end.
var imageReaders = map[string]func(section) (picture, error){
	"image/bmp":                 readBMP,
	"image/gif":                 readGIF,
	"image/j2c":                 readJ2C,
	"image/jp2":                 readJP2,
	"image/jpeg":                readJPEG,
	"image/jpx":                 readJP2,
	"image/jxl":                 readJXL,
	"image/png":                 readPNG,
	"image/tiff":                readTIFF,
	"image/vnd.adobe.photoshop": readPSD,
	"image/webp":                readWebP,
	"image/x-icon":              readICO,
	"image/x-tga":               readTGA,
}

// readImage is the displayed size of an image, or nil if contentType is not
// one whose size is read, or the file does not say one that is its own. It is the one place that tells bytes that will never
// be read from a store that does not read them now.
func readImage(contentType string, src Source) (*media.Image, error) {
	read, ok := imageReaders[contentType]
	if !ok {
		return nil, nil
	}
	p, err := read(newSection(src.Bytes, src.Size))
	if err == nil {
		err = p.check()
	}
	if isBeyond(err) {
		return nil, nil
	}
	if isMalformed(err) {
		return nil, NewFailure(ReasonUnreadableImage, fmt.Errorf("%s: %w", contentType, err))
	}
	if err != nil {
		return nil, fmt.Errorf("processing: read %s: %w", contentType, err)
	}
	return p.displayed(), nil
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
