package processing

import "encoding/binary"

// readWebP reads the size from the first chunk, which is of one of three
// kinds, and the orientation from the EXIF chunk, which stands behind the
// pixels.
func readWebP(file section) (picture, error) {
	b, err := file.at(0, 20)
	if err != nil {
		return picture{}, err
	}
	if string(b[:4]) != "RIFF" || string(b[8:12]) != "WEBP" {
		return picture{}, malformed("no signature")
	}
	kind, chunks := string(b[12:16]), file.from(12)
	switch kind {
	case "VP8 ":
		return readVP8(chunks.from(8))
	case "VP8L":
		return readVP8L(chunks.from(8))
	case "VP8X":
		return readVP8X(chunks)
	}
	return picture{}, malformed("does not begin with an image chunk")
}

// readVP8 reads the header of a key frame.
func readVP8(frame section) (picture, error) {
	b, err := frame.at(0, 10)
	if err != nil {
		return picture{}, err
	}
	if b[0]&1 != 0 || string(b[3:6]) != "\x9d\x01\x2a" {
		return picture{}, malformed("does not begin with a key frame")
	}
	const side = 1<<14 - 1 // the two bits above ask for scaling, which nobody does
	return picture{
		width:  int64(binary.LittleEndian.Uint16(b[6:]) & side),
		height: int64(binary.LittleEndian.Uint16(b[8:]) & side),
	}, nil
}

// readVP8L reads the header of a lossless image: 14 bits for each side less
// one, a bit for alpha, and three for the version, which is 0.
func readVP8L(image section) (picture, error) {
	b, err := image.at(0, 5)
	if err != nil {
		return picture{}, err
	}
	bits := int64(binary.LittleEndian.Uint32(b[1:]))
	if b[0] != 0x2f || bits>>29 != 0 {
		return picture{}, malformed("no lossless header")
	}
	return picture{width: bits&0x3fff + 1, height: bits>>14&0x3fff + 1}, nil
}

// readVP8X reads the size of the canvas.
func readVP8X(chunks section) (picture, error) {
	b, err := chunks.at(8, 10)
	if err != nil {
		return picture{}, err
	}
	p := picture{width: int64(uint24(b[4:])) + 1, height: int64(uint24(b[7:])) + 1}
	if hasEXIF := b[0]&0x08 != 0; hasEXIF {
		p.orientation, err = forgive(webpOrientation(chunks))
	}
	return p, err
}

func webpOrientation(chunks section) (uint32, error) {
	for off := int64(0); ; {
		b, err := chunks.at(off, 8)
		if err != nil {
			return 0, err
		}
		size := int64(binary.LittleEndian.Uint32(b[4:]))
		if string(b[:4]) == "EXIF" {
			return webpEXIF(chunks.cut(off+8, size))
		}
		off += 8 + size + size&1
	}
}

// webpEXIF reads EXIF with or without the sign that only JPEG needs: there are
// encoders that copy the whole segment.
func webpEXIF(exif section) (uint32, error) {
	b, err := exif.at(0, len(exifSign))
	if err != nil {
		return 0, err
	}
	if string(b) == exifSign {
		exif = exif.from(int64(len(exifSign)))
	}
	return readOrientation(exif)
}

func uint24(b []byte) uint32 { return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 }
