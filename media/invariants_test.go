package media_test

import (
	"reflect"
	"slices"
	"time"

	"github.com/weegloo/weegloo/media"
)

// step is one step of the explorer.
type step struct {
	before  media.Media
	command media.Command
	env     media.Env
	after   media.Media
	events  []media.Event
	err     error
}

// isResult reports whether the command is a result of processing.
func (st step) isResult() bool {
	switch st.command.(type) {
	case media.Start, media.Retry, media.Finish, media.Fail:
		return true
	}
	return false
}

// awaited reports whether a result is about a file that is there and busy.
func (st step) awaited() bool {
	var f media.File
	var revision int64
	switch c := st.command.(type) {
	case media.Start:
		f, revision = st.before.File[c.Locale], c.Revision
	case media.Retry:
		f, revision = st.before.File[c.Locale], c.Revision
	case media.Finish:
		f, revision = st.before.File[c.Locale], c.Revision
	case media.Fail:
		f, revision = st.before.File[c.Locale], c.Revision
	}
	return f.Busy() && f.Revision == revision
}

// published reports whether the step published, by itself or by command.
func (st step) published() bool { return st.after.Publish.Counter > st.before.Publish.Counter }

// problem is which invariant the step breaks, or nothing.
func (st step) problem() string {
	if st.err != nil {
		return st.refusalProblem()
	}
	if st.after.ID == "" {
		return st.deletionProblem()
	}
	for _, check := range []func(before, after media.Media) string{
		st.versionProblem, st.timeProblem, st.publishProblem, st.autoPublishProblem, st.eventProblem,
		statusProblem, fileProblem, blobProblem,
	} {
		if problem := check(st.before, st.after); problem != "" {
			return problem
		}
	}
	return ""
}

func (st step) refusalProblem() string {
	switch {
	case !reflect.DeepEqual(st.after, st.before):
		return "a refused command changed something"
	case len(st.events) > 0:
		return "a refused command has events"
	case st.isResult():
		return "a result of processing was refused"
	}
	return ""
}

func (st step) deletionProblem() string {
	want := media.Event{
		Topic: media.TopicDelete, Space: "s1", Media: "m1", Version: st.before.Version, At: st.env.Now, By: st.env.By,
	}
	switch {
	case st.command != media.Delete{}:
		return "it is gone without a Delete"
	case st.before.Publish.Version != 0 || st.before.Busy():
		return "a published or busy Media was deleted"
	case !reflect.DeepEqual(st.after, media.Media{}):
		return "something is left of it"
	case len(st.events) != 1 || st.events[0] != want:
		return "a Delete without its event"
	}
	return ""
}

// versionProblem: exactly one for each accepted change by a user, one more for
// the publish that follows by itself, none for processing.
func (st step) versionProblem(before, after media.Media) string {
	want := before.Version
	if !st.isResult() {
		want++
	}
	if _, byCommand := st.command.(media.Publish); st.published() && !byCommand {
		want++
	}
	switch {
	case after.Version != want:
		return "wrong version"
	case after.Publish.Version >= after.Version:
		return "publish.version is not older than the version"
	case after.Archive != nil && after.Archive.Version >= after.Version:
		return "archive.version is not older than the version"
	}
	return ""
}

func (st step) timeProblem(before, after media.Media) string {
	late := st.isResult() && !st.awaited()
	switch {
	case late && (len(st.events) > 0 || !reflect.DeepEqual(after, before)):
		return "a late result had an effect"
	case !late && !after.UpdatedAt.Equal(st.env.Now):
		return "updatedAt did not move"
	case after.UpdatedAt.Before(before.UpdatedAt):
		return "updatedAt fell"
	case before.ID != "" && (!after.CreatedAt.Equal(before.CreatedAt) || after.CreatedBy != before.CreatedBy):
		return "its creation changed"
	case before.ID == "" && after.CreatedBy != st.env.By:
		return "somebody else created it"
	case after.Version > before.Version && after.UpdatedBy.ID == "":
		return "nobody is named for a change"
	case st.isResult() && after.Version == before.Version && after.UpdatedBy != before.UpdatedBy:
		return "processing put itself into updatedBy"
	}
	return ""
}

func (st step) publishProblem(before, after media.Media) string {
	b, a := before.Publish, after.Publish
	grown := a.Counter - b.Counter
	switch {
	case grown != 0 && grown != 1:
		return "the counter fell or jumped"
	case !b.FirstAt.IsZero() && !a.FirstAt.Equal(b.FirstAt):
		return "firstAt changed"
	case a.FirstAt.IsZero() != (a.Counter == 0):
		return "firstAt and counter disagree"
	case (a.Version == 0) != (a.By == nil) || (a.Version == 0) != a.At.IsZero() || (a.Version == 0) != a.ContentAt.IsZero():
		return "the publication is half there"
	case grown == 1 && (a.Version != after.Version-1 || !a.At.Equal(st.env.Now)):
		return "a publish that did not write itself down"
	case grown == 0 && a.Version != 0 && a.Version != b.Version:
		return "publish.version changed without a publish"
	case after.Archive != nil && a.Version != 0:
		return "archived and published"
	}
	return ""
}

// autoPublishProblem: a publish that follows by itself is waited for by a busy
// file, happens once, and in the name of whoever made the write.
func (st step) autoPublishProblem(before, after media.Media) string {
	if after.PublishAs != nil && !after.Busy() {
		return "a publish is waited for that no file will bring"
	}
	_, byCommand := st.command.(media.Publish)
	if !st.published() {
		return st.missedPublish(before, after)
	}
	by := after.Publish.By
	switch {
	case after.PublishAs != nil:
		return "published, and it will be again"
	case *by != after.UpdatedBy || *by != st.events[len(st.events)-1].By:
		return "the publish has two authors"
	case st.isResult() && (before.PublishAs == nil || *by != *before.PublishAs):
		return "published for somebody else than the writer"
	case !st.isResult() && *by != st.env.By:
		return "published for somebody else than the caller"
	case !byCommand && !st.isResult() && !st.command.(media.Save).AutoPublish:
		return "published against the caller's will"
	}
	return ""
}

// missedPublish looks for a publish that should have followed by itself.
func (st step) missedPublish(before, after media.Media) string {
	ready := len(after.File) > 0 && !after.Busy() && !after.Failed()
	switch c := st.command.(type) {
	case media.Save:
		if c.AutoPublish && ready {
			return "a write with nothing in the way did not publish"
		}
	case media.Finish:
		if before.PublishAs != nil && ready {
			return "the last file did not publish"
		}
	}
	return ""
}

// eventProblem: one event for each step of the version, and none besides.
func (st step) eventProblem(before, after media.Media) string {
	if int64(len(st.events)) != after.Version-before.Version {
		return "events and versions disagree"
	}
	for i, e := range st.events {
		want := media.Event{
			Topic: e.Topic, Space: "s1", Media: "m1", Version: before.Version + int64(i) + 1,
			At: st.env.Now, By: after.UpdatedBy,
		}
		if e != want {
			return "an event tells something else"
		}
	}
	if !slices.Equal(topics(st.events), st.wantTopics()) {
		return "the wrong topics"
	}
	return ""
}

func (st step) wantTopics() (want []media.Topic) {
	switch st.command.(type) {
	case media.Create:
		want = append(want, media.TopicCreate)
	case media.Save:
		want = append(want, media.TopicSave)
	case media.Unpublish:
		want = append(want, media.TopicUnpublish)
	case media.Archive:
		want = append(want, media.TopicArchive)
	case media.Unarchive:
		want = append(want, media.TopicUnarchive)
	}
	if st.published() {
		want = append(want, media.TopicPublish)
	}
	return want
}

// statusProblem holds the status against the table of section 4, rule 5.
func statusProblem(_, m media.Media) string {
	want := media.Changed
	switch {
	case m.Archive != nil:
		want = media.Archived
	case m.Publish.Version == 0:
		want = media.Draft
	case m.Version == m.Publish.Version+1:
		want = media.Published
	}
	switch {
	case m.Status() != want:
		return "wrong status"
	case want == media.Published && (m.Busy() || m.Failed() || len(m.File) == 0):
		return "published with a file that cannot be delivered"
	case want == media.Archived && m.Busy():
		return "archived while busy"
	}
	return ""
}

// fileProblem: a file has either an Upload and a state, or a Detail.
func fileProblem(_, m media.Media) string {
	for _, f := range m.File {
		done := f.State == media.Done
		switch {
		case done == (f.Detail == nil) || done != (f.Upload == ""):
			return "a file is neither done nor waiting"
		case (f.State == media.Failed) != (f.Reason != ""):
			return "a failed file without a reason, or a reason without"
		case f.Busy() != (f.Work != nil):
			return "a file that waits without work, or work on one that does not"
		case f.Revision < 1 || f.Revision > m.Version:
			return "a file of a version that never was"
		case f.Blob == "":
			return "a file without bytes"
		}
	}
	return ""
}

// blobProblem: what is published is held, and nothing is when nothing is.
func blobProblem(_, m media.Media) string {
	held := m.Blobs()
	for _, key := range m.Live {
		if !slices.Contains(held, key) {
			return "published bytes are not held"
		}
	}
	for _, f := range m.File {
		if !slices.Contains(held, f.Blob) {
			return "the bytes of a file are not held"
		}
		if m.Status() == media.Published && !slices.Contains(m.Live, f.Blob) {
			return "a published file is not live"
		}
	}
	switch {
	case (m.Publish.Version == 0) != (len(m.Live) == 0):
		return "live without being published, or published and not live"
	case !slices.IsSorted(held) || len(slices.Compact(slices.Clone(held))) != len(held):
		return "held twice"
	}
	return ""
}

// problemWhenTheClockFalls repeats the step an hour early.
func (st step) problemWhenTheClockFalls() string {
	m := st.before
	early := st.env
	early.Now = m.UpdatedAt.Add(-time.Hour)
	after, events, err := media.Apply(m, st.command, early)
	switch {
	case (err == nil) != (st.err == nil):
		return "the clock decides about a refusal"
	case err == nil && shapeOf(after) != shapeOf(st.after):
		return "the clock decides about more than times"
	case after.ID != "" && after.UpdatedAt.Before(m.UpdatedAt):
		return "updatedAt fell with the clock"
	case after.ID != "" && after.Publish.At.Before(m.Publish.At) && after.Publish.Version != 0:
		return "publish.at fell with the clock"
	case len(events) != len(st.events):
		return "the clock decides about events"
	}
	return ""
}
