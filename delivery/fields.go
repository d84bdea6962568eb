package delivery

import (
	"time"

	"github.com/weegloo/weegloo/internal/index"
	"github.com/weegloo/weegloo/media"
)

// schema is what snapshots can be listed by: nothing that is not delivered,
// except for tags, so that nothing hidden can be found out by asking.
var schema = index.Schema[Snapshot]{
	Kind:    "snapshot",
	Key:     snapshotKey,
	ID:      func(s Snapshot) string { return s.ID },
	Created: func(s Snapshot) time.Time { return s.CreatedAt },
	Updated: func(s Snapshot) time.Time { return s.UpdatedAt },
	Values:  dimensions,
	Field:   field,
}

const byTag = "tag"

func dimensions(s Snapshot) []index.Value {
	var values []index.Value
	for _, tag := range s.Tags {
		values = append(values, index.Value{Dimension: byTag, Value: tag})
	}
	for locale, f := range s.File {
		for _, group := range f.MimeGroups {
			values = append(values, index.Value{Dimension: media.ByMimeGroup(locale), Value: group})
		}
	}
	return values
}

func field(name string) (index.Field[Snapshot], bool) {
	if f, ok := sysFields[name]; ok {
		return f, true
	}
	return media.ContentField(name, func(s Snapshot) media.Listed {
		return media.Listed{Title: s.Title, Description: s.Description, File: func(locale string) (media.ListedFile, bool) {
			f, ok := s.File[locale]
			return media.ListedFile{Name: f.Name, ContentType: f.ContentType, MimeGroups: f.MimeGroups, Size: &f.Detail.Size}, ok
		}}
	})
}

var sysFields = map[string]index.Field[Snapshot]{
	"sys.id":               {Values: func(s Snapshot) []string { return []string{s.ID} }},
	"sys.createdAt":        {Kind: index.Time, Values: func(s Snapshot) []string { return []string{index.OfTime(s.CreatedAt)} }},
	"sys.updatedAt":        {Kind: index.Time, Values: func(s Snapshot) []string { return []string{index.OfTime(s.UpdatedAt)} }},
	"sys.revision":         {Kind: index.Number, Values: func(s Snapshot) []string { return []string{index.OfNumber(s.Revision)} }},
	"metadata.tags.sys.id": {Dimension: byTag, Values: func(s Snapshot) []string { return s.Tags }},
}
