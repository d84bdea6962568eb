package weegloo_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/store/disk"
)

// published makes a published Media with one file and returns its id and the
// path of its bytes.
func (h *host) published(name, contentType, content string) (id, path string) {
	h.tb.Helper()
	u := h.do("POST", spaceUploads, content).at("sys", "id")
	id = h.do("POST", medias, `{"fields":{"file":{"en-US":`+file(name, contentType, u)+`}}}`).at("sys", "id")
	h.settle()
	path, ok := strings.CutPrefix(h.do("GET", medias+"/"+id, "").at("fields", "file", "en-US", "url"), "https://media.example.com")
	h.is.True(ok)
	return id, path
}

// ask sends a request over the wire, on a connection of its own.
func (w *wire) ask(method, path string, headers ...string) answer {
	w.tb.Helper()
	conn := w.dial()
	_, err := io.WriteString(conn, head(method, path, append(headers, "Connection: close")...))
	w.is.NoErr(err)
	response, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	w.is.NoErr(err)
	body, err := io.ReadAll(response.Body)
	w.is.NoErr(err)
	a := answer{response.StatusCode, response.Header, body}
	if a.status >= 400 && method != "HEAD" {
		checkRefusal(w.tb, a)
	}
	return a
}

func TestFilesOverTheWire(t *testing.T) {
	w := newWire(t)
	content := strings.Repeat("0123456789", 100_000)
	_, path := w.published("a.txt", "text/plain", content)
	whole := w.ask("GET", path)
	etag := whole.header.Get("ETag")
	w.is.Equal(string(whole.body), content)
	for _, tt := range []struct {
		method, header, body, contentRange string
		status                             int
	}{
		{"GET", "X: y", content, "", 200},
		{"GET", "Authorization: Bearer wrong", content, "", 200}, // nobody is asked
		{"GET", "Accept: image/png", content, "", 200},
		{"HEAD", "X: y", "", "", 200},
		{"GET", "Range: bytes=0-0", "0", "bytes 0-0/1000000", 206},
		{"GET", "Range: bytes=999999-", "9", "bytes 999999-999999/1000000", 206},
		{"GET", "Range: bytes=-3", "789", "bytes 999997-999999/1000000", 206},
		{"GET", "Range: bytes=300000-699999", content[300_000:700_000], "bytes 300000-699999/1000000", 206},
		{"GET", "Range: bytes=-0", "", "bytes */1000000", 416},
		{"GET", "Range: bytes=1000000-", "", "bytes */1000000", 416},
		{"GET", "Range: bytes=0-1,5-6", content, "", 200},
		{"GET", "If-None-Match: " + etag, "", "", 304},
		{"HEAD", "If-None-Match: " + etag, "", "", 304},
		{"GET", "Range: bytes=0-1\r\nIf-Range: " + etag, "01", "bytes 0-1/1000000", 206},
		{"GET", "Range: bytes=0-1\r\nIf-Range: \"old\"", content, "", 200},
	} {
		a := w.ask(tt.method, path, tt.header)
		w.is.Equal(a.status, tt.status) // tt.header
		w.is.Equal(a.header.Get("Content-Range"), tt.contentRange)
		if a.status < 400 {
			w.is.True(string(a.body) == tt.body) // tt.header
			w.is.Equal(a.header.Get("ETag"), etag)
			w.is.Equal(a.header.Get("X-Content-Type-Options"), "nosniff")
		}
		if tt.method == "HEAD" && a.status == 200 {
			w.is.Equal(a.header.Get("Content-Length"), "1000000")
		}
	}
}

func TestAddressesThatDoNotMatchAreNotFound(t *testing.T) {
	h := newHost(t)
	id, path := h.published("a b.txt", "text/plain", "some text")
	other, _ := h.published("a b.txt", "text/plain", "some more text")
	h.is.Equal(path, "/medias/shop/"+id[27:]+"/"+id+"/en-US/1/a%20b.txt")
	h.is.Equal(h.do("GET", strings.Replace(path, "a%20b", "%61%20%62", 1), "").status, 200) // however the name is escaped
	for _, wrong := range []string{
		strings.Replace(path, "shop", "other", 1), strings.Replace(path, "shop", "Shop", 1), strings.Replace(path, "shop", "", 1),
		strings.Replace(path, "/"+id[27:]+"/", "/"+other[27:]+"/", 1), strings.Replace(path, "/"+id[27:]+"/", "/", 1),
		strings.Replace(path, "/"+id[27:]+"/", "/"+id[26:]+"/", 1), strings.Replace(path, id+"/", other+"/", 1),
		strings.Replace(path, "en-US", "de-DE", 1), strings.Replace(path, "en-US", "en-us", 1), strings.Replace(path, "en-US", "..", 1),
		strings.Replace(path, "/1/", "/2/", 1), strings.Replace(path, "/1/", "/01/", 1), strings.Replace(path, "/1/", "/+1/", 1), strings.Replace(path, "/1/", "/-1/", 1),
		strings.Replace(path, "/1/", "/x/", 1), strings.Replace(path, "/1/", "/99999999999999999999/", 1), strings.Replace(path, "/1/", "//", 1),
		strings.Replace(path, "a%20b.txt", "a.txt", 1), strings.Replace(path, "a%20b.txt", "A%20b.txt", 1), strings.Replace(path, "a%20b.txt", "", 1),
		strings.Replace(path, "a%20b.txt", "a+b.txt", 1), path + "/", path + "/style1", path + "/x", path + "%2F", path + "%00", "/" + path, "/x" + path,
		strings.Replace(path, "/medias/", "/Medias/", 1), strings.Replace(path, "/medias/", "/media/", 1), strings.Replace(path, "/medias/", "/medias/../medias/", 1),
		"/medias", "/medias/", "/medias/shop", "/", "/favicon.ico",
	} {
		for _, method := range []string{"GET", "POST", "BREW"} {
			if a := h.do(method, wrong, ""); a.status != 404 {
				t.Errorf("%s %s is answered with %d", method, wrong, a.status)
			}
		}
		h.is.Equal(h.do("HEAD", wrong, "").status, 404)
	}
}

func TestAnAddressIsGoodWhileTheSnapshotNamesIt(t *testing.T) {
	is := is.New(t)
	h := newHost(t)
	m, first := h.published("a.txt", "text/plain", "the first")
	u := h.do("POST", spaceUploads, "the second").at("sys", "id")
	is.Equal(h.do("PUT", medias+"/"+m, `{"fields":{"file":{"en-US":`+file("a.txt", "text/plain", u)+`}}}`, version(2), ignore).status, 200)
	h.settle()
	second := strings.Replace(first, "/1/", "/3/", 1)
	is.Equal(string(h.do("GET", first, "").body), "the first")
	is.Equal(h.do("GET", second, "").status, 404) // the draft's, not yet the snapshot's
	h.turn(m, "/publish")
	is.Equal(h.do("GET", first, "").status, 404)
	is.Equal(string(h.do("GET", second, "").body), "the second")
	h.turn(m, "/unpublish")
	is.Equal(h.do("GET", second, "").status, 404)
	h.turn(m, "/publish")
	is.Equal(string(h.do("GET", second, "").body), "the second")
}

// kernelWriter counts what a handler writes itself, and what it gives to the
// connection to copy from a file.
type kernelWriter struct {
	http.ResponseWriter
	written, fromFile *atomic.Int64
}

func (k kernelWriter) Unwrap() http.ResponseWriter { return k.ResponseWriter }

func (k kernelWriter) Write(p []byte) (int, error) {
	n, err := k.ResponseWriter.Write(p)
	k.written.Add(int64(n))
	return n, err
}

func (k kernelWriter) ReadFrom(r io.Reader) (int64, error) {
	limited, ok := r.(*io.LimitedReader)
	if ok {
		_, ok = limited.R.(*os.File)
	}
	if !ok {
		return 0, fmt.Errorf("a %T is no part of an *os.File", r)
	}
	n, err := k.ResponseWriter.(io.ReaderFrom).ReadFrom(r)
	k.fromFile.Add(n)
	return n, err
}

// sendfileConn is a connection that counts what it copies from files.
type sendfileConn struct {
	*net.TCPConn
	fromFile *atomic.Int64
}

func (c sendfileConn) ReadFrom(r io.Reader) (int64, error) {
	limited, ok := r.(*io.LimitedReader)
	if ok {
		_, ok = limited.R.(*os.File)
	}
	n, err := c.TCPConn.ReadFrom(r)
	if ok {
		c.fromFile.Add(n)
	}
	return n, err
}

type sendfileListener struct {
	net.Listener
	fromFile atomic.Int64
}

func (l *sendfileListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return sendfileConn{conn.(*net.TCPConn), &l.fromFile}, nil
}

func TestAFileOnDiskGoesThroughTheKernel(t *testing.T) {
	is := is.New(t)
	files, err := disk.Open(t.TempDir())
	is.NoErr(err)
	h := newHost(t, func(e *config, _ *adapter) { e.Blobs = files })
	content := strings.Repeat("0123456789", 100_000)
	_, path := h.published("a.txt", "text/plain", content)

	var written, fromFile atomic.Int64
	served := make(chan struct{}, 1)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.http.ServeHTTP(kernelWriter{w, &written, &fromFile}, r)
		served <- struct{}{}
	}))
	listener := &sendfileListener{Listener: server.Listener}
	server.Listener = listener
	server.Start()
	defer server.Close()
	for _, tt := range []struct {
		header, want string
	}{{"", content}, {"bytes=300000-", content[300_000:]}, {"bytes=10-20", content[10:21]}} {
		written.Store(0)
		fromFile.Store(0)
		r, err := http.NewRequest("GET", server.URL+path, nil)
		is.NoErr(err)
		r.Header.Set("Range", tt.header)
		response, err := server.Client().Do(r)
		is.NoErr(err)
		body, err := io.ReadAll(response.Body)
		is.NoErr(err)
		is.NoErr(response.Body.Close())
		<-served // the client may have everything before the server has counted it
		is.True(string(body) == tt.want)
		is.Equal(written.Load(), int64(0)) // nothing passes through our hands
		is.Equal(fromFile.Load(), int64(len(tt.want)))
	}
	const sniffed = 512 // of each answer, which net/http copies itself
	is.Equal(listener.fromFile.Load(), int64(1_000_000+700_000+11-sniffed-sniffed-11))
}
