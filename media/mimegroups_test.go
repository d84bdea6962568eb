package media_test

import (
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/media"
)

func TestMimeGroupsGoByContentType(t *testing.T) {
	cases := map[string][]string{
		media.GroupImage:       {"image/png", "image/svg+xml", "image/vnd.adobe.photoshop", "image/x-unheard-of"},
		media.GroupAudio:       {"audio/mpeg", "audio/x-unheard-of"},
		media.GroupVideo:       {"video/mp4", "video/x-unheard-of", "application/mp4"},
		media.GroupPdfDocument: {"application/pdf"},
		media.GroupPlaintext: {
			"text/plain", "text/markdown", "application/rtf", "text/rtf", "text/vtt", "application/json",
			"application/ld+json", "application/geo+json", "text/calendar", "text/x-unheard-of", "application/yaml",
			"application/toml", "application/x-subrip",
		},
		media.GroupRichText: {
			"application/msword", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
			"application/vnd.oasis.opendocument.text", "application/epub+zip", "application/vnd.apple.pages",
		},
		media.GroupPresentation: {
			"application/vnd.ms-powerpoint", "application/vnd.openxmlformats-officedocument.presentationml.presentation",
			"application/vnd.oasis.opendocument.presentation", "application/vnd.apple.keynote",
		},
		media.GroupSpreadsheet: {
			"application/vnd.ms-excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
			"application/vnd.oasis.opendocument.spreadsheet", "text/csv", "application/vnd.apple.numbers",
		},
		media.GroupArchive: {
			"application/zip", "application/gzip", "application/x-bzip2", "application/x-tar",
			"application/x-7z-compressed", "application/vnd.rar", "application/x-rar-compressed", "application/x-xz",
			"application/zstd",
		},
		media.GroupCode: {
			"text/javascript", "application/javascript", "text/css", "text/x-python", "text/x-go", "text/x-php",
			"application/x-sh", "application/typescript", "text/x-scss", "application/x-powershell", "application/dart",
		},
		media.GroupMarkup: {
			"text/html", "application/xhtml+xml", "text/xml", "application/xml", "application/rss+xml",
		},
		media.GroupAttachment: {
			"application/octet-stream", "application/x-acme", "font/woff2", "application/wasm", "", "nonsense",
		},
	}
	for want, types := range cases {
		for _, contentType := range types {
			t.Run(contentType, func(t *testing.T) {
				is.New(t).Equal(media.MimeGroups(contentType, "name"), []string{want})
			})
		}
	}
}

func TestMimeGroupsGoByExtensionWhereTheTypeSaysNothing(t *testing.T) {
	cases := map[string][]string{
		media.GroupImage:        {"a.png", "a.JPG", "a.svg", "a.jp2", "a.NEF", "a.cur"},
		media.GroupAudio:        {"a.mp3", "a.ogg"},
		media.GroupVideo:        {"a.mp4", "a.mov"},
		media.GroupPdfDocument:  {"a.pdf"},
		media.GroupPlaintext:    {"a.txt", "a.md", "a.rtf", "a.vtt", "a.json", "a.yml", "a.srt"},
		media.GroupRichText:     {"a.doc", "a.docx", "a.odt", "a.epub", "a.pages"},
		media.GroupPresentation: {"a.ppt", "a.pptx", "a.odp", "a.key"},
		media.GroupSpreadsheet:  {"a.xls", "a.xlsx", "a.ods", "a.csv", "a.numbers"},
		media.GroupArchive:      {"a.zip", "a.gz", "a.bz2", "a.tar", "a.tar.gz", "a.7z", "a.rar", "a.xz", "a.zst", "a.zstd"},
		media.GroupCode:         {"a.js", "a.css", "a.go", "a.py", "a.rs", "a.min.js"},
		media.GroupMarkup:       {"a.html", "a.xhtml", "a.xml", "a.rss"},
		media.GroupAttachment:   {"", "a", "png", "a.", ".", "a.acme", "a.png.exe"},
	}
	for want, names := range cases {
		for _, name := range names {
			t.Run(name, func(t *testing.T) {
				is.New(t).Equal(media.MimeGroups("application/octet-stream", name), []string{want})
			})
		}
	}
}

func TestMimeGroupsPreferTheContentType(t *testing.T) {
	cases := []struct{ contentType, fileName, want string }{
		{"image/png", "a.txt", media.GroupImage},
		{"text/plain", "main.go", media.GroupPlaintext},
		{"text/html", "a.png", media.GroupMarkup},
		{"text/x-unheard-of", "main.go", media.GroupCode},
		{"application/x-acme", "a.csv", media.GroupSpreadsheet},
		{"TEXT/HTML; charset=utf-8", "a", media.GroupMarkup},
		{" Text/Plain ;format=flowed", "a.go", media.GroupPlaintext},
	}
	for _, c := range cases {
		t.Run(c.contentType+" "+c.fileName, func(t *testing.T) {
			is.New(t).Equal(media.MimeGroups(c.contentType, c.fileName), []string{c.want})
		})
	}
}

func TestMimeGroupsBelongToTheCaller(t *testing.T) {
	is := is.New(t)
	media.MimeGroups("image/png", "a.png")[0] = "changed"
	is.Equal(media.MimeGroups("image/png", "a.png"), []string{media.GroupImage})
}
