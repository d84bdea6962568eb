package storetest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"

	"github.com/weegloo/weegloo/store"
)

// Loss is what a power cut does to what was not synced.
type Loss string

// The losses. A process that is killed while the machine lives on finds
// everything Kept, or Torn if a Put was under way.
const (
	Kept Loss = "kept" // as it happens, all of it was on disk
	Torn Loss = "torn" // of bytes under way something is there that cannot be opened
	Lost Loss = "lost" // it has not happened
)

// PowerCut are Blobs with an undo log of what is not synced yet. An honest one
// syncs before Put and Delete return; one that Lies does not, and a test that
// does not notice is worth nothing.
type PowerCut struct {
	Lies bool

	blobs store.Blobs
	crash *Crash

	mu       sync.Mutex
	keys     map[string]bool // that can be opened
	remains  map[string]bool // that cannot
	unsynced []undo          // oldest first
}

// undo takes back one Put, or one Delete of these bytes.
type undo struct {
	key     string
	deleted []byte
	put     bool
}

// NewPowerCut are empty Blobs that keep bytes in b. The moments of c, which may
// be nil, are counted before each sync.
func NewPowerCut(b store.Blobs, c *Crash) *PowerCut {
	return &PowerCut{blobs: b, crash: c, keys: map[string]bool{}, remains: map[string]bool{}}
}

// Put implements [store.Blobs].
func (p *PowerCut) Put(ctx context.Context, key string, r io.Reader) (int64, error) {
	if err := store.CheckBlobKey(key); err != nil {
		return 0, err
	}
	if err := p.begin(key); err != nil {
		return 0, err
	}
	body, err := io.ReadAll(ctxReader{ctx, r}) // a crash in here leaves the remains
	var size int64
	if err == nil {
		size, err = p.blobs.Put(ctx, key, bytes.NewReader(body))
	}
	p.ended(key, err == nil)
	if err != nil {
		return size, err
	}
	if err := p.crash.moment("before the sync of %s", key); err != nil {
		return 0, err
	}
	p.sync()
	return size, nil
}

// ctxReader fails when ctx is done.
type ctxReader struct {
	ctx context.Context
	r   io.Reader
}

func (r ctxReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

func (p *PowerCut) begin(key string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.keys[key] || p.remains[key] {
		return fmt.Errorf("storetest: put %s: it exists", key)
	}
	p.remains[key] = true
	p.unsynced = append(p.unsynced, undo{key: key, put: true})
	return nil
}

// ended makes the bytes of a Put whole, or leaves nothing of one that failed.
func (p *PowerCut) ended(key string, whole bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.remains, key)
	if whole {
		p.keys[key] = true
		return
	}
	p.unsynced = slices.DeleteFunc(p.unsynced, func(u undo) bool { return u.key == key })
}

// sync makes all that has happened last.
func (p *PowerCut) sync() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.Lies {
		p.unsynced = nil
	}
}

// Open implements [store.Blobs].
func (p *PowerCut) Open(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	return p.blobs.Open(ctx, key, offset, length)
}

// Delete implements [store.Blobs].
func (p *PowerCut) Delete(ctx context.Context, key string) error {
	if err := p.remove(ctx, key); err != nil {
		return err
	}
	if err := p.crash.moment("before the sync of the delete of %s", key); err != nil {
		return err
	}
	p.sync()
	return nil
}

func (p *PowerCut) remove(ctx context.Context, key string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.keys[key] {
		r, err := p.blobs.Open(ctx, key, 0, -1)
		if err != nil {
			return err
		}
		defer r.Close()
		body, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		p.unsynced = append(p.unsynced, undo{key: key, deleted: body})
	}
	delete(p.keys, key)
	delete(p.remains, key)
	return p.blobs.Delete(ctx, key)
}

// Keys are the keys under which there are bytes, whole or not, in order.
func (p *PowerCut) Keys() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := maps.Clone(p.keys)
	maps.Copy(all, p.remains)
	return slices.Sorted(maps.Keys(all))
}

// Cut is the power cut. No call may be under way, except for those that a
// [Crash] has ended.
func (p *PowerCut) Cut(ctx context.Context, loss Loss) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.crash = nil // of the process that is gone
	for _, u := range slices.Backward(p.unsynced) {
		if err := p.take(ctx, u, loss); err != nil {
			return err
		}
	}
	p.unsynced = nil
	return nil
}

// take lets one thing that was not synced come to its loss.
func (p *PowerCut) take(ctx context.Context, u undo, loss Loss) error {
	switch {
	case loss == Kept, loss == Torn && !u.put:
		return nil
	case u.put:
		delete(p.keys, u.key)
		delete(p.remains, u.key)
		if loss == Torn {
			p.remains[u.key] = true
		}
		return p.blobs.Delete(ctx, u.key)
	}
	p.keys[u.key] = true
	_, err := p.blobs.Put(ctx, u.key, bytes.NewReader(u.deleted))
	return err
}
