package faults_test

import (
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing/iotest"
	"time"

	"pgregory.net/rapid"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/storetest"
	"github.com/weegloo/weegloo/sys"
	"github.com/weegloo/weegloo/upload"
)

// machine is a world and the model of it under way. Two engines work on it.
type machine struct {
	*world
	*model
	engines [2]*weegloo.Engine
	cut     *storetest.PowerCut
	reopen  func() store.Store // what a restart does to the records
	ids     []string           // of Uploads and Media, the unknown one included
	before  map[string]string  // all records before the action
}

func newMachine(t tester, s store.Store, cut *storetest.PowerCut, reopen func() store.Store) *machine {
	m := &machine{world: newWorld(t, s, cut), model: newModel(), cut: cut, reopen: reopen, ids: []string{"unknown"}}
	m.engines = [2]*weegloo.Engine{m.engine(), m.engine()}
	return m
}

// answered compares the answer of a call with the foreseen refusal, and reports
// whether it was accepted.
func (m *machine) answered(what string, err, want error) bool {
	m.t.Helper()
	if want == nil && err != nil || !errors.Is(err, want) {
		m.t.Fatalf("%s: answered %v, foreseen was %v", what, err, want)
	}
	if want == nil {
		m.accepted++
		return true
	}
	m.refused++
	after := m.records()
	maps.DeleteFunc(after, func(key, _ string) bool {
		_, there := m.before[key]
		return !there && strings.Contains(key, "/blob-delete/") // bytes that broke off go at once, not now
	})
	if !maps.Equal(after, m.before) {
		m.t.Fatalf("%s was refused, and made of\n%v\n%v", what, m.before, after)
	}
	return false
}

// sound is what must hold after every action.
func (m *machine) sound() {
	m.t.Helper()
	if diff := m.compare(m.world, m.engines[0]); diff != "" {
		m.t.Fatalf("the model differs: %s", diff)
	}
	m.check(false)
	m.before = m.records()
}

func (m *machine) any(r *rapid.T) *weegloo.Engine {
	return m.engines[rapid.IntRange(0, 1).Draw(r, "engine")]
}

// upload is mostly one that there is.
func (m *machine) upload(r *rapid.T) string {
	return m.pick(r, slices.Sorted(maps.Keys(m.model.uploads)))
}

func (m *machine) mediaID(r *rapid.T) string {
	return m.pick(r, slices.Sorted(maps.Keys(m.model.media)))
}

// pick is mostly one of those, and sometimes any id that was ever made.
func (m *machine) pick(r *rapid.T, those []string) string {
	if len(those) == 0 || rapid.IntRange(0, 9).Draw(r, "which") == 0 {
		return rapid.SampledFrom(m.ids).Draw(r, "any id")
	}
	return rapid.SampledFrom(those).Draw(r, "id")
}

// version is mostly the right one.
func (m *machine) version(r *rapid.T, id string) int64 {
	off := rapid.SampledFrom([]int64{0, 0, 0, 0, 0, 0, -1, 1}).Draw(r, "off")
	if is := m.model.media[id]; is != nil {
		return is.version + off
	}
	return 1
}

var bodies = []string{"plain bytes", "plain other bytes", "broken bytes", "failng bytes"}

func (m *machine) receive(r *rapid.T) {
	body := rapid.SampledFrom(bodies).Draw(r, "body")
	var reader io.Reader = strings.NewReader(body)
	var opts upload.Options
	var want error
	errHungUp := errors.New("the client hung up")
	switch rapid.SampledFrom([]string{"good", "good", "good", "empty", "large", "short", "broken"}).Draw(r, "upload") {
	case "empty":
		reader, want = strings.NewReader(""), upload.ErrEmpty
	case "large":
		opts.MaxSize, want = 4, upload.ErrTooLarge
	case "short":
		opts.Size, want = 100, upload.ErrIncomplete
	case "broken":
		reader = io.MultiReader(strings.NewReader(strings.Repeat(body, 500)), iotest.ErrReader(errHungUp))
		want = errHungUp
	}
	u, err := m.any(r).Uploads.Create(ctx, enginetest.Alice, owner, reader, opts)
	if m.answered("upload", err, want) {
		m.model.uploads[u.ID] = &modelUpload{body, m.clock.Now().Add(24 * time.Hour)}
		m.ids = append(m.ids, u.ID)
	}
}

func (m *machine) deleteUpload(r *rapid.T) {
	id, of := m.upload(r), owner
	var want error
	if u := m.model.uploads[id]; u == nil || !m.clock.Now().Before(u.expires) {
		want = errMissing
	}
	if rapid.IntRange(0, 4).Draw(r, "owner") == 0 {
		of, want = sys.OrganizationOwner(enginetest.Space), errMissing
	}
	if m.answered("delete upload", m.any(r).Uploads.Delete(ctx, of, id), want) {
		delete(m.model.uploads, id)
	}
}

// change draws what a write to a Media, if it exists, asks for.
func (m *machine) change(r *rapid.T, was *modelMedia) change {
	c := change{
		title: rapid.SampledFrom([]string{"one", "two"}).Draw(r, "title"),
		files: map[string]string{}, quiet: rapid.Bool().Draw(r, "quiet"),
	}
	for _, locale := range []string{"en-US", "ko-KR"} {
		choices := []string{"none", "none", "none", "none", "new", "new", "new", "new", "keep"}
		if was != nil && was.files[locale].revision != 0 {
			choices = []string{"none", "keep", "keep", "new"}
		}
		switch rapid.SampledFrom(choices).Draw(r, locale) {
		case "keep":
			c.files[locale] = ""
		case "new":
			c.files[locale] = m.upload(r)
		}
	}
	return c
}

func (c change) content() media.Content {
	content := media.Content{Title: map[string]string{"en-US": c.title}, File: map[string]media.Entry{}}
	for locale, id := range c.files {
		content.File[locale] = media.Entry{Name: "note.txt", ContentType: "text/plain", Upload: id}
	}
	return content
}

func (m *machine) create(r *rapid.T) {
	c, fresh := m.change(r, nil), &modelMedia{}
	is, err := m.any(r).Media.Create(ctx, enginetest.Alice, enginetest.Space, c.content(), media.WriteOptions{IgnorePublish: c.quiet})
	if m.answered("create", err, m.resolve(fresh, c, m.clock.Now())) {
		fresh.id = is.ID
		m.write(fresh, c, media.TopicCreate)
		m.model.media[is.ID] = fresh
		m.ids = append(m.ids, is.ID)
	}
}

func (m *machine) save(r *rapid.T) {
	id := m.mediaID(r)
	was := m.model.media[id]
	c, version := m.change(r, was), m.version(r, id)
	_, err := m.any(r).Media.Save(ctx, enginetest.Alice, enginetest.Space, id, version, media.WriteOptions{IgnorePublish: c.quiet},
		func(media.Media) (media.Content, error) { return c.content(), nil })
	if m.answered("save", err, m.saveRefusal(was, c, version)) {
		m.write(was, c, media.TopicSave)
	}
}

func (m *machine) saveRefusal(was *modelMedia, c change, version int64) error {
	switch {
	case was == nil:
		return errMissing
	case was.version != version:
		return media.ErrStale
	case was.archived:
		return media.ErrArchived
	case was.busy():
		return media.ErrBusy
	}
	return m.resolve(was, c, m.clock.Now())
}

var verbs = []verb{publish, publish, unpublish, archive, unarchive}

func transitionOf(e *weegloo.Engine, v verb) transition {
	return map[verb]transition{
		publish: e.Media.Publish, unpublish: e.Media.Unpublish, archive: e.Media.Archive, unarchive: e.Media.Unarchive,
	}[v]
}

func do(e *weegloo.Engine, v verb, id string, version int64) error {
	_, err := transitionOf(e, v)(ctx, enginetest.Alice, enginetest.Space, id, version)
	return err
}

func (m *machine) transition(r *rapid.T) {
	id, v := m.mediaID(r), rapid.SampledFrom(verbs).Draw(r, "verb")
	version := m.version(r, id)
	var want error = errMissing
	if was := m.model.media[id]; was != nil {
		want = was.refusal(v, version)
	}
	if m.answered(string(v), do(m.any(r), v, id, version), want) {
		m.move(m.model.media[id], v)
	}
}

func (m *machine) deleteMedia(r *rapid.T) {
	id := m.mediaID(r)
	was := m.model.media[id]
	var want error
	switch {
	case was == nil:
		want = errMissing
	case was.published != 0:
		want = media.ErrLive
	case was.busy():
		want = media.ErrBusy
	}
	if m.answered("delete", m.any(r).Media.Delete(ctx, enginetest.Alice, enginetest.Space, id), want) {
		m.tell(was, media.TopicDelete)
		delete(m.model.media, id)
	}
}
