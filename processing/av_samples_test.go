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

// mp4Track is what a track says in a sample of MP4.
type mp4Track struct {
	off                     bool // it is switched off
	kind                    string
	duration                int // thousandths of a second, in the track header
	ownDuration             int // likewise, in the media header
	width, height           int // in the track header
	entryWidth, entryHeight int // in the sample description
	matrix                  string
}

// trak is the box of the track with the given number.
func (t mp4Track) trak(id int) string {
	flags := 1
	if t.off {
		flags = 0
	}
	if t.matrix == "" {
		t.matrix = upright
	}
	entry := isoBox("avc1", strings.Repeat("\x00", 24), be16(t.entryWidth), be16(t.entryHeight), strings.Repeat("\x00", 50))
	return isoBox("trak",
		isoBox("tkhd", be32(flags), be32(0), be32(0), be32(id), be32(0), be32(t.duration), strings.Repeat("\x00", 16), t.matrix, be32(t.width<<16), be32(t.height<<16)),
		isoBox("mdia",
			isoBox("mdhd", be32(0), be32(0), be32(0), be32(1000), be32(t.ownDuration), be32(0)),
			isoBox("hdlr", be32(0), be32(0), t.kind, strings.Repeat("\x00", 13)),
			isoBox("minf", isoBox("stbl", isoBox("stsd", be32(0), be32(1), entry)))))
}

// mp4 is a film of the brand whose header says a duration in thousandths of a
// second.
func mp4(brand string, duration int, tracks ...mp4Track) string {
	return isoBox("ftyp", brand, be32(0)) + moov(movieHeader(1000, duration), tracks...)
}

func moov(header string, tracks ...mp4Track) string {
	for i, t := range tracks {
		header += t.trak(i + 1)
	}
	return isoBox("moov", header)
}

// extended is a film with boxes at the end of its movie box and behind that.
func extended(film, mvex string, fragments ...string) string {
	at := strings.Index(film, "moov") - 4
	return film[:at] + isoBox("moov", film[at+8:], isoBox("mvex", mvex)) + strings.Join(fragments, "")
}

// upright is the matrix that turns nothing.
var upright = matrix(1, 0, 0, 1)

// matrix is one that turns, mirrors and stretches.
func matrix(a, b, c, d int) string {
	return be32(a<<16) + be32(b<<16) + be32(0) + be32(c<<16) + be32(d<<16) + strings.Repeat("\x00", 12) + be32(0x40000000)
}
