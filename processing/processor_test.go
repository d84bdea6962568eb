package processing_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/processing"
)

// untouchable fails the test when it is read.
type untouchable struct{ t *testing.T }

func (u untouchable) ReadAt([]byte, int64) (int, error) {
	u.t.Helper()
	u.t.Error("the bytes were read")
	return 0, errors.New("untouchable")
}

func TestWhatTellsNothingMoreIsNotRead(t *testing.T) {
	cases := []struct {
		name, head, contentType, group string
	}{
		{"a.txt", aText, "text/plain", media.GroupPlaintext},
		{"a.csv", noise, "application/octet-stream", media.GroupSpreadsheet},
		{"a", noise, "application/octet-stream", media.GroupAttachment},
	}
	for _, c := range cases {
		t.Run(c.contentType, func(t *testing.T) {
			is := is.New(t)
			result, err := processing.Headers{}.Process(context.Background(), processing.Source{
				Name: c.name, Sniffed: processing.Sniff([]byte(c.head)), Size: int64(len(c.head)), Bytes: untouchable{t},
			})
			is.NoErr(err)
			is.Equal(result, processing.Result{ContentType: c.contentType, MimeGroups: []string{c.group}})
		})
	}
}

func TestARawPhotographHasNoSizeOfItsThumbnail(t *testing.T) {
	is := is.New(t)
	result, err := processing.Headers{}.Process(context.Background(), processing.Source{
		Declared: "image/x-nikon-nef", Sniffed: "image/tiff", Size: int64(len(aTIFF)), Bytes: strings.NewReader(aTIFF),
	})
	is.NoErr(err)
	is.Equal(result.ContentType, "image/x-nikon-nef")
	is.Equal(result.Image, nil)
}

func TestNoiseDeclaredAsAnImageIsDone(t *testing.T) {
	is := is.New(t)
	result, err := processing.Headers{}.Process(context.Background(), processing.Source{
		Name: "noise", Declared: "image/png", Sniffed: processing.Sniff([]byte(noise)), Size: int64(len(noise)), Bytes: untouchable{t},
	})
	is.NoErr(err)
	is.Equal(result.ContentType, "application/octet-stream")
	is.Equal(result.MimeGroups, []string{media.GroupAttachment})
}

func TestTheSignatureOfAnImageIsAClaim(t *testing.T) {
	is := is.New(t)
	broken := "\x89PNG\r\n\x1a\n" + noise
	result, err := processing.Headers{}.Process(context.Background(), processing.Source{
		Name: "broken.png", Declared: "text/plain", Sniffed: processing.Sniff([]byte(broken)),
		Size: int64(len(broken)), Bytes: strings.NewReader(broken),
	})
	is.True(isUnreadable(err))
	is.Equal(result, processing.Result{})
}

func TestACancelledContextReadsNothing(t *testing.T) {
	is := is.New(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := processing.Headers{}.Process(ctx, processing.Source{Sniffed: "image/png", Size: 100, Bytes: untouchable{t}})
	is.True(errors.Is(err, context.Canceled))
}

func TestAFailureSaysWhatWentWrong(t *testing.T) {
	is := is.New(t)
	cause := errors.New("no key frame")
	err := error(processing.NewFailure("unreadable-film", cause))
	is.Equal(err.Error(), "processing: unreadable-film: no key frame")
	is.True(errors.Is(err, cause))
}
