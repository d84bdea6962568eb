package processing

import (
	"context"
	"os"
	"sync"

	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/upload"
)

// lazyFile opens the bytes when they are first looked at: most files never are.
// A Processor that was given up may still read when it has been closed.
type lazyFile struct {
	ctx   context.Context // of the one call of Process
	blobs store.Blobs
	blob  upload.Blob

	mu     sync.Mutex
	file   store.File
	closed bool
}

// ReadAt implements io.ReaderAt.
func (l *lazyFile) ReadAt(p []byte, offset int64) (int, error) {
	file, err := l.open()
	if err != nil {
		return 0, err
	}
	return file.ReadAt(p, offset)
}

func (l *lazyFile) open() (store.File, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, os.ErrClosed
	}
	if l.file != nil {
		return l.file, nil
	}
	file, err := store.OpenFile(l.ctx, l.blobs, l.blob.Key, l.blob.Size)
	l.file = file
	return file, err
}

// Close ends the reading, for good.
func (l *lazyFile) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	if l.file == nil {
		return nil
	}
	return l.file.Close()
}
