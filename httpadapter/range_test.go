package httpadapter

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/weegloo/weegloo/delivery"
	"github.com/weegloo/weegloo/media"
)

// TestRangesAgreeWithNetHTTP draws Range headers of one range and compares with
// http.ServeContent. Where the two may differ is left out: "bytes=-0", for which
// the contract wants 416, and a first position behind the last, which
// ServeContent refuses and RFC 9110 lets us ignore.
func TestRangesAgreeWithNetHTTP(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 20).Draw(t, "size")
		content := strings.Repeat("0123456789", 2)[:size]
		first, last := rapid.IntRange(0, 25).Draw(t, "first"), rapid.IntRange(0, 25).Draw(t, "last")
		var header string
		switch rapid.IntRange(0, 2).Draw(t, "form") {
		case 0:
			header = fmt.Sprintf("bytes=%d-%d", min(first, last), max(first, last))
		case 1:
			header = fmt.Sprintf("bytes=%d-", first)
		case 2:
			header = fmt.Sprintf("bytes=-%d", first+1)
		}
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Range", header)

		theirs := httptest.NewRecorder()
		http.ServeContent(theirs, r, "a.txt", time.Time{}, strings.NewReader(content))
		ours := httptest.NewRecorder()
		f := delivery.File{ContentType: "text/plain", Detail: media.Detail{Size: int64(size), SHA256: "abc"}}
		if err := testConfig.ServeBytes(ours, r, f, strings.NewReader(content)); err != nil {
			if theirs.Code != http.StatusRequestedRangeNotSatisfiable {
				t.Fatalf("%s of %d bytes: %v, and theirs %d", header, size, err, theirs.Code)
			}
			return
		}
		for _, name := range []string{"Content-Range", "Content-Length", "Accept-Ranges"} {
			if got, want := ours.Header().Get(name), theirs.Header().Get(name); got != want {
				t.Fatalf("%s of %d bytes: %s %q, theirs %q", header, size, name, got, want)
			}
		}
		if ours.Code != theirs.Code || ours.Body.String() != theirs.Body.String() {
			t.Fatalf("%s of %d bytes: %d %q, theirs %d %q", header, size, ours.Code, ours.Body, theirs.Code, theirs.Body)
		}
	})
}
