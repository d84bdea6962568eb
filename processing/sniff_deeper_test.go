package processing_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/processing"
)

const (
	typeZip  = "application/zip"
	typeDocx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
)

// zipped is a zip of parts, by name and content, behind more than the first
// bytes, so that only its directory tells.
func zipped(method uint16, parts ...string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := -2; i < len(parts); i += 2 {
		name, content := "filler.bin", strings.Repeat("filler ", 1000)
		if i >= 0 {
			name, content = parts[i], parts[i+1]
		}
		part, err := w.CreateRaw(rawHeader(name, method, content))
		if err != nil {
			panic(err)
		}
		part.Write(deflated(method, content))
	}
	w.Close()
	return b.Bytes()
}

func rawHeader(name string, method uint16, content string) *zip.FileHeader {
	packed := deflated(method, content)
	if name == "filler.bin" {
		method = zip.Store
	}
	return &zip.FileHeader{Name: name, Method: method, CompressedSize64: uint64(len(packed)), UncompressedSize64: uint64(len(content))}
}

func deflated(method uint16, content string) []byte {
	if method != zip.Deflate || strings.HasPrefix(content, "filler") {
		return []byte(content)
	}
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression)
	io.WriteString(w, content)
	w.Close()
	return b.Bytes()
}

// partList is the list of parts of an Office document with this main part.
func partList(main string) string {
	return `<?xml version="1.0"?><Types><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/a.xml" ContentType="` + main + `"/></Types>`
}

func TestZipsAreToldByTheirParts(t *testing.T) {
	const office = "application/vnd.openxmlformats-officedocument."
	word, list := office+"wordprocessingml.document.main+xml", "[Content_Types].xml"
	cases := []struct {
		name string
		zip  []byte
		want string
	}{
		{"nothing", zipped(zip.Deflate), typeZip},
		{"some part", zipped(zip.Deflate, "word/document.xml", ""), typeZip},
		{"document", zipped(zip.Deflate, list, partList(word)), typeDocx},
		{"document that is not packed", zipped(zip.Store, list, partList(word)), typeDocx},
		{"template", zipped(zip.Deflate, list, partList(office+"wordprocessingml.template.main+xml")), office + "wordprocessingml.template"},
		{"workbook", zipped(zip.Deflate, list, partList(office+"spreadsheetml.sheet.main+xml")), office + "spreadsheetml.sheet"},
		{"binary workbook", zipped(zip.Deflate, list, partList("application/vnd.ms-excel.sheet.binary.macroEnabled.main")), "application/vnd.ms-excel.sheet.binary.macroenabled.12"},
		{"slides with macros", zipped(zip.Deflate, list, partList("application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml")), "application/vnd.ms-powerpoint.presentation.macroenabled.12"},
		{"slide show", zipped(zip.Deflate, list, partList(office+"presentationml.slideshow.main+xml")), office + "presentationml.slideshow"},
		{"list of something else", zipped(zip.Deflate, list, partList("application/pdf")), typeZip},
		{"list that lies", zipped(zip.Deflate, list, partList("text/html.main+xml")), typeZip},
		{"list that lies about an image", zipped(zip.Deflate, list, partList("image/png.main+xml")), typeZip},
		{"list without a main part", zipped(zip.Deflate, list, "<Types/>"), typeZip},
		{"list behind 64 KiB", zipped(zip.Deflate, list, strings.Repeat(" ", 65<<10)+partList(word)), typeZip},
		{"list of 4 MiB", zipped(zip.Deflate, list, strings.Repeat(" ", 4<<20)), typeZip},
		{"list packed in another way", zipped(12, list, partList(word)), typeDocx}, // nothing was packed
		{"JAR", zipped(zip.Deflate, "a.class", "", "META-INF/MANIFEST.MF", ""), "application/java-archive"},
		{"APK", zipped(zip.Deflate, "AndroidManifest.xml", "", "META-INF/MANIFEST.MF", ""), "application/vnd.android.package-archive"},
		{"APK the other way round", zipped(zip.Deflate, "META-INF/MANIFEST.MF", "", "AndroidManifest.xml", ""), "application/vnd.android.package-archive"},
		{"KMZ", zipped(zip.Deflate, "doc.kml", ""), "application/vnd.google-earth.kmz"},
		{"3MF", zipped(zip.Deflate, "3D/3dmodel.model", ""), "model/3mf"},
		{"a part of a longer name", zipped(zip.Deflate, "doc.kml"+strings.Repeat("x", 100), ""), typeZip},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			var m *meter
			var got string
			allocated := allocates(func() {
				result, meter, err := undeclared("name", c.zip)
				is.NoErr(err)
				m, got = meter, result.ContentType
			})
			is.Equal(got, c.want)
			is.True(m.read <= 128<<10)
			is.True(allocated <= 512<<10)
		})
	}
}

func TestAZipThatNamesItsTypeIsOfIt(t *testing.T) {
	entry := func(method, extra int, content string) []byte {
		return []byte("PK\x03\x04\x14\x00\x00\x00" + le16(method) + strings.Repeat("\x00", 8) + le32(len(content)) + le32(len(content)) +
			le16(8) + le16(extra) + "mimetype" + strings.Repeat("\x00", extra) + content)
	}
	for name, c := range map[string]struct {
		zip  []byte
		want string
	}{
		"OpenDocument":              {entry(0, 0, "application/vnd.oasis.opendocument.graphics-template"), "application/vnd.oasis.opendocument.graphics-template"},
		"with an extra field":       {entry(0, 4, "application/vnd.oasis.opendocument.text"), "application/vnd.oasis.opendocument.text"},
		"a zip of a kind":           {entry(0, 0, "application/vnd.acme+zip"), "application/vnd.acme+zip"},
		"packed":                    {entry(8, 4, "application/vnd.oasis.opendocument.text"), typeZip},
		"a type that is no zip":     {entry(0, 0, "text/html"), typeZip},
		"a type of an image":        {entry(0, 0, "image/svg+xml"), typeZip},
		"no type":                   {entry(0, 0, "nonsense"), typeZip},
		"a long one":                {entry(0, 0, "application/"+strings.Repeat("x", 300)+"+zip"), typeZip},
		"more than there is":        {entry(0, 9, "application/vnd.acme+zip")[:50], typeZip},
		"nothing behind its header": {entry(0, 0, "")[:38], typeZip},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			result, _, err := undeclared("name", c.zip)
			is.NoErr(err)
			is.Equal(result.ContentType, c.want)
		})
	}
}

func TestHostileZipsAreZips(t *testing.T) {
	end := func(count, off int) string {
		return "PK\x05\x06" + strings.Repeat("\x00", 4) + le16(count) + le16(count) + le32(46) + le32(off) + le16(0)
	}
	empty := "PK\x01\x02" + strings.Repeat("\x00", 42)
	head := aZip + strings.Repeat("\x00", 5000)
	for name, content := range map[string]string{
		"65535 entries":                head + strings.Repeat(empty, 65535) + end(65535, len(head)),
		"entries in themselves":        head + end(65535, len(head)),
		"a directory beyond the end":   head + empty + end(1, 1<<31),
		"a directory at 4 GiB":         head + empty + end(1, 1<<32-1),
		"a name beyond the end":        head + "PK\x01\x02" + strings.Repeat("\x00", 24) + "\xff\xff\xff\xff\xff\xff" + strings.Repeat("\x00", 12) + end(1, len(head)),
		"an end that is cut":           head + empty + end(1, len(head))[:21],
		"a comment that hides the end": head + empty + end(1, len(head)) + strings.Repeat(" ", 5000),
		"a list beyond the end":        head + "PK\x01\x02" + strings.Repeat("\x00", 24) + le16(19) + strings.Repeat("\x00", 12) + "\xff\xff\xff\x7f[Content_Types].xml" + end(1, len(head)),
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			result, m, err := undeclared("name", []byte(content))
			is.NoErr(err)
			is.Equal(result.ContentType, typeZip)
			is.True(m.read <= 256<<10)
		})
	}
}

func TestAZipThatTheStoreDoesNotReadIsTriedAgain(t *testing.T) {
	b := zipped(zip.Deflate, "[Content_Types].xml", partList(strings.Repeat("a", 5000)))
	for at := int64(0); at < int64(len(b)); at += 200 {
		is := is.New(t)
		_, err := processDeclaredFrom(broken{bytes.NewReader(b), at, at + 200}, len(b), typeZip)
		is.True(err == nil || errors.Is(err, errDisk))
		if at == 0 || at > int64(len(b))-400 { // these parts are always needed
			is.True(err != nil)
		}
	}
}

func processDeclaredFrom(r io.ReaderAt, size int, sniffed string) (processing.Result, error) {
	return processing.Headers{}.Process(context.Background(), processing.Source{Sniffed: sniffed, Size: int64(size), Bytes: r})
}

// compound is an OLE file of sectors of 512 bytes: a table of sectors, then
// the directory in the given ones of them.
func compound(class string, sectors []uint32, names ...string) []byte {
	table := bytes.Repeat([]byte("\xff"), 512)
	entries := oleEntry("Root Entry", 5, class)
	for _, name := range names {
		entries += oleEntry(name, 2, "")
	}
	entries += strings.Repeat("\x00", len(sectors)*512-len(entries))
	last := uint32(1)
	for _, s := range sectors {
		last = max(last, s)
	}
	file := make([]byte, 512*(int(last)+2))
	copy(file, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	le := binary.LittleEndian
	le.PutUint16(file[26:], 3)
	le.PutUint16(file[28:], 0xfffe)
	le.PutUint16(file[30:], 9)
	le.PutUint32(file[44:], 1)
	le.PutUint32(file[48:], sectors[0])
	for i := range 109 {
		le.PutUint32(file[76+4*i:], 0xffffffff)
	}
	le.PutUint32(file[76:], 0)
	for i, s := range sectors {
		next := uint32(0xfffffffe)
		if i+1 < len(sectors) {
			next = sectors[i+1]
		}
		le.PutUint32(table[4*s:], next)
		copy(file[512*(s+1):], entries[512*i:512*(i+1)])
	}
	copy(file[512:], table)
	return file
}

func oleEntry(name string, kind byte, class string) string {
	b := make([]byte, 128)
	for i, unit := range utf16.Encode([]rune(name)) {
		binary.LittleEndian.PutUint16(b[2*i:], unit)
	}
	binary.LittleEndian.PutUint16(b[64:], uint16(2*len(name)+2))
	b[66] = kind
	copy(b[80:], class)
	return string(b)
}

func TestOLEFilesAreToldByTheirStreams(t *testing.T) {
	const unknown = "application/x-ole-storage"
	installer := "\x84\x10\x0c\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46"
	loop := compound("", []uint32{3, 2}, "a", "b", "c", "d", "e", "f")
	binary.LittleEndian.PutUint32(loop[512+4*2:], 3)
	oddSectors, noTable := compound("", []uint32{1}, "WordDocument"), compound("", []uint32{1, 2}, "a", "b", "c", "d", "WordDocument")
	oddSectors[30] = 40
	binary.LittleEndian.PutUint32(noTable[76:], 0xffffffff)
	far := compound("", []uint32{1}, "WordDocument")
	binary.LittleEndian.PutUint32(far[48:], 0x7fffffff)
	cases := []struct {
		name string
		ole  []byte
		want string
	}{
		{"Word", compound("", []uint32{1}, "WordDocument"), "application/msword"},
		{"Excel", compound("", []uint32{9}, "a", "Workbook"), "application/vnd.ms-excel"},
		{"old Excel", compound("", []uint32{1}, "Book"), "application/vnd.ms-excel"},
		{"PowerPoint over sectors", compound("", []uint32{9, 3, 5}, "1", "2", "3", "4", "5", "6", "7", "PowerPoint Document"), "application/vnd.ms-powerpoint"},
		{"Outlook", compound("", []uint32{1}, "__properties_version1.0"), "application/vnd.ms-outlook"},
		{"Visio", compound("", []uint32{1}, "VisioDocument"), "application/vnd.visio"},
		{"an installer", compound(installer, []uint32{1}, "a"), "application/x-ms-installer"},
		{"with a password", compound("", []uint32{1}, "EncryptedPackage", "EncryptionInfo"), unknown},
		{"nothing known", compound("", []uint32{1}, "Acme"), unknown},
		{"a loop", loop, unknown},
		{"sectors of 2^40", oddSectors, unknown},
		{"no table of sectors", noTable, unknown},
		{"a directory beyond the end", far, unknown},
		{"no header", []byte(anOLE[:100]), unknown},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			m := &meter{r: bytes.NewReader(c.ole)}
			result, err := processDeclaredFrom(m, len(c.ole), unknown)
			is.NoErr(err)
			is.Equal(result.ContentType, c.want)
			is.True(m.read <= 128<<10)
		})
	}
}

func TestAPasswordHidesWhatADocumentIs(t *testing.T) {
	is := is.New(t)
	b := compound("", []uint32{1}, "EncryptedPackage")
	result, err := processDeclared("a.docx", typeDocx, b)
	is.NoErr(err)
	is.Equal(result.ContentType, typeDocx)
	result, err = processDeclared("a.docx", typeDocx, compound("", []uint32{1}, "Workbook"))
	is.NoErr(err)
	is.Equal(result.ContentType, "application/vnd.ms-excel")
}

func TestFourBytesMakeNoIcon(t *testing.T) {
	is := is.New(t)
	is.Equal(processing.Sniff([]byte(icons(1, [2]string{"\x07\x05", dib(7, 5)}))), "image/x-icon")
	is.Equal(processing.Sniff([]byte(tga(2, 7, 5, 24))), "image/x-tga")
	is.Equal(processing.Sniff([]byte("\x00\x00\x01\x00"+noise)), "application/octet-stream")
	is.Equal(processing.Sniff([]byte("\x00\x00\x02\x00")), "application/octet-stream")
	is.Equal(processing.Sniff([]byte("\x00\x00\x01\x00\x00\x00"+strings.Repeat("\x40", 40))), "application/octet-stream")
}

func TestATruevisionPictureIsBelievedByItsName(t *testing.T) {
	packed := tga(10, 7, 5, 24)
	for _, c := range []struct{ name, declared, bytes, want string }{
		{"a.tga", "", packed, "image/x-tga"},
		{"a.TGA", "application/octet-stream", packed, "image/x-tga"},
		{"a", "image/x-targa", packed, "image/x-tga"},
		{"a.bin", "", packed, "application/octet-stream"},
		{"a.tga", "", noise, "application/octet-stream"},
		{"a.tga", "image/x-tga", noise[:10], "application/octet-stream"},
	} {
		t.Run(c.name+" "+c.declared, func(t *testing.T) {
			is := is.New(t)
			result, err := processDeclared(c.name, c.declared, []byte(c.bytes))
			is.NoErr(err)
			is.Equal(result.ContentType, c.want)
		})
	}
}
