package processing

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/media"
)

func TestDurationsAreBelievedInReason(t *testing.T) {
	const year = 366 * 24 * 60 * 60
	cases := map[string]struct{ said, want float64 }{
		"whole":                  {2, 2},
		"of milliseconds":        {1.234, 1.234},
		"of more than those":     {1.23456, 1.235},
		"a millisecond":          {0.001, 0.001},
		"half of one":            {0.0005, 0.001},
		"less":                   {0.0004, 0},
		"none":                   {0, 0},
		"negative":               {-1, 0},
		"a year":                 {year, year},
		"more":                   {year + 0.001, 0},
		"infinite":               {math.Inf(1), 0},
		"infinite and negative":  {math.Inf(-1), 0},
		"nothing of a number":    {math.NaN(), 0},
		"the largest there is":   {math.MaxFloat64, 0},
		"the smallest there is":  {math.SmallestNonzeroFloat64, 0},
		"a third":                {1.0 / 3, 0.333},
		"two thirds":             {2.0 / 3, 0.667},
		"of a film on one frame": {1001.0 / 30000, 0.033},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { is.New(t).Equal(believed(c.said), c.want) })
	}
}

func TestSeconds(t *testing.T) {
	is := is.New(t)
	is.Equal(seconds(3, 2), 1.5)
	is.Equal(seconds(0, 2), 0.0)
	is.Equal(seconds(3, 0), 0.0)
	is.Equal(seconds(math.MaxUint64, 1), float64(math.MaxUint64))
}

func TestAgreementAllowsForRounding(t *testing.T) {
	cases := []struct {
		a, b float64
		want bool
	}{
		{0, 0, true}, {0, 1, true}, {0, 1.2, false}, {10, 10, true}, {10, 12.2, true}, {10, 12.3, false},
		{12.2, 10, true}, {12.3, 10, false}, {1000, 1100, true}, {1000, 1200, false}, {1, 1e9, false},
	}
	for _, c := range cases {
		is.New(t).Equal(agree(c.a, c.b), c.want)
	}
}

func TestARecordingIsAFilmOrSoundOrNeither(t *testing.T) {
	cases := map[string]struct {
		said recording
		want Result
	}{
		"film":               {recording{film: true, width: 7, height: 5, duration: 2}, Result{Video: &media.Video{Width: 7, Height: 5, Duration: 2}}},
		"film with sound":    {recording{film: true, sound: true, width: 7, height: 5}, Result{Video: &media.Video{Width: 7, Height: 5}}},
		"film without sizes": {recording{film: true, duration: 2}, Result{Video: &media.Video{Duration: 2}}},
		"film of one side":   {recording{film: true, width: 7}, Result{Video: &media.Video{}}},
		"film of the largest": {
			recording{film: true, width: maxSide, height: maxSide}, Result{Video: &media.Video{Width: maxSide, Height: maxSide}},
		},
		"film of more":       {recording{film: true, width: maxSide + 1, height: 1}, Result{Video: &media.Video{}}},
		"film of less":       {recording{film: true, width: -7, height: -5}, Result{Video: &media.Video{}}},
		"sound":              {recording{sound: true, duration: 2, contentType: "audio/ogg"}, Result{Audio: &media.Audio{Duration: 2}, ContentType: "audio/ogg"}},
		"sound of a size":    {recording{sound: true, width: 7, height: 5}, Result{Audio: &media.Audio{}}},
		"neither":            {recording{duration: 2, width: 7, height: 5}, Result{}},
		"neither, of a kind": {recording{contentType: "video/mp4"}, Result{ContentType: "video/mp4"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { is.New(t).Equal(c.said.result(), c.want) })
	}
}

func TestFramesOfMPEGAudio(t *testing.T) {
	cases := map[string]struct {
		header  string
		size    int64
		rate    uint64
		samples uint64
		bitrate int64
		sideEnd int
	}{
		"1, layer III, 128 kbit/s, 44.1 kHz":    {"\xff\xfb\x90\x00", 417, 44100, 1152, 128_000, 36},
		"the same, padded":                      {"\xff\xfb\x92\x00", 418, 44100, 1152, 128_000, 36},
		"the same, with a checksum":             {"\xff\xfa\x90\x00", 417, 44100, 1152, 128_000, 36},
		"the same, mono":                        {"\xff\xfb\x90\xc0", 417, 44100, 1152, 128_000, 21},
		"1, layer III, 320 kbit/s, 48 kHz":      {"\xff\xfb\xe4\x00", 960, 48000, 1152, 320_000, 36},
		"1, layer III, 32 kbit/s, 32 kHz":       {"\xff\xfb\x18\x00", 144, 32000, 1152, 32_000, 36},
		"2, layer III, 64 kbit/s, 22.05 kHz":    {"\xff\xf3\x80\x00", 208, 22050, 576, 64_000, 21},
		"2, layer III, 160 kbit/s, 24 kHz mono": {"\xff\xf3\xe4\xc0", 480, 24000, 576, 160_000, 13},
		"2.5, layer III, 8 kbit/s, 8 kHz":       {"\xff\xe3\x18\xc0", 72, 8000, 576, 8_000, 13},
		"2.5, layer III, 8 kbit/s, 11.025 kHz":  {"\xff\xe3\x10\xc0", 52, 11025, 576, 8_000, 13},
		"1, layer II, 192 kbit/s, 44.1 kHz":     {"\xff\xfd\xa0\x00", 626, 44100, 1152, 192_000, 0},
		"2, layer II, 64 kbit/s, 22.05 kHz":     {"\xff\xf5\x80\x00", 417, 22050, 1152, 64_000, 0},
		"1, layer I, 384 kbit/s, 44.1 kHz":      {"\xff\xff\xc0\x00", 416, 44100, 384, 384_000, 0},
		"1, layer I, 32 kbit/s, 32 kHz, padded": {"\xff\xff\x1a\x00", 52, 32000, 384, 32_000, 0},
		"2, layer I, 256 kbit/s, 24 kHz":        {"\xff\xf7\xe4\x00", 512, 24000, 384, 256_000, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			f, ok := mp3Header([]byte(c.header))
			is.True(ok)
			is.Equal(f.size, c.size)
			is.Equal(f.rate, c.rate)
			is.Equal(f.samples, c.samples)
			is.Equal(f.bitrate, c.bitrate)
			is.Equal(f.sideEnd, c.sideEnd)
		})
	}
}

func TestWhatIsNoFrame(t *testing.T) {
	mp3s := map[string]string{
		"nothing": "", "short": "\xff\xfb\x90", "no sync": "\xfe\xfb\x90\x00", "half a sync": "\xff\xdb\x90\x00", "reserved version": "\xff\xeb\x90\x00",
		"reserved layer": "\xff\xf9\x90\x00", "reserved rate": "\xff\xfb\x9c\x00", "free bitrate": "\xff\xfb\x00\x00", "reserved bitrate": "\xff\xfb\xf0\x00",
	}
	for name, header := range mp3s {
		t.Run("mp3 "+name, func(t *testing.T) {
			_, ok := mp3Header([]byte(header))
			is.New(t).True(!ok)
		})
	}
	aacs := map[string]string{
		"nothing": "", "short": "\xff\xf1\x50\x80\x0c\x9f", "no sync": "\xfe\xf1\x50\x80\x0c\x9f\xfc", "a layer": "\xff\xf3\x50\x80\x0c\x9f\xfc",
		"half a sync": "\xff\xe1\x50\x80\x0c\x9f\xfc", "reserved rate": "\xff\xf1\x74\x80\x0c\x9f\xfc", "size of six": "\xff\xf1\x50\x80\x00\xdf\xfc",
	}
	for name, header := range aacs {
		t.Run("aac "+name, func(t *testing.T) {
			_, ok := adtsHeader([]byte(header))
			is.New(t).True(!ok)
		})
	}
}

func TestFramesOfADTS(t *testing.T) {
	cases := map[string]struct {
		header  string
		size    int64
		rate    uint64
		samples uint64
	}{
		"44.1 kHz":            {"\xff\xf1\x50\x80\x0c\x9f\xfc", 100, 44100, 1024},
		"with a checksum":     {"\xff\xf0\x50\x80\x0c\x9f\xfc", 100, 44100, 1024},
		"of MPEG-2":           {"\xff\xf9\x50\x80\x0c\x9f\xfc", 100, 44100, 1024},
		"48 kHz":              {"\xff\xf1\x4c\x80\x0c\x9f\xfc", 100, 48000, 1024},
		"96 kHz":              {"\xff\xf1\x40\x80\x0c\x9f\xfc", 100, 96000, 1024},
		"7350 Hz":             {"\xff\xf1\x70\x80\x0c\x9f\xfc", 100, 7350, 1024},
		"the smallest":        {"\xff\xf1\x50\x80\x00\xff\xfc", 7, 44100, 1024},
		"the largest":         {"\xff\xf1\x50\x83\xff\xff\xfc", 8191, 44100, 1024},
		"of four blocks":      {"\xff\xf1\x50\x80\x0c\x9f\xff", 100, 44100, 4096},
		"followed by the AAC": {"\xff\xf1\x50\x80\x0c\x9f\xfcAAC", 100, 44100, 1024},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			f, ok := adtsHeader([]byte(c.header))
			is.True(ok)
			is.Equal(f.size, c.size)
			is.Equal(f.rate, c.rate)
			is.Equal(f.samples, c.samples)
		})
	}
}

func TestNumbersOf80Bits(t *testing.T) {
	for bits, want := range map[string]float64{
		"\x40\x0e\xac\x44\x00\x00\x00\x00\x00\x00": 44100,
		"\x40\x0e\xbb\x80\x00\x00\x00\x00\x00\x00": 48000,
		"\x40\x0b\xfa\x00\x00\x00\x00\x00\x00\x00": 8000,
		"\x40\x0d\xac\x44\x00\x00\x00\x00\x00\x00": 22050,
		"\x3f\xff\x80\x00\x00\x00\x00\x00\x00\x00": 1,
		"\x3f\xfe\x80\x00\x00\x00\x00\x00\x00\x00": 0.5,
		"\xbf\xff\x80\x00\x00\x00\x00\x00\x00\x00": -1,
		"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00": 0,
		"\x7f\xff\x80\x00\x00\x00\x00\x00\x00\x00": math.Inf(1),
	} {
		is.New(t).Equal(extended([]byte(bits)), want)
	}
}

func TestNumbersOfBoxes(t *testing.T) {
	is := is.New(t)
	all, big := []byte(strings.Repeat("\xff", 8)), []byte("\xff\xff\xff\xff\x00\x00\x00\x00")
	is.Equal(known(all, false), uint64(0))
	is.Equal(known(all, true), uint64(0))
	is.Equal(known(big, false), uint64(0))
	is.Equal(known(big, true), binary.BigEndian.Uint64(big))
	is.Equal(known([]byte("\x00\x00\x00\x07"), false), uint64(7))
	for fixed, want := range map[string]int64{
		"\x00\x07\x00\x00": 7, "\x00\x07\x7f\xff": 7, "\x00\x07\x80\x00": 8, "\xff\xff\xff\xff": 65536, "\x00\x00\x00\x00": 0,
	} {
		is.Equal(rounded([]byte(fixed)), want)
	}
}

func TestSpansGrow(t *testing.T) {
	is := is.New(t)
	var s span
	s.include(5, 6)
	is.Equal(s, span{5, 6, true})
	s.include(7, 8)
	is.Equal(s, span{5, 8, true})
	s.include(1, 2)
	is.Equal(s, span{1, 8, true})
	s.include(3, 4)
	is.Equal(s, span{1, 8, true})
}

// TestBitratesOfMPEGAudio has the tables of ISO 11172-3 and 13818-3 once more,
// as kilobits by index.
func TestBitratesOfMPEGAudio(t *testing.T) {
	const version1, version2 = 0xf8, 0xf0
	const layer1, layer2, layer3 = 6, 4, 2
	cases := map[string]struct {
		second byte // of the header
		want   []int64
	}{
		"version 1, layer I":   {version1 | layer1, []int64{32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448}},
		"version 1, layer II":  {version1 | layer2, []int64{32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384}},
		"version 1, layer III": {version1 | layer3, []int64{32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}},
		"version 2, layer I":   {version2 | layer1, []int64{32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256}},
		"version 2, layer II":  {version2 | layer2, []int64{8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}},
		"version 2, layer III": {version2 | layer3, []int64{8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			for i, kilobits := range c.want {
				f, ok := mp3Header([]byte{0xff, c.second, byte(i+1) << 4, 0})
				is.True(ok)
				is.Equal(f.bitrate, kilobits*1000)
			}
		})
	}
}

func TestRatesOfADTS(t *testing.T) {
	is := is.New(t)
	want := []uint64{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350, 0, 0, 0}
	for i, rate := range want {
		f, ok := adtsHeader([]byte{0xff, 0xf1, 0x40 | byte(i)<<2, 0x80, 0x0c, 0x9f, 0xfc})
		is.Equal(f.rate, rate)
		is.Equal(ok, rate != 0)
	}
}
