package weegloo_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/matryer/is"
)

func TestPathsThatDoNotExistAreNotFound(t *testing.T) {
	h := newHost(t)
	m := h.media()
	h.settle()
	before := h.records()
	for _, path := range []string{
		"/cma", "/cma/", "/cma/v1", "/cma/v1/", "/cma/v2/spaces/shop/medias", "/cma/v1/spaces", "/cma/v1/spaces/shop", "/cma/v1/spaces/shop/",
		"/cma/v1/spaces/shop/medias/", "/cma/v1/spaces/shop//medias", "/cma//v1/spaces/shop/medias", "//cma/v1/spaces/shop/medias",
		"/cma/v1/spaces/shop/medias//", "/cma/v1/spaces//medias", "/cma/v1/Spaces/shop/medias", "/cma/v1/spaces/shop/Medias",
		"/cma/v1/spaces/shop/media", "/cma/v1/organizations/acme/medias", "/cma/v1/spaces/shop/uploads", "/upload/v1/spaces/shop/medias",
		"/cma/v1/spaces/shop/medias/" + m + "/", "/cma/v1/spaces/shop/medias/" + m + "/nothing", "/cma/v1/spaces/shop/medias/" + m + "/published/",
		"/cma/v1/spaces/shop/medias/" + m + "/published/x", "/cda/v1/spaces/shop/medias/" + m + "/published", "/cma/v1/spaces/shop/../shop/medias",
		"/cma/v1/spaces/shop/./medias", "/cma/v1%2Fspaces/shop/medias", "/cma/v1/spaces/shop%2Fmedias", "/cma/v1/spaces/shop/medias;x=1",
		"/cma/v1/spaces/shop/medias%00", "/cma/v1/spaces/shop/medias%0d%0aX-Y:1", "/upload/v1/spaces/shop/uploads/multipart/x", "/", "/x", "/medias", "/medias/",
		"/upload/v1/spaces/shop/uploads/", "/cma/v1/spaces/shop/medias/" + m + "%2Fpublished", "/cma/v1/spaces/shop/medias/" + strings.Repeat("/", 5000),
		"/cma/v1/spaces/a.b/medias", "/cma/v1/spaces/%20/medias", "/cma/v1/spaces/" + strings.Repeat("a", 65) + "/medias", "/cma/v1/spaces/ü/medias",
	} {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get"} {
			a := h.do(method, path, "", version(2))
			if a.status != 404 {
				t.Errorf("%s %s is answered with %d", method, path, a.status)
			}
		}
	}
	h.is.Equal(h.records(), before)
}

func TestMethodsThatAPathDoesNotHaveAreRefused(t *testing.T) {
	h := newHost(t)
	m := h.media()
	u := h.do("POST", spaceUploads, "more text").at("sys", "id")
	h.settle()
	url := strings.TrimPrefix(h.do("GET", medias+"/"+m, "").at("fields", "file", "en-US", "url"), "https://media.example.com")
	before := h.records()
	for path, allow := range map[string]string{
		medias: "GET, POST", medias + "/" + m: "GET, PUT, PATCH, DELETE", medias + "/" + m + "/published": "PUT, DELETE",
		medias + "/" + m + "/archived": "PUT, DELETE", medias + "/" + m + "/publish": "POST, PUT", medias + "/" + m + "/unarchive": "POST, PUT",
		delivered: "GET", delivered + "/" + m: "GET", spaceUploads: "POST", spaceUploads + "/multipart": "POST", spaceUploads + "/" + u: "GET, DELETE",
		url: "GET, HEAD",
	} {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW", "get", "Post"} {
			if strings.Contains(", "+allow+",", ", "+method+",") {
				continue
			}
			a := h.do(method, path, "{}", version(2))
			if a.status != 405 || a.header.Get("Allow") != allow {
				t.Errorf("%s %s is answered with %d, Allow %q", method, path, a.status, a.header.Get("Allow"))
			}
		}
	}
	h.is.Equal(h.records(), before)
}

func TestARefusedTypeSaysWhichOneIsTaken(t *testing.T) {
	h := newHost(t)
	m := medias + "/" + h.do("POST", medias, "{}").at("sys", "id")
	for _, tt := range []struct{ method, path, want string }{
		{"POST", medias, "application/json"}, {"PUT", m, "application/json"}, {"PATCH", m, "application/json-patch+json"}, {"POST", spaceUploads + "/multipart", "multipart/form-data"},
	} {
		a := h.do(tt.method, tt.path, "x", "Content-Type: text/plain", version(1))
		h.is.Equal(a.reason(), "The content type is not one that this call takes: "+tt.want+" is.")
	}
}

func TestAHeadAnswerHasNoBody(t *testing.T) {
	is := is.New(t)
	a := newHost(t).do("HEAD", medias, "")
	is.Equal(a.status, 405)
	is.Equal(len(a.body), 0)
}

// foreign replaces an id by a placeholder and what is random, so that answers
// can be compared.
func foreign(a answer, id string) string {
	return shown(strings.ReplaceAll(string(a.body), id, "ID"))
}

func TestForeignAndUnknownIdsCannotBeToldApart(t *testing.T) {
	h := newHost(t)
	other := "/cma/v1/spaces/other/medias"
	u := h.do("POST", "/upload/v1/spaces/other/uploads", "text").at("sys", "id")
	org := h.do("POST", "/upload/v1/organizations/acme/uploads", "text").at("sys", "id")
	asOrg := h.do("POST", "/upload/v1/organizations/shop/uploads", "text").at("sys", "id")
	m := h.do("POST", other, `{"fields":{"file":{"en-US":`+file("a", "text/plain", u)+`}}}`).at("sys", "id")
	h.settle()
	gone := h.do("POST", spaceUploads, "text").at("sys", "id")
	h.is.Equal(h.do("DELETE", spaceUploads+"/"+gone, "").status, 204)
	expired := h.do("POST", spaceUploads, "text").at("sys", "id")
	h.advance(24 * 3600 * 1e9)
	before := h.records()
	same := func(call func(id string) answer, ids ...string) {
		t.Helper()
		want := foreign(call("nothing"), "nothing")
		for _, id := range ids {
			a := call(id)
			h.is.Equal(a.status, 404)
			h.is.Equal(foreign(a, id), want)
		}
	}
	for _, method := range []string{"GET", "DELETE"} {
		same(func(id string) answer { return h.do(method, spaceUploads+"/"+id, "") }, u, org, asOrg, gone, expired, m)
	}
	for _, call := range []struct{ method, path string }{{"GET", ""}, {"DELETE", ""}, {"PUT", ""}, {"PATCH", ""}, {"PUT", "/publish"}, {"POST", "/archive"}, {"POST", ""}} {
		same(func(id string) answer { return h.do(call.method, medias+"/"+id+call.path, "{}", version(2)) }, m, u)
	}
	same(func(id string) answer { return h.do("GET", delivered+"/"+id, "") }, m, u)
	same(func(id string) answer {
		return h.do("POST", medias, `{"fields":{"file":{"en-US":`+file("a", "text/plain", id)+`}}}`)
	}, u, org, asOrg, gone, expired, m)
	h.is.Equal(h.records(), before)
}

func TestAnOwnerOfAnOddFormIsNoPath(t *testing.T) {
	h := newHost(t)
	for _, id := range []string{"a.b", "%20", "..", "ü", "a%2Fb", strings.Repeat("a", 65)} {
		h.is.Equal(h.do("GET", "/cma/v1/spaces/"+id+"/medias", "").code(), "X404001")
		h.is.Equal(h.do("GET", "/cda/v1/spaces/"+id+"/medias/x", "").code(), "X404001")
		h.is.Equal(h.do("POST", "/upload/v1/organizations/"+id+"/uploads", "x").code(), "X404001")
	}
	h.is.Equal(len(h.records()), 0)
}

func TestIdsOfAnOddFormAreNotFound(t *testing.T) {
	h := newHost(t)
	for _, id := range []string{"a.b", "a%20b", "..", "%2e%2e", "a%2Fb", "%00", "ü", "*", "a:b", "~", strings.Repeat("a", 65), "%F0%9F%98%80", "%ff", "a%0Ab"} {
		for _, path := range []string{medias, delivered, spaceUploads} {
			a := h.do("GET", path+"/"+id, "")
			if a.code() != "WGL404001" {
				t.Errorf("GET %s/%s is answered with %s", path, id, a.code())
			}
		}
	}
	for _, id := range []string{"a.b", "", " ", "../x", "a/b", "\x00", "ü", strings.Repeat("a", 65)} {
		a := h.do("POST", medias, `{"fields":{"file":{"en-US":`+strings.ReplaceAll(file("a", "text/plain", id), `\x00`, `\u0000`)+`}}}`)
		if a.code() != "WGL404001" && id != "" {
			t.Errorf("Upload %q is answered with %s", id, a.code())
		}
	}
	h.is.Equal(len(h.records()), 0)
}

func TestAPathMayBeEscapedWhereItNeedNotBe(t *testing.T) {
	is := is.New(t)
	h := newHost(t)
	m := h.media()
	is.Equal(h.do("GET", "/cma/v1/%73paces/sh%6Fp/medias/%69"+m[1:], "").status, 200)
	is.Equal(h.do("GET", "/cma/v1/spaces/%73hop/medias", "", "Authorization: Bearer otto").code(), "X403001")
	is.Equal(h.do("GET", "/cma/v1/spaces/%6fther/medias", "", "Authorization: Bearer otto").status, 200)
}

func TestVersionsThatAreNoneAreRefused(t *testing.T) {
	for _, tt := range []struct{ version, code string }{
		{"", "WGL409005"}, {"1", "WGL409005"}, {"3", "WGL409005"}, {"0", "WGL409005"}, {"00", "WGL409005"},
		{"99999999999999999999999", "WGL409005"}, {"9223372036854775808", "WGL409005"}, {"18446744073709551618", "WGL409005"}, {"4294967298", "WGL409005"},
		{"-2", "X400004"}, {"+2", "X400004"}, {"2.0", "X400004"}, {"0x2", "X400004"}, {"2e0", "X400004"}, {"two", "X400004"}, {"2 2", "X400004"},
		{"2,3", "X400004"}, {"\"2\"", "X400004"}, {"٢", "X400004"}, {"²", "X400004"},
	} {
		h := newHost(t)
		m := h.media()
		h.settle()
		before := h.records()
		for _, call := range []struct{ method, path, body string }{
			{"PUT", "", "{}"}, {"PATCH", "", "[]"}, {"PUT", "/published", ""}, {"DELETE", "/published", ""}, {"PUT", "/archived", ""}, {"DELETE", "/archived", ""}, {"POST", "/publish", ""},
		} {
			a := h.do(call.method, medias+"/"+m+call.path, call.body, "X-Weegloo-Version: "+tt.version, contentType(call.method))
			if a.code() != tt.code {
				t.Errorf("%s%s with version %q is answered with %s, want %s", call.method, call.path, tt.version, a.code(), tt.code)
			}
		}
		h.is.Equal(h.records(), before)
	}
}

func TestAMissingVersionIsToldFromAStaleOne(t *testing.T) {
	is := is.New(t)
	h := newHost(t)
	m := medias + "/" + h.do("POST", medias, `{}`).at("sys", "id")
	is.Equal(h.do("PUT", m, `{}`).reason(), "The request does not say a version.")
	is.Equal(h.do("PUT", m, `{}`, "X-Weegloo-Version: ").reason(), "The request does not say a version.")
	is.Equal(h.do("PUT", m, `{}`, version(2)).reason(), "The version is not the current one.")
}

func TestAVersionWhereNoneIsNeededIsIgnored(t *testing.T) {
	is := is.New(t)
	h := newHost(t)
	for _, v := range []string{"7", "x", "-1"} {
		m := h.do("POST", medias, `{}`, "X-Weegloo-Version: "+v)
		is.Equal(m.status, 201)
		is.Equal(h.do("DELETE", medias+"/"+m.at("sys", "id"), "", "X-Weegloo-Version: "+v).status, 204)
	}
	m := medias + "/" + h.do("POST", medias, `{}`).at("sys", "id")
	is.Equal(h.do("PUT", m, `{}`, "x-WEEGLOO-version: 0001").status, 200) // a number, whatever its zeros
}

func TestAcceptIsHonoured(t *testing.T) {
	const vendor, plain = "application/vnd.com.weegloo.v1+json;charset=UTF-8", "application/json;charset=UTF-8"
	h := newHost(t)
	for accept, want := range map[string]string{
		"": vendor, "*/*": vendor, "application/vnd.com.weegloo.v1+json": vendor, "application/vnd.com.weegloo.v1+json;charset=UTF-8": vendor,
		"APPLICATION/VND.COM.WEEGLOO.V1+JSON": vendor, "application/json": plain, "application/*": plain, "application/json, */*;q=0.1": plain,
		"text/html, application/xhtml+xml, */*;q=0.8": vendor, "application/json;q=0.1, */*;q=0.9": vendor, "application/json;q=0.5,*/*;q=0.1": plain,
		"text/html": "", "application/xml": "", "application/jsonx": "", "json": "", "*": "", "text/*": "", "application/json;q=0": "", "*/*;q=0": "",
		"application/vnd.com.weegloo.v2+json": "", "image/png, text/plain": "", "application/json;q=x": "", "application/json;q=NaN": "", "application/json;q=2": "",
		"application/json;q=-1": "", ";": "", "\x01": "",
	} {
		a := h.do("GET", medias, "", "Accept: "+accept)
		if got := a.header.Get("Content-Type"); want != "" && (got != want || a.status != 200) {
			t.Errorf("Accept %q is answered with %d and %s", accept, a.status, got)
		}
		if want == "" && a.code() != "X406001" {
			t.Errorf("Accept %q is answered with %d", accept, a.status)
		}
	}
	a := h.do("GET", medias+"/nothing", "", "Accept: application/json")
	h.is.Equal(a.header.Get("Content-Type"), plain) // errors too
	plainBody, vendorBody := h.do("GET", medias, "", "Accept: application/json").body, h.do("GET", medias, "").body
	h.is.True(bytes.Equal(plainBody, vendorBody))
	h.is.Equal(h.do("GET", "/medias/no", "", "Accept: text/html").status, http.StatusNotFound) // files do not negotiate
}
