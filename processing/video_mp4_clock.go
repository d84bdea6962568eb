package processing

import (
	"encoding/binary"

	"github.com/weegloo/weegloo/internal/isobmff"
)

// clock is how far the fragments of a track have come.
type clock struct {
	track     uint32
	scale     uint64 // units per second
	perSample uint32
	units     float64 // from the beginning; too many for an integer, if the file says so
}

// clocks has the clock of each track that is seen or heard.
type clocks []clock

// clocks begin where the movie box ends, which may hold the first part itself.
func (m *movie) clocks(s *span) clocks {
	var all clocks
	for _, t := range m.tracks {
		if t.kind != "vide" && t.kind != "soun" || t.scale == 0 {
			continue
		}
		c := clock{track: t.id, scale: t.scale, units: float64(t.ownDuration)}
		for _, p := range m.perSample {
			if p.track == t.id {
				c.perSample = p.duration
			}
		}
		if t.ownDuration > 0 {
			s.include(0, seconds(t.ownDuration, t.scale))
		}
		all = append(all, c)
	}
	return all
}

// advance adds a fragment.
func (all clocks) advance(moof isobmff.Box, s *span) error {
	if moof.Cut {
		return malformed("a fragment is cut off")
	}
	for traf, err := range moof.Boxes() {
		if err != nil {
			return err
		}
		if traf.Type != "traf" {
			continue
		}
		if err := all.advanceTrack(traf, s); err != nil {
			return err
		}
	}
	return nil
}

func (all clocks) advanceTrack(traf isobmff.Box, s *span) error {
	var c *clock
	from, each := 0.0, uint32(0)
	for box, err := range traf.Boxes() {
		if err != nil {
			return err
		}
		switch {
		case box.Type == "tfhd":
			if c, each, err = all.find(box); c != nil {
				from = c.units
			}
		case c == nil: // of a track that does not count
		case box.Type == "tfdt":
			err = c.set(box)
			from = c.units
		case box.Type == "trun":
			err = c.run(box, each)
		}
		if err != nil {
			return err
		}
	}
	if c != nil && c.units > from {
		s.include(from/float64(c.scale), c.units/float64(c.scale))
	}
	return nil
}

// find is the clock that a fragment is for, or nil, and the duration of each of
// its samples that does not say its own.
func (all clocks) find(tfhd isobmff.Box) (c *clock, each uint32, err error) {
	_, flags, rest, err := tfhd.Full()
	if err != nil {
		return nil, 0, err
	}
	b, err := rest.At(0, 4)
	if err != nil {
		return nil, 0, err
	}
	for i := range all {
		if all[i].track == binary.BigEndian.Uint32(b) {
			c, each = &all[i], all[i].perSample
		}
	}
	if hasDuration := flags&0x08 != 0; !hasDuration {
		return c, each, nil
	}
	off := int64(4)
	if hasOffset := flags&0x01 != 0; hasOffset {
		off += 8
	}
	if hasDescription := flags&0x02 != 0; hasDescription {
		off += 4
	}
	if b, err = rest.At(off, 4); err != nil {
		return nil, 0, err
	}
	return c, binary.BigEndian.Uint32(b), nil
}

// set is for a fragment that says when it begins.
func (c *clock) set(tfdt isobmff.Box) error {
	version, _, rest, err := tfdt.Full()
	if err != nil {
		return err
	}
	b, err := rest.At(0, width(version == 1, 4, 8))
	if err != nil {
		return err
	}
	if version == 1 {
		c.units = float64(binary.BigEndian.Uint64(b))
	} else {
		c.units = float64(binary.BigEndian.Uint32(b))
	}
	return nil
}

// run adds a run of samples.
func (c *clock) run(trun isobmff.Box, each uint32) error {
	_, flags, rest, err := trun.Full()
	if err != nil {
		return err
	}
	b, err := rest.At(0, 4)
	if err != nil {
		return err
	}
	count := int64(binary.BigEndian.Uint32(b))
	if own := flags&0x100 != 0; !own {
		c.units += float64(count) * float64(each)
		return nil
	}
	off, size := int64(4), int64(0)
	for _, field := range []uint32{0x01, 0x04} { // of the run
		if flags&field != 0 {
			off += 4
		}
	}
	for _, field := range []uint32{0x100, 0x200, 0x400, 0x800} { // of each sample; the first is the duration
		if flags&field != 0 {
			size += 4
		}
	}
	units, err := entries(rest.From(off), count, size, func(sample []byte) uint64 {
		return uint64(binary.BigEndian.Uint32(sample))
	})
	c.units += float64(units)
	return err
}
