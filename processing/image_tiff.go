package processing

import "encoding/binary"

// directory is what is read of a TIFF directory. A tag that is not there, or
// not as it should be, is 0.
type directory struct {
	width, height, orientation uint32
}

// readTIFF reads the size of the first image.
func readTIFF(file section) (picture, error) {
	d, err := readDirectory(file)
	return picture{int64(d.width), int64(d.height), d.orientation}, err
}

// readOrientation reads the orientation from EXIF, which is a TIFF file with
// tags only.
func readOrientation(exif section) (uint32, error) {
	d, err := readDirectory(exif)
	return d.orientation, err
}

// forgive takes an orientation that cannot be read for none: that is no reason
// to refuse a picture.
func forgive(orientation uint32, err error) (uint32, error) {
	if isMalformed(err) {
		return 0, nil
	}
	return orientation, err
}

// readDirectory reads the first directory. It follows no other offset than the
// one to it, so there is nothing to run around in.
func readDirectory(file section) (directory, error) {
	var d directory
	b, err := file.at(0, 8)
	if err != nil {
		return d, err
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch string(b[:4]) {
	case "II*\x00":
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return d, malformed("no TIFF signature")
	}
	off := int64(order.Uint32(b[4:]))
	if b, err = file.at(off, 2); err != nil {
		return d, err
	}
	off += 2
	for range order.Uint16(b) {
		if b, err = file.at(off, 12); err != nil {
			return d, err
		}
		d.take(b, order)
		off += 12
	}
	return d, nil
}

// take reads one entry: tag, type, count, and a value that fits into four
// bytes.
func (d *directory) take(entry []byte, order binary.ByteOrder) {
	value, ok := entryValue(entry, order)
	if !ok {
		return
	}
	switch order.Uint16(entry) {
	case 256:
		d.width = value
	case 257:
		d.height = value
	case 274:
		d.orientation = value
	}
}

func entryValue(entry []byte, order binary.ByteOrder) (uint32, bool) {
	if order.Uint32(entry[4:]) != 1 {
		return 0, false
	}
	switch order.Uint16(entry[2:]) {
	case 3: // SHORT
		return uint32(order.Uint16(entry[8:])), true
	case 4: // LONG
		return order.Uint32(entry[8:]), true
	}
	return 0, false
}
