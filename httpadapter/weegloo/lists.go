package weegloo

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/weegloo/weegloo/delivery"
	"github.com/weegloo/weegloo/list"
	"github.com/weegloo/weegloo/media"
)

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
	l, err := readRequest(c)
	if err != nil {
		return err
	}
	page, err := a.engine.Media.List(c.r.Context(), c.owner.ID, l.query)
	if err != nil {
		return err
	}
	return answerList(a, c, l, page, func(m media.Media) any { return a.newMediaBody(m) })
}

func (a *API) listDelivered(c *call) error {
	l, err := readRequest(c, "locale")
	if err != nil {
		return err
	}
	page, err := a.engine.Delivery.List(c.r.Context(), c.owner.ID, l.query)
	if err != nil {
		return err
	}
	encode, err := a.localized(c, l.params)
	if err != nil {
		return err
	}
	return answerList(a, c, l, page, func(s delivery.Snapshot) any { return encode(s) })
}

func answerList[T any](a *API, c *call, l request, page list.Page[T], encode func(T) any) error {
	body := collection{Items: make([]any, 0, len(page.Items)), TotalCount: page.Total, Links: l.links(c, page.Next, page.Prev)}
	for _, item := range page.Items {
		body.Items = append(body.Items, l.selection.pick(encode(item)))
	}
	a.answer(c, http.StatusOK, body)
	return nil
}

// request is the parameters of a list (contract, section 7).
type request struct {
	params    url.Values
	query     list.Query
	selection selection
}

// readRequest reads the parameters that every list has. The plane's own are
// named, and any other is a filter.
func readRequest(c *call, own ...string) (l request, err error) {
	if l.params, err = url.ParseQuery(c.r.URL.RawQuery); err != nil {
		return request{}, fmt.Errorf("%w: %w", errParameter, err)
	}
	for _, name := range slices.Sorted(maps.Keys(l.params)) {
		values := l.params[name]
		if !slices.Contains(listParameters, name) && !slices.Contains(own, name) {
			l.query.Where = append(l.query.Where, readFilters(name, values)...)
		} else if len(values) > 1 {
			return request{}, fmt.Errorf("%w: %s is given more than once", errParameter, name)
		}
	}
	if l.query.Limit, err = l.number("limit", list.DefaultLimit, 1, list.MaxLimit); err != nil {
		return request{}, err
	}
	if l.query.Skip, err = l.number("skip", 0, 0, list.MaxSkip); err != nil {
		return request{}, err
	}
	l.query.Order = readOrder(l.params.Get("order"))
	l.query.After, l.query.Before = l.params.Get("next"), l.params.Get("prev")
	l.selection, err = readSelection(l.params.Get("select"))
	return l, err
}

var listParameters = []string{"limit", "skip", "next", "prev", "order", "select", "include"}

// readFilters reads a parameter as field[op]=value. Whether there is such a
// field or operator is for the service to say.
func readFilters(name string, values []string) []list.Condition {
	field, op := name, list.Eq
	if open := strings.IndexByte(name, '['); open >= 0 && strings.HasSuffix(name, "]") {
		field, op = name[:open], list.Op(name[open+1:len(name)-1])
	}
	var filters []list.Condition
	for _, value := range values {
		operands := []string{value}
		if op == list.In || op == list.Nin {
			operands = strings.Split(value, ",")
		}
		filters = append(filters, list.Condition{Field: field, Op: op, Values: operands})
	}
	return filters
}

func readOrder(param string) []list.Order {
	if param == "" {
		param = defaultOrder
	}
	var order []list.Order
	for key := range strings.SplitSeq(param, ",") {
		field, descending := strings.CutPrefix(key, "-")
		order = append(order, list.Order{Field: field, Descending: descending})
	}
	return order
}

func (l request) number(name string, otherwise, least, most int) (int, error) {
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
func (l request) links(c *call, next, prev string) links {
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
