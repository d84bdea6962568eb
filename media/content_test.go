package media_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/sys"
)

// hundred is a Space with more locales than a Media may use.
var hundred = func() sys.Space {
	var space sys.Space
	for i := range 120 {
		space.Locales = append(space.Locales, sys.Locale{Code: fmt.Sprintf("l%d", i)})
	}
	return space
}()

func title(text string) media.Content {
	return media.Content{Title: map[string]string{"l0": text}}
}

func description(text string) media.Content {
	return media.Content{Description: map[string]string{"l0": text}}
}

func fileNamed(name string) media.Content {
	return media.Content{File: map[string]media.Entry{"l0": {Name: name, ContentType: "text/plain", Upload: "u"}}}
}

func fileTyped(contentType string) media.Content {
	return media.Content{File: map[string]media.Entry{"l0": {Name: "a", ContentType: contentType, Upload: "u"}}}
}

func tags(n int) media.Content {
	return media.Content{Tags: strings.Split(strings.Repeat("t ", n)[:2*n-1], " ")}
}

func titles(locales int) media.Content {
	content := media.Content{Title: map[string]string{}}
	for i := range locales {
		content.Title[fmt.Sprintf("l%d", i)] = "a"
	}
	return content
}

// descriptions is content of the character so many times.
func descriptions(character string, times int) media.Content {
	content := media.Content{Description: map[string]string{}}
	for i := 0; times > 0; i++ {
		n := min(times, 50_000)
		content.Description[fmt.Sprintf("l%d", i)] = strings.Repeat(character, n)
		times -= n
	}
	return content
}

func TestContentWithinTheLimitsIsValid(t *testing.T) {
	for name, content := range map[string]media.Content{
		"nothing":                   {},
		"empty texts":               {Title: map[string]string{"l0": ""}, Description: map[string]string{"l0": ""}},
		"title of 256 characters":   title(strings.Repeat("가", 256)),
		"description of 50,000":     description(strings.Repeat("é", 50_000)),
		"file name of 255 bytes":    fileNamed(strings.Repeat("é", 127) + "a"),
		"file name with a space":    fileNamed("my photo (1).png"),
		"file name in Korean":       fileNamed("사진.png"),
		"file name with dots":       fileNamed("..."),
		"hidden file name":          fileNamed(".htaccess"),
		"file name with %2F":        fileNamed("a%2Fb"),
		"content type of 255 bytes": fileTyped("text/" + strings.Repeat("a", 250)),
		"content type with charset": fileTyped("text/plain; charset=utf-8"),
		"100 locales":               titles(100),
		"100 tags":                  tags(100),
		"almost 1 MB":               descriptions("a", 999_000),
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			is.NoErr(content.Validate(hundred))
		})
	}
}

func TestContentOverTheLimitsIsRefused(t *testing.T) {
	const atName, atType = "/fields/file/l0/fileName", "/fields/file/l0/contentType"
	for name, c := range map[string]struct {
		content media.Content
		path    string
	}{
		"title of 257 characters":     {title(strings.Repeat("가", 257)), "/fields/title/l0"},
		"description of 50,001":       {description(strings.Repeat("é", 50_001)), "/fields/description/l0"},
		"title that is not UTF-8":     {title("a\xffb"), "/fields/title/l0"},
		"description not UTF-8":       {description("\xc3"), "/fields/description/l0"},
		"title of a foreign locale":   {media.Content{Title: map[string]string{"xx": "a"}}, "/fields/title/xx"},
		"file of a foreign locale":    {newFiles("u", "x/~"), "/fields/file/x~1~0"},
		"no file name":                {fileNamed(""), atName},
		"file name of 256 bytes":      {fileNamed(strings.Repeat("é", 128)), atName},
		"file name that is not UTF-8": {fileNamed("a\xff.png"), atName},
		"file name with a slash":      {fileNamed("a/b"), atName},
		"file name with a backslash":  {fileNamed(`a\b`), atName},
		"file name with a NUL":        {fileNamed("a\x00.png"), atName},
		"file name with a newline":    {fileNamed("a\r\nSet-Cookie: b"), atName},
		"file name with a C1 control": {fileNamed("a\u0085"), atName},
		"file name with DEL":          {fileNamed("a\x7f"), atName},
		"file name turned around":     {fileNamed("gpj.\u202eexe"), atName},
		"file name with an isolate":   {fileNamed("a\u2066b"), atName},
		"file name with a mark":       {fileNamed("a\u200fb"), atName},
		"file name with a separator":  {fileNamed("a\u2028b"), atName},
		"file name of this directory": {fileNamed("."), atName},
		"file name of the parent":     {fileNamed(".."), atName},
		"no content type":             {fileTyped(""), atType},
		"content type of 256 bytes":   {fileTyped(strings.Repeat("a", 256)), atType},
		"content type with a newline": {fileTyped("text/html\r\nX: y"), atType},
		"content type in Korean":      {fileTyped("텍스트"), atType},
		"content type with DEL":       {fileTyped("text/\x7f"), atType},
		"101 locales":                 {titles(101), "/fields"},
		"101 tags":                    {tags(101), "/metadata/tags"},
		"a tag that is no id":         {media.Content{Tags: []string{"ok", "a/b"}}, "/metadata/tags/1"},
		"an empty tag":                {media.Content{Tags: []string{""}}, "/metadata/tags/0"},
		"over 1 MB":                   {descriptions("a", 1_000_000), ""},
		"over 1 MB once encoded":      {descriptions("\x01", 180_000), ""},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			err := c.content.Validate(hundred)
			var invalid *sys.Invalid
			is.True(errors.As(err, &invalid)) // it is refused
			is.True(errors.Is(err, media.ErrContent))
			is.True(errors.Is(err, sys.ErrInvalid))
			is.Equal(len(invalid.Problems), 1)
			is.Equal(invalid.Problems[0].Path, c.path)
		})
	}
}

func TestLocalesAreCountedOverAllFields(t *testing.T) {
	is := is.New(t)
	content := titles(60)
	content.Description = map[string]string{}
	for i := 60; i < 101; i++ {
		content.Description[fmt.Sprintf("l%d", i)] = "a"
	}
	is.True(errors.Is(content.Validate(hundred), media.ErrContent))
	delete(content.Description, "l100")
	is.NoErr(content.Validate(hundred))
}

func TestEveryProblemOfAContentIsReported(t *testing.T) {
	is := is.New(t)
	err := media.Content{
		Title: map[string]string{"xx": "a", "l0": strings.Repeat("a", 257)},
		File:  map[string]media.Entry{"l1": {}},
		Tags:  []string{"a/b"},
	}.Validate(hundred)
	var invalid *sys.Invalid
	is.True(errors.As(err, &invalid))
	var paths []string
	for _, p := range invalid.Problems {
		paths = append(paths, p.Path)
	}
	is.Equal(paths, []string{
		"/fields/title/xx", "/fields/title/l0",
		"/fields/file/l1/fileName", "/fields/file/l1/contentType", "/metadata/tags/0",
	})
}

func TestTheContentOfAMediaSavesToItself(t *testing.T) {
	is := is.New(t)
	l := newLife(t).do(media.Create{ID: "m1", Space: "s1", Blobs: blobsOf("u"), Content: media.Content{
		Title: map[string]string{"en": "a"}, Description: map[string]string{"en": ""},
		File: newFiles("u", "en", "ko").File, Tags: []string{"t"},
	}}).finish("en").fail("ko")
	before := l.m
	l.do(media.Save{Version: 1, Content: before.Content()})

	want := before
	want.Version, want.UpdatedAt = 2, l.m.UpdatedAt
	is.Equal(l.m, want)
}

func TestTheContentOfAMediaIsACopy(t *testing.T) {
	is := is.New(t)
	l := newLife(t).do(media.Create{ID: "m1", Space: "s1", Content: media.Content{
		Title: map[string]string{"en": "a"}, Tags: []string{"t"},
	}})
	content := l.m.Content()
	content.Title["en"], content.Tags[0] = "b", "u"
	is.Equal(l.m.Title["en"], "a")
	is.Equal(l.m.Tags[0], "t")
}
