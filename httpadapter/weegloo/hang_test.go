package weegloo_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"
)

// pipes is a listener whose connections are in memory, so that a server runs in
// a synctest bubble and its deadlines need no real time.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.done); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// inBubble runs a server without any timeout of its own, so that only the
// adapter's idle timeout of a minute can end anything, and gives the test a
// connection to it.
func inBubble(t *testing.T, test func(h *host, conn net.Conn)) {
	synctest.Test(t, func(t *testing.T) {
		h := newHost(t, func(e *config, a *adapter) { e.MaxUploadSize, a.IdleTimeout = 1_000_000, time.Minute })
		listener := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
		server := &http.Server{Handler: h.http}
		defer server.Close()
		served := make(chan error)
		go func() { served <- server.Serve(listener) }()
		client, conn := net.Pipe()
		listener.conns <- conn
		test(h, client)
		client.Close()
		server.Close()
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
		synctest.Wait()
		h.empty()
	})
}

// stalls sends the beginning of a request and nothing more, and reads what the
// server does about it.
func stalls(h *host, conn net.Conn, request string) (a answer, after time.Duration) {
	h.tb.Helper()
	began := time.Now()
	go func() { _, _ = io.WriteString(conn, request) }()
	a = readAnswer(h.tb, conn)
	after = time.Since(began)
	_, err := conn.Read(make([]byte, 1))
	h.is.True(err != nil) // the connection is closed
	return a, after
}

func TestAClientThatHangsInItsBodyIsCut(t *testing.T) {
	for name, tt := range map[string]struct{ request, outcome string }{
		"at once":           {head("POST", spaceUploads, "Content-Length: 100"), "X400007"},
		"soon":              {head("POST", spaceUploads, "Content-Length: 100") + "some", "X400007"},
		"late":              {head("POST", spaceUploads, "Content-Length: 100000") + strings.Repeat("x", 99_999), "X400007"},
		"between chunks":    {head("POST", orgUploads, "Transfer-Encoding: chunked") + chunked(strings.Repeat("x", 10_000)), "X400007"},
		"in a chunk":        {head("POST", orgUploads, "Transfer-Encoding: chunked") + "ff\r\nx", "X400007"},
		"before the part":   {head("POST", spaceUploads+"/multipart", "Content-Type: multipart/form-data; boundary=b", "Content-Length: 1000") + "--b\r\nContent", "X400002"},
		"in the part":       {head("POST", spaceUploads+"/multipart", "Content-Type: multipart/form-data; boundary=b", "Content-Length: 100000") + part(`Content-Disposition: form-data; name="file"`, strings.Repeat("x", 50_000)), "X400007"},
		"in JSON":           {head("POST", medias, "Content-Type: application/json", "Content-Length: 100") + `{"fields":`, "X400001"},
		"in a refused call": {head("POST", medias+"/nothing", "Content-Length: 100"), "WGL404001"},
		"without a token":   {head("POST", spaceUploads, "Authorization: no", "Content-Length: 100"), "X401001"},
		"of a wrong type":   {head("POST", spaceUploads+"/multipart", "Content-Type: text/plain", "Content-Length: 100"), "X415001"},
		"that nobody reads": {head("GET", "/medias/nothing", "Content-Length: 100"), "WGL404001"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(h *host, conn net.Conn) {
				a, after := stalls(h, conn, strings.Replace(tt.request, "Authorization: Bearer anna\r\nAuthorization", "Authorization", 1))
				h.is.Equal(a.outcome(), tt.outcome)
				h.is.Equal(after, time.Minute) // as long as it was given
				h.is.True(!strings.Contains(a.reason(), "pipe"))
			})
		})
	}
}

func TestAClientThatIsSlowButMovesIsNotCut(t *testing.T) {
	inBubble(t, func(h *host, conn net.Conn) {
		go func() {
			_, _ = io.WriteString(conn, head("POST", spaceUploads, "Content-Length: 10"))
			for range 10 {
				<-time.After(59 * time.Second) // of the bubble: no real time passes
				_, _ = io.WriteString(conn, "x")
			}
		}()
		a := readAnswer(h.tb, conn)
		h.is.Equal(a.status, 201)
		h.is.Equal(h.do("DELETE", spaceUploads+"/"+a.at("sys", "id"), "").status, 204)
	})
}

func TestAConnectionIsGoodForTheNextRequestHoweverLate(t *testing.T) {
	inBubble(t, func(h *host, conn net.Conn) {
		for range 3 {
			go func() {
				_, _ = io.WriteString(conn, head("POST", medias, "Content-Length: 2")+"{}")
			}()
			h.is.Equal(readAnswer(h.tb, conn).status, 201)
			<-time.After(time.Hour) // of the bubble, as below
			go func() {
				_, _ = io.WriteString(conn, head("POST", medias+"/nothing", "Content-Length: 2")+"{}") // which nobody reads
			}()
			h.is.Equal(readAnswer(h.tb, conn).status, 404)
			<-time.After(time.Hour) // of the bubble: no deadline is left behind
		}
		for key := range h.records() {
			if id, ok := strings.CutPrefix(key, "media/shop/"); ok {
				h.is.Equal(h.do("DELETE", medias+"/"+id, "").status, 204)
			}
		}
	})
}

func TestAClientThatDoesNotTakeItsAnswerIsCut(t *testing.T) {
	inBubble(t, func(h *host, conn net.Conn) {
		u := h.do("POST", spaceUploads, strings.Repeat("x", 900_000)).at("sys", "id")
		m := medias + "/" + h.do("POST", medias, `{"fields":{"file":{"en-US":`+file("a.txt", "text/plain", u)+`}}}`).at("sys", "id")
		h.settle()
		url := strings.TrimPrefix(h.do("GET", m, "").at("fields", "file", "en-US", "url"), "https://media.example.com")
		began := time.Now()
		_, _ = io.WriteString(conn, head("GET", url))
		n, err := io.CopyN(io.Discard, conn, 300_000)
		h.is.NoErr(err)
		<-time.After(3 * time.Minute) // of the bubble
		rest, err := io.Copy(io.Discard, conn)
		h.is.True(err == nil || errors.Is(err, io.ErrClosedPipe) || errors.Is(err, os.ErrDeadlineExceeded))
		h.is.True(n+rest < 900_000) // it was given up in between
		h.is.True(time.Since(began) < 5*time.Minute)
		h.is.Equal(h.do("DELETE", spaceUploads+"/"+u, "").status, 204)
		h.is.Equal(h.do("DELETE", m+"/published", "", version(2)).status, 200)
		h.is.Equal(h.do("DELETE", m, "").status, 204)
	})
}

func TestAClientThatHangsUpLeavesNothing(t *testing.T) {
	for name, request := range map[string]string{
		"soon":        head("POST", spaceUploads, "Content-Length: 100000") + "some",
		"late":        head("POST", spaceUploads, "Content-Length: 100000") + strings.Repeat("x", 99_999),
		"in a form":   head("POST", spaceUploads+"/multipart", "Content-Type: multipart/form-data; boundary=b", "Content-Length: 100000") + part(`Content-Disposition: form-data; name="file"`, strings.Repeat("x", 50_000)),
		"in the JSON": head("POST", medias, "Content-Length: 100") + `{"fields":`,
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(h *host, conn net.Conn) {
				_, err := io.WriteString(conn, request)
				h.is.NoErr(err)
				conn.Close()
				synctest.Wait()
			})
		})
	}
}

func TestACallWhoseContextEndsLeavesNothing(t *testing.T) {
	h := newHost(t)
	ctx, cancel := context.WithCancel(context.Background())
	body := io.MultiReader(strings.NewReader(strings.Repeat("x", 10_000)), readerFunc(func([]byte) (int, error) {
		cancel()
		return 0, context.Canceled
	}))
	r, err := http.NewRequestWithContext(ctx, "POST", "/", iotest.OneByteReader(body))
	h.is.NoErr(err)
	r.ContentLength = 20_000
	h.is.Equal(h.send(r, "POST", spaceUploads).code(), "X400007")
	h.empty()
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
