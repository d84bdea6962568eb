package delivery

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/weegloo/weegloo/sys"
)

// Address names the bytes of one file of a Media for ever: when the file of
// the locale is replaced, its address is another one.
type Address struct {
	Space, Media, Locale string
	Revision             int64 // of the File
	Name                 string
}

// Path is the address as a URL path (contract, section 6):
//
//	/medias/{space}/{last 3 characters of the media id}/{media}/{locale}/{revision}/{name, escaped}
func (a Address) Path() string {
	return strings.Join([]string{
		"/medias", a.Space, tail(a.Media), a.Media, a.Locale,
		strconv.FormatInt(a.Revision, 10), url.PathEscape(a.Name),
	}, "/")
}

func tail(id string) string { return id[max(0, len(id)-3):] }

// ParsePath is the inverse of Path for an escaped path. Apart from how the name
// is escaped, which clients do in many ways, it accepts only what Path writes.
func ParsePath(path string) (Address, bool) {
	parts := strings.Split(path, "/")
	if len(parts) != 8 || parts[0] != "" || parts[1] != "medias" {
		return Address{}, false
	}
	revision, err := strconv.ParseInt(parts[6], 10, 64)
	if err != nil {
		return Address{}, false
	}
	name, err := url.PathUnescape(parts[7])
	if err != nil {
		return Address{}, false
	}
	a := Address{Space: parts[2], Media: parts[4], Locale: parts[5], Revision: revision, Name: name}
	if !sys.ValidID(a.Space) || !sys.ValidID(a.Media) || !sys.ValidID(a.Locale) || name == "" {
		return Address{}, false
	}
	if parts[3] != tail(a.Media) || parts[6] != strconv.FormatInt(revision, 10) {
		return Address{}, false
	}
	return a, true
}

// Address is where the file of a locale is delivered. It is one of the locales
// that File has, as in Localized.FileLocale.
func (s Snapshot) Address(locale string) Address {
	f := s.File[locale]
	return Address{Space: s.Space, Media: s.ID, Locale: locale, Revision: f.Revision, Name: f.Name}
}
