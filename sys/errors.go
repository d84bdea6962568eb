package sys

import (
	"errors"
	"fmt"
	"strings"
)

// The general errors. Every reason that a call of weegloo refuses wraps one of
// them, so that a host can tell the kinds apart with errors.Is without knowing
// every reason.
var (
	// ErrNotFound: what was asked for is unknown, gone or somebody else's.
	ErrNotFound = errors.New("not found")

	// ErrConflict: the caller's version is not the current one.
	ErrConflict = errors.New("conflict")

	// ErrState: the resource is not in a state that allows the call.
	ErrState = errors.New("not allowed in this state")

	// ErrInvalid: the input breaks a rule; see [Invalid].
	ErrInvalid = errors.New("invalid")

	// ErrTooLarge: the input is over a limit.
	ErrTooLarge = errors.New("too large")
)

// reason is a sentinel that belongs to a general error without repeating its
// text.
type reason struct {
	text    string
	general error
}

func (r *reason) Error() string { return r.text }
func (r *reason) Unwrap() error { return r.general }

// NewReason is a sentinel for one reason why calls are refused, which wraps a
// general error.
func NewReason(general error, text string) error { return &reason{text, general} }

// Missing is the ErrNotFound of one resource.
type Missing struct {
	Refer Refer
}

func (e *Missing) Error() string { return e.Refer.String() + " has been deleted or does not exist" }

// Unwrap makes errors.Is(err, ErrNotFound) true.
func (e *Missing) Unwrap() error { return ErrNotFound }

// Problem is one thing wrong with an input.
type Problem struct {
	// Path is the JSON Pointer of the offending value.
	Path string `json:"path"`

	// Message says what is wrong with it.
	Message string `json:"message"`
}

// Invalid is an ErrInvalid with all problems that were found.
type Invalid struct {
	Problems []Problem
	reason   error
}

// NewInvalid is an Invalid of one problem. The reason, ErrInvalid or an error
// that wraps it, says which rule was broken.
func NewInvalid(reason error, path, format string, args ...any) *Invalid {
	return &Invalid{Problems: []Problem{{path, fmt.Sprintf(format, args...)}}, reason: reason}
}

func (e *Invalid) Error() string {
	parts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		parts[i] = p.Path + ": " + p.Message
	}
	return strings.Join(parts, "; ")
}

// Unwrap is the reason.
func (e *Invalid) Unwrap() error { return e.reason }

// Check collects problems; its zero value is ready to use.
type Check struct {
	invalid Invalid
}

// Add notes a problem. The first one's reason is the reason of all.
func (c *Check) Add(reason error, path, format string, args ...any) {
	p := NewInvalid(reason, path, format, args...)
	if c.invalid.reason == nil {
		c.invalid.reason = reason
	}
	c.invalid.Problems = append(c.invalid.Problems, p.Problems...)
}

// Err is nil if there was no problem, else an *Invalid.
func (c *Check) Err() error {
	if len(c.invalid.Problems) == 0 {
		return nil
	}
	return &c.invalid
}

// Pointer is the JSON Pointer (RFC 6901) of the keys.
func Pointer(keys ...string) string {
	var b strings.Builder
	for _, key := range keys {
		b.WriteByte('/')
		b.WriteString(pointerEscape.Replace(key))
	}
	return b.String()
}

var pointerEscape = strings.NewReplacer("~", "~0", "/", "~1")
