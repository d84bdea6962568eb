package ebml_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/internal/ebml"
)

var limits = ebml.Limits{Bytes: 1 << 20, Elements: 1000}

// element has an ID and a size of one byte each.
func element(id byte, content ...string) string {
	all := strings.Join(content, "")
	return string([]byte{id, 0x80 | byte(len(all))}) + all
}

func open(file string) ebml.Element {
	return ebml.New(strings.NewReader(file), int64(len(file)), limits)
}

// outline is what is in e.
func outline(e ebml.Element) (string, error) {
	var out []string
	for child, err := range e.Elements() {
		if err != nil {
			return strings.Join(out, " "), err
		}
		s := fmt.Sprintf("%x:%d", child.ID, child.Size())
		if child.Cut {
			s += "!"
		}
		if child.Unknown {
			s += "?"
		}
		out = append(out, s)
	}
	return strings.Join(out, " "), nil
}

func TestElementsAreFoundInOrder(t *testing.T) {
	cases := map[string]struct{ file, want string }{
		"nothing":                  {"", ""},
		"two":                      {element(0xae, "12") + element(0xe0), "ae:2 e0:0"},
		"an ID of two bytes":       {"\x42\x82\x84webm", "4282:4"},
		"an ID of four bytes":      {"\x1a\x45\xdf\xa3\x80", "1a45dfa3:0"},
		"a size of two bytes":      {"\xae\x40\x021" + "2" + element(0xe0), "ae:2 e0:0"},
		"a size of eight bytes":    {"\xae\x01\x00\x00\x00\x00\x00\x00\x0212" + element(0xe0), "ae:2 e0:0"},
		"of unknown size":          {"\xae\xff" + element(0xe0, "1") + element(0xe1), "ae:5? e0:1 e1:0"},
		"of unknown size, long":    {"\xae\x01\xff\xff\xff\xff\xff\xff\xff" + element(0xe0), "ae:2? e0:0"},
		"of unknown size, at last": {"\xae\xff", "ae:0?"},
		"almost unknown":           {"\xae\xfe12", "ae:2!"},
		"cut":                      {element(0xe0) + "\xae\x8312", "e0:0 ae:2!"},
		"of the largest size":      {"\xae\x01\xff\xff\xff\xff\xff\xff\xfe12", "ae:2!"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			got, err := outline(open(c.file))
			is.NoErr(err)
			is.Equal(got, c.want)
		})
	}
}

func TestElementsEndWhereTheOneAroundThemEnds(t *testing.T) {
	is := is.New(t)
	for outer, err := range open(element(0xae, "\xe0\x85", "1") + element(0xe1)).Elements() {
		is.NoErr(err)
		is.Equal(outer.Offset(), int64(2))
		got, err := outline(outer)
		is.NoErr(err)
		is.Equal(got, "e0:1!")
		break
	}
}

func TestElementsThatCannotBeAreMalformed(t *testing.T) {
	cases := map[string]string{
		"an ID of five bytes":  "\x08\x00\x00\x00\x00\x80",
		"an ID of zeros":       "\x00\x80",
		"an ID that is cut":    "\x1a\x45\xdf",
		"no size":              "\xae",
		"a size of nine bytes": "\xae\x00\x01",
		"a size that is cut":   "\xae\x40",
	}
	for name, file := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := outline(open(file))
			is.New(t).True(errors.Is(err, ebml.ErrMalformed))
		})
	}
}

func TestWalkingEndsWithItsLimits(t *testing.T) {
	file := strings.Repeat(element(0xec), 10)
	cases := map[string]struct {
		limits ebml.Limits
		want   string
	}{
		"elements": {ebml.Limits{Bytes: 1000, Elements: 3}, "ec:0 ec:0 ec:0"},
		"bytes":    {ebml.Limits{Bytes: 30, Elements: 100}, "ec:0 ec:0"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			got, err := outline(ebml.New(strings.NewReader(file), int64(len(file)), c.limits))
			is.True(errors.Is(err, ebml.ErrLimit))
			is.Equal(got, c.want)
		})
	}
}

// only is the one element of a file.
func only(t *testing.T, file string) ebml.Element {
	t.Helper()
	for e, err := range open(file).Elements() {
		is.New(t).NoErr(err)
		return e
	}
	return ebml.Element{}
}

func TestNumbers(t *testing.T) {
	cases := map[string]struct {
		value string
		want  uint64
		ok    bool
	}{
		"nothing":    {"", 0, true},
		"a byte":     {"\x07", 7, true},
		"two":        {"\x01\x02", 258, true},
		"eight":      {"\xff\xff\xff\xff\xff\xff\xff\xff", math.MaxUint64, true},
		"nine":       {"\x00\x00\x00\x00\x00\x00\x00\x00\x07", 0, false},
		"three, too": {"\x01\x00\x00", 65536, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			got, err := only(t, element(0xae, c.value)).Uint()
			is.Equal(got, c.want)
			is.Equal(err == nil, c.ok)
			is.Equal(errors.Is(err, ebml.ErrMalformed), !c.ok)
		})
	}
}

func TestFloats(t *testing.T) {
	cases := map[string]struct {
		value string
		want  float64
		ok    bool
	}{
		"nothing": {"", 0, true},
		"short":   {"\x3f\xc0\x00\x00", 1.5, true},
		"long":    {"\x3f\xf8\x00\x00\x00\x00\x00\x00", 1.5, true},
		"odd":     {"\x3f\xc0\x00", 0, false},
		"longer":  {"\x3f\xf8\x00\x00\x00\x00\x00\x00\x00", 0, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			got, err := only(t, element(0xae, c.value)).Float()
			is.Equal(got, c.want)
			is.Equal(errors.Is(err, ebml.ErrMalformed), !c.ok)
		})
	}
}

func TestTexts(t *testing.T) {
	for value, want := range map[string]string{"": "", "webm": "webm", "webm\x00\x00": "webm", "matroska": "matroska", "matroskas": "matroska", "\x00": ""} {
		t.Run(want, func(t *testing.T) {
			is := is.New(t)
			got, err := only(t, element(0xae, value)).Text()
			is.NoErr(err)
			is.Equal(got, want)
		})
	}
}

func TestValuesWithoutTheirEndAreMalformed(t *testing.T) {
	for name, file := range map[string]string{"cut": "\xae\x821", "unknown": "\xae\xff1", "cut to nothing": "\xae\x81"} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			_, err := only(t, file).Uint()
			is.True(errors.Is(err, ebml.ErrMalformed))
			_, err = only(t, file).Float()
			is.True(errors.Is(err, ebml.ErrMalformed))
			_, err = only(t, file).Text()
			is.True(errors.Is(err, ebml.ErrMalformed))
		})
	}
}

func TestHead(t *testing.T) {
	is := is.New(t)
	got, err := only(t, element(0xa3, "0123456789")).Head(4)
	is.NoErr(err)
	is.Equal(string(got), "0123")
	got, err = only(t, "\xa3\x8a0123").Head(4) // which is cut
	is.NoErr(err)
	is.Equal(string(got), "0123")
	for _, n := range []int{-1, 0, 5, 9} {
		_, err = only(t, element(0xa3, "0123")).Head(n)
		is.True(errors.Is(err, ebml.ErrMalformed))
	}
	_, err = ebml.Element{}.Head(1)
	is.True(errors.Is(err, ebml.ErrMalformed))
}

type broken struct{ err error }

func (b broken) ReadAt([]byte, int64) (int, error) { return 0, b.err }

func TestFailingReadsAreNoFaultOfTheFile(t *testing.T) {
	disk := errors.New("disk")
	cases := map[string]struct{ given, want error }{
		"an error": {disk, disk},
		"an end":   {io.EOF, io.ErrUnexpectedEOF},
		"nothing":  {nil, io.ErrUnexpectedEOF},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			_, err := outline(ebml.New(broken{c.given}, 100, limits))
			is.True(errors.Is(err, c.want))
			is.True(!errors.Is(err, ebml.ErrMalformed))
		})
	}
}

func TestAFileOfNegativeSizeIsEmpty(t *testing.T) {
	is := is.New(t)
	got, err := outline(ebml.New(broken{}, -1, limits))
	is.NoErr(err)
	is.Equal(got, "")
}

// FuzzWalk: whatever the bytes, walking them ends within its limits, and every
// element lies in the one around it.
func FuzzWalk(f *testing.F) {
	f.Add([]byte("\x1a\x45\xdf\xa3\x84" + element(0xae, "12") + "\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" + element(0xae)))
	f.Add([]byte("\xae\x01\xff\xff\xff\xff\xff\xff\xfe12"))
	f.Add([]byte(strings.Repeat("\xae\xff", 100)))
	f.Fuzz(func(t *testing.T, file []byte) {
		read, seen := int64(0), 0
		counting := readerFunc(func(p []byte, off int64) (int, error) {
			read += int64(len(p))
			return bytes.NewReader(file).ReadAt(p, off)
		})
		var walk func(e ebml.Element, depth int) error
		walk = func(e ebml.Element, depth int) error {
			for child, err := range e.Elements() {
				if err != nil {
					return err
				}
				seen++
				if child.Offset() < e.Offset() || child.Size() < 0 || child.Offset()+child.Size() > e.Offset()+e.Size() {
					t.Errorf("%x of %d bytes in %d", child.ID, child.Size(), e.Size())
				}
				child.Uint()
				child.Float()
				child.Text()
				if depth == 0 {
					continue
				}
				if err := walk(child, depth-1); errors.Is(err, ebml.ErrLimit) {
					return err
				}
			}
			return nil
		}
		err := walk(ebml.New(counting, int64(len(file)), limits), 4)
		if err != nil && !errors.Is(err, ebml.ErrMalformed) && !errors.Is(err, ebml.ErrLimit) {
			t.Error(err)
		}
		if seen > limits.Elements || read > limits.Bytes {
			t.Errorf("%d elements, %d bytes", seen, read)
		}
	})
}

type readerFunc func(p []byte, off int64) (int, error)

func (f readerFunc) ReadAt(p []byte, off int64) (int, error) { return f(p, off) }
