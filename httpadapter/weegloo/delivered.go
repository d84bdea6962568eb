package weegloo

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/weegloo/weegloo/delivery"
	"github.com/weegloo/weegloo/sys"
)

func (a *API) deliveryRoutes() []route {
	return []route{
		{"/v1/spaces/{s}/medias", a.spaceExists, methods{http.MethodGet: a.listDelivered}},
		{"/v1/spaces/{s}/medias/{m}", a.deliveredExists, methods{http.MethodGet: a.getDelivered}},
	}
}

func (a *API) deliveredExists(c *call) error {
	_, err := a.engine.Delivery.Get(c.r.Context(), c.owner.ID, c.id)
	return err
}

func (a *API) getDelivered(c *call) error {
	snapshot, err := a.engine.Delivery.Get(c.r.Context(), c.owner.ID, c.id)
	if err != nil {
		return err
	}
	params, err := url.ParseQuery(c.r.URL.RawQuery)
	if err != nil {
		return fmt.Errorf("%w: %w", errParameter, err)
	}
	encode, err := a.localized(c, params)
	if err != nil {
		return err
	}
	a.answer(c, http.StatusOK, encode(snapshot))
	return nil
}

type deliveredBody struct {
	Sys    deliveredSys `json:"sys"`
	Fields any          `json:"fields"`
}

type deliveredSys struct {
	ID        string `json:"id"`
	Type      string `json:"type"`
	Space     refer  `json:"space"`
	CreatedAt stamp  `json:"createdAt"`
	UpdatedAt stamp  `json:"updatedAt"`
	Revision  int64  `json:"revision"`
}

// localizedFields has null for what has no value in the locale.
type localizedFields struct {
	Title       *string   `json:"title"`
	Description *string   `json:"description"`
	File        *fileBody `json:"file"`
}

// localized is how snapshots are shown in the wanted locale: "*" is all of
// them, none is the default one. The answer's header says which.
func (a *API) localized(c *call, params url.Values) (func(delivery.Snapshot) deliveredBody, error) {
	wanted := params.Get("locale")
	if values := params["locale"]; len(values) > 1 || len(values) == 1 && wanted == "" {
		return nil, delivery.ErrLocale
	}
	if wanted == "*" {
		return a.newDelivered, nil
	}
	space, locale, err := a.engine.Delivery.Locales(c.r.Context(), c.owner.ID, wanted)
	if err != nil {
		return nil, err
	}
	c.w.Header().Set("x-weegloo-locale", locale)
	return func(s delivery.Snapshot) deliveredBody {
		value := s.In(space, locale)
		fields := localizedFields{Title: value.Title, Description: value.Description}
		if value.File != nil {
			file := a.newDeliveredFile(s, value.FileLocale, *value.File)
			fields.File = &file
		}
		return deliveredBody{newDeliveredSys(s), fields}
	}, nil
}

// newDelivered shows all locales.
func (a *API) newDelivered(s delivery.Snapshot) deliveredBody {
	fields := mediaFields{Title: s.Title, Description: s.Description, File: make(map[string]fileBody, len(s.File))}
	for locale, f := range s.File {
		fields.File[locale] = a.newDeliveredFile(s, locale, f)
	}
	return deliveredBody{newDeliveredSys(s), fields}
}

func newDeliveredSys(s delivery.Snapshot) deliveredSys {
	return deliveredSys{
		ID: s.ID, Type: "Media", Space: newRefer(sys.SpaceOwner(s.Space).Refer()),
		CreatedAt: stamp(s.CreatedAt), UpdatedAt: stamp(s.UpdatedAt), Revision: s.Revision,
	}
}

func (a *API) newDeliveredFile(s delivery.Snapshot, locale string, f delivery.File) fileBody {
	address := delivery.Address{Space: s.Space, Media: s.ID, Locale: locale, Revision: f.Revision, Name: f.Name}
	return fileBody{
		FileName: f.Name, ContentType: f.ContentType, MimeGroups: f.MimeGroups,
		URL: a.engine.Delivery.URL(address), Detail: newDetail(f.Detail),
	}
}

// Files answers GET and HEAD for the addresses of published files, at
// /medias/…. It asks nobody for a token.
func (a *API) Files() http.Handler { return files{a} }

type files struct{ *API }

func (f files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{w: w, r: r, mediaType: vendorType}
	defer f.recover(c)
	f.cfg.LimitWaiting(w, r)
	if err := f.serve(c); err != nil {
		f.refuse(c, err)
	}
}

func (f files) serve(c *call) error {
	address, ok := delivery.ParsePath(c.r.URL.EscapedPath())
	if !ok {
		return delivery.ErrNoFile
	}
	file, content, err := f.engine.Delivery.Open(c.r.Context(), address)
	if err != nil {
		return err
	}
	defer content.Close()
	if c.r.Method != http.MethodGet && c.r.Method != http.MethodHead {
		c.w.Header().Set("Allow", "GET, HEAD")
		return errMethod
	}
	return f.cfg.ServeBytes(c.w, c.r, file, content)
}
