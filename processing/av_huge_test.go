package processing_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/processing"
)

// sparse is a huge file: zeros between a head and a tail.
type sparse struct {
	head, tail string
	size       int64
}

func (s sparse) ReadAt(p []byte, off int64) (int, error) {
	for i := range p {
		switch at := off + int64(i); {
		case at >= s.size:
			return i, io.EOF
		case at < int64(len(s.head)):
			p[i] = s.head[at]
		case at >= s.size-int64(len(s.tail)):
			p[i] = s.tail[at-s.size+int64(len(s.tail))]
		default:
			p[i] = 0
		}
	}
	return len(p), nil
}

func TestHugeFilesAreReadFromTheirEnds(t *testing.T) {
	const gib = 1 << 30
	movie := moov(movieHeader(1000, 2000), filmTrack)
	film := func(seconds float64) *media.Video { return &media.Video{Width: 7, Height: 5, Duration: seconds} }
	sound := func(seconds float64) *media.Audio { return &media.Audio{Duration: seconds} }
	vorbis := oggPage(true, 1, 0, "\x01vorbis"+le32(0)+"\x01"+le32(44_100)+strings.Repeat("\x00", 14))
	cases := map[string]struct {
		contentType string
		file        sparse
		video       *media.Video
		audio       *media.Audio
	}{
		"mp4 with its movie box behind": {"video/mp4", sparse{isoBox("ftyp", "isom") + be32(1) + "mdat" + be32(1) + be32(gib-12), movie, 5*gib + int64(len(movie))}, film(2), nil},
		"mp4 with its movie box first":  {"video/mp4", sparse{isoBox("ftyp", "isom") + movie + be32(0) + "mdat", "", 5 * gib}, film(2), nil},
		"mp4 of fragments":              {"video/mp4", sparse{extended(lengthless, "", aSecond) + be32(1) + "mdat" + be32(1) + be32(gib), "", 5 * gib}, film(1), nil},
		"rf64":                          {"audio/wav", sparse{wav("RF64", webpChunk("ds64", le32(0)+le32(0)+le32(0)+le32(1)+strings.Repeat("\x00", 12)), format(1, 1<<16, 1<<16)) + "data" + le32(1<<32-1), "", 5 * gib}, nil, sound(65536)},
		"mp3":                           {"audio/mpeg", sparse{mp3Frame(9, "Info"+be32(1)+be32(1000)) + mp3Frame(9, ""), "", 5 * gib}, nil, sound(26.122)},
		"ogg":                           {"audio/ogg", sparse{vorbis + oggPage(false, 1, 0, "x"), oggPage(false, 1, 44_100, "x"), 5 * gib}, nil, sound(1)},
		"matroska":                      {"video/matroska", sparse{mkv("matroska")[:len(mkv("matroska"))-5] + "\x01\xff\xff\xff\xff\xff\xff\xff" + mkvInfo(ebmlFloat("\x44\x89", 1500)) + mkvTracks(mkvSound()), "", 5 * gib}, nil, sound(1.5)},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			m := &meter{r: c.file}
			var result processing.Result
			var err error
			allocated := allocates(func() {
				result, err = processing.Headers{}.Process(context.Background(), processing.Source{
					Declared: c.contentType, Sniffed: c.contentType, Size: c.file.size, Bytes: m,
				})
			})
			is.NoErr(err)
			if c.audio != nil {
				is.Equal(*result.Audio, *c.audio)
			}
			if c.video != nil {
				is.Equal(*result.Video, *c.video)
			}
			is.True(m.read <= 96<<10)
			is.True(allocated <= 96<<10)
		})
	}
}
