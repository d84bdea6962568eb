package processing

import "encoding/binary"

// readGIF reads the size of the logical screen. If that has none, it is as
// large as the first frame.
func readGIF(file section) (picture, error) {
	b, err := file.at(0, 13)
	if err != nil {
		return picture{}, err
	}
	if sign := string(b[:6]); sign != "GIF87a" && sign != "GIF89a" {
		return picture{}, malformed("no signature")
	}
	p := picture{
		width:  int64(binary.LittleEndian.Uint16(b[6:])),
		height: int64(binary.LittleEndian.Uint16(b[8:])),
	}
	if p.width > 0 && p.height > 0 {
		return p, nil
	}
	return readGIFFrame(file, 13+gifColours(b[10]))
}

// gifColours is the size of the table of colours that the flags announce.
func gifColours(flags byte) int64 {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// readGIFFrame jumps over extensions to the first frame.
func readGIFFrame(file section, off int64) (picture, error) {
	for {
		b, err := file.at(off, 1)
		if err != nil {
			return picture{}, err
		}
		switch b[0] {
		case 0x2c:
			b, err := file.at(off, 10)
			if err != nil {
				return picture{}, err
			}
			return picture{
				width:  int64(binary.LittleEndian.Uint16(b[5:])),
				height: int64(binary.LittleEndian.Uint16(b[7:])),
			}, nil
		case 0x21:
			if off, err = skipGIFBlocks(file, off+2); err != nil {
				return picture{}, err
			}
		default:
			return picture{}, malformed("no frame")
		}
	}
}

// skipGIFBlocks is where the blocks of an extension end: each begins with its
// length, and the last has none.
func skipGIFBlocks(file section, off int64) (int64, error) {
	for {
		b, err := file.at(off, 1)
		if err != nil {
			return 0, err
		}
		off += 1 + int64(b[0])
		if b[0] == 0 {
			return off, nil
		}
	}
}
