package weegloo_test

import (
	"slices"
	"strings"
	"testing"

	dialect "github.com/weegloo/weegloo/httpadapter/weegloo"
)

// request is what can be wrong with a request, each part by itself.
type request struct {
	method, path, body           string
	accept, token, kind, version string
}

// fault makes one thing wrong; code is what is then answered.
type fault struct {
	name, code string
	spoil      func(r *request)
}

func (h *host) request(r request) answer {
	h.tb.Helper()
	var headers []string
	for name, value := range map[string]string{"Accept": r.accept, "Content-Type": r.kind, "X-Weegloo-Version": r.version, "Authorization": r.token} {
		if value != "" {
			headers = append(headers, name+": "+value)
		}
	}
	return h.do(r.method, r.path, r.body, headers...)
}

// inOrder checks each fault alone, and that of two the earlier one is answered.
func (h *host) inOrder(good func() request, faults []fault) {
	h.tb.Helper()
	before := h.records()
	for i, earlier := range faults {
		alone := good()
		earlier.spoil(&alone)
		if got := h.request(alone).outcome(); got != earlier.code {
			h.tb.Errorf("%s alone is answered with %s, want %s", earlier.name, got, earlier.code)
		}
		for _, later := range faults[i+1:] {
			both := good()
			later.spoil(&both)
			earlier.spoil(&both)
			if got := h.request(both).outcome(); got != earlier.code {
				h.tb.Errorf("%s and %s are answered with %s, want %s", earlier.name, later.name, got, earlier.code)
			}
		}
	}
	h.is.Equal(h.records(), before) // what is refused has no effect
}

// early are the faults that every call of a plane may have.
var early = []fault{
	{"Accept", "X406001", func(r *request) { r.accept = "text/html" }},
	{"authentication", "X401001", func(r *request) { r.token = "Bearer wrong" }},
	{"permission", "X403001", func(r *request) { r.token = "Bearer otto" }},
}

func TestChecksOfAWriteAreInTheContractsOrder(t *testing.T) {
	for _, tt := range []struct{ method, kind, body string }{
		{"PUT", "application/json", `{}`}, {"PATCH", "application/json-patch+json", `[]`},
	} {
		t.Run(tt.method, func(t *testing.T) {
			h := newHost(t)
			m := h.media(ignore)
			h.settle()
			archived := h.media(ignore)
			h.settle()
			h.turn(archived, "/archive")
			missing := strings.Repeat("x", 30)
			good := func() request {
				return request{method: tt.method, path: medias + "/" + m, kind: tt.kind, version: "1", body: tt.body}
			}
			state := func(r *request) {
				r.path = strings.Replace(r.path, m, archived, 1)
				if r.version == "1" {
					r.version = "2"
				}
			}
			for _, version := range []fault{
				{"no version", "WGL409005", func(r *request) { r.version = "" }},
				{"stale version", "WGL409005", func(r *request) { r.version = "9" }},
				{"version that is no number", "X400004", func(r *request) { r.version = "one" }},
			} {
				h.inOrder(good, append(slices.Clone(early),
					fault{"existence", "WGL404001", func(r *request) { r.path = medias + "/" + missing }},
					fault{"method", "X405001", func(r *request) { r.method = "POST" }},
					fault{"request type", "X415001", func(r *request) { r.kind = "text/plain" }},
					fault{"size", "X413001", func(r *request) { r.body = strings.Repeat(" ", 1_000_001) }},
					version,
					fault{"state", "X422002", state},
					fault{"body", "X400003", func(r *request) { r.body = "{" }},
				))
			}
		})
	}
}

func TestChecksOfACreationAreInTheContractsOrder(t *testing.T) {
	h := newHost(t)
	h.inOrder(func() request {
		return request{method: "POST", path: medias, kind: "application/json", body: `{}`}
	}, append(slices.Clone(early),
		fault{"existence", "X404001", func(r *request) { r.path = "/cma/v1/spaces/shop/nothing" }},
		fault{"method", "X405001", func(r *request) { r.method = "DELETE" }},
		fault{"request type", "X415001", func(r *request) { r.kind = "text/plain" }},
		fault{"size", "X413001", func(r *request) { r.body = strings.Repeat(" ", 1_000_001) }},
		fault{"body", "X400003", func(r *request) { r.body = "[" }},
	))
}

func TestChecksOfATransitionAreInTheContractsOrder(t *testing.T) {
	h := newHost(t)
	m := h.media()
	h.settle()
	for _, version := range []fault{
		{"no version", "WGL409005", func(r *request) { r.version = "" }},
		{"version that is no number", "X400004", func(r *request) { r.version = "-2" }},
	} {
		h.inOrder(func() request {
			return request{method: "PUT", path: medias + "/" + m + "/archived", version: "2"}
		}, append(slices.Clone(early),
			fault{"existence", "WGL404001", func(r *request) { r.path = medias + "/nothing/archived" }},
			fault{"method", "X405001", func(r *request) { r.method = "POST" }},
			version,
			fault{"state", "WGL422007", func(*request) {}},
		))
	}
}

func TestChecksOfAnUploadAreInTheContractsOrder(t *testing.T) {
	h := newHost(t, func(e *config, _ *adapter) { e.MaxUploadSize = 100 })
	body, header := form("file", "a.txt", "some text")
	_, kind, _ := strings.Cut(header, ": ")
	method := fault{"method", "X405001", func(r *request) { r.method = "GET" }}
	h.inOrder(func() request {
		return request{method: "POST", path: spaceUploads + "/multipart", kind: kind, body: body}
	},
		append(slices.Clone(early),
			fault{"existence", "X404001", func(r *request) { r.path = spaceUploads + "/multipart/more" }},
			method,
			fault{"request type", "X415001", func(r *request) { r.kind = "application/json" }},
			fault{"body", "X400002", func(r *request) { r.body = "no form" }},
		))
	for _, size := range []fault{
		{"length", "X411001", func(r *request) { r.body = "" }},
		{"size", "WGL429004", func(r *request) { r.body = strings.Repeat("x", 101) }},
	} {
		h.inOrder(func() request { return request{method: "POST", path: spaceUploads, body: "some text"} },
			append(slices.Clone(early), method, size))
	}
}

func TestChecksOfDeliveryAreInTheContractsOrder(t *testing.T) {
	h := newHost(t)
	m := h.media()
	h.settle()
	h.inOrder(func() request { return request{method: "GET", path: delivered + "/" + m} }, append(slices.Clone(early),
		fault{"existence", "WGL404001", func(r *request) { r.path = delivered + "/nothing" }},
		fault{"method", "X405001", func(r *request) { r.method = "POST" }},
		fault{"locale", "X400008", func(r *request) { r.path += "?locale=fr" }},
	))
}

// unreached are rows that no request leads to: what is general stands behind
// its special reasons, and a fault is a bug of ours or of the host.
var unreached = []string{"X409001", "X422008", "X413002", "X400009", "X500001", "X507001"}

func TestEveryRowOfTheTableIsReached(t *testing.T) {
	h := newHost(t, func(e *config, a *adapter) { e.MaxUploadSize, a.MaxBody = 1000, 2000 })
	m := medias + "/" + h.media()
	h.settle()
	url := strings.TrimPrefix(h.do("GET", m, "").at("fields", "file", "en-US", "url"), "https://media.example.com")
	busy := medias + "/" + h.media()
	draft := medias + "/" + h.do("POST", medias, `{}`).at("sys", "id")
	archived := medias + "/" + h.do("POST", medias, `{}`).at("sys", "id")
	h.is.Equal(h.do("PUT", archived+"/archive", "", version(1)).status, 200)
	failed := h.broken("")
	seen := map[string]bool{}
	for _, a := range []answer{
		h.do("GET", m, "", "Accept: image/png"), h.do("GET", m, "", "Authorization: "), h.do("GET", m, "", "Authorization: Bearer otto"),
		h.do("GET", "/cma/v1/nothing", ""), h.do("POST", m, ""), h.do("PUT", m, "<a/>", "Content-Type: text/xml"),
		h.do("POST", spaceUploads, ""), h.do("POST", medias, strings.Repeat("x", 2001)), h.send(cutRequest(), "POST", medias),
		h.do("POST", spaceUploads+"/multipart", "x", "Content-Type: multipart/form-data; boundary=b"), h.do("POST", medias, "{"),
		h.do("PUT", m, "{}", "X-Weegloo-Version: x"), h.do("PUT", m, "{}"), h.do("GET", medias+"?limit=0", ""),
		h.do("GET", medias+"?title=x", ""), h.do("PATCH", m, "{}", patchType, version(2)),
		h.do("POST", "/upload/v1/organizations/acme/uploads", ""), h.send(cutRequest(), "POST", spaceUploads),
		h.do("POST", spaceUploads, strings.Repeat("x", 1001)), h.do("GET", delivered+"?locale=fr", ""), h.do("GET", "/medias/no", ""),
		h.do("GET", medias+"?next=x", ""), h.do("PUT", m, "{}", version(1)), h.do("PUT", m+"/archive", "", version(2)),
		h.do("DELETE", m, ""), h.do("DELETE", busy, ""), h.do("PUT", archived+"/publish", "", version(2)),
		h.do("PUT", draft+"/unarchive", "", version(1)), h.do("PUT", draft+"/unpublish", "", version(1)),
		h.do("PUT", draft+"/publish", "", version(1)), h.do("POST", medias, `{"fields":{"title":"x"}}`),
		h.do("POST", medias, `{"fields":[]}`), h.do("GET", url, "", "Range: bytes=999-"),
	} {
		seen[a.code()] = true
	}
	h.settle()
	seen[h.do("PUT", medias+"/"+failed+"/publish", "", version(1)).code()] = true
	for _, code := range dialect.Codes() {
		if !seen[code] && !slices.Contains(unreached, code) {
			t.Errorf("no request was answered with %s", code)
		}
	}
}
