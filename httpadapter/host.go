// Package httpadapter is the framing that every HTTP dialect of weegloo
// shares: who may call, bodies with limits and deadlines, and the bytes of
// files. A dialect, in a package below this one, is routes, encode, decode and
// one table of errors.
package httpadapter

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/weegloo/weegloo/sys"
)

// Plane is one of the faces of the API.
type Plane string

// The planes that ask who is calling. File bytes do not.
const (
	PlaneUpload     Plane = "upload"
	PlaneManagement Plane = "management"
	PlaneDelivery   Plane = "delivery"
)

// Access is what a caller wants to do.
type Access struct {
	Plane Plane
	Owner sys.Owner // the Space or Organization that the path names
	Write bool      // false for GET and HEAD
}

// Config is what a host gives its HTTP handlers.
type Config struct {
	// Authenticate tells who sends a request; any error refuses it with 401.
	// Required.
	Authenticate func(r *http.Request) (sys.Actor, error)

	// Authorize refuses with an error, and 403, what an actor may not do.
	// Default: everybody who is authenticated may do everything.
	Authorize func(r *http.Request, who sys.Actor, what Access) error

	// MaxBody is the limit for a JSON body in bytes. Default: 1,000,000.
	MaxBody int64

	// IdleTimeout is how long a body may bring no byte, and a client may take
	// nothing of its answer, before the connection is given up. Default: 30
	// seconds.
	IdleTimeout time.Duration

	// Logger hears of answers with status 500. Default: slog.Default().
	Logger *slog.Logger
}

// WithDefaults checks the configuration and fills in the defaults.
func (c Config) WithDefaults() (Config, error) {
	if c.Authenticate == nil {
		return c, errors.New("httpadapter: Config needs Authenticate")
	}
	if c.MaxBody < 0 || c.IdleTimeout < 0 {
		return c, fmt.Errorf("httpadapter: MaxBody %d and IdleTimeout %v must not be negative", c.MaxBody, c.IdleTimeout)
	}
	if c.Authorize == nil {
		c.Authorize = func(*http.Request, sys.Actor, Access) error { return nil }
	}
	if c.MaxBody == 0 {
		c.MaxBody = 1_000_000
	}
	if c.IdleTimeout == 0 {
		c.IdleTimeout = 30 * time.Second
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c, nil
}
