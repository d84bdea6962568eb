package processing

import (
	"encoding/binary"
	"slices"
)

// depths are the bits of a pixel that a BMP may have; 0 is that of a JPEG or
// PNG in it.
var depths = []uint16{0, 1, 2, 4, 8, 16, 24, 32}

// readBMP reads the size from the bitmap header. There are many versions of
// it; those that show as BMP begin alike.
func readBMP(file section) (picture, error) {
	b, err := file.at(0, 30)
	if err != nil {
		return picture{}, err
	}
	if string(b[:2]) != "BM" {
		return picture{}, malformed("no signature")
	}
	planes, depth := binary.LittleEndian.Uint16(b[26:]), binary.LittleEndian.Uint16(b[28:])
	if planes != 1 || !slices.Contains(depths, depth) {
		return picture{}, malformed("no bitmap header")
	}
	height := int64(int32(binary.LittleEndian.Uint32(b[22:])))
	if height < 0 {
		height = -height // the rows go from top to bottom
	}
	return picture{width: int64(int32(binary.LittleEndian.Uint32(b[18:]))), height: height}, nil
}
