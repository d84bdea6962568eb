package processing_test

import (
	"math"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/media"
)

// TestTheSmallestThereIsIsTold has what is one, or less than one, and real.
func TestTheSmallestThereIsIsTold(t *testing.T) {
	pixel := mp4Track{kind: "vide", width: 1, height: 1}
	video := func(width, height int, seconds float64) *media.Video {
		return &media.Video{Width: width, Height: height, Duration: seconds}
	}
	slow := "\x80theora\x03\x02\x01" + strings.Repeat("\x00", 4) + "\x00\x00\x07\x00\x00\x05\x00\x00" + be32(1) + be32(2) + strings.Repeat("\x00", 10) + "\x00\xc0"
	cases := map[string]struct {
		contentType, file string
		video             *media.Video
		audio             *media.Audio
	}{
		"a film of a pixel":              {"video/mp4", mp4("isom", 2000, pixel), video(1, 1, 2), nil},
		"a pixel, coded as more":         {"video/mp4", mp4("isom", 2000, pixel.changed(func(t *mp4Track) { t.entryWidth, t.entryHeight = 7, 5 })), video(1, 1, 2), nil},
		"a film of a millisecond":        {"video/mp4", mp4("isom", 0, pixel.changed(func(t *mp4Track) { t.duration, t.ownDuration = 1, 2000 })), video(1, 1, 0.001), nil},
		"a row of matroska":              {"video/matroska", mkv("matroska", mkvTracks(mkvFilm(ebmlUint("\x54\xaa", 49)))), video(70, 1, 0), nil},
		"a column of matroska":           {"video/matroska", mkv("matroska", mkvTracks(mkvFilm(ebmlUint("\x54\xcc", 69)))), video(1, 50, 0), nil},
		"a picture every two seconds":    {"video/ogg", oggPage(true, 1, 0, slow) + oggPage(false, 1, 3<<6, "x"), video(7, 5, 6), nil},
		"a frame of mp3":                 {"audio/mpeg", mp3Frame(9, ""), nil, &media.Audio{Duration: 0.026}},
		"a frame of mp3 before a tag":    {"audio/mpeg", mp3Frame(9, "") + "TAG" + strings.Repeat("x", 125), nil, &media.Audio{Duration: 0.026}},
		"a frame of mp3 before another":  {"audio/mpeg", mp3Frame(9, "") + "APETAGEX\xd0\x07\x00\x00" + le32(32) + strings.Repeat("\x00", 16), nil, &media.Audio{Duration: 0.026}},
		"a frame of mp3 before a word":   {"audio/mpeg", mp3Frame(9, "") + "TAX and more", nil, &media.Audio{}},
		"a frame of mp3, cut":            {"audio/mpeg", mp3Frame(9, "")[:400], nil, &media.Audio{}},
		"a frame of aac":                 {"audio/aac", adts(100), nil, &media.Audio{Duration: 0.023}},
		"a frame of aac before the rest": {"audio/aac", adts(100) + adts(100) + strings.Repeat("\x00", 8191), nil, &media.Audio{Duration: 0.046}},
		"a frame of aac before more":     {"audio/aac", adts(100) + adts(100) + strings.Repeat("\x00", 8192), nil, &media.Audio{}},
		"a byte of wav":                  {"audio/wav", wav("RIFF", format(1, 100, 100), webpChunk("data", "x"), webpChunk("LIST", strings.Repeat("x", 100))), nil, &media.Audio{Duration: 0.01}},
		"wav that ends with its format":  {"audio/wav", wav("RIFF", format(1, 100, 100)) + "data" + le32(8), nil, &media.Audio{}},
		"avi that ends with its headers": {"video/x-msvideo", avi(riffList("hdrl", aviStream("vids", 1, 25, 0, 1))), video(0, 0, 0.04), nil},
		"an avi of nothing":              {"video/x-msvideo", avi(riffList("hdrl", riffList("strl", ""))), nil, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			result, _, err := look(c.contentType, []byte(c.file))
			is.NoErr(err)
			is.Equal(result.Video, c.video)
			is.Equal(result.Audio, c.audio)
		})
	}
}

func TestEveryByteOfASignatureCounts(t *testing.T) {
	stream := strings.Repeat("\x00", 10) + "\x0a\xc4\x42\xf0\x00\x00\xac\x44" + strings.Repeat("\x00", 16) // a second at 44.1 kHz
	cases := []struct {
		contentType, file string
		signs             []int // the bytes that count
	}{
		{"audio/flac", "fLaC\x00\x00\x00\x22" + stream, []int{0, 1, 2, 3, 4, 5, 6, 7}},
		{"audio/wav", wav("RIFF", format(1, 100, 100), webpChunk("data", "x")), []int{0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15}},
		{"audio/aiff", "FORM\x00\x00\x00\x00AIFFCOMM" + be32(18) + be16(1) + be32(1) + be16(8) + "\x40\x0b\xfa\x00\x00\x00\x00\x00\x00\x00", []int{0, 1, 2, 3, 8, 9, 10, 12, 13, 14, 15}},
		{"video/x-msvideo", avi(riffList("hdrl", aviStream("vids", 1, 25, 0, 50))), []int{0, 1, 2, 3, 8, 9, 10, 11, 20, 21, 22, 23}},
		{"application/ogg", oggPage(true, 1, 0, "x") + oggPage(false, 1, 1, "x"), []int{0, 1, 2, 3, 4, 29, 30, 31, 32, 33}},
		{"image/heif", heifOf(primaryItem(1), properties(sizeOf(7, 5), association(1, 1))), []int{24, 25, 26, 27, 36, 37, 38, 39}},
	}
	for _, c := range cases {
		t.Run(c.contentType, func(t *testing.T) {
			is := is.New(t)
			_, _, err := look(c.contentType, []byte(c.file))
			is.NoErr(err)
			for _, at := range c.signs {
				b := []byte(c.file)
				b[at] ^= 0x41
				if _, _, err := look(c.contentType, b); !isUnreadableRecording(err) {
					t.Errorf("byte %d does not count: %v", at, err)
				}
			}
		})
	}
}

func TestPacketsThatCarryNothingSayNothing(t *testing.T) {
	is := is.New(t)
	const second = 90_000
	empty := []byte(tsPicture(257, 100*second))
	empty[3] = 0x00 // it says that there is no payload
	file := tsStart(0x1b) + tsPicture(257, second) + string(empty) + tsPicture(257, 3*second)
	result, _, err := look("video/mp2t", []byte(file))
	is.NoErr(err)
	is.Equal(*result.Video, media.Video{Duration: 2})

	going := []byte(tsPicture(257, 100*second))
	going[1] &^= 0x40 // nothing begins in it
	file = tsStart(0x1b) + tsPicture(257, second) + string(going) + tsPicture(257, 3*second)
	result, _, err = look("video/mp2t", []byte(file))
	is.NoErr(err)
	is.Equal(*result.Video, media.Video{Duration: 2})

	timeless := strings.Replace(tsPicture(257, 100*second), "\x80\x80\x05", "\x80\x00\x05", 1)
	file = tsStart(0x1b) + tsPicture(257, second) + timeless + tsPicture(257, 3*second)
	result, _, err = look("video/mp2t", []byte(file))
	is.NoErr(err)
	is.Equal(*result.Video, media.Video{Duration: 2})
}

func TestFramesOfAnotherKindDoNotCount(t *testing.T) {
	is := is.New(t)
	// Layer II in the middle of layer III, of the one bitrate: junk, in which
	// the next frame of the kind is looked for.
	stray := "\xff\xfd\x80\xc0" + strings.Repeat("\x00", 413)
	file := strings.Repeat(mp3Frame(9, ""), 20) + stray + strings.Repeat(mp3Frame(9, ""), 20)
	result, _, err := look("audio/mpeg", []byte(file))
	is.NoErr(err)
	is.True(math.Abs(result.Audio.Duration-float64(len(file))*8/128_000) < 0.001)
}

func TestAFrameIsFoundWhereverItBegins(t *testing.T) {
	for junk := 490; junk < 1040; junk++ {
		result, _, err := look("audio/aac", []byte(strings.Repeat("x", junk)+adts(100)))
		is := is.New(t)
		is.NoErr(err)
		is.Equal(*result.Audio, media.Audio{Duration: 0.023})
	}
}
