package storetest

import (
	"context"
	"errors"

	"github.com/weegloo/weegloo/store"
)

func isolationCases() []storeCase {
	return []storeCase{
		{"a view is one state", records.viewIsOneState},
		{"a writable transaction reads one state", records.updateIsOneState},
		{"what began after a commit sees it", records.seesCommits},
		{"a view does not hold up updates", records.viewHoldsUpNobody},
		{"an open writer holds up nobody", records.writerHoldsUpNobody},
		{"a transaction that is not writable refuses writes", records.readOnly},
		{"a rollback drops the writes", records.rollback},
		{"rollback after commit does nothing", records.rollbackAfterCommit},
		{"after its end a transaction is of no use", records.afterEnd},
		{"a transaction may end inside of its scan", records.endInsideScan},
		{"begin fails when its context is done", records.beginDone},
		{"commit fails when its context is done", records.commitDone},
	}
}

func (s records) viewIsOneState()   { s.oneState(false) }
func (s records) updateIsOneState() { s.oneState(true) }

func (s records) oneState(writable bool) {
	s.set("a", "1", "b", "2", "c", "3")
	tx := s.begin(writable)
	s.set("a", "new", "bb", "new")
	s.delete("c")
	s.sees(tx, "a", "1")
	s.sees(tx, "c", "3")
	s.misses(tx, "bb")
	s.Equal(s.scan(tx, store.Range{}), "a=1 b=2 c=3")
	s.Equal(s.scan(tx, store.Range{Reverse: true}), "c=3 b=2 a=1")
	s.Equal(s.everything(), "a=new b=2 bb=new")
}

func (s records) seesCommits() {
	for _, value := range []string{"1", "2", "3"} {
		s.set("a", value)
		s.each(func(r store.Reader) { s.sees(r, "a", value) })
	}
}

func (s records) viewHoldsUpNobody() {
	s.set("a", "1")
	s.view(func(r store.Reader) error {
		for e, err := range r.Scan(store.Range{}) {
			s.NoErr(err)
			s.set(e.Key, "2") // would not return
		}
		s.sees(r, "a", "1")
		return nil
	})
	s.holds("a", "2")
}

func (s records) writerHoldsUpNobody() {
	s.set("a", "1")
	tx := s.begin(true)
	s.sees(tx, "a", "1")
	s.NoErr(tx.Set("b", []byte("1")))
	s.holds("a", "1") // a view while it is open
	s.set("c", "1")   // an update too
	s.NoErr(tx.Commit())
	s.Equal(s.everything(), "a=1 b=1 c=1")
}

func (s records) readOnly() {
	tx := s.begin(false)
	s.True(tx.Set("a", []byte("1")) != nil)
	s.True(tx.Delete("a") != nil)
	s.NoErr(tx.Commit())
	s.Equal(s.everything(), "")
}

func (s records) rollback() {
	s.set("a", "1")
	tx := s.begin(true)
	s.NoErr(tx.Set("a", []byte("new")))
	s.NoErr(tx.Set("b", []byte("new")))
	tx.Rollback()
	tx.Rollback() // as often as one likes
	s.Equal(s.everything(), "a=1")
}

func (s records) rollbackAfterCommit() {
	tx := s.begin(true)
	s.NoErr(tx.Set("a", []byte("1")))
	s.NoErr(tx.Commit())
	tx.Rollback()
	s.holds("a", "1")
}

func (s records) afterEnd() {
	s.set("a", "1")
	for _, end := range []func(tx store.Tx){
		store.Tx.Rollback,
		func(tx store.Tx) { s.NoErr(tx.Commit()) },
	} {
		tx := s.begin(true)
		end(tx)
		_, err := tx.Get("a")
		s.True(err != nil && !errors.Is(err, store.ErrNotFound)) // Get
		s.True(tx.Set("a", []byte("2")) != nil)                  // Set
		s.True(tx.Delete("a") != nil)                            // Delete
		s.True(tx.Commit() != nil)                               // Commit
		n := 0
		for _, err := range tx.Scan(store.Range{}) {
			s.True(err != nil) // Scan
			n++
		}
		s.Equal(n, 1)
	}
	s.Equal(s.everything(), "a=1")
}

func (s records) endInsideScan() {
	s.set("a", "1", "b", "2")
	for _, end := range []func(tx store.Tx){
		store.Tx.Rollback,
		func(tx store.Tx) { s.NoErr(tx.Commit()) },
	} {
		tx := s.begin(true)
		var errs []error
		for _, err := range tx.Scan(store.Range{}) {
			errs = append(errs, err)
			end(tx)
			end = store.Tx.Rollback
		}
		s.Equal(len(errs), 2)
		s.NoErr(errs[0])
		s.True(errs[1] != nil)
	}
}

func (s records) beginDone() {
	ctx, cancel := context.WithCancel(s.t.Context())
	cancel()
	for _, writable := range []bool{false, true} {
		_, err := s.Begin(ctx, writable)
		s.True(errors.Is(err, context.Canceled))
	}
}

func (s records) commitDone() {
	ctx, cancel := context.WithCancel(s.t.Context())
	tx, err := s.Begin(ctx, true)
	s.NoErr(err)
	s.NoErr(tx.Set("a", []byte("1")))
	cancel()
	err = tx.Commit()
	s.True(errors.Is(err, context.Canceled))
	s.True(!errors.Is(err, store.ErrUnknownOutcome)) // it did not happen
	s.lacks("a")
}
