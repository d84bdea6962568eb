package processing

import (
	"slices"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/media"
)

func TestTheTableNamesTypesByTheirOneName(t *testing.T) {
	var all []string
	for _, named := range names {
		all = append(all, named)
	}
	for shown := range kinds {
		all = append(all, shown)
	}
	for shown := range closerLooks {
		all = append(all, shown)
	}
	for shown := range deeperLooks {
		all = append(all, shown)
	}
	for shown := range readers {
		all = append(all, shown)
	}
	for _, s := range signatures {
		all = append(all, s.over, s.contentType)
	}
	for _, r := range roots {
		all = append(all, r.contentType)
	}
	for _, m := range []map[string]string{zipParts, oleStreams, extensions} {
		for _, contentType := range m {
			all = append(all, contentType)
		}
	}
	for _, contentType := range slices.Concat(all, worded, guesses) {
		t.Run(contentType, func(t *testing.T) {
			is.New(t).Equal(canonical(contentType), contentType)
		})
	}
}

// TestEachExtensionCanCount: there is something that bytes show of which the
// type that an extension tells is a more specific kind, or which it is.
func TestEachExtensionCanCount(t *testing.T) {
	shown := []string{plainText, "application/json", typeXML, "application/zip", "application/x-ole-storage", "application/gzip",
		"application/x-bzip2", "application/x-xz", "image/tiff"}
	for ext, contentType := range extensions {
		if contentType == typeTGA {
			continue // see lookForTGA
		}
		t.Run(ext, func(t *testing.T) {
			is.New(t).True(slices.ContainsFunc(shown, func(s string) bool { return isKind(contentType, s) }))
		})
	}
}

func TestNoExtensionMakesMuchOfNoise(t *testing.T) {
	for ext, contentType := range extensions {
		t.Run(ext, func(t *testing.T) {
			is := is.New(t)
			is.Equal(reconcile("", "name."+ext, verdict{shown: octetStream}), octetStream)
			is.True(!matches([]string{"*/*html*", "*/*xml*"}, contentType))
		})
	}
}

// TestTheGroupsKnowTheTypesAndTheExtensions: a file lands in the same group by
// either.
func TestTheGroupsKnowTheTypesAndTheExtensions(t *testing.T) {
	for ext, contentType := range extensions {
		t.Run(ext, func(t *testing.T) {
			byType := media.MimeGroups(contentType, "name")
			if byType[0] == media.GroupAttachment {
				return // no group is for these
			}
			is.New(t).Equal(byType, media.MimeGroups("application/x-acme", "name."+ext))
		})
	}
}

func TestXMLOfAKindNeedsItsRoot(t *testing.T) {
	is := is.New(t)
	for _, r := range roots {
		is.True(!isKind(r.contentType, typeXML))
		is.True(!isKind(r.contentType, plainText))
	}
	is.True(isKind("application/vnd.acme+xml", typeXML))
}
