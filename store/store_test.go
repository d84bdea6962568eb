package store_test

import (
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/store"
)

func TestPrefixEndIsTheFirstKeyBehind(t *testing.T) {
	is := is.New(t)
	for prefix, want := range map[string]string{
		"":          "",
		"a":         "b",
		"a/":        "a0",
		"a\xff":     "b",
		"a\xff\xff": "b",
		"\xff":      "",
		"\xff\xff":  "",
		"a\x7f":     "a\x80",
	} {
		is.Equal(store.PrefixEnd(prefix), want)
	}
}

func TestARangeContainsItsStartAndNotItsEnd(t *testing.T) {
	is := is.New(t)
	r := store.Range{From: "b", To: "d"}
	is.True(!r.Contains("a"))
	is.True(r.Contains("b"))
	is.True(r.Contains("c\xff"))
	is.True(!r.Contains("d"))
	is.True(store.Range{}.Contains("")) // the zero Range is everything
	is.True(store.Range{From: "b"}.Contains("\xff"))
	is.True(store.Prefix("b").Contains("b\xff"))
	is.True(!store.Prefix("b").Contains("c"))
}
