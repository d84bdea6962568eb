package optimistic

import (
	"errors"
	"fmt"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/store"
)

func TestTheLogIsBounded(t *testing.T) {
	f := newFixture(t)
	f.log.limit = 10
	for i := range 1000 {
		f.NoErr(f.set(fmt.Sprint("k", i%50)))
	}
	f.True(len(f.log.changes) <= 2*10)
	f.True(len(f.log.latest) <= len(f.log.changes))
}

func TestATransactionOlderThanTheLogConflicts(t *testing.T) {
	f := newFixture(t)
	f.log.limit = 10
	f.NoErr(f.set("a"))

	old := f.begin(true)
	_, err := old.Get("a")
	f.NoErr(err)
	f.NoErr(old.Set("b", nil))
	blind := f.begin(true)
	f.NoErr(blind.Set("c", nil))

	for i := range 50 {
		f.NoErr(f.set(fmt.Sprint("k", i)))
	}
	f.True(errors.Is(old.Commit(), store.ErrConflict)) // whether a has changed is not known any more
	f.NoErr(blind.Commit())                            // has nothing to compare
	f.NoErr(f.increment("a"))                          // begins now
}

func TestTheLogForgetsOnlyWhatIsOld(t *testing.T) {
	is := is.New(t)
	l := newLog()
	l.limit = 4
	read := func(key string) *reads {
		r := &reads{}
		r.addKey(key)
		return r
	}
	for seq := uint64(1); seq <= 5; seq++ {
		l.add(seq, &request{writes: []Write{{Key: "always"}, {Key: fmt.Sprint("k", seq)}}})
	}
	is.Equal(l.start, uint64(3))
	is.True(l.conflicts(2, read("nothing"))) // too old to tell
	is.True(!l.conflicts(3, read("k3")))     // read after it was changed
	is.True(l.conflicts(3, read("k4")))
	is.True(l.conflicts(4, read("always"))) // the older change is forgotten, not the newer
	is.True(!l.conflicts(5, read("always")))
}
