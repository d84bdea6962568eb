package processing_test

import "strings"

// anEmptyMovie is a movie box without tracks: a film, a recording or neither.
var anEmptyMovie = isoBox("moov", movieHeader(1000, 0))

// anEmptySegment is one of Matroska without tracks.
var anEmptySegment = ebmlElement("\x18\x53\x80\x67", ebmlElement("\x16\x54\xae\x6b"))

// someItems are those of a picture of HEIF of which nobody says how it is coded.
var someItems = isoBox("meta", be32(0), primaryItem(1), properties(sizeOf(7, 5), association(1, 1)))

// primaryItem is a pitm box.
func primaryItem(id int) string { return isoBox("pitm", be32(0), be16(id)) }

// sizeOf is an ispe box.
func sizeOf(width, height int) string { return isoBox("ispe", be32(0), be32(width), be32(height)) }

// association is an ipma box for one item.
func association(item int, properties ...byte) string {
	return isoBox("ipma", be32(0), be32(1), be16(item), string([]byte{byte(len(properties))}), string(properties))
}

// properties is an iprp box.
func properties(shared, associations string) string {
	return isoBox("iprp", isoBox("ipco", shared), associations)
}

// ebmlElement is an element of Matroska.
func ebmlElement(id string, content ...string) string {
	all := strings.Join(content, "")
	return id + "\x08" + be32(len(all)) + all // a size of five bytes
}

// isoBox is a box of MP4 and its relatives.
func isoBox(kind string, content ...string) string {
	all := strings.Join(content, "")
	return be32(8+len(all)) + kind + all
}

// movieHeader is an mvhd box of 32 bits.
func movieHeader(scale, duration int) string {
	return isoBox("mvhd", be32(0), be32(0), be32(0), be32(scale), be32(duration), be32(0x10000), strings.Repeat("\x00", 12), upright, strings.Repeat("\x00", 28))
}

// upright is the matrix that turns nothing.
var upright = be32(0x10000) + strings.Repeat("\x00", 12) + be32(0x10000) + strings.Repeat("\x00", 12) + be32(0x40000000)
