package processing

import (
	"encoding/binary"
	"math"
)

// directory is what is read of a TIFF directory. A tag that is not there, or
// not as it should be, is 0.
type directory struct {
	subfile, width, height, orientation int64
	digitalNegative                     bool
}

// errThumbnail is the end of a TIFF whose first image says that it is a small
// copy of another one: so are the photographs that cameras call raw.
const errThumbnail = beyond("the first image is a thumbnail")

// readTIFF reads the size of the first image.
func readTIFF(file section) (picture, error) {
	d, err := readDirectory(file)
	if err == nil && (d.subfile&1 != 0 || d.digitalNegative) {
		err = errThumbnail
	}
	return picture{d.width, d.height, uint32(d.orientation)}, err
}

// readOrientation reads the orientation from EXIF, which is a TIFF file with
// tags only.
func readOrientation(exif section) (uint32, error) {
	d, err := readDirectory(exif)
	return uint32(d.orientation), err
}

// forgive takes an orientation that cannot be read for none: that is no reason
// to refuse a picture.
func forgive(orientation uint32, err error) (uint32, error) {
	if isMalformed(err) {
		return 0, nil
	}
	return orientation, err
}

// layout is how a TIFF file writes its numbers. BigTIFF has offsets and counts
// of eight bytes, and entries to match.
type layout struct {
	order      binary.ByteOrder
	big        bool
	countSize  int64 // of the number of entries
	entrySize  int64
	valueStart int // in an entry
}

// readDirectory reads the first directory. It follows no other offset than the
// one to it, so there is nothing to run around in.
func readDirectory(file section) (directory, error) {
	l, off, err := readTIFFHeader(file)
	if err != nil {
		return directory{}, err
	}
	b, err := file.at(off, int(l.countSize))
	if err != nil {
		return directory{}, err
	}
	count := uint64(l.order.Uint16(b))
	if l.big {
		count = l.order.Uint64(b)
	}
	var d directory
	off += l.countSize
	for range count {
		b, err := file.at(off, int(l.entrySize))
		if err != nil {
			return directory{}, err
		}
		d.take(b, l)
		off += l.entrySize
	}
	return d, nil
}

// readTIFFHeader also gives the offset of the first directory.
func readTIFFHeader(file section) (layout, int64, error) {
	b, err := file.at(0, 8)
	if err != nil {
		return layout{}, 0, err
	}
	l := layout{order: binary.LittleEndian, countSize: 2, entrySize: 12, valueStart: 8}
	switch string(b[:4]) {
	case "II*\x00", bigTIFFSign:
	case "MM\x00*", bigTIFFSignMotorola:
		l.order = binary.BigEndian
	default:
		return layout{}, 0, malformed("no TIFF signature")
	}
	if l.order.Uint16(b[2:]) == 42 {
		return l, int64(l.order.Uint32(b[4:])), nil
	}
	if l.order.Uint16(b[4:]) != 8 {
		return layout{}, 0, malformed("offsets of an unknown size")
	}
	if b, err = file.at(8, 8); err != nil {
		return layout{}, 0, err
	}
	l.big, l.countSize, l.entrySize, l.valueStart = true, 8, 20, 12
	return l, int64(min(l.order.Uint64(b), math.MaxInt64)), nil
}

const (
	bigTIFFSign         = "II+\x00"
	bigTIFFSignMotorola = "MM\x00+"
)

// take reads one entry: tag, type, count, and a value if it is one number.
func (d *directory) take(entry []byte, l layout) {
	tag := l.order.Uint16(entry)
	if tag == 50706 { // DNGVersion, four bytes
		d.digitalNegative = true
		return
	}
	value, ok := l.value(entry)
	if !ok {
		return
	}
	switch tag {
	case 254: // NewSubfileType
		d.subfile = value
	case 256:
		d.width = value
	case 257:
		d.height = value
	case 274:
		d.orientation = min(value, 9) // what is above 8 means nothing
	}
}

func (l layout) value(entry []byte) (int64, bool) {
	count := uint64(l.order.Uint32(entry[4:]))
	if l.big {
		count = l.order.Uint64(entry[4:])
	}
	if count != 1 {
		return 0, false
	}
	switch value := entry[l.valueStart:]; l.order.Uint16(entry[2:]) {
	case 3: // SHORT
		return int64(l.order.Uint16(value)), true
	case 4: // LONG
		return int64(l.order.Uint32(value)), true
	case 16: // LONG8
		if l.big {
			return int64(min(l.order.Uint64(value), math.MaxInt64)), true
		}
	}
	return 0, false
}
