package processing

import (
	"encoding/binary"
	"slices"
)

// icon is an entry in the directory of an ICO or CUR file.
type icon struct {
	picture
	off, size int64
}

// readICO reads the size of the largest image of an icon or cursor.
func readICO(file section) (picture, error) {
	b, err := file.at(0, 6)
	if err != nil {
		return picture{}, err
	}
	kind, count := binary.LittleEndian.Uint16(b[2:]), int64(binary.LittleEndian.Uint16(b[4:]))
	if b[0] != 0 || b[1] != 0 || kind != 1 && kind != 2 || count == 0 {
		return picture{}, malformed("no directory")
	}
	var largest icon
	for i := range count {
		b, err := file.at(6+16*i, 16)
		if err != nil {
			return picture{}, err
		}
		if e := readIcon(b); e.width*e.height > largest.width*largest.height {
			largest = e
		}
	}
	if largest.off < 6+16*count || largest.off+largest.size > file.size {
		return picture{}, malformed("image lies outside the file")
	}
	return largest.look(file.cut(largest.off, largest.size))
}

// readIcon reads an entry. A side of 0 is one of 256, or more.
func readIcon(b []byte) icon {
	side := func(b byte) int64 { return int64(b-1) + 1 } // of the type of b, so that 0 is 256
	return icon{
		picture: picture{width: side(b[0]), height: side(b[1])},
		off:     int64(binary.LittleEndian.Uint32(b[12:])),
		size:    int64(binary.LittleEndian.Uint32(b[8:])),
	}
}

// look corrects the size by the image itself. The directory cannot say more
// than 256, and PNG images are often larger.
func (e icon) look(image section) (picture, error) {
	b, err := image.at(0, 12)
	if err != nil {
		return picture{}, err
	}
	if string(b[:8]) == pngSign {
		return readPNG(image)
	}
	if binary.LittleEndian.Uint32(b) != 40 {
		return picture{}, malformed("neither a bitmap nor PNG")
	}
	if e.width == 256 {
		e.width = int64(binary.LittleEndian.Uint32(b[4:]))
	}
	if e.height == 256 {
		e.height = int64(binary.LittleEndian.Uint32(b[8:])) / 2 // the mask lies below the colours
	}
	return e.picture, nil
}

// maxHotspot is the farthest that the hotspot of a cursor is believed to be
// from its edges.
const maxHotspot = 1024

// hasIcon reports whether head begins with a directory that has an entry: the
// planes and the depth of an icon, or the hotspot of a cursor, lie where they
// may, and the image behind the directory.
func hasIcon(head []byte) bool {
	if len(head) < 6+16 {
		return false
	}
	le := binary.LittleEndian
	kind, count := le.Uint16(head[2:]), int64(le.Uint16(head[4:]))
	x, y := le.Uint16(head[10:]), le.Uint16(head[12:])
	e := readIcon(head[6:])
	if count == 0 || e.size == 0 || e.off < 6+16*count {
		return false
	}
	if kind == 1 {
		return x <= 1 && slices.Contains(depths, y)
	}
	return x <= maxHotspot && y <= maxHotspot
}
