package media

import (
	"maps"
	"slices"
	"time"

	"github.com/weegloo/weegloo/sys"
)

// Apply is the life of a Media: what m becomes by c, and the events that tell
// of it, in order. It is pure. On error m comes back unchanged; m is never
// modified, but the result may share with it what did not change.
//
// The zero Media stands for one that does not exist: Create makes from it one
// that does, Delete makes it from one that did.
func Apply(m Media, c Command, env Env) (Media, []Event, error) {
	if err := c.refusal(m); err != nil {
		return m, nil, err
	}
	ch := &change{m: m.clone(), now: later(env.Now, m.UpdatedAt), by: env.By}
	c.apply(ch)
	return ch.m, ch.events, nil
}

// Check is the error that Apply would give for the state of m: the part of
// a command's refusal that does not look at the content.
func Check(m Media, c Command) error { return c.refusal(m) }

// later keeps UpdatedAt from falling when the clock does.
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// clone copies what a change may write to.
func (m Media) clone() Media {
	m.File = maps.Clone(m.File)
	return m
}

// change is one Apply under way.
type change struct {
	m      Media
	now    time.Time
	by     sys.Actor
	events []Event
}

// step is one accepted change by a user.
func (ch *change) step(topic Topic, by sys.Actor) {
	ch.m.Version++
	ch.m.UpdatedAt, ch.m.UpdatedBy = ch.now, by
	ch.tell(topic, by)
}

func (ch *change) tell(topic Topic, by sys.Actor) {
	ch.events = append(ch.events, Event{
		Topic: topic, Space: ch.m.Space, Media: ch.m.ID,
		Version: ch.m.Version, At: ch.now, By: by,
	})
}

func (c Create) apply(ch *change) {
	ch.m = Media{
		ID: c.ID, Space: c.Space,
		CreatedBy: ch.by, CreatedAt: ch.now,
	}
	ch.write(TopicCreate, c.Content, c.Blobs, c.AutoPublish)
}

func (c Save) apply(ch *change) {
	fresh := ch.write(TopicSave, c.Content, c.Blobs, c.AutoPublish)
	if c.AutoPublish && !fresh {
		ch.autoPublish(ch.by)
	}
}

// write replaces the content and reports whether a file is new in it.
func (ch *change) write(topic Topic, content Content, blobs map[string]string, autoPublish bool) (fresh bool) {
	ch.step(topic, ch.by)
	files := make(map[string]File, len(content.File))
	for locale, entry := range content.File {
		stored, ok := ch.m.File[locale]
		if ok && entry.keeps(stored) {
			files[locale] = stored
			continue
		}
		fresh = true
		files[locale] = File{
			Name: entry.Name, ContentType: entry.ContentType,
			MimeGroups: MimeGroups(entry.ContentType, entry.Name),
			State:      Pending, Upload: entry.Upload,
			Revision: ch.m.Version, Blob: blobs[entry.Upload],
			Work: &Work{Since: ch.now, Next: ch.now},
		}
	}
	ch.m.File = files
	ch.m.Title, ch.m.Description = orEmpty(content.Title), orEmpty(content.Description)
	ch.m.Tags = append([]string{}, content.Tags...)
	ch.m.PublishAs = nil
	if autoPublish && fresh {
		by := ch.by
		ch.m.PublishAs = &by
	}
	return fresh
}

func orEmpty(texts map[string]string) map[string]string {
	if texts == nil {
		return map[string]string{}
	}
	return maps.Clone(texts)
}

func (c Publish) apply(ch *change) { ch.publish(ch.by) }

func (ch *change) publish(by sys.Actor) {
	p := &ch.m.Publish
	p.Version, p.At, p.By, p.ContentAt = ch.m.Version, ch.now, &by, ch.m.UpdatedAt
	if p.FirstAt.IsZero() {
		p.FirstAt = ch.now
	}
	p.Counter++
	ch.m.Live = ch.m.draftBlobs()
	ch.step(TopicPublish, by)
}

// autoPublish publishes if there is nothing in the way.
func (ch *change) autoPublish(by sys.Actor) {
	if publishable(ch.m) == nil {
		ch.publish(by)
	}
}

func (c Unpublish) apply(ch *change) {
	ch.m.Publish = Publication{FirstAt: ch.m.Publish.FirstAt, Counter: ch.m.Publish.Counter}
	ch.m.Live = nil
	ch.step(TopicUnpublish, ch.by)
}

func (c Archive) apply(ch *change) {
	ch.m.Archive = &Archival{Version: ch.m.Version, At: ch.now, By: ch.by}
	ch.step(TopicArchive, ch.by)
}

func (c Unarchive) apply(ch *change) {
	ch.m.Archive = nil
	ch.step(TopicUnarchive, ch.by)
}

func (Delete) apply(ch *change) {
	ch.tell(TopicDelete, ch.by)
	ch.m = Media{}
}

func (c Start) apply(ch *change) {
	ch.file(c.Locale, c.Revision, func(f *File) {
		f.State = Processing
		f.Work = &Work{Since: f.Work.Since, Attempt: c.Attempt, Next: c.Until}
	})
}

func (c Retry) apply(ch *change) {
	ch.file(c.Locale, c.Revision, func(f *File) {
		f.State = Pending
		f.Work = &Work{Since: f.Work.Since, Attempt: f.Work.Attempt, Next: c.At}
	})
}

func (c Finish) apply(ch *change) {
	ch.file(c.Locale, c.Revision, func(f *File) {
		detail := c.Detail
		f.State, f.Upload, f.Work, f.Detail = Done, "", nil, &detail
		f.ContentType, f.MimeGroups = c.ContentType, slices.Clone(c.MimeGroups)
	})
}

func (c Fail) apply(ch *change) {
	ch.file(c.Locale, c.Revision, func(f *File) { f.State, f.Work, f.Reason = Failed, nil, c.Reason })
}

// file changes a busy file of the given revision, if it is there. When no file
// is busy any more, the publish that was waiting for it happens, or is off.
func (ch *change) file(locale string, revision int64, edit func(*File)) {
	f, ok := ch.m.File[locale]
	if !ok || f.Revision != revision || !f.Busy() {
		return
	}
	edit(&f)
	ch.m.File[locale] = f
	ch.m.UpdatedAt = ch.now
	if ch.m.Busy() || ch.m.PublishAs == nil {
		return
	}
	by := *ch.m.PublishAs
	ch.m.PublishAs = nil
	ch.autoPublish(by)
}
