package processing

import "encoding/binary"

// readGIF reads the size of the logical screen.
func readGIF(file section) (picture, error) {
	b, err := file.at(0, 10)
	if err != nil {
		return picture{}, err
	}
	if sign := string(b[:6]); sign != "GIF87a" && sign != "GIF89a" {
		return picture{}, malformed("no signature")
	}
	return picture{
		width:  int64(binary.LittleEndian.Uint16(b[6:])),
		height: int64(binary.LittleEndian.Uint16(b[8:])),
	}, nil
}
