package due

import (
	"fmt"
	"testing"
	"time"

	"github.com/matryer/is"
)

// items are n items of a Space, one each millisecond.
func items(space string, n int) (all []Item) {
	for i := range n {
		all = append(all, Item{Kind: "process", ID: fmt.Sprintf("%s/m%d", space, i), At: time.UnixMilli(int64(i))})
	}
	return all
}

func filled(lanes ...[]Item) *backlog {
	b := newBacklog()
	for _, lane := range lanes {
		for _, it := range lane {
			b.add(it)
		}
	}
	return b
}

func ids(items []Item) (all []string) {
	for _, it := range items {
		all = append(all, it.ID)
	}
	return all
}

func TestSpacesTakeTurns(t *testing.T) {
	is := is.New(t)
	b := filled(items("giant", 10_000), items("small", 1), items("other", 2))
	is.Equal(ids(b.take(6, 100)), []string{"giant/m0", "small/m0", "other/m0", "giant/m1", "other/m1", "giant/m2"})
}

func TestALaneLeavesWorkersToOthers(t *testing.T) {
	is := is.New(t)
	giant := items("giant", 10)
	b := filled(giant)
	is.Equal(len(b.take(8, 3)), 3)
	b.add(items("small", 1)[0])
	is.Equal(ids(b.take(8, 3)), []string{"small/m0"})
	b.finished(giant[0])
	is.Equal(ids(b.take(8, 3)), []string{"giant/m3"})
	is.Equal(len(b.take(8, 3)), 0)
}

func TestAnItemWaitsOnce(t *testing.T) {
	is := is.New(t)
	b := filled(items("s", 3), items("s", 3))
	is.Equal(len(b.take(10, 10)), 3)
	b.add(items("s", 1)[0]) // found again after it was taken: the claim will tell
	is.Equal(len(b.take(10, 10)), 1)
}

func TestWhatCouldNotBeClaimedDoesNotRun(t *testing.T) {
	is := is.New(t)
	b := filled(items("s", 4))
	taken := b.take(2, 2)
	b.lost(taken, taken[:1])
	is.Equal(len(b.take(4, 2)), 1)
	b.finished(taken[0])
	is.Equal(len(b.take(4, 2)), 1)
}

func TestClearKeepsWhatRuns(t *testing.T) {
	is := is.New(t)
	all := items("s", 3)
	b := filled(all)
	b.take(1, 10)
	b.clear()
	is.Equal(len(b.take(10, 10)), 0)
	b.add(all[1])
	is.Equal(len(b.take(10, 1)), 0) // one runs
	b.finished(all[0])
	is.Equal(len(b.take(10, 1)), 1)
	b.finished(all[1])
	is.Equal(len(b.lanes), 0) // nothing is kept of lanes that are done
}

func TestKindsWithoutSpacesAreOneLane(t *testing.T) {
	is := is.New(t)
	is.Equal(laneOf(Item{Kind: "blob-delete", ID: "abc"}), laneOf(Item{Kind: "blob-delete", ID: "xyz"}))
	is.True(laneOf(Item{Kind: "process", ID: "a/m"}) != laneOf(Item{Kind: "process", ID: "b/m"}))
	is.True(laneOf(Item{Kind: "process", ID: "a/m"}) != laneOf(Item{Kind: "event", ID: "a/m"}))
}
