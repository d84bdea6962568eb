package weegloo

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/weegloo/weegloo/delivery"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/sys"
	"github.com/weegloo/weegloo/upload"
)

// answer writes a JSON answer. Encoding cannot fail: every type that gets here
// is one of ours.
func (a *API) answer(c *call, status int, v any) {
	body := encode(v)
	h := c.w.Header()
	h.Set("Content-Type", c.mediaType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	c.w.WriteHeader(status)
	if c.r.Method != http.MethodHead {
		a.cfg.Send(c.w, bytes.NewReader(body), int64(len(body)))
	}
}

// encode is v as JSON, without the escapes that only HTML needs.
func encode(v any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// stamp is a time in the contract's form.
type stamp time.Time

func (s stamp) MarshalText() ([]byte, error) { return []byte(sys.FormatTime(time.Time(s))), nil }

// stampOf is nil, and so left out, for no time.
func stampOf(t time.Time) *stamp {
	if t.IsZero() {
		return nil
	}
	s := stamp(t)
	return &s
}

// refer is a reference to a resource.
type refer struct {
	Sys referSys `json:"sys"`
}

type referSys struct {
	ID         string     `json:"id"`
	Type       string     `json:"type"`
	TargetType sys.Target `json:"targetType"`
}

func newRefer(r sys.Refer) refer {
	return refer{referSys{ID: r.ID, Type: "Refer", TargetType: r.Type}}
}

func userRefer(a sys.Actor) refer { return newRefer(a.Refer()) }

type uploadBody struct {
	Sys uploadSys `json:"sys"`
}

type uploadSys struct {
	ID        string `json:"id"`
	Type      string `json:"type"`
	Owner     refer  `json:"owner"`
	CreatedBy refer  `json:"createdBy"`
	CreatedAt stamp  `json:"createdAt"`
	UpdatedBy refer  `json:"updatedBy"`
	UpdatedAt stamp  `json:"updatedAt"`
	ExpiresAt stamp  `json:"expiresAt"`
	Size      int64  `json:"size"`
}

func newUploadBody(u upload.Upload) uploadBody {
	return uploadBody{uploadSys{
		ID: u.ID, Type: "Upload", Owner: newRefer(u.Owner.Refer()),
		CreatedBy: userRefer(u.CreatedBy), CreatedAt: stamp(u.CreatedAt),
		UpdatedBy: userRefer(u.CreatedBy), UpdatedAt: stamp(u.CreatedAt),
		ExpiresAt: stamp(u.ExpiresAt), Size: u.Size,
	}}
}

// mediaBody is a Media of the management plane.
type mediaBody struct {
	Sys      mediaSys      `json:"sys"`
	Fields   mediaFields   `json:"fields"`
	Metadata mediaMetadata `json:"metadata"`
}

type mediaSys struct {
	ID        string       `json:"id"`
	Type      string       `json:"type"`
	Space     refer        `json:"space"`
	Publish   publishBody  `json:"publish"`
	Archive   *archiveBody `json:"archive,omitempty"`
	CreatedBy refer        `json:"createdBy"`
	CreatedAt stamp        `json:"createdAt"`
	UpdatedBy refer        `json:"updatedBy"`
	UpdatedAt stamp        `json:"updatedAt"`
	Version   int64        `json:"version"`
	Status    media.Status `json:"status"`
}

type publishBody struct {
	Version int64  `json:"version,omitempty"`
	At      *stamp `json:"at,omitempty"`
	FirstAt *stamp `json:"firstAt,omitempty"`
	Counter int64  `json:"counter"`
	By      *refer `json:"by,omitempty"`
}

type archiveBody struct {
	Version int64 `json:"version"`
	At      stamp `json:"at"`
	By      refer `json:"by"`
}

type mediaFields struct {
	Title       map[string]string   `json:"title"`
	Description map[string]string   `json:"description"`
	File        map[string]fileBody `json:"file"`
}

type mediaMetadata struct {
	Tags []refer `json:"tags"`
}

type fileBody struct {
	FileName    string          `json:"fileName"`
	ContentType string          `json:"contentType"`
	MimeGroups  []string        `json:"mimeGroups"`
	URL         string          `json:"url,omitempty"`
	Detail      *detailBody     `json:"detail,omitempty"`
	Upload      *refer          `json:"upload,omitempty"`
	State       media.FileState `json:"state,omitempty"`
	Reason      string          `json:"reason,omitempty"`
}

// detailBody is a media.Detail without what only we need to know.
type detailBody struct {
	Size     int64           `json:"size"`
	Image    *media.Image    `json:"image,omitempty"`
	Video    *media.Video    `json:"video,omitempty"`
	Audio    *media.Audio    `json:"audio,omitempty"`
	Document *media.Document `json:"document,omitempty"`
}

func newDetail(d media.Detail) *detailBody {
	return &detailBody{Size: d.Size, Image: d.Image, Video: d.Video, Audio: d.Audio, Document: d.Document}
}

func (a *API) newMediaBody(m media.Media) mediaBody {
	body := mediaBody{
		Sys: mediaSys{
			ID: m.ID, Type: "Media", Space: newRefer(sys.SpaceOwner(m.Space).Refer()),
			Publish:   newPublish(m.Publish),
			CreatedBy: userRefer(m.CreatedBy), CreatedAt: stamp(m.CreatedAt),
			UpdatedBy: userRefer(m.UpdatedBy), UpdatedAt: stamp(m.UpdatedAt),
			Version: m.Version, Status: m.Status(),
		},
		Fields:   mediaFields{Title: m.Title, Description: m.Description, File: make(map[string]fileBody, len(m.File))},
		Metadata: mediaMetadata{Tags: make([]refer, 0, len(m.Tags))},
	}
	if m.Archive != nil {
		body.Sys.Archive = &archiveBody{Version: m.Archive.Version, At: stamp(m.Archive.At), By: userRefer(m.Archive.By)}
	}
	for locale, f := range m.File {
		body.Fields.File[locale] = a.newFileBody(m, locale, f)
	}
	for _, tag := range m.Tags {
		body.Metadata.Tags = append(body.Metadata.Tags, newRefer(sys.Refer{ID: tag, Type: sys.TargetTag}))
	}
	return body
}

func newPublish(p media.Publication) publishBody {
	body := publishBody{Version: p.Version, At: stampOf(p.At), FirstAt: stampOf(p.FirstAt), Counter: p.Counter}
	if p.By != nil {
		by := userRefer(*p.By)
		body.By = &by
	}
	return body
}

func (a *API) newFileBody(m media.Media, locale string, f media.File) fileBody {
	body := fileBody{FileName: f.Name, ContentType: f.ContentType, MimeGroups: f.MimeGroups}
	if f.State == media.Done {
		body.URL = a.engine.Delivery.URL(delivery.Address{
			Space: m.Space, Media: m.ID, Locale: locale, Revision: f.Revision, Name: f.Name,
		})
		body.Detail = newDetail(*f.Detail)
		return body
	}
	from := newRefer(sys.Refer{ID: f.Upload, Type: sys.TargetUpload})
	body.Upload, body.State, body.Reason = &from, f.State, f.Reason
	return body
}
