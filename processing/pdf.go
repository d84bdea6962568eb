package processing

import (
	"bytes"
	"io"
	"strconv"

	"github.com/weegloo/weegloo/media"
)

// pdf reads how many pages a PDF has: from the dictionary of a linearized file,
// or along the trail from its end over the cross-reference and the catalogue to
// the root of the page tree. Nothing else of it is read, and what is encrypted
// or does not agree with itself has no number of pages.
type pdf struct {
	file   section
	tables []pdfTable // the cross-reference, newest first
	size   int64      // objects, says the newest trailer
	unpack int        // bytes that may still be unpacked
	inflater
}

const (
	maxPages     = 1_000_000
	maxUnpacked  = 1 << 20 // bytes of streams that are unpacked for one file
	maxPDFTables = 32      // updates that are followed back
	pdfTail      = 1024    // bytes at the end, of which the trailer is one
)

// readPDF finds the number of pages, if it can be had. A PDF whose pages cannot
// be counted is none the worse for it.
func readPDF(file section) (Result, error) {
	p := &pdf{file: file, unpack: maxUnpacked}
	pages, err := p.pages()
	if failed := file.window.failed; failed != nil {
		return Result{}, failed
	}
	if err != nil || pages < 1 || pages > maxPages {
		return Result{}, nil
	}
	return Result{Document: &media.Document{Pages: int(pages)}}, nil
}

func (p *pdf) pages() (int64, error) {
	if pages := p.linearized(); pages > 0 {
		return pages, nil
	}
	root, err := p.readTables()
	if err != nil {
		return 0, err
	}
	catalogue, err := p.object(root)
	if err != nil {
		return 0, err
	}
	tree, err := p.object(catalogue["Pages"].ref)
	if err != nil {
		return 0, err
	}
	count := tree["Count"]
	if count.ref != 0 { // a number may stand elsewhere
		return 0, beyond("an indirect count")
	}
	if _, leaf := tree["Parent"]; leaf || count.number >= p.size {
		return 0, malformed("not the root of a page tree") // each page is an object
	}
	return count.number, nil
}

// linearized is the number of pages that the first object says, if that is the
// dictionary of a linearized file and nothing was added to it since.
func (p *pdf) linearized() int64 {
	b, err := p.file.at(0, int(min(pdfTail, p.file.size)))
	if err != nil {
		return 0
	}
	at := bytes.Index(b, []byte(" obj"))
	if at < 0 || !bytes.Contains(b, []byte("/Linearized")) {
		return 0
	}
	l := newLexer(bytes.NewReader(bytes.Clone(b[at+len(" obj"):])))
	d, err := l.dictionary()
	if _, ok := d["Linearized"]; !ok || err != nil || d["L"].number != p.file.size {
		return 0
	}
	return d["N"].number
}

// startXref is where the newest cross-reference begins.
func (p *pdf) startXref() (int64, error) {
	tail := p.file.from(p.file.size - pdfTail)
	b, err := tail.at(0, int(tail.size))
	if err != nil {
		return 0, err
	}
	const word = "startxref"
	at := bytes.LastIndex(b, []byte(word))
	if at < 0 {
		return 0, malformed("no startxref")
	}
	fields := bytes.Fields(b[at+len(word):])
	if len(fields) == 0 {
		return 0, malformed("no offset behind startxref")
	}
	return strconv.ParseInt(string(fields[0]), 10, 64)
}

// object is the dictionary of an object.
func (p *pdf) object(number int64) (pdfDict, error) {
	if number < 1 {
		return nil, malformed("no reference")
	}
	for _, table := range p.tables {
		e, found, err := table.find(p, number)
		switch {
		case err != nil:
			return nil, err
		case !found:
			continue
		case e.in > 0:
			return p.packedObject(e.in, number)
		}
		l, err := p.objectAt(e.off, number)
		if err != nil {
			return nil, err
		}
		return l.dictionary()
	}
	return nil, malformed("object is not in the cross-reference")
}

// objectAt reads up to what is in the object at off, which has to be the one
// with this number, or any if that is 0.
func (p *pdf) objectAt(off, number int64) (*lexer, error) {
	if off < 0 || off >= p.file.size {
		return nil, malformed("object lies outside the file")
	}
	l := newLexer(&sectionReader{section: p.file.from(off)})
	got, err := l.number()
	if err != nil {
		return nil, err
	}
	if _, err := l.number(); err != nil { // its generation
		return nil, err
	}
	if word, err := l.word(); err != nil || word != "obj" || number != 0 && got != number {
		return nil, malformed("no object where one should be")
	}
	l.start = off
	return l, nil
}

// packedObject is the dictionary of an object that is in the stream of
// another.
func (p *pdf) packedObject(in, number int64) (pdfDict, error) {
	stream, d, err := p.streamOf(in)
	if err != nil {
		return nil, err
	}
	first := d["First"].number
	if d["N"].number > first || first > maxPDFValue { // two numbers each
		return nil, malformed("more objects than bytes")
	}
	index := newLexer(io.LimitReader(stream, first))
	for range d["N"].number {
		got, err := index.number()
		if err != nil {
			return nil, err
		}
		off, err := index.number()
		if err != nil {
			return nil, err
		}
		if got != number {
			continue
		}
		// The rest of the index is read by the lexer or is still in the stream.
		if _, err := io.Copy(io.Discard, index.r); err != nil {
			return nil, err
		}
		if _, err := io.CopyN(io.Discard, stream, off); err != nil {
			return nil, err
		}
		return newLexer(stream).dictionary()
	}
	return nil, malformed("object is not in its stream")
}

// streamOf is the unpacked stream of an object that is not packed itself.
func (p *pdf) streamOf(number int64) (io.Reader, pdfDict, error) {
	for _, table := range p.tables {
		e, found, err := table.find(p, number)
		if err != nil {
			return nil, nil, err
		}
		if found && e.in == 0 {
			l, err := p.objectAt(e.off, number)
			if err != nil {
				return nil, nil, err
			}
			return p.stream(l)
		}
	}
	return nil, nil, malformed("no such stream")
}
