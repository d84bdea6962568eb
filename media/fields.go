package media

import (
	"slices"
	"strings"
	"time"

	"github.com/weegloo/weegloo/internal/index"
)

// schema is what Media can be listed by (contract, section 7).
var schema = index.Schema[Media]{
	Kind:    "media",
	Key:     mediaKey,
	ID:      func(m Media) string { return m.ID },
	Created: func(m Media) time.Time { return m.CreatedAt },
	Updated: func(m Media) time.Time { return m.UpdatedAt },
	Values:  dimensions,
	Field:   field,
}

// The dimensions: fields with an index of their own.
const (
	byStatus  = "status"
	byCreator = "createdBy"
	byTag     = "tag"
)

// ByMimeGroup is the dimension of the mime groups of a locale's file. It is for
// package delivery, which has the same.
func ByMimeGroup(locale string) string { return "mimeGroup." + locale }

func dimensions(m Media) []index.Value {
	values := []index.Value{{Dimension: byStatus, Value: string(m.Status())}, {Dimension: byCreator, Value: m.CreatedBy.ID}}
	for _, tag := range m.Tags {
		values = append(values, index.Value{Dimension: byTag, Value: tag})
	}
	for locale, f := range m.File {
		for _, group := range f.MimeGroups {
			values = append(values, index.Value{Dimension: ByMimeGroup(locale), Value: group})
		}
	}
	return values
}

func field(name string) (index.Field[Media], bool) {
	if f, ok := sysFields[name]; ok {
		return f, true
	}
	return ContentField(name, func(m Media) Listed {
		return Listed{Title: m.Title, Description: m.Description, File: func(locale string) (ListedFile, bool) {
			f, ok := m.File[locale]
			listed := ListedFile{Name: f.Name, ContentType: f.ContentType, MimeGroups: f.MimeGroups}
			if f.Detail != nil {
				listed.Size = &f.Detail.Size
			}
			return listed, ok
		}}
	})
}

var sysFields = map[string]index.Field[Media]{
	"sys.id":                text(func(m Media) string { return m.ID }),
	"sys.createdAt":         moment(func(m Media) time.Time { return m.CreatedAt }),
	"sys.updatedAt":         moment(func(m Media) time.Time { return m.UpdatedAt }),
	"sys.version":           number(func(m Media) int64 { return m.Version }),
	"sys.createdBy.sys.id":  indexed(byCreator, func(m Media) []string { return []string{m.CreatedBy.ID} }),
	"sys.updatedBy.sys.id":  text(func(m Media) string { return m.UpdatedBy.ID }),
	"sys.status":            indexed(byStatus, func(m Media) []string { return []string{string(m.Status())} }),
	"sys.publish.version":   number(func(m Media) int64 { return m.Publish.Version }),
	"sys.publish.at":        moment(func(m Media) time.Time { return m.Publish.At }),
	"sys.publish.firstAt":   moment(func(m Media) time.Time { return m.Publish.FirstAt }),
	"sys.publish.by.sys.id": text(publisher),
	"metadata.tags.sys.id":  indexed(byTag, func(m Media) []string { return m.Tags }),
	"sys.publish.counter": {Kind: index.Number, Values: func(m Media) []string {
		return []string{index.OfNumber(m.Publish.Counter)} // 0 is a value here
	}},
}

func publisher(m Media) string {
	if m.Publish.By == nil {
		return ""
	}
	return m.Publish.By.ID
}

// text is a field that is missing when it is empty.
func text[T any](get func(T) string) index.Field[T] {
	return index.Field[T]{Kind: index.Text, Values: func(record T) []string {
		if value := get(record); value != "" {
			return []string{value}
		}
		return nil
	}}
}

// number is a field that is missing when it is 0.
func number[T any](get func(T) int64) index.Field[T] {
	return index.Field[T]{Kind: index.Number, Values: func(record T) []string {
		if value := get(record); value != 0 {
			return []string{index.OfNumber(value)}
		}
		return nil
	}}
}

func moment[T any](get func(T) time.Time) index.Field[T] {
	return index.Field[T]{Kind: index.Time, Values: func(record T) []string {
		if value := get(record); !value.IsZero() {
			return []string{index.OfTime(value)}
		}
		return nil
	}}
}

func indexed[T any](dimension string, get func(T) []string) index.Field[T] {
	return index.Field[T]{Kind: index.Text, Dimension: dimension, Values: get}
}

// Listed is the content by which both Media and snapshots are listed.
type Listed struct {
	Title, Description map[string]string
	File               func(locale string) (ListedFile, bool)
}

// ListedFile is what a list knows of a file.
type ListedFile struct {
	Name, ContentType string
	MimeGroups        []string
	Size              *int64 // nil until it is known
}

// ContentField is the field of a name that begins with "fields."; it is for
// package delivery. A name without its locale is a field that is nowhere.
func ContentField[T any](name string, content func(T) Listed) (index.Field[T], bool) {
	parts := strings.Split(name, ".")
	if len(parts) < 2 || parts[0] != "fields" {
		return index.Field[T]{}, false
	}
	switch parts[1] {
	case "title", "description":
		if len(parts) > 3 {
			return index.Field[T]{}, false
		}
		get := func(c Listed) map[string]string { return c.Title }
		if parts[1] == "description" {
			get = func(c Listed) map[string]string { return c.Description }
		}
		locale := strings.Join(parts[2:], "")
		return index.Field[T]{Kind: index.Text, Located: true, Locale: locale, Values: func(record T) []string {
			if value, ok := get(content(record))[locale]; ok {
				return []string{value}
			}
			return nil
		}}, true
	case "file":
		return fileField(parts[2:], content)
	}
	return index.Field[T]{}, false
}

// fileField is a field below "fields.file": a locale, unless it is missing, and
// the property.
func fileField[T any](parts []string, content func(T) Listed) (index.Field[T], bool) {
	property := strings.Join(parts, ".")
	locale, rest, _ := strings.Cut(property, ".")
	if _, ok := fileProperties[property]; ok {
		locale, rest = "", property
	}
	get, ok := fileProperties[rest]
	if !ok {
		return index.Field[T]{}, false
	}
	f := index.Field[T]{Located: true, Locale: locale, Values: func(record T) []string {
		file, ok := content(record).File(locale)
		if !ok {
			return nil
		}
		return get(file)
	}}
	switch rest {
	case "mimeGroups":
		f.Dimension = ByMimeGroup(locale)
	case "detail.size":
		f.Kind = index.Number
	}
	return f, true
}

var fileProperties = map[string]func(ListedFile) []string{
	"fileName":    func(f ListedFile) []string { return []string{f.Name} },
	"contentType": func(f ListedFile) []string { return []string{f.ContentType} },
	"mimeGroups":  func(f ListedFile) []string { return slices.Clone(f.MimeGroups) },
	"detail.size": func(f ListedFile) []string {
		if f.Size == nil {
			return nil
		}
		return []string{index.OfNumber(*f.Size)}
	},
}
