package media

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/weegloo/weegloo/internal/record"
	"github.com/weegloo/weegloo/sys"
)

// The limits of a Media's content (contract, section 1).
const (
	maxTitle       = 256       // characters
	maxDescription = 50_000    // characters
	maxFileName    = 255       // bytes
	maxContentType = 255       // bytes
	maxLocales     = 100       // of one Media
	maxTags        = 100       // of one Media
	maxContent     = 1_000_000 // bytes, of all of it as JSON
)

// Validate reports everything that is wrong with the content for a Space with
// the given locales, as an *sys.Invalid wrapping ErrContent. Paths are those of
// the contract's JSON form.
func (c Content) Validate(space sys.Space) error {
	var check sys.Check
	c.validateLocales(&check, space)
	for _, locale := range slices.Sorted(maps.Keys(c.Title)) {
		checkText(&check, "title", locale, c.Title[locale], maxTitle)
	}
	for _, locale := range slices.Sorted(maps.Keys(c.Description)) {
		checkText(&check, "description", locale, c.Description[locale], maxDescription)
	}
	for _, locale := range slices.Sorted(maps.Keys(c.File)) {
		c.File[locale].validate(&check, locale)
	}
	c.validateTags(&check)
	if err := check.Err(); err != nil {
		return err
	}
	return c.validateSize()
}

func (c Content) validateLocales(check *sys.Check, space sys.Space) {
	all := map[string]bool{}
	for _, field := range []struct {
		name    string
		locales []string
	}{
		{"title", slices.Sorted(maps.Keys(c.Title))},
		{"description", slices.Sorted(maps.Keys(c.Description))},
		{"file", slices.Sorted(maps.Keys(c.File))},
	} {
		for _, locale := range field.locales {
			all[locale] = true
			if !space.Has(locale) {
				check.Add(ErrContent, sys.Pointer("fields", field.name, locale), "the space does not have this locale")
			}
		}
	}
	if len(all) > maxLocales {
		check.Add(ErrContent, "/fields", "%d locales, at most %d are allowed", len(all), maxLocales)
	}
}

// checkText accepts what the record gives back as it was.
func checkText(check *sys.Check, field, locale, text string, limit int) {
	at := sys.Pointer("fields", field, locale)
	if n := utf8.RuneCountInString(text); n > limit {
		check.Add(ErrContent, at, "%d characters, at most %d are allowed", n, limit)
	}
	if !utf8.ValidString(text) {
		check.Add(ErrContent, at, "not valid UTF-8")
	}
}

func (e Entry) validate(check *sys.Check, locale string) {
	at := func(key string) string { return sys.Pointer("fields", "file", locale, key) }
	if problem := fileNameProblem(e.Name); problem != "" {
		check.Add(ErrContent, at("fileName"), "%s", problem)
	}
	if problem := contentTypeProblem(e.ContentType); problem != "" {
		check.Add(ErrContent, at("contentType"), "%s", problem)
	}
}

// fileNameProblem says what keeps a name from being a label that is safe to
// show, to send in a header and to save under. A name is never used as a path,
// but what downloads the file may do so.
func fileNameProblem(name string) string {
	switch {
	case name == "":
		return "is required"
	case len(name) > maxFileName:
		return fmt.Sprintf("%d bytes, at most %d are allowed", len(name), maxFileName)
	case !utf8.ValidString(name):
		return "not valid UTF-8"
	case name == "." || name == "..":
		return "not a file name"
	case strings.ContainsAny(name, `/\`):
		return "must not contain a slash or a backslash"
	case strings.ContainsFunc(name, unprintable):
		return "must not contain control characters"
	}
	return ""
}

// unprintable covers control characters and those that turn the direction of
// the text around them, which make "gpj.exe" look like "exe.jpg".
func unprintable(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}

// contentTypeProblem accepts what may be sent in a header. Whether it is true
// is for processing to find out.
func contentTypeProblem(contentType string) string {
	switch {
	case contentType == "":
		return "is required"
	case len(contentType) > maxContentType:
		return fmt.Sprintf("%d bytes, at most %d are allowed", len(contentType), maxContentType)
	case strings.ContainsFunc(contentType, func(r rune) bool { return r < ' ' || r > '~' }):
		return "must be printable ASCII"
	}
	return ""
}

func (c Content) validateTags(check *sys.Check) {
	if len(c.Tags) > maxTags {
		check.Add(ErrContent, "/metadata/tags", "%d tags, at most %d are allowed", len(c.Tags), maxTags)
	}
	for i, tag := range c.Tags {
		if !sys.ValidID(tag) {
			check.Add(ErrContent, fmt.Sprintf("/metadata/tags/%d", i), "not an id")
		}
	}
}

func (c Content) validateSize() error {
	encoded, err := record.Encode(c)
	if err != nil {
		return err
	}
	if len(encoded) > maxContent {
		return sys.NewInvalid(ErrContent, "", "%d bytes in all, at most %d are allowed", len(encoded), maxContent)
	}
	return nil
}

// Content is what the Media is now, as a client would have to say it. Saved
// again it changes nothing but the version.
func (m Media) Content() Content {
	files := make(map[string]Entry, len(m.File))
	for locale, f := range m.File {
		files[locale] = Entry{Name: f.Name, ContentType: f.ContentType}
	}
	return Content{
		Title: maps.Clone(m.Title), Description: maps.Clone(m.Description),
		File: files, Tags: slices.Clone(m.Tags),
	}
}
