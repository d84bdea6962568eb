package processing_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/processing"
)

func TestPagesAreWhatPDFInfoCounts(t *testing.T) {
	_, pages := typeSamples(t)
	for name, want := range pages {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			result, m, err := undeclared(name, readSample(t, "types", name))
			is.NoErr(err)
			is.Equal(result.MimeGroups, []string{media.GroupPdfDocument})
			is.True(m.read <= 16<<10)
			if name == "pdf-encrypted-packed.pdf" {
				is.Equal(result.Document, nil) // what tells is encrypted
				return
			}
			is.Equal(*result.Document, media.Document{Pages: want})
		})
	}
}

// pagesOf is the number of pages that are told of a PDF, 0 if none are.
func pagesOf(t *testing.T, b []byte) int {
	t.Helper()
	is := is.New(t)
	var result processing.Result
	var m *meter
	var err error
	allocated := allocates(func() { result, m, err = look("application/pdf", b) })
	is.NoErr(err)
	is.Equal(result.ContentType, "application/pdf")
	is.True(m.read <= mib)
	is.True(allocated <= mib)
	if result.Document == nil {
		return 0
	}
	return result.Document.Pages
}

func TestPagesAreFound(t *testing.T) {
	flat := "<< /Type /Pages /Kids [" + strings.Repeat(" 3 0 R", 9000) + " ] /Count 2 >>"
	tree := func(root string) []byte { return newPDF().tree(root).object(9, "<<>>").table("").bytes() }
	changed := newPDF().tree("<< /Count 1 >>").object(9, "<<>>").table("")
	changed = changed.object(2, twoPages).table(fmt.Sprintf("/Prev %d", changed.last))
	added := newPDF().tree(twoPages).object(9, "<<>>").table("")
	added = added.object(5, "<<>>").table(fmt.Sprintf("/Prev %d", added.last))
	hybrid := newPDF().object(1, "<< /Pages 2 0 R >>").object(9, "<<>>")
	hybrid.packed(5, "/Type /ObjStm /N 1 /First 4", []byte("2 0 "+twoPages))
	rows := row(2, 5, 0) + row(1, hybrid.offsets[5], 0)
	streamAt := hybrid.b.Len()
	hybrid.packed(6, "/Type /XRef /W [1 4 2] /Index [2 1 5 1] /Size 10", []byte(rows))
	hybrid.table(fmt.Sprintf("/XRefStm %d", streamAt))

	cases := map[string][]byte{
		"plainly":                   tree(twoPages),
		"behind many kids":          tree(flat),
		"behind strings":            tree("<< /A (\\) >> /Count 9 (()) ) /B <2f436f756e742039> /Count 2 /Kids [] >>"),
		"behind nested values":      tree("<< /A << /Count 9 /B [ << /Count 8 >> [ /Count 7 ] ] >> /C 4 0 R /Count 2 >>"),
		"among comments":            tree("<< % /Count 9 >>\n/Count % no\r2>>"),
		"without spaces":            tree("<</Type/Pages/Kids[3 0 R]/A(x)/B<41>/C true/D null/E -1.5/Count 2>>"),
		"in a changed file":         changed.bytes(),
		"in the file that was kept": added.bytes(),
		"in a hybrid":               hybrid.bytes(),
		"in a stream":               withStream("", asIs),
		"in a stream with an index": withStream("/Index [0 3 3 4]", asIs),
		"in a predicted stream": withStream("/DecodeParms << /Predictor 12 /Columns 7 >>", func(rows string) []byte {
			return subtracted(7, "\x02", rows)
		}),
		"in a stream predicted in all ways": withStream("/DecodeParms [ << /Predictor 15 /Columns 7 /Colors 1 >> ]", func(rows string) []byte {
			return subtracted(7, "\x00\x01\x02\x03\x02\x03", rows)
		}),
		"with bytes behind the end": append(tree(twoPages), strings.Repeat("\x00", 900)...),
		"the first of two counts":   tree("<< /Count 2 /Count 3 >>"),
	}
	for name, b := range cases {
		t.Run(name, func(t *testing.T) { is.New(t).Equal(pagesOf(t, b), 2) })
	}
}

func TestPagesThatCannotBeCountedAreNotTold(t *testing.T) {
	tree := func(root string) []byte { return newPDF().tree(root).object(9, "<<>>").table("").bytes() }
	loop := newPDF().object(1, "<< /Pages 2 0 R >>")
	at := loop.b.Len()
	loop.table(fmt.Sprintf("/Prev %d", at))
	early := newPDF()
	at = early.b.Len()
	pair := newPDF().object(1, "<< /Pages 2 0 R >>").table("/Prev 999")
	second := pair.b.Len()
	pair.table(fmt.Sprintf("/Prev %d", pair.last))
	loopOfTwo := bytes.Replace(pair.bytes(), []byte("/Prev 999"), fmt.Appendf(nil, "/Prev %d", second), 1)
	bomb := newPDF().object(1, "<< /Pages 2 0 R >>")
	bomb.stream("/W [1 4 2] /Index [0 99999999]", make([]byte, 8*mib))
	crowd := withStreamOf("/N 2147483647 /First 2147483647")
	leaf := newPDF().tree("<< /Count 2 /Parent 9 0 R >>").object(9, "<<>>").table("").bytes()
	other := newPDF().tree(twoPages).object(9, "<<>>").table("").bytes()

	cases := map[string][]byte{
		"nothing":                      []byte(aPDF),
		"no count":                     tree("<< /Type /Pages >>"),
		"none":                         tree("<< /Count 0 >>"),
		"fewer than none":              tree("<< /Count -2 >>"),
		"more than objects":            tree("<< /Count 10 >>"),
		"2^31":                         tree("<< /Count 2147483648 >>"),
		"2^63":                         tree("<< /Count 9223372036854775808 >>"),
		"not a whole number":           tree("<< /Count 2.0 >>"),
		"in another object":            tree("<< /Count 9 0 R >>"),
		"a count that is a name":       tree("<< /Count /2 >>"),
		"the root of no tree":          leaf,
		"a root that is no dictionary": tree("[ /Count 2 ]"),
		"a root without end":           tree("<< /Count 2 " + strings.Repeat("/A ", 40_000)),
		"a root in too many others":    tree("<< /A " + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + " /Count 2 >>"),
		"a string without end":         tree("<< /A (" + strings.Repeat("(", 100_000)),
		"a word without end":           tree("<< /A " + strings.Repeat("a", 1000) + " /Count 2 >>"),
		"a catalogue elsewhere":        bytes.Replace(other, []byte("/Root 1 0 R"), []byte("/Root 7 0 R"), 1),
		"a catalogue under another":    bytes.Replace(other, []byte("/Root 1 0 R"), []byte("/Root 9 0 R"), 1),
		"no catalogue":                 bytes.Replace(other, []byte("/Root 1 0 R"), []byte("/Boot 1 0 R"), 1),
		"an object of another number":  bytes.Replace(other, []byte("2 0 obj"), []byte("3 0 obj"), 1),
		"an object that is none":       bytes.Replace(other, []byte("2 0 obj"), []byte("2 0 abc"), 1),
		"an object before the file":    regexp.MustCompile(`\n1 1\n\d{10}`).ReplaceAll(other, []byte("\n1 1\n-000000001")),
		"an object that is free":       bytes.Replace(other, []byte(" 00000 n \n2"), []byte(" 00000 f \n2"), 1),
		"no size":                      bytes.Replace(other, []byte("/Size"), []byte("/Sigh"), 1),
		"a table of 2^40 entries":      bytes.Replace(other, []byte("\n0 1\n"), []byte("\n0 1099511627776\n"), 1),
		"a table beyond the end":       bytes.Replace(other, []byte("\n0 1\n"), []byte("\n0 99999\n"), 1),
		"a table with fewer than none": bytes.Replace(other, []byte("\n0 1\n"), []byte("\n0 -1\n"), 1),
		"a table before itself":        newPDF().tree(twoPages).table("/Prev 999999999").bytes(),
		"a loop":                       loop.bytes(),
		"a loop of two":                loopOfTwo,
		"a table at the beginning":     early.end(at).bytes(),
		"no end":                       append(tree(twoPages), strings.Repeat("\x00", 1100)...),
		"an end that is no number":     []byte(aPDF + "startxref\nnowhere\n"),
		"an end without a number":      []byte(aPDF + "startxref"),
		"an end beyond the end":        []byte(aPDF + "startxref\n99999999\n"),
		"an end before the beginning":  []byte(aPDF + "startxref\n-5\n"),
		"an end beyond all numbers":    []byte(aPDF + "startxref\n99999999999999999999\n"),
		"linearized by another length": []byte(aPDF + "1 0 obj\n<< /Linearized 1 /L 999 /N 2 >>\nendobj\n"),
		"a stream of 8 MiB of zeros":   bomb.bytes(),
		"a stream of too many objects": crowd,
		"a stream in itself":           withStreamOf("/N 2 /First 8 /Extends 5 0 R"),
		"a stream of noise":            bytes.Replace(withStream("", asIs), []byte("stream\nx"), []byte("stream\n\x00"), -1),
		"a stream of negative widths":  bytes.ReplaceAll(withStream("", asIs), []byte("/W [1"), []byte("/W [-1")),
		"an unheard-of predictor":      withStream("/DecodeParms << /Predictor 2 /Columns 7 >>", asIs),
		"rows wider than an entry":     withStream("/DecodeParms << /Predictor 12 /Columns 1000000 >>", asIs),
		"rows of no width":             withStream("/DecodeParms << /Predictor 12 >>", asIs),
		"rows of the predictor of Paeth": withStream("/DecodeParms << /Predictor 12 /Columns 7 >>", func(string) []byte {
			return bytes.Repeat([]byte("\x04abcdefg"), 9)
		}),
		"an index without end": withStream("/Index [0 1099511627777]", asIs),
		"another filter":       bytes.ReplaceAll(withStream("", asIs), []byte("/FlateDecode"), []byte("/LZWDecodexx")),
	}
	for name, b := range cases {
		t.Run(name, func(t *testing.T) { is.New(t).Equal(pagesOf(t, b), 0) })
	}
}

// withStreamOf is a PDF whose packed objects are in a stream with this in its
// dictionary, and whose root is none of them.
func withStreamOf(more string) []byte {
	f := newPDF().object(1, "<< /Pages 2 0 R >>")
	f.packed(5, more, []byte("1 0 3 9 << /A 1>> << /Count 2 >>"))
	rows := row(0, 0, 65535) + row(1, f.offsets[1], 0) + row(2, 5, 1)
	rows += row(0, 0, 0) + row(0, 0, 0) + row(1, f.offsets[5], 0)
	return f.stream("/W [1 4 2] ", []byte(rows)).bytes()
}

func TestALinearizedFileSaysItsPages(t *testing.T) {
	is := is.New(t)
	whole := aPDF + "1 0 obj\n<< /Linearized 1 /N 7 /L 00000 >>\nendobj\n"
	whole = strings.Replace(whole, "00000", fmt.Sprintf("%05d", len(whole)), 1)
	is.Equal(pagesOf(t, []byte(whole)), 7)
	is.Equal(pagesOf(t, []byte(whole+" ")), 0) // something was added
	is.Equal(pagesOf(t, []byte(strings.Replace(whole, "/N 7", "/N 0", 1))), 0)
	is.Equal(pagesOf(t, []byte(strings.Replace(whole, "/Linearized", "/Lineariser", 1))), 0)
	is.Equal(pagesOf(t, []byte(strings.Replace(whole, " obj", " job", 1))), 0)
	is.Equal(pagesOf(t, []byte(strings.Replace(whole, "/Linearized 1", "%/Linearized\n", 1))), 0)
	for pages, want := range map[int]int{1: 1, 1_000_000: 1_000_000, 1_000_001: 0} {
		n := fmt.Sprintf("/N %d /L %05d", pages, len(whole)-1+len(fmt.Sprint(pages)))
		is.Equal(pagesOf(t, []byte(regexp.MustCompile(`/N 7 /L \d{5}`).ReplaceAllString(whole, n))), want)
	}
}

func TestTruncatedPDFsHaveTheRightPagesOrNone(t *testing.T) {
	_, pages := typeSamples(t)
	for name, want := range pages {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			whole := readSample(t, "types", name)
			for n := 0; n < len(whole); n += 1 + len(whole)/500 {
				result, _, err := look("application/pdf", whole[:n])
				is.NoErr(err)
				is.True(result.Document == nil || result.Document.Pages == want)
			}
		})
	}
}

func TestAPDFThatTheStoreDoesNotReadIsTriedAgain(t *testing.T) {
	for name, b := range map[string][]byte{
		"table": newPDF().tree(twoPages).object(9, "<<>>").table("").bytes(), "stream": withStream("", asIs),
	} {
		for at := int64(0); at < int64(len(b)); at += 40 {
			t.Run(fmt.Sprint(name, at), func(t *testing.T) {
				is := is.New(t)
				result, err := processing.Headers{}.Process(context.Background(), processing.Source{
					Sniffed: "application/pdf", Size: int64(len(b)), Bytes: broken{bytes.NewReader(b), at, at + 40},
				})
				is.True(errors.Is(err, errDisk))
				is.Equal(result, processing.Result{})
			})
		}
	}
}

func TestThePagesOfAnUploadAreInItsDetail(t *testing.T) {
	is := is.New(t)
	e := enginetest.New(t)
	u := e.Upload(string(readSample(t, "types", "pdf-packed.pdf")))
	m := e.Create(media.Content{File: map[string]media.Entry{
		locale: {Name: "a.pdf", ContentType: "application/octet-stream", Upload: u.ID},
	}}, media.WriteOptions{})
	e.Settle()
	f := e.Get(m.ID).File[locale]
	is.Equal(f.ContentType, "application/pdf")
	is.Equal(f.State, media.Done)
	is.Equal(*f.Detail.Document, media.Document{Pages: 12})
}
