package store_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/memory"
)

func TestCheckBlobKey(t *testing.T) {
	is := is.New(t)
	for _, key := range []string{"a", "Z", "09", "_-", strings.Repeat("a", 64)} {
		is.NoErr(store.CheckBlobKey(key))
	}
	for _, key := range []string{"", ".", "a.b", "a/b", "ä", "a ", "a\n", "@", "[", "`", "{", strings.Repeat("a", 65)} {
		is.True(store.CheckBlobKey(key) != nil)
	}
}

// streams is Blobs without OpenFile. It counts, and can cut what it opens.
type streams struct {
	store.Blobs
	opened, closed int
	cut            int64 // bytes that are missing at the end
}

func (s *streams) Open(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	r, err := s.Blobs.Open(ctx, key, offset, length-s.cut)
	if err != nil {
		return nil, err
	}
	s.opened++
	return stream{r, s}, nil
}

type stream struct {
	io.ReadCloser
	s *streams
}

func (s stream) Close() error {
	s.s.closed++
	return s.ReadCloser.Close()
}

func openFile(t *testing.T, body string, cut int64) (store.File, *streams) {
	t.Helper()
	is := is.New(t)
	s := &streams{Blobs: memory.NewBlobs(), cut: cut}
	_, err := s.Put(t.Context(), "key", strings.NewReader(body))
	is.NoErr(err)
	f, err := store.OpenFile(t.Context(), s, "key", int64(len(body)))
	is.NoErr(err)
	return f, s
}

func TestReadingAFileOnNeedsOneStream(t *testing.T) {
	is := is.New(t)
	f, s := openFile(t, "0123456789", 0)
	at, err := f.Seek(0, io.SeekEnd) // how net/http asks for the size
	is.NoErr(err)
	is.Equal(at, int64(10))
	_, err = f.Seek(0, io.SeekStart)
	is.NoErr(err)
	p := make([]byte, 2)
	for range 5 {
		_, err := io.ReadFull(f, p)
		is.NoErr(err)
	}
	_, err = f.Read(p)
	is.Equal(err, io.EOF)
	is.NoErr(f.Close())
	is.Equal(s.opened, 1)
	is.Equal(s.closed, 1)
}

func TestReadAtLeavesNoStreamOpen(t *testing.T) {
	is := is.New(t)
	f, s := openFile(t, "0123456789", 0)
	for range 3 {
		_, err := f.ReadAt(make([]byte, 20), 5)
		is.Equal(err, io.EOF)
	}
	is.NoErr(f.Close())
	is.Equal(s.opened, 4)
	is.Equal(s.closed, s.opened)
}

func TestAFileThatIsShorterThanItsSizeIsAnError(t *testing.T) {
	is := is.New(t)
	f, _ := openFile(t, "0123456789", 3)
	_, err := io.ReadAll(f)
	is.True(errors.Is(err, io.ErrUnexpectedEOF)) // Read
	_, err = f.ReadAt(make([]byte, 10), 0)
	is.True(errors.Is(err, io.ErrUnexpectedEOF)) // ReadAt
	is.NoErr(f.Close())
}
