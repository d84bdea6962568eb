package faults_test

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/weegloo/weegloo/store/badger"
	"github.com/weegloo/weegloo/store/disk"
	"github.com/weegloo/weegloo/store/storetest"
)

var every = flag.Int("faults.every", 43, "crash over Badger and disk at each n-th moment; 1 is all")

// folder are disk.Blobs that can be listed by walking, remains included.
type folder struct {
	*disk.Blobs
	dir string
}

func openFolder(t *testing.T, dir string) folder {
	t.Helper()
	b, err := disk.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return folder{b, dir}
}

// Keys implements invariant.Blobs.
func (f folder) Keys() []string {
	var keys []string
	_ = filepath.WalkDir(f.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			keys = append(keys, strings.TrimSuffix(filepath.Base(path), ".tmp"))
		}
		return err
	})
	slices.Sort(keys)
	return slices.Compact(keys)
}

// TestKilledOverBadgerAndDisk stops the world at moments of a whole life, and
// opens a copy of the directories as they are just then: what the next process
// finds of one that was killed, and did not close anything.
func TestKilledOverBadgerAndDisk(t *testing.T) {
	records, blobs := open(t, t.TempDir())
	moments := undisturbed(t, newWorld(t, records, blobs), &storetest.Crash{})
	if err := records.Close(); err != nil {
		t.Fatal(err)
	}
	killed := 0
	for n := 1; n <= len(moments); n += *every {
		killAt(t, n, moments[n-1])
		killed++
	}
	t.Logf("killed at %d of %d moments", killed, len(moments))
}

// open opens the stores in dir.
func open(t *testing.T, dir string) (*badger.Store, folder) {
	t.Helper()
	records, err := badger.Open(badger.Config{Dir: filepath.Join(dir, "records")})
	if err != nil {
		t.Fatal(err)
	}
	return records, openFolder(t, filepath.Join(dir, "blobs"))
}

// killAt is a life over the real stores that ends at its n-th moment.
func killAt(t *testing.T, n int, m moment) {
	t.Helper()
	dir, copied := t.TempDir(), t.TempDir()
	records, blobs := open(t, dir)
	w := newWorld(t, records, blobs)
	crash := &storetest.Crash{At: n}
	l := &life{engine: w.engine(through(crash)), clock: w.clock, acked: func() {}}
	l.run()
	if !errors.Is(l.err, storetest.ErrStopped) {
		t.Fatalf("crash %d was planned and never came: %v", n, l.err)
	}
	copyDir(t, dir, copied)
	if err := records.Close(); err != nil {
		t.Fatal(err)
	}
	records, blobs = open(t, copied)
	w.store, w.blobs = records, blobs
	w.finds(m)
	w.recovers(m)
	if err := records.Close(); err != nil {
		t.Fatal(err)
	}
}

// copyDir copies files as they are, with their holes: Badger's are mostly that.
func copyDir(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil || d.IsDir() {
			return errors.Join(err, os.MkdirAll(filepath.Join(to, name), 0o700))
		}
		return copyFile(path, filepath.Join(to, name))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer out.Close()
	buffer, zeros := make([]byte, 1<<20), make([]byte, 1<<20)
	size := int64(0)
	for {
		n, err := io.ReadFull(in, buffer)
		if !bytes.Equal(buffer[:n], zeros[:n]) {
			if _, err := out.WriteAt(buffer[:n], size); err != nil {
				return err
			}
		}
		if size += int64(n); err != nil {
			break // the end, as far as a test needs to know
		}
	}
	return out.Truncate(size)
}
