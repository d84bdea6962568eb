package storetest

import (
	"context"
	"errors"
	"slices"
	"sort"

	"github.com/weegloo/weegloo/store"
)

func scanCases() []storeCase {
	return []storeCase{
		{"nothing yields nothing", records.scanNothing},
		{"keys come in the order of their bytes", records.scanOrder},
		{"the range begins with from and ends before to", records.scanBounds},
		{"a range that ends before it begins is empty", records.scanInverted},
		{"a prefix is all that starts with it", records.scanPrefix},
		{"keys only leaves the values out", records.scanKeysOnly},
		{"a scan may be stopped", records.scanStopped},
		{"a sequence may be used again", records.scanTwice},
		{"scans may be nested", records.scanNested},
		{"a scan ends when its context is done", records.scanDone},
	}
}

func (s records) scanNothing() {
	s.each(func(r store.Reader) {
		s.Equal(s.scan(r, store.Range{}), "")
		s.Equal(s.scan(r, store.Range{Reverse: true}), "")
		s.Equal(s.scan(r, store.Range{From: "a", To: "b"}), "")
		s.Equal(s.scan(r, store.Range{From: "a", To: "b", Reverse: true}), "")
	})
}

func (s records) scanOrder() {
	keys := []string{"b", "\xff", "ba", "B", "ä", "b\x00", "\x80", "a\xff", "\x00", "b/", "aa", "\x7f", "\xff\xff"}
	for _, key := range keys {
		s.set(key, "")
	}
	sort.Strings(keys)
	s.each(func(r store.Reader) {
		s.Equal(s.keys(r, store.Range{}), keys)
		slices.Reverse(keys)
		s.Equal(s.keys(r, store.Range{Reverse: true}), keys)
		slices.Reverse(keys)
	})
}

func (s records) keys(r store.Reader, rg store.Range) []string {
	s.t.Helper()
	var keys []string
	for e, err := range r.Scan(rg) {
		s.NoErr(err)
		keys = append(keys, e.Key)
	}
	return keys
}

func (s records) scanBounds() {
	s.set("a", "1", "b", "2", "b0", "3", "c", "4", "d", "5")
	for _, c := range []struct {
		from, to          string
		forward, backward string
	}{
		{"", "", "a=1 b=2 b0=3 c=4 d=5", "d=5 c=4 b0=3 b=2 a=1"},
		{"b", "", "b=2 b0=3 c=4 d=5", "d=5 c=4 b0=3 b=2"},
		{"", "c", "a=1 b=2 b0=3", "b0=3 b=2 a=1"},
		{"b", "c", "b=2 b0=3", "b0=3 b=2"},
		{"b", "b0", "b=2", "b=2"},
		{"b", "b\x00", "b=2", "b=2"},
		{"b\x00", "c", "b0=3", "b0=3"},
		{"aa", "bb", "b=2 b0=3", "b0=3 b=2"},
		{"c", "zz", "c=4 d=5", "d=5 c=4"},
		{"e", "", "", ""},
		{"", "a", "", ""},
	} {
		s.each(func(r store.Reader) {
			s.Equal(s.scan(r, store.Range{From: c.from, To: c.to}), c.forward)
			s.Equal(s.scan(r, store.Range{From: c.from, To: c.to, Reverse: true}), c.backward)
		})
	}
}

func (s records) scanInverted() {
	s.set("a", "1", "b", "2", "c", "3")
	s.each(func(r store.Reader) {
		for _, reverse := range []bool{false, true} {
			s.Equal(s.scan(r, store.Range{From: "c", To: "a", Reverse: reverse}), "")
			s.Equal(s.scan(r, store.Range{From: "b", To: "b", Reverse: reverse}), "")
		}
	})
}

func (s records) scanPrefix() {
	s.set("a", "1", "a/", "2", "a/b", "3", "a/\xff", "4", "a0", "5", "\xff", "6", "\xff\xffx", "7")
	s.each(func(r store.Reader) {
		s.Equal(s.scan(r, store.Prefix("a/")), "a/=2 a/b=3 a/\xff=4")
		s.Equal(s.scan(r, store.Prefix("\xff\xff")), "\xff\xffx=7")
		reverse := store.Prefix("a/")
		reverse.Reverse = true
		s.Equal(s.scan(r, reverse), "a/\xff=4 a/b=3 a/=2")
	})
}

func (s records) scanKeysOnly() {
	s.set("a", "1", "b", "2")
	s.each(func(r store.Reader) {
		for e, err := range r.Scan(store.Range{KeysOnly: true}) {
			s.NoErr(err)
			s.True(e.Value == nil)
		}
		s.Equal(s.keys(r, store.Range{KeysOnly: true}), []string{"a", "b"})
	})
}

func (s records) scanStopped() {
	s.set("a", "1", "b", "2", "c", "3")
	s.each(func(r store.Reader) {
		for _, reverse := range []bool{false, true} {
			n := 0
			for _, err := range r.Scan(store.Range{Reverse: reverse}) {
				s.NoErr(err)
				if n++; n == 2 {
					break
				}
			}
			s.Equal(n, 2)
		}
		s.sees(r, "c", "3") // and the transaction goes on
	})
}

func (s records) scanTwice() {
	s.set("a", "1", "b", "2")
	s.each(func(r store.Reader) {
		sequence := r.Scan(store.Range{})
		for range 2 {
			n := 0
			for _, err := range sequence {
				s.NoErr(err)
				n++
			}
			s.Equal(n, 2)
		}
	})
}

func (s records) scanNested() {
	s.set("a", "1", "b", "2")
	s.each(func(r store.Reader) {
		pairs := ""
		for outer, err := range r.Scan(store.Range{}) {
			s.NoErr(err)
			for inner, err := range r.Scan(store.Range{Reverse: true}) {
				s.NoErr(err)
				s.sees(r, inner.Key, string(inner.Value))
				pairs += outer.Key + inner.Key + " "
			}
		}
		s.Equal(pairs, "ab aa bb ba ")
	})
}

func (s records) scanDone() {
	s.set("a", "1", "b", "2", "c", "3")
	for _, writable := range []bool{false, true} {
		ctx, cancel := context.WithCancel(s.t.Context())
		defer cancel()
		tx, err := s.Begin(ctx, writable)
		s.NoErr(err)
		defer tx.Rollback()
		var errs []error
		for _, err := range tx.Scan(store.Range{}) {
			cancel()
			errs = append(errs, err)
		}
		s.Equal(len(errs), 2) // the entry before, and the error, which is the last
		s.NoErr(errs[0])
		s.True(errors.Is(errs[1], context.Canceled))
	}
}
