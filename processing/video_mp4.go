package processing

import (
	"encoding/binary"

	"github.com/weegloo/weegloo/internal/isobmff"
)

// movieLimits are for the boxes of a film, of which a fragmented one has two
// for each of its fragments.
var movieLimits = isobmff.Limits{Bytes: readBudget, Boxes: 4096, Depth: 8}

// movie is what the boxes of an MP4 or one of its relatives say.
type movie struct {
	brand       string
	headed      bool // there is a header
	duration    float64
	scale       uint64 // units per second of the durations in the movie box
	turned      bool   // by a quarter
	tracks      []track
	fragmented  bool   // most of it lies in fragments behind the movie box
	inFragments uint64 // the duration with them, if the movie box says it
	perSample   []perSample
}

// readMovie reads MP4, QuickTime, 3GP and their relatives. The movie box
// stands before the film, or behind all of it.
func readMovie(file section) (recording, error) {
	var m movie
	whole := isobmff.New(file, file.size, movieLimits)
	for box, err := range whole.Boxes() {
		if err != nil {
			return recording{}, err
		}
		switch box.Type {
		case "ftyp":
			brand, err := box.At(0, 4)
			if err != nil {
				return recording{}, err
			}
			m.brand = string(brand)
		case "moov":
			if err := m.take(box); err != nil {
				return recording{}, err
			}
			if m.fragmented && m.duration == 0 {
				behind := whole.From(box.Offset() + box.Size())
				m.duration, err = forgiveDuration(m.fragments(behind))
			}
			return m.recording(), err
		}
	}
	return recording{}, malformed("no movie box")
}

// forgiveDuration takes a duration that cannot be read for none.
func forgiveDuration(duration float64, err error) (float64, error) {
	if isMalformed(err) {
		return 0, nil
	}
	return duration, err
}

// take reads the movie box.
func (m *movie) take(moov isobmff.Box) error {
	if moov.Cut {
		return malformed("the movie box is cut off")
	}
	compressed := false
	for box, err := range moov.Boxes() {
		if err != nil {
			return err
		}
		switch box.Type {
		case "mvhd":
			err = m.takeHeader(box)
		case "trak":
			err = m.takeTrack(box)
		case "mvex":
			m.fragmented = true
			err = m.takeExtends(box)
		case "cmov":
			compressed = true
		}
		if err != nil {
			return err
		}
	}
	switch {
	case compressed:
		return beyond("the movie box is compressed")
	case !m.headed:
		return malformed("no movie header")
	}
	m.settleDuration()
	return nil
}

func (m *movie) takeHeader(mvhd isobmff.Box) error {
	scale, duration, rest, err := mediaHeader(mvhd)
	if err != nil {
		return err
	}
	m.headed, m.scale, m.duration = true, scale, seconds(duration, scale)
	m.turned, err = isTurned(rest.From(16)) // behind rate and volume
	return err
}

// mediaHeader is the scale and the duration, 0 if unknown, with which the
// headers of a movie and of the media of a track begin alike, and what stands
// behind them.
func mediaHeader(header isobmff.Box) (scale, duration uint64, rest isobmff.Box, err error) {
	version, _, rest, err := header.Full()
	if err != nil {
		return 0, 0, rest, err
	}
	wide := version == 1
	b, err := rest.At(0, width(wide, 16, 28))
	if err != nil {
		return 0, 0, rest, err
	}
	at := width(wide, 8, 16) // behind the dates
	scale = uint64(binary.BigEndian.Uint32(b[at:]))
	return scale, known(b[at+4:], wide), rest.From(int64(len(b))), nil
}

// known is a duration of 32 or 64 bits. All ones stand for an unknown one.
func known(b []byte, wide bool) uint64 {
	if !wide {
		if n := binary.BigEndian.Uint32(b); n != 1<<32-1 {
			return uint64(n)
		}
		return 0
	}
	if n := binary.BigEndian.Uint64(b); n != 1<<64-1 {
		return n
	}
	return 0
}

// width is what a field needs in a box with numbers of 32 or of 64 bits.
func width(wide bool, narrow, broad int) int {
	if wide {
		return broad
	}
	return narrow
}

// isTurned reports whether the matrix at the beginning of b turns by a
// quarter, mirrored or not.
func isTurned(b isobmff.Box) (bool, error) {
	matrix, err := b.At(0, 36)
	if err != nil {
		return false, err
	}
	at := func(i int) int32 { return int32(binary.BigEndian.Uint32(matrix[4*i:])) }
	return at(0) == 0 && at(4) == 0 && at(1) != 0 && at(3) != 0, nil
}

// settleDuration compares what the header says with what the tracks say. It is
// unknown in the header of many a fragmented film, and of others.
func (m *movie) settleDuration() {
	longest := 0.0
	for _, t := range m.tracks {
		longest = max(longest, t.length(m.scale))
	}
	switch {
	case m.duration == 0:
		m.duration = longest
	case longest > 0 && !agree(m.duration, longest):
		m.duration = 0
	}
	if m.fragmented {
		// The durations so far are those of the part before the fragments.
		m.duration = seconds(m.inFragments, m.scale)
	}
}

// recording is what the boxes come to.
func (m *movie) recording() recording {
	r := recording{duration: m.duration}
	for _, t := range m.shown() {
		switch {
		case t.kind == "vide" && !r.film:
			r.film, r.width, r.height = true, t.width, t.height
			if t.turned != m.turned {
				r.width, r.height = t.height, t.width
			}
		case t.kind == "soun":
			r.sound = true
		}
	}
	r.contentType = m.contentType(r)
	return r
}

// shown are the tracks that a player plays: those that are switched off, such
// as the pictures for the chapters of a book, are not.
func (m *movie) shown() []track {
	var on []track
	for _, t := range m.tracks {
		if t.enabled {
			on = append(on, t)
		}
	}
	if len(on) == 0 {
		return m.tracks
	}
	return on
}

// contentType is for the brand, and for what the tracks are. There is none for
// QuickTime without pictures.
func (m *movie) contentType(r recording) string {
	family := "mp4"
	switch {
	case m.brand == "" || m.brand == "qt  " || m.brand == "moov" || m.brand == "mqt ":
		return "video/quicktime"
	case m.brand[:3] == "3g2" || m.brand == "KDDI":
		family = "3gpp2"
	case m.brand[:2] == "3g":
		family = "3gpp"
	}
	switch {
	case r.film:
		return "video/" + family
	case r.sound:
		return "audio/" + family
	}
	return "" // of which kind is not in the file
}
