package processing_test

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/media"
)

func ebmlUint(id string, n int) string { return ebmlElement(id, be32(n)) }

func ebmlFloat(id string, f float64) string {
	return ebmlElement(id, string(binary.BigEndian.AppendUint64(nil, math.Float64bits(f))))
}

// mkv is a file of the kind, with what its segment consists of.
func mkv(docType string, segment ...string) string {
	return ebmlElement("\x1a\x45\xdf\xa3", ebmlElement("\x42\x82", docType)) + ebmlElement("\x18\x53\x80\x67", segment...)
}

func mkvInfo(content ...string) string { return ebmlElement("\x15\x49\xa9\x66", content...) }

func mkvTracks(entries ...string) string { return ebmlElement("\x16\x54\xae\x6b", entries...) }

// mkvFilm is the entry of a track with pictures, of 70 x 50 pixels.
func mkvFilm(more ...string) string {
	return ebmlElement("\xae", ebmlUint("\x83", 1), ebmlElement("\xe0", ebmlUint("\xb0", 70), ebmlUint("\xba", 50), strings.Join(more, "")))
}

func mkvSound() string { return ebmlElement("\xae", ebmlUint("\x83", 2)) }

func TestMatroskaPictures(t *testing.T) {
	display := func(width, height, unit int) string {
		return ebmlUint("\x54\xb0", width) + ebmlUint("\x54\xba", height) + ebmlUint("\x54\xb2", unit)
	}
	roll := func(degrees float64) string { return ebmlElement("\x76\x70", ebmlFloat("\x76\x75", degrees)) }
	cases := map[string]struct {
		video         string
		width, height int
	}{
		"as stored":            {"", 70, 50},
		"stretched":            {display(100, 50, 0), 100, 50},
		"of inches":            {display(7, 5, 2), 70, 50},
		"of a ratio":           {display(16, 9, 3), 89, 50},
		"of no ratio":          {display(16, 0, 3), 70, 50},
		"cropped":              {ebmlUint("\x54\xaa", 1) + ebmlUint("\x54\xbb", 2) + ebmlUint("\x54\xcc", 3) + ebmlUint("\x54\xdd", 4), 63, 47},
		"cropped to nothing":   {ebmlUint("\x54\xaa", 50), 0, 0},
		"cropped by 4 GiB":     {ebmlUint("\x54\xcc", math.MaxUint32), 0, 0},
		"stretched to 4 GiB":   {display(math.MaxUint32, 5, 0), 0, 0},
		"of a ratio of 10⁶":    {display(1_000_000, 1, 3), 0, 0},
		"turned":               {roll(90), 50, 70},
		"turned back":          {roll(-90), 50, 70},
		"upside down":          {roll(180), 70, 50},
		"turned by nothing":    {roll(math.NaN()), 70, 50},
		"turned and stretched": {display(100, 50, 0) + roll(90), 50, 100},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			result, _, err := look("video/matroska", []byte(mkv("matroska", mkvInfo(ebmlFloat("\x44\x89", 1500)), mkvTracks(mkvFilm(c.video)))))
			is.NoErr(err)
			is.Equal(*result.Video, media.Video{Width: c.width, Height: c.height, Duration: 1.5})
		})
	}
}

func TestMatroskaDurations(t *testing.T) {
	duration := func(f float64) string { return ebmlFloat("\x44\x89", f) }
	cases := map[string]struct {
		info string
		want float64
	}{
		"milliseconds":             {duration(1500), 1.5},
		"a short float":            {ebmlElement("\x44\x89", "\x44\xbb\x80\x00"), 1.5},
		"of another scale":         {ebmlUint("\x2a\xd7\xb1", 100_000) + duration(15_000), 1.5},
		"before its scale":         {duration(15_000) + ebmlUint("\x2a\xd7\xb1", 100_000), 1.5},
		"none":                     {"", 0},
		"negative":                 {duration(-1500), 0},
		"nothing that is a number": {duration(math.NaN()), 0},
		"infinite":                 {duration(math.Inf(1)), 0},
		"of no scale":              {ebmlUint("\x2a\xd7\xb1", 0) + duration(1500), 0},
		"of more than a year":      {duration(1e12), 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			result, _, err := look("video/matroska", []byte(mkv("matroska", mkvInfo(c.info), mkvTracks(mkvSound()))))
			is.NoErr(err)
			is.Equal(*result.Audio, media.Audio{Duration: c.want})
		})
	}
}

func TestMatroskaTypes(t *testing.T) {
	info := mkvInfo(ebmlFloat("\x44\x89", 1500))
	cluster := "\x1f\x43\xb6\x75" + "\x08" + be32(5) + "\xa3\x83abc"
	cases := map[string]struct{ file, want string }{
		"webm":                     {mkv("webm", info, mkvTracks(mkvFilm(), mkvSound())), "video/webm"},
		"webm of sound":            {mkv("webm", info, mkvTracks(mkvSound())), "audio/webm"},
		"matroska":                 {mkv("matroska", info, mkvTracks(mkvSound(), mkvFilm())), "video/matroska"},
		"matroska of sound":        {mkv("matroska\x00", info, mkvTracks(mkvSound())), "audio/matroska"},
		"matroska of text":         {mkv("matroska", info, mkvTracks(ebmlElement("\xae", ebmlUint("\x83", 17)))), "video/x-declared"},
		"without a kind":           {mkv("", info, mkvTracks(mkvSound())), "audio/matroska"},
		"tracks before info":       {mkv("webm", mkvTracks(mkvSound()), info), "audio/webm"},
		"tracks behind the film":   {mkv("webm", info, cluster, mkvTracks(mkvSound())), "audio/webm"},
		"without info":             {mkv("webm", mkvTracks(mkvSound()), cluster), "audio/webm"},
		"of a segment without end": {mkv("webm")[:len(mkv("webm"))-5] + "\x01\xff\xff\xff\xff\xff\xff\xff" + info + mkvTracks(mkvSound()) + "\x1f\x43\xb6\x75\xff\xa3\x83abc", "audio/webm"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			declared := "video/webm"
			if c.want == "video/x-declared" {
				c.want = declared
			}
			result, _, err := look(declared, []byte(c.file))
			is.NoErr(err)
			is.Equal(result.ContentType, c.want)
		})
	}
}

func TestMatroskaWithoutADurationIsAsLongAsItsBlocks(t *testing.T) {
	cluster := func(time int, blocks ...string) string {
		return ebmlElement("\x1f\x43\xb6\x75", ebmlUint("\xe7", time), strings.Join(blocks, ""))
	}
	open := func(time int, blocks ...string) string {
		return "\x1f\x43\xb6\x75\xff" + ebmlUint("\xe7", time) + strings.Join(blocks, "")
	}
	block := func(after int) string { return ebmlElement("\xa3", "\x81"+be16(after)+"\x80 and a picture") }
	group := func(after int) string {
		return ebmlElement("\xa0", ebmlElement("\xa1", "\x40\x01"+be16(after)+"\x80 and a picture"), ebmlUint("\x9b", 40))
	}
	nested := ""
	for range 50 {
		nested = ebmlElement("\xa0", ebmlElement("\x1f\x43\xb6\x75", nested))
	}
	cases := map[string]struct {
		segment string
		want    float64
	}{
		"clusters":                       {cluster(0, block(0), block(500)) + cluster(1000, block(0), block(500)), 1.5},
		"clusters of groups":             {cluster(0, group(0)) + cluster(1000, group(0), group(500)), 1.5},
		"a last block before its time":   {cluster(0, block(0)) + cluster(1000, block(-100)), 0.9},
		"that begin late":                {cluster(60_000, block(0)) + cluster(61_000, block(500)), 1.5},
		"before other elements":          {cluster(0, block(0)) + cluster(1000, block(500)) + ebmlElement("\x1c\x53\xbb\x6b", "cues"), 1.5},
		"without ends":                   {open(0, block(0), block(500)) + open(1000, group(0), block(500)), 1.5},
		"without ends, and cut":          {open(0, block(0), block(500)) + open(1000, block(250), "\xa3\x84\x81"), 0},
		"with and without ends":          {open(0, block(0)) + cluster(1000, block(500)), 1.5},
		"without and with ends":          {cluster(0, block(0)) + open(1000, block(500)), 1.5},
		"none":                           {"", 0},
		"one block":                      {cluster(0, block(0)), 0},
		"at the end of all time":         {cluster(0, block(0)) + ebmlElement("\x1f\x43\xb6\x75", ebmlElement("\xe7", strings.Repeat("\xff", 8)), block(0)), 0},
		"too many blocks":                {open(0, strings.Repeat(block(1), 5000)), 0},
		"too many clusters":              {strings.Repeat(cluster(0, block(0)), 5000), 0},
		"noise behind":                   {cluster(0, block(0)) + cluster(1000, block(500)) + "\x00noise", 0},
		"groups and clusters in another": {cluster(0, block(0), nested) + cluster(1000, block(500), nested), 1.5},
		"a block of nothing":             {cluster(0, block(0)) + cluster(1000, ebmlElement("\xa3")), 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			result, m, err := look("video/webm", []byte(mkv("webm", mkvInfo(), mkvTracks(mkvFilm()), c.segment)))
			is.NoErr(err)
			is.Equal(*result.Video, media.Video{Width: 70, Height: 50, Duration: c.want})
			is.True(m.read <= mib)
		})
	}
}
