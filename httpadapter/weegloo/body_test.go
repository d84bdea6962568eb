package weegloo_test

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/matryer/is"
)

// writes sends a body as a new Media and as a new content of a Media that is
// there, and checks that both are answered alike; what is refused must have no
// effect.
func (h *host) writes(body string, headers ...string) answer {
	h.tb.Helper()
	m := h.do("POST", medias, `{}`).at("sys", "id")
	before := h.records()
	put := h.do("PUT", medias+"/"+m, body, append(headers, version(1))...)
	if put.status >= 400 {
		h.is.Equal(h.records(), before) // PUT
	}
	before = h.records()
	post := h.do("POST", medias, body, headers...)
	if post.status >= 400 {
		h.is.Equal(h.records(), before) // POST
		h.is.Equal(put.code(), post.code())
		h.is.Equal(put.reason(), post.reason())
	}
	return post
}

func TestBodiesThatAreNotJSONAreRefused(t *testing.T) {
	for name, body := range map[string]string{
		"nothing": "", "space": " \n", "half": "{", "half a key": `{"fiel`, "half a string": `{"fields":"`, "word": "nul",
		"comma": `{"a":1,}`, "comma in array": `{"a":[1,]}`, "no comma": `{"a":1 "b":2}`, "no colon": `{"a" 1}`,
		"single quotes": `{'a':1}`, "comment": `{}//`, "two values": `{}{}`, "trailing": `{} x`, "closing": `{}}`, "crossed": `{"a":[}]`,
		"byte order mark": "\ufeff{}", "NaN": `{"a":NaN}`, "plus": `{"a":+1}`, "leading zero": `{"a":01}`, "dot": `{"a":1.}`,
		"control in string": "{\"a\":\"\n\"}", "bad escape": `{"a":"\x41"}`, "bad UTF-8": "{\"a\":\"\xff\"}", "bad UTF-8 in key": "{\"\xc0\xaf\":1}",
		"UTF-16": "\xff\xfe{\x00}\x00", "overlong": "{\"a\":\"\xc0\xaf\"}", "surrogate": "{\"a\":\"\xed\xa0\x80\"}", "key that is a number": `{1:2}`,
		"duplicate key": `{"fields":{},"fields":{}}`, "duplicate escaped": `{"fields":{},"\u0066ields":{}}`,
		"duplicate locale":         `{"fields":{"title":{"en-US":"a","en-US":"a"}}}`,
		"duplicate in unknown key": `{"x":[{"a":1,"a":2}]}`, "duplicate empty": `{"":1,"":2}`,
		"too deep":      strings.Repeat(`{"a":`, 65) + "1" + strings.Repeat("}", 65),
		"deep arrays":   `{"a":` + strings.Repeat("[", 64) + strings.Repeat("]", 64) + "}",
		"abysmal":       strings.Repeat("[", 900_000),
		"abysmal too":   strings.Repeat(`{"a":`, 190_000),
		"long bad key":  `{"` + strings.Repeat("k", 400_000) + `":1,"` + strings.Repeat("k", 400_000) + `":1}`,
		"a form":        "fields=1&metadata=2",
		"null in front": "\x00{}",
	} {
		t.Run(name, func(t *testing.T) {
			a := newHost(t).writes(body)
			is.New(t).Equal(a.code(), "X400003")
		})
	}
}

func TestBodiesAtTheLimitsAreTaken(t *testing.T) {
	for name, body := range map[string]string{
		"64 deep":   strings.Repeat(`{"a":`, 64) + "1" + strings.Repeat("}", 64),
		"1 MB":      "{}" + strings.Repeat(" ", 999_998),
		"surrogate": `{"fields":{"title":{"en-US":"\ud800"}}}`,
		"NUL":       `{"fields":{"title":{"en-US":"\u0000"}}}`,
		"number":    `{"x":1e999999999,"y":-0.0000000000000000000000000001}`,
		"locales":   `{"fields":{"title":{"en-US":null},"description":null,"file":{"en-US":null}},"metadata":null}`,
		"tags":      `{"metadata":{"tags":null}}`,
	} {
		t.Run(name, func(t *testing.T) { is.New(t).Equal(newHost(t).writes(body).status, 201) })
	}
}

func TestABodyOverOneMegabyteIsRefused(t *testing.T) {
	is := is.New(t)
	h := newHost(t)
	body := "{}" + strings.Repeat(" ", 999_999)
	is.Equal(h.writes(body).code(), "X413001") // declared
	chunked := httptest.NewRequest("POST", "/", strings.NewReader(body))
	chunked.ContentLength = -1
	is.Equal(h.send(chunked, "POST", medias).code(), "X413001") // found out
	declared := httptest.NewRequest("POST", "/", iotest.ErrReader(fmt.Errorf("it must not be read")))
	declared.ContentLength = 1_000_001
	is.Equal(h.send(declared, "POST", medias).code(), "X413001") // without a look at it
	chunked.Body = declared.Body
	is.Equal(h.send(chunked, "POST", medias).code(), "X400001") // it breaks off
}

func TestKeysAreOfOneCaseAndUnknownOnesAreIgnored(t *testing.T) {
	is := is.New(t)
	h := newHost(t)
	a := h.writes(`{"Fields":{"title":{"en-US":"a"}},"fields":{"Title":{"en-US":"b"},"TITLE":7,"x":[]},"Metadata":3,"metadata":{"Tags":3},"sys":9}`)
	is.Equal(a.status, 201)
	is.Equal(a.at("fields"), `{"description":{},"file":{},"title":{}}`)
	is.Equal(a.at("metadata"), `{"tags":[]}`)
}

func TestContentOfTheWrongShapeIsRefused(t *testing.T) {
	entry := func(keys string) string { return `{"fields":{"file":{"en-US":{` + keys + `}}}}` }
	named := `"fileName":"a","contentType":"text/plain"`
	tag := func(refer string) string { return `{"metadata":{"tags":[` + refer + `]}}` }
	many := strings.TrimSuffix(strings.Repeat(`{"sys":{"id":"a"}},`, 101), ",")
	for name, tt := range map[string]struct{ body, code, path string }{
		"null":                {`null`, "X422007", ""},
		"array":               {`[]`, "X422007", ""},
		"string":              {`"fields"`, "X422007", ""},
		"fields":              {`{"fields":[]}`, "X422007", "/fields"},
		"title text":          {`{"fields":{"title":"x"}}`, "CORE422007", "/fields/title"},
		"title array":         {`{"fields":{"title":["x"]}}`, "CORE422007", "/fields/title"},
		"description number":  {`{"fields":{"description":0}}`, "CORE422007", "/fields/description"},
		"file false":          {`{"fields":{"file":false}}`, "CORE422007", "/fields/file"},
		"title value":         {`{"fields":{"title":{"en-US":7}}}`, "X422007", "/fields/title/en-US"},
		"title object":        {`{"fields":{"title":{"en-US":{}}}}`, "X422007", "/fields/title/en-US"},
		"locale":              {`{"fields":{"title":{"fr-FR":"x"}}}`, "X422007", "/fields/title/fr-FR"},
		"locale case":         {`{"fields":{"title":{"EN-us":"x"}}}`, "X422007", "/fields/title/EN-us"},
		"locale with a slash": {`{"fields":{"title":{"a/~b":"x"}}}`, "X422007", "/fields/title/a~1~0b"},
		"locale of nothing":   {`{"fields":{"title":{"":"x"}}}`, "X422007", "/fields/title/"},
		"long title":          {`{"fields":{"title":{"en-US":"` + strings.Repeat("é", 257) + `"}}}`, "X422007", "/fields/title/en-US"},
		"long description":    {`{"fields":{"description":{"en-US":"` + strings.Repeat("é", 50_001) + `"}}}`, "X422007", "/fields/description/en-US"},
		"file text":           {`{"fields":{"file":{"en-US":"x"}}}`, "X422007", "/fields/file/en-US"},
		"file array":          {`{"fields":{"file":{"en-US":[]}}}`, "X422007", "/fields/file/en-US"},
		"no fileName":         {entry(`"contentType":"a/b","upload":{"sys":{"id":"a"}}`), "X422007", "/fields/file/en-US/fileName"},
		"no contentType":      {entry(`"fileName":"a","upload":{"sys":{"id":"a"}}`), "X422007", "/fields/file/en-US/contentType"},
		"no upload":           {entry(named), "X422007", "/fields/file/en-US/upload"},
		"upload null":         {entry(named + `,"upload":null`), "X422007", "/fields/file/en-US/upload"},
		"upload text":         {entry(named + `,"upload":"a"`), "X422007", "/fields/file/en-US/upload"},
		"upload without sys":  {entry(named + `,"upload":{}`), "X422007", "/fields/file/en-US/upload/sys/id"},
		"upload sys":          {entry(named + `,"upload":{"sys":"a"}`), "X422007", "/fields/file/en-US/upload/sys"},
		"upload id":           {entry(named + `,"upload":{"sys":{"id":7}}`), "X422007", "/fields/file/en-US/upload/sys/id"},
		"upload type":         {entry(named + `,"upload":{"sys":{"id":"a","type":"Upload"}}`), "X422007", "/fields/file/en-US/upload/sys/type"},
		"upload target":       {entry(named + `,"upload":{"sys":{"id":"a","targetType":"Media"}}`), "X422007", "/fields/file/en-US/upload/sys/targetType"},
		"metadata":            {`{"metadata":[]}`, "X422007", "/metadata"},
		"tags":                {`{"metadata":{"tags":{}}}`, "X422007", "/metadata/tags"},
		"tag null":            {tag(`null`), "X422007", "/metadata/tags/0"},
		"tag text":            {tag(`"a"`), "X422007", "/metadata/tags/0"},
		"tag target":          {tag(`{"sys":{"id":"a","type":"Refer","targetType":"User"}}`), "X422007", "/metadata/tags/0/sys/targetType"},
		"tag id":              {tag(`{"sys":{"id":"../a","type":"Refer","targetType":"Tag"}}`), "X422007", "/metadata/tags/0"},
		"101 tags":            {tag(many), "X422007", "/metadata/tags"},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			a := newHost(t).writes(tt.body)
			is.Equal(a.code(), tt.code)
			is.True(slices.Contains(a.paths(), tt.path)) // details.errors
		})
	}
}

func TestAllThatIsWrongIsSaidAtOnceButNotWithoutEnd(t *testing.T) {
	is := is.New(t)
	h := newHost(t)
	a := h.writes(`{"fields":{"title":{"fr":"x"},"description":{"en-US":3},"file":{"de-DE":{}}},"metadata":{"tags":[1]}}`)
	is.Equal(a.paths(), []string{"/fields/description/en-US", "/metadata/tags/0"}) // its shape comes first
	a = h.writes(`{"fields":{"title":{"fr":"x"},"file":{"de-DE":{}}}}`)
	is.Equal(a.paths(), []string{"/fields/title/fr", "/fields/file/de-DE/fileName", "/fields/file/de-DE/contentType"})
	is.Equal(a.reason(), "/fields/title/fr: the space does not have this locale (and 2 more).")
	var b bytes.Buffer
	for i := range 20_000 {
		fmt.Fprintf(&b, `,"l%d":""`, i)
	}
	a = h.writes(`{"fields":{"title":{` + b.String()[1:] + `}}}`) // and the shape bounds how long it is
	is.Equal(a.code(), "X422007")
	is.Equal(len(a.paths()), 100)
	a = h.writes(`{"fields":{"title":{"` + strings.Repeat("l", 900_000) + `":""}}}`)
	is.Equal(a.code(), "X422007")
	a = h.writes(`{"fields":{"file":{"en-US":` + file("a", "text/plain", strings.Repeat("u", 900_000)) + `}}}`)
	is.Equal(a.code(), "WGL404001")
}

func TestRequestTypesThatAreNotTakenAreRefused(t *testing.T) {
	for kind, want := range map[string]string{
		"application/json": "201", "application/json;charset=UTF-8": "201", "APPLICATION/JSON": "201",
		"application/vnd.com.weegloo.v1+json": "201", "": "201", "text/plain": "X415001", "application/xml": "X415001",
		"application/x-www-form-urlencoded": "X415001", "multipart/form-data; boundary=a": "X415001", "json": "X415001",
		"application/json; charset": "X415001", ";": "X415001", "*/*": "X415001", "text/json": "X415001",
	} {
		is.New(t).Equal(newHost(t).writes(`{}`, "Content-Type: "+kind).outcome(), want) // kind
	}
	for _, kind := range []string{"application/json", "application/merge-patch+json", "", "text/plain", "application/json-patch+json;x"} {
		h := newHost(t)
		m := h.do("POST", medias, `{}`).at("sys", "id")
		before := h.records()
		h.is.Equal(h.do("PATCH", medias+"/"+m, `[]`, version(1), "Content-Type: "+kind).code(), "X415001") // kind
		h.is.Equal(h.records(), before)
	}
}
