package processing

import (
	"encoding/binary"
	"slices"
)

const (
	tsPacket = 188
	tsSync   = 0x47
	tsSpan   = 128 << 10 // that is looked at, at the beginning and at the end
	tsClock  = 90_000    // ticks per second
	tsWrap   = 1 << 33   // ticks after which the clock begins anew
)

// isTransport reports whether head is the beginning of a transport stream: a
// byte that comes again and again is all the signature that there is.
func isTransport(head []byte) bool {
	if len(head) < 4*tsPacket {
		return false
	}
	for off := 0; off < len(head); off += tsPacket {
		if head[off] != tsSync {
			return false
		}
	}
	return true
}

// transport is what the packets of a transport stream say.
type transport struct {
	tables        []uint16 // streams that tell what the others are
	films, sounds []uint16
}

// readTransport reads MPEG-TS. One may tune in anywhere and leave at any time,
// so that nothing is broken that is not there. The size of the pictures is in
// the film itself.
func readTransport(file section) (recording, error) {
	var t transport
	var first, last []int64
	head := file.cut(0, tsSpan)
	err := packets(head, func(stream uint16, start bool, payload []byte) {
		if t.learn(stream, start, payload) {
			return
		}
		first = t.note(first, stream, start, payload)
	})
	if err == nil {
		tail := file.from(max(0, (file.size-tsSpan)/tsPacket*tsPacket))
		err = packets(tail, func(stream uint16, start bool, payload []byte) {
			last = t.note(last, stream, start, payload)
		})
	}
	r := recording{film: len(t.films) > 0, sound: len(t.sounds) > 0}
	if len(first) > 0 && len(last) > 0 {
		// Pictures are sent in the order in which they are needed.
		r.duration = float64((slices.Max(last)-slices.Min(first)+tsWrap)%tsWrap) / tsClock
	}
	_, err = forgiveDuration(0, err)
	return r, err
}

// packets gives the payload of each packet to take, and whether something
// begins in it.
func packets(file section, take func(stream uint16, start bool, payload []byte)) error {
	for off := int64(0); off+tsPacket <= file.size; {
		some, err := file.upTo(off, 16*tsPacket)
		if err != nil {
			return err
		}
		for ; len(some) >= tsPacket; some = some[tsPacket:] {
			if some[0] != tsSync {
				return malformed("out of step")
			}
			takePacket(some[:tsPacket], take)
			off += tsPacket
		}
	}
	return nil
}

func takePacket(b []byte, take func(stream uint16, start bool, payload []byte)) {
	begin := 4
	if hasExtra := b[3]&0x20 != 0; hasExtra {
		begin += 1 + int(b[4])
	}
	if hasPayload := b[3]&0x10 != 0; hasPayload && begin < tsPacket {
		take(binary.BigEndian.Uint16(b[1:])&0x1fff, b[1]&0x40 != 0, b[begin:])
	}
}

// learn reads the two kinds of tables, of which the first names the second and
// that the streams.
func (t *transport) learn(stream uint16, start bool, payload []byte) bool {
	isFirst := stream == 0
	if !isFirst && !slices.Contains(t.tables, stream) {
		return false
	}
	if !start || 1+int(payload[0]) >= len(payload) {
		return true
	}
	table := payload[1+int(payload[0]):]
	if len(table) < 12 {
		return true
	}
	end := min(3+int(binary.BigEndian.Uint16(table[1:])&0xfff)-4, len(table)) // before the checksum
	if isFirst {
		for off := 8; off+4 <= end && len(t.tables) < maxTracks; off += 4 {
			if binary.BigEndian.Uint16(table[off:]) != 0 { // which is about the network
				t.tables = append(t.tables, binary.BigEndian.Uint16(table[off+2:])&0x1fff)
			}
		}
		return true
	}
	for off := 12 + int(binary.BigEndian.Uint16(table[10:])&0xfff); off+5 <= end; {
		t.add(table[off], binary.BigEndian.Uint16(table[off+1:])&0x1fff)
		off += 5 + int(binary.BigEndian.Uint16(table[off+3:])&0xfff)
	}
	return true
}

// add is for a stream and the number of its coding.
func (t *transport) add(coding byte, stream uint16) {
	if len(t.films)+len(t.sounds) >= maxTracks || slices.Contains(t.films, stream) || slices.Contains(t.sounds, stream) {
		return
	}
	switch coding {
	case 0x01, 0x02, 0x10, 0x1b, 0x24, 0x33, 0xea: // MPEG-1, -2 and -4, AVC, HEVC, VVC, VC-1
		t.films = append(t.films, stream)
	case 0x03, 0x04, 0x0f, 0x11, 0x1c, 0x81, 0x87: // MPEG-1 and -2, AAC in three ways, AC-3 in two
		t.sounds = append(t.sounds, stream)
	}
}

// note appends the time of a picture, or of sound, that begins in a packet.
func (t *transport) note(times []int64, stream uint16, start bool, payload []byte) []int64 {
	if !start || !slices.Contains(t.films, stream) && !slices.Contains(t.sounds, stream) {
		return times
	}
	if len(payload) < 14 || string(payload[:3]) != "\x00\x00\x01" || payload[7]&0x80 == 0 {
		return times
	}
	p := payload[9:]
	time := int64(p[0]>>1&7)<<30 | int64(p[1])<<22 | int64(p[2]>>1)<<15 | int64(p[3])<<7 | int64(p[4]>>1)
	return append(times, time)
}
