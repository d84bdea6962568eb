package processing

// The bitrates of MPEG audio in kilobits per second, by layer. Version 2 has
// lower ones than version 1.
var (
	mp3Rates1 = [4][15]int64{
		1: {0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
		2: {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
		3: {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
	}
	mp3Rates2 = [4][15]int64{
		1: {0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
		2: {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
		3: {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
	}
)

// mp3Header reads the header of a frame of MPEG audio. Frames whose bitrate is
// not among the usual ones ("free format") are none, for they do not tell
// their size.
func mp3Header(b []byte) (audioFrame, bool) {
	if len(b) < 4 || b[0] != 0xff || b[1]&0xe0 != 0xe0 {
		return audioFrame{}, false
	}
	version, layer := b[1]>>3&3, 4-int(b[1]>>1&3) // 0 is version 2.5, and layer 4 is none
	rate, bitrate, padding := b[2]>>2&3, b[2]>>4, int64(b[2]>>1&1)
	if version == 1 || layer == 4 || rate == 3 || bitrate == 0 || bitrate == 15 {
		return audioFrame{}, false
	}
	f := audioFrame{
		rate: [3]uint64{44100, 48000, 32000}[rate],
		kind: uint16(b[1]|1) | uint16(rate)<<8, // but not whether there is a checksum
	}
	f.bitrate, f.samples = mp3Rates1[layer][bitrate]*1000, 1152
	if version != 3 {
		f.bitrate, f.rate = mp3Rates2[layer][bitrate]*1000, f.rate/2
	}
	if version == 0 {
		f.rate /= 2
	}
	switch {
	case layer == 1:
		f.samples = 384
		f.size = (12*f.bitrate/int64(f.rate) + padding) * 4
		return f, true
	case layer == 3:
		f.sideEnd = 4 + sideLength(version == 3, b[3]>>6 == 3)
		if version != 3 {
			f.samples = 576
		}
	}
	f.size = int64(f.samples)/8*f.bitrate/int64(f.rate) + padding
	return f, true
}

// sideLength is how long the side information of a frame of layer III is.
func sideLength(version1, mono bool) int {
	switch {
	case version1 && !mono:
		return 32
	case version1 || !mono:
		return 17
	}
	return 9
}
