package processing

import (
	"bufio"
	"compress/zlib"
	"io"
)

// inflater unpacks one stream after another.
type inflater struct {
	source *bufio.Reader
	zlib   io.ReadCloser
}

func (i *inflater) open(packed section) (io.Reader, error) {
	r := &sectionReader{section: packed}
	if i.zlib == nil {
		source := bufio.NewReaderSize(r, laterRead)
		unpacked, err := zlib.NewReader(source)
		if err != nil {
			return nil, err
		}
		i.source, i.zlib = source, unpacked
		return unpacked, nil
	}
	i.source.Reset(r)
	return i.zlib, i.zlib.(zlib.Resetter).Reset(i.source, nil)
}

// stream is the unpacked stream of the object that l is in, and its
// dictionary. It is valid until the next one is asked for.
func (p *pdf) stream(l *lexer) (io.Reader, pdfDict, error) {
	d, err := l.dictionary()
	if err != nil {
		return nil, nil, err
	}
	if word, err := l.word(); err != nil || word != "stream" {
		return nil, nil, malformed("no stream")
	}
	if err := l.endOfLine(); err != nil {
		return nil, nil, err
	}
	packed := p.file.from(l.start + l.n)
	if length := d["Length"]; length.ref == 0 {
		packed = packed.cut(0, length.number)
	} // else it ends where the packer ended it
	var r io.Reader = &sectionReader{section: packed}
	switch d["Filter"].name {
	case "FlateDecode":
		if r, err = p.open(packed); err != nil {
			return nil, nil, err
		}
	case "":
	default:
		return nil, nil, beyond("a filter that nobody uses here")
	}
	if r, err = unpredict(&metered{r, &p.unpack}, d["DecodeParms"].dict); err != nil {
		return nil, nil, err
	}
	return r, d, nil
}

// metered ends with an error when what may be read of all streams is used up.
type metered struct {
	r    io.Reader
	left *int
}

func (m *metered) Read(b []byte) (int, error) {
	if *m.left == 0 {
		return 0, errLongHeader
	}
	n, err := m.r.Read(b[:min(len(b), *m.left)])
	*m.left -= n
	return n, err
}

// maxColumns is how wide a row of a predicted stream may be. Those of a
// cross-reference are as wide as an entry.
const maxColumns = 64

// unpredict undoes the predictor of PNG, which writes each row as the
// difference to the one above.
func unpredict(r io.Reader, params pdfDict) (io.Reader, error) {
	predictor, columns := params["Predictor"].number, params["Columns"].number
	if predictor <= 1 {
		return r, nil
	}
	if predictor < 10 || columns < 1 || columns > maxColumns || params["Colors"].number > 1 {
		return nil, beyond("a predictor that nobody uses here")
	}
	return &rows{r: r, row: make([]byte, 1+columns), above: make([]byte, 1+columns)}, nil
}

// rows reads rows of which each says how it differs from the one above.
type rows struct {
	r          io.Reader
	row, above []byte // with the kind of difference first
	left       []byte // of row, still to be read
}

func (r *rows) Read(b []byte) (int, error) {
	if len(r.left) == 0 {
		r.row, r.above = r.above, r.row
		if _, err := io.ReadFull(r.r, r.row); err != nil {
			return 0, err
		}
		if err := r.undo(); err != nil {
			return 0, err
		}
		r.left = r.row[1:]
	}
	n := copy(b, r.left)
	r.left = r.left[n:]
	return n, nil
}

func (r *rows) undo() error {
	for i := 1; i < len(r.row); i++ {
		var left byte
		if i > 1 {
			left = r.row[i-1]
		}
		switch up := r.above[i]; r.row[0] {
		case 0:
		case 1:
			r.row[i] += left
		case 2:
			r.row[i] += up
		case 3:
			r.row[i] += byte((int(left) + int(up)) / 2)
		default:
			return beyond("a predictor that nobody uses here")
		}
	}
	return nil
}
