package processing

import (
	"path"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// reconcile is the content type of a file whose client declared one and whose
// bytes show another (contract, section 3). The bytes decide: what is declared
// is kept only if it names the same or a more specific kind of what is shown.
// If the client says nothing of use, the extension of the name may do so under
// the same condition.
func reconcile(declared, name string, v verdict) string {
	declared = canonical(declared)
	guessed := v.guessed || slices.Contains(guesses, v.shown)
	fits := func(contentType string) bool {
		return contentType == v.shown || isKind(contentType, v.shown) || guessed && isKind(contentType, plainText)
	}
	if fits(declared) {
		return declared
	}
	if named := extensions[extension(name)]; named != "" && fits(named) {
		return named
	}
	return v.shown
}

// isKind reports whether declared names a more specific kind of shown. Both
// are canonical.
func isKind(declared, shown string) bool {
	switch shown {
	case octetStream:
		return !isKnown(declared)
	case plainText:
		return matches(kinds[plainText], declared) && !matches(signed, declared)
	case typeXML:
		return matches(kinds[typeXML], declared) && !hasRoot(declared)
	}
	return matches(kinds[shown], declared)
}

// hasRoot reports whether an XML text of this type is told by its root.
func hasRoot(contentType string) bool {
	for _, r := range roots {
		if r.contentType == contentType {
			return true
		}
	}
	return false
}

// isKnown reports whether bytes of this type would have shown more than noise.
func isKnown(contentType string) bool {
	if matches(telling, contentType) || matches(signed, contentType) || mimetype.Lookup(contentType) != nil {
		return true
	}
	for _, patterns := range kinds {
		if matches(patterns, contentType) {
			return true
		}
	}
	return false
}

func matches(patterns []string, contentType string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, _ := path.Match(pattern, contentType) // our patterns are well-formed
		return ok
	})
}

// canonical is the one name of a content type that has several, without
// parameters and in lower case. What is no content type is noise.
func canonical(contentType string) string {
	contentType, _, _ = strings.Cut(contentType, ";")
	contentType = strings.ToLower(strings.TrimSpace(contentType))
	if !isType(contentType) {
		return octetStream
	}
	if name, ok := names[contentType]; ok {
		return name
	}
	if known := mimetype.Lookup(contentType); known != nil {
		name, _, _ := strings.Cut(known.String(), ";")
		return name
	}
	return contentType
}

// maxTypeLength is what RFC 6838 allows for each half of a content type.
const maxTypeLength = 127

func isType(s string) bool {
	top, sub, ok := strings.Cut(s, "/")
	return ok && isTypeName(top) && isTypeName(sub)
}

// isTypeName reports whether s is a restricted-name of RFC 6838.
func isTypeName(s string) bool {
	if s == "" || len(s) > maxTypeLength || strings.IndexByte("!#$&-^_.+", s[0]) >= 0 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("!#$&-^_.+", c) >= 0) {
			return false
		}
	}
	return true
}
