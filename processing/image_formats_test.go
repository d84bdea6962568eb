package processing_test

import (
	"encoding/binary"
	"fmt"
	"image/png"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/media"
)

// coreBitmap is a BMP with the header of OS/2.
func coreBitmap(width, height, planes, depth int) string {
	return "BM" + le32(26+40) + le32(0) + le32(26) + le32(12) + le16(width) + le16(height) + le16(planes) + le16(depth) + strings.Repeat("x", 40)
}

// icons is an ICO with these entries, each with the image it is of.
func icons(kind int, entries ...[2]string) string {
	head, images := le16(0)+le16(kind)+le16(len(entries)), ""
	for _, e := range entries {
		head += e[0] + "\x00\x00" + le16(1) + le16(32) + le32(len(e[1])) + le32(6+16*len(entries)+len(images))
		images += e[1]
	}
	return head + images
}

// dib is a bitmap as icons have it.
func dib(width, height int) string {
	return le32(40) + le32(width) + le32(2*height) + strings.Repeat("x", 40)
}

func tga(kind, width, height, depth int) string {
	return "\x00\x00" + string([]byte{byte(kind)}) + strings.Repeat("\x00", 9) + le16(width) + le16(height) +
		string([]byte{byte(depth), 0x20}) + strings.Repeat("x", 40)
}

func box(kind, content string) string { return be32(8+len(content)) + kind + content }

const (
	jp2Sign = "\x00\x00\x00\x0cjP  \r\n\x87\n"
	jxlSign = "\x00\x00\x00\x0cJXL \r\n\x87\n"
)

func jp2(boxes ...string) string {
	return jp2Sign + box("ftyp", "jp2 \x00\x00\x00\x00jp2 ") + strings.Join(boxes, "")
}

func imageHeader(width, height int) string {
	return box("jp2h", box("ihdr", be32(height)+be32(width)+"\x00\x03\x07\x07\x00\x00"))
}

func codestream(width, height, left, top int) string {
	return "\xff\x4f\xff\x51" + be16(47) + be16(0) + be32(width) + be32(height) + be32(left) + be32(top) +
		be32(width) + be32(height) + be32(0) + be32(0) + be16(3) + "\x07\x01\x01\x07\x01\x01\x07\x01\x01"
}

// bits writes numbers, each with so many bits, from the lowest bit on.
func bits(pairs ...int) string {
	var b []byte
	at := 0
	for i := 0; i < len(pairs); i += 2 {
		for bit := range pairs[i+1] {
			if at%8 == 0 {
				b = append(b, 0)
			}
			b[at/8] |= byte(pairs[i]>>bit&1) << (at % 8)
			at++
		}
	}
	return string(b) + "\x00\x00"
}

func photoshop(version, width, height int) string {
	return "8BPS" + be16(version) + "\x00\x00\x00\x00\x00\x00" + be16(3) + be32(height) + be32(width) + be16(8) + be16(3) + "\x00\x00\x00\x00"
}

// bigTIFF is a BigTIFF file with one directory of these entries.
func bigTIFF(order binary.AppendByteOrder, entries ...entry) string {
	b := []byte("II+\x00")
	if order.String() == binary.BigEndian.String() {
		b = []byte("MM\x00+")
	}
	b = order.AppendUint64(append(order.AppendUint16(b, 8), 0, 0), 20)
	b = append(b, "----"...)
	b = order.AppendUint64(b, uint64(len(entries)))
	for _, e := range entries {
		b = order.AppendUint64(order.AppendUint16(order.AppendUint16(b, uint16(e.tag)), uint16(e.kind)), 1)
		switch e.kind {
		case 3:
			b = append(order.AppendUint16(b, uint16(e.value)), 0, 0, 0, 0, 0, 0)
		case 4:
			b = append(order.AppendUint32(b, uint32(e.value)), 0, 0, 0, 0)
		default:
			b = order.AppendUint64(b, uint64(e.value))
		}
	}
	return string(order.AppendUint64(b, 0))
}

func TestHeadersOfOtherFormats(t *testing.T) {
	upright, turned := media.Image{Width: 7, Height: 5}, media.Image{Width: 5, Height: 7}
	little, big := binary.LittleEndian, binary.BigEndian
	small, screenless := string(encoded(encodeGIF)), func(width, height int) string {
		whole := string(encoded(encodeGIF))
		return whole[:6] + le16(width) + le16(height) + whole[10:]
	}
	extended := screenless(0, 0)
	extended = extended[:13+768] + "\x21\xfe\x03abc\x02de\x00\x21\xf9\x04\x00\x00\x00\x00\x00" + extended[13+768:]
	picture := string(encoded(png.Encode))
	cases := []struct {
		name, contentType, bytes string
		want                     media.Image
	}{
		{"bmp of OS/2", "image/bmp", coreBitmap(7, 5, 1, 24), upright},
		{"bmp of OS/2, and nothing else", "image/bmp", coreBitmap(7, 5, 1, 24)[:26], upright},
		{"bmp of OS/2, and wide", "image/bmp", coreBitmap(65535, 1, 1, 1), media.Image{Width: 65535, Height: 1}},
		{"gif without a screen", "image/gif", screenless(0, 0), upright},
		{"gif with half a screen", "image/gif", screenless(9, 0), upright},
		{"gif with the other half", "image/gif", screenless(0, 9), upright},
		{"gif with a larger screen", "image/gif", screenless(9, 8), media.Image{Width: 9, Height: 8}},
		{"gif without a screen, behind extensions", "image/gif", extended, upright},
		{"gif", "image/gif", small, upright},

		{"icon", "image/x-icon", icons(1, [2]string{"\x07\x05", dib(7, 5)}), upright},
		{"cursor", "image/x-icon", icons(2, [2]string{"\x07\x05", dib(7, 5)}), upright},
		{"largest icon", "image/x-icon", icons(1, [2]string{"\x02\x02", dib(2, 2)}, [2]string{"\x07\x05", dib(7, 5)}, [2]string{"\x03\x03", dib(3, 3)}), upright},
		{"icon of 256", "image/x-icon", icons(1, [2]string{"\x00\x00", dib(256, 256)}), media.Image{Width: 256, Height: 256}},
		{"icon of more", "image/x-icon", icons(1, [2]string{"\x00\x00", dib(512, 300)}), media.Image{Width: 512, Height: 300}},
		{"icon of PNG", "image/x-icon", icons(1, [2]string{"\x00\x00", ihdr(7, 5)}, [2]string{"\xff\xff", dib(255, 255)}), upright},
		{"icon of PNG that calls itself small", "image/x-icon", icons(1, [2]string{"\x01\x01", picture}), upright},

		{"tga", "image/x-tga", tga(2, 7, 5, 24), upright},
		{"tga packed", "image/x-tga", tga(10, 7, 5, 32), upright},
		{"tga grey", "image/x-tga", tga(11, 7, 5, 8), upright},

		{"jp2", "image/jp2", jp2(imageHeader(7, 5)), upright},
		{"jp2 behind other boxes", "image/jp2", jp2(box("xml ", "<a/>"), imageHeader(7, 5)), upright},
		{"jpx with a codestream only", "image/jpx", jp2(box("jp2c", codestream(7, 5, 0, 0))), upright},
		{"codestream", "image/j2c", codestream(7, 5, 0, 0), upright},
		{"codestream with an offset", "image/j2c", codestream(107, 55, 100, 50), upright},

		{"jxl", "image/jxl", "\xff\x0a" + bits(0, 1, 0, 2, 4, 9, 0, 3, 0, 2, 6, 9, 1, 1), upright},
		{"jxl of 13 bits", "image/jxl", "\xff\x0a" + bits(0, 1, 1, 2, 4, 13, 0, 3, 1, 2, 6, 13, 1, 1), upright},
		{"jxl of 18 bits", "image/jxl", "\xff\x0a" + bits(0, 1, 2, 2, 4, 18, 0, 3, 2, 2, 6, 18, 1, 1), upright},
		{"jxl of 30 bits", "image/jxl", "\xff\x0a" + bits(0, 1, 3, 2, 4, 30, 0, 3, 3, 2, 6, 30, 1, 1), upright},
		{"jxl in eighths", "image/jxl", "\xff\x0a" + bits(1, 1, 3, 5, 0, 3, 7, 5, 1, 1), media.Image{Width: 64, Height: 32}},
		{"jxl turned", "image/jxl", "\xff\x0a" + bits(0, 1, 0, 2, 4, 9, 0, 3, 0, 2, 6, 9, 0, 1, 1, 1, 5, 3), turned},
		{"jxl upside down", "image/jxl", "\xff\x0a" + bits(0, 1, 0, 2, 4, 9, 0, 3, 0, 2, 6, 9, 0, 1, 1, 1, 2, 3), upright},
		{"jxl with other metadata", "image/jxl", "\xff\x0a" + bits(0, 1, 0, 2, 4, 9, 0, 3, 0, 2, 6, 9, 0, 1, 0, 1, 5, 3), upright},
		{"jxl in boxes", "image/jxl", jxlSign + box("ftyp", "jxl \x00\x00\x00\x00jxl ") + box("jxlc", "\xff\x0a"+bits(0, 1, 0, 2, 4, 9, 0, 3, 0, 2, 6, 9, 1, 1)), upright},
		{"jxl in parts", "image/jxl", jxlSign + box("ftyp", "jxl \x00\x00\x00\x00jxl ") + box("jxlp", "\x00\x00\x00\x00\xff\x0a"+bits(0, 1, 0, 2, 4, 9, 0, 3, 0, 2, 6, 9, 1, 1)), upright},

		{"psd", "image/vnd.adobe.photoshop", photoshop(1, 7, 5), upright},
		{"psb", "image/vnd.adobe.photoshop", photoshop(2, 300_000, 5), media.Image{Width: 300_000, Height: 5}},

		{"big tiff", "image/tiff", bigTIFF(little, entry{256, 3, 7}, entry{257, 3, 5}), upright},
		{"big tiff of large numbers", "image/tiff", bigTIFF(little, entry{256, 16, 7}, entry{257, 16, 5}), upright},
		{"big tiff turned", "image/tiff", bigTIFF(big, entry{256, 4, 7}, entry{257, 4, 5}, entry{274, 3, 6}), turned},
		{"tiff of a page", "image/tiff", string(directory(little, entry{254, 4, 2}, entry{256, 3, 7}, entry{257, 3, 5})), upright},
	}
	for _, version := range []int{16, 24, 40, 48, 52, 56, 64, 108, 124} {
		cases = append(cases, struct {
			name, contentType, bytes string
			want                     media.Image
		}{fmt.Sprint("bmp of version ", version), "image/bmp", string(bitmap(version, 7, -5, 24)), upright})
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			result, _, err := undeclared("name.tga", []byte(c.bytes))
			is.NoErr(err)
			if c.contentType != "image/jpx" { // needs a brand that the samples of jp2 do not have
				is.Equal(result.ContentType, c.contentType)
			}
			is.Equal(*result.Image, c.want)
		})
	}
}

func TestJXLRatios(t *testing.T) {
	want := [8]int{1: 120, 2: 144, 3: 160, 4: 180, 5: 213, 6: 150, 7: 240}
	for ratio := 1; ratio <= 7; ratio++ {
		t.Run(fmt.Sprint(ratio), func(t *testing.T) {
			is := is.New(t)
			result, _, err := look("image/jxl", []byte("\xff\x0a"+bits(0, 1, 0, 2, 119, 9, ratio, 3, 1, 1)))
			is.NoErr(err)
			is.Equal(*result.Image, media.Image{Width: want[ratio], Height: 120})
		})
	}
}
