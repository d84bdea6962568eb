package badger

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dgraph-io/badger/v4"
	"github.com/matryer/is"

	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/optimistic"
)

func TestEveryCommitIsSynced(t *testing.T) {
	is := is.New(t)
	s, err := Open(Config{Dir: t.TempDir()})
	is.NoErr(err)
	defer s.Close()
	o := s.db.Opts()
	is.True(o.SyncWrites)
	is.True(!o.DetectConflicts)
	is.Equal(o.NumVersionsToKeep, 1)
	is.True(o.ValueThreshold > partSize)                    // nothing gets into the value log
	is.True(o.MemTableSize*15/100 > store.MaxBytes+512<<10) // Badger takes the largest transaction
}

// openBackend opens a backend that is not synced, with small memtables, so that
// it comes to compacting.
func openBackend(t *testing.T, dir string) *backend {
	t.Helper()
	is := is.New(t)
	db, err := badger.OpenManaged(options(Config{Dir: dir}).WithSyncWrites(false).WithMemTableSize(16 << 20).WithNumLevelZeroTables(1))
	is.NoErr(err)
	t.Cleanup(func() { db.Close() })
	b, err := newBackend(db)
	is.NoErr(err)
	return b
}

func TestCompactionKeepsWhatASnapshotReads(t *testing.T) {
	is := is.New(t)
	b := openBackend(t, t.TempDir())
	is.NoErr(b.Apply([]optimistic.Write{{Key: "a", Value: []byte("old")}, {Key: "b", Value: []byte("old")}}))
	old, err := b.Snapshot()
	is.NoErr(err)
	defer old.Release()

	is.NoErr(b.Apply([]optimistic.Write{{Key: "a", Value: []byte("new")}, {Key: "b", Delete: true}}))
	b.churn(t)

	for key, want := range map[string]string{"a": "old", "b": "old"} {
		got, err := old.Get(key)
		is.NoErr(err)
		is.Equal(string(got), want)
	}
}

func TestCompactionDropsWhatNobodyReads(t *testing.T) {
	is := is.New(t)
	b := openBackend(t, t.TempDir())
	for i := range 100 {
		is.NoErr(b.Apply([]optimistic.Write{{Key: "a", Value: fmt.Append(nil, i)}}))
	}
	b.churn(t)
	is.True(b.versions("a") < 10)
}

// churn writes more memtables full than may wait, so that the first is certain
// to have been written out, and compacts.
func (b *backend) churn(t *testing.T) {
	t.Helper()
	is := is.New(t)
	for i := range 8 * (memTables + 3) {
		is.NoErr(b.Apply([]optimistic.Write{{Key: fmt.Sprint("churn", i), Value: make([]byte, store.MaxValue)}}))
	}
	is.NoErr(b.db.Flatten(2))
}

// versions counts what the database has under a key.
func (b *backend) versions(key string) int {
	txn := b.db.NewTransactionAt(1<<63, false)
	defer txn.Discard()
	it := txn.NewKeyIterator(recordKey(key), badger.IteratorOptions{})
	defer it.Close()
	n := 0
	for it.Rewind(); it.Valid(); it.Next() {
		n++
	}
	return n
}

// countParts counts the parts of all values.
func (b *backend) countParts() int {
	s, err := b.snapshot()
	if err != nil {
		return -1
	}
	defer s.Release()
	it := s.txn.NewIterator(badger.IteratorOptions{Prefix: []byte{partPrefix}})
	defer it.Close()
	n := 0
	for it.Rewind(); it.Valid(); it.Next() {
		n++
	}
	return n
}

// TestACrashLosesNothing opens a copy of a database that was not closed.
func TestACrashLosesNothing(t *testing.T) {
	is := is.New(t)
	dir, copied := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	b := openBackend(t, dir)
	for i := range 50 {
		is.NoErr(b.Apply([]optimistic.Write{{Key: "a", Value: fmt.Append(nil, i)}, {Key: fmt.Sprint("k", i)}}))
	}
	is.NoErr(os.CopyFS(copied, os.DirFS(dir)))

	after := openBackend(t, copied)
	is.Equal(after.horizon.newest(), b.horizon.newest())
	s, err := after.Snapshot()
	is.NoErr(err)
	got, err := s.Get("a")
	is.NoErr(err)
	is.Equal(string(got), "49")
	s.Release()

	is.NoErr(after.Apply([]optimistic.Write{{Key: "a", Value: []byte("newer")}}))
	s, err = after.Snapshot()
	is.NoErr(err)
	defer s.Release()
	got, err = s.Get("a")
	is.NoErr(err)
	is.Equal(string(got), "newer")
}

func TestNoPartOutlivesItsValue(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	b := openBackend(t, dir)
	value := bytes.Repeat([]byte("x"), store.MaxValue)
	write := func(want int, writes ...optimistic.Write) {
		t.Helper()
		is.NoErr(b.Apply(writes))
		is.Equal(b.countParts(), want)
	}
	write(2, optimistic.Write{Key: "a", Value: value})
	write(1, optimistic.Write{Key: "a", Value: value[:partSize+1]})
	write(0, optimistic.Write{Key: "a", Value: value[:partSize]})
	write(2, optimistic.Write{Key: "a", Value: value})
	write(0, optimistic.Write{Key: "a", Delete: true})
	write(0, optimistic.Write{Key: "a", Value: value}, optimistic.Write{Key: "a", Delete: true})
	write(2, optimistic.Write{Key: "a", Value: value[:10]}, optimistic.Write{Key: "a", Value: value})

	is.NoErr(b.db.Close())
	b = openBackend(t, dir)
	write(0, optimistic.Write{Key: "a", Value: value[:10]}) // parts of an earlier session
}

func TestPartsOfKeysThatLookAlikeAreApart(t *testing.T) {
	is := is.New(t)
	b := openBackend(t, t.TempDir())
	values := map[string][]byte{
		"a":         bytes.Repeat([]byte("1"), store.MaxValue),
		"a\x01":     bytes.Repeat([]byte("2"), store.MaxValue),
		"a\x01\x01": bytes.Repeat([]byte("3"), store.MaxValue),
		"a\x02":     bytes.Repeat([]byte("4"), store.MaxValue),
	}
	for key, value := range values {
		is.NoErr(b.Apply([]optimistic.Write{{Key: key, Value: value}}))
	}
	s, err := b.Snapshot()
	is.NoErr(err)
	defer s.Release()
	for key, value := range values {
		got, err := s.Get(key)
		is.NoErr(err)
		is.True(bytes.Equal(got, value))
	}
}

func TestReadersDoNotWaitForACommit(t *testing.T) {
	is := is.New(t)
	b := openBackend(t, t.TempDir())
	is.NoErr(b.Apply([]optimistic.Write{{Key: "a", Value: []byte("1")}}))

	// What Apply does, as far as the moment before it returns.
	txn := b.db.NewTransactionAt(b.horizon.newest(), true)
	is.NoErr(b.write(txn, optimistic.Write{Key: "a", Value: []byte("2")}))
	is.NoErr(txn.CommitAt(b.horizon.newest()+1, nil))

	s, err := b.Snapshot()
	is.NoErr(err)
	defer s.Release()
	got, err := s.Get("a")
	is.NoErr(err)
	is.Equal(string(got), "1") // not yet answered, so not yet seen
}

func TestATooLargeApplyWritesNothing(t *testing.T) {
	is := is.New(t)
	b := openBackend(t, t.TempDir())
	var writes []optimistic.Write
	for i := range 4 {
		writes = append(writes, optimistic.Write{Key: strings.Repeat("k", i+1), Value: make([]byte, store.MaxValue)})
	}
	is.True(errors.Is(b.Apply(writes), badger.ErrTxnTooBig)) // for these small memtables
	s, err := b.Snapshot()
	is.NoErr(err)
	defer s.Release()
	_, err = s.Get("k")
	is.True(errors.Is(err, store.ErrNotFound))
}
