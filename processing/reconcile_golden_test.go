package processing_test

import (
	"context"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/processing"
)

// typeVerdict is an entry of testdata/types/truth.json.
type typeVerdict struct {
	File  string // what file(1) says
	Pages int    // what pdfinfo counts, of a PDF
}

// ourTypes are the types of samples that file(1) has another opinion of.
var ourTypes = map[string]string{
	// It does not look for the parts of a zip behind the first.
	"apk-late.apk":   "application/vnd.android.package-archive",
	"docx-late.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"jar-late.jar":   "application/java-archive",
	"sheet.xltx":     "application/vnd.openxmlformats-officedocument.spreadsheetml.template",
	"sheet.xlsm":     "application/vnd.ms-excel.sheet.macroenabled.12",
	"slides.potx":    "application/vnd.openxmlformats-officedocument.presentationml.template",
	"text.docm":      "application/vnd.ms-word.document.macroenabled.12",
	"text.dotx":      "application/vnd.openxmlformats-officedocument.wordprocessingml.template",

	// It has no name to go by.
	"column.csv": "text/csv", "table.tsv": "text/tab-separated-values",
	"config.yaml": "application/yaml",
	"main.go":     "text/x-go", // "text/x-c", it says
	"main.js":     "text/javascript",
	"main.py":     "text/x-python", "style.css": "text/css",
	"readme.md": "text/markdown", "readme-html.md": "text/markdown", "readme-comment.md": "text/markdown",

	// It knows fewer roots, or takes what is inside for what is outside.
	"atom.atom": "application/atom+xml", "rdf.rdf": "application/rdf+xml", "sheet.xsl": "application/xslt+xml",
	"rss.rss": "application/rss+xml", "rss-bare.rss": "application/rss+xml",
	"comment.svg": "image/svg+xml", "licence.svg": "image/svg+xml",
	"elements.txt":        "text/plain", // begins with "<svg" and goes on with words
	"fragment.html":       "text/html",
	"page.xhtml":          "application/xhtml+xml",
	"page-with-svg.xhtml": "application/xhtml+xml", // "image/svg+xml", it says
	"map.geojson":         "application/geo+json",

	"empty.txt": "text/plain",
}

// typeSamples are the samples of testdata/types, with the types that we mean.
func typeSamples(t testing.TB) (all []sample, pages map[string]int) {
	t.Helper()
	var verdicts map[string]typeVerdict
	readTruth(t, "types", &verdicts)
	pages = map[string]int{}
	for name, v := range verdicts {
		contentType := v.File
		if ours, ok := ourTypes[name]; ok {
			contentType = ours
		}
		all = append(all, sample{name: name, contentType: contentType, bytes: readSample(t, "types", name)})
		if v.Pages > 0 {
			pages[name] = v.Pages
		}
	}
	return all, pages
}

func TestFilesOfOtherProgramsHaveTheTypeThoseSay(t *testing.T) {
	all, _ := typeSamples(t)
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) {
			is := is.New(t)
			var result processing.Result
			var m *meter
			var err error
			allocated := allocates(func() { result, m, err = undeclared(s.name, s.bytes) })
			is.NoErr(err)
			is.Equal(result.ContentType, s.contentType)
			is.True(m.read <= 64<<10)
			is.True(allocated <= 128<<10)
		})
	}
}

func TestFilesOfOtherProgramsNeedNoDeclaration(t *testing.T) {
	all, _ := typeSamples(t)
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) {
			is := is.New(t)
			for _, declared := range []string{"application/octet-stream", "application/x-acme", "image/png"} {
				result, err := processDeclared(s.name, declared, s.bytes)
				is.NoErr(err)
				is.Equal(result.ContentType, s.contentType)
			}
			again, err := processDeclared(s.name, s.contentType, s.bytes)
			is.NoErr(err)
			is.Equal(again.ContentType, s.contentType)
		})
	}
}

func TestTheSamplesAreInTheirGroups(t *testing.T) {
	groups := map[string]string{
		"7z.7z": media.GroupArchive, "tgz.tar.gz": media.GroupArchive, "zstd.tar.zst": media.GroupArchive,
		"text.odt": media.GroupRichText, "text.docm": media.GroupRichText, "text.epub": media.GroupRichText,
		"text.doc": media.GroupRichText, "text.rtf": media.GroupPlaintext,
		"sheet.ods": media.GroupSpreadsheet, "sheet.xlsm": media.GroupSpreadsheet, "sheet.xls": media.GroupSpreadsheet,
		"column.csv": media.GroupSpreadsheet, "table.tsv": media.GroupSpreadsheet,
		"slides.odp": media.GroupPresentation, "slides.ppsx": media.GroupPresentation,
		"main.go": media.GroupCode, "main.js": media.GroupCode, "style.css": media.GroupCode, "script.sh": media.GroupCode,
		"readme.md": media.GroupPlaintext, "object.json": media.GroupPlaintext, "config.yaml": media.GroupPlaintext,
		"page.html": media.GroupMarkup, "rss.rss": media.GroupMarkup, "note.xml": media.GroupMarkup,
		"comment.svg": media.GroupImage, "pdf-plain.pdf": media.GroupPdfDocument, "apk-late.apk": media.GroupAttachment,
	}
	for name, group := range groups {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			result, _, err := undeclared(name, readSample(t, "types", name))
			is.NoErr(err)
			is.Equal(result.MimeGroups, []string{group})
		})
	}
}

// TestTruncatedFilesAreAtMostLess: what is left of a file is of its type, or
// of a less specific one that its first bytes show, and never an error.
func TestTruncatedFilesAreAtMostLess(t *testing.T) {
	all, _ := typeSamples(t)
	for _, s := range all {
		if strings.HasSuffix(s.name, ".svg") {
			continue // TestTruncatedImagesOfOtherPrograms has such
		}
		t.Run(s.name, func(t *testing.T) {
			is := is.New(t)
			step := 1 + len(s.bytes)/300
			for n := 0; n < len(s.bytes); n += step {
				result, m, err := undeclared("name", s.bytes[:n])
				is.NoErr(err)
				is.True(m.read <= mib)
				is.True(result.ContentType != "")
			}
		})
	}
}

func processDeclared(name, declared string, b []byte) (processing.Result, error) {
	return processing.Headers{}.Process(context.Background(), processing.Source{
		Name: name, Declared: declared, Sniffed: processing.Sniff(b), Size: int64(len(b)), Bytes: strings.NewReader(string(b)),
	})
}

// TestTheNameCountsWhereTheClientSaysNothing: the declared type comes first,
// then the extension, and neither goes against the bytes.
func TestTheNameCountsWhereTheClientSaysNothing(t *testing.T) {
	aPage, aFragment := "<!DOCTYPE html><p>Hello</p>", "<p align=\"center\">Hello</p>\n\n# Title\n"
	cases := []struct{ name, declared, bytes, want string }{
		{"main.go", "", aText, "text/x-go"},
		{"MAIN.GO", "application/octet-stream", aText, "text/x-go"},
		{"main.go", "text/plain", aText, "text/plain"}, // its client is sure
		{"main.go", "text/markdown", aText, "text/markdown"},
		{"main.go", "image/png", aText, "text/x-go"},
		{"main.go", "", noise, "application/octet-stream"},
		{"main.go", "", aPNG, "image/png"},
		{"main.go.txt", "", aText, "text/plain"},
		{"main.", "", aText, "text/plain"},
		{".go", "", aText, "text/x-go"},
		{"code.ts", "video/mp2t", aText, "text/x-typescript"},               // so browsers declare TypeScript
		{"table.csv", "application/vnd.ms-excel", "one\ntwo\n", "text/csv"}, // and so Windows declares CSV
		{"page.html", "", aText, "text/plain"},
		{"page.svg", "", aText, "text/plain"},
		{"photo.png", "", noise, "application/octet-stream"},
		{"document.docx", "", aText, "text/plain"},
		{"slides.key", "", aZip, "application/vnd.apple.keynote"},
		{"slides.key", "", aText, "text/plain"},
		{"map.geojson", "", someJSON, "application/geo+json"},
		{"map.geojson", "", "[1, 2", "application/geo+json"}, // JSON further down than was looked, perhaps
		{"a.tgz", "", aGzip, "application/x-tgz"},
		{"a.tar.gz", "application/x-compressed-tar", aGzip, "application/x-tgz"},
		{"a.tgz", "", aZip, "application/zip"},

		{"page", "", aPage, "text/html"},
		{"page.md", "text/markdown", aPage, "text/html"},
		{"page", "", aFragment, "text/html"},
		{"page", "text/html", aFragment, "text/html"},
		{"page", "image/png", aFragment, "text/html"},
		{"page", "text/markdown", aFragment, "text/markdown"},
		{"page", "text/plain", aFragment, "text/plain"},
		{"page.md", "", aFragment, "text/markdown"},
		{"page.md", "application/octet-stream", aFragment, "text/markdown"},
		{"page.svg", "image/svg+xml", aFragment, "text/html"},
	}
	for _, c := range cases {
		t.Run(c.name+" "+c.declared, func(t *testing.T) {
			is := is.New(t)
			result, err := processDeclared(c.name, c.declared, []byte(c.bytes))
			is.NoErr(err)
			is.Equal(result.ContentType, c.want)
		})
	}
}
