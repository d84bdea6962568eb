package processing_test

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/media"
)

// oggPage is a page of a stream that holds one packet of fewer than 255 bytes.
func oggPage(first bool, stream int, granule uint64, packet string) string {
	flags := "\x00"
	if first {
		flags = "\x02"
	}
	return "OggS\x00" + flags + string(binary.LittleEndian.AppendUint64(nil, granule)) + le32(stream) + le32(0) + le32(0) +
		"\x01" + string([]byte{byte(len(packet))}) + packet
}

func TestOgg(t *testing.T) {
	vorbis := "\x01vorbis" + le32(0) + "\x01" + le32(44_100) + strings.Repeat("\x00", 14)
	opus := "OpusHead\x01\x02" + le16(480) + le32(44_100) + "\x00\x00\x00"
	theora := "\x80theora\x03\x02\x01" + strings.Repeat("\x00", 4) + "\x00\x00\x07\x00\x00\x05\x00\x00" + be32(25) + be32(1) + strings.Repeat("\x00", 10) + "\x00\xc0"
	audio := func(seconds float64) *media.Audio { return &media.Audio{Duration: seconds} }
	video := func(seconds float64) *media.Video { return &media.Video{Width: 7, Height: 5, Duration: seconds} }
	first := func(stream int, packet string) string { return oggPage(true, stream, 0, packet) }
	last := func(stream int, granule uint64) string { return oggPage(false, stream, granule, "packet") }
	cases := map[string]struct {
		file, contentType string
		video             *media.Video
		audio             *media.Audio
	}{
		"vorbis":                       {first(1, vorbis) + last(1, 44_100), "audio/ogg", nil, audio(1)},
		"vorbis of many pages":         {first(1, vorbis) + strings.Repeat(last(1, 44_100), 9000) + last(1, 88_200), "audio/ogg", nil, audio(2)},
		"opus":                         {first(1, opus) + last(1, 48_480), "audio/ogg", nil, audio(1)},
		"opus shorter than its start":  {first(1, opus) + last(1, 479), "audio/ogg", nil, audio(0)},
		"a film":                       {first(1, theora) + last(1, 40<<6|10), "video/ogg", video(2), nil},
		"a film with sound":            {first(1, vorbis) + first(2, theora) + last(2, 25) + last(1, 88_200), "video/ogg", video(2), nil},
		"a film without rate":          {first(1, strings.Replace(theora, be32(1), be32(0), 1)) + last(1, 40), "video/ogg", video(0), nil},
		"of an index and sound":        {first(7, "fishead\x00"+strings.Repeat("\x00", 56)) + first(1, vorbis) + last(1, 44_100), "audio/ogg", nil, audio(1)},
		"of what nobody knows":         {first(1, "unheard-of") + last(1, 44_100), "application/ogg", nil, nil},
		"with a page that ends none":   {first(1, vorbis) + last(1, 44_100) + last(1, math.MaxUint64), "audio/ogg", nil, audio(1)},
		"with a stream from elsewhere": {first(1, vorbis) + last(1, 44_100) + last(2, 88_200), "audio/ogg", nil, audio(1)},
		"with noise behind":            {first(1, vorbis) + last(1, 44_100) + strings.Repeat("OggS noise", 1000), "audio/ogg", nil, audio(1)},
		"with much noise behind":       {first(1, vorbis) + last(1, 44_100) + strings.Repeat("noise", 20_000), "audio/ogg", nil, audio(0)},
		"with a last page that is cut": {first(1, vorbis) + last(1, 44_100) + last(1, 88_200)[:30], "audio/ogg", nil, audio(1)},
		"of the last moment":           {first(1, vorbis) + last(1, math.MaxUint64-1), "audio/ogg", nil, audio(0)},
		"without a rate":               {first(1, strings.Replace(vorbis, le32(44_100), le32(0), 1)) + last(1, 44_100), "audio/ogg", nil, audio(0)},
		"of a cut first packet":        {first(1, vorbis[:15]) + last(1, 44_100), "application/ogg", nil, nil},
		"of an empty first page":       {"OggS\x00\x02" + strings.Repeat("\x00", 21) + last(0, 44_100), "application/ogg", nil, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			result, m, err := look("application/ogg", []byte(c.file))
			is.NoErr(err)
			is.Equal(result.ContentType, c.contentType)
			is.Equal(result.Video, c.video)
			is.Equal(result.Audio, c.audio)
			is.True(m.read <= 160<<10)
		})
	}
}

func riffList(kind, content string) string { return webpChunk("LIST", kind+content) }

// aviStream is the list of headers of a stream.
func aviStream(kind string, scale, rate, start, length int) string {
	return riffList("strl", webpChunk("strh", kind+strings.Repeat("\x00", 16)+le32(scale)+le32(rate)+le32(start)+le32(length)+strings.Repeat("\x00", 20))+webpChunk("strf", "odd"))
}

func avi(chunks ...string) string {
	content := "AVI " + strings.Join(chunks, "")
	return "RIFF" + le32(len(content)) + content
}

func TestAVI(t *testing.T) {
	header := webpChunk("avih", strings.Repeat("\x00", 32)+le32(7)+le32(5)+strings.Repeat("\x00", 16))
	film, sound := aviStream("vids", 1, 25, 0, 50), aviStream("auds", 1, 8000, 0, 16_800)
	headers := func(content ...string) string { return riffList("hdrl", strings.Join(content, "")) }
	video := func(seconds float64) *media.Video { return &media.Video{Width: 7, Height: 5, Duration: seconds} }
	cases := map[string]struct {
		file  string
		video *media.Video
		audio *media.Audio
	}{
		"a film":                 {avi(headers(header, film), riffList("movi", "")), video(2), nil},
		"with sound":             {avi(headers(header, sound, film)), video(2.1), nil},
		"sound alone":            {avi(headers(header, sound)), nil, &media.Audio{Duration: 2.1}},
		"of what nobody knows":   {avi(headers(header, aviStream("txts", 1, 1, 0, 9))), nil, nil},
		"behind other chunks":    {avi(webpChunk("JUNK", "odd"), headers(header, film)), video(2), nil},
		"that begins late":       {avi(headers(header, aviStream("vids", 1, 25, 50, 50))), video(4), nil},
		"without a rate":         {avi(headers(header, aviStream("vids", 1, 0, 0, 50))), video(0), nil},
		"of the longest numbers": {avi(headers(header, aviStream("vids", math.MaxUint32, 1, math.MaxUint32, math.MaxUint32))), video(0), nil},
		"without a size":         {avi(headers(film)), &media.Video{Duration: 2}, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			result, _, err := look("video/x-msvideo", []byte(c.file))
			is.NoErr(err)
			is.Equal(result.ContentType, "video/x-msvideo")
			is.Equal(result.Video, c.video)
			is.Equal(result.Audio, c.audio)
		})
	}
}

func TestWhatIsNoContainerFails(t *testing.T) {
	segment := func(content ...string) string {
		return ebmlElement("\x1a\x45\xdf\xa3") + ebmlElement("\x18\x53\x80\x67", content...)
	}
	tracks := "\x16\x54\xae\x6b"
	cases := []struct{ name, contentType, file string }{
		{"avi of another form", "video/x-msvideo", "RIFF\x00\x00\x00\x00AVIXLIST"},
		{"avi of another family", "video/x-msvideo", "RIFX\x00\x00\x00\x00AVI LIST"},
		{"avi without headers", "video/x-msvideo", avi(riffList("movi", ""))},
		{"avi without streams", "video/x-msvideo", avi(riffList("hdrl", ""))},
		{"avi of a list beyond the file", "video/x-msvideo", avi("LIST\xff\xff\xff\xffhdrl")},
		{"avi of a stream beyond the headers", "video/x-msvideo", avi(riffList("hdrl", "LIST\xff\xff\xff\xffstrl"), strings.Repeat("x", 100))},
		{"avi of a short stream header", "video/x-msvideo", avi(riffList("hdrl", riffList("strl", webpChunk("strh", "vids"))))},
		{"avi of a short header", "video/x-msvideo", avi(riffList("hdrl", webpChunk("avih", "")))},
		{"avi of an empty list", "video/x-msvideo", avi(webpChunk("LIST", ""))},
		{"avi of empty chunks", "video/x-msvideo", avi(strings.Repeat(webpChunk("JUNK", ""), 100_000))},
		{"ogg of another version", "application/ogg", strings.Replace(oggPage(true, 1, 0, "x"), "OggS\x00", "OggS\x01", 1)},
		{"ogg of first pages only", "application/ogg", oggPage(true, 1, 0, "x") + oggPage(true, 2, 0, "x")},
		{"ogg of a page that is cut", "application/ogg", "OggS\x00\x02" + strings.Repeat("\x00", 20) + "\xff"},
		{"ogg of noise behind the first page", "application/ogg", oggPage(true, 1, 0, "x") + strings.Repeat("noise", 100)},
		{"matroska without a segment", "video/matroska", ebmlElement("\x1a\x45\xdf\xa3")},
		{"matroska without tracks", "video/matroska", segment(ebmlElement("\x15\x49\xa9\x66"))},
		{"matroska of tracks that are cut", "video/matroska", segment(tracks + "\x84xxx")},
		{"matroska of a track without its end", "video/matroska", segment(ebmlElement(tracks, "\xae\x84\x83\x88xxxxxxxx"))},
		{"matroska of noise", "video/matroska", segment(strings.Repeat("\x00", 100))},
		{"matroska of empty elements", "video/matroska", segment(strings.Repeat("\xec\x80", 100_000), ebmlElement(tracks))},
		{"matroska of elements far from each other", "video/matroska", segment(strings.Repeat("\xec\x42\x58"+strings.Repeat("x", 600), 4*mib/603), ebmlElement(tracks))},
		{"matroska of 100000 tracks", "video/matroska", segment(ebmlElement(tracks, strings.Repeat("\xae\x84\xe0\x82\xb0\x80", 100_000)))},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			content := []byte(c.file)
			var m *meter
			var err error
			allocated := allocates(func() { _, m, err = look(c.contentType, content) })
			is.True(isUnreadableRecording(err))
			is.True(m.read <= mib)
			is.True(allocated <= mib)
		})
	}
}
