package processing_test

import "strings"

// anEmptyMovie is a movie box without tracks: a film, a recording or neither.
var anEmptyMovie = isoBox("moov", movieHeader(1000, 0))

// anEmptySegment is one of Matroska without tracks.
var anEmptySegment = ebmlElement("\x18\x53\x80\x67", ebmlElement("\x16\x54\xae\x6b"))

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
