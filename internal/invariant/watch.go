package invariant

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/weegloo/weegloo/delivery"
	"github.com/weegloo/weegloo/media"
)

func jobID(m media.Media, locale string, file media.File) string {
	return strings.Join([]string{m.Space, m.ID, locale, strconv.FormatInt(file.Revision, 10)}, "/")
}

// Watch checks the states of one world, one after the other. It outlives the
// engines over it. The zero Watch has seen nothing.
type Watch struct {
	before  *state
	gone    map[string]bool    // keys of records that were there once
	deliver map[string]content // by address
	Checked int                // states, so far
}

// Check is everything that is wrong with w, and with how it became what it is.
func (h *Watch) Check(ctx context.Context, w World) ([]Problem, error) {
	problems, now, err := check(ctx, w)
	if err != nil {
		return nil, err
	}
	if h.gone == nil {
		h.gone, h.deliver = map[string]bool{}, map[string]content{}
	}
	f := &finding{World: w, state: now, problems: problems}
	if h.before != nil {
		h.compare(f)
	}
	h.addresses(f)
	h.before = now
	h.Checked++
	return f.problems, nil
}

// compare looks for what cannot have become of the state before.
func (h *Watch) compare(f *finding) {
	for key, was := range h.before.media {
		if is, ok := f.media[key]; ok {
			f.grown(was, is)
		} else {
			h.gone[key] = true
		}
	}
	for key, was := range h.before.uploads {
		is, ok := f.state.uploads[key]
		switch {
		case !ok:
			h.gone[key] = true
		case !was.Receiving:
			f.expect(is == was, "U1", "upload %s was %+v and is %+v", is.ID, was, is)
		}
	}
	for key, was := range h.before.snapshots {
		is, ok := f.state.snapshots[key]
		if ok && is.Revision == was.Revision {
			f.expect(reflect.DeepEqual(is, was), "D5", "revision %d of %s has changed", is.Revision, is.ID)
		}
		f.expect(!ok || is.Revision >= was.Revision, "D2", "%s went back to revision %d", is.ID, is.Revision)
	}
	for _, key := range append(slices.Collect(maps.Keys(f.media)), slices.Collect(maps.Keys(f.state.uploads))...) {
		f.expect(!h.gone[key], "M8", "%s is there again", key)
	}
}

// grown compares two states of one Media.
func (f *finding) grown(was, is media.Media) {
	f.expect(is.Version >= was.Version, "M1", "%s went from version %d to %d", is.ID, was.Version, is.Version)
	f.expect(is.Publish.Counter >= was.Publish.Counter, "M3", "%s: the counter fell", is.ID)
	f.expect(is.Publish.Counter-was.Publish.Counter <= is.Version-was.Version, "M3", "%s: a publish without a version", is.ID)
	f.expect(was.Publish.FirstAt.IsZero() || is.Publish.FirstAt.Equal(was.Publish.FirstAt), "M3", "%s: firstAt moved", is.ID)
	f.expect(!is.UpdatedAt.Before(was.UpdatedAt), "M5", "%s: updatedAt fell", is.ID)
	f.expect(is.CreatedAt.Equal(was.CreatedAt) && is.CreatedBy == was.CreatedBy, "M8", "%s was created again", is.ID)
	if is.Version == was.Version {
		f.expect(sameButProcessing(was, is), "M1", "%s changed within version %d", is.ID, is.Version)
	}
}

// sameButProcessing reports whether nothing but processing can have led from
// one to the other.
func sameButProcessing(was, is media.Media) bool {
	if len(was.File) != len(is.File) {
		return false
	}
	for locale, file := range was.File {
		now, ok := is.File[locale]
		if !ok || now.Revision != file.Revision || now.Blob != file.Blob || now.Name != file.Name {
			return false
		}
		if !file.Busy() && !reflect.DeepEqual(now, file) {
			return false
		}
	}
	was.File, is.File = nil, nil
	was.UpdatedAt, is.UpdatedAt = was.CreatedAt, was.CreatedAt
	if is.PublishAs == nil {
		was.PublishAs = nil // it is off: a file failed
	}
	return reflect.DeepEqual(was, is)
}

// addresses: what was delivered once under an address is all that ever is.
func (h *Watch) addresses(f *finding) {
	for _, s := range f.state.snapshots {
		for locale, file := range s.File {
			address := pathOf(s, locale)
			is := content{file.Detail.Size, file.Detail.SHA256}
			was, known := h.deliver[address]
			f.expect(!known || was == is, "D4", "%s was %v and is %v", address, was, is)
			h.deliver[address] = is
		}
	}
}

func pathOf(s delivery.Snapshot, locale string) string {
	return fmt.Sprint(s.Address(locale).Path())
}
