package storetest_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/memory"
	"github.com/weegloo/weegloo/store/storetest"
)

func TestPowerCutKeepsTheContract(t *testing.T) {
	storetest.RunBlobs(t, func(*testing.T) store.Blobs { return storetest.NewPowerCut(memory.NewBlobs(), nil) })
}

func TestACrashThatNeverComesKeepsTheContract(t *testing.T) {
	storetest.Run(t, func(*testing.T) store.Store { return (&storetest.Crash{}).Store(memory.New()) })
	storetest.RunBlobs(t, func(*testing.T) store.Blobs { return (&storetest.Crash{}).Blobs(memory.NewBlobs()) })
}

// TestAPowerCutTakesWhatWasNotSynced lets a Put be cut off at each of its
// moments, with each loss.
func TestAPowerCutTakesWhatWasNotSynced(t *testing.T) {
	for _, c := range []struct {
		at   int
		loss storetest.Loss
		keys string // afterwards
		open bool   // one of them can be opened
	}{
		{1, storetest.Kept, "", false}, // before it
		{2, storetest.Kept, "key", false},
		{2, storetest.Torn, "key", false},
		{2, storetest.Lost, "", false},
		{4, storetest.Kept, "key", true}, // before the sync
		{4, storetest.Torn, "key", false},
		{4, storetest.Lost, "", false},
		{5, storetest.Torn, "key", true}, // after it
		{5, storetest.Lost, "key", true},
		{7, storetest.Kept, "", false}, // before the sync of the delete
		{7, storetest.Lost, "key", true},
		{8, storetest.Lost, "", false}, // after it
	} {
		is := is.New(t)
		crash := &storetest.Crash{At: c.at}
		cut := storetest.NewPowerCut(memory.NewBlobs(), crash)
		blobs := crash.Blobs(cut)
		_, err := blobs.Put(t.Context(), "key", strings.NewReader("some bytes"))
		if err == nil {
			err = blobs.Delete(t.Context(), "key")
		}
		is.True(errors.Is(err, storetest.ErrStopped)) // as planned
		is.Equal(len(crash.Moments()), c.at)
		is.NoErr(cut.Cut(t.Context(), c.loss))
		is.Equal(strings.Join(cut.Keys(), " "), c.keys)
		_, err = cut.Open(t.Context(), "key", 0, -1)
		is.Equal(err == nil, c.open)
		is.NoErr(cut.Delete(t.Context(), "key"))
		is.Equal(len(cut.Keys()), 0) // Delete finds remains too
	}
}

func TestNothingWorksAfterACrash(t *testing.T) {
	is := is.New(t)
	crash := &storetest.Crash{At: 2}
	records := memory.New()
	s := crash.Store(records)
	err := store.Update(t.Context(), s, func(w store.Writer) error { return w.Set("a", []byte("1")) })
	is.True(errors.Is(err, store.ErrUnknownOutcome)) // it has happened
	_, err = s.Begin(t.Context(), false)
	is.Equal(err, storetest.ErrStopped)
	is.Equal(crash.Blobs(memory.NewBlobs()).Delete(t.Context(), "key"), storetest.ErrStopped)
	is.NoErr(store.View(t.Context(), records, func(r store.Reader) error {
		_, err := r.Get("a")
		return err
	}))
}
