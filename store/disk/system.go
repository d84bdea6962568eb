package disk

import (
	"io"
	"os"
	"runtime"
)

// system is what changes the file system. It is apart so that a test can see
// each call, and fail it: whether a power cut loses a blob depends on nothing
// but their order.
type system interface {
	mkdir(dir string) error
	create(path string) (file, error) // the path must not exist
	link(from, to string) error       // nor to
	remove(path string) error
	syncDir(dir string) error
}

type file interface {
	io.WriteCloser
	Sync() error
}

// native is the system of the operating system.
type native struct{}

func (native) mkdir(dir string) error { return os.Mkdir(dir, 0o700) }

func (native) create(path string) (file, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (native) link(from, to string) error { return os.Link(from, to) }

func (native) remove(path string) error { return os.Remove(path) }

func (native) syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // a directory cannot be synced, and NTFS keeps a journal of its own
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if closeErr := d.Close(); err == nil {
		err = closeErr
	}
	return err
}
