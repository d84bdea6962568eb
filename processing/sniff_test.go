package processing_test

import (
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/processing"
)

func TestSniff(t *testing.T) {
	cases := map[string]string{
		"":       "text/plain",
		noise:    "application/octet-stream",
		aPNG:     "image/png",
		aJPEG:    "image/jpeg",
		aTIFF:    "image/tiff",
		aZip:     "application/zip",
		aDocx:    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		anEpub:   "application/epub+zip",
		anOLE:    "application/x-ole-storage",
		aPDF:     "application/pdf",
		aGzip:    "application/gzip",
		anMP4:    "video/mp4",
		anM4A:    "audio/mp4",
		aWebM:    "video/webm",
		anMP3:    "audio/mpeg",
		aText:    "text/plain",
		someCSV:  "text/csv",
		someJSON: "application/json",
		someXML:  "text/xml",
		someHTML: "text/html",
		anSVG:    "image/svg+xml",
		aScript:  "text/x-shellscript",

		"\xef\xbb\xbfwith a byte order mark": "text/plain",
		"\xff\xfeh\x00i\x00":                 "text/plain",
		"caf\xe9 in Latin-1":                 "text/plain",
	}
	for head, want := range cases {
		t.Run(want, func(t *testing.T) {
			is.New(t).Equal(processing.Sniff([]byte(head)), want)
		})
	}
}

func TestSniffTakesWordsForWords(t *testing.T) {
	for _, text := range []string{
		"MZ is how programs for DOS begin", "FWS and CWS are films", "8BPS is Photoshop", "BZh is bzip2",
		"MThd is a song", "wOFF is a font", "BM is a bitmap, and this is long enough for one",
	} {
		t.Run(text, func(t *testing.T) {
			is.New(t).Equal(processing.Sniff([]byte(text)), "text/plain")
		})
	}
	is.New(t).Equal(processing.Sniff([]byte("MZ\x90\x00\x03")), "application/vnd.microsoft.portable-executable")
}

func TestSniffLooksAtTheFirstBytesOnly(t *testing.T) {
	is := is.New(t)
	text := strings.Repeat("x", processing.SniffLength)
	is.Equal(processing.Sniff([]byte(text+noise)), "text/plain")
	is.Equal(processing.Sniff([]byte("MZ"+text[2:]+noise)), "text/plain")
	is.Equal(processing.Sniff([]byte(text[1:]+noise)), "application/octet-stream")
}
