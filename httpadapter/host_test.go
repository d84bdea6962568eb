package httpadapter

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/sys"
)

func nobody(*http.Request) (sys.Actor, error) { return sys.Actor{}, errors.New("nobody") }

func TestAConfigHasDefaults(t *testing.T) {
	is := is.New(t)
	c, err := Config{Authenticate: nobody}.WithDefaults()
	is.NoErr(err)
	is.Equal(c.MaxBody, int64(1_000_000))
	is.Equal(c.IdleTimeout, 30*time.Second)
	is.True(c.Logger != nil)
	is.NoErr(c.Authorize(nil, sys.Actor{}, Access{Write: true})) // everybody may do everything
	kept, err := Config{Authenticate: nobody, MaxBody: 7, IdleTimeout: time.Hour}.WithDefaults()
	is.NoErr(err)
	is.Equal(kept.MaxBody, int64(7))
	is.Equal(kept.IdleTimeout, time.Hour)
}

func TestABadConfigIsRefused(t *testing.T) {
	for _, c := range []Config{{}, {Authenticate: nobody, MaxBody: -1}, {Authenticate: nobody, IdleTimeout: -1}} {
		_, err := c.WithDefaults()
		is.New(t).True(err != nil)
	}
}

// body is a request with a body of unknown length.
func body(r io.Reader) *http.Request {
	request := httptest.NewRequest("POST", "/", r)
	request.ContentLength = -1
	return request
}

func TestReadBodyEndsAtTheLimit(t *testing.T) {
	for name, tt := range map[string]struct {
		body io.Reader
		want error
	}{
		"empty":    {strings.NewReader(""), nil},
		"at it":    {strings.NewReader(strings.Repeat("x", 100)), nil},
		"over":     {strings.NewReader(strings.Repeat("x", 101)), ErrBodyTooLarge},
		"slowly":   {iotest.OneByteReader(strings.NewReader(strings.Repeat("x", 101))), ErrBodyTooLarge},
		"endless":  {iotest.DataErrReader(neverEnding('x')), ErrBodyTooLarge},
		"broken":   {iotest.ErrReader(io.ErrUnexpectedEOF), ErrBody},
		"cut late": {io.MultiReader(strings.NewReader("x"), iotest.ErrReader(io.ErrClosedPipe)), ErrBody},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := testConfig.ReadBody(httptest.NewRecorder(), body(tt.body))
			is.New(t).True(errors.Is(err, tt.want))
		})
	}
}

type neverEnding byte

func (b neverEnding) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(b)
	}
	return len(p), nil
}

func TestReadBodyLooksAtTheDeclaredLengthFirst(t *testing.T) {
	is := is.New(t)
	r := body(iotest.ErrReader(errors.New("it is read")))
	r.ContentLength = 101
	_, err := testConfig.ReadBody(httptest.NewRecorder(), r)
	is.True(errors.Is(err, ErrBodyTooLarge))
}

// deadlines is a ResponseWriter that writes down which deadlines it gets.
type deadlines struct {
	http.ResponseWriter
	reads, writes []time.Duration // from now; a negative one takes the deadline back
}

func until(deadline time.Time) time.Duration {
	if deadline.IsZero() {
		return -1
	}
	return time.Until(deadline).Round(time.Second)
}

func (d *deadlines) SetReadDeadline(at time.Time) error {
	d.reads = append(d.reads, until(at))
	return nil
}

func (d *deadlines) SetWriteDeadline(at time.Time) error {
	d.writes = append(d.writes, until(at))
	return nil
}

func (d *deadlines) Unwrap() http.ResponseWriter { return d.ResponseWriter }

func TestTheReadDeadlineMovesWithEachRead(t *testing.T) {
	is := is.New(t)
	w := &deadlines{ResponseWriter: httptest.NewRecorder()}
	_, err := io.ReadAll(testConfig.Body(w, body(iotest.OneByteReader(strings.NewReader("abc")))))
	is.NoErr(err)
	is.Equal(w.reads, []time.Duration{time.Minute, time.Minute, time.Minute, time.Minute, -1}) // the end takes it back
	w.reads = nil
	_, err = io.ReadAll(testConfig.Body(w, body(iotest.ErrReader(io.ErrUnexpectedEOF))))
	is.True(errors.Is(err, io.ErrUnexpectedEOF))
	is.Equal(w.reads, []time.Duration{time.Minute}) // an error does not
}

func TestOnlyARequestWithABodyIsWaitedFor(t *testing.T) {
	is := is.New(t)
	w := &deadlines{ResponseWriter: httptest.NewRecorder()}
	testConfig.LimitWaiting(w, httptest.NewRequest("GET", "/", nil))
	is.Equal(len(w.reads), 0)
	testConfig.LimitWaiting(w, httptest.NewRequest("POST", "/", strings.NewReader("x")))
	testConfig.LimitWaiting(w, body(strings.NewReader("x")))
	is.Equal(w.reads, []time.Duration{time.Minute, time.Minute})
}

func TestTheWriteDeadlineMovesWithEachPiece(t *testing.T) {
	is := is.New(t)
	w := &deadlines{ResponseWriter: httptest.NewRecorder()}
	testConfig.Send(w, neverEnding('x'), 2*piece+1)
	is.Equal(w.writes, []time.Duration{2 * time.Minute, 2 * time.Minute, 2 * time.Minute, -1})
	w.writes = nil
	testConfig.Send(w, strings.NewReader("short"), 10)
	is.Equal(w.writes, []time.Duration{2 * time.Minute}) // nothing is taken back from a broken connection
}

func TestAnErrorOfTheConnectionIsNotForClients(t *testing.T) {
	is := is.New(t)
	cause := errors.New("read tcp 10.1.2.3:99: connection reset by peer")
	_, err := io.ReadAll(testConfig.Body(httptest.NewRecorder(), body(iotest.ErrReader(cause))))
	is.True(errors.Is(err, cause))
	is.Equal(err.Error(), "it broke off")
}
