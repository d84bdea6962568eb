package processing_test

import (
	"archive/zip"
	"fmt"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/media"
)

const aBadScript = "<html><script>alert(1)</script></html>"

// TestPolyglotsAreWhatTheyBeginWith: files that are fine as two types. What
// decides is how they begin, whatever the client calls them, and a file that
// begins as something else is never markup.
func TestPolyglotsAreWhatTheyBeginWith(t *testing.T) {
	archive := string(zipped(zip.Deflate, "META-INF/MANIFEST.MF", ""))
	pdf := string(newPDF().tree(twoPages).object(9, "<<>>").table("").bytes())
	gif := string(encoded(encodeGIF))
	cases := []struct{ name, bytes, want string }{
		{"png and zip", aPNG + archive, "image/png"},
		{"png with a script in a chunk", string(pngWith(chunk("tEXt", "a\x00"+aBadScript))), "image/png"},
		{"png and page", aPNG + aBadScript, "image/png"},
		{"jpeg with a script in a comment", string(jpegWith(segment(0xfe, aBadScript))), "image/jpeg"},
		{"jpeg and zip", aJPEG + archive, "image/jpeg"},
		{"gif and page", gif + aBadScript, "image/gif"},
		{"gif and script", "GIF89a/*\x00" + gif[9:] + "*/=1;alert(1)", "image/gif"},
		{"bitmap and script", "BM/*" + string(bitmap(40, 7, 5, 24)[4:]) + "*/=1;alert(1)", "image/bmp"},
		{"tiff and page", aTIFF + aBadScript, "image/tiff"},
		{"icon and page", icons(1, [2]string{"\x07\x05", dib(7, 5)}) + aBadScript, "image/x-icon"},
		{"four bytes of an icon, and page", "\x00\x00\x01\x00" + aBadScript, "application/octet-stream"},
		{"pdf and zip", pdf + archive, "application/pdf"},
		{"pdf and page", pdf + aBadScript, "application/pdf"},
		{"zip and page", archive + aBadScript, "application/java-archive"},
		{"zip behind a page", aBadScript + archive, "application/octet-stream"}, // no text has such bytes
		{"page that calls itself a drawing", aBadScript + svg(""), "text/html"},
		{"drawing with a script", svg(`width="7" height="5"`) + aBadScript, "image/svg+xml"},
		{"words and page", "BM is a bitmap. " + aBadScript, "text/plain"},
		{"xml and page", someXML + aBadScript, "text/xml"},
		{"psd and page", photoshop(1, 7, 5) + aBadScript, "image/vnd.adobe.photoshop"},
		{"jxl and page", "\xff\x0a" + bits(0, 1, 0, 2, 4, 9, 0, 3, 0, 2, 6, 9, 1, 1) + aBadScript, "image/jxl"},
		{"noise and page", noise + aBadScript, "application/octet-stream"},
	}
	for _, c := range cases {
		for _, declared := range []string{"", "text/html", "image/svg+xml", "application/xhtml+xml"} {
			t.Run(fmt.Sprintf("%s as %q", c.name, declared), func(t *testing.T) {
				is := is.New(t)
				for _, name := range []string{"a", "a.html", "a.svg", "a.xml"} {
					result, err := processDeclared(name, declared, []byte(c.bytes))
					is.NoErr(err)
					is.Equal(result.ContentType, c.want)
				}
			})
		}
	}
}

func TestFramesOfAllKinds(t *testing.T) {
	for marker := 0xc0; marker <= 0xcf; marker++ {
		t.Run(fmt.Sprintf("%x", marker), func(t *testing.T) {
			is := is.New(t)
			result, _, err := look("image/jpeg", jpegFrame(byte(marker), 3))
			if strings.Contains("c4 c8 cc", fmt.Sprintf("%x", marker)) { // tables, and one that is reserved
				is.True(isUnreadable(err))
				return
			}
			is.NoErr(err)
			is.Equal(*result.Image, media.Image{Width: 7, Height: 5})
		})
	}
}
