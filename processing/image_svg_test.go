package processing_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/media"
)

const svgSpace = ` xmlns="http://www.w3.org/2000/svg" `

func svg(attributes string) string { return "<svg" + svgSpace + attributes + "><path/></svg>" }

func TestDrawingsHaveTheSizeTheyAreShownIn(t *testing.T) {
	size := func(width, height int) *media.Image { return &media.Image{Width: width, Height: height} }
	cases := map[string]*media.Image{
		`width="7" height="5"`:                        size(7, 5),
		`width=" 7px " height='5PX'`:                  size(7, 5),
		`width = "7" height	=	"5"`:                    size(7, 5),
		`width="7.4" height="4.5"`:                    size(7, 5),
		`width="0.1" height="5"`:                      size(1, 5),
		`width="+7" height="5e0"`:                     size(7, 5),
		`width="1in" height="1cm"`:                    size(96, 38),
		`width="10mm" height="40q"`:                   size(38, 38),
		`width="3pt" height="1pc"`:                    size(4, 16),
		`viewBox="0 0 7 5"`:                           size(7, 5),
		`viewBox=" -1,-2 ,7	5 "`:                      size(7, 5),
		`width="100%" height="50%" viewBox="0 0 7 5"`: size(7, 5),
		`width="2em" height="3ex" viewBox="0 0 7 5"`:  size(7, 5),
		`width="14" viewBox="0 0 7 5"`:                size(14, 10),
		`height="10" width="auto" viewBox="0 0 7 5"`:  size(14, 10),
		`width="7" height="5" viewBox="0 0 1 1"`:      size(7, 5),
		`width="7" height="5" onload="a > b"`:         size(7, 5),

		// These are drawings, and nobody can say how large.
		``:                                     nil,
		`width="7"`:                            nil,
		`width="100%" height="100%"`:           nil,
		`width="0" height="5"`:                 nil,
		`width="-7" height="5"`:                nil,
		`width="7" height="NaN"`:               nil,
		`width="Inf" height="Infinity"`:        nil,
		`width="0x7" height="1_0"`:             nil,
		`width="7 7" height="5"`:               nil,
		`width="7foo" height="5"`:              nil,
		`width="&w;" height="5"`:               nil,
		`width="1e9" height="5"`:               nil,
		`width="1e999" height="5"`:             nil,
		`viewBox="0 0 7"`:                      nil,
		`viewBox="0 0 0 5"`:                    nil,
		`viewBox="0 0 7 -5"`:                   nil,
		`viewBox="0 0 1e300 1e-300" width="5"`: size(5, 1),
		`viewBox="0 0 1e-300 1e300" width="5"`: nil,
	}
	for attributes, want := range cases {
		t.Run(attributes, func(t *testing.T) {
			is := is.New(t)
			result, _, err := undeclared("name", []byte(svg(attributes)))
			is.NoErr(err)
			is.Equal(result.ContentType, "image/svg+xml")
			is.Equal(result.MimeGroups, []string{media.GroupImage})
			is.Equal(result.Image, want)
		})
	}
}

func TestWhatIsXMLBeforeADrawingIsSkipped(t *testing.T) {
	drawing := svg(`width="7" height="5"`)
	for name, before := range map[string]string{
		"a byte order mark":       "\xef\xbb\xbf",
		"white space":             "\r\n\t ",
		"a declaration":           `<?xml version="1.0" encoding="utf-8"?>`,
		"a style sheet":           `<?xml version="1.0"?><?xml-stylesheet href="a>b.css"?>`,
		"comments":                "<!-- <html> --><!-- - -> --->\n",
		"a document type":         `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">`,
		"a document type of HTML": "<!doctype svg>",
		"declarations":            `<!DOCTYPE svg [ <!ENTITY a "]>"> <!-- ]> ' --> <?a ]> ?> <!ELEMENT svg (a|b)*> ]>`,
		"4 KiB of licence":        "<!-- " + strings.Repeat("x", 5000) + "-->",
		"60 KiB of licence":       `<?xml version="1.0"?><!--` + strings.Repeat("x", 60_000) + "-->",
		"a billion laughs":        `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;">]>`,
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			result, m, err := undeclared("name", []byte(before+drawing))
			is.NoErr(err)
			is.Equal(result.ContentType, "image/svg+xml")
			is.Equal(*result.Image, media.Image{Width: 7, Height: 5})
			is.True(m.read <= 256<<10)
		})
	}
}

func TestOnlyAnSVGElementIsADrawing(t *testing.T) {
	for text, want := range map[string]string{
		`<svg>`:                                                                 "text/plain", // no namespace, and nothing that says XML
		`<svg width="7" height="5"/>`:                                           "text/plain",
		`<svg xmlns="http://example.org/"/>`:                                    "text/plain",
		`<svg xmlns="&ns;"/>`:                                                   "text/plain",
		`<svg a="1" a="2"` + svgSpace + `/>`:                                    "image/svg+xml", // says the library
		`<a:svg xmlns:b="http://www.w3.org/2000/svg"/>`:                         "text/plain",
		`<?xml version="1.0"?><svg/>`:                                           "image/svg+xml",
		`<?xml version="1.0"?><svg xmlns="http://example.org/"/>`:               "text/xml",
		`<?xml version="1.0"?><note><svg` + svgSpace + `/></note>`:              "text/xml",
		`<?xml version="1.0"?><!-- <svg` + svgSpace + `/> --><note/>`:           "text/xml",
		`<!-- a --><!-- b --><s:svg xmlns:s="http://www.w3.org/2000/svg"/>`:     "image/svg+xml",
		`<!DOCTYPE svg><svg xmlns="&ns;"/>`:                                     "image/svg+xml",
		`<?xml version="1.0"?><!--` + strings.Repeat("x", 70_000) + `--><svg/>`: "text/xml", // too far behind
	} {
		t.Run(text[:min(len(text), 60)], func(t *testing.T) {
			is := is.New(t)
			result, m, err := undeclared("name", []byte(text))
			if isUnreadable(err) {
				is.Equal(want, "image/svg+xml")
				return
			}
			is.NoErr(err)
			is.Equal(result.ContentType, want)
			is.True(m.read <= 256<<10)
		})
	}
}

func TestABrokenDrawingFails(t *testing.T) {
	for name, text := range map[string]string{
		"without an end":              "<svg" + svgSpace + `width="7" height="5"`,
		"with an attribute twice":     svg(`width="7" height="5" width="9"`),
		"without quotes":              svg(`width=7 height=5`),
		"with a tag in an attribute":  svg(`width="7" height="<5"`),
		"with attributes in one word": svg(`width="7"height="5"`),
		"with too many attributes":    svg(manyAttributes(300)),
		"of noise":                    noise,
		"of nothing":                  "",
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			_, _, err := look("image/svg+xml", []byte(text))
			is.True(isUnreadable(err))
		})
	}
}

func TestADrawingWhoseElementIsNotFoundIsXML(t *testing.T) {
	for name, text := range map[string]string{
		"another element":     "<sfg" + svgSpace + "/>",
		"a value without end": "<svg" + svgSpace + `width="7" height="` + strings.Repeat("x", 100_000),
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			result, m, err := look("image/svg+xml", []byte(text))
			is.NoErr(err)
			is.Equal(result.ContentType, "text/xml")
			is.True(m.read <= 128<<10)
		})
	}
}

func manyAttributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `a%d="" `, i)
	}
	return b.String()
}
