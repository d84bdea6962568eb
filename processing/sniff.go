package processing

import (
	"bytes"
	"slices"

	"github.com/gabriel-vasile/mimetype"
)

// SniffLength is how many of a file's first bytes [Sniff] looks at.
const SniffLength = 4096

// Sniff is the content type that the first bytes of a file show, without
// parameters: "application/octet-stream" if they show nothing, "text/plain" if
// there are none. More than [SniffLength] bytes make no difference.
func Sniff(head []byte) string {
	head = head[:min(len(head), SniffLength)]
	shown := canonical(mimetype.Detect(head).String())
	if slices.Contains(worded, shown) && !slices.ContainsFunc(head, isBinary) {
		return plainText
	}
	for _, s := range signatures {
		if s.over == shown && len(head) >= s.at && bytes.HasPrefix(head[s.at:], []byte(s.sign)) {
			return s.contentType
		}
	}
	if closer := closerLooks[shown]; closer != nil {
		return closer(head, shown)
	}
	return shown
}

// isBinary reports a byte that no text contains: a control character other
// than tab, line feed, form feed, carriage return and escape.
func isBinary(b byte) bool {
	return b < ' ' && b != '\t' && b != '\n' && b != '\f' && b != '\r' && b != '\x1b'
}

// lookAtNoise finds the bitmaps of OS/2, whose header the library does not
// know, and MPEG-TS.
func lookAtNoise(head []byte, shown string) string {
	if _, ok := bitmapSize(head); ok {
		return "image/bmp"
	}
	if isTransport(head) {
		return "video/mp2t"
	}
	return shown
}

// lookAtIcon asks for more than the four bytes by which the library knows an
// icon or cursor: pictures of Truevision begin with the same.
func lookAtIcon(head []byte, shown string) string {
	if hasIcon(head) {
		return shown
	}
	if isTGA(head) {
		return typeTGA
	}
	return octetStream
}
