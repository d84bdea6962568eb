package storetest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/store"
)

// RunBlobs checks that the Blobs which open returns keep the contract, one
// named case for each rule. open is called for each case and returns an empty
// store.
func RunBlobs(t *testing.T, open func(t *testing.T) store.Blobs) {
	for _, c := range blobCases() {
		t.Run(c.name, func(t *testing.T) {
			c.run(blobs{is.New(t), t, open(t)})
		})
	}
}

type blobCase struct {
	name string
	run  func(b blobs)
}

func blobCases() []blobCase {
	return []blobCase{
		{"what was put is read", blobs.readBack},
		{"an empty blob is a blob", blobs.empty},
		{"nothing under a key is not found", blobs.notFound},
		{"a range is cut at the end", blobs.ranges},
		{"a negative offset is refused", blobs.negativeOffset},
		{"a key is written once", blobs.writeOnce},
		{"a reader that fails leaves nothing", blobs.readerFails},
		{"the error of the reader comes back", blobs.readerError},
		{"a key whose put failed may be put again", blobs.putAgain},
		{"nothing is visible before put returns", blobs.invisible},
		{"a context that is done beforehand stops everything", blobs.doneBefore},
		{"a context that is done half-way leaves nothing", blobs.doneHalfway},
		{"deleted is not found", blobs.deleted},
		{"deleting nothing is no error", blobs.deleteAbsent},
		{"a reader outlives the deletion", blobs.deleteWhileOpen},
		{"keys that are not names are refused", blobs.badKeys},
		{"keys of every allowed shape are told apart", blobs.goodKeys},
		{"blobs are independent when put at the same time", blobs.concurrent},
		{"a file reads at any offset", blobs.fileReadAt},
		{"a file is read at many places at the same time", blobs.fileConcurrent},
		{"a file seeks", blobs.fileSeek},
		{"a file reads to its end", blobs.fileRead},
		{"a file of nothing is not found", blobs.fileNotFound},
	}
}

// blobs is what a case works with. The cases of files run twice: over the
// store's own OpenFile, if it has one, and over the fallback.
type blobs struct {
	*is.I
	t *testing.T
	store.Blobs
}

// onlyBlobs hides FileOpener.
type onlyBlobs struct{ store.Blobs }

func (b blobs) put(key, body string) {
	b.t.Helper()
	size, err := b.Put(b.t.Context(), key, strings.NewReader(body))
	b.NoErr(err)
	b.Equal(size, int64(len(body)))
}

func (b blobs) read(key string, offset, length int64) string {
	b.t.Helper()
	r, err := b.Open(b.t.Context(), key, offset, length)
	b.NoErr(err)
	body, err := io.ReadAll(r)
	b.NoErr(err)
	b.NoErr(r.Close())
	return string(body)
}

func (b blobs) absent(key string) {
	b.t.Helper()
	_, err := b.Open(b.t.Context(), key, 0, -1)
	b.True(errors.Is(err, store.ErrNotFound)) // nothing is under the key
}

func (b blobs) readBack() {
	b.put("key", "some bytes")
	b.Equal(b.read("key", 0, -1), "some bytes")
	b.Equal(b.read("key", 0, -1), "some bytes") // as often as one likes
}

func (b blobs) empty() {
	b.put("key", "")
	b.Equal(b.read("key", 0, -1), "")
	b.Equal(b.read("key", 3, 5), "")
}

func (b blobs) notFound() {
	b.absent("key")
	b.put("key", "some bytes")
	b.absent("ke")
	b.absent("key2")
}

func (b blobs) ranges() {
	b.put("key", "0123456789")
	for _, c := range []struct {
		offset, length int64
		want           string
	}{
		{0, -1, "0123456789"},
		{3, -1, "3456789"},
		{3, 4, "3456"},
		{3, 0, ""},
		{3, 100, "3456789"},
		{9, 1, "9"},
		{10, -1, ""},
		{10, 5, ""},
		{11, -1, ""},
		{1 << 40, 5, ""},
		{2, 1<<63 - 1, "23456789"},
	} {
		b.Equal(b.read("key", c.offset, c.length), c.want)
	}
}

func (b blobs) negativeOffset() {
	b.put("key", "0123456789")
	_, err := b.Open(b.t.Context(), "key", -1, 5)
	b.True(err != nil)
}

func (b blobs) writeOnce() {
	b.put("key", "first")
	_, err := b.Put(b.t.Context(), "key", strings.NewReader("second"))
	b.True(err != nil) // refused
	b.Equal(b.read("key", 0, -1), "first")
}

func (b blobs) readerFails() {
	for key, body := range map[string]io.Reader{
		"atOnce":   iotest.ErrReader(io.ErrUnexpectedEOF),
		"midway":   io.MultiReader(strings.NewReader("half"), iotest.ErrReader(io.ErrUnexpectedEOF)),
		"withData": iotest.DataErrReader(io.MultiReader(strings.NewReader("half"), iotest.ErrReader(io.ErrUnexpectedEOF))),
	} {
		_, err := b.Put(b.t.Context(), key, body)
		b.True(err != nil)
		b.absent(key)
	}
}

func (b blobs) readerError() {
	own := errors.New("the client went away")
	_, err := b.Put(b.t.Context(), "key", io.MultiReader(strings.NewReader("half"), iotest.ErrReader(own)))
	b.True(errors.Is(err, own))
}

func (b blobs) putAgain() {
	_, err := b.Put(b.t.Context(), "key", iotest.ErrReader(io.ErrUnexpectedEOF))
	b.True(err != nil)
	b.put("key", "the second time")
	b.Equal(b.read("key", 0, -1), "the second time")
}

// invisible looks from inside the reader that is being put.
func (b blobs) invisible() {
	looked := false
	body := io.MultiReader(
		bytes.NewReader(make([]byte, 1<<20)),
		readerFunc(func([]byte) (int, error) {
			looked = true
			b.absent("key")
			return 0, io.EOF
		}),
	)
	_, err := b.Put(b.t.Context(), "key", body)
	b.NoErr(err)
	b.True(looked)
	b.Equal(len(b.read("key", 0, -1)), 1<<20)
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func (b blobs) doneBefore() {
	b.put("there", "some bytes")
	ctx, cancel := context.WithCancel(b.t.Context())
	cancel()

	_, err := b.Put(ctx, "key", strings.NewReader("some bytes"))
	b.True(errors.Is(err, context.Canceled)) // Put
	_, err = b.Open(ctx, "there", 0, -1)
	b.True(errors.Is(err, context.Canceled)) // Open
	b.True(errors.Is(b.Delete(ctx, "there"), context.Canceled))

	b.absent("key")
	b.Equal(b.read("there", 0, -1), "some bytes")
}

// doneHalfway has a body without end, so that only the context can end it.
func (b blobs) doneHalfway() {
	ctx, cancel := context.WithCancel(b.t.Context())
	read := 0
	_, err := b.Put(ctx, "key", readerFunc(func(p []byte) (int, error) {
		if read += len(p); read > 2<<20 {
			cancel()
		}
		return len(p), nil
	}))
	b.True(errors.Is(err, context.Canceled))
	b.absent("key")
}

func (b blobs) deleted() {
	b.put("key", "some bytes")
	b.put("other", "stays")
	b.NoErr(b.Delete(b.t.Context(), "key"))
	b.absent("key")
	b.Equal(b.read("other", 0, -1), "stays")
}

func (b blobs) deleteAbsent() {
	b.NoErr(b.Delete(b.t.Context(), "key"))
	b.put("key", "some bytes")
	b.NoErr(b.Delete(b.t.Context(), "key"))
	b.NoErr(b.Delete(b.t.Context(), "key"))
}

func (b blobs) deleteWhileOpen() {
	body := strings.Repeat("0123456789", 100_000)
	b.put("key", body)
	r, err := b.Open(b.t.Context(), "key", 0, -1)
	b.NoErr(err)
	defer r.Close()
	half := make([]byte, len(body)/2)
	_, err = io.ReadFull(r, half)
	b.NoErr(err)

	b.NoErr(b.Delete(b.t.Context(), "key"))

	rest, err := io.ReadAll(r)
	b.NoErr(err)
	b.True(string(half)+string(rest) == body)
}

func (b blobs) badKeys() {
	for _, key := range []string{
		"", ".", "..", "a.tmp", "a/b", "/a", "../a", `a\b`, "a b", "a\x00", "ä", "a:b", strings.Repeat("a", 65),
	} {
		_, err := b.Put(b.t.Context(), key, strings.NewReader("some bytes"))
		b.True(err != nil) // Put
		_, err = b.Open(b.t.Context(), key, 0, -1)
		b.True(err != nil)                          // Open
		b.True(b.Delete(b.t.Context(), key) != nil) // Delete
	}
}

func (b blobs) goodKeys() {
	keys := []string{"a", "ab", "abc", "ab-", "ab_", "-", "_", "--", "-a", "0", strings.Repeat("z", 64)}
	for _, key := range keys {
		b.put(key, "the bytes of "+key)
	}
	for _, key := range keys {
		b.Equal(b.read(key, 0, -1), "the bytes of "+key)
	}
}

func (b blobs) concurrent() {
	const n = 32
	body := func(i int) string { return strings.Repeat(string(rune('a'+i%26)), 1000*i) }
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			_, errs[i] = b.Put(b.t.Context(), key(i), iotest.HalfReader(strings.NewReader(body(i))))
		})
	}
	wg.Wait()
	b.NoErr(errors.Join(errs...))
	for i := range n {
		b.True(b.read(key(i), 0, -1) == body(i)) // each has its own bytes
	}
}

func key(i int) string { return "k" + string(rune('a'+i/26)) + string(rune('a'+i%26)) }
