package badger_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/badger"
	"github.com/weegloo/weegloo/store/storetest"
)

func open(t *testing.T, dir string) *badger.Store {
	t.Helper()
	is := is.New(t)
	s, err := badger.Open(badger.Config{Dir: dir})
	is.NoErr(err)
	return s
}

func TestStoreKeepsTheContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store {
		s := open(t, t.TempDir())
		t.Cleanup(func() { is.New(t).NoErr(s.Close()) })
		return s
	})
}

func TestStoreIsDurable(t *testing.T) {
	storetest.RunDurable(t, func(t *testing.T, dir string) (store.Store, func() error) {
		s := open(t, dir)
		return s, s.Close
	})
}

func TestOpenWithoutADirectoryIsRefused(t *testing.T) {
	is := is.New(t)
	_, err := badger.Open(badger.Config{})
	is.True(err != nil)
}

func TestADirectoryIsOpenOnce(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	first := open(t, dir)
	_, err := badger.Open(badger.Config{Dir: dir})
	is.True(err != nil)
	is.True(strings.Contains(err.Error(), dir)) // says which
	is.True(strings.Contains(err.Error(), "Another process is using"))

	is.NoErr(first.Close())
	again := open(t, dir)
	is.NoErr(again.Close())
	is.NoErr(again.Close()) // as often as one likes
}

func TestTransactionsFailAfterClose(t *testing.T) {
	is := is.New(t)
	s := open(t, t.TempDir())
	is.NoErr(store.Update(t.Context(), s, func(w store.Writer) error { return w.Set("a", nil) }))
	tx, err := s.Begin(t.Context(), true)
	is.NoErr(err)
	is.NoErr(s.Close())

	_, err = tx.Get("a")
	is.True(err != nil && !errors.Is(err, store.ErrNotFound)) // Get
	for _, err := range tx.Scan(store.Range{}) {
		is.True(err != nil) // Scan
	}
	is.NoErr(tx.Set("b", nil))
	is.True(errors.Is(tx.Commit(), store.ErrUnknownOutcome)) // Commit
}

func TestBadgerSpeaksThroughTheLogger(t *testing.T) {
	is := is.New(t)
	var said bytes.Buffer
	level := &slog.HandlerOptions{Level: slog.LevelDebug}
	s, err := badger.Open(badger.Config{Dir: t.TempDir(), Logger: slog.New(slog.NewTextHandler(&said, level))})
	is.NoErr(err)
	is.NoErr(s.Close())
	is.True(strings.Contains(said.String(), "badger: "))
	is.True(!strings.Contains(said.String(), "level=INFO")) // its inner life is for debuggers
}
