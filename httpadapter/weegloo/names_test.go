package weegloo_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/matryer/is"
)

// named makes a Media whose file has the name and content type, as JSON.
func (h *host) named(name, contentType string) answer {
	h.tb.Helper()
	u := h.do("POST", spaceUploads, "some text").at("sys", "id")
	n, err := json.Marshal(name)
	h.is.NoErr(err)
	c, err := json.Marshal(contentType)
	h.is.NoErr(err)
	return h.do("POST", medias, `{"fields":{"file":{"en-US":{"fileName":`+string(n)+`,"contentType":`+string(c)+`,"upload":{"sys":{"id":"`+u+`"}}}}}}`)
}

func TestFileNamesThatAreNoLabelsAreRefused(t *testing.T) {
	for _, name := range []string{
		"", ".", "..", "../etc/passwd", "/etc/passwd", "a/b", `..\windows`, `C:\a`, "a\x00.png", "a\n.png", "a\r\nX-Evil: 1", "\x7f", "\u0085", "\x1b[2J",
		"photo\u202egpj.exe", "a\u2066b", "a\u200eb", "a\u061cb", "a\u2028b", "a\u2029b", strings.Repeat("x", 256), strings.Repeat("é", 128),
	} {
		h := newHost(t)
		a := h.named(name, "text/plain")
		if a.code() != "X422007" {
			t.Errorf("%q is answered with %d", name, a.status)
			continue
		}
		h.is.Equal(a.paths(), []string{"/fields/file/en-US/fileName"})
	}
}

func TestFileNamesThatAreLabelsLeadToTheirBytes(t *testing.T) {
	for _, name := range []string{
		"a.txt", "a b.txt", "…", "日本語.txt", "%2e%2e", "%2F", "a%00b", "-rf", "con.txt", "a;b=c.txt", `"quoted".txt`, "a&b?c#d.txt", "a+b.txt", "~",
		"...", ".htaccess", "a.", " a ", "'; drop table", "<script>.txt", "a:b", "*", "|", "a\u0301", "😀.txt", strings.Repeat("x", 255),
	} {
		h := newHost(t)
		m := h.named(name, "text/plain")
		h.is.Equal(m.status, 201) // name
		h.settle()
		got := h.do("GET", medias+"/"+m.at("sys", "id"), "")
		h.is.Equal(got.at("fields", "file", "en-US", "fileName"), name)
		url := strings.TrimPrefix(got.at("fields", "file", "en-US", "url"), "https://media.example.com")
		h.is.Equal(strings.Count(url, "/"), 7) // the name is one segment
		bytes := h.do("GET", url, "")
		h.is.Equal(string(bytes.body), "some text") // name
	}
}

func TestContentTypesThatAreNoHeaderAreRefused(t *testing.T) {
	for _, contentType := range []string{"", "image/png\r\nX-Evil: 1", "text/plain\x00", "téxt/plain", "a\tb", strings.Repeat("x", 256)} {
		h := newHost(t)
		a := h.named("a.txt", contentType)
		h.is.Equal(a.code(), "X422007") // contentType
		h.is.Equal(a.paths(), []string{"/fields/file/en-US/contentType"})
	}
}

// TestNoDeclaredTypeMakesTextRun sends types that a browser might take for one
// that it runs. What is served must be a type of one piece and, if it is active,
// in a sandbox.
func TestNoDeclaredTypeMakesTextRun(t *testing.T) {
	for _, contentType := range []string{
		"text/html", "TEXT/HTML", "text/html; charset=utf-8", "text/plain,text/html", "text/plain, text/html;x", "text/plain;a=\",text/html;\"",
		"text/html,x", " text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/xml", "application/javascript", "text/javascript;x=y",
		"text/plain;charset=utf-7", "*/*", "text", "/", "multipart/x-mixed-replace;boundary=x", "application/rss+xml", "text/css",
	} {
		h := newHost(t)
		m := h.named("a.txt", contentType)
		h.is.Equal(m.status, 201) // contentType
		h.settle()
		got := h.do("GET", medias+"/"+m.at("sys", "id"), "")
		file := h.do("GET", strings.TrimPrefix(got.at("fields", "file", "en-US", "url"), "https://media.example.com"), "")
		served := file.header.Get("Content-Type")
		if strings.ContainsAny(served, ",") || strings.Contains(served, "html") || strings.Contains(served, "svg") {
			t.Errorf("%q is served as %q", contentType, served)
		}
		h.is.Equal(file.header.Get("X-Content-Type-Options"), "nosniff")
		sandboxed := strings.Contains(file.header.Get("Content-Security-Policy"), "sandbox")
		if active := strings.Contains(served, "xml") || strings.Contains(served, "script") || strings.Contains(served, "css"); active && !sandboxed {
			t.Errorf("%q is served as %q without a sandbox", contentType, served)
		}
	}
}

func TestQueriesThatMakeNoSenseAreRefused(t *testing.T) {
	h := newHost(t)
	m := h.media()
	h.settle()
	for query, code := range map[string]string{
		"limit=0": "X400005", "limit=101": "X400005", "limit=-1": "X400005", "limit=": "X400005", "limit=x": "X400005", "limit=1.5": "X400005",
		"limit=1&limit=2": "X400005", "limit=99999999999999999999": "X400005", "skip=-1": "X400005", "skip=101": "X400005", "skip=": "X400005",
		"next=x": "X400005", "prev=x": "X400005", "next=%ff": "X400005", "next=x&prev=y": "X400005", "select=sys,-fields": "X400005", "select=-sys,fields": "X400005",
		"%zz": "X400005", "limit=%": "X400005", "a;b": "X400005", "nothing=1": "WEB400002", "Limit=1": "WEB400002", "order=nothing": "WEB400002",
		"order=-": "WEB400002", "=": "WEB400002", "%00=1": "WEB400002", "sys=1": "WEB400002", "access_token=x": "WEB400002",
	} {
		for _, list := range []string{medias, delivered} {
			if a := h.do("GET", list+"?"+query, ""); a.code() != code {
				t.Errorf("%s?%s is answered with %s, want %s: %s", list, query, a.outcome(), code, a.reason())
			}
		}
	}
	h.is.Equal(h.do("GET", medias+"?locale=en-US", "").code(), "WEB400002") // management shows all locales
	for query, code := range map[string]string{
		"locale=": "X400008", "locale=EN-us": "X400008", "locale=en": "X400008", "locale=**": "X400008", "locale=en-US,ko-KR": "X400008",
		"locale=en-US&locale=ko-KR": "X400008", "locale=%zz": "X400005", "locale=..%2f": "X400008",
	} {
		if a := h.do("GET", delivered+"/"+m+"?"+query, ""); a.code() != code {
			t.Errorf("one with %s is answered with %s, want %s", query, a.outcome(), code)
		}
	}
	for _, query := range []string{"include=3", "include=x", "select=", "select=nothing.at.all", "limit=100&skip=100", "order=sys.createdAt,sys.id"} {
		is.New(t).Equal(h.do("GET", delivered+"?"+query, "").status, 200) // query
	}
}
