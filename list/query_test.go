package list_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/list"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store/memory"
	"github.com/weegloo/weegloo/sys"
)

func where(field string, op list.Op, values ...string) list.Query {
	return list.Query{Where: []list.Condition{{Field: field, Op: op, Values: values}}}
}

func order(fields ...string) list.Query {
	var q list.Query
	for _, f := range fields {
		name, descending := strings.CutPrefix(f, "-")
		q.Order = append(q.Order, list.Order{Field: name, Descending: descending})
	}
	return q
}

// library is a world of n published texts, one created each second: every
// second one has the tag "even", every tenth was made by ann, and the tag
// "rare" is on one alone.
func library(t *testing.T, n int) *world {
	t.Helper()
	w := newWorld(t, memory.New(), "s1")
	for i := range n {
		w.now = w.now.Add(1e9)
		c := media.Content{
			Title: map[string]string{"en-US": fmt.Sprintf("title %03d", (i*37)%n)},
			File:  map[string]media.Entry{"en-US": {Name: "a.txt", ContentType: "text/plain", Upload: w.upload("hello")}},
		}
		by := "bob"
		if i%2 == 0 {
			c.Tags = append(c.Tags, "even")
		}
		if i%10 == 0 {
			by = "ann"
		}
		if i == n/2 {
			c.Tags = append(c.Tags, "rare")
		}
		w.create(by, c, media.WriteOptions{})
		w.settle()
	}
	return w
}

func TestWrongQueriesAreRefused(t *testing.T) {
	w := library(t, 3)
	for name, tt := range map[string]struct {
		q    list.Query
		want error
	}{
		"unknown field":              {where("sys.colour", list.Eq, "red"), list.ErrField},
		"field in another case":      {where("Sys.id", list.Eq, "x"), list.ErrField},
		"no field":                   {where("", list.Eq, "x"), list.ErrField},
		"an object":                  {where("fields.file.en-US", list.Eq, "x"), list.ErrField},
		"all fields":                 {where("fields", list.Exists, "true"), list.ErrField},
		"too deep":                   {where("fields.title.en-US.x", list.Eq, "x"), list.ErrField},
		"a property of no file":      {where("fields.file.en-US.url", list.Eq, "x"), list.ErrField},
		"unknown field in the order": {order("sys.colour"), list.ErrField},
		"unknown operator":           {where("sys.id", "like", "x"), list.ErrQuery},
		"operator in another case":   {where("sys.id", "EQ", "x"), list.ErrQuery},
		"no value":                   {where("sys.id", list.Eq), list.ErrQuery},
		"two values":                 {where("sys.id", list.Eq, "a", "b"), list.ErrQuery},
		"exists neither":             {where("sys.id", list.Exists, "yes"), list.ErrQuery},
		"a number that is none":      {where("sys.version", list.Gt, "many"), list.ErrQuery},
		"half a number":              {where("sys.version", list.Gt, "1.5"), list.ErrQuery},
		"one of them no number":      {where("sys.version", list.In, "1", "x"), list.ErrQuery},
		"a time that is none":        {where("sys.createdAt", list.Lt, "yesterday"), list.ErrQuery},
		"match of a number":          {where("sys.version", list.Match, "1"), list.ErrQuery},
		"prefix of a time":           {where("sys.createdAt", list.Prefix, "2026"), list.ErrQuery},
		"limit too large":            {list.Query{Limit: list.MaxLimit + 1}, list.ErrQuery},
		"limit negative":             {list.Query{Limit: -1}, list.ErrQuery},
		"skip too large":             {list.Query{Skip: list.MaxSkip + 1}, list.ErrQuery},
		"skip negative":              {list.Query{Skip: -1}, list.ErrQuery},
		"two cursors":                {list.Query{After: "x", Before: "x"}, list.ErrQuery},
		"a cursor that is none":      {list.Query{After: "x"}, list.ErrQuery},
		"too many conditions":        {list.Query{Where: make([]list.Condition, list.MaxTerms+1)}, list.ErrQuery},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			_, err := w.Media.List(w.ctx, w.space, tt.q)
			is.True(errors.Is(err, tt.want))
			is.True(errors.Is(err, sys.ErrInvalid))
		})
	}
}

func TestDeliveryIsNotAskedForWhatItHides(t *testing.T) {
	w := library(t, 1)
	for _, field := range []string{
		"sys.version", "sys.status", "sys.createdBy.sys.id", "sys.updatedBy.sys.id", "sys.publish.counter", "sys.publish.by.sys.id",
	} {
		t.Run(field, func(t *testing.T) {
			is := is.New(t)
			_, err := w.Delivery.List(w.ctx, w.space, where(field, list.Exists, "true"))
			is.True(errors.Is(err, list.ErrField))
			_, err = w.Delivery.List(w.ctx, w.space, order(field))
			is.True(errors.Is(err, list.ErrField))
		})
	}
}

func TestACursorBelongsToItsQuery(t *testing.T) {
	is := is.New(t)
	w := library(t, 5)
	q := where("metadata.tags.sys.id", list.Eq, "even")
	q.Limit = 1
	page, err := w.Media.List(w.ctx, w.space, q)
	is.NoErr(err)
	q.Limit, q.After = 2, page.Next // the limit may change
	_, err = w.Media.List(w.ctx, w.space, q)
	is.NoErr(err)

	for name, other := range map[string]list.Query{
		"another value":    where("metadata.tags.sys.id", list.Eq, "rare"),
		"another operator": where("metadata.tags.sys.id", list.In, "even"),
		"another field":    where("sys.id", list.Eq, "even"),
		"no condition":     {},
		"another order":    {Where: q.Where, Order: order("-sys.createdAt").Order},
		"the other way":    {Where: q.Where, Before: page.Next},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			if other.Before == "" {
				other.After = page.Next
			}
			_, err := w.Media.List(w.ctx, w.space, other)
			is.True(errors.Is(err, list.ErrQuery))
		})
	}
	_, err = w.Media.List(w.ctx, "s2", q)
	is.True(errors.Is(err, list.ErrQuery)) // of another space
	_, err = w.Delivery.List(w.ctx, w.space, q)
	is.True(errors.Is(err, list.ErrQuery)) // of the other plane
	for i := range page.Next {
		forged := []byte(page.Next)
		forged[i] ^= 1
		q.After = string(forged)
		_, err := w.Media.List(w.ctx, w.space, q)
		is.True(errors.Is(err, list.ErrQuery)) // one bit is another
	}
}

func TestExplainTellsWhatAQueryCosts(t *testing.T) {
	w := library(t, 200)
	for name, tt := range map[string]struct {
		q       list.Query
		index   string
		sorted  bool
		total   string
		records int // at most
	}{
		"everything":                {list.Query{}, "created", true, "counter", 16},
		"newest first":              {order("-sys.createdAt"), "created", true, "counter", 16},
		"last changed first":        {order("-sys.updatedAt"), "updated", true, "counter", 16},
		"a status":                  {where("sys.status", list.Eq, "Published"), "status", true, "counter", 16},
		"a creator":                 {where("sys.createdBy.sys.id", list.Eq, "ann"), "createdBy", true, "counter", 16},
		"a tag":                     {where("metadata.tags.sys.id", list.Eq, "even"), "tag", true, "counter", 16},
		"a mime group":              {where("fields.file.en-US.mimeGroups", list.Eq, "Plaintext"), "mimeGroup.en-US", true, "counter", 16},
		"a rare tag by change":      {list.Query{Where: where("metadata.tags.sys.id", list.Eq, "rare").Where, Order: order("-sys.updatedAt").Order}, "tag", false, "walk", 1},
		"a frequent tag by change":  {list.Query{Where: where("metadata.tags.sys.id", list.Eq, "even").Where, Order: order("-sys.updatedAt").Order}, "updated", true, "counter", 32},
		"the rarer of two":          {list.Query{Where: append(where("sys.status", list.Eq, "Published").Where, where("metadata.tags.sys.id", list.Eq, "rare").Where...)}, "tag", true, "walk", 1},
		"two dimensions":            {list.Query{Where: append(where("sys.status", list.Eq, "Published").Where, where("sys.createdBy.sys.id", list.Eq, "ann").Where...)}, "createdBy", true, "walk", 16},
		"certain ids":               {where("sys.id", list.In, "s1-7919", "nobody", "../x"), "ids", false, "walk", 2},
		"a span of time":            {where("sys.updatedAt", list.Gte, "2026-06-18T04:55:10.000Z"), "updated", false, "walk", 5},
		"no index at all":           {where("fields.title.en-US", list.Match, "TITLE 1"), "created", true, "walk", 400},
		"an order without an index": {order("fields.title.en-US"), "created", false, "walk", 200},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			e, err := w.Media.Explain(w.ctx, w.space, tt.q)
			is.NoErr(err)
			t.Logf("%+v", e)
			is.Equal(e.Index, tt.index)
			is.Equal(e.Sorted, tt.sorted)
			is.Equal(e.Total, tt.total)
			is.True(e.Records <= tt.records)
		})
	}
}
