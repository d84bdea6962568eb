package processing

import "encoding/binary"

// audioFrame is what the header of a frame of MPEG audio says, of which a file
// is a sequence. A file has no header of its own.
type audioFrame struct {
	size    int64 // bytes, with the header
	samples uint64
	rate    uint64 // samples per second
	bitrate int64  // bits per second, or 0 if that differs from frame to frame
	kind    uint16 // of two frames of one file it is the same
	sideEnd int    // where in the frame of layer III the data begin
}

// frameHeader reads the header of a frame, if b begins with one.
type frameHeader func(b []byte) (audioFrame, bool)

const (
	frameHead = 7         // the longest header
	maxJunk   = 64 << 10  // that may stand before the first frame
	maxFrame  = 1<<13 - 1 // bytes, for which ADTS has 13 bits
)

// findFrame is the first frame at off or up to maxJunk behind it, and where it
// is. Two bytes make a header, so that there has to be another one behind it,
// or the end of the file.
func findFrame(file section, off int64, header frameHeader) (audioFrame, int64, error) {
	var copied [512]byte
	for end := off + maxJunk; off < end && off < file.size; {
		n := int(min(int64(len(copied)), file.size-off))
		b, err := file.at(off, n)
		if err != nil {
			return audioFrame{}, 0, err
		}
		chunk := copied[:copy(copied[:], b)] // for the window moves
		for i := range chunk {
			f, ok := header(chunk[i:])
			if !ok {
				continue
			}
			follows, err := frameFollows(file, off+int64(i), f, header)
			if err != nil || follows {
				return f, off + int64(i), err
			}
		}
		if n < len(copied) {
			break
		}
		off += int64(n - frameHead + 1)
	}
	return audioFrame{}, 0, malformed("no frame")
}

// frameFollows reports whether behind the frame at off there is one of its
// kind, or nothing, or a tag.
func frameFollows(file section, off int64, f audioFrame, header frameHeader) (bool, error) {
	next := off + f.size
	if next == file.size {
		return true, nil
	}
	b, err := file.upTo(next, frameHead)
	if err != nil || len(b) < 3 {
		return false, err
	}
	g, ok := header(b)
	return ok && g.kind == f.kind || string(b[:3]) == "TAG" || string(b[:3]) == "APE", nil
}

// upTo is n bytes at off, or fewer where s ends before. They are valid until
// the next call.
func (s section) upTo(off int64, n int) ([]byte, error) {
	n = int(min(int64(n), s.size-off))
	if n <= 0 {
		return nil, nil
	}
	return s.at(off, n)
}

// walkFrames is the time that the frames from off on take together. A last
// one that is cut does not count.
func walkFrames(file section, off int64, header frameHeader) (float64, error) {
	var samples, rate uint64
	for {
		b, err := file.upTo(off, frameHead)
		if err != nil {
			return 0, err
		}
		f, ok := header(b)
		if !ok || f.size > file.size-off || rate != 0 && f.rate != rate {
			break
		}
		samples, rate, off = samples+f.samples, f.rate, off+f.size
	}
	if rest := file.size - off; rest > maxFrame {
		return 0, malformed("something else behind the frames")
	}
	return seconds(samples, rate), nil
}

// readADTS reads AAC as it is sent: there is nothing but frames, and they have
// to be counted.
func readADTS(file section) (recording, error) {
	r := recording{sound: true, contentType: "audio/aac"}
	_, off, err := findFrame(file, 0, adtsHeader)
	if err == nil {
		r.duration, err = walkFrames(file, off, adtsHeader)
	}
	r.duration, err = forgiveDuration(r.duration, err)
	return r, err
}

// adtsRates are samples per second.
var adtsRates = [16]uint64{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350}

func adtsHeader(b []byte) (audioFrame, bool) {
	if len(b) < 7 || b[0] != 0xff || b[1]&0xf6 != 0xf0 {
		return audioFrame{}, false
	}
	f := audioFrame{
		size:    int64(b[3]&3)<<11 | int64(b[4])<<3 | int64(b[5])>>5,
		samples: 1024 * uint64(b[6]&3+1),
		rate:    adtsRates[b[2]>>2&15],
		kind:    binary.BigEndian.Uint16(b[1:]) & 0xfffc, // but not the channels
	}
	return f, f.rate != 0 && f.size >= frameHead
}
