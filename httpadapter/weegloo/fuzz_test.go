package weegloo_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// judge runs a request of any form and checks that the answer is none of our
// faults and, if it refuses, of the contract's shape.
func (h *host) judge(r *http.Request) answer {
	h.tb.Helper()
	w := httptest.NewRecorder()
	h.http.ServeHTTP(w, r)
	a := answer{w.Code, w.Result().Header, w.Body.Bytes()}
	if a.status >= 400 && r.Method != http.MethodHead {
		checkRefusal(h.tb, a)
	}
	if a.status < 200 || a.status >= 500 {
		h.tb.Fatalf("status %d", a.status)
	}
	return a
}

func FuzzBodiesOfManagement(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `[]`, `null`, `{"fields":{"title":{"en-US":"A"}},"metadata":{"tags":[` + tag("a") + `]}}`, `{"fields":{"title":"x"}}`,
		`{"fields":{"file":{"en-US":` + file("a.txt", "text/plain", "id0000000000000000000000000001") + `}}}`, `{"fields":{"file":{"en-US":{}}}}`,
		`[{"op":"add","path":"/fields/title/en-US","value":"B"}]`, `[{"op":"replace","path":"","value":null}]`, `[{"op":"remove","path":""}]`,
		`[{"op":"copy","from":"","path":"/fields/title/en-US"}]`, `[{"op":"move","from":"/metadata/tags/0","path":"/metadata/tags/-"}]`,
		`[{"op":"test","path":"/sys/version","value":2}]`, `[{"op":"copy","from":"/fields","path":"/fields/fields"}]`, `[{"op":"add","path":"/metadata/tags","value":{}}]`,
		`{"a":{"a":{"a":[[[[1e400]]]]}}}`, "{\"a\":\"\xff\"}", `{"fields":{"title":{"en-US":"\ud800"}}}`, `[{"op":"add","path":"/fields/title","value":[1]},{"op":"add","path":"/fields/title/0","value":1}]`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		h := newHost(t)
		m := h.media()
		h.settle()
		for _, call := range []struct{ method, path, kind string }{
			{"POST", medias, "application/json"}, {"PUT", medias + "/" + m, "application/json"}, {"PATCH", medias + "/" + m, "application/json-patch+json"},
		} {
			before, at := h.records(), h.do("GET", medias+"/"+m, "").at("sys", "version")
			r := httptest.NewRequest(call.method, call.path, strings.NewReader(body))
			r.Header.Set("Authorization", "Bearer anna")
			r.Header.Set("Content-Type", call.kind)
			r.Header.Set("X-Weegloo-Version", at)
			if a := h.judge(r); a.status >= 400 {
				h.is.Equal(h.records(), before)
			}
			h.settle()
		}
	})
}

func FuzzPathsAndHeaders(f *testing.F) {
	f.Add("GET", medias, "", "", "", "", "")
	f.Add("PUT", medias+"/id0000000000000000000000000003/published", "", "2", "*/*", "", "")
	f.Add("GET", "/medias/shop/003/id0000000000000000000000000003/en-US/1/a.txt", "bytes=0-1", "", "", `"x"`, "")
	f.Add("HEAD", "/medias/shop/003/id0000000000000000000000000003/en-US/1/a.txt", "bytes=-5", "", "", "*", "")
	f.Add("GET", "/cda/v1/spaces/shop/medias?limit=1&next=x&select=-sys,a&order=-fields.title.en-US", "", "", "application/json;q=0.5", "", "")
	f.Add("GET", "/cda/v1/spaces/shop/medias?fields.title.en-US[match]=a&sys.id[in]=a,b", "bytes=5-2", "-1", "text/html;q=x", "", "")
	f.Add("POST", "/upload/v1/spaces/shop/uploads/multipart", "bytes=,", "99999999999999999999", "a/b/c", "W/", `multipart/form-data; boundary="`)
	f.Add("BREW", "//cma/%2e%2e/v1/%00", "bytes=-0", "", ";;;", ",", "\x00")
	f.Fuzz(func(t *testing.T, method, target, byteRange, version, accept, match, kind string) {
		u, err := url.ParseRequestURI(target)
		if err != nil || method == "" {
			t.Skip()
		}
		h := newHost(t)
		h.media()
		h.settle()
		r := httptest.NewRequest("GET", "/", strings.NewReader("--b\r\n\r\nx\r\n--b--"))
		r.Method, r.URL, r.RequestURI = method, u, target
		for name, value := range map[string]string{
			"Authorization": "Bearer anna", "Range": byteRange, "X-Weegloo-Version": version, "Accept": accept,
			"If-None-Match": match, "If-Range": match, "Content-Type": kind,
		} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		h.judge(r)
	})
}
