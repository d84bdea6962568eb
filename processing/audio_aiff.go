package processing

import (
	"encoding/binary"
	"math"
)

// readAIFF reads AIFF and AIFC, whose common chunk says it all.
func readAIFF(file section) (recording, error) {
	b, err := file.at(0, 12)
	if err != nil {
		return recording{}, err
	}
	if string(b[:4]) != "FORM" || string(b[8:11]) != "AIF" {
		return recording{}, malformed("no signature")
	}
	for off := int64(12); ; {
		b, err := file.at(off, 8)
		if err != nil {
			return recording{}, err
		}
		if string(b[:4]) == "COMM" {
			return readCommon(file.from(off + 8))
		}
		size := int64(binary.BigEndian.Uint32(b[4:]))
		off += 8 + size + size&1
	}
}

func readCommon(chunk section) (recording, error) {
	b, err := chunk.at(0, 18)
	if err != nil {
		return recording{}, err
	}
	frames := binary.BigEndian.Uint32(b[2:])
	return recording{sound: true, duration: float64(frames) / extended(b[8:])}, nil
}

// extended is a number of 80 bits: a sign, 15 bits of exponent, and a fraction
// with its first bit written out.
func extended(b []byte) float64 {
	exponent := int(binary.BigEndian.Uint16(b)&0x7fff) - 16383 - 63
	f := math.Ldexp(float64(binary.BigEndian.Uint64(b[2:])), exponent)
	if negative := b[0]&0x80 != 0; negative {
		return -f
	}
	return f
}
