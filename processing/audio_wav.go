package processing

import "encoding/binary"

const (
	wavePCM   = 1
	waveFloat = 3
	waveAny   = 0xfffe // says further down what it is
)

// wave is what the chunks of a WAV file say.
type wave struct {
	wide      bool // it is RF64: sizes of 32 bits that are too small stand in ds64
	formatted bool
	coding    uint16
	rate      uint32 // samples per second, of each channel
	byteRate  uint32
	samples   uint64 // of each channel, where the coding does not tell; 0 if unknown
	wideData  uint64 // the size of the data, of RF64
	data      int64  // the size of the data, or -1
}

// readWAV reads WAV, and RF64 and BW64, which are WAV of more than 4 GiB.
func readWAV(file section) (recording, error) {
	b, err := file.at(0, 12)
	if err != nil {
		return recording{}, err
	}
	w := wave{data: -1}
	switch string(b[:4]) {
	case "RIFF":
	case "RF64", "BW64":
		w.wide = true
	default:
		return recording{}, malformed("no signature")
	}
	if string(b[8:]) != "WAVE" {
		return recording{}, malformed("no signature")
	}
	for off := int64(12); w.data < 0; {
		b, err := file.at(off, 8)
		if err != nil {
			return recording{}, err
		}
		kind, size := string(b[:4]), int64(binary.LittleEndian.Uint32(b[4:]))
		if err := w.take(kind, file.from(off+8), size); err != nil {
			return recording{}, err
		}
		off += 8 + size + size&1
	}
	if !w.formatted {
		return recording{}, malformed("no format before the data")
	}
	return recording{sound: true, duration: w.duration()}, nil
}

// take reads a chunk of the given size at the beginning of rest.
func (w *wave) take(kind string, rest section, size int64) error {
	switch kind {
	case "fmt ":
		b, err := rest.at(0, 16)
		if err != nil {
			return err
		}
		w.formatted = true
		w.coding, w.rate = binary.LittleEndian.Uint16(b), binary.LittleEndian.Uint32(b[4:])
		w.byteRate = binary.LittleEndian.Uint32(b[8:])
	case "fact":
		b, err := rest.at(0, 4)
		if err != nil {
			return err
		}
		w.samples = uint64(binary.LittleEndian.Uint32(b))
	case "ds64":
		b, err := rest.at(0, 24)
		if err != nil {
			return err
		}
		w.wideData, w.samples = binary.LittleEndian.Uint64(b[8:]), binary.LittleEndian.Uint64(b[16:])
	case "data":
		w.data = rest.size
		if w.wide && size == 1<<32-1 {
			w.data = int64(min(w.wideData, uint64(rest.size)))
		} else if size > 0 { // who writes to a pipe does not know it
			w.data = min(size, rest.size)
		}
	}
	return nil
}

// duration goes by the size of the data where every second takes the same, and
// else by the number of samples.
func (w *wave) duration() float64 {
	bySize := seconds(uint64(w.data), uint64(w.byteRate))
	if w.coding == wavePCM || w.coding == waveFloat || w.coding == waveAny || w.samples == 0 {
		return bySize
	}
	bySamples := seconds(w.samples, uint64(w.rate))
	if !agree(bySamples, bySize) {
		return 0
	}
	return bySamples
}
