package media_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/sys"
)

// What the tests of this package work with.
var (
	alice = sys.Actor{ID: "alice"}
	bob   = sys.Actor{ID: "bob"}
	start = time.Date(2026, 6, 18, 10, 11, 46, 586e6, time.UTC)
)

// life moves one Media along, a second later with each command.
type life struct {
	t      *testing.T
	m      media.Media
	env    media.Env
	events []media.Event // of the last command
}

func newLife(t *testing.T) *life {
	return &life{t: t, env: media.Env{Now: start, By: alice}}
}

// do applies a command that must be accepted.
func (l *life) do(c media.Command) *life {
	l.t.Helper()
	m, events, err := media.Apply(l.m, c, l.env)
	if err != nil {
		l.t.Fatalf("%T: %v", c, err)
	}
	l.m, l.events = m, events
	l.env.Now = l.env.Now.Add(time.Second)
	return l
}

// as lets somebody else act from here on.
func (l *life) as(by sys.Actor) *life {
	l.env.By = by
	return l
}

// create starts the life with a new file from Upload "u" in each of the
// locales.
func (l *life) create(autoPublish bool, locales ...string) *life {
	l.t.Helper()
	return l.do(media.Create{
		ID: "m1", Space: "s1", Content: newFiles("u", locales...), Blobs: blobsOf("u"), AutoPublish: autoPublish,
	})
}

// save writes what is there once more, with new files from the Upload.
func (l *life) save(autoPublish bool, upload string, locales ...string) *life {
	l.t.Helper()
	content := l.m.Content()
	for _, locale := range locales {
		content.File[locale] = textEntry(upload)
	}
	return l.do(media.Save{Version: l.m.Version, Content: content, Blobs: blobsOf(upload), AutoPublish: autoPublish})
}

func (l *life) publish() *life   { l.t.Helper(); return l.do(media.Publish{Version: l.m.Version}) }
func (l *life) unpublish() *life { l.t.Helper(); return l.do(media.Unpublish{Version: l.m.Version}) }
func (l *life) archive() *life   { l.t.Helper(); return l.do(media.Archive{Version: l.m.Version}) }
func (l *life) unarchive() *life { l.t.Helper(); return l.do(media.Unarchive{Version: l.m.Version}) }

func (l *life) start(locale string) *life {
	l.t.Helper()
	return l.do(media.Start{Locale: locale, Revision: l.m.File[locale].Revision})
}

func (l *life) finish(locale string) *life {
	l.t.Helper()
	return l.do(finishCommand(locale, l.m.File[locale].Revision))
}

func (l *life) fail(locale string) *life {
	l.t.Helper()
	return l.do(media.Fail{Locale: locale, Revision: l.m.File[locale].Revision, Reason: "noise"})
}

func finishCommand(locale string, revision int64) media.Finish {
	return media.Finish{
		Locale: locale, Revision: revision, ContentType: "text/plain",
		MimeGroups: []string{media.GroupPlaintext}, Detail: media.Detail{Size: 5, SHA256: "digest"},
	}
}

func textEntry(upload string) media.Entry {
	return media.Entry{Name: "note.txt", ContentType: "text/plain", Upload: upload}
}

// newFiles is content with a new file from one Upload in each of the locales.
func newFiles(upload string, locales ...string) media.Content {
	files := map[string]media.Entry{}
	for _, locale := range locales {
		files[locale] = textEntry(upload)
	}
	return media.Content{File: files}
}

// blobsOf names the blob of an Upload after it.
func blobsOf(upload string) map[string]string {
	return map[string]string{upload: blobOf(upload)}
}

func blobOf(upload string) string { return fmt.Sprintf("blob-of-%s", upload) }
