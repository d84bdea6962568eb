package processing

import (
	"fmt"
	"io"
)

const (
	// readBudget is how many bytes of a file are read in all, whatever it says
	// about itself.
	readBudget = 1 << 20

	// askBudget is how often bytes are asked for in all: a header of a few
	// bytes after another costs time, where it costs no reading.
	askBudget = 4096

	firstRead = SniffLength // most headers are in it
	laterRead = 512         // after a jump, little is wanted
)

const errLongHeader = malformed("header is longer than is read")

// section is a stretch of a file, read through a small window that all
// sections of the file share.
type section struct {
	window    *window
	off, size int64
}

func newSection(r io.ReaderAt, size int64) section {
	return section{window: &window{r: r, size: size, bytes: readBudget, asks: askBudget}, size: size}
}

// at is the n bytes at off, at most firstRead. They are valid until the next
// call.
func (s section) at(off int64, n int) ([]byte, error) {
	if off < 0 || off > s.size-int64(n) {
		return nil, malformed(fmt.Sprintf("ends before byte %d", off+int64(n)))
	}
	return s.window.at(s.off+off, n)
}

// from is the rest of s.
func (s section) from(off int64) section { return s.cut(off, s.size-off) }

// cut is the stretch of s with the given bounds, as far as s has it.
func (s section) cut(off, size int64) section {
	off = min(max(off, 0), s.size)
	return section{s.window, s.off + off, min(max(size, 0), s.size-off)}
}

// window keeps the bytes that were read last.
type window struct {
	r     io.ReaderAt
	size  int64  // of the file
	bytes int    // that may still be read
	asks  int    // that may still be made
	off   int64  // of buf in the file
	n     int    // bytes in buf
	buf   []byte // made when the first byte is read: most files are never looked at

	failed error // of the store
}

// at is n bytes of the file that exist, says its size.
func (w *window) at(off int64, n int) ([]byte, error) {
	if w.asks--; w.asks < 0 {
		return nil, errLongHeader
	}
	if off < w.off || off+int64(n) > w.off+int64(w.n) {
		if err := w.move(off, n); err != nil {
			return nil, err
		}
	}
	start := int(off - w.off)
	return w.buf[start : start+n], nil
}

func (w *window) move(off int64, n int) error {
	want := laterRead
	if off == 0 {
		want = firstRead
	}
	want = int(min(int64(max(want, n)), w.size-off, int64(w.bytes)))
	if want < n {
		return errLongHeader
	}
	if w.buf == nil {
		w.buf = make([]byte, firstRead)
	}
	w.off, w.n, w.bytes = off, 0, w.bytes-want
	got, err := w.r.ReadAt(w.buf[:want], off)
	if got < want {
		if err == nil || err == io.EOF {
			err = io.ErrUnexpectedEOF // the file is there in full, says its record
		}
		w.failed = fmt.Errorf("at byte %d: %w", off, err)
		return w.failed
	}
	w.n = want
	return nil
}

// head is a copy of the first n bytes, or of all if there are fewer.
func (s section) head(n int) ([]byte, error) {
	all := make([]byte, 0, min(int64(n), s.size))
	for len(all) < cap(all) {
		b, err := s.at(int64(len(all)), min(firstRead, cap(all)-len(all)))
		if err != nil {
			return nil, err
		}
		all = append(all, b...)
	}
	return all, nil
}

// sectionReader reads a section from its beginning.
type sectionReader struct {
	section
	off int64
}

func (r *sectionReader) Read(p []byte) (int, error) {
	n := int(min(int64(len(p)), r.size-r.off, firstRead))
	if n <= 0 && len(p) > 0 {
		return 0, io.EOF
	}
	b, err := r.at(r.off, n)
	r.off += int64(len(b))
	return copy(p, b), err
}
