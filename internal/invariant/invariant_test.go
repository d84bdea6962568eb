package invariant_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/internal/invariant"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store"
)

// sound is an engine with an Upload, a Media that is published and changed, one
// that is published, and one that is busy.
func sound(t *testing.T) *enginetest.Engine {
	t.Helper()
	e := enginetest.New(t) // ids: id0001 Upload, id0002 its bytes
	u := e.Upload("some bytes")
	published := e.Create(enginetest.TextFile(u), media.WriteOptions{}) // id0003
	e.Create(enginetest.TextFile(u), media.WriteOptions{})              // id0004
	e.Settle()
	_, err := e.Media.Save(t.Context(), enginetest.Alice, enginetest.Space, published.ID, 2, media.WriteOptions{IgnorePublish: true},
		func(m media.Media) (media.Content, error) { return m.Content(), nil })
	if err != nil {
		t.Fatal(err)
	}
	e.Create(enginetest.TextFile(u), media.WriteOptions{}) // id0005, busy
	return e
}

func world(e *enginetest.Engine) invariant.World {
	return invariant.World{Store: e.Store, Blobs: e.Blobs, Now: e.Clock.Now()}
}

// rules are the names of the problems, each once and in order.
func rules(problems []invariant.Problem) string {
	names := map[string]bool{}
	for _, p := range problems {
		names[p.Rule] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(names)), " ")
}

func TestASoundWorldHasNoProblems(t *testing.T) {
	is := is.New(t)
	problems, err := invariant.Check(t.Context(), world(sound(t)))
	is.NoErr(err)
	is.Equal(len(problems), 0)
}

// record is a JSON record that a test breaks.
type record = map[string]any

// edit changes the record under the one key that starts so, or removes it if
// fn returns nil.
func edit(t *testing.T, e *enginetest.Engine, prefix string, fn func(r record) record) {
	t.Helper()
	keys := enginetest.Keys(t, e.Store, prefix)
	if len(keys) != 1 {
		t.Fatalf("%q starts the keys %v", prefix, keys)
	}
	err := store.Update(t.Context(), e.Store, func(w store.Writer) error {
		value, err := w.Get(keys[0])
		if err != nil {
			return err
		}
		r := record{}
		_ = json.Unmarshal(value, &r) // some keys hold something else
		if r = fn(r); r == nil {
			return w.Delete(keys[0])
		}
		if value, err = json.Marshal(r); err != nil {
			return err
		}
		return w.Set(keys[0], value)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func gone(record) record { return nil }

// put changes the value at a path.
func put(value any, path ...string) func(record) record {
	return func(r record) record {
		at := r
		for _, key := range path[:len(path)-1] {
			at = at[key].(record)
		}
		at[path[len(path)-1]] = value
		return r
	}
}

func TestEveryRuleIsNoticed(t *testing.T) {
	const (
		changed, published, busy = "media/s1/id0003", "media/s1/id0004", "media/s1/id0005"
		uploaded, bytes          = "upload/", "blob/id0002"
	)
	long := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, key string
		edit      func(record) record
		rule      string
	}{
		{"version 0", busy, put(0, "version"), "M1"},
		{"publish.version too new", changed, put(9, "publish", "version"), "M4"},
		{"archive.version too new", busy, put(record{"version": 9}, "archive"), "M4"},
		{"a counter without firstAt", busy, put(1, "publish", "counter"), "M3"},
		{"published with counter 0", changed, put(0, "publish", "counter"), "M3"},
		{"updatedAt before createdAt", busy, put(long, "updatedAt"), "M5"},
		{"archived and published", changed, put(record{"version": 1}, "archive"), "M2"},
		{"a file of no state", busy, put("", "file", "en-US", "state"), "P1"},
		{"done without a detail", published, put(nil, "file", "en-US", "detail"), "P1"},
		{"published and busy", published, put("PENDING", "file", "en-US", "state"), "P2"},
		{"waits for nothing", published, put(record{"id": "a"}, "publishAs"), "P2"},
		{"a wrong size", published, put(1, "file", "en-US", "detail", "size"), "P5"},
		{"a wrong digest", published, put("00", "file", "en-US", "detail", "sha256"), "P5"},
		{"a file of the future", busy, put(7, "file", "en-US", "revision"), "D4"},
		{"a Media of other bytes", busy, put("id0001", "file", "en-US", "blob"), "G3"},
		{"no snapshot", "snapshot/s1/id0003", gone, "D1"},
		{"a snapshot too many", changed, gone, "D1"},
		{"another revision", "snapshot/s1/id0003", put(3, "revision"), "D2"},
		{"lives of nothing", changed, put([]string{}, "live"), "D3"},
		{"delivers something else", "snapshot/s1/id0004", put(record{"en-US": "no"}, "title"), "D5"},
		{"shows an author", "snapshot/s1/id0004", put("alice", "createdBy"), "D7"},
		{"no record of the bytes", bytes, gone, "G1"},
		{"a wrong record of the bytes", bytes, put(3, "size"), "G1"},
		{"a hold too few", "holder/id0002/upload/", gone, "G3"},
		{"no upload", uploaded, gone, "G3"},
		{"an item too many", uploaded, gone, "G2"},
		{"a wrong key", uploaded, put("id0009", "id"), "U1"},
		{"a wrong size of the upload", uploaded, put(3, "size"), "U2"},
		{"an upload for ever", uploaded, put("2099-01-01T00:00:00Z", "expiresAt"), "U3"},
		{"no expiry", "due/1781844713903/upload-expire", gone, "U3"},
		{"no job", "due/1781758313903/process", gone, "P4"},
		{"a job too many", busy, gone, "P3"},
		{"a wrong list", "media-updated/s1/1781758313903/id0003", gone, "G4"},
		{"a wrong counter", "media-count/s1/status/Draft", gone, "G4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			e := sound(t)
			edit(t, e, c.key, c.edit)
			problems, err := invariant.Check(t.Context(), world(e))
			is.NoErr(err)
			is.True(strings.Contains(rules(problems), c.rule)) // it was noticed
		})
	}
}

func TestBytesWithoutARecordAreNoticed(t *testing.T) {
	is := is.New(t)
	e := sound(t)
	_, err := e.Blobs.Put(t.Context(), "stray", strings.NewReader("bytes"))
	is.NoErr(err)
	problems, err := invariant.Check(t.Context(), world(e))
	is.NoErr(err)
	is.Equal(rules(problems), "G2")

	is.NoErr(e.Blobs.Delete(t.Context(), "stray"))
	is.NoErr(e.Blobs.Delete(t.Context(), "id0002"))
	problems, err = invariant.Check(t.Context(), world(e))
	is.NoErr(err)
	is.Equal(rules(problems), "G1 P5 U2")
}

// TestAWatchComparesWithBefore: what is sound by itself and cannot have become
// of what was.
func TestAWatchComparesWithBefore(t *testing.T) {
	for _, c := range []struct {
		name, key string
		edit      func(record) record
		rule      string
	}{
		{"the version fell", "media/s1/id0005", put(1, "version"), "M1"},
		{"a silent change", "media/s1/id0005", put(record{"en-US": "new"}, "title"), "M1"},
		{"updatedAt fell", "media/s1/id0005", put(enginetest.Start, "updatedAt"), "M5"},
		{"firstAt moved", "media/s1/id0003", put(enginetest.Start.Add(time.Second), "publish", "firstAt"), "M3"},
		{"an upload changed", "upload/", put(record{"id": "bob"}, "createdBy"), "U1"},
		{"a snapshot changed", "snapshot/s1/id0003", put(record{"en-US": "new"}, "title"), "D5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			e := sound(t)
			e.Clock.Advance(time.Hour)
			e.Settle()
			edit(t, e, "media/s1/id0005", put(5, "version"))
			var watch invariant.Watch
			_, err := watch.Check(t.Context(), world(e))
			is.NoErr(err)
			edit(t, e, c.key, c.edit)
			problems, err := watch.Check(t.Context(), world(e))
			is.NoErr(err)
			is.True(strings.Contains(rules(problems), c.rule)) // it was noticed
		})
	}
}

func TestAnIdThatComesBackIsNoticed(t *testing.T) {
	is := is.New(t)
	e := sound(t)
	e.Settle()
	before := enginetest.Records(t, e.Store)["media/s1/id0005"]
	var watch invariant.Watch
	see := func() string {
		t.Helper()
		problems, err := watch.Check(t.Context(), world(e))
		is.NoErr(err)
		return rules(problems)
	}
	is.Equal(see(), "")
	_, err := e.Media.Unpublish(t.Context(), enginetest.Alice, enginetest.Space, "id0005", 2)
	is.NoErr(err)
	is.NoErr(e.Media.Delete(t.Context(), enginetest.Alice, enginetest.Space, "id0005"))
	is.Equal(see(), "")
	is.NoErr(store.Update(t.Context(), e.Store, func(w store.Writer) error {
		return w.Set("media/s1/id0005", []byte(before))
	}))
	is.True(strings.Contains(see(), "M8"))
}
