package due_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/internal/due"
	"github.com/weegloo/weegloo/store/memory"
)

// of are n items of a Space.
func of(space string, n int) []string {
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprintf("%s/%04d", space, i))
	}
	return ids
}

// TestSpacesTakeTurns: who brings a thousand files does not hold up who brings
// one a moment later.
func TestSpacesTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		r := run(t, memory.New(), 4, func(b *bench) {
			b.add(time.Now().Add(-time.Second), of("many", 100)...)
			b.add(time.Now(), of("few", 2)...)
			b.do = func(context.Context, due.Item) error { <-time.After(time.Second); return nil }
		})
		pass(10 * time.Second)
		first := r.ids()[:10]
		is.True(slices.Contains(first, "few/0000"))
		is.True(slices.Contains(first, "few/0001"))
		r.stop()
	})
}

// TestASpaceLeavesAWorkerToOthers that come while it is busy.
func TestASpaceLeavesAWorkerToOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var many, most atomic.Int64
		r := run(t, memory.New(), 4, func(b *bench) {
			b.add(time.Now(), of("many", 20)...)
			b.do = func(_ context.Context, it due.Item) error {
				if strings.HasPrefix(it.ID, "many/") {
					most.Store(max(most.Load(), many.Add(1)))
					defer many.Add(-1)
				}
				<-time.After(30 * time.Second)
				return nil
			}
		})
		r.add(time.Now(), "late/1")
		r.Wake(time.Now())
		synctest.Wait()
		is.True(slices.Contains(r.ids(), "late/1")) // at once
		pass(time.Hour)
		is.Equal(most.Load(), int64(3)) // of four
		is.Equal(len(r.ids()), 21)
		is.Equal(len(r.waiting()), 0)
		r.stop()
	})
}

// TestMoreThanIsFoundAtOnceIsDone goes over the lookahead several times.
func TestMoreThanIsFoundAtOnceIsDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		r := run(t, memory.New(), 8, func(b *bench) {
			for _, space := range []string{"a", "b", "c"} {
				b.add(time.Now(), of(space, 350)...)
			}
		})
		pass(time.Minute)
		r.stop()
		ids := slices.Sorted(slices.Values(r.ids()))
		is.Equal(len(ids), 1050)
		is.Equal(len(slices.Compact(ids)), 1050) // each once
		is.Equal(len(r.waiting()), 0)
	})
}

// TestTheItemsOfASpaceKeepTheirOrder, with one worker.
func TestTheItemsOfASpaceKeepTheirOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		r := run(t, memory.New(), 1, func(b *bench) {
			b.add(time.Now(), of("a", 50)...)
			b.add(time.Now().Add(-time.Second), of("b", 50)...)
		})
		pass(time.Minute)
		r.stop()
		for _, space := range []string{"a/", "b/"} {
			ran := slices.DeleteFunc(r.ids(), func(id string) bool { return !strings.HasPrefix(id, space) })
			is.Equal(len(ran), 50)
			is.True(slices.IsSorted(ran))
		}
	})
}
