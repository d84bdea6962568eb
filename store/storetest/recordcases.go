package storetest

import (
	"errors"
	"strings"

	"github.com/weegloo/weegloo/store"
)

func recordCases() []storeCase {
	return []storeCase{
		{"what was set is read", records.readBack},
		{"nothing under a key is not found", records.notFound},
		{"a set replaces", records.replaced},
		{"deleted is not found", records.deleted},
		{"deleting nothing is no error", records.deleteAbsent},
		{"an empty value is a value", records.emptyValue},
		{"values are copied on their way in", records.copiedIn},
		{"values are copied on their way out", records.copiedOut},
		{"keys are bytes", records.anyBytes},
		{"the largest key and value fit", records.largest},
		{"a large value shrinks and goes", records.shrinks},
		{"the largest transaction fits", records.largestTransaction},
	}
}

func (s records) readBack() {
	s.set("a", "1", "b", "2")
	s.holds("a", "1")
	s.holds("b", "2")
}

func (s records) notFound() {
	s.lacks("a")
	s.set("ab", "1")
	s.each(func(r store.Reader) {
		s.misses(r, "a")
		s.misses(r, "abc")
		s.misses(r, "")
	})
}

func (s records) replaced() {
	s.set("a", "first")
	s.set("a", "2nd")
	s.holds("a", "2nd")
	s.Equal(s.everything(), "a=2nd")
}

func (s records) deleted() {
	s.set("a", "1", "b", "2")
	s.delete("a")
	s.lacks("a")
	s.Equal(s.everything(), "b=2")
	s.set("a", "again")
	s.holds("a", "again")
}

func (s records) deleteAbsent() {
	s.delete("a")
	s.lacks("a")
}

func (s records) emptyValue() {
	s.update(func(w store.Writer) error {
		return errors.Join(w.Set("empty", []byte{}), w.Set("nil", nil))
	})
	s.holds("empty", "")
	s.holds("nil", "")
	s.Equal(s.everything(), "empty= nil=")
}

func (s records) copiedIn() {
	s.update(func(w store.Writer) error {
		value := []byte("value")
		err := w.Set("a", value)
		value[0] = 'X'
		s.sees(w, "a", "value") // in the transaction
		return err
	})
	s.holds("a", "value")
}

func (s records) copiedOut() {
	s.set("a", "value")
	spoil := func(r store.Reader) {
		got, err := r.Get("a")
		s.NoErr(err)
		got[0] = 'X'
		for e, err := range r.Scan(store.Range{}) {
			s.NoErr(err)
			e.Value[0] = 'X'
		}
		s.sees(r, "a", "value")
	}
	s.each(spoil) // what is committed
	s.update(func(w store.Writer) error {
		err := w.Set("a", []byte("value"))
		spoil(w) // what is written
		return err
	})
	s.holds("a", "value")
}

func (s records) anyBytes() {
	keys := []string{"\x00", "\x00\x00", "\x01", " ", "!badger!x", "a/b", "a\xff", "ä", "\x80", "\xff", "\xff\xff"}
	for _, key := range keys {
		s.set(key, "the value of "+key)
	}
	for _, key := range keys {
		s.holds(key, "the value of "+key)
	}
}

func (s records) largest() {
	key := strings.Repeat("k", store.MaxKey)
	value := patterned(store.MaxValue)
	s.set(key, value)
	s.each(func(r store.Reader) {
		got, err := r.Get(key)
		s.NoErr(err)
		s.True(string(got) == value) // through Get
		for e, err := range r.Scan(store.Range{}) {
			s.NoErr(err)
			s.True(e.Key == key && string(e.Value) == value) // and through Scan
		}
	})
}

// patterned is a value in which no piece looks like the next.
func patterned(size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		b.WriteByte(byte(i))
		b.WriteByte(byte(i >> 8))
		b.WriteByte(byte(i >> 16))
	}
	return b.String()[:size]
}

func (s records) shrinks() {
	for _, size := range []int{store.MaxValue, 1 << 20, 1<<20 - 1, 1<<20 + 1, 10, store.MaxValue, 0} {
		want := patterned(size)
		s.set("a", want)
		s.view(func(r store.Reader) error {
			got, err := r.Get("a")
			s.True(string(got) == want) // all of it, and nothing of the one before
			return err
		})
	}
	s.set("a", patterned(store.MaxValue))
	s.delete("a")
	s.Equal(s.everything(), "")
	s.set("a", "1")
	s.Equal(s.everything(), "a=1")
}

func (s records) largestTransaction() {
	key := func(i int) string { return strings.Repeat("k", store.MaxKey-4) + patterned(4*i + 4)[4*i:] }
	value := patterned(store.MaxBytes/store.MaxWrites - store.MaxKey)
	s.update(func(w store.Writer) error {
		for i := range store.MaxWrites {
			if err := w.Set(key(i), []byte(value)); err != nil {
				return err
			}
		}
		return nil
	})
	count := 0
	s.view(func(r store.Reader) error {
		count = 0
		for e, err := range r.Scan(store.Range{}) {
			s.NoErr(err)
			s.True(string(e.Value) == value)
			count++
		}
		return nil
	})
	s.Equal(count, store.MaxWrites)
}
