package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path/filepath"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/sys"
	"github.com/weegloo/weegloo/upload"
)

const space = "travel"

var ann = sys.Actor{ID: "ann"}

// tour is the walk of one file through its life.
type tour struct {
	ctx    context.Context // of the whole program
	engine *weegloo.Engine
	name   string
	bytes  []byte

	upload  upload.Upload
	media   media.Media
	address string
}

func (t *tour) walk() error {
	for _, step := range []struct {
		title string
		do    func() error
	}{
		{"Upload the bytes", t.receive},
		{"Create a Media from them, with texts in two languages", t.create},
		{"Process it in the background", t.process},
		{"Read it as a visitor, in three languages", t.read},
		{"Fetch the bytes through their address", t.fetch},
		{"Edit it without publishing", t.edit},
		{"Try to edit an outdated version", t.conflict},
		{"Publish the edit", t.publish},
		{"Unpublish it", t.unpublish},
		{"Archive it", t.archive},
	} {
		fmt.Printf("\n== %s\n", step.title)
		if err := step.do(); err != nil {
			return fmt.Errorf("%s: %w", step.title, err)
		}
	}
	fmt.Println("\nAll as it should be.")
	return nil
}

func (t *tour) receive() (err error) {
	t.upload, err = t.engine.Uploads.Create(t.ctx, ann, sys.SpaceOwner(space), bytes.NewReader(t.bytes), upload.Options{})
	if err != nil {
		return err
	}
	fmt.Printf("   %s, %d bytes, is Upload %s\n", t.name, t.upload.Size, t.upload.ID)
	fmt.Printf("   it lives until %s unless a Media is made from it\n", sys.FormatTime(t.upload.ExpiresAt))
	return expect("size", t.upload.Size, int64(len(t.bytes)))
}

func (t *tour) create() (err error) {
	contentType := mime.TypeByExtension(filepath.Ext(t.name))
	if contentType == "" {
		contentType = "application/octet-stream"
	}
	t.media, err = t.engine.Media.Create(t.ctx, ann, space, media.Content{
		Title:       map[string]string{"en-US": "A quiet lake", "de-DE": "Ein stiller See"},
		Description: map[string]string{"en-US": "The mountains behind it are older than the names they have."},
		File:        map[string]media.Entry{"en-US": {Name: t.name, ContentType: contentType, Upload: t.upload.ID}},
	}, media.WriteOptions{})
	if err != nil {
		return err
	}
	t.show()
	if err := t.engine.Uploads.Delete(t.ctx, sys.SpaceOwner(space), t.upload.ID); err != nil {
		return err
	}
	fmt.Println("   the Upload is deleted: the Media holds the bytes now")
	return expect("status", t.media.Status(), media.Draft)
}

// process does what engine.Run would do in a server, one piece after the other.
func (t *tour) process() error {
	for {
		worked, err := t.engine.Step(t.ctx)
		if err != nil {
			return err
		}
		if !worked {
			break
		}
	}
	if err := t.reload(); err != nil {
		return err
	}
	file := t.media.File["en-US"]
	if file.State != media.Done {
		return fmt.Errorf("the file is %s %s", file.State, file.Reason)
	}
	fmt.Printf("   it is %s, %d bytes, SHA-256 %.16s…\n", file.ContentType, file.Detail.Size, file.Detail.SHA256)
	if file.Detail.Image != nil {
		fmt.Printf("   %d × %d pixels, read from the header\n", file.Detail.Image.Width, file.Detail.Image.Height)
	}
	fmt.Println("   nothing was left to wait for, so it published itself:")
	t.show()
	return expect("status", t.media.Status(), media.Published)
}

func (t *tour) read() error {
	snapshot, err := t.engine.Delivery.Get(t.ctx, space, t.media.ID)
	if err != nil {
		return err
	}
	for _, locale := range []string{"en-US", "de-DE", "de-AT"} {
		locales, locale, err := t.engine.Delivery.Locales(t.ctx, space, locale)
		if err != nil {
			return err
		}
		seen := snapshot.In(locales, locale)
		if seen.Title == nil || seen.File == nil {
			return fmt.Errorf("a value is missing in %s", locale)
		}
		fmt.Printf("   %s: %q, file of %s\n", locale, *seen.Title, seen.FileLocale)
		t.address = t.engine.Delivery.URL(snapshot.Address(seen.FileLocale))
	}
	return nil
}

func (t *tour) fetch() error {
	fmt.Println("  ", t.address)
	status, body, err := t.get()
	if err != nil {
		return err
	}
	fmt.Printf("   HTTP %d, %d bytes, the same digest as the original\n", status, len(body))
	return errors.Join(
		expect("status", status, http.StatusOK),
		expect("digest", sha256.Sum256(body), sha256.Sum256(t.bytes)),
	)
}

func (t *tour) edit() (err error) {
	t.media, err = t.save(t.media.Version, "A quiet lake at dusk")
	if err != nil {
		return err
	}
	t.show()
	snapshot, err := t.engine.Delivery.Get(t.ctx, space, t.media.ID)
	if err != nil {
		return err
	}
	fmt.Printf("   visitors still read %q\n", snapshot.Title["en-US"])
	return errors.Join(
		expect("status", t.media.Status(), media.Changed),
		expect("delivered title", snapshot.Title["en-US"], "A quiet lake"),
	)
}

func (t *tour) conflict() error {
	_, err := t.save(t.media.Version-1, "Somebody else's title")
	if !errors.Is(err, media.ErrStale) {
		return fmt.Errorf("want a conflict, got %v", err)
	}
	fmt.Println("   refused:", err)
	return nil
}

func (t *tour) publish() (err error) {
	if t.media, err = t.engine.Media.Publish(t.ctx, ann, space, t.media.ID, t.media.Version); err != nil {
		return err
	}
	t.show()
	snapshot, err := t.engine.Delivery.Get(t.ctx, space, t.media.ID)
	if err != nil {
		return err
	}
	fmt.Printf("   visitors now read %q, revision %d\n", snapshot.Title["en-US"], snapshot.Revision)
	return expect("delivered title", snapshot.Title["en-US"], "A quiet lake at dusk")
}

func (t *tour) unpublish() (err error) {
	if t.media, err = t.engine.Media.Unpublish(t.ctx, ann, space, t.media.ID, t.media.Version); err != nil {
		return err
	}
	t.show()
	status, _, err := t.get()
	if err != nil {
		return err
	}
	fmt.Printf("   the address of its file answers HTTP %d\n", status)
	return expect("status", status, http.StatusNotFound)
}

func (t *tour) archive() (err error) {
	if t.media, err = t.engine.Media.Archive(t.ctx, ann, space, t.media.ID, t.media.Version); err != nil {
		return err
	}
	t.show()
	return expect("status", t.media.Status(), media.Archived)
}

// save changes the English title, and nothing else, without publishing.
func (t *tour) save(version int64, title string) (media.Media, error) {
	return t.engine.Media.Save(t.ctx, ann, space, t.media.ID, version, media.WriteOptions{IgnorePublish: true},
		func(m media.Media) (media.Content, error) {
			content := m.Content()
			content.Title["en-US"] = title
			return content, nil
		})
}

func (t *tour) reload() (err error) {
	t.media, err = t.engine.Media.Get(t.ctx, space, t.media.ID)
	return err
}

func (t *tour) get() (status int, body []byte, err error) {
	response, err := http.Get(t.address)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err = io.ReadAll(response.Body)
	return response.StatusCode, body, err
}

// show is a line on where the Media is in its life.
func (t *tour) show() {
	m := t.media
	fmt.Printf("   Media %.6s… version %d: %s", m.ID, m.Version, m.Status())
	if m.Publish.Version > 0 {
		fmt.Printf(", version %d is published", m.Publish.Version)
	}
	if file := m.File["en-US"]; file.State != media.Done {
		fmt.Printf(", its file is %s", file.State)
	}
	fmt.Println()
}

func expect[T comparable](what string, got, want T) error {
	if got != want {
		return fmt.Errorf("%s is %v, want %v", what, got, want)
	}
	return nil
}
