package processing_test

import (
	"math"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/processing"
)

// mp3Frame is a frame of MPEG-1 layer III of 44100 samples per second, mono,
// with what stands where its data begin. The index tells the bitrate.
func mp3Frame(bitrate int, data string) string {
	kilobits := []int{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}[bitrate]
	frame := "\xff\xfb" + string([]byte{byte(bitrate << 4), 0xc0}) + strings.Repeat("\x00", 17) + data
	return frame + strings.Repeat("\x00", 144*kilobits*1000/44100-len(frame))
}

// id3 is a tag with a content.
func id3(content string) string {
	n := len(content)
	return "ID3\x04\x00\x00" + string([]byte{byte(n >> 21 & 127), byte(n >> 14 & 127), byte(n >> 7 & 127), byte(n & 127)}) + content
}

// adts is a frame of AAC of 44100 samples per second and of that size.
func adts(size int) string {
	return "\xff\xf1\x50" + string([]byte{0x80 | byte(size>>11), byte(size >> 3), byte(size<<5) | 0x1f, 0xfc}) + strings.Repeat("\x00", size-7)
}

func TestMP3(t *testing.T) {
	const frame = 1152 / 44100.0
	even := strings.Repeat(mp3Frame(9, ""), 100)
	info := mp3Frame(9, "Info"+be32(3)+be32(1000)+be32(12345))
	vbri := mp3Frame(9, strings.Repeat("\x00", 15)+"VBRI\x00\x01\x00\x00\x00\x00"+be32(12345)+be32(1000))
	uneven := strings.Repeat(mp3Frame(9, "")+mp3Frame(5, ""), 100)
	seconds := float64(len(even)) * 8 / 128_000
	cases := map[string]struct {
		file string
		want float64
	}{
		"of one bitrate":            {even, seconds},
		"behind a tag":              {id3("title") + even, seconds},
		"behind two tags":           {id3("title") + id3(strings.Repeat("x", 5000)) + even, seconds},
		"behind a tag with a foot":  {"ID3\x04\x00\x10\x00\x00\x00\x05title" + strings.Repeat("3", 10) + even, seconds},
		"behind a large picture":    {id3(strings.Repeat("\xff\xfb\x90\xc0", 500_000)) + even, seconds},
		"behind padding":            {id3("title") + strings.Repeat("\x00", 3000) + even, seconds},
		"behind what is no frame":   {"\xff\xfb\x90\xc0 and more" + even, seconds},
		"before a tag":              {even + "TAG" + strings.Repeat("x", 125), seconds},
		"before a newer tag":        {even + "APETAGEX\xd0\x07\x00\x00" + le32(32+8) + strings.Repeat("\x00", 3) + "\x80" + strings.Repeat("\x00", 8) + "APE item" + "APETAGEX\xd0\x07\x00\x00" + le32(32+8) + strings.Repeat("\x00", 7) + "\x80" + strings.Repeat("\x00", 8), seconds},
		"that counts its frames":    {info + even, 1000 * frame},
		"that counts them in Xing":  {strings.Replace(info, "Info", "Xing", 1) + even, 1000 * frame},
		"that counts them in VBRI":  {vbri + even, 1000 * frame},
		"that counts nothing":       {strings.Replace(info, "Info\x00\x00\x00\x03", "Info\x00\x00\x00\x02", 1) + even, seconds + frame},
		"that counts to none":       {mp3Frame(9, "Info"+be32(1)+be32(0)) + even, seconds + frame},
		"that counts for weeks":     {mp3Frame(9, "Info"+be32(1)+be32(math.MaxUint32)) + even, 0},
		"of bitrates in turn":       {uneven, 200 * frame},
		"of bitrates, and cut":      {uneven[:len(uneven)-1], 199 * frame},
		"of bitrates, and too long": {strings.Repeat(uneven, 50), 0},
		"of one frame":              {mp3Frame(9, ""), frame},
		"without a frame":           {id3("title"), 0},
		"of a tag beyond the file":  {"ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + even, 0},
		"of noise behind a tag":     {id3("title") + strings.Repeat("noise", 50_000), 0},
		"of many beginnings":        {id3("title") + strings.Repeat("\xff\xfb\x90\x00", 50_000), 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			result, m, err := look("audio/mpeg", []byte(c.file))
			is.NoErr(err)
			is.Equal(result.ContentType, "audio/mpeg")
			if math.Abs(result.Audio.Duration-c.want) > 0.001 {
				t.Errorf("%v is not %v", result.Audio.Duration, c.want)
			}
			is.True(m.read <= mib)
		})
	}
}

func TestWhatATagStandsBeforeDecides(t *testing.T) {
	flac := avSample{}
	for _, s := range avSamples(t, "audio/flac") {
		if s.name == "flac.flac" {
			flac = s
		}
	}
	cases := map[string]struct {
		file, want string
		duration   float64
	}{
		"flac":     {id3("title") + string(flac.bytes), "audio/flac", 1.5},
		"aac":      {id3("title") + strings.Repeat(adts(100), 441), "audio/aac", 10.24},
		"cut flac": {id3("title") + "fLaC", "", 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			is.Equal(processing.Sniff([]byte(c.file)), "audio/mpeg")
			result, _, err := look("audio/mpeg", []byte(c.file))
			is.Equal(isUnreadableRecording(err), c.want == "")
			is.Equal(result.ContentType, c.want)
			if c.want != "" {
				is.Equal(result.Audio.Duration, c.duration)
			}
		})
	}
}

func TestADTS(t *testing.T) {
	frames := strings.Repeat(adts(100), 441)
	cases := map[string]struct {
		file string
		want float64
	}{
		"frames":                 {frames, 10.24},
		"behind junk":            {"junk" + frames, 10.24},
		"cut":                    {frames[:len(frames)-1], 10.24 - 1024/44100.0},
		"of four blocks each":    {strings.Repeat("\xff\xf1\x50\x80\x01\x1f\xff\x00", 441), 40.96},
		"of another rate":        {frames + strings.Repeat("\xff\xf1\x4c\x80\x0c\x9f\xfc"+strings.Repeat("\x00", 93), 10), 10.24},
		"of a rate that is none": {strings.Repeat("\xff\xf1\x7c\x80\x0c\x9f\xfc"+strings.Repeat("\x00", 93), 10), 0},
		"of size zero":           {strings.Repeat("\xff\xf1\x50\x80\x00\x1f\xfc", 10), 0},
		"before something else":  {frames + strings.Repeat("x", 9000), 0},
		"too many":               {strings.Repeat(frames, 10), 0},
		"too much":               {strings.Repeat(adts(8000), 3000), 0},
		"nothing":                {"\xff\xf1", 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			result, m, err := look("audio/aac", []byte(c.file))
			is.NoErr(err)
			if math.Abs(result.Audio.Duration-c.want) > 0.001 {
				t.Errorf("%v is not %v", result.Audio.Duration, c.want)
			}
			is.True(m.read <= mib)
		})
	}
}

func wav(form string, chunks ...string) string {
	return form + le32(math.MaxUint32) + "WAVE" + strings.Join(chunks, "")
}

func format(coding, rate, byteRate int) string {
	return webpChunk("fmt ", le16(coding)+le16(1)+le32(rate)+le32(byteRate)+le16(1)+le16(8))
}

func TestWAV(t *testing.T) {
	pcm, data := format(1, 8000, 8000), webpChunk("data", strings.Repeat("x", 12_000))
	open := func(size int) string { return "data" + le32(size) + strings.Repeat("x", 12_000) }
	ds64 := func(data int, samples int) string {
		return webpChunk("ds64", le32(0)+le32(0)+le32(data)+le32(0)+le32(samples)+le32(0)+le32(0))
	}
	cases := map[string]struct {
		file string
		want float64
	}{
		"pcm":                            {wav("RIFF", pcm, data), 1.5},
		"with other chunks":              {wav("RIFF", webpChunk("LIST", "odd"), pcm, webpChunk("fact", le32(1)), data), 1.5},
		"with chunks behind":             {wav("RIFF", pcm, data, webpChunk("LIST", strings.Repeat("x", 10_000))), 1.5},
		"float":                          {wav("RIFF", format(3, 8000, 32_000), data), 0.375},
		"of any kind":                    {wav("RIFF", format(0xfffe, 8000, 8000), data), 1.5},
		"sent while it was made":         {wav("RIFF", pcm, open(0)), 1.5},
		"sent while it was made, too":    {wav("RIFF", pcm, open(math.MaxUint32)), 1.5},
		"of data beyond the file":        {wav("RIFF", pcm, open(1<<31)), 1.5},
		"coded":                          {wav("RIFF", format(2, 8000, 4000), webpChunk("fact", le32(23_500)), data), 2.938},
		"coded, without a count":         {wav("RIFF", format(2, 8000, 4000), data), 3},
		"coded, of two opinions":         {wav("RIFF", format(2, 8000, 4000), webpChunk("fact", le32(math.MaxUint32)), data), 0},
		"without a rate":                 {wav("RIFF", format(1, 0, 0), data), 0},
		"wide":                           {wav("RF64", ds64(12_000, 12_000), pcm, open(math.MaxUint32)), 1.5},
		"wide, with chunks behind":       {wav("RF64", ds64(12_000, 12_000), pcm, open(math.MaxUint32), webpChunk("LIST", strings.Repeat("x", 10_000))), 1.5},
		"wide, in another spelling":      {wav("BW64", ds64(12_000, 12_000), pcm, open(math.MaxUint32)), 1.5},
		"wide without need":              {wav("RF64", ds64(1, 1), pcm, data), 1.5},
		"wide, of data beyond the file":  {wav("RF64", webpChunk("ds64", strings.Repeat("\xff", 28)), pcm, open(math.MaxUint32)), 1.5},
		"not wide, with a chunk of that": {wav("RIFF", ds64(1, 1), pcm, open(math.MaxUint32)), 1.5},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			result, _, err := look("audio/wav", []byte(c.file))
			is.NoErr(err)
			is.Equal(result.Audio.Duration, c.want)
		})
	}
}

func TestAIFF(t *testing.T) {
	common := func(frames int, rate string) string {
		return "COMM" + be32(18) + be16(1) + be32(frames) + be16(8) + rate
	}
	const rate8000, rate44100 = "\x40\x0b\xfa\x00\x00\x00\x00\x00\x00\x00", "\x40\x0e\xac\x44\x00\x00\x00\x00\x00\x00"
	cases := map[string]struct {
		file string
		want float64
	}{
		"aiff":                  {"FORM\x00\x00\x00\x00AIFF" + common(12_000, rate8000), 1.5},
		"aifc":                  {"FORM\x00\x00\x00\x00AIFC" + "FVER" + be32(4) + "date" + common(12_000, rate8000), 1.5},
		"of another rate":       {"FORM\x00\x00\x00\x00AIFF" + common(88_200, rate44100), 2},
		"behind an odd chunk":   {"FORM\x00\x00\x00\x00AIFF" + "NAME" + be32(3) + "odd\x00" + common(12_000, rate8000), 1.5},
		"of no rate":            {"FORM\x00\x00\x00\x00AIFF" + common(12_000, strings.Repeat("\x00", 10)), 0},
		"of a negative rate":    {"FORM\x00\x00\x00\x00AIFF" + common(12_000, "\xc0"+rate8000[1:]), 0},
		"of a rate of infinity": {"FORM\x00\x00\x00\x00AIFF" + common(12_000, "\x7f\xff"+rate8000[2:]), 0},
		"of no frames":          {"FORM\x00\x00\x00\x00AIFF" + common(0, rate8000), 0},
		"of nothing at all":     {"FORM\x00\x00\x00\x00AIFF" + common(0, strings.Repeat("\x00", 10)), 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			result, _, err := look("audio/aiff", []byte(c.file))
			is.NoErr(err)
			is.Equal(result.Audio.Duration, c.want)
		})
	}
}

func TestWhatIsNoRecordingFails(t *testing.T) {
	cases := []struct{ name, contentType, file string }{
		{"wav of another form", "audio/wav", strings.Replace(wav("RIFF", format(1, 8000, 8000), webpChunk("data", "x")), "WAVE", "WAVX", 1)},
		{"wav of another family", "audio/wav", wav("RIFX", format(1, 8000, 8000), webpChunk("data", "x"))},
		{"wav without data", "audio/wav", wav("RIFF", format(1, 8000, 8000))},
		{"wav without a format", "audio/wav", wav("RIFF", webpChunk("data", "x"), format(1, 8000, 8000))},
		{"wav of empty chunks", "audio/wav", wav("RIFF", strings.Repeat(webpChunk("LIST", ""), 100_000))},
		{"wav of a chunk of 4 GiB", "audio/wav", wav("RIFF", "LIST\xff\xff\xff\xff", format(1, 8000, 8000), webpChunk("data", "x"))},
		{"wav of a cut format", "audio/wav", wav("RIFF", "fmt \x10\x00\x00\x00\x01\x00")},
		{"aiff of another form", "audio/aiff", "FORM\x00\x00\x00\x00AIGF" + strings.Repeat("x", 100)},
		{"aiff of another family", "audio/aiff", "FROM\x00\x00\x00\x00AIFF" + strings.Repeat("x", 100)},
		{"aiff without frames", "audio/aiff", "FORM\x00\x00\x00\x00AIFFSSND" + be32(4) + "data"},
		{"aiff of a chunk of 4 GiB", "audio/aiff", "FORM\x00\x00\x00\x00AIFFSSND\xff\xff\xff\xff" + strings.Repeat("x", 100)},
		{"aiff of empty chunks", "audio/aiff", "FORM\x00\x00\x00\x00AIFF" + strings.Repeat("NAME\x00\x00\x00\x00", 100_000)},
		{"flac of another first block", "audio/flac", "fLaC\x04\x00\x00\x22" + strings.Repeat("x", 34)},
		{"flac of a longer first block", "audio/flac", "fLaC\x00\x00\x00\x23" + strings.Repeat("x", 35)},
		{"flac of a first block of 16 MiB", "audio/flac", "fLaC\x00\xff\xff\x22" + strings.Repeat("x", 35)},
		{"flac of another sign", "audio/flac", "fLaX\x00\x00\x00\x22" + strings.Repeat("x", 34)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			_, m, err := look(c.contentType, []byte(c.file))
			is.True(isUnreadableRecording(err))
			is.True(m.read <= mib)
		})
	}
}
