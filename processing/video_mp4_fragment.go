package processing

import (
	"encoding/binary"

	"github.com/weegloo/weegloo/internal/isobmff"
)

// perSample is what the movie box says of the samples of a track in fragments
// that say nothing themselves.
type perSample struct{ track, duration uint32 }

// takeExtends reads the box that announces fragments.
func (m *movie) takeExtends(mvex isobmff.Box) error {
	for box, err := range mvex.Boxes() {
		if err != nil {
			return err
		}
		version, _, rest, err := box.Full()
		switch {
		case err != nil:
			return err
		case box.Type == "mehd":
			b, err := rest.At(0, width(version == 1, 4, 8))
			if err != nil {
				return err
			}
			m.inFragments = known(b, version == 1)
		case box.Type == "trex" && len(m.perSample) < maxTracks:
			b, err := rest.At(0, 12)
			if err != nil {
				return err
			}
			m.perSample = append(m.perSample, perSample{binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[8:])})
		}
	}
	return nil
}

// span is the time that the fragments take, in seconds.
type span struct {
	from, to float64
	known    bool
}

func (s *span) include(from, to float64) {
	if !s.known {
		s.from, s.to, s.known = from, to, true
	}
	s.from, s.to = min(s.from, from), max(s.to, to)
}

// fragments is the duration of a film that lies in fragments behind its movie
// box. An index of them is followed over what it indexes; where there is none,
// each is looked at.
func (m *movie) fragments(behind isobmff.Box) (float64, error) {
	var s span
	clocks := m.clocks(&s)
	for behind.Size() > 0 {
		skip := int64(0)
		for box, err := range behind.Boxes() {
			if err != nil {
				return 0, err
			}
			switch box.Type {
			case "moof":
				err = clocks.advance(box, &s)
			case "sidx":
				skip, err = s.index(box)
				skip += box.Offset() + box.Size() - behind.Offset()
			}
			if err != nil {
				return 0, err
			}
			if skip > 0 {
				break
			}
		}
		if skip == 0 {
			break
		}
		if skip > behind.Size() {
			return 0, malformed("the index goes beyond the file")
		}
		behind = behind.From(skip)
	}
	return s.to - s.from, nil
}

// index adds what a segment index says, and is how many bytes behind it that
// covers.
func (s *span) index(sidx isobmff.Box) (int64, error) {
	version, _, rest, err := sidx.Full()
	if err != nil {
		return 0, err
	}
	wide := version == 1
	b, err := rest.At(0, width(wide, 20, 28))
	if err != nil {
		return 0, err
	}
	scale := uint64(binary.BigEndian.Uint32(b[4:]))
	first, covered := uint64(binary.BigEndian.Uint32(b[8:])), uint64(binary.BigEndian.Uint32(b[12:]))
	if wide {
		first, covered = binary.BigEndian.Uint64(b[8:]), binary.BigEndian.Uint64(b[16:])
	}
	if covered > 1<<62 {
		return 0, malformed("an index of what is beyond any file")
	}
	count := int64(binary.BigEndian.Uint16(b[len(b)-2:]))
	units, err := entries(rest.From(int64(len(b))), count, 12, func(entry []byte) uint64 {
		covered += uint64(binary.BigEndian.Uint32(entry) &^ (1 << 31)) // the bit above tells an index
		return uint64(binary.BigEndian.Uint32(entry[4:]))
	})
	if err != nil {
		return 0, err
	}
	s.include(seconds(first, scale), seconds(first, scale)+seconds(units, scale))
	return int64(covered), nil
}

// entries is the sum over count entries at the beginning of b. There are at
// most 1 MiB of them, so that no sum of 32 bits each overflows.
func entries(b isobmff.Box, count, size int64, value func(entry []byte) uint64) (sum uint64, err error) {
	perRead := isobmff.MaxRead / size
	for off := int64(0); count > 0; {
		n := min(count, perRead)
		list, err := b.At(off, int(n*size))
		if err != nil {
			return 0, err
		}
		for ; len(list) > 0; list = list[size:] {
			sum += value(list[:size])
		}
		off, count = off+n*size, count-n
	}
	return sum, nil
}
