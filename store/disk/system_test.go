package disk

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/store"
)

// recorder is the native system, written down. The call whose number is failAt
// fails instead of happening.
type recorder struct {
	native
	root   string
	calls  []string
	failAt int
}

var errInjected = errors.New("injected")

func (r *recorder) call(what, path string) error {
	name, err := filepath.Rel(r.root, path)
	if err != nil {
		return err
	}
	r.calls = append(r.calls, what+" "+name)
	if len(r.calls) == r.failAt {
		return errInjected
	}
	return nil
}

func (r *recorder) mkdir(dir string) error {
	return errors.Join(r.call("mkdir", dir), r.native.mkdir(dir))
}

func (r *recorder) create(path string) (file, error) {
	if err := r.call("create", path); err != nil {
		return nil, err
	}
	f, err := r.native.create(path)
	if err != nil {
		return nil, err
	}
	return recorded{f, r, path}, nil
}

func (r *recorder) link(from, to string) error {
	if err := r.call("link", to); err != nil {
		return err
	}
	return r.native.link(from, to)
}

func (r *recorder) remove(path string) error {
	if err := r.call("remove", path); err != nil {
		return err
	}
	return r.native.remove(path)
}

func (r *recorder) syncDir(dir string) error {
	if err := r.call("syncDir", dir); err != nil {
		return err
	}
	return r.native.syncDir(dir)
}

type recorded struct {
	file
	r    *recorder
	path string
}

func (f recorded) Write(p []byte) (int, error) {
	if err := f.r.call("write", f.path); err != nil {
		return 0, err
	}
	return f.file.Write(p)
}

func (f recorded) Sync() error {
	if err := f.r.call("sync", f.path); err != nil {
		return err
	}
	return f.file.Sync()
}

func (f recorded) Close() error {
	return errors.Join(f.r.call("close", f.path), f.file.Close())
}

// record opens Blobs over a recorder that has forgotten the opening.
func record(t *testing.T) (*Blobs, *recorder) {
	t.Helper()
	is := is.New(t)
	r := &recorder{root: t.TempDir()}
	b, err := open(r.root, r)
	is.NoErr(err)
	r.calls = nil
	return b, r
}

func TestPutSyncsBeforeItReturns(t *testing.T) {
	is := is.New(t)
	b, r := record(t)
	_, err := b.Put(t.Context(), "abc", strings.NewReader(strings.Repeat("x", bufferSize+1)))
	is.NoErr(err)
	is.Equal(r.calls, []string{
		"mkdir ab",
		"syncDir .", // before anything is in it
		"create ab/abc.tmp",
		"write ab/abc.tmp",
		"write ab/abc.tmp",
		"sync ab/abc.tmp", // before it has its name
		"close ab/abc.tmp",
		"link ab/abc",
		"remove ab/abc.tmp",
		"syncDir ab", // before Put returns
	})
}

func TestPutSyncsTheParentOnce(t *testing.T) {
	is := is.New(t)
	b, r := record(t)
	for _, key := range []string{"abc", "abd"} {
		_, err := b.Put(t.Context(), key, strings.NewReader("some bytes"))
		is.NoErr(err)
	}
	is.Equal(count(r.calls, "syncDir ."), 1)
}

func TestPutSyncsTheParentOfADirectoryItFinds(t *testing.T) {
	is := is.New(t)
	b, r := record(t)
	is.NoErr(native{}.mkdir(filepath.Join(r.root, "ab"))) // by a process that died before the sync
	_, err := b.Put(t.Context(), "abc", strings.NewReader("some bytes"))
	is.NoErr(err)
	is.Equal(count(r.calls, "syncDir ."), 1)
}

func count(calls []string, call string) int {
	return len(slices.DeleteFunc(slices.Clone(calls), func(c string) bool { return c != call }))
}

func TestDeleteSyncsBeforeItReturns(t *testing.T) {
	is := is.New(t)
	b, r := record(t)
	_, err := b.Put(t.Context(), "abc", strings.NewReader("some bytes"))
	is.NoErr(err)

	want := []string{"remove ab/abc", "remove ab/abc.tmp", "syncDir ab"}
	r.calls = nil
	is.NoErr(b.Delete(t.Context(), "abc"))
	is.Equal(r.calls, want)

	r.calls = nil
	is.NoErr(b.Delete(t.Context(), "abc"))
	is.Equal(r.calls, want) // the one before may have died between removal and sync
}

func TestOpenSyncsTheDirectoriesItCreates(t *testing.T) {
	is := is.New(t)
	r := &recorder{root: t.TempDir()}
	_, err := open(filepath.Join(r.root, "a", "b"), r)
	is.NoErr(err)
	is.Equal(r.calls, []string{"mkdir a/b", "mkdir a", "syncDir .", "mkdir a/b", "syncDir a"})
}

// TestPutThatFailsLeavesNothing fails every call there is, one in each round.
func TestPutThatFailsLeavesNothing(t *testing.T) {
	for failAt := 1; ; failAt++ {
		is := is.New(t)
		b, r := record(t)
		r.failAt = failAt
		_, err := b.Put(t.Context(), "abc", strings.NewReader("some bytes"))
		if len(r.calls) < failAt {
			is.NoErr(err)
			is.Equal(failAt, 10) // every call of a Put has had its round
			return
		}
		is.True(errors.Is(err, errInjected)) // the cause comes back
		_, err = b.Open(context.Background(), "abc", 0, -1)
		is.True(errors.Is(err, store.ErrNotFound)) // nothing can be opened

		files, err := filepath.Glob(filepath.Join(r.root, "*", "*"))
		is.NoErr(err)
		is.Equal(len(files), 0) // nor is anything left

		_, err = b.Put(t.Context(), "abc", strings.NewReader("some bytes"))
		is.NoErr(err) // and it may be put again
	}
}

func TestDeleteReportsWhatFails(t *testing.T) {
	for failAt := 1; failAt <= 3; failAt++ {
		is := is.New(t)
		b, r := record(t)
		_, err := b.Put(t.Context(), "abc", strings.NewReader("some bytes"))
		is.NoErr(err)
		r.calls, r.failAt = nil, failAt
		is.True(errors.Is(b.Delete(t.Context(), "abc"), errInjected))
		is.NoErr(b.Delete(t.Context(), "abc")) // and may be repeated
		_, err = b.Open(t.Context(), "abc", 0, -1)
		is.True(errors.Is(err, store.ErrNotFound))
	}
}
