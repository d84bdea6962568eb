package processing

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"io"
	"strings"
)

const (
	zipEntrySign = "PK\x01\x02"
	zipEndSign   = "PK\x05\x06"
	zipLocalSign = "PK\x03\x04"
	zipEndSize   = 22

	maxZipEntries = 1000     // that are looked at
	maxZipName    = 64       // bytes of a name that are looked at
	maxZipPart    = 64 << 10 // bytes of a part that are unpacked, once
)

// zipEntry is what the directory says of a part.
type zipEntry struct {
	name   string // its beginning
	method uint16
	size   int64 // packed
	off    int64 // of the local header
}

// lookIntoZip is the type by the parts of a zip: what it says of itself in the
// entry "mimetype", or a part that every file of the type has.
func lookIntoZip(file section, v verdict) (verdict, error) {
	shown, err := zipMimetype(file)
	if shown == "" && (err == nil || isMalformed(err)) {
		shown, err = zipType(file)
	}
	if err != nil && !isMalformed(err) {
		return v, err
	}
	if shown != "" {
		v.shown = shown // else what the first bytes showed is all there is
	}
	return v, nil
}

// zipMimetype is the content of the first part, if that is called "mimetype"
// and is not packed.
func zipMimetype(file section) (string, error) {
	b, err := file.at(0, 30+8)
	if err != nil || string(b[:4]) != zipLocalSign || string(b[30:]) != "mimetype" {
		return "", err
	}
	le := binary.LittleEndian
	method, size, name, extra := le.Uint16(b[8:]), le.Uint32(b[18:]), le.Uint16(b[26:]), le.Uint16(b[28:])
	if method != 0 || name != 8 || size > 2*maxTypeLength {
		return "", nil
	}
	if b, err = file.at(38+int64(extra), int(size)); err != nil {
		return "", err
	}
	if contentType := canonical(string(b)); isKind(contentType, "application/zip") {
		return contentType, nil
	}
	return "", nil
}

// zipType is the type by the first part, in the order of the directory, that
// tells.
func zipType(file section) (string, error) {
	off, count, err := zipDirectory(file)
	if err != nil {
		return "", err
	}
	shown := ""
	for range min(count, maxZipEntries) {
		e, next, err := readZipEntry(file, off)
		if err != nil {
			return shown, err
		}
		if e.name == "[Content_Types].xml" {
			return officeType(file, e)
		}
		if contentType := zipParts[e.name]; contentType != "" && shown != "application/vnd.android.package-archive" {
			shown = contentType
		}
		off = next
	}
	return shown, nil
}

// zipDirectory finds the directory by the record at the end, which may only be
// followed by a short comment.
func zipDirectory(file section) (off int64, count int, err error) {
	tail := file.from(file.size - firstRead)
	b, err := tail.at(0, int(tail.size))
	if err != nil {
		return 0, 0, err
	}
	end := bytes.LastIndex(b, []byte(zipEndSign))
	if end < 0 || len(b)-end < zipEndSize {
		return 0, 0, malformed("no zip directory")
	}
	b = b[end:]
	return int64(binary.LittleEndian.Uint32(b[16:])), int(binary.LittleEndian.Uint16(b[10:])), nil
}

func readZipEntry(file section, off int64) (e zipEntry, next int64, err error) {
	b, err := file.at(off, 46)
	if err != nil {
		return zipEntry{}, 0, err
	}
	if string(b[:4]) != zipEntrySign {
		return zipEntry{}, 0, malformed("no zip entry")
	}
	le := binary.LittleEndian
	name, extra, comment := int64(le.Uint16(b[28:])), int64(le.Uint16(b[30:])), int64(le.Uint16(b[32:]))
	e.method, e.size, e.off = le.Uint16(b[10:]), int64(le.Uint32(b[20:])), int64(le.Uint32(b[42:]))
	if b, err = file.at(off+46, int(min(name, maxZipName))); err != nil {
		return zipEntry{}, 0, err
	}
	e.name = string(b)
	return e, off + 46 + name + extra + comment, nil
}

// officeType is the type of the main part of an Office document, as its list
// of parts has it: that tells a template and one with macros from the rest.
func officeType(file section, list zipEntry) (string, error) {
	b, err := file.at(list.off, 30)
	if err != nil || string(b[:4]) != zipLocalSign {
		return "", err
	}
	skip := 30 + int64(binary.LittleEndian.Uint16(b[26:])) + int64(binary.LittleEndian.Uint16(b[28:]))
	packed := file.cut(list.off+skip, list.size)
	var r io.Reader = &sectionReader{section: packed}
	if list.method == 8 {
		r = flate.NewReader(r)
	}
	content, _ := io.ReadAll(io.LimitReader(r, maxZipPart)) // as far as it goes
	if failed := file.window.failed; failed != nil {
		return "", failed
	}
	main, _, found := bytes.Cut(content, []byte(".main"))
	if !found {
		return "", nil
	}
	contentType := strings.ToLower(string(main[bytes.LastIndexByte(main, '"')+1:]))
	if strings.HasSuffix(contentType, ".macroenabled") {
		contentType += ".12"
	}
	if contentType = canonical(contentType); !isKind(contentType, "application/zip") {
		return "", nil
	}
	return contentType, nil
}
