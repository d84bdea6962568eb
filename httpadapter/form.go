package httpadapter

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
)

// What a form may have beside the file.
const (
	maxParts   = 100
	maxSkipped = 1 << 20 // bytes
)

// FilePart finds the first part of a multipart form with the given name and
// reads it as it comes: nothing is kept, in memory or elsewhere. The reader
// ends without an error only when the whole form has arrived.
func (c Config) FilePart(w http.ResponseWriter, r *http.Request, name string) (io.Reader, error) {
	mediaType, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != "multipart/form-data" {
		return nil, fmt.Errorf("%w: multipart/form-data is", ErrMediaType)
	}
	body := &formBody{body: whole(c.Body(w, r)), left: maxSkipped}
	form := multipart.NewReader(body, params["boundary"])
	for range maxParts {
		part, err := form.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%w: no part named %s", ErrForm, name)
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrForm, err)
		}
		if part.FormName() == name {
			body.wanted = true
			return &filePart{part: part, form: form, body: body}, nil
		}
	}
	return nil, fmt.Errorf("%w: no part named %s among the first %d", ErrForm, name, maxParts)
}

// whole is a body of which multipart.Reader can tell an end behind the last
// boundary, which is io.EOF, from one before it. Forms need not end with a line
// break, so there is one behind every body; nothing else is ever missing.
func whole(body io.Reader) io.Reader {
	return io.MultiReader(body, strings.NewReader("\r\n"), broken{})
}

// broken is what is read of a form that has already ended.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// formBody is the body of a form. What is read of it while nobody wants it is
// limited.
type formBody struct {
	body   io.Reader
	wanted bool
	left   int64
}

func (b *formBody) Read(p []byte) (int, error) {
	n, err := b.body.Read(p)
	if !b.wanted {
		b.left -= int64(n)
	}
	if b.left < 0 {
		return 0, fmt.Errorf("%w: more than %d bytes beside the file", ErrForm, maxSkipped)
	}
	return n, err
}

// filePart is the wanted part. At its end it reads the rest of the form, so
// that one which breaks off behind the file is not taken for a whole one.
type filePart struct {
	part *multipart.Part
	form *multipart.Reader
	body *formBody
	end  error // of the form, once it has been read; io.EOF if it is as it should be
}

func (f *filePart) Read(p []byte) (int, error) {
	if f.end != nil {
		return 0, f.end
	}
	n, err := f.part.Read(p)
	if !errors.Is(err, io.EOF) {
		return n, err
	}
	f.end = f.readRest()
	return n, f.end
}

func (f *filePart) readRest() error {
	f.body.wanted = false
	for range maxParts {
		if _, err := f.form.NextRawPart(); err != nil {
			return err
		}
	}
	return fmt.Errorf("%w: more than %d parts", ErrForm, maxParts)
}
