package weegloo

import (
	"io"
	"net/http"

	"github.com/weegloo/weegloo/sys"
	"github.com/weegloo/weegloo/upload"
)

func (a *API) uploadRoutes() []route {
	return append(a.uploadRoutesAt("/v1/spaces/{s}/uploads", a.spaceExists),
		a.uploadRoutesAt("/v1/organizations/{o}/uploads", nil)...)
}

func (a *API) uploadRoutesAt(base string, ownerExists func(*call) error) []route {
	return []route{
		{base, ownerExists, methods{http.MethodPost: a.postUpload}},
		{base + "/multipart", ownerExists, methods{http.MethodPost: a.postUploadForm}},
		{base + "/{u}", a.uploadExists, methods{http.MethodGet: a.getUpload, http.MethodDelete: a.deleteUpload}},
	}
}

type methods = map[string]func(*call) error

func (a *API) uploadExists(c *call) error {
	_, err := a.engine.Uploads.Get(c.r.Context(), c.owner, c.id)
	return err
}

func (a *API) postUpload(c *call) error {
	unknown := c.r.ContentLength < 0 || c.r.ContentLength == 0 && c.r.Header.Get("Content-Length") == ""
	if unknown && c.owner.Type == sys.TargetSpace {
		return errNoLength
	}
	return a.receive(c, a.cfg.Body(c.w, c.r), upload.Options{Size: max(0, c.r.ContentLength)})
}

func (a *API) postUploadForm(c *call) error {
	file, err := a.cfg.FilePart(c.w, c.r, "file")
	if err != nil {
		return err
	}
	return a.receive(c, file, upload.Options{})
}

func (a *API) receive(c *call, bytes io.Reader, opts upload.Options) error {
	u, err := a.engine.Uploads.Create(c.r.Context(), c.actor, c.owner, bytes, opts)
	if err != nil {
		return err
	}
	a.answer(c, http.StatusCreated, newUploadBody(u))
	return nil
}

func (a *API) getUpload(c *call) error {
	u, err := a.engine.Uploads.Get(c.r.Context(), c.owner, c.id)
	if err != nil {
		return err
	}
	a.answer(c, http.StatusOK, newUploadBody(u))
	return nil
}

func (a *API) deleteUpload(c *call) error {
	if err := a.engine.Uploads.Delete(c.r.Context(), c.owner, c.id); err != nil {
		return err
	}
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}
