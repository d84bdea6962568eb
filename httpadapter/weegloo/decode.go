package weegloo

import (
	"fmt"
	"maps"
	"slices"

	"github.com/weegloo/weegloo/internal/strictjson"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/sys"
)

// maxDepth is how deep JSON may be nested (contract, section 1).
const maxDepth = 64

// parse reads a JSON body.
func parse(body []byte) (any, error) {
	v, err := strictjson.Parse(body, maxDepth)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errJSON, err)
	}
	return v, nil
}

func decodeBody(body []byte) (media.Content, error) {
	v, err := parse(body)
	if err != nil {
		return media.Content{}, err
	}
	return decodeContent(v)
}

// decodeContent reads what a client may say of a Media. Keys that belong to the
// server, and unknown ones, are ignored; null is the same as left out.
func decodeContent(v any) (media.Content, error) {
	var d decoder
	body := d.object(v, "")
	fields := d.object(body["fields"], "/fields")
	content := media.Content{
		Title:       d.texts(fields, "title"),
		Description: d.texts(fields, "description"),
		File:        d.files(fields),
		Tags:        d.tags(d.object(body["metadata"], "/metadata")),
	}
	return content, d.check.Err()
}

// decoder collects what is wrong with a body.
type decoder struct {
	check sys.Check
}

// object is v as an object, or none. A body that is no object at all is wrong,
// one that is null too.
func (d *decoder) object(v any, path string) map[string]any {
	if v == nil && path != "" {
		return nil
	}
	object, ok := v.(map[string]any)
	if !ok {
		d.check.Add(media.ErrContent, path, "must be an object")
	}
	return object
}

// locales is a field as a map by locale, without what is null.
func (d *decoder) locales(fields map[string]any, name string) map[string]any {
	v := fields[name]
	if v == nil {
		return nil
	}
	locales, ok := v.(map[string]any)
	if !ok {
		d.check.Add(media.ErrNotLocaleMap, sys.Pointer("fields", name), "must be an object with a value for each locale")
		return nil
	}
	maps.DeleteFunc(locales, func(_ string, v any) bool { return v == nil })
	return locales
}

func (d *decoder) texts(fields map[string]any, name string) map[string]string {
	texts := map[string]string{}
	locales := d.locales(fields, name)
	for _, locale := range slices.Sorted(maps.Keys(locales)) {
		texts[locale] = d.text(locales[locale], sys.Pointer("fields", name, locale))
	}
	return texts
}

func (d *decoder) text(v any, path string) string {
	text, ok := v.(string)
	if !ok && v != nil {
		d.check.Add(media.ErrContent, path, "must be a string")
	}
	return text
}

func (d *decoder) files(fields map[string]any) map[string]media.Entry {
	files := map[string]media.Entry{}
	locales := d.locales(fields, "file")
	for _, locale := range slices.Sorted(maps.Keys(locales)) {
		path := sys.Pointer("fields", "file", locale)
		file := d.object(locales[locale], path)
		files[locale] = media.Entry{
			Name:        d.text(file["fileName"], path+"/fileName"),
			ContentType: d.text(file["contentType"], path+"/contentType"),
			Upload:      d.refer(file["upload"], path+"/upload", sys.TargetUpload),
		}
	}
	return files
}

func (d *decoder) tags(metadata map[string]any) []string {
	v := metadata["tags"]
	if v == nil {
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		d.check.Add(media.ErrContent, "/metadata/tags", "must be an array")
	}
	var tags []string
	for i, v := range list {
		path := fmt.Sprintf("/metadata/tags/%d", i)
		if v == nil {
			d.check.Add(media.ErrContent, path, "must be a Refer")
			continue
		}
		tags = append(tags, d.refer(v, path, sys.TargetTag))
	}
	return tags
}

// refer is the id that a reference names, or "" if there is none.
func (d *decoder) refer(v any, path string, target sys.Target) string {
	if v == nil {
		return ""
	}
	refer := d.object(v, path)
	about := d.object(refer["sys"], path+"/sys")
	if refer == nil || about == nil && refer["sys"] != nil {
		return "" // and what is wrong has been said
	}
	id, _ := about["id"].(string)
	for key, want := range map[string]string{"type": "Refer", "targetType": string(target)} {
		if got, ok := about[key]; ok && got != want {
			d.check.Add(media.ErrContent, path+"/sys/"+key, "must be %s", want)
			return id
		}
	}
	if id == "" {
		d.check.Add(media.ErrContent, path+"/sys/id", "must be an id")
	}
	return id
}
