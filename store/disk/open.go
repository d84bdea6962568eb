package disk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/weegloo/weegloo/store"
)

// Open implements [store.Blobs]. To the end of the blob it returns an *os.File.
func (b *Blobs) Open(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	f, err := b.open(ctx, key)
	if err != nil {
		return nil, err
	}
	if _, err := f.Seek(offset, io.SeekStart); err != nil {
		f.Close()
		return nil, fmt.Errorf("disk: open %s: %w", key, err)
	}
	if length < 0 {
		return f, nil
	}
	return section{io.LimitReader(f, length), f}, nil
}

type section struct {
	io.Reader
	io.Closer
}

// OpenFile implements [store.FileOpener]. The File is an *os.File.
func (b *Blobs) OpenFile(ctx context.Context, key string) (store.File, error) {
	f, err := b.open(ctx, key)
	if err != nil {
		return nil, err // and not a File that holds a nil *os.File
	}
	return f, nil
}

func (b *Blobs) open(ctx context.Context, key string) (*os.File, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := store.CheckBlobKey(key); err != nil {
		return nil, err
	}
	f, err := os.Open(b.path(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("disk: open %s: %w", key, store.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("disk: open %s: %w", key, err)
	}
	return f, nil
}
