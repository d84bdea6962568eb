package processing

import (
	"bytes"
	"slices"
	"strings"
)

// markupLength is how many bytes are looked at for the outermost element of a
// text that shows as markup: licences and document types stand before it.
const markupLength = 64 << 10

// lookAtMarkup is the content type by the outermost element of a text, if that
// is one of [roots]. Of head that is no XML up to there, the library's opinion
// stands.
func lookAtMarkup(head []byte, shown string) string {
	if !startsWithTag(head) {
		return shown
	}
	r, ok := findRoot(head)
	if !ok {
		return shown
	}
	if contentType, ok := rootType(r); ok && (contentType != typeXHTML || shown != typeHTML) {
		return contentType // most of what says that it is XHTML was never meant to be XML
	}
	if shown == typeSVG {
		return typeXML // the library saw "<svg" somewhere
	}
	return shown
}

func startsWithTag(head []byte) bool {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	return len(head) > 0 && head[0] == '<'
}

// rootType is the type that an outermost element stands for.
func rootType(r root) (string, bool) {
	space := r.space()
	for _, known := range roots {
		if known.name != r.local() {
			continue
		}
		unsaid := known.loose && r.declared && (space == "" || strings.HasPrefix(space, "&"))
		if known.space == space || known.space == "" || unsaid {
			return known.contentType, true
		}
	}
	return "", false
}

// lookDeeperAtMarkup looks further into a text than the first bytes, and at
// how sure it is that it is HTML.
func lookDeeperAtMarkup(file section, v verdict) (verdict, error) {
	head, err := file.head(SniffLength)
	if err != nil {
		return v, err
	}
	if _, ok := findRoot(head); !ok && file.size > SniffLength && startsWithTag(head) {
		if head, err = file.head(markupLength); err != nil {
			return v, err
		}
		if _, ok := findRoot(head); !ok && v.shown == typeSVG {
			v.shown = typeXML // it may be one, and nobody would know its size
		}
	}
	v.shown = lookAtMarkup(head, v.shown)
	v.guessed = v.guessed || v.shown == typeHTML && !isDocument(head)
	return v, nil
}

// isDocument reports whether a text begins as only HTML does. Markdown may
// begin with most other tags, and with a comment.
func isDocument(head []byte) bool {
	m := markup{rest: bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))}
	for m.space(); m.skip("<!--"); m.space() {
		if !m.skipTo("-->") {
			return false
		}
	}
	rest := strings.ToLower(string(m.rest[:min(len(m.rest), 16)]))
	return slices.ContainsFunc(documentTags, func(tag string) bool { return strings.HasPrefix(rest, tag) })
}
