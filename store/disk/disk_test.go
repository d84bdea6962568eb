package disk_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/disk"
	"github.com/weegloo/weegloo/store/storetest"
)

var (
	_ store.Blobs      = (*disk.Blobs)(nil)
	_ store.FileOpener = (*disk.Blobs)(nil)
)

func open(t *testing.T) *disk.Blobs {
	t.Helper()
	is := is.New(t)
	b, err := disk.Open(t.TempDir())
	is.NoErr(err)
	return b
}

func TestBlobsKeepTheContract(t *testing.T) {
	storetest.RunBlobs(t, func(t *testing.T) store.Blobs { return open(t) })
}

func TestOpenCreatesTheDirectory(t *testing.T) {
	is := is.New(t)
	dir := filepath.Join(t.TempDir(), "a", "b")
	b, err := disk.Open(dir)
	is.NoErr(err)
	_, err = b.Put(t.Context(), "key", strings.NewReader("some bytes"))
	is.NoErr(err)
}

func TestOpenRefusesWhatIsNoDirectory(t *testing.T) {
	is := is.New(t)
	_, err := disk.Open("")
	is.True(err != nil) // no name

	file := filepath.Join(t.TempDir(), "file")
	is.NoErr(os.WriteFile(file, nil, 0o600))
	_, err = disk.Open(file)
	is.True(err != nil) // a file
	_, err = disk.Open(filepath.Join(file, "below"))
	is.True(err != nil) // below a file
}

func TestBlobsAreThereAfterOpeningAgain(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	first, err := disk.Open(dir)
	is.NoErr(err)
	_, err = first.Put(t.Context(), "key", strings.NewReader("some bytes"))
	is.NoErr(err)

	second, err := disk.Open(dir)
	is.NoErr(err)
	r, err := second.Open(t.Context(), "key", 0, -1)
	is.NoErr(err)
	defer r.Close()
	body, err := io.ReadAll(r)
	is.NoErr(err)
	is.Equal(string(body), "some bytes")
}

func TestBlobsLieInShards(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	b, err := disk.Open(dir)
	is.NoErr(err)
	_, err = b.Put(t.Context(), "k3yabc", strings.NewReader("some bytes"))
	is.NoErr(err)

	files, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	is.NoErr(err)
	is.Equal(files, []string{filepath.Join(dir, "k3", "k3yabc")}) // and no temporary file
}

func TestFilesReachTheKernel(t *testing.T) {
	is := is.New(t)
	b := open(t)
	_, err := b.Put(t.Context(), "key", strings.NewReader("some bytes"))
	is.NoErr(err)

	file, err := b.OpenFile(t.Context(), "key")
	is.NoErr(err)
	defer file.Close()
	_, ok := file.(*os.File)
	is.True(ok) // OpenFile returns what sendfile wants

	whole, err := b.Open(t.Context(), "key", 0, -1)
	is.NoErr(err)
	defer whole.Close()
	_, ok = whole.(*os.File)
	is.True(ok) // and so does Open
}

func TestDeleteRemovesTheRemainsOfAnUnfinishedPut(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	b, err := disk.Open(dir)
	is.NoErr(err)
	remains := filepath.Join(dir, "k3", "k3yabc.tmp")
	is.NoErr(os.Mkdir(filepath.Dir(remains), 0o700))
	is.NoErr(os.WriteFile(remains, []byte("ha"), 0o600))

	_, err = b.Put(t.Context(), "k3yabc", strings.NewReader("some bytes"))
	is.True(errors.Is(err, fs.ErrExist)) // in the way, and not removed: it might be another's
	_, err = os.Stat(remains)
	is.NoErr(err)

	is.NoErr(b.Delete(t.Context(), "k3yabc"))
	_, err = os.Stat(remains)
	is.True(errors.Is(err, fs.ErrNotExist))
	_, err = b.Put(t.Context(), "k3yabc", strings.NewReader("some bytes"))
	is.NoErr(err)
}

func TestPutStreams(t *testing.T) {
	is := is.New(t)
	b := open(t)
	const size = 64 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n, err := b.Put(t.Context(), "key", io.LimitReader(zeros{}, size))
	runtime.ReadMemStats(&after)
	is.NoErr(err)
	is.Equal(n, int64(size))
	is.True(after.TotalAlloc-before.TotalAlloc < 2<<20) // one buffer and small change
}

// zeros yields as a multipart body does, in small pieces.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	n := min(len(p), 4<<10)
	clear(p[:n])
	return n, nil
}
