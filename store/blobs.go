package store

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Blobs keeps the bytes of files. Implementations are safe for concurrent use;
// the caller sees to it that no two calls write the same key. Keys are 1 to 64
// characters of A-Z, a-z, 0-9, "_" and "-".
type Blobs interface {
	// Put reads r to its end and keeps the bytes under key, durably if the
	// store is. Nothing can be opened under key before Put has returned, and a
	// Put that fails, for r's error too, leaves nothing that can be opened.
	// A key is written once; a second Put is an error and changes nothing.
	Put(ctx context.Context, key string, r io.Reader) (size int64, err error)

	// Open reads length bytes from offset; a negative length means to the
	// end. A range past the end is cut. Nothing under key is ErrNotFound.
	Open(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error)

	// Delete removes what is under key, and whatever a Put that did not finish,
	// because the process died, left of it. Nothing to remove is no error.
	// Readers that are open keep reading.
	Delete(ctx context.Context, key string) error
}

// CheckBlobKey returns an error unless key may name a blob. Implementations call
// it first: a key that passes is safe as a file name.
func CheckBlobKey(key string) error {
	if key == "" || len(key) > 64 {
		return fmt.Errorf("store: blob key of %d characters, allowed are 1 to 64", len(key))
	}
	for i := range len(key) {
		c := key[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-') {
			return fmt.Errorf("store: blob key %q has a character that is not allowed", key)
		}
	}
	return nil
}

// File is a blob opened for reading anywhere. Like *os.File it has one
// position for Read and Seek, while ReadAt may be called concurrently.
type File interface {
	io.ReadSeeker
	io.ReaderAt
	io.Closer
}

// FileOpener is what Blobs may also implement when they have a better way to
// random access than many calls of Open. An *os.File handed out here reaches
// the kernel's sendfile.
type FileOpener interface {
	OpenFile(ctx context.Context, key string) (File, error)
}

// OpenFile opens the blob under key, whose size the caller knows, for random
// access: with its FileOpener if b is one, else with a call of Open for each
// read position.
func OpenFile(ctx context.Context, b Blobs, key string, size int64) (File, error) {
	if opener, ok := b.(FileOpener); ok {
		return opener.OpenFile(ctx, key)
	}
	first, err := b.Open(ctx, key, 0, size)
	if err != nil {
		return nil, err
	}
	return &file{ctx: ctx, blobs: b, key: key, size: size, stream: first}, nil
}

// file is a File over Blobs that can only Open. Reading on from the position
// uses one stream, and seeking away and back, as net/http does, keeps it.
type file struct {
	ctx    context.Context // of the OpenFile call, whose life the File shares
	blobs  Blobs
	key    string
	size   int64
	offset int64
	stream io.ReadCloser // at passed, or nil
	passed int64
}

func (f *file) Read(p []byte) (int, error) {
	if f.offset >= f.size {
		return 0, io.EOF
	}
	if f.passed != f.offset {
		f.drop()
	}
	if f.stream == nil {
		stream, err := f.blobs.Open(f.ctx, f.key, f.offset, f.size-f.offset)
		if err != nil {
			return 0, err
		}
		f.stream, f.passed = stream, f.offset
	}
	n, err := f.stream.Read(p)
	f.offset += int64(n)
	f.passed = f.offset
	if errors.Is(err, io.EOF) && f.offset < f.size {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func (f *file) ReadAt(p []byte, offset int64) (int, error) {
	if offset < 0 {
		return 0, fmt.Errorf("store: read at %d", offset)
	}
	if offset >= f.size {
		return 0, io.EOF
	}
	want := min(int64(len(p)), f.size-offset)
	stream, err := f.blobs.Open(f.ctx, f.key, offset, want)
	if err != nil {
		return 0, err
	}
	defer stream.Close()
	n, err := io.ReadFull(stream, p[:want])
	if err == nil && n < len(p) {
		err = io.EOF
	}
	return n, err
}

func (f *file) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += f.offset
	case io.SeekEnd:
		offset += f.size
	}
	if offset < 0 {
		return 0, fmt.Errorf("store: seek to %d", offset)
	}
	f.offset = offset
	return offset, nil
}

func (f *file) Close() error { return f.drop() }

func (f *file) drop() error {
	if f.stream == nil {
		return nil
	}
	err := f.stream.Close()
	f.stream = nil
	return err
}
