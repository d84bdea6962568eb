// Package weegloo is the Weegloo dialect: the three planes of the contract and
// the bytes of files as http.Handlers. A host mounts each where it likes, with
// http.StripPrefix if that is not at the root.
//
// Each handler does the contract's checks in its order (section 1): Accept,
// authentication, permission, existence, method, and then what the call itself
// demands. What an error looks like is in one table, in errors.go.
package weegloo

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/httpadapter"
	"github.com/weegloo/weegloo/sys"
)

// API makes the handlers of one engine. They are safe for concurrent use.
type API struct {
	engine *weegloo.Engine
	cfg    httpadapter.Config
}

// New is an API over an engine.
func New(engine *weegloo.Engine, cfg httpadapter.Config) (*API, error) {
	cfg, err := cfg.WithDefaults()
	if err != nil {
		return nil, err
	}
	return &API{engine: engine, cfg: cfg}, nil
}

// Uploads is the plane on which files arrive, at /v1/….
func (a *API) Uploads() http.Handler {
	return &plane{a, httpadapter.PlaneUpload, a.uploadRoutes()}
}

// Management is the plane of editors, at /v1/….
func (a *API) Management() http.Handler {
	return &plane{a, httpadapter.PlaneManagement, a.mediaRoutes()}
}

// Delivery is the plane of readers, at /v1/….
func (a *API) Delivery() http.Handler {
	return &plane{a, httpadapter.PlaneDelivery, a.deliveryRoutes()}
}

// plane answers the calls of one plane.
type plane struct {
	*API
	name   httpadapter.Plane
	routes []route
}

// route is a path of a plane. A segment in braces is an id: {s} of a Space, {o}
// of an Organization, any other of a resource.
type route struct {
	pattern string

	// exists refuses the call if what the path names is not there. Default:
	// it always is.
	exists func(c *call) error

	methods map[string]func(c *call) error
}

// call is one request on its way through a plane.
type call struct {
	w         http.ResponseWriter
	r         *http.Request
	mediaType string // of the answer
	actor     sys.Actor
	owner     sys.Owner
	id        string // of the resource, if the path names one
}

func (p *plane) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{w: w, r: r, mediaType: vendorType}
	defer p.recover(c)
	p.cfg.LimitWaiting(w, r)
	if err := p.serve(c); err != nil {
		p.refuse(c, err)
	}
}

func (p *plane) serve(c *call) (err error) {
	if c.mediaType, err = negotiate(c.r.Header.Values("Accept")); err != nil {
		return err
	}
	if c.actor, err = p.cfg.Authenticate(c.r); err != nil {
		return fmt.Errorf("%w: %w", errUnauthenticated, err)
	}
	segments := pathSegments(c.r.URL)
	if c.owner = pathOwner(segments); c.owner.Valid() {
		access := httpadapter.Access{
			Plane: p.name, Owner: c.owner,
			Write: c.r.Method != http.MethodGet && c.r.Method != http.MethodHead,
		}
		if err := p.cfg.Authorize(c.r, c.actor, access); err != nil {
			return fmt.Errorf("%w: %w", errForbidden, err)
		}
	}
	return p.dispatch(c, segments)
}

func (p *plane) dispatch(c *call, segments []string) error {
	for _, route := range p.routes {
		if !route.matches(segments, c) {
			continue
		}
		if route.exists != nil {
			if err := route.exists(c); err != nil {
				return err
			}
		}
		handle, ok := route.methods[c.r.Method]
		if !ok {
			c.w.Header().Set("Allow", route.allow())
			return errMethod
		}
		return handle(c)
	}
	return errNoPath
}

// pathSegments are the segments of a path, each unescaped by itself: an escaped
// slash does not separate.
func pathSegments(u *url.URL) []string {
	segments := strings.Split(u.EscapedPath(), "/")
	for i, segment := range segments {
		segments[i], _ = url.PathUnescape(segment) // what EscapedPath returns can be unescaped
	}
	return segments
}

// pathOwner is the Space or Organization of a path, valid or not.
func pathOwner(segments []string) sys.Owner {
	if len(segments) < 4 || segments[0] != "" || segments[1] != "v1" {
		return sys.Owner{}
	}
	switch segments[2] {
	case "spaces":
		return sys.SpaceOwner(segments[3])
	case "organizations":
		return sys.OrganizationOwner(segments[3])
	}
	return sys.Owner{}
}

// matches compares a path and takes the resource's id from it. An id of a form
// that no resource has is for exists to refuse.
func (rt route) matches(segments []string, c *call) bool {
	pattern := strings.Split(rt.pattern, "/")
	if len(pattern) != len(segments) {
		return false
	}
	id := ""
	for i, want := range pattern {
		switch {
		case want == "{s}" || want == "{o}":
			if !sys.ValidID(segments[i]) {
				return false
			}
		case strings.HasPrefix(want, "{"):
			if id = segments[i]; id == "" {
				return false
			}
		case segments[i] != want:
			return false
		}
	}
	c.id = id
	return true
}

// spaceExists asks the host, which decides which Spaces there are.
func (a *API) spaceExists(c *call) error {
	_, _, err := a.engine.Delivery.Locales(c.r.Context(), c.owner.ID, "")
	return err
}

func (rt route) allow() string {
	var methods []string
	for _, m := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		if rt.methods[m] != nil {
			methods = append(methods, m)
		}
	}
	return strings.Join(methods, ", ")
}

// recover answers a panic, which is a fault of ours, without taking the host's
// connection or process with it.
func (a *API) recover(c *call) {
	v := recover()
	if v == nil {
		return
	}
	if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(v)
	}
	a.refuse(c, fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
}
