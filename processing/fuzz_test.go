package processing_test

import (
	"strings"
	"testing"

	"github.com/weegloo/weegloo/processing"
)

// formats are the types whose readers a fuzzer may choose.
var formats = []string{"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/tiff"}

// FuzzProcess: whatever the bytes, reading them ends, within the budget, in a
// size that can be believed or in a Failure.
func FuzzProcess(f *testing.F) {
	for i := range formats {
		for _, s := range samples() {
			if s.contentType == formats[i] && len(s.bytes) < 4<<10 {
				f.Add(uint8(i), s.bytes)
			}
		}
	}
	f.Fuzz(func(t *testing.T, format uint8, bytes []byte) {
		contentType := formats[int(format)%len(formats)]
		result, m, err := look(contentType, bytes)
		if m.read > 1<<20 {
			t.Errorf("%d bytes were read", m.read)
		}
		if err != nil {
			if !isUnreadable(err) {
				t.Error(err)
			}
			return
		}
		side := func(n int) bool { return 1 <= n && n <= 1_000_000 }
		if !side(result.Image.Width) || !side(result.Image.Height) {
			t.Error(*result.Image)
		}
	})
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
		if strings.HasPrefix(shown, "image/") {
			return // FuzzProcess has these
		}
		got := settled(t, declared, string(head))
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
