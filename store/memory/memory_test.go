package memory_test

import (
	"context"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/memory"
)

var (
	_ store.Store      = (*memory.Store)(nil)
	_ store.Blobs      = (*memory.Blobs)(nil)
	_ store.FileOpener = (*memory.Blobs)(nil)
)

func TestValuesAreThereAfterUpdate(t *testing.T) {
	is := is.New(t)
	ctx := context.Background()
	s := memory.New()
	is.NoErr(store.Update(ctx, s, func(w store.Writer) error {
		if err := w.Set("a", []byte("1")); err != nil {
			return err
		}
		return w.Set("b", []byte("2"))
	}))
	for _, reverse := range []bool{false, true} {
		var got string
		is.NoErr(store.View(ctx, s, func(r store.Reader) error {
			got = ""
			for e, err := range r.Scan(store.Range{From: "a", To: "c", Reverse: reverse}) {
				if err != nil {
					return err
				}
				got += e.Key + string(e.Value)
			}
			return nil
		}))
		want := "a1b2"
		if reverse {
			want = "b2a1"
		}
		is.Equal(got, want)
	}
}
