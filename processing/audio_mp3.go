package processing

import "encoding/binary"

// readMP3 reads MPEG audio of all layers. A file that shows no frame is taken
// for what its first bytes show, for two or three of those are no signature.
func readMP3(file section) (recording, error) {
	start, err := skipID3(file)
	if err != nil {
		return recording{}, err
	}
	b, err := file.upTo(start, 4)
	if err != nil {
		return recording{}, err
	}
	if string(b) == "fLaC" { // which has no use for the tags, and gets them
		return readFLAC(file.from(start))
	}
	if len(b) == 4 && b[0] == 0xff && b[1]&0xf6 == 0xf0 {
		return readADTS(file.from(start))
	}
	r := recording{sound: true}
	r.duration, err = forgiveDuration(mp3Duration(file, start))
	return r, err
}

// skipID3 is where the tags at the beginning end.
func skipID3(file section) (int64, error) {
	for off := int64(0); ; {
		b, err := file.upTo(off, 10)
		if err != nil || len(b) < 10 || string(b[:3]) != "ID3" {
			return off, err
		}
		size := int64(10)
		for i, c := range b[6:] {
			size += int64(c&0x7f) << (21 - 7*i)
		}
		if hasFooter := b[5]&0x10 != 0; hasFooter {
			size += 10
		}
		off += size
	}
}

// mp3Duration is what the first frame says where it is there to say it, and
// else goes by the size of a file whose frames are all alike.
func mp3Duration(file section, start int64) (float64, error) {
	f, off, err := findFrame(file, start, mp3Header)
	if err != nil {
		return 0, err
	}
	frames, err := countedFrames(file, off, f)
	if err != nil {
		return 0, err
	}
	if frames > 0 {
		return seconds(frames*f.samples, f.rate), nil
	}
	end, err := mp3End(file)
	if err != nil {
		return 0, err
	}
	same, err := isEven(file, off, end, f)
	if err != nil {
		return 0, err
	}
	if !same {
		return walkFrames(file.cut(0, end), off, mp3Header)
	}
	return seconds(uint64(end-off)*8, uint64(f.bitrate)), nil
}

// countedFrames is the number of frames that the first one tells instead of
// having sound in it, or 0.
func countedFrames(file section, off int64, f audioFrame) (uint64, error) {
	b, err := file.upTo(off, 4+32+18)
	if err != nil {
		return 0, err
	}
	if at := f.sideEnd; at > 0 && len(b) >= at+12 {
		sign, flags := string(b[at:at+4]), binary.BigEndian.Uint32(b[at+4:])
		if (sign == "Xing" || sign == "Info") && flags&1 != 0 {
			return uint64(binary.BigEndian.Uint32(b[at+8:])), nil
		}
	}
	const at = 4 + 32
	if len(b) == at+18 && string(b[at:at+4]) == "VBRI" {
		return uint64(binary.BigEndian.Uint32(b[at+14:])), nil
	}
	return 0, nil
}

// mp3End is where the tags at the end begin.
func mp3End(file section) (int64, error) {
	end := file.size
	b, err := file.upTo(max(end-128, 0), 3)
	if err != nil {
		return 0, err
	}
	if end >= 128 && string(b) == "TAG" {
		end -= 128
	}
	b, err = file.upTo(max(end-32, 0), 32)
	if err != nil {
		return 0, err
	}
	if len(b) == 32 && string(b[:8]) == "APETAGEX" {
		end -= int64(binary.LittleEndian.Uint32(b[12:]))
		if hasHeader := b[23]&0x80 != 0; hasHeader {
			end -= 32
		}
	}
	return max(end, 0), nil
}

// isEven reports whether frames here and there between off and end have the
// bitrate of f.
func isEven(file section, off, end int64, f audioFrame) (bool, error) {
	const places = 16
	for i := range int64(places) {
		g, _, err := findFrame(file.cut(0, end), off+(end-off)/places*i, func(b []byte) (audioFrame, bool) {
			g, ok := mp3Header(b)
			return g, ok && g.kind == f.kind
		})
		if isMalformed(err) && i > 0 {
			break // the last place may have no whole frame behind it
		}
		if err != nil || g.bitrate != f.bitrate {
			return false, err
		}
	}
	return true, nil
}
