package processing

import (
	"bytes"
	"errors"
	"testing"

	"github.com/matryer/is"
)

// counted is a file of n bytes of which each pair tells where it is.
func counted(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i >> (8 * (i & 1)))
	}
	return b
}

func TestSectionGivesTheBytesAskedFor(t *testing.T) {
	whole := counted(20_000)
	s := newSection(bytes.NewReader(whole), int64(len(whole)))
	// To and fro, within the window, over its edges and up to the end.
	for _, off := range []int64{0, 4000, 4090, 4100, 4500, 4600, 5000, 4599, 0, 10_000, 9_999, 10_600, 19_992, 19_000} {
		got, err := s.at(off, 8)
		is := is.New(t)
		is.NoErr(err)
		is.Equal(got, whole[off:off+8])
	}
}

func TestSectionEndsWhereItWasCut(t *testing.T) {
	whole := counted(20_000)
	s := newSection(bytes.NewReader(whole), int64(len(whole))).cut(100, 50)
	cases := map[string]struct {
		section section
		off     int64
		want    []byte
	}{
		"the beginning":      {s, 0, whole[100:108]},
		"the end":            {s, 42, whole[142:150]},
		"over the end":       {s, 43, nil},
		"before it":          {s, -1, nil},
		"the rest":           {s.from(40), 2, whole[142:150]},
		"over the rest":      {s.from(40), 3, nil},
		"nothing left":       {s.from(50), 0, nil},
		"behind the end":     {s.from(60), 0, nil},
		"more than there is": {s.cut(40, 1<<40), 3, nil},
		"less than nothing":  {s.cut(40, -5), 0, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			got, err := c.section.at(c.off, 8)
			is.Equal(got, c.want)
			is.Equal(isMalformed(err), c.want == nil)
		})
	}
}

func TestSectionEndsWithItsBudget(t *testing.T) {
	is := is.New(t)
	whole := counted(4 << 20)
	s := newSection(bytes.NewReader(whole), int64(len(whole)))
	var err error
	steps := 0
	for off := int64(0); err == nil; off += 1000 {
		_, err = s.at(off, 8)
		steps++
	}
	is.True(errors.Is(err, errLongHeader))
	is.Equal(s.window.bytes, 0)
	is.True(steps < askBudget)
}

func TestSectionEndsWithItsQuestions(t *testing.T) {
	is := is.New(t)
	whole := counted(100)
	s := newSection(bytes.NewReader(whole), int64(len(whole)))
	for range askBudget {
		_, err := s.at(0, 8)
		is.NoErr(err)
	}
	_, err := s.at(0, 8)
	is.True(errors.Is(err, errLongHeader))
}
