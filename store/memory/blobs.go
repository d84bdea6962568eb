package memory

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"sync"

	"github.com/weegloo/weegloo/store"
)

// Blobs is a [store.Blobs] in memory.
type Blobs struct {
	mu    sync.RWMutex
	bytes map[string][]byte // the slices are never written to
}

// NewBlobs returns empty Blobs.
func NewBlobs() *Blobs {
	return &Blobs{bytes: make(map[string][]byte)}
}

// Put implements [store.Blobs].
func (b *Blobs) Put(ctx context.Context, key string, r io.Reader) (int64, error) {
	if err := store.CheckBlobKey(key); err != nil {
		return 0, err
	}
	body, err := io.ReadAll(reader{ctx, r})
	if err != nil {
		return 0, fmt.Errorf("memory: put %s: %w", key, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.bytes[key]; ok {
		return 0, fmt.Errorf("memory: put %s: it exists", key)
	}
	b.bytes[key] = body
	return int64(len(body)), nil
}

// reader fails when ctx is done.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// Open implements [store.Blobs].
func (b *Blobs) Open(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	body, err := b.find(ctx, key)
	if err != nil {
		return nil, err
	}
	if offset < 0 {
		return nil, fmt.Errorf("memory: open %s at %d", key, offset)
	}
	body = body[min(offset, int64(len(body))):]
	if length >= 0 {
		body = body[:min(length, int64(len(body)))]
	}
	return file{bytes.NewReader(body)}, nil
}

// OpenFile implements [store.FileOpener].
func (b *Blobs) OpenFile(ctx context.Context, key string) (store.File, error) {
	body, err := b.find(ctx, key)
	if err != nil {
		return nil, err
	}
	return file{bytes.NewReader(body)}, nil
}

func (b *Blobs) find(ctx context.Context, key string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := store.CheckBlobKey(key); err != nil {
		return nil, err
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	body, ok := b.bytes[key]
	if !ok {
		return nil, fmt.Errorf("memory: open %s: %w", key, store.ErrNotFound)
	}
	return body, nil
}

type file struct{ *bytes.Reader }

func (file) Close() error { return nil }

// Delete implements [store.Blobs].
func (b *Blobs) Delete(ctx context.Context, key string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := store.CheckBlobKey(key); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.bytes, key)
	return nil
}
