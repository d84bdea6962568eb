package processing_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/gabriel-vasile/mimetype"
	"golang.org/x/image/bmp"

	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/processing"
)

// benchSamples are files of a usual size, and some that make us read all we
// may.
func benchSamples(b *testing.B) []sample {
	m := image.NewRGBA(image.Rect(0, 0, 1000, 800))
	pixels := strings.Repeat("x", 1<<20)
	none := media.Image{}
	all := []sample{
		{"png", "image/png", encodedImage(png.Encode, m), none},
		{"jpeg", "image/jpeg", encodedImage(encodeJPEG, m), none},
		{"jpeg-exif-profile", "image/jpeg", jpegWith(app1(6), segment(0xe2, pixels[:60_000])), none},
		{"gif", "image/gif", encodedImage(encodeGIF, m), none},
		{"webp", "image/webp", riff(webpChunk("VP8 ", vp8(1000, 800)+pixels)), none},
		{"webp-exif", "image/webp", riff(webpChunk("VP8X", vp8x(8, 1000, 800)), webpChunk("VP8 ", pixels), webpChunk("EXIF", exif(6))), none},
		{"bmp", "image/bmp", encodedImage(bmp.Encode, m), none},
		{"tiff", "image/tiff", encodedImage(encodeTIFF, m), none},
		{"text", "text/plain", []byte(strings.Repeat(aText, 200)), none},
		{"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", []byte(aZip), none},
		{"hostile-jpeg", "image/jpeg", []byte("\xff\xd8\xff" + strings.Repeat("\x00", 2*mib)), none},
		{"hostile-svg", "image/svg+xml", []byte("<!-- " + pixels), none},
		{"hostile-pdf", "application/pdf", hostilePDF(), none},
		{"hostile-zip", "application/zip", hostileZip(), none},
	}
	for _, name := range []string{
		"j2c.j2k", "jp2.jp2", "jxl.jxl", "jxl-boxes.jxl", "ico-many.ico", "psd.psd", "svg-pixels.svg", "svg-doctype.svg", "tga.tga",
		"tiff-big.tif", "png-animated.png",
	} {
		all = append(all, sample{name: name, bytes: readSample(b, "images", name)})
	}
	for _, name := range []string{
		"pdf-plain.pdf", "pdf-packed.pdf", "pdf-linear.pdf", "text.docx", "docx-late.docx", "text.odt", "text.doc", "zip.zip",
		"page.html", "note.xml", "main.go", "object.json",
	} {
		all = append(all, sample{name: name, bytes: readSample(b, "types", name)})
	}
	return all
}

// hostilePDF has a cross-reference stream of 4 MiB that is asked for object
// after object.
func hostilePDF() []byte {
	f := newPDF().object(1, "<< /Pages 99999 0 R >>")
	rows := make([]byte, 4*mib)
	copy(rows[7:], row(1, f.offsets[1], 0))
	return f.stream("/W [1 4 2] /Index [0 99999999]", rows).bytes()
}

// hostileZip has 65535 entries that tell nothing.
func hostileZip() []byte {
	entries := strings.Repeat("PK\x01\x02"+strings.Repeat("\x00", 42), 65535)
	return []byte(aZip + entries + "PK\x05\x06\x00\x00\x00\x00\xff\xff\xff\xff" + le32(len(entries)) + le32(len(aZip)) + le16(0))
}

// BenchmarkSniff is what is paid for each upload, ours beside the library's
// part of it.
func BenchmarkSniff(b *testing.B) {
	for _, s := range benchSamples(b) {
		head := s.bytes[:min(len(s.bytes), processing.SniffLength)]
		b.Run(s.name+"/ours", func(b *testing.B) {
			for b.Loop() {
				processing.Sniff(head)
			}
		})
		b.Run(s.name+"/mimetype", func(b *testing.B) {
			for b.Loop() {
				mimetype.Detect(head)
			}
		})
	}
}

// BenchmarkProcess is what is paid for each file, without its store.
func BenchmarkProcess(b *testing.B) {
	for _, s := range benchSamples(b) {
		b.Run(s.name, func(b *testing.B) {
			m := &meter{r: bytes.NewReader(s.bytes)}
			source := processing.Source{
				Name: s.name, Declared: s.contentType, Sniffed: processing.Sniff(s.bytes), Size: int64(len(s.bytes)), Bytes: m,
			}
			b.ReportAllocs()
			runs := 0
			for b.Loop() {
				processing.Headers{}.Process(context.Background(), source)
				runs++
			}
			b.ReportMetric(float64(m.read)/float64(runs), "read-B/op")
		})
	}
}
