package processing

import "encoding/binary"

// readFLAC reads the first block of metadata, which is always of the one kind.
func readFLAC(file section) (recording, error) {
	b, err := file.at(0, 8+18)
	if err != nil {
		return recording{}, err
	}
	if string(b[:4]) != "fLaC" || b[4]&0x7f != 0 || b[5] != 0 || b[6] != 0 || b[7] != 34 {
		return recording{}, malformed("does not begin with its stream's metadata")
	}
	return recording{sound: true, contentType: "audio/flac", duration: flacDuration(b[8:])}, nil
}

// flacDuration is from the metadata of a stream: 20 bits of rate, 3 for the
// channels, 5 for the depth and 36 of samples stand at byte 10.
func flacDuration(stream []byte) float64 {
	bits := binary.BigEndian.Uint64(stream[10:])
	return seconds(bits&(1<<36-1), bits>>44)
}
