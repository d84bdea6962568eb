package weegloo

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/weegloo/weegloo/delivery"
	"github.com/weegloo/weegloo/httpadapter"
	"github.com/weegloo/weegloo/list"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/sys"
	"github.com/weegloo/weegloo/upload"
)

// The reasons that only this dialect knows.
var (
	errNotAcceptable   = errors.New("the answer has none of the accepted media types")
	errUnauthenticated = errors.New("the request is not authenticated")
	errForbidden       = errors.New("the token does not allow this here")
	errNoPath          = errors.New("there is nothing at this path")
	errMethod          = errors.New("the path does not have this method")
	errNoLength        = errors.New("the request does not say its length")
	errJSON            = errors.New("the body is not JSON as this API reads it")
	errVersionForm     = errors.New("the version is not a number")
	errNoVersion       = errors.New("the request does not say a version")
	errPatch           = errors.New("the patch cannot be applied")
	errParameter       = errors.New("a query parameter is wrong")
)

// row is what the contract says of one reason. The first three digits of a
// code are its HTTP status.
type row struct {
	reason     error
	code       string
	suggestion string
}

// table is every reason there is, the special ones before the general. Codes
// that start with X are our own, for cases that the contract has no published
// code for.
var table = []row{
	{errNotAcceptable, "X406001", "Accept application/vnd.com.weegloo.v1+json or application/json."},
	{errUnauthenticated, "X401001", "Send a valid token as Authorization: Bearer."},
	{errForbidden, "X403001", "Use a token that may act in this Space or Organization."},
	{errNoPath, "X404001", "Please verify the path."},
	{errMethod, "X405001", "Use one of the methods in the Allow header."},
	{httpadapter.ErrMediaType, "X415001", "Send the Content-Type that this call takes."},
	{errNoLength, "X411001", "Send a Content-Length header."},
	{httpadapter.ErrBodyTooLarge, "X413001", "Send a smaller body."},
	{httpadapter.ErrBody, "X400001", "Send the whole body without long pauses."},
	{httpadapter.ErrForm, "X400002", "Send a multipart form with the file in a part named file."},
	{errJSON, "X400003", "Send well-formed JSON in UTF-8."},
	{errVersionForm, "X400004", "Send the current sys.version as X-Weegloo-Version."},
	{errNoVersion, "WGL409005", "Send the current sys.version as X-Weegloo-Version."},
	{errParameter, "X400005", "Please verify the query parameters."},
	{errPatch, "X422001", "Read the Media and make the patch anew."},

	{upload.ErrEmpty, "X400006", "Send a file that is not empty."},
	{upload.ErrIncomplete, "X400007", "Send as many bytes as announced."},
	{upload.ErrTooLarge, "WGL429004", "Send a smaller file."},
	{delivery.ErrLocale, "X400008", "Use a locale of the Space."},
	{delivery.ErrNoFile, "WGL404001", "Read the Media and use the address that it names."},
	{list.ErrQuery, "X400005", "Please verify the query parameters."},
	{list.ErrField, "WEB400002", "Please verify the names of fields and parameters."},
	{media.ErrStale, "WGL409005", "Read the Media and send its current sys.version."},
	{media.ErrNotDraft, "WGL422007", "Unpublish the Media before archiving it."},
	{media.ErrLive, "WGL422009", "Unpublish the Media before deleting it."},
	{media.ErrBusy, "WGL422031", "Wait until all files are processed."},
	{media.ErrArchived, "X422002", "Unarchive the Media first."},
	{media.ErrNotArchived, "X422003", "Only an archived Media can be unarchived."},
	{media.ErrNotPublished, "X422004", "Only a published Media can be unpublished."},
	{media.ErrFailedFile, "X422005", "Replace the file whose processing failed."},
	{media.ErrNoFile, "X422006", "Add a file before publishing."},
	{media.ErrNotLocaleMap, "CORE422007", "Send the field as an object with a value for each locale."},
	{media.ErrContent, "X422007", "Please correct what details.errors names."},

	{syscall.ENOSPC, "X507001", "Please try again later."},
	{syscall.EDQUOT, "X507001", "Please try again later."},

	{sys.ErrNotFound, "WGL404001", "Please verify it and try again."},
	{sys.ErrConflict, "X409001", "Read the resource and try again."},
	{sys.ErrState, "X422008", "Read the resource to see its state."},
	{sys.ErrTooLarge, "X413002", "Send less."},
	{sys.ErrInvalid, "X400009", "Please verify the request."},
}

// fault is the row of an error that has none: it is ours, and its text is not
// for clients.
var fault = row{reason: errors.New("something went wrong here"), code: "X500001", suggestion: "Please try again later."}

func lookup(err error) row {
	var outside *httpadapter.RangeError
	if errors.As(err, &outside) {
		return row{outside, "X416001", "Ask for a range inside the file."}
	}
	for _, row := range table {
		if errors.Is(err, row.reason) {
			return row
		}
	}
	return fault
}

func (r row) status() int {
	digits := strings.TrimLeft(r.code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	status, _ := strconv.Atoi(digits[:3])
	return status
}

// kind is the sys.type that goes with a status. Types that the contract does
// not have are BadRequest.
func kind(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "Unauthorized"
	case http.StatusForbidden:
		return "Forbidden"
	case http.StatusNotFound:
		return "NotFound"
	case http.StatusConflict:
		return "Conflict"
	case http.StatusUnprocessableEntity, http.StatusInsufficientStorage:
		return "Unprocessable"
	case http.StatusTooManyRequests:
		return "TooManyRequest"
	}
	return "BadRequest"
}

type errorBody struct {
	RequestID  string        `json:"requestId"`
	Sys        errorSys      `json:"sys"`
	Details    *errorDetails `json:"details,omitempty"`
	Reason     string        `json:"reason"`
	Suggestion string        `json:"suggestion"`
}

type errorSys struct {
	ID        string `json:"id"`
	Type      string `json:"type"`
	Code      string `json:"code"`
	Timestamp int64  `json:"timestamp"` // milliseconds
}

type errorDetails struct {
	Space  *refer        `json:"space,omitempty"`
	Errors []sys.Problem `json:"errors,omitempty"`
}

// refuse answers with an error.
func (a *API) refuse(c *call, err error) {
	row := lookup(err)
	body := errorBody{
		RequestID:  sys.RandomID(43),
		Sys:        errorSys{ID: sys.RandomID(16), Type: kind(row.status()), Code: row.code, Timestamp: time.Now().UnixMilli()},
		Details:    details(c, row, err),
		Reason:     reason(row, err),
		Suggestion: suggestion(row, err),
	}
	if row.status() >= 500 && c.r.Context().Err() == nil {
		a.cfg.Logger.Error("answering with a fault", "requestId", body.RequestID, "method", c.r.Method, "path", c.r.URL.Path, "error", err)
	}
	h := c.w.Header()
	h.Set("Cache-Control", "no-store")
	var outside *httpadapter.RangeError
	if errors.As(err, &outside) {
		h.Set("Content-Range", fmt.Sprintf("bytes */%d", outside.Size))
	}
	if row.status() == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	a.answer(c, row.status(), body)
}

// reason is a sentence for people.
func reason(r row, err error) string {
	var missing *sys.Missing
	var invalid *sys.Invalid
	switch {
	case r.status() >= 500 || r.reason == errUnauthenticated || r.reason == errForbidden:
		// What the host or a store says of it is not for clients.
		return sentence(r.reason.Error())
	case errors.As(err, &missing):
		return sentence(missing.Error())
	case errors.As(err, &invalid):
		return sentence(problems(invalid.Problems))
	}
	return sentence(err.Error())
}

// suggestion is what the client may do.
func suggestion(r row, err error) string {
	var missing *sys.Missing
	if errors.As(err, &missing) {
		return fmt.Sprintf("Please verify %s and try again.", missing.Refer.Type)
	}
	return r.suggestion
}

// problems names the first one and counts the others.
func problems(list []sys.Problem) string {
	text := list[0].Message
	if list[0].Path != "" {
		text = clip(list[0].Path) + ": " + text
	}
	if len(list) > 1 {
		text += fmt.Sprintf(" (and %d more)", len(list)-1)
	}
	return text
}

// insides are what our packages put in front of their errors.
var insides = regexp.MustCompile(`(^|[ (])((httpadapter|upload|media|delivery|list|index|page|multipart|http): )+`)

// sentence makes an error text one: without the names of packages, and with a
// full stop.
func sentence(text string) string {
	text = clip(insides.ReplaceAllString(text, "$1"))
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// What a refusal repeats of a request at most, so that it is never much longer
// than what it answers.
const (
	maxEcho     = 300 // bytes of one text
	maxProblems = 100 // of details.errors
)

func clip(text string) string {
	if len(text) <= maxEcho {
		return text
	}
	return strings.ToValidUTF8(text[:maxEcho], "") + "…"
}

func details(c *call, r row, err error) *errorDetails {
	var d errorDetails
	var invalid *sys.Invalid
	if errors.As(err, &invalid) {
		for _, p := range invalid.Problems[:min(len(invalid.Problems), maxProblems)] {
			d.Errors = append(d.Errors, sys.Problem{Path: clip(p.Path), Message: clip(p.Message)})
		}
	}
	if c.owner.Type == sys.TargetSpace && c.owner.Valid() && r.reason != errForbidden && r.reason != errUnauthenticated {
		space := newRefer(c.owner.Refer())
		d.Space = &space
	}
	if d.Space == nil && d.Errors == nil {
		return nil
	}
	return &d
}
