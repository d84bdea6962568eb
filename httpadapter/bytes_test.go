package httpadapter

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/delivery"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/sys"
)

var testConfig = Config{MaxBody: 100, IdleTimeout: time.Minute}

const digits10 = "0123456789"

// serve answers a request for a file of ten bytes. Headers are written "Name:
// value"; the same name may come twice.
func serve(t *testing.T, method, contentType string, headers ...string) (*httptest.ResponseRecorder, error) {
	t.Helper()
	r := httptest.NewRequest(method, "/", nil)
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	f := delivery.File{ContentType: contentType, Detail: media.Detail{Size: 10, SHA256: "abc"}}
	w := httptest.NewRecorder()
	return w, testConfig.ServeBytes(w, r, f, strings.NewReader(digits10))
}

func TestRangesOfAFile(t *testing.T) {
	const whole = "200 " + digits10
	for header, want := range map[string]string{
		"": whole, "bytes=0-0": "206 0", "bytes=0-9": "206 " + digits10, "bytes=9-9": "206 9", "bytes=9-": "206 9", "bytes=0-": "206 " + digits10, "bytes=3-5": "206 345",
		"bytes=5-99": "206 56789", "bytes=-1": "206 9", "bytes=-10": "206 " + digits10, "bytes=-11": "206 " + digits10, "bytes= 3-5 ": "206 345",
		"bytes=-99999999999999999999": "206 " + digits10, "bytes=0-99999999999999999999": "206 " + digits10, "bytes=1-9223372036854775807": "206 123456789",
		"bytes=-0": "416", "bytes=10-": "416", "bytes=10-10": "416", "bytes=99-100": "416", "bytes=99999999999999999999-": "416", "bytes=9223372036854775807-": "416",
		"bytes=5-3": whole, "bytes=0-1,3-4": whole, "bytes=0-1,": whole, "bytes=": whole, "bytes=-": whole, "bytes": whole, "bytes=a-b": whole, "bytes=1": whole,
		"bytes=--1": whole, "bytes=-1-2": whole, "bytes=+1-2": whole, "bytes=1-2-3": whole, "bytes=0x1-2": whole, "items=0-1": whole, "0-1": whole, "bytes=1 - 2": whole,
	} {
		is := is.New(t)
		w, err := serve(t, "GET", "text/plain", "Range: "+header)
		if want == "416" {
			var outside *RangeError
			is.True(errors.As(err, &outside) && outside.Size == 10) // header
			is.True(errors.Is(err, sys.ErrInvalid))
			is.Equal(w.Body.Len()+len(w.Header()), 0) // nothing has been written
			continue
		}
		is.NoErr(err)
		is.Equal(w.Result().Status[:4]+w.Body.String(), want) // header
		is.Equal(w.Header().Get("Content-Range") != "", w.Code == 206)
		is.Equal(w.Header().Get("Accept-Ranges"), "bytes")
	}
}

func TestContentRangeSaysWhichBytesTheyAre(t *testing.T) {
	for header, want := range map[string]string{
		"bytes=3-5": "bytes 3-5/10", "bytes=8-99": "bytes 8-9/10", "bytes=-3": "bytes 7-9/10", "bytes=-99": "bytes 0-9/10", "bytes=0-0": "bytes 0-0/10",
	} {
		is := is.New(t)
		w, err := serve(t, "GET", "text/plain", "Range: "+header)
		is.NoErr(err)
		is.Equal(w.Header().Get("Content-Range"), want)
	}
}

func TestConditionsOnAFile(t *testing.T) {
	for name, tt := range map[string]struct {
		headers []string
		want    string
	}{
		"same tag":                      {[]string{`If-None-Match: "abc"`}, "304 "},
		"weak tag":                      {[]string{`If-None-Match: W/"abc"`}, "304 "},
		"one of many":                   {[]string{`If-None-Match: "x", "abc" , "y"`}, "304 "},
		"in a second header":            {[]string{`If-None-Match: "x"`, `If-None-Match: "abc"`}, "304 "},
		"any":                           {[]string{`If-None-Match: *`}, "304 "},
		"another tag":                   {[]string{`If-None-Match: "x"`}, "200 " + digits10},
		"no tag":                        {[]string{`If-None-Match: abc`}, "200 " + digits10},
		"nothing":                       {[]string{`If-None-Match: `}, "200 " + digits10},
		"before a range":                {[]string{`If-None-Match: "abc"`, "Range: bytes=0-1"}, "304 "},
		"before a bad range":            {[]string{`If-None-Match: "abc"`, "Range: bytes=99-"}, "304 "},
		"range of the same":             {[]string{`If-Range: "abc"`, "Range: bytes=0-1"}, "206 01"},
		"range of another":              {[]string{`If-Range: "x"`, "Range: bytes=0-1"}, "200 " + digits10},
		"range of a weak tag":           {[]string{`If-Range: W/"abc"`, "Range: bytes=0-1"}, "200 " + digits10},
		"range of a date":               {[]string{`If-Range: Wed, 21 Oct 2015 07:28:00 GMT`, "Range: bytes=0-1"}, "200 " + digits10},
		"bad range of another is whole": {[]string{`If-Range: "x"`, "Range: bytes=99-"}, "200 " + digits10},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			w, err := serve(t, "GET", "text/plain", tt.headers...)
			is.NoErr(err)
			is.Equal(w.Result().Status[:4]+w.Body.String(), tt.want)
			is.Equal(w.Header().Get("ETag"), `"abc"`)
			is.Equal(w.Header().Get("Content-Length") == "", w.Code == 304)
		})
	}
}

func TestHeadOfAFileIsGetWithoutItsBytes(t *testing.T) {
	is := is.New(t)
	get, err := serve(t, "GET", "image/png")
	is.NoErr(err)
	for _, rangeHeader := range []string{"", "bytes=0-1", "bytes=99-"} { // RFC 9110, 14.2: a Range is for GET
		w, err := serve(t, "HEAD", "image/png", "Range: "+rangeHeader)
		is.NoErr(err)
		is.Equal(w.Code, 200)
		is.Equal(w.Body.Len(), 0)
		is.Equal(w.Header(), get.Header())
	}
	is.Equal(get.Header(), http.Header{
		"Content-Type": {"image/png"}, "Content-Length": {"10"}, "Etag": {`"abc"`}, "Accept-Ranges": {"bytes"},
		"Cache-Control": {"public, max-age=31536000, immutable"}, "X-Content-Type-Options": {"nosniff"},
	})
}

func TestActiveTypesAreShownInASandbox(t *testing.T) {
	for contentType, want := range map[string]bool{
		"text/html": true, "TEXT/HTML; charset=utf-8": true, "image/svg+xml": true, "application/xhtml+xml": true, "text/xml": true, "application/xml": true,
		"application/atom+xml": true, "text/javascript": true, "application/javascript": true, "application/wasm": true, "text/css": true, " text/html ;x": true,
		"image/png": false, "video/mp4": false, "text/plain": false, "application/pdf": false, "application/octet-stream": false, "application/json": false,
		"text/markdown": false, "application/vnd.openxmlformats-officedocument.wordprocessingml.document": false,
	} {
		is := is.New(t)
		w, err := serve(t, "GET", contentType)
		is.NoErr(err)
		policy := w.Header().Get("Content-Security-Policy")
		is.Equal(policy != "", want) // contentType
		is.Equal(strings.HasSuffix(policy, "; sandbox"), want)
		w, err = serve(t, "GET", contentType, `If-None-Match: *`)
		is.NoErr(err)
		is.Equal(w.Header().Get("Content-Security-Policy"), policy) // what is kept keeps its policy
		is.Equal(w.Header().Get("X-Content-Type-Options"), "nosniff")
	}
}

// brokenSeeker cannot seek.
type brokenSeeker struct{ io.Reader }

func (brokenSeeker) Seek(int64, int) (int64, error) { return 0, errors.New("disk is gone") }

func TestAFileThatCannotBeReadIsToldBeforeAnythingIsWritten(t *testing.T) {
	is := is.New(t)
	w := httptest.NewRecorder()
	err := testConfig.ServeBytes(w, httptest.NewRequest("GET", "/", nil), delivery.File{Detail: media.Detail{Size: 10}}, brokenSeeker{})
	is.True(err != nil)
	is.Equal(len(w.Header()), 0)
}
