package weegloo

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/weegloo/weegloo/httpadapter"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/sys"
)

func (a *API) mediaRoutes() []route {
	const one = "/v1/spaces/{s}/medias/{m}"
	service := a.engine.Media
	publish, unpublish := a.transition(service.Publish), a.transition(service.Unpublish)
	archive, unarchive := a.transition(service.Archive), a.transition(service.Unarchive)
	both := func(handle func(*call) error) methods {
		return methods{http.MethodPut: handle, http.MethodPost: handle}
	}
	return []route{
		{"/v1/spaces/{s}/medias", a.spaceExists, methods{http.MethodGet: a.listMedia, http.MethodPost: a.postMedia}},
		{one, a.mediaExists, methods{
			http.MethodGet: a.getMedia, http.MethodDelete: a.deleteMedia,
			http.MethodPut: a.putMedia, http.MethodPatch: a.patchMedia,
		}},
		{one + "/published", a.mediaExists, methods{http.MethodPut: publish, http.MethodDelete: unpublish}},
		{one + "/archived", a.mediaExists, methods{http.MethodPut: archive, http.MethodDelete: unarchive}},
		{one + "/publish", a.mediaExists, both(publish)},
		{one + "/unpublish", a.mediaExists, both(unpublish)},
		{one + "/archive", a.mediaExists, both(archive)},
		{one + "/unarchive", a.mediaExists, both(unarchive)},
	}
}

func (a *API) mediaExists(c *call) error {
	_, err := a.engine.Media.Get(c.r.Context(), c.owner.ID, c.id)
	return err
}

func (a *API) getMedia(c *call) error {
	m, err := a.engine.Media.Get(c.r.Context(), c.owner.ID, c.id)
	return a.answerMedia(c, http.StatusOK, m, err)
}

func (a *API) postMedia(c *call) error {
	body, err := a.jsonBody(c)
	if err != nil {
		return err
	}
	content, err := decodeBody(body)
	if err != nil {
		return err
	}
	m, err := a.engine.Media.Create(c.r.Context(), c.actor, c.owner.ID, content, c.writeOptions())
	return a.answerMedia(c, http.StatusCreated, m, err)
}

func (a *API) putMedia(c *call) error {
	body, err := a.jsonBody(c)
	if err != nil {
		return err
	}
	return a.save(c, func(media.Media) (media.Content, error) { return decodeBody(body) })
}

func (a *API) patchMedia(c *call) error {
	if c.contentType() != "application/json-patch+json" {
		return fmt.Errorf("%w: application/json-patch+json is", httpadapter.ErrMediaType)
	}
	body, err := a.cfg.ReadBody(c.w, c.r)
	if err != nil {
		return err
	}
	return a.save(c, func(m media.Media) (media.Content, error) { return applyPatch(a.newMediaBody(m), body) })
}

// save lets the service judge version and state before the body is looked at.
func (a *API) save(c *call, edit func(media.Media) (media.Content, error)) error {
	version, err := c.version()
	if err != nil {
		return err
	}
	m, err := a.engine.Media.Save(c.r.Context(), c.actor, c.owner.ID, c.id, version, c.writeOptions(), edit)
	return a.answerMedia(c, http.StatusOK, m, err)
}

func (a *API) deleteMedia(c *call) error {
	if err := a.engine.Media.Delete(c.r.Context(), c.actor, c.owner.ID, c.id); err != nil {
		return err
	}
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

type transition func(ctx context.Context, by sys.Actor, space, id string, version int64) (media.Media, error)

func (a *API) transition(do transition) func(*call) error {
	return func(c *call) error {
		version, err := c.version()
		if err != nil {
			return err
		}
		m, err := do(c.r.Context(), c.actor, c.owner.ID, c.id, version)
		return a.answerMedia(c, http.StatusOK, m, err)
	}
}

func (a *API) answerMedia(c *call, status int, m media.Media, err error) error {
	if err != nil {
		return err
	}
	a.answer(c, status, a.newMediaBody(m))
	return nil
}

// jsonBody reads a body that is JSON by its type, or does not say its type.
func (a *API) jsonBody(c *call) ([]byte, error) {
	switch contentType := c.contentType(); {
	case contentType == "", contentType == "application/json":
	case strings.HasPrefix(contentType, "application/") && strings.HasSuffix(contentType, "+json"):
	default:
		return nil, fmt.Errorf("%w: application/json is", httpadapter.ErrMediaType)
	}
	return a.cfg.ReadBody(c.w, c.r)
}

func (c *call) contentType() string {
	header := c.r.Header.Get("Content-Type")
	mediaType, _, err := mime.ParseMediaType(header)
	if err != nil && header != "" {
		return "broken"
	}
	return mediaType
}

func (c *call) writeOptions() media.WriteOptions {
	return media.WriteOptions{IgnorePublish: strings.EqualFold(c.r.Header.Get("X-Weegloo-Ignore-Publish"), "true")}
}

// version is the version that the client takes for the current one.
func (c *call) version() (int64, error) {
	header := c.r.Header.Get("X-Weegloo-Version")
	if header == "" {
		return 0, errNoVersion
	}
	if strings.Trim(header, "0123456789") != "" {
		return 0, errVersionForm
	}
	version, err := strconv.ParseInt(header, 10, 64)
	if err != nil {
		return 0, media.ErrStale // a number that no version ever reaches
	}
	return version, nil
}
