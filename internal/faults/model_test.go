package faults_test

import (
	"fmt"
	"maps"
	"time"

	"github.com/weegloo/weegloo/media"
)

// model is what clients may believe of a world: the simplest thing that
// foresees every answer of an engine.
type model struct {
	uploads  map[string]*modelUpload
	media    map[string]*modelMedia
	events   map[string]bool   // that must be told
	address  map[string]string // bytes that were ever delivered, by address
	accepted int               // calls
	refused  int               // calls
}

type modelUpload struct {
	body    string
	expires time.Time
}

type modelMedia struct {
	id        string
	version   int64
	archived  bool
	published int64 // version, or 0
	counter   int64
	title     string
	files     map[string]modelFile // by locale
	auto      bool                 // publish when the last file is done
	delivered modelSnapshot        // if published
}

type modelFile struct {
	upload   string
	body     string
	revision int64
	state    media.FileState
}

type modelSnapshot struct {
	title string
	files map[string]modelFile
}

func newModel() *model {
	return &model{
		uploads: map[string]*modelUpload{}, media: map[string]*modelMedia{},
		events: map[string]bool{}, address: map[string]string{},
	}
}

func (f modelFile) busy() bool { return f.state == media.Pending || f.state == media.Processing }

func (m *modelMedia) any(is func(modelFile) bool) bool {
	for _, f := range m.files {
		if is(f) {
			return true
		}
	}
	return false
}

func (m *modelMedia) busy() bool { return m.any(modelFile.busy) }

func (m *modelMedia) failed() bool {
	return m.any(func(f modelFile) bool { return f.state == media.Failed })
}

// tell notes an event of the present version.
func (mo *model) tell(m *modelMedia, topic media.Topic) {
	mo.events[fmt.Sprintf("%s %s v%d", topic, m.id, m.version)] = true
}

// publishable is why the content cannot be published, or nil.
func (m *modelMedia) publishable() error {
	switch {
	case m.archived:
		return media.ErrArchived
	case m.busy():
		return media.ErrBusy
	case m.failed():
		return media.ErrFailedFile
	case len(m.files) == 0:
		return media.ErrNoFile
	}
	return nil
}

func (mo *model) publish(m *modelMedia) {
	m.published = m.version
	m.counter++
	m.version++
	m.delivered = modelSnapshot{m.title, maps.Clone(m.files)}
	mo.tell(m, media.TopicPublish)
}

// verb is a transition by name.
type verb string

const (
	publish   verb = "publish"
	unpublish verb = "unpublish"
	archive   verb = "archive"
	unarchive verb = "unarchive"
)

// refusal is the cell of the contract's table for a transition.
func (m *modelMedia) refusal(v verb, version int64) error {
	if version != m.version {
		return media.ErrStale
	}
	switch v {
	case publish:
		return m.publishable()
	case unpublish:
		switch {
		case m.archived:
			return media.ErrArchived
		case m.published == 0:
			return media.ErrNotPublished
		case m.busy():
			return media.ErrBusy
		}
	case archive:
		switch {
		case m.archived || m.published != 0:
			return media.ErrNotDraft
		case m.busy():
			return media.ErrBusy
		}
	case unarchive:
		if !m.archived {
			return media.ErrNotArchived
		}
	}
	return nil
}

// move makes a transition that refusal allows.
func (mo *model) move(m *modelMedia, v verb) {
	switch v {
	case publish:
		mo.publish(m)
		return
	case unpublish:
		m.published, m.delivered = 0, modelSnapshot{}
	case archive:
		m.archived = true
	case unarchive:
		m.archived = false
	}
	m.version++
	mo.tell(m, map[verb]media.Topic{
		unpublish: media.TopicUnpublish, archive: media.TopicArchive, unarchive: media.TopicUnarchive,
	}[v])
}

// change is what a write asks for: for each locale an Upload, "" to keep the
// file; a locale that is not named loses its file.
type change struct {
	title string
	files map[string]string
	quiet bool
}

// resolve is why the change cannot be made to m, or nil.
func (mo *model) resolve(m *modelMedia, c change, now time.Time) error {
	for locale, id := range c.files {
		if _, stored := m.files[locale]; id == "" && !stored {
			return media.ErrContent
		}
	}
	for locale, id := range c.files {
		if m.keeps(locale, id) {
			continue
		}
		if u := mo.uploads[id]; u == nil || !now.Before(u.expires) {
			return errMissing
		}
	}
	return nil
}

func (m *modelMedia) keeps(locale, id string) bool {
	f, stored := m.files[locale]
	return stored && (id == "" || f.state == media.Failed && f.upload == id)
}

// write makes a change that resolve allows.
func (mo *model) write(m *modelMedia, c change, topic media.Topic) {
	m.version++
	mo.tell(m, topic)
	files, fresh := map[string]modelFile{}, false
	for locale, id := range c.files {
		if m.keeps(locale, id) {
			files[locale] = m.files[locale]
			continue
		}
		fresh = true
		files[locale] = modelFile{upload: id, body: mo.uploads[id].body, revision: m.version, state: media.Pending}
	}
	m.title, m.files, m.auto = c.title, files, fresh && !c.quiet
	if !fresh && !c.quiet && topic == media.TopicSave && m.publishable() == nil {
		mo.publish(m)
	}
}

// processed notes how far the processing of a file is said to be, and reports
// whether that can be.
func (mo *model) processed(m *modelMedia, locale string, state media.FileState) bool {
	f := m.files[locale]
	if f.state == state {
		return true
	}
	if !f.busy() {
		return false
	}
	end := media.Done
	if f.body[:6] == "broken" || f.body[:6] == "failng" {
		end = media.Failed
	}
	if state != end && state != media.Processing && state != media.Pending {
		return false
	}
	f.state = state
	m.files[locale] = f
	return true
}

// finished lets the publish happen that waited for the last file, or not.
func (mo *model) finished(m *modelMedia) {
	if m.busy() || !m.auto {
		return
	}
	m.auto = false
	if m.publishable() == nil {
		mo.publish(m)
	}
}
