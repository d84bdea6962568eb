package processing_test

import (
	"fmt"
	"testing"
)

// hostileWords are numbers that lengths, counts and offsets are replaced by.
var hostileWords = []string{
	"\x00\x00\x00\x00", "\x00\x00\x00\x01", "\x7f\xff\xff\xff", "\x80\x00\x00\x00", "\xff\xff\xff\xff", "\xff\xff\xff\x7f",
}

// TestNoNumberOfAFileIsBelieved puts a hostile number into every place of
// every sample, a few bytes apart: whatever it was before, what comes out can
// be believed, or is a Failure, and costs no more than it may.
func TestNoNumberOfAFileIsBelieved(t *testing.T) {
	for _, s := range avSamples(t, "/") {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			for _, word := range hostileWords {
				for _, off := range places(len(s.bytes)) {
					b := append([]byte(nil), s.bytes...)
					copy(b[off:], word)
					checkBelievable(t, s.contentType, b, fmt.Sprintf("%x at %d", word, off))
				}
			}
		})
	}
}

// places are those of a file of n bytes where headers are: at its beginning
// and at its end.
func places(n int) []int {
	const span, step = 1200, 5
	var all []int
	for off := 0; off < n; off += step {
		if off < span || off > n-span {
			all = append(all, off)
		}
	}
	return all
}

// checkBelievable fails the test if what is said of bytes cannot be.
func checkBelievable(t *testing.T, contentType string, bytes []byte, what string) {
	t.Helper()
	result, m, err := look(contentType, bytes)
	if m.read > mib {
		t.Errorf("%s: %d bytes were read", what, m.read)
	}
	if err != nil {
		if !isUnreadableRecording(err) {
			t.Errorf("%s: %v", what, err)
		}
		return
	}
	for _, wrong := range unbelievable(result) {
		t.Errorf("%s: %v", what, wrong)
	}
}
