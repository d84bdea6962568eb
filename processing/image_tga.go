package processing

import "encoding/binary"

// readTGA reads the header of a Truevision file, which has no signature: that
// it can be one is all there is.
func readTGA(file section) (picture, error) {
	b, err := file.at(0, tgaHeader)
	if err != nil {
		return picture{}, err
	}
	if !isTGA(b) {
		return picture{}, malformed("no header")
	}
	return picture{
		width:  int64(binary.LittleEndian.Uint16(b[12:])),
		height: int64(binary.LittleEndian.Uint16(b[14:])),
	}, nil
}

const tgaHeader = 18

// isTGA reports whether the first bytes can be the header of a TGA: colours
// by map, by value or of grey, each plain or packed, in depths that exist.
func isTGA(b []byte) bool {
	if len(b) < tgaHeader || binary.LittleEndian.Uint16(b[12:]) == 0 || binary.LittleEndian.Uint16(b[14:]) == 0 {
		return false
	}
	mapped, kind, mapDepth, depth, alpha := b[1], b[2], b[7], b[16], b[17]&0x0f
	if alpha > 8 || b[17]&0xc0 != 0 {
		return false
	}
	switch kind {
	case 1, 9:
		return mapped == 1 && depth == 8 && (mapDepth == 15 || mapDepth == 16 || mapDepth == 24 || mapDepth == 32)
	case 2, 10:
		return mapped == 0 && (depth == 15 || depth == 16 || depth == 24 || depth == 32)
	case 3, 11:
		return mapped == 0 && (depth == 8 || depth == 16)
	}
	return false
}
