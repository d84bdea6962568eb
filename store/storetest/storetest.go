// Package storetest is the contract of package store as a suite of tests. A
// store is finished when [Run] passes under the race detector; a store that
// says it is durable passes [RunDurable] as well, and blobs pass [RunBlobs].
package storetest

import (
	"errors"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/store"
)

// Run checks that the Store which open returns keeps the contract, one named
// case for each rule. open is called for each case and returns an empty store.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	for _, family := range []struct {
		name  string
		cases []storeCase
	}{
		{"records", recordCases()},
		{"scans", scanCases()},
		{"own writes", ownWriteCases()},
		{"isolation", isolationCases()},
		{"updates", updateCases()},
		{"conflicts", conflictCases()},
		{"concurrency", concurrencyCases()},
		{"counters", counterCases()},
		{"model", modelCases()},
	} {
		t.Run(family.name, func(t *testing.T) {
			for _, c := range family.cases {
				t.Run(c.name, func(t *testing.T) {
					c.run(records{is.New(t), t, open(t)})
				})
			}
		})
	}
}

type storeCase struct {
	name string
	run  func(s records)
}

// records is what a case works with.
type records struct {
	*is.I
	t *testing.T
	store.Store
}

// set commits pairs of key and value.
func (s records) set(pairs ...string) {
	s.t.Helper()
	s.update(func(w store.Writer) error {
		for i := 0; i < len(pairs); i += 2 {
			if err := w.Set(pairs[i], []byte(pairs[i+1])); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s records) update(fn func(w store.Writer) error) {
	s.t.Helper()
	s.NoErr(store.Update(s.t.Context(), s, fn))
}

func (s records) view(fn func(r store.Reader) error) {
	s.t.Helper()
	s.NoErr(store.View(s.t.Context(), s, fn))
}

func (s records) delete(key string) {
	s.t.Helper()
	s.update(func(w store.Writer) error { return w.Delete(key) })
}

// begin starts a transaction that ends with the test at the latest.
func (s records) begin(writable bool) store.Tx {
	s.t.Helper()
	tx, err := s.Begin(s.t.Context(), writable)
	s.NoErr(err)
	s.t.Cleanup(tx.Rollback)
	return tx
}

// holds checks what is committed under key.
func (s records) holds(key, value string) {
	s.t.Helper()
	s.view(func(r store.Reader) error {
		s.t.Helper()
		s.sees(r, key, value)
		return nil
	})
}

func (s records) lacks(key string) {
	s.t.Helper()
	s.view(func(r store.Reader) error {
		s.t.Helper()
		s.misses(r, key)
		return nil
	})
}

// sees checks what r reads under key.
func (s records) sees(r store.Reader, key, value string) {
	s.t.Helper()
	got, err := r.Get(key)
	s.NoErr(err)
	s.Equal(string(got), value)
}

func (s records) misses(r store.Reader, key string) {
	s.t.Helper()
	_, err := r.Get(key)
	s.True(errors.Is(err, store.ErrNotFound)) // nothing is under the key
}

// everything scans all that is committed, as scan returns it.
func (s records) everything() string {
	s.t.Helper()
	var all string
	s.view(func(r store.Reader) error {
		s.t.Helper()
		all = s.scan(r, store.Range{})
		return nil
	})
	return all
}

// scan returns the entries of rg as "a=1 b=2".
func (s records) scan(r store.Reader, rg store.Range) string {
	s.t.Helper()
	var entries []string
	for e, err := range r.Scan(rg) {
		s.NoErr(err)
		entries = append(entries, e.Key+"="+string(e.Value))
	}
	return strings.Join(entries, " ")
}

// each does the same in a read-only transaction and in a writable one.
func (s records) each(fn func(r store.Reader)) {
	s.t.Helper()
	for _, writable := range []bool{false, true} {
		tx := s.begin(writable)
		fn(tx)
		tx.Rollback()
	}
}
