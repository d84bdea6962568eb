package badger

import (
	"testing"

	"github.com/matryer/is"
)

func TestTheHorizonFollowsTheOldestReader(t *testing.T) {
	is := is.New(t)
	var h horizon
	var told []uint64
	h.open(7, func(ts uint64) { told = append(told, ts) })
	discarded := func() uint64 { return told[len(told)-1] }
	is.Equal(discarded(), uint64(7))

	old := h.begin()
	same := h.begin()
	h.advance(8)
	h.advance(9)
	is.Equal(discarded(), uint64(7)) // somebody reads there
	young := h.begin()
	is.Equal(young, uint64(9))
	h.advance(10)

	h.end(old)
	is.Equal(discarded(), uint64(7)) // one of two
	h.end(same)
	is.Equal(discarded(), uint64(9))
	h.end(young)
	is.Equal(discarded(), uint64(10)) // nobody reads
	h.advance(11)
	is.Equal(discarded(), uint64(11))
	is.Equal(len(h.readers), 0)
}

func TestReadersMayEndInAnyOrder(t *testing.T) {
	is := is.New(t)
	var h horizon
	var told uint64
	h.open(1, func(ts uint64) {
		is.True(ts >= told) // never back
		told = ts
	})
	var readers []uint64
	for ts := uint64(2); ts <= 20; ts++ {
		readers = append(readers, h.begin())
		h.advance(ts)
	}
	for len(readers) > 0 {
		i := len(readers) * 2 / 3
		h.end(readers[i])
		readers = append(readers[:i], readers[i+1:]...)
		for _, ts := range readers {
			is.True(told <= ts) // whoever reads can go on
		}
	}
	is.Equal(told, uint64(20))
}
