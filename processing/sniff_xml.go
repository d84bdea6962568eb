package processing

import (
	"bytes"
	"strings"
)

// root is the outermost element of an XML text: where its name and attributes
// are, with nothing expanded.
type root struct {
	name       string // as it is written, with its prefix
	attributes map[string]string
	declared   bool // an XML declaration or a document type stands before it
	doctype    string
}

const (
	maxMarkupName = 128 // bytes of a name, and of a value, that are kept
	maxAttributes = 256
)

// findRoot reads what stands before the first element, and its start tag. It
// is false if head ends before the tag does, or is no XML up to there. Entities
// are neither defined nor expanded: there is nothing to blow up.
func findRoot(head []byte) (root, bool) {
	m := markup{rest: bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))}
	var r root
	for {
		m.space()
		switch {
		case m.skip("<?"):
			r.declared = true
			if !m.skipTo("?>") {
				return root{}, false
			}
		case m.skip("<!--"):
			if !m.skipTo("-->") {
				return root{}, false
			}
		case m.skip("<!DOCTYPE"), m.skip("<!doctype"):
			m.space()
			r.declared, r.doctype = true, m.name()
			if !m.skipDoctype() {
				return root{}, false
			}
		case m.skip("<"):
			return m.startTag(r)
		default:
			return root{}, false
		}
	}
}

// startTag reads the name and the attributes of an element.
func (m *markup) startTag(r root) (root, bool) {
	r.attributes = map[string]string{}
	if r.name = m.name(); r.name == "" {
		return root{}, false
	}
	for len(r.attributes) <= maxAttributes {
		spaced := m.space()
		if m.skip(">") || m.skip("/>") {
			return r, true
		}
		name, value, ok := m.attribute()
		if _, twice := r.attributes[name]; !ok || !spaced || twice {
			return root{}, false
		}
		r.attributes[name] = value
	}
	return root{}, false
}

// space is the namespace of the element: an address, or the reference to an
// entity that stands for one.
func (r root) space() string {
	if prefix, _, ok := strings.Cut(r.name, ":"); ok {
		return r.attributes["xmlns:"+prefix]
	}
	return r.attributes["xmlns"]
}

// local is the name without its prefix.
func (r root) local() string {
	return r.name[strings.IndexByte(r.name, ':')+1:]
}

// markup is XML that is still to be read.
type markup struct{ rest []byte }

func (m *markup) skip(what string) bool {
	rest, ok := bytes.CutPrefix(m.rest, []byte(what))
	m.rest = rest
	return ok
}

// skipTo skips up to the end of what, if it is there.
func (m *markup) skipTo(what string) bool {
	_, rest, ok := bytes.Cut(m.rest, []byte(what))
	m.rest = rest
	return ok
}

// space skips white space, and says whether there was any.
func (m *markup) space() bool {
	rest := bytes.TrimLeft(m.rest, " \t\r\n")
	skipped := len(rest) < len(m.rest)
	m.rest = rest
	return skipped
}

// name takes a name, or nothing.
func (m *markup) name() string {
	n := 0
	for n < len(m.rest) && isNameByte(m.rest[n]) {
		n++
	}
	if n > maxMarkupName || n == len(m.rest) { // it may be longer than was read
		return ""
	}
	name := string(m.rest[:n])
	m.rest = m.rest[n:]
	return name
}

func isNameByte(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' || b >= 0x80 ||
		b == ':' || b == '_' || b == '-' || b == '.'
}

// attribute takes name="value".
func (m *markup) attribute() (name, value string, ok bool) {
	name = m.name()
	m.space()
	if name == "" || !m.skip("=") {
		return "", "", false
	}
	m.space()
	for _, quote := range []string{`"`, `'`} {
		if m.skip(quote) {
			v, rest, ok := bytes.Cut(m.rest, []byte(quote))
			m.rest = rest
			return name, string(v[:min(len(v), maxMarkupName)]), ok && !bytes.ContainsRune(v, '<')
		}
	}
	return "", "", false
}

// skipDoctype skips the rest of a document type: quoted addresses, and
// declarations in brackets.
func (m *markup) skipDoctype() bool {
	inside := false
	for len(m.rest) > 0 {
		switch {
		case m.skip(`"`):
			if !m.skipTo(`"`) {
				return false
			}
		case m.skip(`'`):
			if !m.skipTo(`'`) {
				return false
			}
		case inside && m.skip("<!--"):
			if !m.skipTo("-->") {
				return false
			}
		case inside && m.skip("<?"):
			if !m.skipTo("?>") {
				return false
			}
		case m.skip("["):
			inside = true
		case m.skip("]"):
			inside = false
		case m.skip(">"):
			if !inside {
				return true
			}
		default:
			m.rest = m.rest[1:]
		}
	}
	return false
}
