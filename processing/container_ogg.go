package processing

import (
	"bytes"
	"encoding/binary"
)

const (
	oggSign = "OggS"
	oggHead = 27       // bytes of a page before its table of segments
	oggTail = 64 << 10 // where the last page of every stream begins: none is longer
)

// oggPage is the header of a page.
type oggPage struct {
	first   bool // of its stream
	granule uint64
	stream  uint32
	content int64 // where it begins
	next    int64 // where the page behind it begins
}

// oggStream is one of the streams of a file, which take turns.
type oggStream struct {
	film, sound   bool
	width, height int64
	rate          float64 // granules per second, of sound
	skipped       uint64  // granules that are not played
	frameRate     float64 // frames per second, of a film
	shift         uint    // how many bits of a granule count from the last key frame
}

// readOgg reads the first page of every stream, all of which stand at the
// beginning, and then the last.
func readOgg(file section) (recording, error) {
	streams := map[uint32]oggStream{}
	for off := int64(0); len(streams) < maxTracks; {
		page, err := readOggPage(file, off)
		if err != nil {
			return recording{}, err
		}
		if !page.first {
			break
		}
		if streams[page.stream], err = readOggStream(file, page); err != nil {
			return recording{}, err
		}
		off = page.next
	}
	var r recording
	for _, s := range streams {
		r.sound = r.sound || s.sound
		if s.film {
			r.film, r.width, r.height = true, max(r.width, s.width), max(r.height, s.height)
		}
	}
	switch {
	case r.film:
		r.contentType = "video/ogg"
	case r.sound:
		r.contentType = "audio/ogg"
	}
	var err error
	r.duration, err = forgiveDuration(oggDuration(file, streams))
	return r, err
}

func readOggPage(file section, off int64) (oggPage, error) {
	b, err := file.at(off, oggHead)
	if err != nil {
		return oggPage{}, err
	}
	if string(b[:5]) != oggSign+"\x00" {
		return oggPage{}, malformed("no page")
	}
	p := oggPage{
		first:   b[5]&2 != 0,
		granule: binary.LittleEndian.Uint64(b[6:]),
		stream:  binary.LittleEndian.Uint32(b[14:]),
	}
	segments := int(b[26])
	p.content = off + oggHead + int64(segments)
	p.next = p.content
	if segments == 0 {
		return p, nil
	}
	if b, err = file.at(off+oggHead, segments); err != nil {
		return oggPage{}, err
	}
	for _, size := range b {
		p.next += int64(size)
	}
	return p, nil
}

// readOggStream tells from the first packet what the stream is. Of one that is
// not known, or is cut, nothing is said.
func readOggStream(file section, page oggPage) (oggStream, error) {
	b, err := file.upTo(page.content, int(min(page.next-page.content, 64)))
	if err != nil {
		return oggStream{}, err
	}
	has := func(sign string, size int) bool { return len(b) >= size && bytes.HasPrefix(b, []byte(sign)) }
	switch {
	case has("\x01vorbis", 16):
		return oggStream{sound: true, rate: float64(binary.LittleEndian.Uint32(b[12:]))}, nil
	case has("OpusHead", 12):
		return oggStream{sound: true, rate: 48000, skipped: uint64(binary.LittleEndian.Uint16(b[10:]))}, nil
	case has("Speex   ", 40):
		return oggStream{sound: true, rate: float64(binary.LittleEndian.Uint32(b[36:]))}, nil
	case has("\x7fFLAC", 9+26):
		rate := binary.BigEndian.Uint64(b[17+10:]) >> 44
		return oggStream{sound: true, rate: float64(rate)}, nil
	case has("\x80theora", 42):
		return theora(b), nil
	}
	return oggStream{}, nil
}

// theora reads the size of the picture, which is a part of that of the frame.
func theora(b []byte) oggStream {
	s := oggStream{
		film:  true,
		width: int64(b[14])<<16 | int64(b[15])<<8 | int64(b[16]), height: int64(b[17])<<16 | int64(b[18])<<8 | int64(b[19]),
		shift: uint(b[40]&3)<<3 | uint(b[41]>>5),
	}
	if denominator := binary.BigEndian.Uint32(b[26:]); denominator > 0 {
		s.frameRate = float64(binary.BigEndian.Uint32(b[22:])) / float64(denominator)
	}
	return s
}

// seconds is the time at a granule.
func (s oggStream) seconds(granule uint64) float64 {
	switch {
	case granule == 1<<64-1 || granule < s.skipped: // the page ends no packet
		return 0
	case s.film && s.frameRate > 0:
		frames := granule>>s.shift + granule&(1<<s.shift-1)
		return float64(frames) / s.frameRate
	case s.sound && s.rate > 0:
		return float64(granule-s.skipped) / s.rate
	}
	return 0
}

// oggDuration is the time at the last page of the stream that ends last. Pages
// are looked for where the last ones must be.
func oggDuration(file section, streams map[uint32]oggStream) (float64, error) {
	longest := 0.0
	tail := file.from(max(0, file.size-oggTail))
	for off := int64(0); off < tail.size; {
		page, err := readOggPage(tail, off)
		switch {
		case isMalformed(err):
			if off, err = nextOggPage(tail, off+1); err != nil {
				return 0, err
			}
			continue
		case err != nil:
			return 0, err
		}
		if s, ok := streams[page.stream]; ok && page.next <= tail.size {
			longest = max(longest, s.seconds(page.granule))
		}
		off = page.next
	}
	return longest, nil
}

// nextOggPage is where a page may begin, at off or behind it.
func nextOggPage(tail section, off int64) (int64, error) {
	for off < tail.size {
		b, err := tail.upTo(off, 64)
		if err != nil {
			return 0, err
		}
		if at := bytes.Index(b, []byte(oggSign)); at >= 0 {
			return off + int64(at), nil
		}
		off += int64(max(len(b)-len(oggSign)+1, 1))
	}
	return off, nil
}
