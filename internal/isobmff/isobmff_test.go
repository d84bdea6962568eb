package isobmff_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/internal/isobmff"
)

var limits = isobmff.Limits{Bytes: 1 << 20, Boxes: 1000, Depth: 8}

// box is a box with a size of 32 bits.
func box(kind string, content ...string) string {
	all := strings.Join(content, "")
	return string(binary.BigEndian.AppendUint32(nil, uint32(8+len(all)))) + kind + all
}

// claim is a header that says how long its box is, whatever is behind it.
func claim(size uint32, kind string) string {
	return string(binary.BigEndian.AppendUint32(nil, size)) + kind
}

func claim64(size uint64, kind string) string {
	return claim(1, kind) + string(binary.BigEndian.AppendUint64(nil, size))
}

func open(file string) isobmff.Box {
	return isobmff.New(strings.NewReader(file), int64(len(file)), limits)
}

// outline is what is in b, in brackets, to the given depth.
func outline(b isobmff.Box, depth int) (string, error) {
	var out []string
	for child, err := range b.Boxes() {
		if err != nil {
			return strings.Join(out, " "), err
		}
		s := fmt.Sprintf("%s:%d", child.Type, child.Size())
		if child.Cut {
			s += "!"
		}
		if depth > 1 {
			inner, err := outline(child, depth-1)
			if err != nil {
				return strings.Join(append(out, s), " "), err
			}
			s += "[" + inner + "]"
		}
		out = append(out, s)
	}
	return strings.Join(out, " "), nil
}

func TestBoxesAreFoundInOrder(t *testing.T) {
	cases := map[string]struct{ file, want string }{
		"nothing":                  {"", ""},
		"two":                      {box("ftyp", "isom") + box("moov"), "ftyp:4 moov:0"},
		"a size of 64 bits":        {claim64(20, "mdat") + "1234" + box("moov"), "mdat:4 moov:0"},
		"a size of 64 bits, empty": {claim64(16, "mdat") + box("moov"), "mdat:0 moov:0"},
		"to the end of the file":   {box("ftyp") + claim(0, "mdat") + "1234", "ftyp:0 mdat:4"},
		"a name of 16 bytes":       {box("uuid", "0123456789abcdef", "1234") + box("moov"), "uuid0123456789abcdef:4 moov:0"},
		"a long name and size":     {claim64(36, "uuid") + "0123456789abcdef1234" + box("moov"), "uuid0123456789abcdef:4 moov:0"},
		"padding at the end":       {box("ftyp") + "1234567", "ftyp:0"},
		"one that is cut":          {box("ftyp") + claim(100, "moov") + "1234", "ftyp:0 moov:4!"},
		"one of 4 GiB":             {claim(1<<32-1, "mdat") + "1234", "mdat:4!"},
		"one of 2 EiB":             {claim64(1<<61, "mdat") + "1234", "mdat:4!"},
		"one whose header is cut":  {claim(100, "mdat"), "mdat:0!"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			got, err := outline(open(c.file), 1)
			is.NoErr(err)
			is.Equal(got, c.want)
		})
	}
}

func TestBoxesEndWhereTheBoxAroundThemEnds(t *testing.T) {
	cases := map[string]struct{ file, want string }{
		"in each other":            {box("moov", box("mvhd", "12"), box("trak", box("tkhd"))), "moov:26[mvhd:2[] trak:8[tkhd:0]]"},
		"longer than the parent":   {box("moov", claim(100, "trak")) + box("free"), "moov:8[trak:0![]] free:0[]"},
		"a zero ends a list":       {box("udta", box("name"), "\x00\x00\x00\x00", "more than padding"), "udta:29[name:0[]]"},
		"no zero without a header": {box("udta", "\x00\x00\x00\x00"), "udta:4[]"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			got, err := outline(open(c.file), 3)
			is.NoErr(err)
			is.Equal(got, c.want)
		})
	}
}

func TestBoxesThatCannotBeAreMalformed(t *testing.T) {
	cases := map[string]string{
		"smaller than its header":        box("ftyp") + claim(7, "moov"),
		"of size two":                    claim(2, "moov"),
		"a long size smaller than that":  claim64(15, "mdat"),
		"a long size of none":            claim64(0, "mdat"),
		"a long size beyond signs":       claim64(1<<63, "mdat"),
		"a long size of all ones":        claim64(1<<64-1, "mdat"),
		"a long size that is cut":        claim(1, "mdat") + "1234",
		"a name that is cut":             box("uuid", "0123456789abcde"),
		"a name that does not fit":       claim(23, "uuid") + "0123456789abcdef",
		"a name that does not fit, long": claim64(31, "uuid") + "0123456789abcdef",
	}
	for name, file := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := outline(open(file), 1)
			is.New(t).True(errors.Is(err, isobmff.ErrMalformed))
		})
	}
}

func TestWalkingEndsWithItsLimits(t *testing.T) {
	nested := ""
	for range 20 {
		nested = box("moov", nested)
	}
	cases := map[string]struct {
		file   string
		limits isobmff.Limits
		want   string
	}{
		"boxes":    {strings.Repeat(box("free"), 5), isobmff.Limits{Bytes: 1000, Boxes: 3, Depth: 8}, "free:0[] free:0[] free:0[]"},
		"bytes":    {strings.Repeat(box("free"), 5), isobmff.Limits{Bytes: 20, Boxes: 100, Depth: 8}, "free:0[] free:0[]"},
		"depth":    {nested, isobmff.Limits{Bytes: 1000, Boxes: 100, Depth: 3}, "moov:152"},
		"no depth": {box("free"), isobmff.Limits{Bytes: 1000, Boxes: 100}, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			got, err := outline(isobmff.New(strings.NewReader(c.file), int64(len(c.file)), c.limits), 100)
			is.True(errors.Is(err, isobmff.ErrLimit))
			is.Equal(got, c.want)
		})
	}
}

func TestTheLastByteOfTheBudgetMayBeRead(t *testing.T) {
	is := is.New(t)
	file := isobmff.New(strings.NewReader("0123456789"), 10, isobmff.Limits{Bytes: 6})
	for range 2 {
		got, err := file.At(7, 3)
		is.NoErr(err)
		is.Equal(string(got), "789")
	}
	_, err := file.At(0, 1)
	is.True(errors.Is(err, isobmff.ErrLimit))
}

func TestAtStaysInTheBox(t *testing.T) {
	is := is.New(t)
	b, found, err := open(box("free", "xx") + box("moov", "0123456789") + "behind").Find("moov")
	is.NoErr(err)
	is.True(found)
	is.Equal(b.Size(), int64(10))
	is.Equal(b.Offset(), int64(18))
	cases := map[string]struct {
		box  isobmff.Box
		off  int64
		n    int
		want string
	}{
		"the beginning":       {b, 0, 3, "012"},
		"the end":             {b, 7, 3, "789"},
		"over the end":        {b, 8, 3, ""},
		"before it":           {b, -1, 3, ""},
		"nothing":             {b, 0, 0, ""},
		"less than nothing":   {b, 0, -1, ""},
		"the rest":            {b.From(4), 0, 3, "456"},
		"over the rest":       {b.From(4), 4, 3, ""},
		"before the rest":     {b.From(4), -1, 3, ""},
		"a rest of nothing":   {b.From(10), 0, 1, ""},
		"a rest behind it":    {b.From(100), 0, 1, ""},
		"a rest of more":      {b.From(-5), 0, 3, "012"},
		"a slice":             {b.Slice(2, 4), 1, 3, "345"},
		"over the slice":      {b.Slice(2, 4), 2, 3, ""},
		"a slice of too much": {b.Slice(8, 1<<62), 0, 2, "89"},
		"a slice of less":     {b.Slice(2, -1), 0, 1, ""},
		"no box":              {isobmff.Box{}, 0, 1, ""},
		"as far as one goes":  {b, 1 << 62, 3, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			got, err := c.box.At(c.off, c.n)
			is.Equal(string(got), c.want)
			is.Equal(errors.Is(err, isobmff.ErrMalformed), c.want == "")
		})
	}
}

func TestAtGivesNoMoreThanItsBuffer(t *testing.T) {
	is := is.New(t)
	file := open(strings.Repeat("x", 1000))
	_, err := file.At(0, isobmff.MaxRead)
	is.NoErr(err)
	_, err = file.At(0, isobmff.MaxRead+1)
	is.True(errors.Is(err, isobmff.ErrLimit))
}

func TestFullBoxesHaveAVersionAndFlags(t *testing.T) {
	is := is.New(t)
	b, _, err := open(box("meta", "\x01\x02\x03\x04", box("hdlr"))).Find("meta")
	is.NoErr(err)
	version, flags, rest, err := b.Full()
	is.NoErr(err)
	is.Equal(version, byte(1))
	is.Equal(flags, uint32(0x020304))
	got, err := outline(rest, 1)
	is.NoErr(err)
	is.Equal(got, "hdlr:0")

	_, flags, rest, err = open("\x00\x00\x00\x07").Full()
	is.NoErr(err)
	is.Equal(flags, uint32(7))
	is.Equal(rest.Size(), int64(0))

	_, _, _, err = rest.Full()
	is.True(errors.Is(err, isobmff.ErrMalformed))
}

func TestFindFollowsAPath(t *testing.T) {
	file := box("ftyp") + box("moov", box("trak", box("tkhd", "1")), box("trak", box("mdia", "2"))) + box("moov", box("udta"))
	cases := map[string]struct {
		path []string
		want int64
	}{
		"nowhere":               {nil, int64(len(file))},
		"one step":              {[]string{"ftyp"}, 0},
		"three steps":           {[]string{"moov", "trak", "tkhd"}, 1},
		"the first of its type": {[]string{"moov", "trak", "mdia"}, -1},
		"the first way":         {[]string{"moov", "udta"}, -1},
		"nothing there":         {[]string{"free"}, -1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			b, found, err := open(file).Find(c.path...)
			is.NoErr(err)
			is.Equal(found, c.want >= 0)
			if found {
				is.Equal(b.Size(), c.want)
			}
		})
	}
}

func TestFindReportsWhatStandsInItsWay(t *testing.T) {
	_, found, err := open(box("ftyp") + claim(5, "free") + box("moov")).Find("moov")
	is := is.New(t)
	is.True(errors.Is(err, isobmff.ErrMalformed))
	is.True(!found)
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
			_, _, err := isobmff.New(broken{c.given}, 100, limits).Find("moov")
			is.True(errors.Is(err, c.want))
			is.True(!errors.Is(err, isobmff.ErrMalformed))
		})
	}
}

func TestAFileOfNegativeSizeIsEmpty(t *testing.T) {
	is := is.New(t)
	got, err := outline(isobmff.New(broken{}, -1, limits), 1)
	is.NoErr(err)
	is.Equal(got, "")
}

// FuzzWalk: whatever the bytes, walking them ends within its limits, and every
// box lies in the one around it.
func FuzzWalk(f *testing.F) {
	f.Add([]byte(box("ftyp", "isom") + box("moov", box("trak", box("mdia"))) + claim(0, "mdat")))
	f.Add([]byte(claim64(1<<62, "uuid") + "0123456789abcdef"))
	f.Add([]byte(box("udta", "\x00\x00\x00\x00\x00\x00\x00\x00")))
	f.Fuzz(func(t *testing.T, file []byte) {
		read := int64(0)
		counting := readerFunc(func(p []byte, off int64) (int, error) {
			read += int64(len(p))
			return bytes.NewReader(file).ReadAt(p, off)
		})
		seen := 0
		var walk func(b isobmff.Box, depth int) error
		walk = func(b isobmff.Box, depth int) error {
			for child, err := range b.Boxes() {
				if err != nil {
					return err
				}
				seen++
				if depth > limits.Depth || child.Offset() < b.Offset() || child.Size() < 0 || child.Offset()+child.Size() > b.Offset()+b.Size() {
					t.Errorf("%q at depth %d of %d bytes in %d", child.Type, depth, child.Size(), b.Size())
				}
				if err := walk(child, depth+1); errors.Is(err, isobmff.ErrLimit) {
					return err
				}
			}
			return nil
		}
		err := walk(isobmff.New(counting, int64(len(file)), limits), 1)
		if err != nil && !errors.Is(err, isobmff.ErrMalformed) && !errors.Is(err, isobmff.ErrLimit) {
			t.Error(err)
		}
		if seen > limits.Boxes || read > limits.Bytes {
			t.Errorf("%d boxes, %d bytes", seen, read)
		}
	})
}

type readerFunc func(p []byte, off int64) (int, error)

func (f readerFunc) ReadAt(p []byte, off int64) (int, error) { return f(p, off) }
