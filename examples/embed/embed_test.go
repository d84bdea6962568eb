package main

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo"
)

// host starts the CMS and returns a client that keeps its cookies.
func host(t *testing.T) (*httptest.Server, *http.Client, *weegloo.Engine) {
	t.Helper()
	c := newCMS()
	engine, err := addPictures(c)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(c.mux)
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := server.Client()
	client.Jar = jar
	return server, client, engine
}

func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// send does one request and returns its status and body.
func send(t *testing.T, client *http.Client, method, url string, body []byte) (int, string, http.Header) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(response.Body); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, b.String(), response.Header
}

func TestPictureIsShownOnceItIsProcessed(t *testing.T) {
	is := is.New(t)
	server, client, engine := host(t)
	_, err := client.PostForm(server.URL+"/login", url.Values{"user": {"ann"}})
	is.NoErr(err)

	status, path, _ := send(t, client, http.MethodPut, server.URL+"/pictures?name=dot.png", picture(t))
	is.Equal(status, http.StatusCreated)
	address := server.URL + strings.TrimSpace(path)
	status, _, _ = send(t, client, http.MethodGet, address, nil)
	is.Equal(status, http.StatusNotFound) // not processed yet

	for worked := true; worked; {
		worked, err = engine.Step(t.Context())
		is.NoErr(err)
	}
	status, body, header := send(t, client, http.MethodGet, address, nil)
	is.Equal(status, http.StatusOK)
	is.Equal(body, string(picture(t)))
	is.Equal(header.Get("Content-Type"), "image/png") // found in the bytes, the client did not say
}

func TestStrangersAddNoPictures(t *testing.T) {
	is := is.New(t)
	server, client, _ := host(t)
	status, _, _ := send(t, client, http.MethodPut, server.URL+"/pictures?name=dot.png", picture(t))
	is.Equal(status, http.StatusUnauthorized)
}

func TestRefusalsSpeakHTTP(t *testing.T) {
	server, client, _ := host(t)
	if _, err := client.PostForm(server.URL+"/login", url.Values{"user": {"ann"}}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, method, path string
		body               []byte
		want               int
	}{
		{"no bytes", http.MethodPut, "/pictures?name=a.png", nil, http.StatusUnprocessableEntity},
		{"no name", http.MethodPut, "/pictures", picture(t), http.StatusUnprocessableEntity},
		{"a path for a name", http.MethodPut, "/pictures?name=../a.png", picture(t), http.StatusUnprocessableEntity},
		{"too large", http.MethodPut, "/pictures?name=a.png", make([]byte, 10<<20+1), http.StatusRequestEntityTooLarge},
		{"unknown", http.MethodGet, "/pictures/nope", nil, http.StatusNotFound},
	} {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			status, _, _ := send(t, client, tt.method, server.URL+tt.path, tt.body)
			is.Equal(status, tt.want)
		})
	}
}
