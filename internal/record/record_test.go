package record_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/internal/record"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/memory"
)

type thing struct {
	Name string `json:"name"`
	Size int64  `json:"size,omitempty"`
}

func TestARecordIsCompactJSON(t *testing.T) {
	is := is.New(t)
	encoded, err := record.Encode(thing{Name: "<a> & b", Size: math.MaxInt64})
	is.NoErr(err)
	is.Equal(string(encoded), `{"name":"<a> & b","size":9223372036854775807}`) // not six times as long
}

func TestARecordComesBackAsItWas(t *testing.T) {
	is := is.New(t)
	s := memory.New()
	want := thing{Name: "é\u2028\x00\"\\", Size: math.MaxInt64}
	is.NoErr(store.Update(t.Context(), s, func(w store.Writer) error { return record.Set(w, "a", want) }))
	is.NoErr(store.View(t.Context(), s, func(r store.Reader) error {
		got, err := record.Get[thing](r, "a")
		is.Equal(got, want)
		return err
	}))
}

func TestNoRecordIsNotFound(t *testing.T) {
	is := is.New(t)
	err := store.View(t.Context(), memory.New(), func(r store.Reader) error {
		got, err := record.Get[thing](r, "a")
		is.Equal(got, thing{})
		return err
	})
	is.True(errors.Is(err, store.ErrNotFound))
}

func TestABrokenRecordIsAnErrorThatNamesItsKey(t *testing.T) {
	for _, value := range []string{"", "{", `{"name":1}`, `[]`, `{} {}`} {
		is := is.New(t)
		_, err := record.Decode[thing]("some/key", []byte(value))
		is.True(err != nil)
		is.True(strings.Contains(err.Error(), "some/key"))
	}
}

func TestWhatHasNoJSONIsAnError(t *testing.T) {
	is := is.New(t)
	_, err := record.Encode(math.NaN())
	is.True(err != nil)
	is.True(store.Update(t.Context(), memory.New(), func(w store.Writer) error { return record.Set(w, "a", math.NaN()) }) != nil)
}
