package processing

import (
	"strings"
	"testing"

	"github.com/matryer/is"
)

func TestFindRoot(t *testing.T) {
	cases := map[string]struct{ name, space, width string }{
		`<a>`:                         {"a", "", ""},
		`<a/>`:                        {"a", "", ""},
		`<a >`:                        {"a", "", ""},
		"<a\twidth\r=\n'1' />":        {"a", "", "1"},
		`<a width="1">`:               {"a", "", "1"},
		`<a width='"'>`:               {"a", "", `"`},
		`<a width=">">`:               {"a", "", ">"},
		`<a width="">`:                {"a", "", ""},
		`<a xmlns="s" width="1">`:     {"a", "s", "1"},
		`<b:a xmlns="s" xmlns:b="t">`: {"b:a", "t", ""},
		`<b:a xmlns="s">`:             {"b:a", "", ""},
		`<é-._:1 x="1">`:              {"é-._:1", "", ""},
		`<a width="` + strings.Repeat("1", 500) + `">`: {"a", "", strings.Repeat("1", maxMarkupName)},
		`<!DOCTYPE a><a>`:            {"a", "", ""},
		`<!DOCTYPE a SYSTEM '>'><a>`: {"a", "", ""},
		`<!DOCTYPE a [ > ] ><a>`:     {"a", "", ""},
		`<?a ?><!-- ? --><?b?><a>`:   {"a", "", ""},
	}
	for text, want := range cases {
		t.Run(text, func(t *testing.T) {
			is := is.New(t)
			r, ok := findRoot([]byte(text))
			is.True(ok)
			is.Equal(r.name, want.name)
			is.Equal(r.space(), want.space)
			is.Equal(r.attributes["width"], want.width)
		})
	}
}

func TestFindRootNeedsAllUpToTheEndOfTheTag(t *testing.T) {
	whole := "\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a --><!DOCTYPE a [ <!ENTITY b \"c\"> <!-- > --> <?d e?> ]>\n<a b=\"c\" d = 'e'>"
	is := is.New(t)
	for n := range len(whole) {
		_, ok := findRoot([]byte(whole[:n]))
		is.True(!ok)
	}
	r, ok := findRoot([]byte(whole))
	is.True(ok)
	is.True(r.declared)
}

func TestFindRootOfWhatIsNoXML(t *testing.T) {
	for _, text := range []string{
		"", " ", "text", "text <a>", "<", "<>", "< a>", "</a>", "<!a>", "<!-- a -- <a>", "<?a <a>", "<!DOCTYPE a <a>",
		"<!DOCTYPE a [ ' ]><a>", "<!DOCTYPE a [ <!-- ]><a>", "<!DOCTYPE a [ <? ]><a>", "<!DOCTYPE a \"><a>", "<a", "<a b>",
		"<a b=>", "<a b=c>", "<a b=\"c>", "<a b='c\">", "<a b=\"<\">", "<a =\"b\">", "<a b=\"c\"d=\"e\">", "<a b=\"c\" b=\"d\">", "<a/",
		"<a / >", "<a &b;>", "<" + strings.Repeat("a", maxMarkupName+1) + ">",
	} {
		t.Run(text, func(t *testing.T) {
			_, ok := findRoot([]byte(text))
			is.New(t).True(!ok)
		})
	}
}

func TestFindRootEndsWithItsAttributes(t *testing.T) {
	is := is.New(t)
	attributes := func(n int) []byte {
		var b strings.Builder
		for i := range n {
			b.WriteString(" a" + strings.Repeat("b", i%100) + string(rune('c'+i/100)) + `="1"`)
		}
		return []byte("<a" + b.String() + ">")
	}
	r, ok := findRoot(attributes(maxAttributes))
	is.True(ok)
	is.Equal(len(r.attributes), maxAttributes)
	_, ok = findRoot(attributes(maxAttributes + 2))
	is.True(!ok)
}

func TestRootsAreToldByNameAndSpace(t *testing.T) {
	for text, want := range map[string]string{
		`<rss version="2.0">`: "application/rss+xml",
		`<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">`: "application/rdf+xml",
		`<RDF>`: "",
		`<feed xmlns="http://www.w3.org/2005/Atom">`: "application/atom+xml",
		`<?xml?><feed>`: "",
		`<a:feed xmlns="http://www.w3.org/2005/Atom" xmlns:a="b">`:     "",
		`<math xmlns="http://www.w3.org/1998/Math/MathML">`:            "application/mathml+xml",
		`<x:transform xmlns:x="http://www.w3.org/1999/XSL/Transform">`: "application/xslt+xml",
		`<html xmlns="http://www.w3.org/1999/xhtml">`:                  typeXHTML,
		`<?xml?><html>`: "",
		`<svg xmlns="http://www.w3.org/2000/svg">`: typeSVG,
		`<svg>`:                           "",
		`<?xml?><svg>`:                    typeSVG,
		`<!DOCTYPE svg><svg xmlns="&a;">`: typeSVG,
		`<svg xmlns="&a;">`:               "",
		`<?xml?><svg xmlns="a">`:          "",
	} {
		t.Run(text, func(t *testing.T) {
			is := is.New(t)
			r, ok := findRoot([]byte(text))
			is.True(ok)
			got, _ := rootType(r)
			is.Equal(got, want)
		})
	}
}

func TestOnlyADocumentIsSurelyHTML(t *testing.T) {
	for text, want := range map[string]bool{
		"<!DOCTYPE html>": true, "\xef\xbb\xbf\n <HTML>": true, "<!-- a -->\n<!-- b --> <body class=a>": true, "<script>": true,
		"": false, "text": false, "<p>": false, "<div>": false, "<!-- a": false, "<!-- a --> text": false, "<!-- <html> -->": false,
	} {
		t.Run(text, func(t *testing.T) { is.New(t).Equal(isDocument([]byte(text)), want) })
	}
}
