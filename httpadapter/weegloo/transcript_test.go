package weegloo_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"mime/multipart"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/matryer/is"
)

var update = flag.Bool("update", false, "rewrite the golden transcripts")

// script is a conversation with a host that is written down, a second passing
// before each request.
type script struct {
	*host
	text bytes.Buffer
}

func newScript(t *testing.T) *script { return &script{host: newHost(t)} }

// say sends a request and writes it and all of its answer down.
func (s *script) say(title, method, target, body string, headers ...string) answer {
	s.tb.Helper()
	s.advance(time.Second)
	a := s.do(method, target, body, headers...)
	fmt.Fprintf(&s.text, "### %s\n\n%s %s\n", title, method, shown(target))
	for _, line := range headers {
		fmt.Fprintln(&s.text, line)
	}
	if body != "" {
		fmt.Fprintf(&s.text, "\n%s\n", shown(body))
	}
	fmt.Fprintf(&s.text, "\n%d\n", a.status)
	for _, name := range []string{
		"Content-Type", "x-weegloo-locale", "Allow", "WWW-Authenticate", "ETag", "Accept-Ranges", "Content-Range",
		"Content-Length", "Cache-Control", "X-Content-Type-Options", "Content-Security-Policy",
	} {
		if value := a.header.Get(name); value != "" && (name != "Content-Length" || !strings.Contains(a.header.Get("Content-Type"), "json")) {
			fmt.Fprintf(&s.text, "%s: %s\n", name, value)
		}
	}
	fmt.Fprintf(&s.text, "\n%s\n\n", shown(string(a.body)))
	return a
}

// note writes a line about what happens between two requests.
func (s *script) note(text string) { fmt.Fprintf(&s.text, "(%s)\n\n", text) }

// step does the background work.
func (s *script) step() {
	s.advance(time.Second)
	s.settle()
	s.note("background work")
}

// shown is a body as it is written down: JSON indented, bytes counted, and what
// is random replaced.
func shown(body string) string {
	var indented bytes.Buffer
	if json.Indent(&indented, []byte(body), "", "  ") == nil {
		body = strings.TrimSpace(indented.String())
	} else if !utf8.ValidString(body) || strings.Contains(body, "\x00") {
		return fmt.Sprintf("(%d bytes)", len(body))
	}
	for _, random := range randoms {
		body = random.form.ReplaceAllString(body, random.with)
	}
	return body
}

var randoms = []struct {
	form *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`"requestId": "[0-9A-Za-z]{43}"`), `"requestId": "(43 of base62)"`},
	{regexp.MustCompile(`"id": "[0-9A-Za-z]{16}"`), `"id": "(16 of base62)"`},
	{regexp.MustCompile(`"timestamp": [0-9]{13}`), `"timestamp": "(milliseconds)"`},
	{regexp.MustCompile(`(next|prev)=[0-9A-Za-z_-]{20,}`), `$1=(cursor)`},
}

// golden compares what was written down with testdata, or replaces it.
func (s *script) golden(name string) {
	s.tb.Helper()
	path := filepath.Join("testdata", name+".txt")
	if *update {
		s.is.NoErr(os.WriteFile(path, s.text.Bytes(), 0o644))
	}
	want, err := os.ReadFile(path)
	s.is.NoErr(err)
	if got := s.text.String(); got != string(want) {
		gotLines, wantLines := strings.Split(got, "\n"), strings.Split(string(want), "\n")
		for i := range min(len(gotLines), len(wantLines)) {
			if gotLines[i] != wantLines[i] {
				s.tb.Fatalf("%s:%d is\n\t%s\nand was\n\t%s\n(-update rewrites it)", path, i+1, gotLines[i], wantLines[i])
			}
		}
		s.tb.Fatalf("%s has %d lines and had %d (-update rewrites it)", path, len(gotLines), len(wantLines))
	}
}

// form is a multipart body with one part, and its Content-Type line.
func form(name, fileName, content string) (body, header string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if err := w.SetBoundary("boundary"); err != nil {
		panic(err)
	}
	part, err := w.CreateFormFile(name, fileName)
	if err != nil {
		panic(err)
	}
	_, _ = part.Write([]byte(content))
	_ = w.Close()
	return b.String(), "Content-Type: " + w.FormDataContentType()
}

// file is the JSON of a new file entry.
func file(name, contentType, upload string) string {
	return fmt.Sprintf(`{"fileName":%q,"contentType":%q,"upload":{"sys":{"id":%q,"type":"Refer","targetType":"Upload"}}}`, name, contentType, upload)
}

const (
	spaceUploads = "/upload/v1/spaces/shop/uploads"
	medias       = "/cma/v1/spaces/shop/medias"
	delivered    = "/cda/v1/spaces/shop/medias"
	patchType    = "Content-Type: application/json-patch+json"
)

func version(v int) string { return fmt.Sprintf("X-Weegloo-Version: %d", v) }

func TestTranscriptOfUploads(t *testing.T) {
	s := newScript(t)
	u := s.say("Upload raw bytes", "POST", spaceUploads, pngOf(40, 30), "Content-Type: image/png").at("sys", "id")
	s.say("Read the Upload", "GET", spaceUploads+"/"+u, "")
	body, header := form("file", "photo.png", pngOf(40, 30))
	s.say("Upload a form, for an Organization", "POST", "/upload/v1/organizations/acme/uploads/multipart", body, header)
	s.say("A foreign Upload is not there", "GET", "/upload/v1/organizations/acme/uploads/"+u, "")
	s.say("Ask for application/json", "GET", spaceUploads+"/"+u, "", "Accept: application/json")
	s.say("Uploads have no list", "GET", spaceUploads, "")
	s.say("Delete the Upload", "DELETE", spaceUploads+"/"+u, "")
	s.say("It is gone", "GET", spaceUploads+"/"+u, "")
	s.say("Nobody may do this", "GET", spaceUploads+"/"+u, "", "Authorization: Bearer wrong")
	s.say("Not here", "GET", spaceUploads+"/"+u, "", "Authorization: Bearer otto")
	s.golden("uploads")
}

func TestTranscriptOfALife(t *testing.T) {
	s := newScript(t)
	u := s.say("Upload", "POST", spaceUploads, pngOf(40, 30)).at("sys", "id")
	m := s.say("Create a Media", "POST", medias, `{"fields":{"title":{"en-US":"Cup"},"description":{"en-US":""},"file":{"en-US":`+file("cup 1.png", "image/png", u)+
		`}},"metadata":{"tags":[{"sys":{"id":"red","type":"Refer","targetType":"Tag"}}]}}`).at("sys", "id")
	one := medias + "/" + m
	s.say("Publish it while a file is PENDING", "PUT", one+"/published", "", version(1))
	s.say("Read it while a file is PENDING", "GET", one, "")
	s.say("It is not delivered", "GET", delivered+"/"+m, "")
	s.step()
	got := s.say("Read it Published", "GET", one, "")
	s.say("Delivery in the default locale", "GET", delivered+"/"+m, "")
	s.say("PATCH, and leave the publication alone", "PATCH", one, `[{"op":"replace","path":"/fields/title/en-US","value":"Cup & saucer"}]`,
		patchType, version(2), "X-Weegloo-Ignore-Publish: true")
	s.say("PATCH without that: published at once, two versions on", "PATCH", one, `[{"op":"add","path":"/fields/title/de-DE","value":"Tasse"}]`, patchType, version(3))
	read := s.do("GET", one, "")
	s.is.Equal(got.at("fields", "file"), read.at("fields", "file"))
	s.say("PUT what was read", "PUT", one, string(read.body), version(5))
	s.say("Archive a published Media", "PUT", one+"/archived", "", version(7))
	s.say("Delete a published Media", "DELETE", one, "")
	s.say("Unpublish", "DELETE", one+"/published", "", version(7))
	s.say("Archive", "PUT", one+"/archived", "", version(8))
	s.say("Write to an archived Media", "PUT", one, `{}`, version(9))
	s.say("Unarchive", "DELETE", one+"/archived", "", version(9))
	s.say("Publish with a version of long ago", "POST", one+"/publish", "", version(1))
	s.say("Publish, by the alias", "POST", one+"/publish", "", version(10))
	s.say("Unpublish, by the alias", "PUT", one+"/unpublish", "", version(11))
	s.say("Archive, by the alias", "POST", one+"/archive", "", version(12))
	s.say("Unarchive, by the alias", "PUT", one+"/unarchive", "", version(13))
	s.say("Delete", "DELETE", one, "")
	s.say("It is gone", "GET", one, "")
	s.golden("life")
}

func TestTranscriptOfDelivery(t *testing.T) {
	s := newScript(t)
	for _, name := range []string{"a", "b", "c"} {
		u := s.do("POST", spaceUploads, "some text "+name).at("sys", "id")
		s.advance(time.Second)
		s.do("POST", medias, `{"fields":{"title":{"en-US":"`+name+`","ko-KR":"컵"},"description":{"de-DE":"leer"},"file":{"en-US":`+file(name+".txt", "text/plain", u)+`}}}`)
	}
	s.step()
	first := s.say("List", "GET", delivered+"?limit=1", "")
	id := strings.Split(first.at("items"), `"id":"`)[1][:30]
	s.say("The next page", "GET", "/cda"+first.at("links", "next"), "")
	s.say("Skip, and select", "GET", delivered+"?skip=1&limit=2&select=sys.id,fields.title", "")
	s.say("Select all but something, in all locales", "GET", delivered+"?locale=*&limit=1&select=-fields.file,-sys.space", "")
	s.say("Read in a locale that falls back", "GET", delivered+"/"+id+"?locale=de-DE", "")
	s.say("Read in a locale that does not", "GET", delivered+"/"+id+"?locale=ko-KR", "")
	all := s.say("Read all locales", "GET", delivered+"/"+id+"?locale=*", "")
	s.say("A locale that is not there", "GET", delivered+"/"+id+"?locale=fr-FR", "")
	s.say("A filter that is not there", "GET", delivered+"?sys.version=2", "")
	s.say("A cursor that is none", "GET", delivered+"?next=junk", "")
	s.say("The managed list", "GET", medias+"?limit=1&select=sys.id,sys.version,metadata", "")
	url := strings.TrimPrefix(all.at("fields", "file", "en-US", "url"), "https://media.example.com")
	s.say("The bytes", "GET", url, "")
	s.say("Some of the bytes", "GET", url, "", "Range: bytes=5-8")
	s.say("None of the bytes", "GET", url, "", "Range: bytes=99-")
	s.say("An address that is not one", "GET", url+"x", "")
	s.golden("delivery")
}

func TestTranscriptOfAFailedFile(t *testing.T) {
	s := newScript(t)
	u := s.say("Upload what only begins like a picture", "POST", spaceUploads, pngOf(40, 30)[:20]).at("sys", "id")
	m := s.say("Create a Media", "POST", medias, `{"fields":{"file":{"en-US":`+file("broken.png", "image/png", u)+`}}}`).at("sys", "id")
	s.step()
	failed := s.say("Read it FAILED", "GET", medias+"/"+m, "")
	s.say("Publish it", "PUT", medias+"/"+m+"/published", "", version(1))
	s.say("Delete the Upload", "DELETE", spaceUploads+"/"+u, "")
	s.say("Edit beside the FAILED file", "PUT", medias+"/"+m, strings.Replace(string(failed.body), `"title":{}`, `"title":{"en-US":"Still broken"}`, 1), version(1))
	good := s.do("POST", spaceUploads, pngOf(8, 9)).at("sys", "id")
	s.say("Try again with a new Upload", "PATCH", medias+"/"+m, `[{"op":"add","path":"/fields/file/en-US","value":`+file("whole.png", "image/png", good)+`}]`, patchType, version(2))
	s.step()
	s.say("Read it Published", "GET", medias+"/"+m, "")
	s.golden("failed")
}

func TestUploadsHaveExactlyTheKeysOfTheContract(t *testing.T) {
	is := is.New(t)
	h := newHost(t)
	var body struct {
		Sys map[string]json.RawMessage
	}
	is.NoErr(json.Unmarshal(h.do("POST", spaceUploads, "bytes").body, &body))
	is.NoErr(keysProblem(map[string]any{"sys": 1}, "sys"))
	is.Equal(len(body.Sys), 9)
}
