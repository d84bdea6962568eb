package processing

import "encoding/binary"

// readJP2 reads the size from the image header box of a JPEG 2000 file, or
// from its codestream if there is no such box: the extended format may put it
// elsewhere.
func readJP2(file section) (picture, error) {
	header, found, err := boxes(file).Find("jp2h", "ihdr")
	if err != nil {
		return picture{}, err
	}
	if !found {
		return readJP2Stream(file)
	}
	b, err := header.At(0, 14)
	if err != nil {
		return picture{}, err
	}
	return picture{height: int64(binary.BigEndian.Uint32(b)), width: int64(binary.BigEndian.Uint32(b[4:]))}, nil
}

func readJP2Stream(file section) (picture, error) {
	stream, found, err := boxes(file).Find("jp2c")
	if err == nil && !found {
		err = malformed("no image header")
	}
	if err != nil {
		return picture{}, err
	}
	return readJ2C(file.content(stream))
}

// j2cSign is the start of a codestream and the marker of the SIZ segment.
const j2cSign = "\xff\x4f\xff\x51"

// readJ2C reads the SIZ segment of a codestream: the image is what the
// reference grid has behind its offset.
func readJ2C(file section) (picture, error) {
	b, err := file.at(0, 42)
	if err != nil {
		return picture{}, err
	}
	if string(b[:4]) != j2cSign || binary.BigEndian.Uint16(b[4:]) < 41 {
		return picture{}, malformed("does not begin with SIZ")
	}
	side := func(at int) int64 {
		return int64(binary.BigEndian.Uint32(b[at:])) - int64(binary.BigEndian.Uint32(b[at+8:]))
	}
	if binary.BigEndian.Uint16(b[40:]) == 0 {
		return picture{}, malformed("no components")
	}
	return picture{width: side(8), height: side(12)}, nil
}
