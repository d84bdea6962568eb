package weegloo_test

import (
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/weegloo/weegloo/delivery"
	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/list"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/upload"
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
	holders := map[string][]string{}
	published := 0
	for _, found := range all {
		for _, key := range found.Blobs() {
			holders[key] = append(holders[key], "media/"+found.Space+"/"+found.ID)
		}
		if found.Publish.Version > 0 {
			published++
			m.checkDelivery(rt, found)
		} else if _, err := m.Delivery.Get(m.ctx, found.Space, found.ID); err == nil {
			rt.Fatalf("%s is delivered and not published", found.ID)
		}
	}
	m.checkDelivered(t, rt, published)
	m.checkHolders(t, rt, holders)
	m.checkLists(rt)
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

// checkHolders compares who holds a blob by its record with who names it, both
// ways, and looks for the bytes.
func (m *machine) checkHolders(t *testing.T, rt *rapid.T, holders map[string][]string) {
	err := store.View(m.ctx, m.Store, func(r store.Reader) error {
		for _, u := range m.uploads {
			// An Upload holds its bytes until it is swept, so the clock is not asked.
			if key := "upload/Space/" + enginetest.Space + "/" + u.ID; recorded(r, key) {
				holders[u.Blob] = append(holders[u.Blob], key)
			}
		}
		for _, key := range enginetest.Keys(t, m.Store, "blob/") {
			key = strings.TrimPrefix(key, "blob/")
			held, err := upload.Holders(r, key)
			if err != nil {
				return err
			}
			names := slices.Sorted(slices.Values(holders[key]))
			if !slices.Equal(names, held) {
				rt.Fatalf("%s is held by %v and named by %v", key, held, names)
			}
			if !slices.Contains(m.Blobs.Keys(), key) {
				rt.Fatalf("%s has no bytes", key)
			}
			delete(holders, key)
		}
		return nil
	})
	if err != nil {
		rt.Fatalf("%v", err)
	}
	for key, names := range holders {
		rt.Fatalf("%v name the blob %s, which has no record", names, key)
	}
}

func recorded(r store.Reader, key string) bool {
	_, err := r.Get(key)
	return err == nil
}

// checkLists asks the indexes themselves.
func (m *machine) checkLists(rt *rapid.T) {
	err := store.View(m.ctx, m.Store, func(r store.Reader) error {
		for _, lists := range []interface {
			Check(store.Reader, string) ([]string, error)
		}{media.Lists(), delivery.Lists()} {
			wrong, err := lists.Check(r, enginetest.Space)
			if err != nil {
				return err
			}
			if len(wrong) > 0 {
				rt.Fatalf("the lists are wrong: %v", wrong)
			}
		}
		return nil
	})
	if err != nil {
		rt.Fatalf("%v", err)
	}
}
