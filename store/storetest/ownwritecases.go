package storetest

import (
	"errors"
	"fmt"

	"github.com/weegloo/weegloo/store"
)

func ownWriteCases() []storeCase {
	return []storeCase{
		{"are read", records.ownRead},
		{"are scanned among what is committed", records.ownScanned},
		{"are scanned within the bounds only", records.ownBounds},
		{"are scanned where nothing is committed", records.ownAlone},
		{"leave their values out of a scan of keys", records.ownKeysOnly},
		{"stay out of sight until they are committed", records.ownInvisible},
		{"the last one to a key counts", records.ownLast},
		{"may be made while a scan is under way", records.ownDuringScan},
	}
}

func (s records) ownRead() {
	s.set("a", "1", "b", "2")
	tx := s.begin(true)
	s.NoErr(tx.Set("a", []byte("new")))
	s.NoErr(tx.Delete("b"))
	s.NoErr(tx.Set("c", []byte("3")))
	s.sees(tx, "a", "new")
	s.misses(tx, "b")
	s.sees(tx, "c", "3")
	s.NoErr(tx.Set("b", []byte("back")))
	s.NoErr(tx.Delete("c"))
	s.sees(tx, "b", "back")
	s.misses(tx, "c")
}

// scattered writes between, before, after and over what is committed.
func (s records) scattered() store.Tx {
	s.t.Helper()
	s.set("b", "2", "d", "4", "f", "6", "h", "8")
	tx := s.begin(true)
	s.NoErr(errors.Join(
		tx.Set("a", []byte("new")),
		tx.Set("c", []byte("new")),
		tx.Set("d", []byte("over")),
		tx.Delete("f"),
		tx.Delete("g"), // nothing is there
		tx.Set("i", []byte("new")),
		tx.Set("j", []byte("new")),
		tx.Delete("j"),
	))
	return tx
}

func (s records) ownScanned() {
	tx := s.scattered()
	s.Equal(s.scan(tx, store.Range{}), "a=new b=2 c=new d=over h=8 i=new")
	s.Equal(s.scan(tx, store.Range{Reverse: true}), "i=new h=8 d=over c=new b=2 a=new")
	s.NoErr(tx.Commit())
	s.Equal(s.everything(), "a=new b=2 c=new d=over h=8 i=new")
}

func (s records) ownBounds() {
	tx := s.scattered()
	for _, c := range []struct {
		from, to          string
		forward, backward string
	}{
		{"a", "c", "a=new b=2", "b=2 a=new"},
		{"c", "d", "c=new", "c=new"},
		{"c", "h", "c=new d=over", "d=over c=new"},
		{"d", "i", "d=over h=8", "h=8 d=over"},
		{"e", "h", "", ""},
		{"i", "", "i=new", "i=new"},
		{"", "b", "a=new", "a=new"},
		{"c", "a", "", ""},
	} {
		s.Equal(s.scan(tx, store.Range{From: c.from, To: c.to}), c.forward)
		s.Equal(s.scan(tx, store.Range{From: c.from, To: c.to, Reverse: true}), c.backward)
	}
}

func (s records) ownAlone() {
	tx := s.begin(true)
	for i := range 5 {
		s.NoErr(tx.Set(fmt.Sprint("k", 4-i), nil))
	}
	s.NoErr(tx.Delete("k2"))
	s.Equal(s.keys(tx, store.Range{}), []string{"k0", "k1", "k3", "k4"})
	s.Equal(s.keys(tx, store.Range{Reverse: true}), []string{"k4", "k3", "k1", "k0"})
}

func (s records) ownKeysOnly() {
	tx := s.scattered()
	for e, err := range tx.Scan(store.Range{KeysOnly: true}) {
		s.NoErr(err)
		s.True(e.Value == nil)
	}
}

func (s records) ownInvisible() {
	s.set("a", "1")
	tx := s.begin(true)
	s.NoErr(tx.Set("a", []byte("new")))
	s.NoErr(tx.Set("b", []byte("new")))
	s.Equal(s.everything(), "a=1")
	s.NoErr(tx.Commit())
	s.Equal(s.everything(), "a=new b=new")
}

func (s records) ownLast() {
	s.update(func(w store.Writer) error {
		return errors.Join(
			w.Set("a", []byte("1")), w.Delete("a"),
			w.Delete("b"), w.Set("b", []byte("1")),
			w.Set("c", []byte("1")), w.Set("c", []byte("2")),
		)
	})
	s.Equal(s.everything(), "b=1 c=2")
}

// ownDuringScan is how a queue is emptied: what is yielded is deleted, and
// something else is written before or behind it.
func (s records) ownDuringScan() {
	for _, reverse := range []bool{false, true} {
		s.set("a", "1", "b", "2", "c", "3")
		var seen []string
		s.update(func(w store.Writer) error {
			seen = nil
			for e, err := range w.Scan(store.Range{To: "m", Reverse: reverse}) {
				if err != nil {
					return err
				}
				seen = append(seen, e.Key)
				if err := errors.Join(w.Delete(e.Key), w.Set("z"+e.Key, e.Value)); err != nil {
					return err
				}
			}
			return nil
		})
		s.Equal(len(seen), 3) // each of them once
		s.Equal(s.everything(), "za=1 zb=2 zc=3")
	}
}
