package delivery_test

import (
	"strings"
	"testing"

	"github.com/matryer/is"
	"pgregory.net/rapid"

	"github.com/weegloo/weegloo/delivery"
)

func TestAnAddressIsWrittenAsTheContractSays(t *testing.T) {
	for name, c := range map[string]struct {
		address delivery.Address
		path    string
	}{
		"of the contract": {
			delivery.Address{Space: "tcq4V2Xb", Media: "3trmXRM3RqbgSnifyg7PBe7ehkOn8e", Locale: "en-US", Revision: 1, Name: "tumbler.png"},
			"/medias/tcq4V2Xb/n8e/3trmXRM3RqbgSnifyg7PBe7ehkOn8e/en-US/1/tumbler.png",
		},
		"short id":     {delivery.Address{Space: "s", Media: "m", Locale: "l", Revision: 2, Name: "a"}, "/medias/s/m/m/l/2/a"},
		"space":        {delivery.Address{Space: "s", Media: "m", Locale: "l", Revision: 2, Name: "a b+c.png"}, "/medias/s/m/m/l/2/a%20b+c.png"},
		"query":        {delivery.Address{Space: "s", Media: "m", Locale: "l", Revision: 2, Name: "a?b#c%d"}, "/medias/s/m/m/l/2/a%3Fb%23c%25d"},
		"korean":       {delivery.Address{Space: "s", Media: "m", Locale: "l", Revision: 2, Name: "가"}, "/medias/s/m/m/l/2/%EA%B0%80"},
		"slash":        {delivery.Address{Space: "s", Media: "m", Locale: "l", Revision: 2, Name: "a/b"}, "/medias/s/m/m/l/2/a%2Fb"},
		"quoted slash": {delivery.Address{Space: "s", Media: "m", Locale: "l", Revision: 2, Name: "a%2Fb"}, "/medias/s/m/m/l/2/a%252Fb"},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			is.Equal(c.address.Path(), c.path)
			parsed, ok := delivery.ParsePath(c.path)
			is.True(ok)
			is.Equal(parsed, c.address)
		})
	}
}

func TestParsePathInvertsPath(t *testing.T) {
	id := rapid.StringMatching(`[A-Za-z0-9_-]{1,64}`)
	name := rapid.OneOf(
		rapid.StringN(1, 40, 255),
		rapid.StringMatching(`[%/?#+&=;:@. \\~0-9A-F]{1,30}`),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 1, 40), func(b []byte) string { return string(b) }), // no UTF-8
	)
	rapid.Check(t, func(t *rapid.T) {
		a := delivery.Address{
			Space: id.Draw(t, "space"), Media: id.Draw(t, "media"), Locale: id.Draw(t, "locale"),
			Revision: rapid.Int64().Draw(t, "revision"), Name: name.Draw(t, "name"),
		}
		path := a.Path()
		if strings.Count(path, "/") != 7 {
			t.Fatalf("the name is more than one segment: %s", path)
		}
		parsed, ok := delivery.ParsePath(path)
		if !ok || parsed != a {
			t.Fatalf("%s is read as %+v, %t", path, parsed, ok)
		}
	})
}

func TestParsePathRefusesWhatPathDoesNotWrite(t *testing.T) {
	const good = "/medias/s1/abc/xabc/en/1/a.png"
	if _, ok := delivery.ParsePath(good); !ok {
		t.Fatal("the good one is refused")
	}
	for name, path := range map[string]string{
		"empty":               "",
		"root":                "/",
		"no leading slash":    "medias/s1/abc/xabc/en/1/a.png",
		"other root":          "/media/s1/abc/xabc/en/1/a.png",
		"other case":          "/Medias/s1/abc/xabc/en/1/a.png",
		"too short":           "/medias/s1/abc/xabc/en/1",
		"trailing slash":      good + "/",
		"style":               good + "/style1",
		"double slash":        "//medias/s1/abc/xabc/en/1/a.png",
		"wrong tail":          "/medias/s1/abd/xabc/en/1/a.png",
		"short tail":          "/medias/s1/bc/xabc/en/1/a.png",
		"no tail":             "/medias/s1//xabc/en/1/a.png",
		"no name":             "/medias/s1/abc/xabc/en/1/",
		"no space":            "/medias//abc/xabc/en/1/a.png",
		"dots":                "/medias/../abc/xabc/en/1/a.png",
		"escaped space":       "/medias/s%31/abc/xabc/en/1/a.png",
		"locale with a dot":   "/medias/s1/abc/xabc/e.n/1/a.png",
		"padded revision":     "/medias/s1/abc/xabc/en/01/a.png",
		"signed revision":     "/medias/s1/abc/xabc/en/+1/a.png",
		"minus zero":          "/medias/s1/abc/xabc/en/-0/a.png",
		"revision in hex":     "/medias/s1/abc/xabc/en/0x1/a.png",
		"revision with a gap": "/medias/s1/abc/xabc/en/1 /a.png",
		"huge revision":       "/medias/s1/abc/xabc/en/9223372036854775808/a.png",
		"no revision":         "/medias/s1/abc/xabc/en//a.png",
		"broken escape":       "/medias/s1/abc/xabc/en/1/a%2",
		"no escape":           "/medias/s1/abc/xabc/en/1/a%zz",
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			a, ok := delivery.ParsePath(path)
			is.True(!ok) // it is refused
			is.Equal(a, delivery.Address{})
		})
	}
}

func TestParsePathReadsEveryWayToEscapeAName(t *testing.T) {
	for _, escaped := range []string{"a.png", "%61.png", "a%2Epng", "%61%2e%70%6E%67"} {
		is := is.New(t)
		a, ok := delivery.ParsePath("/medias/s1/abc/xabc/en/1/" + escaped)
		is.True(ok)
		is.Equal(a.Name, "a.png")
	}
}
