package httpadapter

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/weegloo/weegloo/sys"
)

var (
	// ErrBodyTooLarge refuses a JSON body over Config.MaxBody.
	ErrBodyTooLarge = sys.NewReason(sys.ErrTooLarge, "httpadapter: the body is over the limit")

	// ErrBody refuses a body that breaks off, or stalls longer than
	// Config.IdleTimeout.
	ErrBody = sys.NewReason(sys.ErrInvalid, "httpadapter: the body could not be read")

	// ErrMediaType refuses a Content-Type that the call does not take.
	ErrMediaType = sys.NewReason(sys.ErrInvalid, "httpadapter: the content type is not one that this call takes")

	// ErrForm refuses a multipart form that is broken, or has not the part that
	// holds the file.
	ErrForm = sys.NewReason(sys.ErrInvalid, "httpadapter: the form is not right")
)

// LimitWaiting bounds the wait for a request that has a body. Whatever no
// handler reads of it the server itself reads before it answers, and a client
// that sends nothing would hold it there for ever.
func (c Config) LimitWaiting(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength != 0 {
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(c.IdleTimeout))
	}
}

// Body is the body of r, which is cut off when nothing arrives for the idle
// timeout.
func (c Config) Body(w http.ResponseWriter, r *http.Request) io.Reader {
	return &idleBody{body: r.Body, control: http.NewResponseController(w), timeout: c.IdleTimeout}
}

// idleBody moves the connection's read deadline on before each read. A writer
// that has no connection, as in a test, has no deadline either.
type idleBody struct {
	body    io.Reader
	control *http.ResponseController
	timeout time.Duration
}

func (b *idleBody) Read(p []byte) (int, error) {
	_ = b.control.SetReadDeadline(time.Now().Add(b.timeout))
	n, err := b.body.Read(p)
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, io.EOF):
		// The server now reads on in the background to learn of a hang-up; a
		// deadline left behind would look like one. After any other error it
		// must stay, for the server reads on as well, for what is left.
		_ = b.control.SetReadDeadline(time.Time{})
		return n, err
	case errors.Is(err, os.ErrDeadlineExceeded):
		return n, &bodyError{"nothing came for too long", err}
	}
	return n, &bodyError{"it broke off", err}
}

// bodyError says what happened to a body in words for clients, who need not
// know the addresses that are in the text of a network error.
type bodyError struct {
	text  string
	cause error
}

func (e *bodyError) Error() string { return e.text }
func (e *bodyError) Unwrap() error { return e.cause }

// ReadBody reads a whole JSON body.
func (c Config) ReadBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.ContentLength > c.MaxBody {
		return nil, ErrBodyTooLarge
	}
	data, err := io.ReadAll(io.LimitReader(c.Body(w, r), c.MaxBody+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBody, err)
	}
	if int64(len(data)) > c.MaxBody {
		return nil, ErrBodyTooLarge
	}
	return data, nil
}

// piece is how much of an answer a client must take at a time.
const piece = 256 << 10

// Send writes length bytes of content as the body of an answer, to a client
// that must not stall longer than the idle timeout. Before the first of them the
// server may wait as long for the rest of the request, so it is given twice. An
// error is the client's connection, and nobody is left to tell.
func (c Config) Send(w http.ResponseWriter, content io.Reader, length int64) {
	control := http.NewResponseController(w)
	for length > 0 {
		_ = control.SetWriteDeadline(time.Now().Add(2 * c.IdleTimeout))
		n, err := io.CopyN(w, content, min(piece, length))
		if err != nil {
			return
		}
		length -= n
	}
	_ = control.Flush() // while the deadline holds
	_ = control.SetWriteDeadline(time.Time{})
}
