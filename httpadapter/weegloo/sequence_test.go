package weegloo_test

import (
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"
)

// media makes a Media with one text file, which is not yet processed, and
// returns its id.
func (h *host) media(headers ...string) string {
	h.tb.Helper()
	u := h.do("POST", spaceUploads, "some text")
	h.is.Equal(u.status, 201)
	m := h.do("POST", medias, `{"fields":{"title":{"en-US":"A"},"file":{"en-US":`+file("a.txt", "text/plain", u.at("sys", "id"))+`}}}`, headers...)
	h.is.Equal(m.status, 201)
	return m.at("sys", "id")
}

// state is the columns of the golden table: version, publish and archive
// versions, counter, status, and the revision that is delivered.
func (h *host) state(id string) string {
	h.tb.Helper()
	m := h.do("GET", medias+"/"+id, "")
	revision := "404"
	if d := h.do("GET", delivered+"/"+id, ""); d.status == 200 {
		revision = d.at("sys", "revision")
	}
	columns := []string{"v" + m.at("sys", "version"), m.at("sys", "status")}
	if v := m.at("sys", "publish", "version"); v != "" {
		columns = append(columns, "publish v"+v)
	}
	columns = append(columns, "c"+m.at("sys", "publish", "counter"))
	if v := m.at("sys", "archive", "version"); v != "" {
		columns = append(columns, "archive v"+v)
	}
	return strings.Join(append(columns, "delivery "+revision), ", ")
}

func TestTheGoldenSequenceIsTheContracts(t *testing.T) {
	is := is.New(t)
	h := newHost(t)
	m := h.media()
	one := medias + "/" + m
	is.Equal(h.state(m), "v1, Draft, c0, delivery 404")
	is.Equal(h.do("GET", one, "").at("fields", "file", "en-US", "state"), "PENDING")
	h.settle()
	is.Equal(h.state(m), "v2, Published, publish v1, c1, delivery 1")
	firstAt := h.do("GET", one, "").at("sys", "publish", "firstAt")

	title := func(v int, title string) answer {
		return h.do("PATCH", one, `[{"op":"replace","path":"/fields/title/en-US","value":"`+title+`"}]`, patchType, version(v), "x-weegloo-ignore-publish: TRUE")
	}
	for _, step := range []struct {
		name string
		do   func() answer
		want string
	}{
		{"PATCH title", func() answer { return title(2, "B") }, "v3, Changed, publish v1, c1, delivery 1"},
		{"PATCH title", func() answer { return title(3, "C") }, "v4, Changed, publish v1, c1, delivery 1"},
		{"publish", func() answer { return h.do("PUT", one+"/published", "", version(4)) }, "v5, Published, publish v4, c2, delivery 4"},
		{"unpublish", func() answer { return h.do("DELETE", one+"/published", "", version(5)) }, "v6, Draft, c2, delivery 404"},
		{"archive", func() answer { return h.do("PUT", one+"/archived", "", version(6)) }, "v7, Archived, c2, archive v6, delivery 404"},
		{"unarchive", func() answer { return h.do("DELETE", one+"/archived", "", version(7)) }, "v8, Draft, c2, delivery 404"},
		{"publish", func() answer { return h.do("POST", one+"/publish", "", version(8)) }, "v9, Published, publish v8, c3, delivery 8"},
	} {
		h.advance(time.Second)
		a := step.do()
		is.Equal(a.status, 200) // step.name
		is.Equal(a.body, h.do("GET", one, "").body)
		is.Equal(h.state(m), step.want) // step.name
		if strings.HasPrefix(step.want, "v5") {
			is.Equal(h.do("PUT", one+"/archived", "", version(5)).code(), "WGL422007")
			is.Equal(h.do("DELETE", one, "").code(), "WGL422009")
			is.Equal(h.state(m), step.want) // what was refused changes nothing
		}
		if publish := h.do("GET", one, "").at("sys", "publish"); strings.HasPrefix(step.want, "v6") {
			is.Equal(publish, `{"counter":2,"firstAt":"`+firstAt+`"}`)
		}
	}
	is.Equal(h.do("GET", one, "").at("sys", "publish", "firstAt"), firstAt)
}

func TestEveryFormOfATransitionDoesTheSame(t *testing.T) {
	type form struct{ method, path string }
	for name, forms := range map[string][]form{
		"publish":   {{"PUT", "/published"}, {"PUT", "/publish"}, {"POST", "/publish"}},
		"unpublish": {{"DELETE", "/published"}, {"PUT", "/unpublish"}, {"POST", "/unpublish"}},
		"archive":   {{"PUT", "/archived"}, {"PUT", "/archive"}, {"POST", "/archive"}},
		"unarchive": {{"DELETE", "/archived"}, {"PUT", "/unarchive"}, {"POST", "/unarchive"}},
	} {
		before := map[string][]string{"publish": nil, "unpublish": {"/publish"}, "archive": nil, "unarchive": {"/archive"}}[name]
		var answers []string
		for _, form := range forms {
			t.Run(form.method+form.path, func(t *testing.T) {
				is := is.New(t)
				h := newHost(t)
				m := medias + "/" + h.media("X-Weegloo-Ignore-Publish: true")
				h.settle()
				for _, path := range before {
					is.Equal(h.do("PUT", m+path, "", version(1)).status, 200)
				}
				is.Equal(h.do(form.method, m+form.path, "").code(), "WGL409005")
				a := h.do(form.method, m+form.path, "", version(1+len(before)))
				is.Equal(a.status, 200)
				answers = append(answers, string(a.body))
				is.Equal(answers[0], string(a.body))
			})
		}
	}
}

func TestWhatIsRefusedInAStateChangesNothing(t *testing.T) {
	type row struct{ put, patch, publish, unpublish, archive, unarchive, remove string }
	ok := "200"
	for name, tt := range map[string]struct {
		steps func(h *host) string
		want  row
	}{
		"Draft": {func(h *host) string { m := h.media(ignore); h.settle(); return m },
			row{ok, ok, ok, "X422004", ok, "X422003", "204"}},
		"Draft without a file": {func(h *host) string { return h.do("POST", medias, `{}`).at("sys", "id") },
			row{ok, ok, "X422006", "X422004", ok, "X422003", "204"}},
		"Draft, busy": {func(h *host) string { return h.media() },
			row{"WGL422031", "WGL422031", "WGL422031", "X422004", "WGL422031", "X422003", "WGL422031"}},
		"Draft, FAILED": {func(h *host) string { m := h.broken(""); h.settle(); return m },
			row{ok, ok, "X422005", "X422004", ok, "X422003", "204"}},
		"Published": {func(h *host) string { m := h.media(); h.settle(); return m },
			row{ok, ok, ok, ok, "WGL422007", "X422003", "WGL422009"}},
		"Changed": {func(h *host) string { m := h.media(); h.settle(); h.edit(m); return m },
			row{ok, ok, ok, ok, "WGL422007", "X422003", "WGL422009"}},
		"Changed, FAILED": {func(h *host) string { m := h.media(); h.settle(); h.broken(m); h.settle(); return m },
			row{ok, ok, "X422005", ok, "WGL422007", "X422003", "WGL422009"}},
		"Changed, busy": {func(h *host) string { m := h.media(); h.settle(); h.broken(m); return m },
			row{"WGL422031", "WGL422031", "WGL422031", "WGL422031", "WGL422007", "X422003", "WGL422009"}},
		"Archived": {func(h *host) string { m := h.media(ignore); h.settle(); h.turn(m, "/archive"); return m },
			row{"X422002", "X422002", "X422002", "X422002", "WGL422007", ok, "204"}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, call := range []struct{ method, path, body, want string }{
				{"PUT", "", "{}", tt.want.put}, {"PATCH", "", "[]", tt.want.patch},
				{"PUT", "/publish", "", tt.want.publish}, {"PUT", "/unpublish", "", tt.want.unpublish},
				{"PUT", "/archive", "", tt.want.archive}, {"PUT", "/unarchive", "", tt.want.unarchive},
				{"DELETE", "", "", tt.want.remove},
			} {
				h := newHost(t)
				m := tt.steps(h)
				before := h.records()
				a := h.do(call.method, medias+"/"+m+call.path, call.body, h.current(m), contentType(call.method))
				h.is.Equal(call.method+call.path+" "+a.outcome(), call.method+call.path+" "+call.want)
				if a.status >= 400 {
					h.is.Equal(h.records(), before)
				}
			}
		})
	}
}

func TestOnlyTrueIgnoresThePublish(t *testing.T) {
	for value, want := range map[string]string{
		"true": "Draft", "TRUE": "Draft", "True": "Draft", "false": "Published", "1": "Published", "yes": "Published", "": "Published", "true,true": "Published",
	} {
		h := newHost(t)
		m := h.media("X-Weegloo-Ignore-Publish: " + value)
		h.settle()
		h.is.Equal(h.do("GET", medias+"/"+m, "").at("sys", "status"), want) // value
	}
}

const ignore = "X-Weegloo-Ignore-Publish: true"

func contentType(method string) string {
	if method == "PATCH" {
		return patchType
	}
	return "Content-Type: application/json"
}

// current is the header with the current version of a Media.
func (h *host) current(m string) string {
	return "X-Weegloo-Version: " + h.do("GET", medias+"/"+m, "").at("sys", "version")
}

func (h *host) turn(m, path string) {
	h.is.Equal(h.do("PUT", medias+"/"+m+path, "", h.current(m)).status, 200)
}

func (h *host) edit(m string) {
	a := h.do("PATCH", medias+"/"+m, `[{"op":"add","path":"/fields/title/en-US","value":"edited"}]`, patchType, h.current(m), ignore)
	h.is.Equal(a.status, 200)
}

// broken gives a Media, or a new one, a picture that will end as FAILED.
func (h *host) broken(m string) string {
	u := h.do("POST", spaceUploads, pngOf(40, 30)[:20]).at("sys", "id")
	body := `{"fields":{"file":{"en-US":` + file("b.png", "image/png", u) + `}}}`
	if m == "" {
		return h.do("POST", medias, body).at("sys", "id")
	}
	h.is.Equal(h.do("PUT", medias+"/"+m, body, h.current(m)).status, 200)
	return m
}
