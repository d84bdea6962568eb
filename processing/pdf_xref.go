package processing

import (
	"io"
)

// pdfTable is a part of the cross-reference: of the file as it was written, or
// of a later change.
type pdfTable struct {
	plain []pdfRange // of a table of text; else it is a stream
	off   int64      // of the stream's object
}

// pdfRange is a run of objects in a table of text, of 20 bytes each.
type pdfRange struct {
	first, count int64
	off          int64
}

// pdfEntry is where an object is.
type pdfEntry struct {
	off int64 // in the file
	in  int64 // or the number of the object in whose stream it is
}

// readTables follows the cross-reference from the newest part back, and gives
// the number of the catalogue.
func (p *pdf) readTables() (root int64, err error) {
	off, err := p.startXref()
	if err != nil {
		return 0, err
	}
	for off > 0 {
		if len(p.tables) >= maxPDFTables {
			return 0, malformed("too many changes")
		}
		trailer, err := p.readTable(off)
		if err != nil {
			return 0, err
		}
		if root == 0 {
			root, p.size = trailer["Root"].ref, trailer["Size"].number
		}
		if hybrid := trailer["XRefStm"].number; hybrid > 0 {
			p.tables = append(p.tables, pdfTable{off: hybrid})
		}
		off = trailer["Prev"].number
	}
	return root, nil
}

// readTable adds the part at off and gives its trailer.
func (p *pdf) readTable(off int64) (pdfDict, error) {
	if off >= p.file.size {
		return nil, malformed("cross-reference lies outside the file")
	}
	l := newLexer(&sectionReader{section: p.file.from(off)})
	word, err := l.word()
	if err != nil {
		return nil, err
	}
	if word != "xref" {
		if l, err = p.objectAt(off, 0); err != nil {
			return nil, err
		}
		p.tables = append(p.tables, pdfTable{off: off})
		return l.dictionary()
	}
	table := pdfTable{plain: []pdfRange{}}
	for at := off + l.n; len(table.plain) <= maxPDFTables; {
		l := newLexer(&sectionReader{section: p.file.from(at)})
		word, err := l.word()
		if err != nil {
			return nil, err
		}
		if word == "trailer" {
			p.tables = append(p.tables, table)
			return l.dictionary()
		}
		r, err := readRange(l, word)
		if err != nil {
			return nil, err
		}
		r.off += at
		table.plain = append(table.plain, r)
		at = r.off + 20*r.count
		if at < r.off || at > p.file.size {
			return nil, malformed("table lies outside the file")
		}
	}
	return nil, malformed("too many ranges")
}

// readRange reads the line before the entries of a range; its offset is where
// that line ends.
func readRange(l *lexer, first string) (r pdfRange, err error) {
	if r.first, err = parseNumber(first); err != nil {
		return r, err
	}
	if r.count, err = l.number(); err != nil {
		return r, err
	}
	if r.count < 0 || r.count > 1<<40 {
		return r, malformed("a range without end")
	}
	err = l.space()
	r.off = l.n
	return r, err
}

// find looks an object up. An object that is free is not found.
func (t pdfTable) find(p *pdf, number int64) (pdfEntry, bool, error) {
	if t.plain == nil {
		return t.findPacked(p, number)
	}
	for _, r := range t.plain {
		if number < r.first || number >= r.first+r.count {
			continue
		}
		b, err := p.file.at(r.off+20*(number-r.first), 20)
		if err != nil {
			return pdfEntry{}, false, err
		}
		off, err := parseNumber(string(b[:10]))
		return pdfEntry{off: off}, b[17] == 'n', err
	}
	return pdfEntry{}, false, nil
}

// findPacked looks an object up in a cross-reference stream, row by row.
func (t pdfTable) findPacked(p *pdf, number int64) (pdfEntry, bool, error) {
	l, err := p.objectAt(t.off, 0)
	if err != nil {
		return pdfEntry{}, false, err
	}
	stream, d, err := p.stream(l)
	if err != nil {
		return pdfEntry{}, false, err
	}
	row, err := rowAt(d, number)
	if row < 0 || err != nil {
		return pdfEntry{}, false, err
	}
	var widths [3]int64
	width := int64(0)
	for i, w := range d["W"].list {
		if i == len(widths) || w < 0 || w > 8 {
			return pdfEntry{}, false, malformed("no widths")
		}
		widths[i] = w
		width += w
	}
	if row > maxUnpacked/max(width, 1) {
		return pdfEntry{}, false, errLongHeader
	}
	if _, err := io.CopyN(io.Discard, stream, row*width); err != nil {
		return pdfEntry{}, false, err
	}
	b := make([]byte, width)
	if _, err := io.ReadFull(stream, b); err != nil {
		return pdfEntry{}, false, err
	}
	return packedEntry(b, widths)
}

// rowAt is the row of an object in a stream with the given dictionary, or -1.
func rowAt(d pdfDict, number int64) (int64, error) {
	index := d["Index"].list
	if index == nil {
		index = []int64{0, d["Size"].number}
	}
	row := int64(0)
	for i := 0; i+1 < len(index); i += 2 {
		first, count := index[i], index[i+1]
		if first < 0 || count < 0 || count > 1<<40 || first > 1<<40 {
			return 0, malformed("a range without end")
		}
		if first <= number && number < first+count {
			return row + number - first, nil
		}
		row += count
	}
	return -1, nil
}

// packedEntry reads a row: its kind, and two numbers that depend on it.
func packedEntry(b []byte, widths [3]int64) (pdfEntry, bool, error) {
	fields := [3]int64{1, 0, 0} // the kind is 1 if it has no width
	for i, w := range widths {
		if w > 0 {
			fields[i] = 0
		}
		for range w {
			fields[i] = fields[i]<<8 | int64(b[0])
			b = b[1:]
		}
	}
	switch fields[0] {
	case 1:
		return pdfEntry{off: fields[1]}, true, nil
	case 2:
		return pdfEntry{in: fields[1]}, fields[1] > 0, nil
	}
	return pdfEntry{}, false, nil
}
