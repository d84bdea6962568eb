package storetest

import (
	"errors"

	"github.com/weegloo/weegloo/store"
)

// move is what one of two transactions does: it reads, and later, when the other
// may have committed, it writes.
type move struct {
	read, write []step
}

type step func(s records, tx store.Tx)

func get(key string) step {
	return func(s records, tx store.Tx) {
		_, err := tx.Get(key)
		s.True(err == nil || errors.Is(err, store.ErrNotFound))
	}
}

func set(key string) step {
	return func(s records, tx store.Tx) { s.NoErr(tx.Set(key, []byte("new"))) }
}

func count(key string) step {
	return func(s records, tx store.Tx) { s.NoErr(tx.Add(key, 1)) }
}

func del(key string) step {
	return func(s records, tx store.Tx) { s.NoErr(tx.Delete(key)) }
}

// scan goes to the end of the range.
func scan(from, to string) step { return scanSome(store.Range{From: from, To: to}, -1) }

func scanBack(from, to string) step {
	return scanSome(store.Range{From: from, To: to, Reverse: true}, -1)
}

// scanSome stops after n entries.
func scanSome(r store.Range, n int) step {
	return func(s records, tx store.Tx) {
		left := n
		for _, err := range tx.Scan(r) {
			s.NoErr(err)
			if left--; left == 0 {
				return
			}
		}
		s.True(left < 0) // there were as many as the case wants
	}
}

func forward(n int) step  { return scanSome(store.Range{From: "b", To: "x"}, n) }
func backward(n int) step { return scanSome(store.Range{From: "b", To: "x", Reverse: true}, n) }

// duel is two transactions that overlap; the first commits first, the second
// may conflict with it. "b", "d", "f" and "h" are there.
type duel struct {
	name          string
	first, second move
	conflict      bool
}

func (d duel) run(s records) {
	s.set("b", "1", "d", "1", "f", "1", "h", "1")
	first, second := s.begin(true), s.begin(true)
	do := func(tx store.Tx, steps []step) {
		for _, step := range steps {
			step(s, tx)
		}
	}
	do(first, d.first.read)
	do(second, d.second.read)
	do(first, d.first.write)
	s.NoErr(first.Commit())
	between := s.everything()
	do(second, d.second.write)
	err := second.Commit()
	if !d.conflict {
		s.NoErr(err)
		return
	}
	s.True(errors.Is(err, store.ErrConflict))
	s.Equal(s.everything(), between) // nothing was written
}

func conflictCases() []storeCase {
	cases := []storeCase{
		{"the last of two blind writes stays", records.blindWrites},
		{"after a conflict the work may run again", records.conflictRerun},
	}
	for _, duels := range [][]duel{keyDuels(), rangeDuels(), stoppedDuels()} {
		for _, d := range duels {
			cases = append(cases, storeCase{d.name, d.run})
		}
	}
	return cases
}

func steps(s ...step) []step { return s }

func keyDuels() []duel {
	return []duel{
		{"two change a key that both read", move{steps(get("b")), steps(set("b"))}, move{steps(get("b")), steps(set("b"))}, true},
		{"a key that was read is changed", move{nil, steps(set("b"))}, move{steps(get("b")), steps(set("x"))}, true},
		{"a key that was read is deleted", move{nil, steps(del("b"))}, move{steps(get("b")), steps(set("x"))}, true},
		{"a key that was not found is set", move{nil, steps(set("a"))}, move{steps(get("a")), steps(set("x"))}, true},
		{"two read both keys and change one each: write skew", move{steps(get("b"), get("d")), steps(set("b"))}, move{steps(get("b"), get("d")), steps(set("d"))}, true},
		{"two insert what neither found", move{steps(get("a")), steps(set("a"))}, move{steps(get("a")), steps(set("a"))}, true},
		{"one of many keys that were read is changed", move{nil, steps(set("x"), set("h"), set("y"))}, move{steps(get("b"), get("d"), get("h")), steps(set("z"))}, true},

		{"a counter that was read is added to", move{nil, steps(count("b"))}, move{steps(get("b")), steps(set("x"))}, true},
		{"a counter in a range is added to", move{nil, steps(count("c"))}, move{steps(scan("b", "f")), steps(set("x"))}, true},

		{"two that add to one counter are no conflict", move{nil, steps(count("b"))}, move{nil, steps(count("b"))}, false},
		{"disjoint keys are no conflict", move{steps(get("b")), steps(set("b"))}, move{steps(get("d")), steps(set("d"))}, false},
		{"two that read the same are no conflict", move{steps(get("b")), steps(set("x"))}, move{steps(get("b")), steps(set("y"))}, false},
		{"blind writes are no conflict", move{nil, steps(set("b"))}, move{nil, steps(set("b"))}, false},
		{"a blind delete is no conflict", move{nil, steps(set("b"))}, move{nil, steps(del("b"))}, false},
		{"what the first read the second may change", move{steps(get("b")), steps(set("x"))}, move{nil, steps(set("b"))}, false},
		{"a read of one's own write is no conflict", move{nil, steps(set("b"))}, move{nil, steps(set("b"), get("b"))}, false},
	}
}

func rangeDuels() []duel {
	return []duel{
		{"two insert into the range that the other found empty: phantoms", move{steps(scan("p", "q")), steps(set("r1"))}, move{steps(scan("r", "s")), steps(set("p1"))}, true},
		{"two insert into one range that both found empty", move{steps(scan("p", "q")), steps(set("p1"))}, move{steps(scan("p", "q")), steps(set("p2"))}, true},
		{"a key is inserted into a range", move{nil, steps(set("c"))}, move{steps(scan("b", "f")), steps(set("x"))}, true},
		{"a key is inserted into a range that was scanned in reverse", move{nil, steps(set("c"))}, move{steps(scanBack("b", "f")), steps(set("x"))}, true},
		{"a key of a range is deleted", move{nil, steps(del("d"))}, move{steps(scan("b", "f")), steps(set("x"))}, true},
		{"a key of a range is changed", move{nil, steps(set("d"))}, move{steps(scan("b", "f")), steps(set("x"))}, true},
		{"the first key of a range is changed", move{nil, steps(set("b"))}, move{steps(scan("b", "f")), steps(set("x"))}, true},
		{"a key is inserted anywhere when all were scanned", move{nil, steps(set("zz"))}, move{steps(scan("", "")), steps(set("x"))}, true},
		{"a key is inserted at the open end", move{nil, steps(set("zz"))}, move{steps(scanBack("b", "")), steps(set("x"))}, true},
		{"a key is inserted among one's own writes", move{nil, steps(set("c2"))}, move{steps(set("c1"), set("c3"), scan("c", "d")), nil}, true},

		{"the key that ends a range is out of it", move{nil, steps(set("f"))}, move{steps(scan("b", "f")), steps(set("x"))}, false},
		{"in reverse too", move{nil, steps(set("f"))}, move{steps(scanBack("b", "f")), steps(set("x"))}, false},
		{"what comes before a range is out of it", move{nil, steps(set("a"))}, move{steps(scan("b", "f")), steps(set("x"))}, false},
		{"a range that ends before it begins reads nothing", move{nil, steps(set("c"))}, move{steps(scan("f", "b")), steps(set("x"))}, false},
	}
}

// stoppedDuels are about the part of a range that a scan has been through: from
// its start to the last key it yielded, included.
func stoppedDuels() []duel {
	second := func(read ...step) move { return move{read, steps(set("x"))} }
	return []duel{
		{"behind the point where a scan stopped nothing conflicts", move{nil, steps(set("e"), set("f"))}, second(forward(2)), false},
		{"directly behind it nothing conflicts", move{nil, steps(set("d\x00"))}, second(forward(2)), false},
		{"at the point it does", move{nil, steps(set("d"))}, second(forward(2)), true},
		{"before the point it does", move{nil, steps(set("c"))}, second(forward(2)), true},
		{"behind the point where a reverse scan stopped nothing conflicts", move{nil, steps(set("e"), set("d"))}, second(backward(2)), false},
		{"at the point of a reverse scan it does", move{nil, steps(set("f"))}, second(backward(2)), true},
		{"before the point of a reverse scan it does", move{nil, steps(set("g"))}, second(backward(2)), true},
		{"a scan that stopped at one's own write has not read on", move{nil, steps(set("d"))}, second(set("c"), forward(2)), false},
		{"but has read up to it", move{nil, steps(set("bb"))}, second(set("c"), forward(2)), true},
		{"in reverse a scan that stopped at one's own write has not read on", move{nil, steps(set("f"))}, second(set("g"), backward(2)), false},
		{"in reverse it has read up to it", move{nil, steps(set("gg"))}, second(set("g"), backward(2)), true},
		{"a scan that yields all and ends has read to the end of its range", move{nil, steps(set("i"))}, second(forward(-1)), true},
	}
}

func (s records) blindWrites() {
	first, second := s.begin(true), s.begin(true)
	s.NoErr(first.Set("a", []byte("first")))
	s.NoErr(second.Set("a", []byte("second")))
	s.NoErr(second.Commit())
	s.NoErr(first.Commit())
	s.holds("a", "first")
}

func (s records) conflictRerun() {
	s.set("a", "1")
	attempt := func(disturb bool) error {
		tx := s.begin(true)
		value, err := tx.Get("a")
		s.NoErr(err)
		s.NoErr(tx.Set("a", append(value, '+')))
		if disturb {
			s.set("a", "2")
		}
		return tx.Commit()
	}
	s.True(errors.Is(attempt(true), store.ErrConflict))
	s.holds("a", "2")
	s.NoErr(attempt(false))
	s.holds("a", "2+")
}
