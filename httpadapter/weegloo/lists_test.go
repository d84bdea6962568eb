package weegloo_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/matryer/is"
)

// page is what a list answers.
type page struct {
	Items      []map[string]any
	TotalCount int
	Links      struct{ Self, Next, Prev string }
}

func (h *host) page(target string) (p page) {
	h.tb.Helper()
	a := h.do("GET", target, "")
	h.is.Equal(a.status, 200)
	h.is.NoErr(json.Unmarshal(a.body, &p))
	h.is.True(p.Items != nil) // an array, even when it is empty
	return p
}

// titles are those of the items of a page, as "a b c".
func (p page) titles() string {
	var titles []string
	for _, item := range p.Items {
		titles = append(titles, fmt.Sprint(item["fields"].(map[string]any)["title"].(map[string]any)["en-US"]))
	}
	return strings.Join(titles, " ")
}

// seven makes Media a to g, in this order.
func seven(t *testing.T) *host {
	h := newHost(t)
	for _, title := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		h.advance(time.Second)
		h.is.Equal(h.do("POST", medias, `{"fields":{"title":{"en-US":"`+title+`"}}}`).status, 201)
	}
	return h
}

func TestLinksLeadThroughAListAndBack(t *testing.T) {
	is := is.New(t)
	h := seven(t)
	p := h.page(medias + "?limit=3")
	is.Equal(p.titles(), "a b c")
	is.Equal(p.TotalCount, 7)
	is.Equal(p.Links.Prev, "")
	p = h.page("/cma" + p.Links.Next)
	is.Equal(p.titles(), "d e f")
	middle := p
	p = h.page("/cma" + p.Links.Next)
	is.Equal(p.titles(), "g")
	is.Equal(p.Links.Next, "")
	p = h.page("/cma" + p.Links.Prev)
	is.Equal(p.titles(), "d e f")
	p = h.page("/cma" + middle.Links.Prev)
	is.Equal(p.titles(), "a b c")
	is.Equal(p.Links.Prev, "")
	p = h.page("/cma" + middle.Links.Self)
	is.Equal(p.titles(), "d e f")
}

func TestLinksSayTheWholeQueryButNotTheSkip(t *testing.T) {
	is := is.New(t)
	h := seven(t)
	p := h.page(medias + "?skip=2&limit=2&include=1&select=sys,fields")
	is.Equal(p.titles(), "c d")
	for _, link := range []string{p.Links.Self, p.Links.Next, p.Links.Prev} {
		u, err := url.Parse(link)
		is.NoErr(err)
		q := u.Query()
		is.Equal(u.Path, "/v1/spaces/shop/medias")
		is.Equal(q.Get("limit"), "2")
		is.Equal(q.Get("order"), "sys.createdAt,sys.id")
		is.Equal(q.Get("include"), "1")
		is.Equal(q.Get("select"), "sys,fields")
		is.Equal(q.Get("skip") != "", link == p.Links.Self)
	}
	is.Equal(h.page("/cma"+p.Links.Next).titles(), "e f")
	is.Equal(h.page("/cma"+p.Links.Prev).titles(), "a b")
}

func TestAnEmptyListIsAList(t *testing.T) {
	is := is.New(t)
	h := newHost(t)
	for _, list := range []string{medias, delivered} {
		p := h.page(list)
		is.Equal(len(p.Items)+p.TotalCount, 0)
		is.Equal(p.Links.Next+p.Links.Prev, "")
		is.True(strings.HasPrefix(p.Links.Self, "/v1/spaces/shop/medias?"))
	}
	is.Equal(len(seven(t).page(medias+"?skip=100").Items), 0)
}

func TestAListOfOneSpaceShowsNothingOfAnother(t *testing.T) {
	is := is.New(t)
	h := seven(t)
	is.Equal(h.page("/cma/v1/spaces/other/medias").TotalCount, 0)
	is.Equal(h.page("/cma/v1/spaces/sho/medias").TotalCount, 0) // nor of one that begins like it
	cursor, err := url.Parse(h.page(medias + "?limit=1").Links.Next)
	is.NoErr(err)
	is.Equal(h.do("GET", "/cma/v1/spaces/other/medias?limit=1&next="+cursor.Query().Get("next"), "").code(), "X400005")
	is.Equal(h.do("GET", medias+"?limit=1&prev="+cursor.Query().Get("next"), "").code(), "X400005")
	is.Equal(h.do("GET", delivered+"?limit=1&next="+cursor.Query().Get("next"), "").code(), "X400005")
}

func TestSelectShowsPartsOfAnItem(t *testing.T) {
	h := newHost(t)
	h.media()
	h.settle()
	for selection, want := range map[string]string{
		"sys.id":                       `{"sys":{"id":"ID"}}`,
		"sys.id,sys.version":           `{"sys":{"id":"ID","version":2}}`,
		"fields.title":                 `{"fields":{"title":{"en-US":"A"}}}`,
		"fields.title.en-US":           `{"fields":{"title":{"en-US":"A"}}}`,
		"fields.title.ko-KR":           `{}`,
		"fields.title, sys.id":         `{"fields":{"title":{"en-US":"A"}},"sys":{"id":"ID"}}`,
		"metadata,metadata.tags":       `{"metadata":{"tags":[]}}`,
		"metadata.tags,metadata":       `{"metadata":{"tags":[]}}`,
		"metadata.tags.sys.id":         `{}`,
		"nothing,sys.nothing,sys.id.x": `{}`,
		".":                            `{}`,
		",":                            `{}`,
		"Sys.id":                       `{}`,
		"-sys,-fields":                 `{"metadata":{"tags":[]}}`,
		"-sys,-fields.file,-fields.description,-metadata.tags": `{"fields":{"title":{"en-US":"A"}},"metadata":{}}`,
		"-sys,-fields,-nothing,-metadata.tags.x":               `{"metadata":{"tags":[]}}`,
	} {
		p := h.page(medias + "?select=" + url.QueryEscape(selection))
		got, err := json.Marshal(p.Items[0])
		h.is.NoErr(err)
		if text := strings.ReplaceAll(string(got), "id0000000000000000000000000003", "ID"); text != want {
			t.Errorf("select=%s shows %s, want %s", selection, text, want)
		}
		h.is.Equal(p.TotalCount, 1)
	}
	h.is.Equal(h.do("GET", medias+"/id0000000000000000000000000003?select=sys.id", "").at("sys", "version"), "2") // lists only
}

func TestHandlersAreSafeForManyAtOnce(t *testing.T) {
	h := newHost(t)
	var all sync.WaitGroup
	var left atomic.Int64
	for range 16 {
		all.Go(func() {
			m := medias + "/" + h.media(ignore)
			h.do("GET", medias+"?limit=2", "")
			h.do("PUT", m, `{}`, version(2)) // busy or stale, by who settles first
			h.settle()
			h.do("GET", m, "", "Accept: application/json")
			if h.do("DELETE", m, "").status != 204 {
				left.Add(1) // another one was just processing it
			}
		})
	}
	all.Wait()
	h.settle()
	is.New(t).Equal(int64(h.page(medias).TotalCount), left.Load())
}
