package weegloo_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"strings"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/httpadapter"
	dialect "github.com/weegloo/weegloo/httpadapter/weegloo"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store/badger"
	"github.com/weegloo/weegloo/store/disk"
	"github.com/weegloo/weegloo/store/memory"
	"github.com/weegloo/weegloo/sys"
	"github.com/weegloo/weegloo/upload"
)

// The life of a file in an engine that keeps everything in memory, as a host's
// own tests would use it.
func Example() {
	engine, err := weegloo.New(weegloo.Config{Store: memory.New(), Blobs: memory.NewBlobs()})
	if err != nil {
		log.Fatal(err)
	}
	ctx, ann := context.Background(), sys.Actor{ID: "ann"}

	// Bytes arrive as an Upload, which lives for a day.
	u, err := engine.Uploads.Create(ctx, ann, sys.SpaceOwner("blog"), strings.NewReader("Dear diary"), upload.Options{})
	if err != nil {
		log.Fatal(err)
	}

	// A Media made from it holds the bytes from now on.
	m, err := engine.Media.Create(ctx, ann, "blog", media.Content{
		Title: map[string]string{"en-US": "Monday"},
		File:  map[string]media.Entry{"en-US": {Name: "monday.txt", ContentType: "text/plain", Upload: u.ID}},
	}, media.WriteOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Status(), m.File["en-US"].State)

	// A server calls engine.Run; a test takes one step after the other.
	for worked := true; worked; {
		if worked, err = engine.Step(ctx); err != nil {
			log.Fatal(err)
		}
	}

	// It was processed and published itself: visitors can read it.
	snapshot, err := engine.Delivery.Get(ctx, "blog", m.ID)
	if err != nil {
		log.Fatal(err)
	}
	file, content, err := engine.Delivery.Open(ctx, snapshot.Address("en-US"))
	if err != nil {
		log.Fatal(err)
	}
	defer content.Close()
	text, err := io.ReadAll(content)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %s, %s\n", snapshot.Title["en-US"], file.ContentType, text)
	// Output:
	// Draft PENDING
	// Monday: text/plain, Dear diary
}

// A host that keeps records in Badger and bytes in a folder, and serves the
// Weegloo API beside its own routes.
func Example_host() {
	_ = func(ctx context.Context, mux *http.ServeMux, signedIn func(*http.Request) (string, bool)) error {
		records, err := badger.Open(badger.Config{Dir: "data/records"})
		if err != nil {
			return err
		}
		defer records.Close()
		blobs, err := disk.Open("data/blobs")
		if err != nil {
			return err
		}
		engine, err := weegloo.New(weegloo.Config{
			Store:        records,
			Blobs:        blobs,
			Spaces:       sys.Everywhere(sys.Locale{Code: "en-US"}, sys.Locale{Code: "de-DE", Fallback: "en-US"}),
			FilesBaseURL: "https://media.example.com",
		})
		if err != nil {
			return err
		}
		api, err := dialect.New(engine, httpadapter.Config{
			Authenticate: func(r *http.Request) (sys.Actor, error) {
				user, ok := signedIn(r)
				if !ok {
					return sys.Actor{}, errors.New("not signed in")
				}
				return sys.Actor{ID: user}, nil
			},
		})
		if err != nil {
			return err
		}
		mux.Handle("/upload/", http.StripPrefix("/upload", api.Uploads()))
		mux.Handle("/cma/", http.StripPrefix("/cma", api.Management()))
		mux.Handle("/cda/", http.StripPrefix("/cda", api.Delivery()))
		mux.Handle("/medias/", api.Files())
		engine.Run(ctx) // processes, expires and deletes until ctx ends
		return nil
	}
}

// Refusals are told apart with errors.Is, by their reason or by their kind.
func Example_errors() {
	engine, err := weegloo.New(weegloo.Config{Store: memory.New(), Blobs: memory.NewBlobs()})
	if err != nil {
		log.Fatal(err)
	}
	ctx, ann := context.Background(), sys.Actor{ID: "ann"}
	m, err := engine.Media.Create(ctx, ann, "blog", media.Content{}, media.WriteOptions{})
	if err != nil {
		log.Fatal(err)
	}
	_, err = engine.Media.Publish(ctx, ann, "blog", m.ID, 7)
	fmt.Println(errors.Is(err, media.ErrStale), errors.Is(err, sys.ErrConflict))
	_, err = engine.Media.Publish(ctx, ann, "blog", m.ID, 1)
	fmt.Println(errors.Is(err, media.ErrNoFile), errors.Is(err, sys.ErrState))
	_, err = engine.Media.Get(ctx, "another", m.ID)
	fmt.Println(errors.Is(err, sys.ErrNotFound))
	// Output:
	// true true
	// true true
	// true
}
