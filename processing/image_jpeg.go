package processing

import "encoding/binary"

// exifSign tells the APP1 segment of EXIF from that of other uses.
const exifSign = "Exif\x00\x00"

// readJPEG jumps from segment to segment to the frame header. It reads the
// size there for every coding that JPEG knows, and the orientation from the
// first EXIF on the way.
func readJPEG(file section) (picture, error) {
	b, err := file.at(0, 2)
	if err != nil {
		return picture{}, err
	}
	if string(b) != "\xff\xd8" {
		return picture{}, malformed("no signature")
	}
	var p picture
	for off := int64(2); ; {
		marker, next, err := jpegMarker(file, off)
		if err != nil {
			return picture{}, err
		}
		off = next
		if isBare(marker) {
			continue
		}
		size, err := jpegSegmentSize(file, off)
		if err != nil {
			return picture{}, err
		}
		switch {
		case isFrame(marker):
			b, err := file.at(off, 7)
			if err != nil {
				return picture{}, err
			}
			p.height, p.width = int64(binary.BigEndian.Uint16(b[3:])), int64(binary.BigEndian.Uint16(b[5:]))
			return p, nil
		case marker == 0xe1 && p.orientation == 0: // APP1
			p.orientation, err = forgive(jpegOrientation(file.cut(off+2, size-2)))
			if err != nil {
				return picture{}, err
			}
		case marker == 0xda || marker == 0xd9: // the scan, or the end
			return picture{}, malformed("no frame header")
		}
		off += size
	}
}

// jpegMarker finds the next marker and where it ends. Decoders skip bytes that
// belong to no segment, and so do we.
func jpegMarker(file section, off int64) (marker byte, next int64, err error) {
	for fill := false; ; off++ {
		b, err := file.at(off, 1)
		if err != nil {
			return 0, 0, err
		}
		if fill && b[0] != 0x00 && b[0] != 0xff {
			return b[0], off + 1, nil
		}
		fill = b[0] == 0xff // any number of them may stand before the marker
	}
}

// jpegSegmentSize is the size of the segment at off, its two bytes included.
func jpegSegmentSize(file section, off int64) (int64, error) {
	b, err := file.at(off, 2)
	if err != nil {
		return 0, err
	}
	size := int64(binary.BigEndian.Uint16(b))
	if size < 2 {
		return 0, malformed("segment is too short")
	}
	return size, nil
}

// isBare reports a marker without a segment: TEM, RST0 to RST7 and SOI.
func isBare(marker byte) bool { return marker == 0x01 || marker >= 0xd0 && marker <= 0xd8 }

// isFrame reports SOF0 to SOF15. DHT, JPG and DAC have their numbers among
// them.
func isFrame(marker byte) bool {
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc
}

// jpegOrientation is 0 if the APP1 segment is not EXIF.
func jpegOrientation(app1 section) (uint32, error) {
	b, err := app1.at(0, len(exifSign))
	if err != nil || string(b) != exifSign {
		return 0, err
	}
	return readOrientation(app1.from(int64(len(exifSign))))
}
