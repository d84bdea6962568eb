package processing

import (
	"path"
	"strings"
)

// verdict is what the bytes of a file show.
type verdict struct {
	shown   string // a canonical content type
	guessed bool   // by the layout of a text, where no sign says so
}

// settle is the content type of a file, from what its first bytes showed, what
// is in it, and what the client says of it. It reads only what may be of a
// more exact kind than the first bytes can tell.
func settle(src Source, file section) (string, error) {
	shown := canonical(src.Sniffed)
	v := verdict{shown: shown}
	if look := deeperLooks[shown]; look != nil {
		var err error
		if v, err = look(file, v); err != nil && !isMalformed(err) {
			return "", err
		}
	}
	if shown == octetStream && callsItselfTGA(src) {
		var err error
		if v, err = lookForTGA(file, v); err != nil {
			return "", err
		}
	}
	return reconcile(src.Declared, src.Name, v), nil
}

// extension is the end of a name behind the last dot, in lower case, without
// the dot.
func extension(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
}

func callsItselfTGA(src Source) bool {
	return canonical(src.Declared) == typeTGA || extensions[extension(src.Name)] == typeTGA
}

// lookForTGA believes a file that is called a Truevision picture if its header
// can be one: there is no signature to ask for.
func lookForTGA(file section, v verdict) (verdict, error) {
	head, err := file.head(tgaHeader)
	if err == nil && isTGA(head) {
		v.shown = typeTGA
	}
	return v, err
}

// lookIntoTIFF finds the raw photographs that say what they are.
func lookIntoTIFF(file section, v verdict) (verdict, error) {
	d, err := readDirectory(file)
	if err == nil && d.digitalNegative {
		v.shown = "image/x-adobe-dng"
	}
	return v, err
}
