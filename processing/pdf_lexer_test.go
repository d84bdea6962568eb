package processing

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/matryer/is"
)

func TestLexerWords(t *testing.T) {
	cases := map[string][]string{
		"":                              nil,
		" \x00\t\f\r\n":                 nil,
		"% a b\n":                       nil,
		"a":                             {"a"},
		"a b":                           {"a", "b"},
		"12 0 R":                        {"12", "0", "R"},
		"a%b\rc":                        {"a", "c"},
		"/A/B c":                        {"/A", "/B", "c"},
		"/ a":                           {"/", "a"},
		"<</A[1 2]>>":                   {"<<", "/A", "[", "1", "2", "]", ">>"},
		"<41 42>/A":                     {"<>", "/A"},
		"(a (b) \\) \\( c)/A":           {"()", "/A"},
		"(% a)b":                        {"()", "b"},
		"{a}":                           {"{", "a", "}"},
		"> a":                           {">", "a"},
		"-1.5e3":                        {"-1.5e3"},
		strings.Repeat("a", maxPDFWord): {strings.Repeat("a", maxPDFWord)},
	}
	for text, want := range cases {
		t.Run(text, func(t *testing.T) {
			is := is.New(t)
			l := newLexer(strings.NewReader(text))
			var got []string
			word, err := l.word()
			for ; err == nil; word, err = l.word() {
				got = append(got, word)
			}
			is.Equal(err, io.EOF)
			is.Equal(got, want)
			is.Equal(l.n, int64(len(text)))
		})
	}
}

func TestLexerEndsWhereWordsDoNot(t *testing.T) {
	is := is.New(t)
	for _, text := range []string{"(a", "(a\\", "(()", "<41", "<", ">"} {
		_, err := newLexer(strings.NewReader(text)).word()
		is.Equal(err, io.EOF)
	}
	_, err := newLexer(strings.NewReader(strings.Repeat("a", maxPDFWord+1))).word()
	is.True(isMalformed(err))
	_, err = newLexer(strings.NewReader(strings.Repeat(" ", maxPDFValue) + "a")).word()
	is.Equal(err, io.EOF)
	_, err = newLexer(strings.NewReader(strings.Repeat(" ", maxPDFValue-1) + "a")).word()
	is.NoErr(err)
}

func TestLexerCountsWhatItRead(t *testing.T) {
	is := is.New(t)
	l := newLexer(strings.NewReader("12 /A(b)<< stream\r\nx"))
	for _, n := range []int64{2, 5, 8, 10, 17} {
		_, err := l.word()
		is.NoErr(err)
		is.Equal(l.n, n)
	}
	is.NoErr(l.endOfLine())
	is.Equal(l.n, int64(19))
}

func TestEndOfLine(t *testing.T) {
	for text, want := range map[string]int64{"\nx": 1, "\r\nx": 2, "\rx": 1, "x": 0, " \r\n\nx": 3} {
		t.Run(text, func(t *testing.T) {
			is := is.New(t)
			l := newLexer(strings.NewReader(text))
			is.NoErr(l.endOfLine())
			is.Equal(l.n, want)
		})
	}
}

func TestDictionaries(t *testing.T) {
	cases := map[string]pdfDict{
		"<<>>":                        {},
		"<</A 1>>":                    {"A": {number: 1}},
		"<</A/B>>":                    {"A": {name: "B"}},
		"<</A/B/C/D>>":                {"A": {name: "B"}, "C": {name: "D"}},
		"<</A 12 0 R/B 3>>":           {"A": {ref: 12}, "B": {number: 3}},
		"<</A[1 2 3]>>":               {"A": {list: []int64{1, 2, 3}}},
		"<</A[/B]>>":                  {"A": {name: "B", list: []int64{0}}},
		"<</A[/B/C]>>":                {"A": {list: []int64{0, 0}}},
		"<</A[<</B 1>>]>>":            {"A": {dict: pdfDict{"B": {number: 1}}, list: []int64{0}}},
		"<</A<</B<</C 1>>>>/D 2>>":    {"A": {dict: pdfDict{"B": {dict: pdfDict{"C": {number: 1}}}}}, "D": {number: 2}},
		"<</A(b)/C<41>/D true>>":      {"A": {}, "C": {}, "D": {}},
		"<</A 1/A 2>>":                {"A": {number: 1}},
		"<</A 1 2>>":                  {}, // two values are none
		"<<1>>":                       {"": {number: 1}},
		"<</A -7>>":                   {"A": {number: -7}},
		"<</A 99999999999999999999>>": {"A": {}},
	}
	for text, want := range cases {
		t.Run(text, func(t *testing.T) {
			is := is.New(t)
			got, err := newLexer(strings.NewReader(text)).dictionary()
			is.NoErr(err)
			is.Equal(got, want)
		})
	}
}

func TestWhatIsNoDictionary(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("<</A", n) + " 1" + strings.Repeat(">>", n) }
	is := is.New(t)
	for _, text := range []string{"", "a", "[", "<<", "<</A", "<</A 1", "<</A 1 2 3 4>>", "<</A[1", "<</A(", deep(maxPDFDepth)} {
		_, err := newLexer(strings.NewReader(text)).dictionary()
		is.True(isMalformed(err) || errors.Is(err, io.EOF))
	}
	_, err := newLexer(strings.NewReader(deep(maxPDFDepth - 1))).dictionary()
	is.NoErr(err)
}

func TestDictionariesAndListsKeepOnlySoMuch(t *testing.T) {
	is := is.New(t)
	var keys strings.Builder
	for i := range maxPDFKeys + 9 {
		keys.WriteString("/" + string(rune('A'+i%26)) + strings.Repeat("x", i/26) + " 1 ")
	}
	d, err := newLexer(strings.NewReader("<<" + keys.String() + ">>")).dictionary()
	is.NoErr(err)
	is.Equal(len(d), maxPDFKeys)
	d, err = newLexer(strings.NewReader("<</A[" + strings.Repeat("1 ", maxPDFList+9) + "]/B 2>>")).dictionary()
	is.NoErr(err)
	is.Equal(len(d["A"].list), maxPDFList)
	is.Equal(d["B"].number, int64(2))
}

func TestRowsOfACrossReference(t *testing.T) {
	cases := map[string]struct {
		row    string
		widths [3]int64
		want   pdfEntry
		found  bool
	}{
		"in the file":        {"\x01\x01\x02\x00", [3]int64{1, 2, 1}, pdfEntry{off: 258}, true},
		"in a stream":        {"\x02\x00\x09\x05", [3]int64{1, 2, 1}, pdfEntry{in: 9}, true},
		"in no stream":       {"\x02\x00\x00\x05", [3]int64{1, 2, 1}, pdfEntry{}, false},
		"free":               {"\x00\x01\x02\x00", [3]int64{1, 2, 1}, pdfEntry{}, false},
		"of an unheard kind": {"\x03\x01\x02\x00", [3]int64{1, 2, 1}, pdfEntry{}, false},
		"without a kind":     {"\x01\x02", [3]int64{0, 2, 0}, pdfEntry{off: 258}, true},
		"without anything":   {"", [3]int64{}, pdfEntry{}, true},
		"beyond 63 bits":     {"\x01" + strings.Repeat("\xff", 8), [3]int64{1, 8, 0}, pdfEntry{off: -1}, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			got, found, err := packedEntry([]byte(c.row), c.widths)
			is.NoErr(err)
			is.Equal(got, c.want)
			is.Equal(found, c.found)
		})
	}
}

func TestRowsAreCountedOverRanges(t *testing.T) {
	is := is.New(t)
	d := pdfDict{"Index": {list: []int64{3, 2, 10, 5}}, "Size": {number: 15}}
	for number, want := range map[int64]int64{2: -1, 3: 0, 4: 1, 5: -1, 9: -1, 10: 2, 14: 6, 15: -1} {
		row, err := rowAt(d, number)
		is.NoErr(err)
		is.Equal(row, want)
	}
	row, err := rowAt(pdfDict{"Size": {number: 15}}, 14)
	is.NoErr(err)
	is.Equal(row, int64(14))
	row, err = rowAt(pdfDict{"Size": {number: 15}}, 15)
	is.NoErr(err)
	is.Equal(row, int64(-1))
	for _, index := range [][]int64{{-1, 5}, {0, -5}, {1 << 41, 5}, {0, 1 << 41}} {
		_, err := rowAt(pdfDict{"Index": {list: index}}, 3)
		is.True(isMalformed(err))
	}
}
