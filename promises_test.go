package weegloo_test

import (
	"io"
	"testing"

	"pgregory.net/rapid"

	"github.com/weegloo/weegloo/delivery"
	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/internal/invariant"
	"github.com/weegloo/weegloo/list"
	"github.com/weegloo/weegloo/media"
)

// all are the Media there are, read page by page.
func (m *machine) all(rt *rapid.T) (all []media.Media) {
	q := list.Query{Limit: 3}
	for {
		page, err := m.Media.List(m.ctx, enginetest.Space, q)
		if err != nil {
			rt.Fatalf("%v", err)
		}
		all = append(all, page.Items...)
		if q.After = page.Next; q.After == "" {
			if page.Total != len(all) {
				rt.Fatalf("the list says %d and has %d", page.Total, len(all))
			}
			return all
		}
	}
}

// check is what must be true at any time.
func (m *machine) check(t *testing.T, rt *rapid.T) {
	all := m.all(rt)
	if n := len(enginetest.Keys(t, m.Store, "media/")); n != len(all) {
		rt.Fatalf("%d are listed of %d", len(all), n)
	}
	published := 0
	for _, found := range all {
		if found.Publish.Version > 0 {
			published++
			m.checkDelivery(rt, found)
		} else if _, err := m.Delivery.Get(m.ctx, found.Space, found.ID); err == nil {
			rt.Fatalf("%s is delivered and not published", found.ID)
		}
	}
	m.checkDelivered(t, rt, published)
	m.checkSound(rt, false)
}

// checkDelivery reads every file of a published Media at its address.
func (m *machine) checkDelivery(rt *rapid.T, found media.Media) {
	snap, err := m.Delivery.Get(m.ctx, found.Space, found.ID)
	if err != nil || snap.Revision != found.Publish.Version {
		rt.Fatalf("%s is published as %d and delivered as %d: %v", found.ID, found.Publish.Version, snap.Revision, err)
	}
	for locale, f := range snap.File {
		address, ok := delivery.ParsePath(m.Delivery.URL(snap.Address(locale)))
		if !ok {
			rt.Fatalf("%s is no address", m.Delivery.URL(snap.Address(locale)))
		}
		_, file, err := m.Delivery.Open(m.ctx, address)
		if err != nil {
			rt.Fatalf("%v: %v", address, err)
		}
		body, err := io.ReadAll(file)
		if err != nil || string(body) != m.want[fileKey(found.ID, locale, f.Revision)] || f.Detail.Size != int64(len(body)) {
			rt.Fatalf("%v delivers %q, %v", address, body, err)
		}
		if err := file.Close(); err != nil {
			rt.Fatalf("%v", err)
		}
	}
}

func (m *machine) checkDelivered(t *testing.T, rt *rapid.T, published int) {
	page, err := m.Delivery.List(m.ctx, enginetest.Space, list.Query{Limit: list.MaxLimit})
	if err != nil {
		rt.Fatalf("%v", err)
	}
	snapshots := len(enginetest.Keys(t, m.Store, "snapshot/"))
	if page.Total != published || snapshots != published || len(page.Items) != min(published, list.MaxLimit) {
		rt.Fatalf("%d are published, %d snapshots are there, %d are listed of %d", published, snapshots, len(page.Items), page.Total)
	}
}

// checkSound looks at all records and all bytes, and how they became so.
func (m *machine) checkSound(rt *rapid.T, idle bool) {
	problems, err := m.watch.Check(m.ctx, invariant.World{
		Store: m.Store, Blobs: m.Blobs, Now: m.Clock.Now(), Idle: idle,
	})
	if err != nil || len(problems) > 0 {
		rt.Fatalf("%v %v", problems, err)
	}
}
