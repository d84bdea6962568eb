package storetest

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"pgregory.net/rapid"

	"github.com/weegloo/weegloo/store"
)

func modelCases() []storeCase {
	return []storeCase{
		{"any sequence of operations does what it does to a map", records.likeMap},
	}
}

// likeMap runs random transactions, one after the other, against the store and a
// map. Every run has a prefix of its own and nothing else.
func (s records) likeMap() {
	runs := 0
	rapid.Check(s.t, func(t *rapid.T) {
		runs++
		m := &model{t: t, prefix: fmt.Sprintf("%05d/", runs), committed: map[string]string{}}
		for range rapid.IntRange(1, 6).Draw(t, "transactions") {
			m.transaction(s)
		}
	})
}

type model struct {
	t         *rapid.T
	prefix    string
	committed map[string]string
}

// transaction does some operations and commits or rolls back.
func (m *model) transaction(s records) {
	tx, err := s.Begin(s.t.Context(), true)
	m.noErr(err)
	defer tx.Rollback()
	records := maps.Clone(m.committed)
	for range rapid.IntRange(0, 8).Draw(m.t, "operations") {
		m.operation(tx, records)
	}
	m.scan(tx, records, store.Range{From: m.prefix, To: store.PrefixEnd(m.prefix)})
	if rapid.Bool().Draw(m.t, "commit") {
		m.noErr(tx.Commit())
		m.committed = records
	}
	m.noErr(store.View(s.t.Context(), s, func(r store.Reader) error {
		m.scan(r, m.committed, m.anyRange())
		return nil
	}))
}

func (m *model) operation(tx store.Tx, records map[string]string) {
	switch rapid.IntRange(0, 4).Draw(m.t, "operation") {
	case 0, 1:
		key, value := m.anyKey("key"), rapid.StringN(0, 4, -1).Draw(m.t, "value")
		m.noErr(tx.Set(key, []byte(value)))
		records[key] = value
	case 2:
		key := m.anyKey("key")
		m.noErr(tx.Delete(key))
		delete(records, key)
	case 3:
		m.get(tx, records, m.anyKey("key"))
	case 4:
		m.scan(tx, records, m.anyRange())
	}
}

// anyKey has few letters, so that keys meet, and the bytes at both ends.
func (m *model) anyKey(label string) string {
	letter := rapid.SampledFrom([]byte{0x00, 'a', 'b', 0x7f, 0x80, 0xff})
	return m.prefix + string(rapid.SliceOfN(letter, 0, 3).Draw(m.t, label))
}

func (m *model) anyRange() store.Range {
	return store.Range{
		From:     m.anyKey("from"),
		To:       rapid.SampledFrom([]string{m.anyKey("to"), store.PrefixEnd(m.prefix)}).Draw(m.t, "end"),
		Reverse:  rapid.Bool().Draw(m.t, "reverse"),
		KeysOnly: rapid.Bool().Draw(m.t, "keys only"),
	}
}

func (m *model) get(r store.Reader, records map[string]string, key string) {
	got, err := r.Get(key)
	want, ok := records[key]
	switch {
	case !ok && !errors.Is(err, store.ErrNotFound):
		m.t.Fatalf("Get(%q) = %q, %v; nothing is there", key, got, err)
	case ok && (err != nil || string(got) != want):
		m.t.Fatalf("Get(%q) = %q, %v; want %q", key, got, err, want)
	}
}

func (m *model) scan(r store.Reader, records map[string]string, rg store.Range) {
	var got, want []string
	for e, err := range r.Scan(rg) {
		m.noErr(err)
		got = append(got, e.Key+"="+string(e.Value))
	}
	for _, key := range slices.Sorted(maps.Keys(records)) {
		if !rg.Contains(key) {
			continue
		}
		if rg.KeysOnly {
			want = append(want, key+"=")
		} else {
			want = append(want, key+"="+records[key])
		}
	}
	if rg.Reverse {
		slices.Reverse(want)
	}
	if !slices.Equal(got, want) {
		m.t.Fatalf("Scan(%+v) = %q; want %q", rg, got, want)
	}
}

func (m *model) noErr(err error) {
	if err != nil {
		m.t.Fatal(err)
	}
}
