package badger_test

import (
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
