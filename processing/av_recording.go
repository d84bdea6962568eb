package processing

import (
	"math"

	"github.com/weegloo/weegloo/media"
)

// recording is what a container says of a film or of sound alone. Nothing of
// it is checked; what the container does not say is zero.
type recording struct {
	contentType   string // if the file shows a better one than its first bytes
	film          bool   // it has pictures that move
	sound         bool
	width, height int64   // as displayed
	duration      float64 // in seconds
}

// recordingsBy is the reader of a film or of sound that read knows.
func recordingsBy(read func(section) (recording, error)) reader {
	return func(file section) (Result, error) {
		r, err := read(file)
		if err != nil {
			return Result{}, err
		}
		return r.result(), nil
	}
}

// result is what is believed of r. A film has its sound in it; what has
// neither pictures nor sound has no detail.
func (r recording) result() Result {
	result := Result{ContentType: r.contentType}
	switch {
	case r.film:
		result.Video = &media.Video{Duration: believed(r.duration)}
		if (picture{width: r.width, height: r.height}).check() == nil {
			result.Video.Width, result.Video.Height = int(r.width), int(r.height)
		}
	case r.sound:
		result.Audio = &media.Audio{Duration: believed(r.duration)}
	}
	return result
}

// maxDuration is the longest duration that is believed, in seconds: a year.
const maxDuration = 366 * 24 * 60 * 60

// believed is a duration in whole milliseconds, or 0 if it cannot be one.
func believed(duration float64) float64 {
	if !(duration > 0 && duration <= maxDuration) { // nor is it NaN
		return 0
	}
	return math.Round(duration*1000) / 1000
}

// seconds is so many units of which perSecond make a second, or 0 if there is
// no such unit.
func seconds(units, perSecond uint64) float64 {
	if perSecond == 0 {
		return 0
	}
	return float64(units) / float64(perSecond)
}

// agree reports whether two durations may be those of one file: what an
// encoder rounds and pads is less than a tenth and a second.
func agree(a, b float64) bool { return math.Abs(a-b) <= 1+max(a, b)/10 }
