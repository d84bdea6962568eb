package processing_test

import (
	"testing"

	"github.com/weegloo/weegloo/processing"
)

// avFormats are the types whose readers a fuzzer may choose.
var avFormats = []string{
	"video/mp4", "video/matroska", "video/x-msvideo", "application/ogg", "audio/mpeg", "audio/aac", "audio/wav",
	"audio/aiff", "audio/flac", "image/heif", "video/mp2t",
}

// FuzzRecordings: whatever the bytes, reading them ends, within the budgets, in
// numbers that can be believed or in a Failure.
func FuzzRecordings(f *testing.F) {
	for _, s := range avSamples(f, "/") {
		for i, format := range avFormats {
			if len(s.bytes) < 8<<10 && s.reader() == format {
				f.Add(uint8(i), s.bytes)
			}
		}
	}
	f.Fuzz(func(t *testing.T, format uint8, bytes []byte) {
		checkRecording(t, avFormats[int(format)%len(avFormats)], bytes)
	})
}

// reader is the one of avFormats that is read by the same reader.
func (s avSample) reader() string {
	switch s.contentType {
	case "video/3gpp", "video/quicktime", "audio/mp4":
		return "video/mp4"
	case "video/webm", "audio/webm", "audio/matroska":
		return "video/matroska"
	case "audio/ogg", "video/ogg":
		return "application/ogg"
	case "image/heic", "image/avif":
		return "image/heif"
	}
	return s.contentType
}

// checkRecording fails the test if what is said of bytes cannot be, or is
// found out at too high a price.
func checkRecording(t *testing.T, contentType string, bytes []byte) {
	t.Helper()
	var m *meter
	var result processing.Result
	var err error
	allocated := allocates(func() { result, m, err = look(contentType, bytes) })
	if m.read > mib || allocated > mib {
		t.Errorf("%d bytes were read and %d allocated", m.read, allocated)
	}
	if err != nil {
		if !isUnreadableRecording(err) {
			t.Error(err)
		}
		return
	}
	for _, wrong := range unbelievable(result) {
		t.Error(wrong)
	}
}

// unbelievable is what of a result cannot be.
func unbelievable(result processing.Result) (wrong []any) {
	duration := func(d float64) bool { return d == 0 || d > 0 && d <= 366*24*60*60 }
	side := func(n int) bool { return 1 <= n && n <= 1_000_000 }
	if v := result.Video; v != nil && (!duration(v.Duration) || !(side(v.Width) && side(v.Height) || v.Width == 0 && v.Height == 0)) {
		wrong = append(wrong, *v)
	}
	if a := result.Audio; a != nil && !duration(a.Duration) {
		wrong = append(wrong, *a)
	}
	if i := result.Image; i != nil && (!side(i.Width) || !side(i.Height)) {
		wrong = append(wrong, *i)
	}
	if result.Video != nil && result.Audio != nil {
		wrong = append(wrong, "a film and a recording")
	}
	return wrong
}
