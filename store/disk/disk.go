// Package disk keeps blobs as files.
//
// The blob k3yabc is the file k3/k3yabc below the store's directory. While it
// is being put it is k3/k3yabc.tmp, so that Delete finds what a process that
// died has left; no directory is ever walked. Nobody else may write there.
//
// Durability: when Put returns, the bytes and every directory entry that leads
// to them are synced, and when Delete returns, so is the removal. Both survive
// a power cut as far as the disk keeps what it has said it has.
//
// On a file system that ignores case, keys that differ only in case are the
// same file. Nothing is overwritten there either, but Open may find the other
// one: use keys that are random enough.
package disk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/weegloo/weegloo/store"
)

// bufferSize is what is read before it is written. A multipart body yields 4 KiB
// at a time; writing those as they come takes half as long again.
const bufferSize = 256 << 10

// Blobs is a [store.Blobs] of files.
type Blobs struct {
	dir     string
	system  system
	buffers sync.Pool

	mu     sync.Mutex
	shards map[string]struct{} // whose entry in dir is known to be synced
}

// Open returns the Blobs in dir, which is created if it does not exist.
func Open(dir string) (*Blobs, error) {
	return open(dir, native{})
}

func open(dir string, sys system) (*Blobs, error) {
	if dir == "" {
		return nil, errors.New("disk: no directory given")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("disk: %w", err)
	}
	if err := makeDir(sys, dir); err != nil {
		return nil, fmt.Errorf("disk: %w", err)
	}
	return &Blobs{
		dir:     dir,
		system:  sys,
		buffers: sync.Pool{New: func() any { return new([bufferSize]byte) }},
		shards:  make(map[string]struct{}),
	}, nil
}

// makeDir creates dir and what is missing above it, durably.
func makeDir(sys system, dir string) error {
	err := sys.mkdir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeDir(sys, filepath.Dir(dir)); err != nil {
			return err
		}
		err = sys.mkdir(dir)
	}
	if errors.Is(err, fs.ErrExist) {
		entry, err := os.Stat(dir)
		if err == nil && !entry.IsDir() {
			err = fmt.Errorf("%s is not a directory", dir)
		}
		return err
	}
	if err != nil {
		return err
	}
	return sys.syncDir(filepath.Dir(dir))
}

// Put implements [store.Blobs]. It refuses a key under which an earlier Put was
// cut short by the end of its process, until Delete has removed the remains.
func (b *Blobs) Put(ctx context.Context, key string, r io.Reader) (int64, error) {
	if err := store.CheckBlobKey(key); err != nil {
		return 0, err
	}
	size, err := b.put(ctx, b.path(key), r)
	if err != nil {
		return 0, fmt.Errorf("disk: put %s: %w", key, err)
	}
	return size, nil
}

func (b *Blobs) put(ctx context.Context, path string, r io.Reader) (size int64, err error) {
	if err := b.makeShard(filepath.Dir(path)); err != nil {
		return 0, err
	}
	temporary := path + temporarySuffix
	f, err := b.system.create(temporary)
	if err != nil {
		return 0, err // and not ours to remove
	}
	size, err = b.fill(ctx, f, r)
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = b.publish(temporary, path)
	}
	if err != nil {
		b.system.remove(temporary) // what stays is found by Delete
		return 0, err
	}
	return size, nil
}

const temporarySuffix = ".tmp"

func (b *Blobs) path(key string) string {
	return filepath.Join(b.dir, key[:min(2, len(key))], key)
}

// makeShard sees to it that the directory's own entry is on disk. A directory
// that exists proves nothing: whoever made it, another Put or a process that
// died, may not have come to the sync. So the first use by this process syncs,
// and the others wait for it.
func (b *Blobs) makeShard(dir string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.shards[dir]; ok {
		return nil
	}
	if err := b.system.mkdir(dir); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := b.system.syncDir(b.dir); err != nil {
		return err
	}
	b.shards[dir] = struct{}{}
	return nil
}

// fill copies r to f in whole buffers.
func (b *Blobs) fill(ctx context.Context, f io.Writer, r io.Reader) (size int64, err error) {
	buffer := b.buffers.Get().(*[bufferSize]byte)
	defer b.buffers.Put(buffer)
	for {
		n, readErr := readFull(ctx, r, buffer[:])
		if n > 0 {
			written, err := f.Write(buffer[:n])
			size += int64(written)
			if err != nil {
				return size, err
			}
		}
		if readErr == io.EOF {
			return size, nil
		}
		if readErr != nil {
			return size, readErr
		}
	}
}

// readFull fills p unless r ends or ctx is done before.
func readFull(ctx context.Context, r io.Reader, p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		var read int
		read, err = r.Read(p[n:])
		n += read
	}
	return n, err
}

// publish gives a finished file its name. A link, unlike a rename, never
// replaces what is there.
func (b *Blobs) publish(temporary, path string) error {
	if err := b.system.link(temporary, path); err != nil {
		return err
	}
	err := b.system.remove(temporary)
	if err == nil {
		err = b.system.syncDir(filepath.Dir(path))
	}
	if err != nil {
		b.system.remove(path) // a Put that fails leaves nothing to be opened
	}
	return err
}

// Delete implements [store.Blobs].
func (b *Blobs) Delete(ctx context.Context, key string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := store.CheckBlobKey(key); err != nil {
		return err
	}
	if err := b.remove(b.path(key)); err != nil {
		return fmt.Errorf("disk: delete %s: %w", key, err)
	}
	return nil
}

// remove syncs even when it finds nothing: an earlier attempt may have died
// between the removal and the sync.
func (b *Blobs) remove(path string) error {
	for _, name := range []string{path, path + temporarySuffix} {
		if err := b.system.remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	err := b.system.syncDir(filepath.Dir(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // without a directory there was no blob
	}
	return err
}
