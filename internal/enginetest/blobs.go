package enginetest

import (
	"context"
	"io"
	"maps"
	"slices"
	"sync"

	"github.com/weegloo/weegloo/store/memory"
)

// Blobs are memory.Blobs that can be listed.
type Blobs struct {
	*memory.Blobs

	mu   sync.Mutex
	keys map[string]bool
}

// NewBlobs are empty Blobs.
func NewBlobs() *Blobs {
	return &Blobs{Blobs: memory.NewBlobs(), keys: map[string]bool{}}
}

// Put implements store.Blobs.
func (b *Blobs) Put(ctx context.Context, key string, r io.Reader) (int64, error) {
	size, err := b.Blobs.Put(ctx, key, r)
	if err == nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.keys[key] = true
	}
	return size, err
}

// Delete implements store.Blobs.
func (b *Blobs) Delete(ctx context.Context, key string) error {
	err := b.Blobs.Delete(ctx, key)
	if err == nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.keys, key)
	}
	return err
}

// Keys are the keys of all bytes there are, in order.
func (b *Blobs) Keys() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Sorted(maps.Keys(b.keys))
}
