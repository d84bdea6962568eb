package processing_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/weegloo/weegloo/processing"
)

// formats are the types whose readers a fuzzer may choose.
var formats = []string{
	"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/tiff",
	"image/j2c", "image/jp2", "image/jxl", "image/svg+xml", "image/vnd.adobe.photoshop", "image/x-icon", "image/x-tga",
	"application/pdf",
}

// FuzzProcess: whatever the bytes, reading them ends, within the budgets, in
// numbers that can be believed or in a Failure.
func FuzzProcess(f *testing.F) {
	seeds, _ := typeSamples(f)
	seeds = append(append(seeds, samples()...), imageSamples(f)...)
	for i := range formats {
		for _, s := range seeds {
			if s.contentType == formats[i] && len(s.bytes) < 6<<10 {
				f.Add(uint8(i), s.bytes)
			}
		}
	}
	f.Fuzz(func(t *testing.T, format uint8, bytes []byte) {
		contentType := formats[int(format)%len(formats)]
		checkFile(t, func() (processing.Result, *meter, error) { return look(contentType, bytes) })
	})
}

// FuzzFile: the same of whole files, whose type is to be found out.
func FuzzFile(f *testing.F) {
	seeds, _ := typeSamples(f)
	for _, s := range append(seeds, imageSamples(f)...) {
		if len(s.bytes) < 10<<10 {
			f.Add(s.name, s.bytes)
		}
	}
	f.Fuzz(func(t *testing.T, name string, bytes []byte) {
		checkFile(t, func() (processing.Result, *meter, error) { return undeclared(name, bytes) })
	})
}

// checkFile fails the test if what is said of a file cannot be, or is found
// out at too high a price.
func checkFile(t *testing.T, process func() (processing.Result, *meter, error)) {
	t.Helper()
	var result processing.Result
	var m *meter
	var err error
	began := time.Now()
	allocated := allocates(func() { result, m, err = process() })
	if took := time.Since(began); m.read > mib || allocated > mib || took > time.Second {
		t.Errorf("%d bytes were read and %d allocated in %v", m.read, allocated, took)
	}
	var failure *processing.Failure
	if err != nil {
		if !errors.As(err, &failure) {
			t.Error(err)
		}
		return
	}
	side := func(n int) bool { return 1 <= n && n <= 1_000_000 }
	if i := result.Image; i != nil && (!side(i.Width) || !side(i.Height)) {
		t.Error(*i)
	}
	if d := result.Document; d != nil && !side(d.Pages) {
		t.Error(*d)
	}
	if !strings.Contains(result.ContentType, "/") || len(result.MimeGroups) != 1 {
		t.Error(result.ContentType, result.MimeGroups)
	}
}

// FuzzContentType: what comes out is a plain content type, settling it again
// changes nothing, and only bytes make markup.
func FuzzContentType(f *testing.F) {
	for _, declared := range []string{"", "image/jpg", "TEXT/HTML; charset=utf-8", "application/x-acme", "a/b/c", "image/svg+xml"} {
		for _, head := range []string{noise, aText, someCSV, someXML, aZip, anOLE, anMP4} {
			f.Add(declared, []byte(head))
		}
	}
	f.Fuzz(func(t *testing.T, declared string, head []byte) {
		shown := processing.Sniff(head)
		result, err := processDeclared("", declared, head)
		var failure *processing.Failure
		if errors.As(err, &failure) {
			return // FuzzProcess and FuzzRecordings have these
		}
		got := result.ContentType
		top, sub, ok := strings.Cut(got, "/")
		if !ok || top == "" || sub == "" || strings.ToLower(got) != got || strings.ContainsAny(got, "; \t\r\n\x00") {
			t.Errorf("%q is no content type", got)
		}
		if again := settled(t, got, string(head)); again != got {
			t.Errorf("%q, then %q", got, again)
		}
		isMarkup := strings.Contains(got, "html") || strings.HasSuffix(got, "xml")
		if isMarkup && !strings.Contains(shown, "html") && !strings.Contains(shown, "xml") {
			t.Errorf("%q over %q", got, shown)
		}
	})
}
