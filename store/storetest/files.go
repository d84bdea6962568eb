package storetest

import (
	"errors"
	"io"
	"math/rand/v2"
	"sync"
	"testing/iotest"

	"github.com/weegloo/weegloo/store"
)

// eachFile calls f with the blob under key opened in both ways.
func (b blobs) eachFile(key string, size int64, f func(file store.File)) {
	b.t.Helper()
	for _, from := range []store.Blobs{b.Blobs, onlyBlobs{b.Blobs}} {
		file, err := store.OpenFile(b.t.Context(), from, key, size)
		b.NoErr(err)
		f(file)
		b.NoErr(file.Close())
	}
}

func (b blobs) fileReadAt() {
	b.put("key", "0123456789")
	b.eachFile("key", 10, func(file store.File) {
		p := make([]byte, 4)
		n, err := file.ReadAt(p, 3)
		b.NoErr(err)
		b.Equal(string(p[:n]), "3456")

		n, err = file.ReadAt(p, 8)
		b.Equal(err, io.EOF) // fewer bytes than asked for
		b.Equal(string(p[:n]), "89")

		n, err = file.ReadAt(p, 10)
		b.Equal(err, io.EOF)
		b.Equal(n, 0)

		_, err = file.ReadAt(p, -1)
		b.True(err != nil)

		rest, err := io.ReadAll(file)
		b.NoErr(err)
		b.Equal(string(rest), "0123456789") // ReadAt has not moved the position
	})
}

func (b blobs) fileConcurrent() {
	body := make([]byte, 1<<20)
	rand.NewChaCha8([32]byte{}).Read(body)
	b.put("key", string(body))
	b.eachFile("key", int64(len(body)), func(file store.File) {
		const n = 8
		errs := make([]error, n)
		parts := make([][]byte, n)
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				parts[i] = make([]byte, len(body)/n)
				_, errs[i] = file.ReadAt(parts[i], int64(i*len(body)/n))
			})
		}
		wg.Wait()
		b.NoErr(errors.Join(errs...))
		var all []byte
		for _, part := range parts {
			all = append(all, part...)
		}
		b.True(string(all) == string(body)) // every part came from its place
	})
}

func (b blobs) fileSeek() {
	b.put("key", "0123456789")
	b.eachFile("key", 10, func(file store.File) {
		for _, c := range []struct {
			offset int64
			whence int
			at     int64
			next   string
		}{
			{4, io.SeekStart, 4, "45"},
			{1, io.SeekCurrent, 7, "78"},
			{-2, io.SeekEnd, 8, "89"},
			{-10, io.SeekCurrent, 0, "01"},
			{2, io.SeekStart, 2, "23"}, // where it is already
		} {
			at, err := file.Seek(c.offset, c.whence)
			b.NoErr(err)
			b.Equal(at, c.at)
			p := make([]byte, 2)
			_, err = io.ReadFull(file, p)
			b.NoErr(err)
			b.Equal(string(p), c.next)
		}

		_, err := file.Seek(-1, io.SeekStart)
		b.True(err != nil)

		at, err := file.Seek(5, io.SeekEnd)
		b.NoErr(err) // past the end is a place
		b.Equal(at, int64(15))
		_, err = file.Read(make([]byte, 1))
		b.Equal(err, io.EOF) // with nothing to read
	})
}

func (b blobs) fileRead() {
	body := "0123456789"
	b.put("key", body)
	b.eachFile("key", int64(len(body)), func(file store.File) {
		b.NoErr(iotest.TestReader(file, []byte(body)))
	})
}

func (b blobs) fileNotFound() {
	for _, from := range []store.Blobs{b.Blobs, onlyBlobs{b.Blobs}} {
		file, err := store.OpenFile(b.t.Context(), from, "key", 10)
		b.True(errors.Is(err, store.ErrNotFound))
		b.True(file == nil)
	}
}
