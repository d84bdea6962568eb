package weegloo_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/store/memory"
	"github.com/weegloo/weegloo/sys"
)

// checkFault checks an answer that is our fault: it tells nothing.
func checkFault(is *is.I, a answer, status int, code string) {
	is.Helper()
	is.Equal(a.status, status)
	is.Equal(a.code(), code)
	is.True(!strings.Contains(string(a.body), "secret"))
	is.True(!strings.Contains(string(a.body), "goroutine"))
	var e struct{ RequestID, Reason, Suggestion string }
	is.NoErr(json.Unmarshal(a.body, &e))
	is.True(e.RequestID != "" && e.Reason != "" && e.Suggestion != "")
}

// raw sends a request whose answer may be a fault.
func (h *host) raw(method, target string) answer {
	w := httptest.NewRecorder()
	r, err := http.NewRequest(method, target, strings.NewReader("some bytes"))
	h.is.NoErr(err)
	r.Header.Set("Authorization", "Bearer anna")
	h.http.ServeHTTP(w, r)
	return answer{w.Code, w.Result().Header, w.Body.Bytes()}
}

func TestAPanicIsAFaultThatIsLoggedAndTellsNothing(t *testing.T) {
	is := is.New(t)
	var log strings.Builder
	h := newHost(t, func(_ *config, a *adapter) {
		a.Logger = slog.New(slog.NewTextHandler(&log, nil))
		a.Authenticate = func(*http.Request) (sys.Actor, error) { panic("secret of the host") }
	})
	checkFault(is, h.raw("GET", medias), 500, "X500001")
	is.True(strings.Contains(log.String(), "secret of the host")) // where the host can see it
	is.True(strings.Contains(log.String(), "faults_test.go"))     // and where it came from
}

func TestAnAbortedAnswerIsTheHostsToAbort(t *testing.T) {
	h := newHost(t, func(_ *config, a *adapter) {
		a.Authenticate = func(*http.Request) (sys.Actor, error) { panic(http.ErrAbortHandler) }
	})
	defer func() { is.New(t).Equal(recover(), http.ErrAbortHandler) }()
	h.raw("GET", medias)
	t.Error("it returned")
}

func TestAHostThatIsBrokenIsAFault(t *testing.T) {
	is := is.New(t)
	h := newHost(t, func(e *config, a *adapter) {
		a.Logger = slog.New(slog.DiscardHandler)
		e.Spaces = func(context.Context, string) (sys.Space, error) {
			return sys.Space{}, errors.New("secret: database is down")
		}
	})
	checkFault(is, h.raw("GET", medias), 500, "X500001")
}

// fullBlobs have no room.
type fullBlobs struct{ *memory.Blobs }

func (fullBlobs) Put(_ context.Context, _ string, r io.Reader) (int64, error) {
	_, _ = io.CopyN(io.Discard, r, 1)
	return 0, &roomError{syscall.ENOSPC}
}

// roomError is an error with more to tell than clients should know.
type roomError struct{ error }

func (e *roomError) Error() string { return "write /secret/path: no space left" }
func (e *roomError) Unwrap() error { return e.error }

func TestStorageWithoutRoomIs507(t *testing.T) {
	is := is.New(t)
	h := newHost(t, func(e *config, a *adapter) {
		a.Logger = slog.New(slog.DiscardHandler)
		e.Blobs = fullBlobs{memory.NewBlobs()}
	})
	a := h.raw("POST", spaceUploads)
	checkFault(is, a, 507, "X507001")
	is.Equal(a.at("sys", "type"), "Unprocessable")
	h.empty()
}

func TestTheHostDecidesWhichSpacesThereAre(t *testing.T) {
	h := newHost(t, func(e *config, _ *adapter) {
		e.Spaces = func(_ context.Context, id string) (sys.Space, error) {
			if id == "shop" {
				return sys.Space{Locales: []sys.Locale{{Code: "en-US"}}}, nil
			}
			return sys.Space{}, sys.ErrNotFound
		}
	})
	for _, call := range []struct{ method, path, body string }{
		{"GET", "/cma/v1/spaces/none/medias", ""}, {"POST", "/cma/v1/spaces/none/medias", "{}"}, {"BREW", "/cma/v1/spaces/none/medias", ""},
		{"GET", "/cda/v1/spaces/none/medias", ""}, {"GET", "/cda/v1/spaces/none/medias?locale=*", ""}, {"POST", "/upload/v1/spaces/none/uploads", "x"},
		{"POST", "/upload/v1/spaces/none/uploads/multipart", "x"},
	} {
		a := h.do(call.method, call.path, call.body)
		h.is.Equal(a.code(), "WGL404001") // call
		h.is.Equal(a.reason(), "Space(none) has been deleted or does not exist.")
		h.is.Equal(a.at("suggestion"), "Please verify Space and try again.")
	}
	h.is.Equal(h.do("GET", medias, "").status, 200)
	h.is.Equal(h.do("POST", "/upload/v1/organizations/none/uploads", "x").status, 201) // only a token can tell
}

func TestTheRequestIdIsInTheLogOfAFault(t *testing.T) {
	is := is.New(t)
	var log strings.Builder
	h := newHost(t, func(e *config, a *adapter) {
		a.Logger = slog.New(slog.NewTextHandler(&log, nil))
		e.Spaces = func(context.Context, string) (sys.Space, error) { return sys.Space{}, errors.New("down") }
	})
	a := h.raw("GET", medias)
	is.True(strings.Contains(log.String(), a.at("requestId")))
	log.Reset()
	h.do("GET", "/cma/v1/nothing", "")
	is.Equal(log.String(), "") // a refusal is the client's to know
}
