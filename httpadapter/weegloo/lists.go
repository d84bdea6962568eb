package weegloo

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/weegloo/weegloo/delivery"
	"github.com/weegloo/weegloo/media"
)

// defaultOrder is the only one there is so far.
const defaultOrder = "sys.createdAt,sys.id"

type collection struct {
	Items      []any `json:"items"`
	TotalCount int   `json:"totalCount"`
	Links      links `json:"links"`
}

type links struct {
	Self string `json:"self"`
	Next string `json:"next,omitempty"`
	Prev string `json:"prev,omitempty"`
}

func (a *API) listMedia(c *call) error {
	l, err := readList(c, nil)
	if err != nil {
		return err
	}
	page, err := a.engine.Media.List(c.r.Context(), c.owner.ID, l.query)
	if err != nil {
		return err
	}
	return answerList(c, l, page, func(m media.Media) any { return a.newMediaBody(m) })
}

func (a *API) listDelivered(c *call) error {
	l, err := readList(c, []string{"locale"})
	if err != nil {
		return err
	}
	encode, err := a.localized(c)
	if err != nil {
		return err
	}
	page, err := a.engine.Delivery.List(c.r.Context(), c.owner.ID, l.query)
	if err != nil {
		return err
	}
	return answerList(c, l, page, func(s delivery.Snapshot) any { return encode(s) })
}

func answerList[T any](c *call, l list, page media.Page[T], encode func(T) any) error {
	body := collection{Items: make([]any, 0, len(page.Items)), TotalCount: page.Total, Links: l.links(c, page.Next, page.Prev)}
	for _, item := range page.Items {
		body.Items = append(body.Items, l.selection.pick(encode(item)))
	}
	c.answer(http.StatusOK, body)
	return nil
}

// list is the parameters of a list (contract, section 7).
type list struct {
	params    url.Values
	query     media.Query
	selection selection
}

// readList reads the parameters that every list has; the plane's own are
// named, and any other would be a filter.
func readList(c *call, own []string) (l list, err error) {
	if l.params, err = url.ParseQuery(c.r.URL.RawQuery); err != nil {
		return list{}, fmt.Errorf("%w: %w", errParameter, err)
	}
	for name, values := range l.params {
		if !listParameter(name, own) {
			return list{}, fmt.Errorf("%w: %.100q", errUnknownField, name)
		}
		if len(values) > 1 {
			return list{}, fmt.Errorf("%w: %s is given more than once", errParameter, name)
		}
	}
	if order := l.params.Get("order"); order != "" && order != defaultOrder {
		return list{}, fmt.Errorf("%w: order %.100q", errUnknownField, order)
	}
	if l.query.Limit, err = l.number("limit", media.DefaultLimit, 1, media.MaxLimit); err != nil {
		return list{}, err
	}
	if l.query.Skip, err = l.number("skip", 0, 0, media.MaxSkip); err != nil {
		return list{}, err
	}
	l.query.After, l.query.Before = l.params.Get("next"), l.params.Get("prev")
	l.selection, err = readSelection(l.params.Get("select"))
	return l, err
}

func listParameter(name string, own []string) bool {
	switch name {
	case "limit", "skip", "next", "prev", "order", "select", "include":
		return true
	}
	for _, o := range own {
		if name == o {
			return true
		}
	}
	return false
}

func (l list) number(name string, otherwise, least, most int) (int, error) {
	if !l.params.Has(name) {
		return otherwise, nil
	}
	n, err := strconv.Atoi(l.params.Get(name))
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("%w: %s is a number from %d to %d", errParameter, name, least, most)
	}
	return n, nil
}

// links are relative and say everything that the client said, and the defaults.
func (l list) links(c *call, next, prev string) links {
	link := func(cursor, value string) string {
		q := url.Values{"limit": {strconv.Itoa(l.query.Limit)}, "order": {defaultOrder}}
		for name, values := range l.params {
			q[name] = values
		}
		if cursor != "" {
			q.Del("next")
			q.Del("prev")
			q.Del("skip")
			q.Set(cursor, value)
		}
		return c.r.URL.EscapedPath() + "?" + q.Encode()
	}
	out := links{Self: link("", "")}
	if next != "" {
		out.Next = link("next", next)
	}
	if prev != "" {
		out.Prev = link("prev", prev)
	}
	return out
}

// selection is which parts of an item are shown; the zero one shows all.
type selection struct {
	paths   [][]string
	exclude bool
}

func readSelection(param string) (s selection, err error) {
	if param == "" {
		return selection{}, nil
	}
	for i, path := range strings.Split(param, ",") {
		path, exclude := strings.CutPrefix(strings.TrimSpace(path), "-")
		if i > 0 && exclude != s.exclude {
			return selection{}, fmt.Errorf("%w: select either names what is shown, or with - what is not", errParameter)
		}
		s.exclude = exclude
		s.paths = append(s.paths, strings.Split(path, "."))
	}
	return s, nil
}
