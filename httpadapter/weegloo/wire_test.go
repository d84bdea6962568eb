package weegloo_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/matryer/is"
)

// wire is a host behind a real server, and one connection to it that the test
// writes byte by byte.
type wire struct {
	*host
	server *httptest.Server
}

func newWire(t *testing.T, options ...option) *wire {
	w := &wire{host: newHost(t, options...)}
	w.server = httptest.NewServer(w.http)
	t.Cleanup(w.server.Close)
	return w
}

func (w *wire) dial() net.Conn {
	w.tb.Helper()
	conn, err := net.Dial("tcp", w.server.Listener.Addr().String())
	w.is.NoErr(err)
	w.tb.Cleanup(func() { conn.Close() })
	return conn
}

// head is the beginning of a request, up to the empty line.
func head(method, target string, headers ...string) string {
	lines := append([]string{method + " " + target + " HTTP/1.1", "Host: weegloo", "Authorization: Bearer anna"}, headers...)
	return strings.Join(lines, "\r\n") + "\r\n\r\n"
}

// say writes a request to a new connection, hangs up its half of it if asked to,
// and reads the answer.
func (w *wire) say(request string, hangUp bool) answer {
	w.tb.Helper()
	conn := w.dial()
	go func() {
		// The server may answer, and close, before it has read everything.
		_, _ = io.WriteString(conn, request)
		if hangUp {
			_ = conn.(*net.TCPConn).CloseWrite()
		}
	}()
	return readAnswer(w.tb, conn)
}

func readAnswer(tb testing.TB, conn net.Conn) answer {
	tb.Helper()
	is := is.New(tb)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	is.NoErr(err)
	body, err := io.ReadAll(response.Body)
	is.NoErr(err)
	a := answer{response.StatusCode, response.Header, body}
	if a.status >= 400 {
		checkRefusal(tb, a)
	}
	return a
}

func chunked(parts ...string) string {
	var b strings.Builder
	for _, part := range parts {
		fmt.Fprintf(&b, "%x\r\n%s\r\n", len(part), part)
	}
	return b.String()
}

const orgUploads = "/upload/v1/organizations/acme/uploads"

func TestUploadsOverTheWireSayTheirLengthInASpace(t *testing.T) {
	for name, tt := range map[string]struct{ request, outcome string }{
		"none":                     {head("POST", spaceUploads), "X411001"},
		"none for an organization": {head("POST", orgUploads), "X400006"},
		"chunked":                  {head("POST", spaceUploads, "Transfer-Encoding: chunked") + chunked("some", "text", ""), "X411001"},
		"zero":                     {head("POST", spaceUploads, "Content-Length: 0"), "X400006"},
		"zero for an organization": {head("POST", orgUploads, "Content-Length: 0"), "X400006"},
		"nothing, chunked":         {head("POST", orgUploads, "Transfer-Encoding: chunked") + chunked(""), "X400006"},
		"short":                    {head("POST", spaceUploads, "Content-Length: 10") + "short", "X400007"},
		"short and long":           {head("POST", spaceUploads, "Content-Length: 100000") + strings.Repeat("x", 99_999), "X400007"},
		"broken chunk":             {head("POST", orgUploads, "Transfer-Encoding: chunked") + "5\r\nshort\r\n7\r\nx", "X400007"},
		"no chunk":                 {head("POST", orgUploads, "Transfer-Encoding: chunked") + "rubbish\r\n", "X400007"},
		"no last chunk":            {head("POST", orgUploads, "Transfer-Encoding: chunked") + chunked("short"), "X400007"},
		"declared too large":       {head("POST", spaceUploads, "Content-Length: 200001"), "WGL429004"},
		"declared huge":            {head("POST", spaceUploads, "Content-Length: 9223372036854775807"), "WGL429004"},
		"declared for an org":      {head("POST", orgUploads, "Content-Length: 200001"), "WGL429004"},
		"too large":                {head("POST", orgUploads, "Transfer-Encoding: chunked") + chunked(strings.Repeat("x", 200_001), ""), "WGL429004"},
		"too large, no end":        {head("POST", orgUploads, "Transfer-Encoding: chunked") + chunked(strings.Repeat("x", 150_000), strings.Repeat("x", 150_000)), "WGL429004"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWire(t, func(e *config, _ *adapter) { e.MaxUploadSize = 200_000 })
			w.is.Equal(w.say(tt.request, true).outcome(), tt.outcome)
			w.empty()
		})
	}
}

func TestUploadsOverTheWireThatAreWholeStay(t *testing.T) {
	for name, request := range map[string]string{
		"raw":             head("POST", spaceUploads, "Content-Length: 9", "Content-Type: what/ever") + "some text",
		"organization":    head("POST", orgUploads, "Content-Length: 9") + "some text",
		"chunked":         head("POST", orgUploads, "Transfer-Encoding: chunked") + chunked("some", " text", ""),
		"at the limit":    head("POST", spaceUploads, "Content-Length: 200000") + strings.Repeat("x", 200_000),
		"chunked, at it":  head("POST", orgUploads, "Transfer-Encoding: chunked") + chunked(strings.Repeat("x", 200_000), ""),
		"trailing bytes":  head("POST", spaceUploads, "Content-Length: 9") + "some text, and more",
		"expect continue": head("POST", orgUploads, "Content-Length: 9", "Connection: close") + "some text",
	} {
		t.Run(name, func(t *testing.T) {
			w := newWire(t, func(e *config, _ *adapter) { e.MaxUploadSize = 200_000 })
			a := w.say(request, false)
			w.is.Equal(a.status, 201)
			w.is.True(a.at("sys", "size") == "9" || a.at("sys", "size") == "200000")
			w.is.Equal(len(w.blobs.alive()), 1)
			w.advance(24 * 3600 * 1e9) // and then they are gone with their bytes
			w.empty()
		})
	}
}

func TestAnUploadThatIsDeclaredTooLargeIsNotAskedFor(t *testing.T) {
	w := newWire(t, func(e *config, _ *adapter) { e.MaxUploadSize = 100 })
	a := w.say(head("POST", spaceUploads, "Content-Length: 101", "Expect: 100-continue"), false)
	w.is.Equal(a.code(), "WGL429004") // and no 100 before it
	a = w.say(head("POST", spaceUploads, "Content-Length: 101", "Expect: 100-continue", "Authorization: Bearer anna"), false)
	w.is.Equal(a.code(), "WGL429004")
}

// part is a part of a form; parts end with the last boundary or without.
func part(headers, content string) string {
	return "--b\r\n" + headers + "\r\n\r\n" + content + "\r\n"
}

func postForm(body, kind string) string {
	return head("POST", spaceUploads+"/multipart", "Content-Type: "+kind, fmt.Sprintf("Content-Length: %d", len(body))) + body
}

func TestFormsOverTheWire(t *testing.T) {
	const disposition, kind = `Content-Disposition: form-data; name="file"`, "multipart/form-data; boundary=b"
	good := part(disposition+`; filename="a.txt"`, "some text")
	text := part(`Content-Disposition: form-data; name="title"`, "hello")
	large := part(disposition, strings.Repeat("x", 200_001))
	for name, tt := range map[string]struct{ body, kind, outcome string }{
		"whole":                       {good + "--b--\r\n", kind, "201"},
		"no line break at the end":    {good + "--b--", kind, "201"},
		"no file name":                {part(disposition, "some text") + "--b--\r\n", kind, "201"},
		"text before the file":        {text + good + "--b--\r\n", kind, "201"},
		"text behind the file":        {good + text + "--b--\r\n", kind, "201"},
		"two files, the first counts": {good + part(disposition, "the second one") + "--b--\r\n", kind, "201"},
		"preamble and epilogue":       {"preamble\r\n" + good + "--b--\r\nepilogue", kind, "201"},
		"quoted boundary":             {good + "--b--\r\n", `multipart/form-data; boundary="b"`, "201"},
		"type of another case":        {good + "--b--\r\n", "Multipart/Form-Data; Boundary=b", "201"},
		"LF alone":                    {strings.ReplaceAll(good+"--b--\r\n", "\r\n", "\n"), kind, "201"},
		"no such part":                {text + "--b--\r\n", kind, "X400002"},
		"part of another case":        {part(`Content-Disposition: form-data; name="File"`, "x") + "--b--\r\n", kind, "X400002"},
		"attachment":                  {part(`Content-Disposition: attachment; name="file"`, "x") + "--b--\r\n", kind, "X400002"},
		"part without a name":         {part("X: y", "x") + "--b--\r\n", kind, "X400002"},
		"nothing":                     {"", kind, "X400002"},
		"no part at all":              {"--b--\r\n", kind, "X400002"},
		"another boundary":            {good + "--b--\r\n", "multipart/form-data; boundary=c", "X400002"},
		"no boundary":                 {good + "--b--\r\n", "multipart/form-data", "X400002"},
		"no form":                     {good + "--b--\r\n", "multipart/mixed; boundary=b", "X415001"},
		"no type":                     {good + "--b--\r\n", "", "X415001"},
		"raw bytes":                   {"some text", "image/png", "X415001"},
		"empty file":                  {part(disposition, "") + "--b--\r\n", kind, "X400006"},
		"too large":                   {large + "--b--\r\n", kind, "WGL429004"},
		"100 parts before it":         {strings.Repeat(text, 100) + good + "--b--\r\n", kind, "X400002"},
		"100 parts behind it":         {good + strings.Repeat(text, 101) + "--b--\r\n", kind, "X400002"},
		"a preamble over 1 MiB":       {strings.Repeat("junk\r\n", 200_000) + good + "--b--\r\n", kind, "X400002"},
		"a line of 1 MiB":             {strings.Repeat("j", 1_200_000) + "\r\n" + good + "--b--\r\n", kind, "X400002"},
		"a text over 1 MiB":           {part(`Content-Disposition: form-data; name="x"`, strings.Repeat("x", 1_200_000)) + good + "--b--\r\n", kind, "X400002"},
		"an epilogue of parts":        {good + part(`Content-Disposition: form-data; name="x"`, strings.Repeat("x", 1_200_000)) + "--b--\r\n", kind, "X400002"},
		"huge part headers":           {part("X: "+strings.Repeat("h", 1_200_000)+"\r\n"+disposition, "some text") + "--b--\r\n", kind, "X400002"},
		"many part headers":           {part(strings.Repeat("X: y\r\n", 20_000)+disposition, "some text") + "--b--\r\n", kind, "X400002"},
		"broken part headers":         {part("no header", "some text") + "--b--\r\n", kind, "X400002"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWire(t, func(e *config, _ *adapter) { e.MaxUploadSize = 200_000 })
			a := w.say(postForm(tt.body, tt.kind), false)
			w.is.Equal(a.outcome(), tt.outcome)
			if a.status == 201 {
				w.is.Equal(a.at("sys", "size"), "9")
				w.is.Equal(w.do("DELETE", spaceUploads+"/"+a.at("sys", "id"), "").status, 204)
			}
			w.empty()
		})
	}
}

// TestAFormThatIsCutAnywhereIsRefused cuts a form at every byte: only the whole
// line break behind its last boundary may be missing.
func TestAFormThatIsCutAnywhereIsRefused(t *testing.T) {
	for _, size := range []int{9, 10_000} { // that fits the first read, and not
		cutsForm(t, "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n"+strings.Repeat("x", size)+"\r\n--b\r\nX: y\r\n\r\nz\r\n--b--\r\n")
	}
}

func cutsForm(t *testing.T, whole string) {
	h := newHost(t)
	for end := range len(whole) + 1 {
		if 100 < end && end < len(whole)-100 {
			continue // in the middle of the file
		}
		r := httptest.NewRequest("POST", "/", bytes.NewReader([]byte(whole[:end])))
		a := h.send(r, "POST", spaceUploads+"/multipart", "Content-Type: multipart/form-data; boundary=b")
		if good := end == len(whole) || end == len(whole)-2; good != (a.status == 201) {
			t.Errorf("%q is answered with %d", whole[:end], a.status)
		}
	}
	h.advance(24 * 3600 * 1e9)
	h.empty()
}
