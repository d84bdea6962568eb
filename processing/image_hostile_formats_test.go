package processing_test

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/media"
)

func TestWhatIsNoImageOfTheNewerFormatsFails(t *testing.T) {
	little := binary.LittleEndian
	gifOf := func(rest string) string { return "GIF89a\x00\x00\x00\x00\x00\x00\x00" + rest }
	hugeDirectory := "II+\x00\x08\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff"
	cases := []struct{ name, contentType, bytes string }{
		{"bmp of OS/2 without width", "image/bmp", coreBitmap(0, 5, 1, 24)},
		{"bmp of OS/2 of an odd depth", "image/bmp", coreBitmap(7, 5, 1, 7)},
		{"bmp of an unheard-of version", "image/bmp", string(bitmap(41, 7, 5, 24))},
		{"bmp that ends in its header", "image/bmp", string(bitmap(40, 7, 5, 24)[:29])},

		{"gif of nothing", "image/gif", gifOf(";")},
		{"gif without width in its frame", "image/gif", gifOf(",\x00\x00\x00\x00\x00\x00\x05\x00\x00")},
		{"gif of extensions", "image/gif", gifOf(strings.Repeat("\x21\xfe\x00", mib))},
		{"gif of blocks", "image/gif", gifOf("\x21\xfe" + strings.Repeat("\x01x", mib))},
		{"gif of large blocks", "image/gif", gifOf("\x21\xfe" + strings.Repeat("\xff"+strings.Repeat("x", 255), 3*mib/256))},

		{"icon without entries", "image/x-icon", icons(1)},
		{"icon of another kind", "image/x-icon", icons(3, [2]string{"\x07\x05", dib(7, 5)})},
		{"icon with a first byte", "image/x-icon", "\x01" + icons(1, [2]string{"\x07\x05", dib(7, 5)})[1:]},
		{"icon with a second byte", "image/x-icon", "\x00\x01" + icons(1, [2]string{"\x07\x05", dib(7, 5)})[2:]},
		{"icon of 65535 entries", "image/x-icon", "\x00\x00\x01\x00\xff\xff" + strings.Repeat("\x00", 2*mib)},
		{"icon outside the file", "image/x-icon", icons(1, [2]string{"\x07\x05", dib(7, 5)})[:40]},
		{"icon of 4 GiB", "image/x-icon", "\x00\x00\x01\x00\x01\x00\x07\x05\x00\x00\x01\x00\x20\x00\xff\xff\xff\xff\x16\x00\x00\x00" + dib(7, 5)},
		{"icon in its directory", "image/x-icon", "\x00\x00\x01\x00\x01\x00\x07\x05\x00\x00\x01\x00\x20\x00\x10\x00\x00\x00\x06\x00\x00\x00" + dib(7, 5)},
		{"icon of noise", "image/x-icon", icons(1, [2]string{"\x07\x05", noise})},
		{"icon of a broken PNG", "image/x-icon", icons(1, [2]string{"\x00\x00", "\x89PNG\r\n\x1a\n" + noise})},
		{"icon of an endless PNG", "image/x-icon", icons(1, [2]string{"\x00\x00", ihdr(1<<31, 5)})},
		{"icon of negative width", "image/x-icon", icons(1, [2]string{"\x00\x00", dib(-1, 5)})},
		{"icon without height", "image/x-icon", icons(1, [2]string{"\x00\x00", dib(7, 0)})},

		{"tga without width", "image/x-tga", tga(2, 0, 5, 24)},
		{"tga of another kind", "image/x-tga", tga(4, 7, 5, 24)},
		{"tga of an odd depth", "image/x-tga", tga(2, 7, 5, 23)},

		{"jp2 without header", "image/jp2", jp2(box("xml ", "<a/>"))},
		{"jp2 without size", "image/jp2", jp2(imageHeader(0, 5))},
		{"jp2 of the largest size", "image/jp2", jp2(imageHeader(1<<31, 1<<32-1))},
		{"jp2 with a short header", "image/jp2", jp2(box("jp2h", box("ihdr", "1234")))},
		{"jp2 of empty boxes", "image/jp2", jp2(strings.Repeat(box("free", ""), mib/8))},
		{"jp2 of boxes of 4 GiB", "image/jp2", jp2("\xff\xff\xff\xfffree")},
		{"jp2 of boxes of 2^63", "image/jp2", jp2("\x00\x00\x00\x01free\x80\x00\x00\x00\x00\x00\x00\x00")},
		{"jp2 of boxes shorter than themselves", "image/jp2", jp2("\x00\x00\x00\x07free" + imageHeader(7, 5))},
		{"codestream of negative width", "image/j2c", codestream(7, 5, 8, 0)},
		{"codestream of negative height", "image/j2c", codestream(7, 5, 0, math.MaxInt32)},
		{"codestream without components", "image/j2c", strings.Replace(codestream(7, 5, 0, 0), "\x00\x03\x07", "\x00\x00\x07", 1)},
		{"codestream with a short segment", "image/j2c", strings.Replace(codestream(7, 5, 0, 0), "Q\x00\x2f", "Q\x00\x28", 1)},
		{"codestream that begins otherwise", "image/j2c", strings.Replace(codestream(7, 5, 0, 0), "\xff\x51", "\xff\x52", 1)},

		{"jxl of 2^30", "image/jxl", "\xff\x0a" + bits(0, 1, 3, 2, 1<<30-1, 30, 1, 3, 1, 1)},
		{"jxl that ends in its header", "image/jxl", "\xff\x0a\x06"},
		{"jxl without codestream", "image/jxl", jxlSign + box("ftyp", "jxl ")},
		{"jxl with a codestream of noise", "image/jxl", jxlSign + box("jxlc", noise)},
		{"jxl with an empty codestream", "image/jxl", jxlSign + box("jxlc", "")},
		{"jxl with an empty part", "image/jxl", jxlSign + box("jxlp", "\x00\x00")},
		{"jxl of empty boxes", "image/jxl", jxlSign + strings.Repeat(box("free", ""), mib/8)},

		{"psd of version 3", "image/vnd.adobe.photoshop", photoshop(3, 7, 5)},
		{"psd of version 0", "image/vnd.adobe.photoshop", photoshop(0, 7, 5)},
		{"psd as large as a psb", "image/vnd.adobe.photoshop", photoshop(1, 30_001, 5)},
		{"psb larger than allowed", "image/vnd.adobe.photoshop", photoshop(2, 7, 300_001)},
		{"psd without width", "image/vnd.adobe.photoshop", photoshop(1, 0, 5)},
		{"psd with something in between", "image/vnd.adobe.photoshop", strings.Replace(photoshop(1, 7, 5), "\x00\x00\x00\x00\x00\x00", "\x00\x00\x00\x00\x00\x01", 1)},

		{"big tiff of offsets of four bytes", "image/tiff", strings.Replace(bigTIFF(little, entry{256, 4, 7}, entry{257, 4, 5}), "\x08\x00", "\x04\x00", 1)},
		{"big tiff of 2^64 entries", "image/tiff", hugeDirectory + strings.Repeat("\x00", 2*mib)},
		{"big tiff with a directory of its own entries", "image/tiff", hugeDirectory},
		{"big tiff with a directory at 2^64", "image/tiff", "II+\x00\x08\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff" + noise},
		{"big tiff with a directory beyond the end", "image/tiff", "II+\x00\x08\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00" + noise},
		{"big tiff of 2^63", "image/tiff", bigTIFF(little, entry{256, 16, math.MinInt64}, entry{257, 16, 5})},
		{"big tiff of 2^40", "image/tiff", bigTIFF(little, entry{256, 16, 1 << 40}, entry{257, 16, 1 << 40})},
		{"tiff of eight bytes", "image/tiff", string(directory(little, entry{256, 16, 7}, entry{257, 4, 5}))},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			content := []byte(c.bytes)
			var m *meter
			var err error
			allocated := allocates(func() { _, m, err = look(c.contentType, content) })
			is.True(isUnreadable(err))
			is.True(m.read <= mib)
			is.True(allocated <= 64<<10)
		})
	}
}

// TestWhatIsBeyondUsIsDone: these may be fine, and their size is not told.
func TestWhatIsBeyondUsIsDone(t *testing.T) {
	little := binary.LittleEndian
	thumbnail := string(directory(little, entry{254, 4, 1}, entry{256, 4, 7}, entry{257, 4, 5}))
	negative := string(directory(little, entry{254, 4, 0}, entry{256, 4, 7}, entry{257, 4, 5}, entry{50706, 1, 1}))
	cases := []struct{ name, declared, bytes, want string }{
		{"tiff of a thumbnail", "", thumbnail, "image/tiff"},
		{"big tiff of a thumbnail", "", bigTIFF(little, entry{254, 16, 1}, entry{256, 4, 7}, entry{257, 4, 5}), "image/tiff"},
		{"negative", "", negative, "image/x-adobe-dng"},
		{"negative that calls itself another", "image/x-nikon-nef", negative, "image/x-adobe-dng"},
		{"negative that calls itself tiff", "image/tiff", negative, "image/x-adobe-dng"},
		{"photograph by name", "", thumbnail, "image/x-sony-arw"},
		{"photograph by declaration", "image/x-nikon-nef", thumbnail, "image/x-nikon-nef"},
		{"photograph of Canon", "image/tiff", "II*\x00\x10\x00\x00\x00CR\x02\x00" + noise, "image/x-canon-cr2"},
		{"photograph of Olympus", "", "IIRO\x08\x00\x00\x00" + noise, "image/x-olympus-orf"},
		{"photograph of Panasonic", "", "IIU\x00\x18\x00\x00\x00" + noise, "image/x-panasonic-rw2"},
		{"photograph of Fujifilm", "", "FUJIFILMCCD-RAW 0201" + noise, "image/x-fuji-raf"},
		{"bitmap of ASCII", "", "P3\n7 5\n255\n" + strings.Repeat("0 0 0\n", 35), "image/x-portable-pixmap"},
		{"drawing without size", "", svg(""), "image/svg+xml"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			name := "name"
			if c.want == "image/x-sony-arw" {
				name = "DSC0001.ARW"
			}
			result, err := processDeclared(name, c.declared, []byte(c.bytes))
			is.NoErr(err)
			is.Equal(result.ContentType, c.want)
			is.Equal(result.MimeGroups, []string{media.GroupImage})
			is.Equal(result.Image, nil)
		})
	}
}
