package processing_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strings"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"github.com/weegloo/weegloo/media"
)

// sample is an image that is fine, with the size it is displayed in.
type sample struct {
	name, contentType string
	bytes             []byte
	want              media.Image
}

// samples are images of 7 x 5 stored pixels, of every format in the ways in
// which its headers differ.
func samples() []sample {
	upright, turned := media.Image{Width: 7, Height: 5}, media.Image{Width: 5, Height: 7}
	return []sample{
		{"png", "image/png", encoded(png.Encode), upright},
		{"png with a palette", "image/png", encodedPalette(), upright},
		{"png turned", "image/png", pngWith(chunk("tEXt", "a\x00b"), chunk("eXIf", exif(6))), turned},
		{"png upside down", "image/png", pngWith(chunk("eXIf", exif(3))), upright},
		{"png animated", "image/png", pngWith(chunk("acTL", "\x00\x00\x00\x01\x00\x00\x00\x00")), upright},

		{"jpeg", "image/jpeg", encoded(encodeJPEG), upright},
		{"jpeg turned", "image/jpeg", jpegWith(app1(6)), turned},
		{"jpeg mirrored and turned", "image/jpeg", jpegWith(app1(5)), turned},
		{"jpeg upside down", "image/jpeg", jpegWith(app1(3)), upright},
		{"jpeg with JFIF before EXIF", "image/jpeg", jpegWith(segment(0xe0, "JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"), app1(8)), turned},
		{"jpeg with XMP before EXIF", "image/jpeg", jpegWith(segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00<x/>"), app1(7)), turned},
		{"jpeg with two EXIF", "image/jpeg", jpegWith(app1(6), app1(1)), turned},
		{"jpeg with 640 KiB of profile", "image/jpeg", jpegWith(strings.Repeat(segment(0xe2, strings.Repeat("x", 65000)), 10), app1(6)), turned},
		{"jpeg with stray and fill bytes", "image/jpeg", jpegWith(segment(0xfe, "hello"), "\x00\xff\x00stray\xff\xff", segment(0xfe, "hello"), "\xff\xd0"), upright},
		{"jpeg arithmetic", "image/jpeg", jpegFrame(0xc9, 3), upright},
		{"jpeg of ink", "image/jpeg", jpegFrame(0xc0, 4), upright},
		{"jpeg lossless", "image/jpeg", jpegFrame(0xc3, 1), upright},

		{"gif", "image/gif", encoded(encodeGIF), upright},

		{"bmp", "image/bmp", encoded(bmp.Encode), upright},
		{"bmp from the top", "image/bmp", bitmap(40, 7, -5, 24), upright},
		{"bmp compressed", "image/bmp", bitmap(124, 7, 5, 8), upright},
		{"bmp of OS/2", "image/bmp", bitmap(16, 7, 5, 4), upright},

		{"tiff", "image/tiff", encoded(encodeTIFF), upright},
		{"tiff turned", "image/tiff", directory(binary.LittleEndian, entry{256, 3, 7}, entry{257, 3, 5}, entry{274, 3, 6}), turned},
		{"tiff from Motorola", "image/tiff", directory(binary.BigEndian, entry{256, 4, 7}, entry{257, 4, 5}, entry{274, 3, 8}), turned},
		{"tiff out of order", "image/tiff", directory(binary.BigEndian, entry{274, 3, 1}, entry{257, 4, 5}, entry{256, 3, 7}), upright},

		{"webp", "image/webp", riff(webpChunk("VP8 ", vp8(7, 5))), upright},
		{"webp asking for scaling", "image/webp", riff(webpChunk("VP8 ", vp8(7|1<<14, 5|2<<14))), upright},
		{"webp lossless", "image/webp", riff(webpChunk("VP8L", vp8l(7, 5))), upright},
		{"webp extended", "image/webp", riff(webpChunk("VP8X", vp8x(0x10, 7, 5)), webpChunk("VP8L", vp8l(7, 5))), upright},
		{"webp turned", "image/webp", riff(webpChunk("VP8X", vp8x(0x08, 7, 5)), webpChunk("VP8 ", vp8(7, 5)+"odd"), webpChunk("EXIF", exif(6))), turned},
		{"webp with the sign of JPEG", "image/webp", riff(webpChunk("VP8X", vp8x(0x08, 7, 5)), webpChunk("VP8 ", vp8(7, 5)), webpChunk("EXIF", "Exif\x00\x00"+exif(8))), turned},
		{"webp that hides its EXIF", "image/webp", riff(webpChunk("VP8X", vp8x(0, 7, 5)), webpChunk("VP8 ", vp8(7, 5)), webpChunk("EXIF", exif(6))), upright},
	}
}

func encoded(encode func(io.Writer, image.Image) error) []byte {
	return encodedImage(encode, image.NewRGBA(image.Rect(0, 0, 7, 5)))
}

func encodedImage(encode func(io.Writer, image.Image) error, m image.Image) []byte {
	var b bytes.Buffer
	if err := encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func encodedPalette() []byte {
	return encodedImage(png.Encode, image.NewPaletted(image.Rect(0, 0, 7, 5), color.Palette{color.Black, color.White}))
}

func encodeJPEG(w io.Writer, m image.Image) error { return jpeg.Encode(w, m, nil) }
func encodeGIF(w io.Writer, m image.Image) error  { return gif.Encode(w, m, nil) }
func encodeTIFF(w io.Writer, m image.Image) error { return tiff.Encode(w, m, nil) }

// pngWith puts chunks between the first one and the pixels.
func pngWith(chunks ...string) []byte {
	whole := string(encoded(png.Encode))
	return []byte(whole[:33] + strings.Join(chunks, "") + whole[33:])
}

func chunk(kind, content string) string {
	return be32(len(content)) + kind + content + be32(int(crc32.ChecksumIEEE([]byte(kind+content))))
}

func ihdr(width, height int) string {
	return "\x89PNG\r\n\x1a\n" + chunk("IHDR", be32(width)+be32(height)+"\x08\x00\x00\x00\x00")
}

// jpegWith puts segments before all others.
func jpegWith(segments ...string) []byte {
	whole := string(encoded(encodeJPEG))
	return []byte(whole[:2] + strings.Join(segments, "") + whole[2:])
}

func segment(marker byte, content string) string {
	return "\xff" + string([]byte{marker}) + be16(len(content)+2) + content
}

func app1(orientation int) string { return segment(0xe1, "Exif\x00\x00"+exif(orientation)) }

func jpegFrame(marker byte, components int) []byte {
	frame := "\x08" + be16(5) + be16(7) + string([]byte{byte(components)}) + strings.Repeat("\x01\x11\x00", components)
	return []byte("\xff\xd8" + segment(0xdb, strings.Repeat("\x01", 65)) + segment(marker, frame) + segment(0xda, ""))
}

func bitmap(headerSize, width, height, depth int) []byte {
	header := le32(headerSize) + le32(width) + le32(height) + le16(1) + le16(depth)
	header += strings.Repeat("\x00", headerSize-len(header))
	return []byte("BM" + le32(14+headerSize+40) + le32(0) + le32(14+headerSize) + header + strings.Repeat("x", 40))
}

// entry is an entry of a TIFF directory: tag, type and value.
type entry struct{ tag, kind, value int }

func exif(orientation int) string {
	return string(directory(binary.BigEndian, entry{271, 2, 0x41000000}, entry{274, 3, orientation}))
}

// directory is a TIFF file that ends with its directory.
func directory(order binary.AppendByteOrder, entries ...entry) []byte {
	b := []byte("II*\x00")
	if order.String() == binary.BigEndian.String() {
		b = []byte("MM\x00*")
	}
	b = order.AppendUint32(b, 10) // two bytes behind this header
	b = append(b, "--"...)
	b = order.AppendUint16(b, uint16(len(entries)))
	for _, e := range entries {
		b = order.AppendUint32(order.AppendUint16(order.AppendUint16(b, uint16(e.tag)), uint16(e.kind)), 1)
		if e.kind == 3 {
			b = append(order.AppendUint16(b, uint16(e.value)), 0, 0)
		} else {
			b = order.AppendUint32(b, uint32(e.value))
		}
	}
	return order.AppendUint32(b, 0)
}

func riff(chunks ...string) []byte {
	content := "WEBP" + strings.Join(chunks, "")
	return []byte("RIFF" + le32(len(content)) + content)
}

func webpChunk(kind, content string) string {
	return kind + le32(len(content)) + content + strings.Repeat("\x00", len(content)&1)
}

func vp8(width, height int) string {
	return "\x30\x01\x00\x9d\x01\x2a" + le16(width) + le16(height) + strings.Repeat("x", 20)
}

func vp8l(width, height int) string { return "\x2f" + le32(width-1|(height-1)<<14) + "xxxx" }

func vp8x(flags byte, width, height int) string {
	return string([]byte{flags, 0, 0, 0}) + le32(width - 1)[:3] + le32(height - 1)[:3]
}

func be16(n int) string { return string(binary.BigEndian.AppendUint16(nil, uint16(n))) }
func be32(n int) string { return string(binary.BigEndian.AppendUint32(nil, uint32(n))) }
func le16(n int) string { return string(binary.LittleEndian.AppendUint16(nil, uint16(n))) }
func le32(n int) string { return string(binary.LittleEndian.AppendUint32(nil, uint32(n))) }
