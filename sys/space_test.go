package sys_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/matryer/is"
	"pgregory.net/rapid"

	"github.com/weegloo/weegloo/sys"
)

// space reads "en de>en fr>de" as locales with their fallbacks.
func space(locales string) sys.Space {
	var s sys.Space
	for field := range strings.FieldsSeq(locales) {
		code, fallback, _ := strings.Cut(field, ">")
		s.Locales = append(s.Locales, sys.Locale{Code: code, Fallback: fallback})
	}
	return s
}

func TestChainFollowsTheFallbacks(t *testing.T) {
	for _, c := range []struct{ locales, code, chain string }{
		{"en", "en", "en"},
		{"en de", "de", "de"}, // the default locale plays no automatic role
		{"en de>en", "de", "de en"},
		{"en de>en at>de", "at", "at de en"},
		{"at>de de>en en", "at", "at de en"}, // the order of locales is none of fallbacks
		{"en de>en", "en", "en"},
		{"en", "de", ""},
		{"en", "", ""},
		{"a>b b>a", "a", "a b"}, // not valid, and yet it ends
		{"a>a b", "a", "a a"},
		{"a>x", "a", "a"},
	} {
		t.Run(c.locales+"/"+c.code, func(t *testing.T) {
			is := is.New(t)
			is.Equal(strings.Join(space(c.locales).Chain(c.code), " "), c.chain)
		})
	}
}

func TestTheFirstLocaleIsTheDefault(t *testing.T) {
	is := is.New(t)
	is.Equal(space("ko en").Default(), "ko")
	is.True(space("ko en").Has("en"))
	is.True(!space("ko en").Has("EN"))
}

func TestValidateReadsFallbacks(t *testing.T) {
	for locales, valid := range map[string]bool{
		"en":                     true,
		"en de":                  true,
		"de>en en":               true,
		"a>b b>c c>d d":          true,
		"b>a c>a a":              true,
		"":                       false,
		"en en":                  false,
		"en>en":                  false,
		"en>fr":                  false,
		"a>b b>a":                false,
		"en a>b b>c c>a":         false,
		"en x>a a>b b>a":         false, // leads into a circle without being in it
		"en/US":                  false,
		strings.Repeat("a", 64):  true,
		strings.Repeat("a", 65):  false,
		"en de>en fr>de it>fr ü": false,
	} {
		t.Run(locales, func(t *testing.T) {
			is := is.New(t)
			is.Equal(space(locales).Validate() == nil, valid)
		})
	}
}

// TestAValidSpaceHasWholeChains: the chain of every locale ends where there is
// no fallback, and asks nobody twice.
func TestAValidSpaceHasWholeChains(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		codes := []string{"a", "b", "c", "d", "e"}
		var s sys.Space
		for _, code := range rapid.SliceOfNDistinct(rapid.SampledFrom(codes), 1, 5, rapid.ID).Draw(t, "locales") {
			fallback := rapid.SampledFrom(append([]string{""}, codes...)).Draw(t, "fallback")
			s.Locales = append(s.Locales, sys.Locale{Code: code, Fallback: fallback})
		}
		whole := true
		for _, l := range s.Locales {
			chain := s.Chain(l.Code)
			seen := map[string]bool{}
			for _, code := range chain {
				whole = whole && !seen[code]
				seen[code] = true
			}
			whole = whole && fallbackOf(s, chain[len(chain)-1]) == ""
		}
		if valid := s.Validate() == nil; valid != whole {
			t.Fatalf("valid %t, chains whole %t: %+v", valid, whole, s)
		}
	})
}

func fallbackOf(s sys.Space, code string) string {
	for _, l := range s.Locales {
		if l.Code == code {
			return l.Fallback
		}
	}
	return ""
}

func TestCheckedAsksForGoodIDsOnly(t *testing.T) {
	is := is.New(t)
	asked := 0
	spaces := sys.Spaces(func(context.Context, string) (sys.Space, error) {
		asked++
		return space("en"), nil
	}).Checked()
	_, err := spaces(t.Context(), "a/b")
	is.True(errors.Is(err, sys.ErrNotFound))
	is.Equal(asked, 0)
	s, err := spaces(t.Context(), "ab")
	is.NoErr(err)
	is.Equal(asked, 1)
	is.Equal(s, space("en"))
}

func TestCheckedRefusesABadAnswer(t *testing.T) {
	is := is.New(t)
	_, err := sys.Everywhere().Checked()(t.Context(), "s1")
	is.True(err != nil) // a space without a locale

	down := errors.New("down")
	_, err = sys.Spaces(func(context.Context, string) (sys.Space, error) { return sys.Space{}, down }).Checked()(t.Context(), "s1")
	is.Equal(err, down)
}
