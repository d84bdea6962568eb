package processing

import (
	"encoding/binary"
	"slices"
)

var (
	// bitmapHeaders are the sizes of the versions of the bitmap header, from
	// that of OS/2 to the fifth of Windows.
	bitmapHeaders = []uint32{bitmapCore, 16, 24, 40, 48, 52, 56, 64, 108, 124}

	// depths are the bits of a pixel that a BMP may have; 0 is that of a JPEG
	// or PNG in it.
	depths = []uint16{0, 1, 2, 4, 8, 16, 24, 32}
)

// bitmapCore is the size of the first header, whose sides have two bytes.
const bitmapCore = 12

// readBMP reads the size from the bitmap header.
func readBMP(file section) (picture, error) {
	b, err := file.at(0, int(min(30, max(26, file.size))))
	if err != nil {
		return picture{}, err
	}
	p, ok := bitmapSize(b)
	if !ok {
		return picture{}, malformed("no bitmap header")
	}
	return p, nil
}

// bitmapSize is what the first bytes of a BMP say, if they are its header.
func bitmapSize(b []byte) (p picture, ok bool) {
	if len(b) < 26 || string(b[:2]) != "BM" {
		return picture{}, false
	}
	header := binary.LittleEndian.Uint32(b[14:])
	if !slices.Contains(bitmapHeaders, header) {
		return picture{}, false
	}
	rest := b[22:] // planes and depth
	if header == bitmapCore {
		p.width, p.height = int64(binary.LittleEndian.Uint16(b[18:])), int64(binary.LittleEndian.Uint16(b[20:]))
	} else if len(b) >= 30 {
		p.width, p.height = int64(int32(binary.LittleEndian.Uint32(b[18:]))), int64(int32(binary.LittleEndian.Uint32(b[22:])))
		rest = b[26:]
	} else {
		return picture{}, false
	}
	if p.height < 0 {
		p.height = -p.height // the rows go from top to bottom
	}
	planes, depth := binary.LittleEndian.Uint16(rest), binary.LittleEndian.Uint16(rest[2:])
	return p, planes == 1 && slices.Contains(depths, depth)
}
