package processing

import (
	"encoding/binary"
	"hash/crc32"
)

const (
	pngSign = "\x89PNG\r\n\x1a\n"
	pngIHDR = "\x00\x00\x00\rIHDR" // the length and type of the first chunk
)

// readPNG reads the size from the first chunk and the orientation from the
// eXIf chunk, which has to stand before the pixels.
func readPNG(file section) (picture, error) {
	const first, end = len(pngSign), len(pngSign) + 12 + 13
	b, err := file.at(0, end)
	if err != nil {
		return picture{}, err
	}
	if string(b[:16]) != pngSign+pngIHDR {
		return picture{}, malformed("does not begin with IHDR")
	}
	if crc32.ChecksumIEEE(b[first+4:end-4]) != binary.BigEndian.Uint32(b[end-4:]) {
		return picture{}, malformed("wrong checksum of IHDR")
	}
	p := picture{width: int64(binary.BigEndian.Uint32(b[16:])), height: int64(binary.BigEndian.Uint32(b[20:]))}
	p.orientation, err = forgive(pngOrientation(file.from(int64(end))))
	return p, err
}

func pngOrientation(chunks section) (uint32, error) {
	for off := int64(0); ; {
		b, err := chunks.at(off, 8)
		if err != nil {
			return 0, err
		}
		size := int64(binary.BigEndian.Uint32(b))
		switch string(b[4:]) {
		case "eXIf":
			return readOrientation(chunks.cut(off+8, size))
		case "IDAT", "IEND":
			return 0, nil
		}
		off += 12 + size
	}
}
