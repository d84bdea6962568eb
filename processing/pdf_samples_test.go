package processing_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
)

// pdfFile writes a PDF piece by piece.
type pdfFile struct {
	b       bytes.Buffer
	offsets map[int]int // of the objects since the last cross-reference
	size    int         // one more than the largest number
	last    int         // where the last cross-reference is
}

func newPDF() *pdfFile {
	f := &pdfFile{offsets: map[int]int{}, size: 1}
	f.b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	return f
}

// object writes an object.
func (f *pdfFile) object(number int, content string) *pdfFile {
	f.offsets[number] = f.b.Len()
	f.size = max(f.size, number+1)
	fmt.Fprintf(&f.b, "%d 0 obj\n%s\nendobj\n", number, content)
	return f
}

// tree writes a catalogue and the root of a page tree with this content.
func (f *pdfFile) tree(root string) *pdfFile {
	return f.object(1, "<< /Type /Catalog /Pages 2 0 R >>").object(2, root)
}

// table writes the objects since the last one into a table, with more in its
// trailer.
func (f *pdfFile) table(more string) *pdfFile {
	at := f.b.Len()
	f.b.WriteString("xref\n0 1\n0000000000 65535 f \n")
	for number := range f.size {
		if off, ok := f.offsets[number]; ok {
			fmt.Fprintf(&f.b, "%d 1\n%010d 00000 n \n", number, off)
		}
	}
	fmt.Fprintf(&f.b, "trailer\n<< /Size %d /Root 1 0 R %s >>\n", f.size, more)
	return f.end(at)
}

// packed writes a stream with this content, and what its dictionary has
// beside its length.
func (f *pdfFile) packed(number int, more string, content []byte) *pdfFile {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	w.Write(content)
	w.Close()
	return f.object(number, fmt.Sprintf("<< /Length %d /Filter /FlateDecode %s >>\nstream\n%s\nendstream", b.Len(), more, b.Bytes()))
}

// stream writes a cross-reference stream of rows as its last object.
func (f *pdfFile) stream(more string, rows []byte) *pdfFile {
	at, number := f.b.Len(), f.size
	f.packed(number, fmt.Sprintf("/Type /XRef /Root 1 0 R /Size %d %s", f.size+1, more), rows)
	return f.end(at)
}

// end writes where the cross-reference is.
func (f *pdfFile) end(at int) *pdfFile {
	fmt.Fprintf(&f.b, "startxref\n%d\n%%%%EOF\n", at)
	f.offsets, f.last = map[int]int{}, at
	return f
}

func (f *pdfFile) bytes() []byte { return bytes.Clone(f.b.Bytes()) }

// row is a row of a cross-reference stream of the widths 1, 4 and 2.
func row(kind, offset, index int) string {
	return string([]byte{byte(kind)}) + be32(offset) + be16(index)
}

// subtracted is what the predictor of PNG makes of rows, each with the kind of
// difference that comes next in kinds.
func subtracted(width int, kinds string, rows string) []byte {
	var b []byte
	above := strings.Repeat("\x00", width)
	for i := 0; len(rows) > 0; i++ {
		kind := kinds[i%len(kinds)]
		b = append(b, kind)
		for j := range width {
			left := byte(0)
			if j > 0 {
				left = rows[j-1]
			}
			prediction := []byte{0, left, above[j], byte((int(left) + int(above[j])) / 2)}[kind]
			b = append(b, rows[j]-prediction)
		}
		above, rows = rows[:width], rows[width:]
	}
	return b
}

// twoPages is the root of a tree of two pages.
const twoPages = "<< /Type /Pages /Kids [ 3 0 R 4 0 R ] /Count 2 >>"

// withStream is a PDF of two pages with a cross-reference stream in which the
// root of the tree is packed into another stream.
func withStream(more string, predict func(rows string) []byte) []byte {
	f := newPDF().object(1, "<< /Pages 2 0 R >>").object(3, "<<>>").object(4, "<<>>")
	content := "1 0 2 9 << /A 1>> " + twoPages
	f.packed(5, "/Type /ObjStm /N 2 /First 8", []byte(content))
	rows := row(0, 0, 65535) + row(1, f.offsets[1], 0) + row(2, 5, 1) +
		row(1, f.offsets[3], 0) + row(1, f.offsets[4], 0) + row(1, f.offsets[5], 0) + row(1, f.b.Len(), 0)
	return f.stream("/W [1 4 2] "+more, predict(rows)).bytes()
}

func asIs(rows string) []byte { return []byte(rows) }
