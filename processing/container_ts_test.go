package processing_test

import (
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/processing"
)

// tsPacket is a packet of a stream in which something begins.
func tsPacket(stream int, payload string) string {
	head := "G" + be16(0x4000|stream) + "\x10" + payload
	return head + strings.Repeat("\xff", 188-len(head))
}

// tsTable is a table with a content.
func tsTable(content string) string {
	return "\x00" + "\x02" + be16(0xb000|len(content)+9) + "\x00\x01\xc1\x00\x00" + content + "\xff\xff\xff\xff"
}

// tsStart names stream 256 as the table of one film, stream 257, and of sound,
// stream 258.
func tsStart(codings ...byte) string {
	streams := ""
	for i, c := range codings {
		streams += string([]byte{c}) + be16(0xe000|257+i) + be16(0xf000)
	}
	return tsPacket(0, tsTable(be16(1)+be16(0xe100))) + tsPacket(256, tsTable(be16(0xe101)+be16(0xf000)+streams))
}

// tsPicture begins at a time, in ticks.
func tsPicture(stream, time int) string {
	stamp := string([]byte{0x21 | byte(time>>29&0xe)}) + be16(time>>14|1) + be16(time<<1|1)
	return tsPacket(stream, "\x00\x00\x01\xe0\x00\x00\x80\x80\x05"+stamp+"picture")
}

func TestTransportStreams(t *testing.T) {
	const second = 90_000
	start := tsStart(0x1b, 0x0f)
	film := func(seconds float64) *media.Video { return &media.Video{Duration: seconds} }
	cases := map[string]struct {
		file  string
		video *media.Video
		audio *media.Audio
	}{
		"a film":                       {start + tsPicture(257, second) + tsPicture(257, 3*second), film(2), nil},
		"out of order":                 {start + tsPicture(257, 3*second) + tsPicture(257, second) + tsPicture(257, 2*second), film(2), nil},
		"over the end of the clock":    {start + tsPicture(257, 1<<33-second) + strings.Repeat(tsPicture(300, 0), 1000) + tsPicture(257, second), film(2), nil},
		"with sound that is longer":    {start + tsPicture(257, second) + tsPicture(258, 4*second), film(3), nil},
		"sound":                        {tsStart(0x03) + tsPicture(257, second) + tsPicture(257, 3*second), nil, &media.Audio{Duration: 2}},
		"text":                         {tsStart(0x06) + tsPicture(257, second) + tsPicture(257, 3*second), nil, nil},
		"of what nobody knows":         {strings.Repeat(tsPicture(257, second), 4), nil, nil},
		"of one picture":               {start + tsPicture(257, second), film(0), nil},
		"of a long film":               {start + tsPicture(257, second) + strings.Repeat(tsPicture(300, 0), 20_000) + tsPicture(257, 3601*second), film(3600), nil},
		"out of step":                  {start + tsPicture(257, second) + "noise" + tsPicture(257, 2*second), film(0), nil},
		"with extra fields":            {start + tsPicture(257, second) + "G" + be16(0x4101) + "\x30\xff" + strings.Repeat("x", 183) + tsPicture(257, 3*second), film(2), nil},
		"with a table beyond a packet": {tsPacket(0, "\xff"+tsTable(be16(1)+be16(0xe100))) + start + tsPicture(257, second) + tsPicture(257, 3*second), film(2), nil},
		"with a table that is longer":  {tsPacket(0, "\x00\x00\xbf\xff\x00\x01\xc1\x00\x00"+strings.Repeat("\x00\x01\xe1\x00", 40)) + start + tsPicture(257, second) + tsPicture(257, 3*second), film(2), nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			result, m, err := look("video/mp2t", []byte(c.file))
			is.NoErr(err)
			is.Equal(result.ContentType, "video/mp2t")
			is.Equal(result.Video, c.video)
			is.Equal(result.Audio, c.audio)
			is.True(m.read <= 300<<10)
		})
	}
}

func TestATransportStreamIsKnownByItsPackets(t *testing.T) {
	is := is.New(t)
	stream := tsStart(0x1b) + strings.Repeat(tsPicture(257, 0), 30)
	is.Equal(processing.Sniff([]byte(stream)), "video/mp2t")
	is.Equal(processing.Sniff([]byte(stream[:4*188])), "video/mp2t")
	is.Equal(processing.Sniff([]byte(stream[:4*188-1])), "application/octet-stream")
	is.Equal(processing.Sniff([]byte(stream[1:])), "application/octet-stream")
	is.Equal(processing.Sniff([]byte(stream[:1880]+"x"+stream[1881:])), "application/octet-stream")
	is.Equal(processing.Sniff([]byte(strings.Repeat("G is a letter.\n", 500))), "text/plain")
}
