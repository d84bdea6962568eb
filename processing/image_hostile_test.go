package processing_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/processing"
)

const mib = 1 << 20

func TestWhatIsNoImageFails(t *testing.T) {
	little := binary.LittleEndian
	badSum := []byte(ihdr(7, 5))
	badSum[32] ^= 1
	cases := []struct {
		name, contentType string
		bytes             string
	}{
		{"png of the largest size", "image/png", ihdr(math.MaxInt32, math.MaxInt32)},
		{"png beyond signs", "image/png", ihdr(1<<31, 1<<32-1)},
		{"png a little too wide", "image/png", ihdr(1_000_001, 1)},
		{"png a little too high", "image/png", ihdr(1, 1_000_001)},
		{"png without width", "image/png", ihdr(0, 5)},
		{"png without height", "image/png", ihdr(7, 0)},
		{"png with a wrong sum", "image/png", string(badSum)},
		{"png with another first chunk", "image/png", "\x89PNG\r\n\x1a\n" + chunk("tEXt", ihdr(7, 5)[16:29])},
		{"png with another signature", "image/png", "\x88" + ihdr(7, 5)[1:]},
		{"png with a first chunk of 4 GiB", "image/png", "\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR" + strings.Repeat("x", 100)},
		{"png of noise", "image/png", "\x89PNG\r\n\x1a\n" + strings.Repeat("noise", 100)},

		{"jpeg without height", "image/jpeg", "\xff\xd8" + segment(0xc0, "\x08\x00\x00\x00\x07\x01\x01\x11\x00")},
		{"jpeg of 2 MiB of nothing", "image/jpeg", "\xff\xd8\xff" + strings.Repeat("\x00", 2*mib)},
		{"jpeg of 2 MiB of fill", "image/jpeg", "\xff\xd8" + strings.Repeat("\xff", 2*mib)},
		{"jpeg of 2 MiB of restarts", "image/jpeg", "\xff\xd8" + strings.Repeat("\xff\xd0", mib)},
		{"jpeg of empty segments", "image/jpeg", "\xff\xd8" + strings.Repeat(segment(0xe2, ""), mib/2)},
		{"jpeg of large segments", "image/jpeg", "\xff\xd8" + strings.Repeat(segment(0xe2, strings.Repeat("x", 600)), 3*mib/600)},
		{"jpeg of empty EXIF", "image/jpeg", "\xff\xd8" + strings.Repeat(app1(1), 64<<10)},
		{"jpeg with a segment of no size", "image/jpeg", "\xff\xd8\xff\xe0\x00\x00" + string(encoded(encodeJPEG))},
		{"jpeg with a segment of size one", "image/jpeg", "\xff\xd8\xff\xe0\x00\x01" + string(encoded(encodeJPEG))},
		{"jpeg with a scan first", "image/jpeg", "\xff\xd8" + segment(0xda, "") + string(encoded(encodeJPEG)[2:])},
		{"jpeg that ends at once", "image/jpeg", "\xff\xd8\xff\xd9" + string(encoded(encodeJPEG)[2:])},
		{"jpeg that ends before its frame", "image/jpeg", "\xff\xd8\xff\xd9\x00\x02" + string(jpegFrame(0xc0, 1)[2:])},
		{"jpeg of another signature", "image/jpeg", "\xff\xd9" + string(jpegFrame(0xc0, 1)[2:])},
		{"jpeg without frame", "image/jpeg", "\xff\xd8" + segment(0xc4, "12345678") + segment(0xc8, "12345678") + segment(0xcc, "12345678") + "\xff\xd9"},

		{"gif without width", "image/gif", "GIF89a\x00\x00\x05\x00\x00\x00\x00"},
		{"gif without height", "image/gif", "GIF87a\x07\x00\x00\x00\x00\x00\x00"},
		{"gif of another version", "image/gif", "GIF90a\x07\x00\x05\x00\x00\x00\x00"},

		{"bmp of negative width", "image/bmp", string(bitmap(40, -7, 5, 24))},
		{"bmp of the lowest height", "image/bmp", string(bitmap(40, 7, math.MinInt32, 24))},
		{"bmp without height", "image/bmp", string(bitmap(40, 7, 0, 24))},
		{"bmp of an odd depth", "image/bmp", string(bitmap(40, 7, 5, 25))},
		{"bmp of two planes", "image/bmp", string(bitmap(40, 7, 5, 24)[:26]) + "\x02\x00\x18\x00"},
		{"bmp of another signature", "image/bmp", "BA" + string(bitmap(40, 7, 5, 24)[2:])},
		{"bmp of text", "image/bmp", "BM" + strings.Repeat("W is a car. ", 10)},

		{"tiff of the largest size", "image/tiff", string(directory(little, entry{256, 4, 1<<32 - 1}, entry{257, 4, 1<<32 - 1}))},
		{"tiff without width", "image/tiff", string(directory(little, entry{257, 4, 5}))},
		{"tiff without height", "image/tiff", string(directory(little, entry{256, 4, 7}))},
		{"tiff with a width of text", "image/tiff", string(directory(little, entry{256, 2, 7}, entry{257, 4, 5}))},
		{"tiff with 4 GiB of widths", "image/tiff", "II*\x00\x08\x00\x00\x00\x02\x00" + "\x00\x01\x04\x00\xff\xff\xff\xff\x07\x00\x00\x00" + "\x01\x01\x04\x00\x01\x00\x00\x00\x05\x00\x00\x00"},
		{"tiff with a directory beyond the end", "image/tiff", "II*\x00\xff\xff\xff\xff" + strings.Repeat("x", 100)},
		{"tiff with its header as directory", "image/tiff", "II*\x00\x00\x00\x00\x00" + strings.Repeat("x", mib)},
		{"tiff with 65535 entries", "image/tiff", "II*\x00\x08\x00\x00\x00\xff\xff" + strings.Repeat("\x00", 2*mib)},
		{"tiff of another number", "image/tiff", "II+\x00\x0a\x00\x00\x00" + string(directory(little, entry{256, 4, 7}, entry{257, 4, 5})[8:])},

		{"webp without image", "image/webp", string(riff(webpChunk("XMP ", strings.Repeat("x", 100))))},
		{"webp that continues a film", "image/webp", string(riff(webpChunk("VP8 ", "\x31"+vp8(7, 5)[1:])))},
		{"webp without the start code", "image/webp", string(riff(webpChunk("VP8 ", "\x30\x01\x00\x9d\x01\x2b"+vp8(7, 5)[6:])))},
		{"webp without width", "image/webp", string(riff(webpChunk("VP8 ", vp8(0, 5))))},
		{"webp lossless without its sign", "image/webp", string(riff(webpChunk("VP8L", "\x2e"+vp8l(7, 5)[1:])))},
		{"webp lossless of another version", "image/webp", string(riff(webpChunk("VP8L", "\x2f\x06\x00\x01\x20xxxx")))},
		{"webp of the largest canvas", "image/webp", string(riff(webpChunk("VP8X", vp8x(0, 1<<24, 1<<24))))},
		{"riff of another form", "image/webp", "RIFF\x00\x00\x00\x00WAVE" + webpChunk("VP8 ", vp8(7, 5))},
		{"other than riff", "image/webp", "RIFX\x00\x00\x00\x00WEBP" + webpChunk("VP8 ", vp8(7, 5))},
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
			is.True(allocated <= 16<<10)
		})
	}
}

func TestOrientationThatCannotBeReadIsNone(t *testing.T) {
	image := webpChunk("VP8 ", vp8(7, 5))
	cases := []struct{ name, contentType, bytes string }{
		{"png with a chunk of 4 GiB", "image/png", ihdr(7, 5) + "\xff\xff\xff\xfftEXt" + chunk("eXIf", exif(6))},
		{"png with eXIf of 4 GiB", "image/png", ihdr(7, 5) + "\xff\xff\xff\xffeXIfMM"},
		{"png with eXIf behind the pixels", "image/png", ihdr(7, 5) + chunk("IDAT", "") + chunk("eXIf", exif(6))},
		{"png with 2 MiB of empty chunks", "image/png", ihdr(7, 5) + strings.Repeat(chunk("tEXt", ""), 2*mib/12) + chunk("eXIf", exif(6))},
		{"png with 3 MiB of chunks that are jumped over", "image/png", ihdr(7, 5) + strings.Repeat(chunk("tEXt", strings.Repeat("x", 600)), 3*mib/600) + chunk("eXIf", exif(6))},
		{"png with nothing behind IHDR", "image/png", ihdr(7, 5)},
		{"jpeg with EXIF of noise", "image/jpeg", string(jpegWith(segment(0xe1, "Exif\x00\x00noise and more")))},
		{"jpeg with EXIF that looks outside", "image/jpeg", string(jpegWith(segment(0xe1, "Exif\x00\x00MM\x00*"+be32(12)), segment(0xe2, exif(6)[10:])))},
		{"jpeg with APP1 of another use", "image/jpeg", string(jpegWith(segment(0xe1, "Other\x00"+exif(6))))},
		{"jpeg with a short APP1", "image/jpeg", string(jpegWith(segment(0xe1, "Exi")))},
		{"jpeg with a frame before EXIF", "image/jpeg", string(encoded(encodeJPEG)) + app1(6)},
		{"webp with 2 MiB of empty chunks", "image/webp", string(riff(webpChunk("VP8X", vp8x(8, 7, 5)), strings.Repeat(webpChunk("ANMF", ""), 2*mib/8), image))},
		{"webp with EXIF of 4 GiB", "image/webp", string(riff(webpChunk("VP8X", vp8x(8, 7, 5)), image)) + "EXIF\xff\xff\xff\xff"},
		{"webp with a chunk of 4 GiB", "image/webp", string(riff(webpChunk("VP8X", vp8x(8, 7, 5)))) + "VP8 \xff\xff\xff\xff"},
		{"tiff with an orientation of text", "image/tiff", string(directory(binary.BigEndian, entry{256, 3, 7}, entry{257, 3, 5}, entry{274, 2, 6}))},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			result, m, err := look(c.contentType, []byte(c.bytes))
			is.NoErr(err)
			is.Equal(*result.Image, media.Image{Width: 7, Height: 5})
			is.True(m.read <= mib)
		})
	}
}

func TestManySmallStepsEndSoon(t *testing.T) {
	cases := []struct{ name, contentType, bytes string }{
		{"jpeg of nothing", "image/jpeg", "\xff\xd8\xff" + strings.Repeat("\x00", mib)},
		{"jpeg of restarts", "image/jpeg", "\xff\xd8" + strings.Repeat("\xff\xd0", mib/2)},
		{"jpeg of empty segments", "image/jpeg", "\xff\xd8" + strings.Repeat(segment(0xe2, ""), mib/4)},
		{"png of empty chunks", "image/png", ihdr(7, 5) + strings.Repeat(chunk("tEXt", ""), mib/12)},
		{"webp of empty chunks", "image/webp", string(riff(webpChunk("VP8X", vp8x(8, 7, 5)), strings.Repeat(webpChunk("ANMF", ""), mib/8)))},
		{"tiff of empty entries", "image/tiff", "II*\x00\x08\x00\x00\x00\xff\xff" + strings.Repeat("\x00", mib)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, m, _ := look(c.contentType, []byte(c.bytes))
			is.New(t).True(m.read <= 64<<10)
		})
	}
}

// broken fails the reads that touch the bytes from and up to an offset.
type broken struct {
	r        io.ReaderAt
	from, to int64
}

var errDisk = errors.New("disk")

func (b broken) ReadAt(p []byte, off int64) (int, error) {
	if off < b.to && off+int64(len(p)) > b.from {
		return 0, errDisk
	}
	return b.r.ReadAt(p, off)
}

func TestFailingReadsAreTriedAgain(t *testing.T) {
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			is := is.New(t)
			_, err := process(s.contentType, broken{bytes.NewReader(s.bytes), 0, 1}, len(s.bytes))
			is.True(errors.Is(err, errDisk))
			is.True(!isUnreadable(err))
		})
	}
}

func TestFailingReadsOfTheOrientationAreTriedAgain(t *testing.T) {
	far := "MM\x00*" + be32(6000) + strings.Repeat("x", 8<<10) // EXIF with its directory in the middle
	cases := []struct{ contentType, bytes string }{
		{"image/png", string(pngWith(chunk("eXIf", far)))},
		{"image/jpeg", string(jpegWith(segment(0xe1, "Exif\x00\x00"+far)))},
		{"image/webp", string(riff(webpChunk("VP8X", vp8x(8, 7, 5)), webpChunk("EXIF", far)))},
	}
	for _, c := range cases {
		t.Run(c.contentType, func(t *testing.T) {
			is := is.New(t)
			_, err := process(c.contentType, broken{strings.NewReader(c.bytes), 6000, 6100}, len(c.bytes))
			is.True(errors.Is(err, errDisk))
			is.True(!isUnreadable(err))
		})
	}
}

func TestBytesThatTheStoreLostAreTriedAgain(t *testing.T) {
	is := is.New(t)
	whole := encoded(encodeGIF)
	_, err := process("image/gif", bytes.NewReader(whole[:5]), len(whole))
	is.True(errors.Is(err, io.ErrUnexpectedEOF))
	is.True(!isUnreadable(err))
}

func process(contentType string, r io.ReaderAt, size int) (processing.Result, error) {
	return processing.Headers{}.Process(context.Background(), processing.Source{Declared: contentType, Sniffed: contentType, Size: int64(size), Bytes: r})
}
