package media_test

import (
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/sys"
)

func TestGoldenSequence(t *testing.T) {
	is := is.New(t)
	l := newLife(t).create(true, "en")
	is.Equal(l.m.Version, int64(1))
	is.Equal(l.m.Publish, media.Publication{})
	is.Equal(l.m.File["en"].State, media.Pending)

	l.finish("en")
	firstAt := l.m.Publish.FirstAt
	check := func(status media.Status, version, published, counter int64) {
		t.Helper()
		is := is.NewRelaxed(t)
		is.Equal(l.m.Status(), status)
		is.Equal(l.m.Version, version)
		is.Equal(l.m.Publish.Version, published)
		is.Equal(l.m.Publish.Counter, counter)
		is.Equal(l.m.Publish.FirstAt, firstAt)
	}
	check(media.Published, 2, 1, 1)
	l.save(false, "")
	check(media.Changed, 3, 1, 1)
	l.save(false, "")
	check(media.Changed, 4, 1, 1)
	l.publish()
	check(media.Published, 5, 4, 2)
	is.Equal(media.Check(l.m, media.Archive{Version: 5}), media.ErrNotDraft)
	is.Equal(media.Check(l.m, media.Delete{}), media.ErrLive)
	l.unpublish()
	check(media.Draft, 6, 0, 2)
	is.Equal(l.m.Publish, media.Publication{FirstAt: firstAt, Counter: 2})
	l.archive()
	check(media.Archived, 7, 0, 2)
	is.Equal(l.m.Archive.Version, int64(6))
	l.unarchive()
	check(media.Draft, 8, 0, 2)
	l.publish()
	check(media.Published, 9, 8, 3)
}

func TestEveryCommandOfAUserNeedsTheCurrentVersion(t *testing.T) {
	l := newLife(t).create(false, "en").finish("en")
	for _, version := range []int64{0, l.m.Version - 1, l.m.Version + 1, -l.m.Version} {
		for name, c := range map[string]media.Command{
			"save":      media.Save{Version: version},
			"publish":   media.Publish{Version: version},
			"unpublish": media.Unpublish{Version: version},
			"archive":   media.Archive{Version: version},
			"unarchive": media.Unarchive{Version: version},
		} {
			t.Run(name, func(t *testing.T) {
				is := is.New(t)
				_, _, err := media.Apply(l.m, c, l.env)
				is.Equal(err, media.ErrStale) // before the reason of the cell
			})
		}
	}
}

func TestCreateRefusesWhatExists(t *testing.T) {
	is := is.New(t)
	l := newLife(t).create(false, "en")
	m, events, err := media.Apply(l.m, media.Create{ID: "m2", Space: "s1"}, l.env)
	is.True(err != nil) // the Media exists
	is.Equal(m, l.m)
	is.Equal(events, nil)
}

func TestPublishRefusesAMediaWithoutAFile(t *testing.T) {
	is := is.New(t)
	l := newLife(t).create(true)
	is.Equal(l.m.Version, int64(1)) // a create without a file never publishes
	is.Equal(media.Check(l.m, media.Publish{Version: 1}), media.ErrNoFile)
}

func TestANewUploadIsTheRetryOfAFailedFile(t *testing.T) {
	is := is.New(t)
	l := newLife(t).create(true, "en").fail("en")
	is.Equal(l.m.File["en"].Reason, "noise")
	is.Equal(l.m.File["en"].Upload, "u") // so that it can be named again

	l.save(true, "v", "en")
	is.Equal(l.m.File["en"].State, media.Pending)
	is.Equal(l.m.File["en"].Reason, "")
	is.Equal(l.m.File["en"].Blob, blobOf("v"))
	l.finish("en")
	is.Equal(l.m.Status(), media.Published)
}

func TestTheUploadOfAFailedFileKeepsIt(t *testing.T) {
	is := is.New(t)
	l := newLife(t).create(true, "en").fail("en")
	failed := l.m.File["en"]
	l.save(true, "u", "en")
	is.Equal(l.m.File["en"], failed)
	is.Equal(l.m.PublishAs, nil) // no file is new, so none is waited for
}

func TestTheUploadOfADoneFileIsANewFile(t *testing.T) {
	is := is.New(t)
	l := newLife(t).create(true, "en").finish("en").save(false, "u", "en")
	is.Equal(l.m.File["en"].State, media.Pending)
	is.Equal(l.m.File["en"].Revision, int64(3))
}

func TestSaveKeepsReplacesAndRemovesFiles(t *testing.T) {
	is := is.New(t)
	l := newLife(t).create(false, "en", "ko", "de").finish("en").finish("ko").finish("de")
	before := l.m
	l.do(media.Save{Version: 1, Blobs: blobsOf("v"), Content: media.Content{
		Title: map[string]string{"en": "a title"},
		File:  map[string]media.Entry{"en": {Name: "other.png", ContentType: "image/png"}, "ko": textEntry("v")},
	}})
	is.Equal(len(l.m.File), 2)                     // de was not listed
	is.Equal(l.m.File["en"], before.File["en"])    // an entry without an upload keeps all of the file
	is.Equal(l.m.File["ko"].Revision, int64(2))    // the version of the write that attached it
	is.Equal(before.File["ko"].Revision, int64(1)) // the input is as it was
	is.Equal(l.m.Title, map[string]string{"en": "a title"})
	is.Equal(l.m.Description, map[string]string{})
	is.Equal(l.m.Tags, []string{})
}

func TestAWriteWithoutNewFilesPublishesAtOnce(t *testing.T) {
	is := is.New(t)
	l := newLife(t).create(false, "en").finish("en").as(bob).save(true, "")
	is.Equal(l.m.Version, int64(3)) // the write and the publish
	is.Equal(l.m.Status(), media.Published)
	is.Equal(l.m.Publish.By, &bob)
	is.Equal(topics(l.events), []media.Topic{media.TopicSave, media.TopicPublish})
}

func TestAWriteThatLeavesAFailedFileDoesNotPublish(t *testing.T) {
	is := is.New(t)
	l := newLife(t).create(true, "en", "ko").fail("en").finish("ko")
	is.Equal(l.m.Status(), media.Draft)
	l.save(true, "")
	is.Equal(l.m.Status(), media.Draft)
	is.Equal(l.m.Version, int64(2))
}

func TestAWriteThatTakesTheFailedFileAwayPublishes(t *testing.T) {
	is := is.New(t)
	l := newLife(t).create(true, "en", "ko").fail("en").finish("ko")
	content := l.m.Content()
	delete(content.File, "en")
	l.do(media.Save{Version: 1, Content: content, AutoPublish: true})
	is.Equal(l.m.Status(), media.Published)
}

func TestTheLastFilePublishesForWhoWrote(t *testing.T) {
	is := is.New(t)
	l := newLife(t).create(true, "en", "ko").as(sys.Actor{}) // a worker is nobody
	l.start("en").finish("en")
	is.Equal(l.m.Status(), media.Draft) // ko is still busy
	contentAt := l.env.Now
	l.finish("ko")
	is.Equal(l.m.Status(), media.Published)
	is.Equal(l.m.Publish.By, &alice)
	is.Equal(l.m.UpdatedBy, alice)
	is.Equal(l.m.PublishAs, nil)
	is.Equal(topics(l.events), []media.Topic{media.TopicPublish})
	is.Equal(l.events[0].By, alice)
	is.Equal(l.m.Publish.ContentAt, contentAt) // the file was done just before
}

func TestPublishRemembersWhenItsContentChanged(t *testing.T) {
	is := is.New(t)
	l := newLife(t).create(false, "en").finish("en")
	contentAt := l.m.UpdatedAt
	l.publish()
	is.Equal(l.m.Publish.ContentAt, contentAt)
	is.Equal(l.m.Publish.At, contentAt.Add(time.Second))
	is.Equal(l.m.UpdatedAt, contentAt.Add(time.Second))
}

func TestALateResultChangesNothing(t *testing.T) {
	published := newLife(t).create(true, "en").finish("en")
	busy := newLife(t).create(true, "en")
	for name, c := range map[string]struct {
		m       media.Media
		command media.Command
	}{
		"start of a file that is done": {published.m, media.Start{Locale: "en", Revision: 1}},
		"second finish":                {published.m, finishCommand("en", 1)},
		"fail after finish":            {published.m, media.Fail{Locale: "en", Revision: 1, Reason: "late"}},
		"older revision":               {busy.m, finishCommand("en", 0)},
		"newer revision":               {busy.m, finishCommand("en", 2)},
		"locale without a file":        {busy.m, finishCommand("ko", 1)},
		"deleted":                      {media.Media{}, finishCommand("en", 1)},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			m, events, err := media.Apply(c.m, c.command, media.Env{Now: start.Add(time.Hour)})
			is.NoErr(err)
			is.Equal(m, c.m) // updatedAt too
			is.Equal(len(events), 0)
		})
	}
}

func TestUpdatedAtNeverFalls(t *testing.T) {
	is := is.New(t)
	l := newLife(t).create(false, "en")
	l.env.Now = start.Add(-time.Hour)
	l.finish("en")
	is.Equal(l.m.UpdatedAt, start)
	l.env.Now = start.Add(-time.Hour)
	l.publish()
	is.Equal(l.m.UpdatedAt, start)
	is.Equal(l.m.Publish.At, start)
	is.Equal(l.events[0].At, start)
}

func topics(events []media.Event) []media.Topic {
	var topics []media.Topic
	for _, e := range events {
		topics = append(topics, e.Topic)
	}
	return topics
}
