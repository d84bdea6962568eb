package media_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/sys"
)

// The explorer walks every state that a Media with two locales can reach up to
// a version, by every command there is, and checks the invariants after every
// step. It goes breadth first, so the way to a broken one is the shortest.
const (
	lastVersion = 9
	localeA     = "en"
	localeB     = "ko"
)

// state is a place the walk has reached, and how.
type state struct {
	m    media.Media
	from *state
	by   media.Command
}

// path is the commands that lead to s.
func (s *state) path() string {
	var steps []string
	for ; s.from != nil; s = s.from {
		steps = append(steps, fmt.Sprintf("%T%+v", s.by, s.by))
	}
	slices.Reverse(steps)
	return strings.Join(steps, "\n")
}

func TestInvariantsHoldInEveryReachableState(t *testing.T) {
	queue := []*state{{}}
	seen := map[shape]bool{{}: true}
	steps := 0
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		untouched := copyOf(t, s.m)
		for _, command := range commandsIn(s.m) {
			steps++
			after := walk(t, s, command)
			if after.Version <= lastVersion && !seen[shapeOf(after)] {
				seen[shapeOf(after)] = true
				queue = append(queue, &state{after, s, command})
			}
		}
		if !reflect.DeepEqual(s.m, untouched) {
			t.Errorf("a command modified its input\n%+v\nnow %+v\nby\n%s", untouched, s.m, s.path())
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d states, %d steps", len(seen), steps)
	if len(seen) < 1_000 {
		t.Errorf("only %d states were reached, the walk is broken", len(seen))
	}
}

// walk takes one step and checks it. It goes the same step with a clock that
// has fallen back, which must make no difference but to times.
func walk(t *testing.T, s *state, command media.Command) media.Media {
	t.Helper()
	st := step{before: s.m, command: command, env: media.Env{Now: tick(s.m), By: author(s.m.Version + 1)}}
	if st.isResult() {
		st.env.By = sys.Actor{} // a worker is nobody
	}
	st.after, st.events, st.err = media.Apply(s.m, command, st.env)
	problem := st.problem()
	if problem == "" {
		problem = st.problemWhenTheClockFalls()
	}
	if problem != "" {
		t.Errorf("%s\nbefore %+v\nafter  %+v\nby\n%s\n%T%+v", problem, s.m, st.after, s.path(), command, command)
	}
	return st.after
}

// copyOf shares nothing with m.
func copyOf(t *testing.T, m media.Media) (c media.Media) {
	t.Helper()
	encoded, err := json.Marshal(m)
	if err == nil {
		err = json.Unmarshal(encoded, &c)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// tick is a second after the last change.
func tick(m media.Media) time.Time {
	if m.ID == "" {
		return start
	}
	return m.UpdatedAt.Add(time.Second)
}

// author is who makes the write of a version, so that a name tells the write.
func author(version int64) sys.Actor { return sys.Actor{ID: fmt.Sprintf("author-%d", version)} }

// shape is a Media without its times and without the names of what differs only
// by name. Two of the same shape have the same future.
type shape struct {
	version   int64
	status    media.Status
	counted   bool // it was published once
	waiting   bool // it will be published
	live      int
	files     [2]fileShape
	sameBytes bool
}

type fileShape struct {
	state media.FileState // empty: no file
	live  bool
	fresh bool // the newest version attached it
}

func shapeOf(m media.Media) shape {
	a, b := m.File[localeA], m.File[localeB]
	return shape{
		version: m.Version, status: m.Status(), counted: m.Publish.Counter > 0,
		waiting: m.PublishAs != nil, live: len(m.Live),
		files:     [2]fileShape{fileShapeOf(m, a), fileShapeOf(m, b)},
		sameBytes: a.Blob != "" && a.Blob == b.Blob,
	}
}

func fileShapeOf(m media.Media, f media.File) fileShape {
	return fileShape{f.State, slices.Contains(m.Live, f.Blob), f.Revision == m.Version}
}

// commandsIn are the commands to try in m: all of them, right and wrong.
func commandsIn(m media.Media) []media.Command {
	if m.ID == "" {
		return creations()
	}
	v := m.Version
	out := []media.Command{
		media.Delete{}, media.Create{ID: "m2", Space: "s1"},
		media.Publish{Version: v}, media.Unpublish{Version: v}, media.Archive{Version: v}, media.Unarchive{Version: v},
		media.Publish{Version: v - 1}, media.Unpublish{Version: v + 1}, media.Archive{Version: v - 1},
		media.Unarchive{Version: v + 1}, media.Save{Version: v - 1, AutoPublish: true},
	}
	for _, content := range contentsFor(m) {
		for _, autoPublish := range []bool{false, true} {
			out = append(out, media.Save{Version: v, Content: content, Blobs: blobsOf(newUpload(m)), AutoPublish: autoPublish})
		}
	}
	return append(out, resultsFor(m)...)
}

func creations() []media.Command {
	var out []media.Command
	for _, content := range contentsFor(media.Media{}) {
		for _, autoPublish := range []bool{false, true} {
			out = append(out, media.Create{
				ID: "m1", Space: "s1", Content: content, Blobs: blobsOf(newUpload(media.Media{})), AutoPublish: autoPublish,
			})
		}
	}
	return out
}

// newUpload is the Upload that the next write uses, for both locales.
func newUpload(m media.Media) string { return fmt.Sprintf("u%d", m.Version+1) }

// contentsFor are all combinations of what a write may say of the two files.
func contentsFor(m media.Media) []media.Content {
	var contents []media.Content
	for _, a := range entriesFor(m, localeA) {
		for _, b := range entriesFor(m, localeB) {
			files := map[string]media.Entry{}
			maps.Copy(files, a)
			maps.Copy(files, b)
			contents = append(contents, media.Content{File: files})
		}
	}
	return contents
}

// entriesFor are what a write may say of the file of a locale: nothing, a new
// one, and keep it if it is there.
func entriesFor(m media.Media, locale string) []map[string]media.Entry {
	entries := []map[string]media.Entry{nil, {locale: textEntry(newUpload(m))}}
	f, stored := m.File[locale]
	if stored {
		entries = append(entries, map[string]media.Entry{locale: textEntry("")})
	}
	if stored && f.State == media.Failed {
		entries = append(entries, map[string]media.Entry{locale: textEntry(f.Upload)})
	}
	return entries
}

// resultsFor are the results of processing, those that come too late included.
func resultsFor(m media.Media) []media.Command {
	var out []media.Command
	for _, locale := range []string{localeA, localeB} {
		for _, off := range []int64{-1, 0, 1} {
			r := m.File[locale].Revision + off
			out = append(out, media.Start{Locale: locale, Revision: r, Attempt: 1}, media.Retry{Locale: locale, Revision: r},
				finishCommand(locale, r), media.Fail{Locale: locale, Revision: r, Reason: "noise"})
		}
	}
	return out
}
