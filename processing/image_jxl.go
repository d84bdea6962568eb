package processing

const (
	jxlSign    = "\xff\x0a"                       // of a codestream
	jxlBoxSign = "\x00\x00\x00\x0cJXL \r\n\x87\n" // of a container
)

// readJXL reads the size and the orientation of a JPEG XL codestream, alone or
// in its container. EXIF in the container does not count: it says the same or
// is wrong.
func readJXL(file section) (picture, error) {
	b, err := file.at(0, len(jxlSign))
	if err != nil {
		return picture{}, err
	}
	if string(b) == jxlSign {
		return readJXLStream(file)
	}
	if b, err = file.at(0, len(jxlBoxSign)); err != nil {
		return picture{}, err
	}
	if string(b) != jxlBoxSign {
		return picture{}, malformed("no signature")
	}
	stream, found, err := boxes(file).Find("jxlc")
	if err == nil && !found { // it is in parts, each behind its number
		stream, found, err = boxes(file).Find("jxlp")
		stream = stream.From(4)
	}
	if err == nil && !found {
		err = malformed("no codestream")
	}
	if err != nil {
		return picture{}, err
	}
	return readJXLStream(file.content(stream))
}

// longestJXLHeader is how many bytes the size and the orientation take: 2 of
// signature, and 1+2+30+3+2+30+1+1+3 bits.
const longestJXLHeader = 12

func readJXLStream(file section) (picture, error) {
	b, err := file.at(0, int(min(longestJXLHeader, file.size)))
	if err != nil {
		return picture{}, err
	}
	if len(b) < len(jxlSign) || string(b[:len(jxlSign)]) != jxlSign {
		return picture{}, malformed("no codestream")
	}
	r := bitReader{b: b[len(jxlSign):]}
	p := r.size()
	if allDefault := r.take(1) == 1; !allDefault && r.take(1) == 1 {
		p.orientation = uint32(r.take(3)) + 1
	}
	if r.short {
		return picture{}, malformed("ends in its header")
	}
	return p, nil
}

// ratios are the proportions that a size may be given by, as width to height.
var ratios = [8][2]int64{1: {1, 1}, 2: {12, 10}, 3: {4, 3}, 4: {3, 2}, 5: {16, 9}, 6: {5, 4}, 7: {2, 1}}

// bitReader takes bits from the lowest of the first byte on.
type bitReader struct {
	b     []byte
	bit   int
	short bool // more was taken than there was
}

func (r *bitReader) take(n int) (v int64) {
	for i := range n {
		if r.bit == len(r.b)*8 {
			r.short = true
			return 0
		}
		v |= int64(r.b[r.bit/8]>>(r.bit%8)&1) << i
		r.bit++
	}
	return v
}

// size reads a SizeHeader.
func (r *bitReader) size() (p picture) {
	small := r.take(1) == 1
	p.height = r.side(small)
	if ratio := ratios[r.take(3)]; ratio[0] > 0 {
		p.width = p.height * ratio[0] / ratio[1]
	} else {
		p.width = r.side(small)
	}
	return p
}

// side is less by one in the file, in eighths if it is small.
func (r *bitReader) side(small bool) int64 {
	if small {
		return 8 * (r.take(5) + 1)
	}
	return r.take([4]int{9, 13, 18, 30}[r.take(2)]) + 1
}
