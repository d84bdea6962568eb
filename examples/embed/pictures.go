package main

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store/memory"
	"github.com/weegloo/weegloo/sys"
	"github.com/weegloo/weegloo/upload"
)

const (
	space  = "blog"
	locale = "en-US"
)

// pictures is what weegloo adds.
type pictures struct {
	*cms
	*weegloo.Engine
}

func addPictures(c *cms) (*weegloo.Engine, error) {
	engine, err := weegloo.New(weegloo.Config{Store: memory.New(), Blobs: memory.NewBlobs()})
	if err != nil {
		return nil, err
	}
	p := pictures{c, engine}
	c.mux.HandleFunc("PUT /pictures", p.add)
	c.mux.HandleFunc("GET /pictures/{id}", p.show)
	return engine, nil
}

// add makes a Media of a request's body. It publishes itself once it has been
// processed.
func (p pictures) add(w http.ResponseWriter, r *http.Request) {
	by := sys.Actor{ID: p.user(r)}
	if by.ID == "" {
		http.Error(w, "log in first", http.StatusUnauthorized)
		return
	}
	u, err := p.Uploads.Create(r.Context(), by, sys.SpaceOwner(space), r.Body, upload.Options{MaxSize: 10 << 20})
	if err != nil {
		refuse(w, err)
		return
	}
	m, err := p.Media.Create(r.Context(), by, space, media.Content{File: map[string]media.Entry{
		locale: {Name: r.URL.Query().Get("name"), ContentType: "application/octet-stream", Upload: u.ID},
	}}, media.WriteOptions{})
	if err != nil {
		refuse(w, err)
		return
	}
	w.WriteHeader(http.StatusCreated)
	fmt.Fprintln(w, "/pictures/"+m.ID)
}

// show sends the published bytes of a picture.
func (p pictures) show(w http.ResponseWriter, r *http.Request) {
	snapshot, err := p.Delivery.Get(r.Context(), space, r.PathValue("id"))
	if err != nil {
		refuse(w, err)
		return
	}
	file, content, err := p.Delivery.Open(r.Context(), snapshot.Address(locale))
	if err != nil {
		refuse(w, err)
		return
	}
	defer content.Close()
	w.Header().Set("Content-Type", file.ContentType)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Security-Policy", "sandbox") // it is somebody's upload on our origin
	w.Header().Set("ETag", `"`+file.Detail.SHA256+`"`)
	http.ServeContent(w, r, "", time.Time{}, content)
}

// refuse needs to know the general errors only.
func refuse(w http.ResponseWriter, err error) {
	switch {
	case errors.Is(err, sys.ErrNotFound):
		http.Error(w, "there is no such picture", http.StatusNotFound)
	case errors.Is(err, sys.ErrTooLarge):
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
	case errors.Is(err, sys.ErrInvalid), errors.Is(err, sys.ErrState), errors.Is(err, sys.ErrConflict):
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
	default:
		http.Error(w, "something went wrong here", http.StatusInternalServerError)
	}
}
