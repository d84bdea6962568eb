package processing

import (
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
	return shown
}

// worded are the binary formats that are known by two to four letters, with
// which a text may begin as well ("MZ", "FWS", "8BPS", "BZh", ...). Their
// headers never do without control bytes.
var worded = []string{
	"application/lzip",
	"application/vnd.apache.parquet",
	"application/vnd.microsoft.portable-executable",
	"application/x-bzip2",
	"application/x-shockwave-flash",
	"audio/basic",
	"audio/midi",
	"audio/musepack",
	"font/woff",
	"font/woff2",
	"image/vnd.adobe.photoshop",
	"image/vnd.dwg",
	"image/x-icns",
}

// isBinary reports a byte that no text contains: a control character other
// than tab, line feed, form feed, carriage return and escape.
func isBinary(b byte) bool {
	return b < ' ' && b != '\t' && b != '\n' && b != '\f' && b != '\r' && b != '\x1b'
}
