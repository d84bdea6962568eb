package processing_test

import (
	"bytes"
	"context"
	"image/png"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/processing"
)

// The first bytes of files, by what they show.
var (
	noise    = strings.Repeat("\x00\x9c\x07\xe1", 20)
	aPNG     = string(encoded(png.Encode))
	aJPEG    = string(encoded(encodeJPEG))
	aTIFF    = string(encoded(encodeTIFF))
	aZip     = "PK\x03\x04\x14\x00\x00\x00\x08\x00" + strings.Repeat("\x00", 20)
	aDocx    = zipOf("[Content_Types].xml", "word/document.xml")
	anXlsx   = zipOf("[Content_Types].xml", "xl/workbook.xml")
	anEpub   = "PK\x03\x04" + strings.Repeat("\x00", 22) + "\x08\x00\x00\x00mimetypeapplication/epub+zip"
	anOLE    = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)
	aPDF     = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
	aGzip    = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"
	anOgg    = "OggS\x00\x02" + strings.Repeat("\x00", 21) + "OggS\x00\x00" + strings.Repeat("\x00", 21)
	anMP4    = "\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp41" + anEmptyMovie
	anM4A    = "\x00\x00\x00\x18ftypM4A \x00\x00\x02\x00isommp41" + anEmptyMovie
	anM4V    = "\x00\x00\x00\x18ftypM4V \x00\x00\x02\x00isommp41" + anEmptyMovie
	aHEIF    = "\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic" + someItems
	aWebM    = "\x1a\x45\xdf\xa3\x97\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm" + anEmptySegment
	anMP3    = "ID3\x03\x00\x00\x00\x00\x00\x0a" + strings.Repeat("\x00", 40)
	aText    = "Dear reader, here is a letter.\n"
	someCSV  = "name,size\na,1\nb,2\n"
	someJSON = `{"name": "a", "size": 1}`
	someXML  = `<?xml version="1.0"?><note>Buy milk</note>`
	someHTML = "<!DOCTYPE html><html><body>Hello</body></html>"
	anSVG    = `<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>`
	aScript  = "#!/bin/sh\necho hello\n"
)

// zipOf is the beginning of a zip with empty entries of these names.
func zipOf(names ...string) string {
	var b strings.Builder
	for _, name := range names {
		b.WriteString("PK\x03\x04\x14\x00" + strings.Repeat("\x00", 20) + le16(len(name)) + le16(0) + name)
	}
	return b.String()
}

// settled is the content type of a file that shows head and is declared.
func settled(t *testing.T, declared, head string) string {
	t.Helper()
	result, err := processing.Headers{}.Process(context.Background(), processing.Source{
		Declared: declared, Sniffed: processing.Sniff([]byte(head)),
		Size: int64(len(head)), Bytes: bytes.NewReader([]byte(head)),
	})
	is.New(t).NoErr(err)
	return result.ContentType
}

type declaration struct{ declared, head, want string }

func checkSettled(t *testing.T, cases []declaration) {
	for _, c := range cases {
		t.Run(c.declared+" over "+processing.Sniff([]byte(c.head)), func(t *testing.T) {
			is.New(t).Equal(settled(t, c.declared, c.head), c.want)
		})
	}
}

func TestTheSameTypeIsKeptUnderOneName(t *testing.T) {
	checkSettled(t, []declaration{
		{"image/png", aPNG, "image/png"},
		{"IMAGE/PNG", aPNG, "image/png"},
		{" image/png ; charset=binary", aPNG, "image/png"},
		{"image/jpg", aJPEG, "image/jpeg"},
		{"image/pjpeg", aJPEG, "image/jpeg"},
		{"image/apng", aPNG, "image/png"},
		{"application/x-pdf", aPDF, "application/pdf"},
		{"application/x-zip-compressed", aZip, "application/zip"},
		{"application/x-gzip", aGzip, "application/gzip"},
		{"audio/mp3", anMP3, "audio/mpeg"},
		{"audio/x-m4a", anM4A, "audio/mp4"},
		{"video/mp4", anM4V, "video/mp4"},
		{"application/xml", someXML, "text/xml"},
		{"text/json", someJSON, "application/json"},
		{"text/plain; charset=utf-8", aText, "text/plain"},
		{"text/html; charset=utf-8", someHTML, "text/html"},
		{"image/svg+xml", anSVG, "image/svg+xml"},
	})
}

func TestAMoreSpecificKindIsKept(t *testing.T) {
	checkSettled(t, []declaration{
		{"text/markdown", aText, "text/markdown"},
		{" text/markdown ; charset=utf-8", aText, "text/markdown"},
		{"text/x-markdown", aText, "text/markdown"},
		{"text/css", aText, "text/css"},
		{"text/csv", aText, "text/csv"},
		{"application/csv", aText, "text/csv"},
		{"text/x-go", aText, "text/x-go"},
		{"text/x-unheard-of", aText, "text/x-unheard-of"},
		{"application/javascript", aText, "text/javascript"},
		{"application/json", aText, "application/json"},
		{"application/ld+json", aText, "application/ld+json"},
		{"text/yaml", aText, "application/yaml"},
		{"application/x-sh", aText, "text/x-shellscript"},
		{"text/markdown", "", "text/markdown"},
		{"application/ld+json", someJSON, "application/ld+json"},
		{"application/vnd.acme+xml", someXML, "application/vnd.acme+xml"},
		{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", aZip, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		{"application/vnd.openxmlformats-officedocument.wordprocessingml.template", aDocx, "application/vnd.openxmlformats-officedocument.wordprocessingml.template"},
		{"application/vnd.ms-excel.sheet.macroEnabled.12", anXlsx, "application/vnd.ms-excel.sheet.macroenabled.12"},
		{"application/vnd.oasis.opendocument.text", aZip, "application/vnd.oasis.opendocument.text"},
		{"application/epub+zip", aZip, "application/epub+zip"},
		{"application/vnd.apple.pages", aZip, "application/vnd.apple.pages"},
		{"application/java-archive", aZip, "application/java-archive"},
		{"application/msword", anOLE, "application/msword"},
		{"application/vnd.openxmlformats-officedocument.presentationml.presentation", anOLE, "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
		{"application/x-compressed-tar", aGzip, "application/x-tgz"},
		{"video/ogg", anOgg, "video/ogg"},
		{"audio/mp4", anMP4, "audio/mp4"},
		{"audio/webm", aWebM, "audio/webm"},
		{"image/avif", aHEIF, "image/avif"},
		{"image/x-adobe-dng", aTIFF, "image/x-adobe-dng"},
	})
}

func TestAContradictionIsResolvedForTheBytes(t *testing.T) {
	checkSettled(t, []declaration{
		{"image/jpeg", aPNG, "image/png"},
		{"text/plain", aPNG, "image/png"},
		{"text/html", aPNG, "image/png"},
		{"application/octet-stream", aPNG, "image/png"},
		{"application/x-acme", aPNG, "image/png"},
		{"image/png", aPDF, "application/pdf"},
		{"image/png", someHTML, "text/html"},
		{"text/plain", someHTML, "text/html"},
		{"text/markdown", someHTML, "text/html"},
		{"text/plain", someJSON, "application/json"},
		{"text/plain", aScript, "text/x-shellscript"},
		{"text/html", someXML, "text/xml"},
		{"image/svg+xml", someXML, "text/xml"},
		{"application/rss+xml", someXML, "text/xml"},
		{"application/xhtml+xml", someXML, "text/xml"},
		{"application/zip", aDocx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", anXlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		{"application/zip", anEpub, "application/epub+zip"},
		{"application/x-acme", aZip, "application/zip"},
		{"application/pdf", aZip, "application/zip"},
		{"application/x-tar", aGzip, "application/gzip"},
		{"video/mp4", aHEIF, "image/heif"},
		{"image/heic", anMP4, "video/mp4"},
		{"audio/webm", anMP4, "video/mp4"},
		{"application/octet-stream", aText, "text/plain"},
		{"application/octet-stream", someCSV, "text/csv"},
		{"application/vnd.ms-excel", someCSV, "text/csv"},
	})
}

func TestADeclaredTypeWithASignatureNeedsIt(t *testing.T) {
	for _, declared := range []string{
		"image/png", "image/x-unheard-of", "audio/mpeg", "audio/x-unheard-of", "video/mp4", "video/mp2t",
		"application/pdf", "application/zip", "application/x-zip-compressed", "application/msword",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/vnd.apple.pages",
		"application/vnd.acme+zip", "font/woff2", "text/plain", "text/html", "text/x-go", "application/json",
		"application/ld+json", "application/yaml", "application/javascript", "application/xml",
		"application/vnd.acme+xml", "application/xhtml+xml", "multipart/mixed", "message/rfc822", "application/xml-dtd", "application/x-acme-html",
	} {
		t.Run(declared, func(t *testing.T) {
			is.New(t).Equal(settled(t, declared, noise), "application/octet-stream")
		})
	}
	for _, declared := range []string{
		"image/png", "image/svg+xml", "audio/mpeg", "video/mp2t", "application/pdf", "application/zip",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/rtf", "text/vtt",
		"text/vcard", "text/calendar", "font/woff2", "application/x-acme", "message/rfc822",
	} {
		t.Run(declared+" over text", func(t *testing.T) {
			is.New(t).Equal(settled(t, declared, aText), "text/plain")
		})
	}
}

func TestATypeWithoutASignatureIsKeptOverNoise(t *testing.T) {
	for _, declared := range []string{"application/x-acme", "application/vnd.acme.drawing", "model/stl", "font/x-acme"} {
		t.Run(declared, func(t *testing.T) {
			is.New(t).Equal(settled(t, declared, noise), declared)
		})
	}
}

func TestTextBecomesNoMarkupByDeclaration(t *testing.T) {
	for _, declared := range []string{
		"text/html", "TEXT/HTML; charset=utf-8", "application/xhtml+xml", "text/xhtml", "text/x-server-parsed-html",
		"text/xml", "application/xml", "text/xsl", "application/xslt+xml", "application/vnd.acme+xml", "image/svg+xml",
		"application/mathml+xml", "application/vnd.wap.xhtml+xml", "text/vnd.wap.wml", "text/x-component",
		"multipart/x-mixed-replace", "multipart/related", "application/xml-dtd",
	} {
		for _, head := range []string{aText, someCSV, someJSON, ""} {
			t.Run(declared, func(t *testing.T) {
				is.New(t).Equal(settled(t, declared, head), settled(t, "", head))
			})
		}
	}
}

func TestTextThatLooksLikeATableIsWhatItIsCalled(t *testing.T) {
	verse := "Roses are red, violets are blue,\nSugar is sweet, and so are you,\n"
	letter := "From: me@example.org\nTo: you@example.org\nSubject: x\n\nHello\n"
	checkSettled(t, []declaration{
		{"text/plain", verse, "text/plain"},
		{"text/markdown", verse, "text/markdown"},
		{"text/csv", verse, "text/csv"},
		{"", verse, "text/csv"},
		{"image/png", verse, "text/csv"},
		{"text/plain", letter, "text/plain"},
		{"", letter, "message/rfc822"},
	})
}

func TestWhatIsNoContentTypeIsNotKept(t *testing.T) {
	for _, declared := range []string{
		"", "png", "/", "text/", "/plain", "a/b/c", "application/*", "*/*", "application/x acme", "application/x\nacme",
		"application/x-acme\x00", "application/\u00e4", "application/.acme", "application/-acme", "application/x(acme)",
		"application/" + strings.Repeat("x", 128), strings.Repeat("x", 128) + "/acme", "; charset=utf-8",
	} {
		t.Run(declared, func(t *testing.T) {
			is := is.New(t)
			is.Equal(settled(t, declared, noise), "application/octet-stream")
			is.Equal(settled(t, declared, aText), "text/plain")
			is.Equal(settled(t, declared, aPNG), "image/png")
		})
	}
}

func TestAMalformedSniffIsNoise(t *testing.T) {
	is := is.New(t)
	for _, sniffed := range []string{"", "nonsense", "text/plain\x00"} {
		result, err := processing.Headers{}.Process(context.Background(), processing.Source{Declared: "image/png", Sniffed: sniffed})
		is.NoErr(err)
		is.Equal(result.ContentType, "application/octet-stream")
	}
}
