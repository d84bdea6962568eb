package httpadapter

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/weegloo/weegloo/delivery"
	"github.com/weegloo/weegloo/sys"
)

// RangeError refuses a range that lies outside the file.
type RangeError struct {
	Size int64 // of the file, in bytes
}

func (e *RangeError) Error() string {
	return fmt.Sprintf("httpadapter: the range is outside of the %d bytes of the file", e.Size)
}

// Unwrap makes errors.Is(err, sys.ErrInvalid) true.
func (e *RangeError) Unwrap() error { return sys.ErrInvalid }

// ServeBytes answers GET and HEAD for a published file: whole, one range of
// it, or 304 when the client has it. Several ranges at once are answered with
// the whole file, as RFC 9110 allows: nothing is ever sent twice. When it
// returns an error, which for a bad range is an *RangeError, nothing has been
// written.
//
// An *os.File goes to the connection through the kernel, provided that w
// implements io.ReaderFrom, as net/http's own writers do.
func (c Config) ServeBytes(w http.ResponseWriter, r *http.Request, f delivery.File, content io.ReadSeeker) error {
	size, etag := f.Detail.Size, `"`+f.Detail.SHA256+`"`
	if matches(r.Header.Values("If-None-Match"), etag) {
		fileHeader(w.Header(), f, etag)
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	start, length, status := int64(0), size, http.StatusOK
	if condition := r.Header.Get("If-Range"); r.Method == http.MethodGet && (condition == "" || condition == etag) {
		var err error
		if start, length, status, err = byteRange(r.Header.Get("Range"), size); err != nil {
			return err
		}
	}
	if _, err := content.Seek(start, io.SeekStart); err != nil {
		return fmt.Errorf("httpadapter: %w", err)
	}
	h := w.Header()
	fileHeader(h, f, etag)
	h.Set("Content-Type", f.ContentType)
	h.Set("Content-Length", strconv.FormatInt(length, 10))
	if status == http.StatusPartialContent {
		h.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", start, start+length-1, size))
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		c.Send(w, content, length)
	}
	return nil
}

// fileHeader is what every good answer about a file says. The address of a file
// never changes its bytes, so it may be kept for ever.
func fileHeader(h http.Header, f delivery.File, etag string) {
	h.Set("ETag", etag)
	h.Set("Accept-Ranges", "bytes")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	if active(f.ContentType) {
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	}
}

// active reports whether a browser may run something in a file of this type.
// Such a file is shown in a sandbox: it is somebody's upload on our origin.
func active(contentType string) bool {
	mediaType, _, _ := strings.Cut(contentType, ";")
	mediaType = strings.ToLower(strings.TrimSpace(mediaType))
	switch mediaType {
	case "text/html", "text/javascript", "application/javascript", "application/x-javascript",
		"application/ecmascript", "text/ecmascript", "text/xml", "application/xml",
		"application/wasm", "text/xsl", "text/css", "application/x-shockwave-flash":
		return true
	}
	return strings.HasSuffix(mediaType, "+xml")
}

// matches reports whether If-None-Match headers name the tag.
func matches(headers []string, etag string) bool {
	for candidate := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || strings.TrimPrefix(candidate, "W/") == etag {
			return true
		}
	}
	return false
}

// byteRange is the part of a file that a Range header asks for. A header that
// is no byte range, or has several, asks for all of it.
func byteRange(header string, size int64) (start, length int64, status int, err error) {
	spec, ok := strings.CutPrefix(header, "bytes=")
	first, last, dash := strings.Cut(strings.TrimSpace(spec), "-")
	if !ok || !dash || !digits(first) || !digits(last) || first+last == "" {
		return 0, size, http.StatusOK, nil
	}
	if first == "" {
		start, length = max(0, size-number(last)), min(size, number(last))
	} else {
		start = number(first)
		length = size - start
	}
	if first != "" && last != "" {
		if number(last) < start {
			return 0, size, http.StatusOK, nil // not a range, RFC 9110 section 14.1.1
		}
		length = min(length, number(last)-start+1)
	}
	if length <= 0 {
		return 0, 0, 0, &RangeError{Size: size}
	}
	return start, length, http.StatusPartialContent, nil
}

func digits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

// number is the value of digits; one that is too large to be a size is the
// largest.
func number(digits string) int64 {
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 1<<62 - 1
	}
	return n
}
