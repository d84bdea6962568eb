package processing

import "encoding/binary"

// readPSD reads the header of a Photoshop file, small (version 1) or big.
func readPSD(file section) (picture, error) {
	b, err := file.at(0, 26)
	if err != nil {
		return picture{}, err
	}
	longest := [3]int64{1: 30_000, 2: 300_000}[min(binary.BigEndian.Uint16(b[4:]), 3)%3]
	if string(b[:4]) != "8BPS" || longest == 0 || string(b[6:12]) != "\x00\x00\x00\x00\x00\x00" {
		return picture{}, malformed("no header")
	}
	p := picture{height: int64(binary.BigEndian.Uint32(b[14:])), width: int64(binary.BigEndian.Uint32(b[18:]))}
	if p.height > longest || p.width > longest {
		return picture{}, malformed("larger than its version allows")
	}
	return p, nil
}
