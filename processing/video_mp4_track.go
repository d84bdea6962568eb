package processing

import (
	"encoding/binary"

	"github.com/weegloo/weegloo/internal/isobmff"
)

// maxTracks is how many tracks of a film are looked at.
const maxTracks = 64

// track is what the movie box says of a track.
type track struct {
	id            uint32
	enabled       bool
	kind          string // "vide", "soun" and others
	width, height int64
	turned        bool   // by a quarter
	duration      uint64 // in units of the movie; 0 if unknown
	scale         uint64 // units per second of what follows
	ownDuration   uint64 // 0 if unknown
}

// length is the duration in seconds, in a movie of the given scale.
func (t track) length(scale uint64) float64 {
	if t.duration > 0 {
		return seconds(t.duration, scale)
	}
	return seconds(t.ownDuration, t.scale)
}

func (m *movie) takeTrack(trak isobmff.Box) error {
	if trak.Cut {
		return malformed("a track is longer than its movie")
	}
	if len(m.tracks) == maxTracks {
		return nil
	}
	var t track
	for box, err := range trak.Boxes() {
		if err != nil {
			return err
		}
		switch box.Type {
		case "tkhd":
			err = t.takeHeader(box)
		case "mdia":
			err = t.takeMedia(box)
		}
		if err != nil {
			return err
		}
	}
	m.tracks = append(m.tracks, t)
	return nil
}

func (t *track) takeHeader(tkhd isobmff.Box) error {
	version, flags, rest, err := tkhd.Full()
	if err != nil {
		return err
	}
	wide := version == 1
	b, err := rest.At(0, width(wide, 20, 32))
	if err != nil {
		return err
	}
	at := width(wide, 8, 16) // behind the dates
	t.enabled, t.id, t.duration = flags&1 != 0, binary.BigEndian.Uint32(b[at:]), known(b[at+8:], wide)
	rest = rest.From(int64(len(b)) + 16) // layer, group and volume
	if t.turned, err = isTurned(rest); err != nil {
		return err
	}
	size, err := rest.At(36, 8)
	if err != nil {
		return err
	}
	t.width, t.height = rounded(size), rounded(size[4:])
	return nil
}

// rounded is a number with 16 bits behind the point.
func rounded(b []byte) int64 { return (int64(binary.BigEndian.Uint32(b)) + 1<<15) >> 16 }

func (t *track) takeMedia(mdia isobmff.Box) error {
	for box, err := range mdia.Boxes() {
		if err != nil {
			return err
		}
		switch box.Type {
		case "mdhd":
			t.scale, t.ownDuration, _, err = mediaHeader(box)
		case "hdlr":
			err = t.takeHandler(box)
		case "minf":
			err = t.takeSamples(box)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *track) takeHandler(hdlr isobmff.Box) error {
	_, _, rest, err := hdlr.Full()
	if err != nil {
		return err
	}
	b, err := rest.At(4, 4)
	t.kind = string(b)
	return err
}

// takeSamples reads the size that the samples are coded in, for a track that
// does not say in which they are displayed.
func (t *track) takeSamples(minf isobmff.Box) error {
	if t.kind != "vide" || t.width > 0 && t.height > 0 {
		return nil
	}
	stsd, found, err := minf.Find("stbl", "stsd")
	if err != nil || !found {
		return err
	}
	for entry, err := range stsd.From(8).Boxes() { // behind version and count
		if err != nil {
			return err
		}
		b, err := entry.At(24, 4)
		if err != nil {
			return err
		}
		t.width, t.height = int64(binary.BigEndian.Uint16(b)), int64(binary.BigEndian.Uint16(b[2:]))
		return nil
	}
	return nil
}
