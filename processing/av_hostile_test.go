package processing_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/processing"
)

// isUnreadableRecording reports a Failure that is the fault of the bytes.
func isUnreadableRecording(err error) bool {
	var failure *processing.Failure
	return errors.As(err, &failure) && strings.HasPrefix(failure.Reason, "unreadable-")
}

// counts reports whether the duration of a sample comes from how many bytes
// there are, and not from a header.
func (s avSample) counts() bool {
	for _, part := range []string{"fragmented", "aac", "wav", "cbr", "mpeg2", "mp2", "ogg", "ogv", "live", "ts.", "flac-streamed"} {
		if strings.Contains(s.name, part) {
			return true
		}
	}
	return false
}

func TestTruncatedRecordingsFailOrSayNothingWrong(t *testing.T) {
	for _, s := range avSamples(t, "audio/", "video/") {
		t.Run(s.name, func(t *testing.T) {
			width, height, _ := s.verdict.film()
			for n := 0; n < len(s.bytes); n += 1 + n/256 {
				result, _, err := look(s.contentType, s.bytes[:n])
				if err != nil {
					if !isUnreadableRecording(err) {
						t.Errorf("%d bytes: %v", n, err)
					}
					continue
				}
				if result.ContentType != s.contentType {
					t.Errorf("%d bytes: %s", n, result.ContentType)
				}
				d := 0.0
				if v := result.Video; v != nil {
					d = v.Duration
					if (v.Width != 0 || v.Height != 0) && (v.Width != width || v.Height != height) {
						t.Errorf("%d bytes: %+v", n, *v)
					}
				}
				if result.Audio != nil {
					d = result.Audio.Duration
				}
				if d != 0 && !s.near(d) && !(s.counts() && d < s.verdict.seconds()+0.1) {
					t.Errorf("%d bytes: %v instead of %v", n, d, s.verdict.seconds())
				}
			}
		})
	}
}

func TestTruncatedPicturesInBoxesFailOrHaveTheRightSize(t *testing.T) {
	for _, s := range avSamples(t, "image/") {
		t.Run(s.name, func(t *testing.T) {
			is := is.New(t)
			for n := range len(s.bytes) {
				result, _, err := look(s.contentType, s.bytes[:n])
				if err != nil {
					is.True(isUnreadable(err))
					continue
				}
				is.Equal(*result.Image, s.verdict.picture())
				is.Equal(result.ContentType, s.contentType)
			}
		})
	}
}

func TestFailingReadsOfRecordingsAreTriedAgain(t *testing.T) {
	for _, s := range avSamples(t, "/") {
		t.Run(s.name, func(t *testing.T) {
			is := is.New(t)
			for off := int64(0); off < int64(len(s.bytes)); off += int64(1 + len(s.bytes)/50) {
				result, err := process(s.contentType, broken{strings.NewReader(string(s.bytes)), off, off + 1}, len(s.bytes))
				if err == nil {
					is.Equal(result.ContentType, s.contentType) // what failed was not needed
					continue
				}
				is.True(errors.Is(err, errDisk))
				is.True(!isUnreadableRecording(err))
			}
		})
	}
}

func TestAFileBehindAnotherIsNotSeen(t *testing.T) {
	all := avSamples(t, "/")
	for _, first := range all {
		t.Run(first.name, func(t *testing.T) {
			for _, second := range all {
				both := append(append([]byte(nil), first.bytes...), second.bytes...)
				checkRecording(t, first.contentType, both)
				result, _, err := look(processing.Sniff(both), both)
				if err == nil && result.ContentType != first.contentType {
					t.Errorf("before %s: %s", second.name, result.ContentType)
				}
				if err != nil && !isUnreadableRecording(err) {
					t.Errorf("before %s: %v", second.name, err)
				}
			}
		})
	}
}

func TestAFileReadAsAnotherIsNothingWrong(t *testing.T) {
	for _, s := range avSamples(t, "/") {
		t.Run(s.name, func(t *testing.T) {
			for _, format := range avFormats {
				checkRecording(t, format, s.bytes)
			}
		})
	}
}
