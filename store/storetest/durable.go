package storetest

import (
	"fmt"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/store"
)

// RunDurable checks that a store keeps what was committed when it is closed and
// opened again. open opens the store in dir, again and again, and returns the
// function that closes it.
func RunDurable(t *testing.T, open func(t *testing.T, dir string) (s store.Store, closeStore func() error)) {
	// session calls fn with the store in dir open.
	session := func(t *testing.T, dir string, fn func(s records)) {
		t.Helper()
		is := is.New(t)
		s, closeStore := open(t, dir)
		fn(records{is, t, s})
		is.NoErr(closeStore())
	}

	t.Run("what was committed is there after opening again", func(t *testing.T) {
		dir := t.TempDir()
		session(t, dir, func(s records) {
			s.set("a", "1", "b", "2", "c", "3")
			s.set("a", "new")
			s.delete("b")
		})
		session(t, dir, func(s records) { s.Equal(s.everything(), "a=new c=3") })
	})

	t.Run("what was not committed is not", func(t *testing.T) {
		dir := t.TempDir()
		session(t, dir, func(s records) {
			s.set("a", "1")
			tx := s.begin(true)
			s.NoErr(tx.Set("a", []byte("2")))
			tx.Rollback()
		})
		session(t, dir, func(s records) { s.Equal(s.everything(), "a=1") })
	})

	t.Run("a store that is opened again goes on", func(t *testing.T) {
		dir := t.TempDir()
		for i := range 5 {
			session(t, dir, func(s records) {
				s.update(func(w store.Writer) error { return add(w, "n", 1) })
				s.holds("n", fmt.Sprint(i+1))
			})
		}
	})

	t.Run("large values are whole after opening again", func(t *testing.T) {
		dir := t.TempDir()
		value := patterned(store.MaxValue)
		session(t, dir, func(s records) { s.set("a", value, "b", value) })
		session(t, dir, func(s records) {
			s.set("a", "small")
			s.delete("b")
		})
		session(t, dir, func(s records) { s.Equal(s.everything(), "a=small") })
	})

	t.Run("after closing it nothing begins", func(t *testing.T) {
		is := is.New(t)
		s, closeStore := open(t, t.TempDir())
		is.NoErr(closeStore())
		_, err := s.Begin(t.Context(), false)
		is.True(err != nil)
	})
}
