package processing

import "encoding/binary"

// readAVI reads the list of headers, with which the file begins.
func readAVI(file section) (recording, error) {
	b, err := file.at(0, 12)
	if err != nil {
		return recording{}, err
	}
	if string(b[:4]) != "RIFF" || string(b[8:12]) != "AVI " {
		return recording{}, malformed("no signature")
	}
	a := avi{}
	err = riffChunks(file.from(12), func(kind string, content section) (more bool, err error) {
		if kind != "hdrl" {
			return true, nil
		}
		a.headed = true
		return false, riffChunks(content, a.take)
	})
	switch {
	case err != nil:
		return recording{}, err
	case !a.headed || a.streams == 0:
		return recording{}, malformed("no headers")
	}
	return a.recording, nil
}

// avi is what the headers say.
type avi struct {
	recording
	headed  bool
	streams int
}

// riffChunks gives the chunks in list to take, in order, until it has enough.
// A list is given by the kind of its content.
func riffChunks(list section, take func(kind string, content section) (more bool, err error)) error {
	for off := int64(0); off+8 <= list.size; {
		b, err := list.at(off, 8)
		if err != nil {
			return err
		}
		kind, size := string(b[:4]), int64(binary.LittleEndian.Uint32(b[4:]))
		content := list.cut(off+8, size)
		if content.size < size {
			return malformed("a chunk is longer than what it is in")
		}
		if kind == "LIST" {
			if b, err = content.at(0, 4); err != nil {
				return err
			}
			kind, content = string(b), content.from(4)
		}
		if more, err := take(kind, content); err != nil || !more {
			return err
		}
		off += 8 + size + size&1
	}
	return nil
}

// take reads a chunk of the list of headers. Those of a file of more than one
// gigabyte speak of the first one only, except for one that has all frames.
func (a *avi) take(kind string, content section) (more bool, err error) {
	switch kind {
	case "avih":
		b, err := content.at(0, 40)
		if err != nil {
			return false, err
		}
		a.width, a.height = int64(binary.LittleEndian.Uint32(b[32:])), int64(binary.LittleEndian.Uint32(b[36:]))
	case "strl":
		a.streams++
		return true, riffChunks(content, a.takeStream)
	}
	return true, nil
}

func (a *avi) takeStream(kind string, content section) (more bool, err error) {
	if kind != "strh" {
		return true, nil
	}
	b, err := content.at(0, 36)
	if err != nil {
		return false, err
	}
	at := func(i int) float64 { return float64(binary.LittleEndian.Uint32(b[i:])) }
	scale, rate, start, length := at(20), at(24), at(28), at(32)
	switch string(b[:4]) {
	case "vids":
		a.film = true
	case "auds":
		a.sound = true
	default:
		return false, nil
	}
	if rate > 0 {
		a.duration = max(a.duration, (start+length)*scale/rate)
	}
	return false, nil
}
