package storetest

import (
	"errors"
	"math"

	"github.com/weegloo/weegloo/store"
)

func counterCases() []storeCase {
	return []storeCase{
		{"a counter begins at 0 and has no key then", records.counterBegins},
		{"a counter that is back at 0 has no key", records.counterAtZero},
		{"a counter may be negative and large", records.counterRange},
		{"Adds of one transaction sum up", records.counterSums},
		{"a transaction does not see its own Adds", records.counterOwnAdds},
		{"Adds go with the transaction that is dropped", records.counterDropped},
		{"Adds at once are all counted, and none runs again", records.counterConcurrent},
		{"to add to what is no counter is an error and writes nothing", records.counterOfText},
		{"Add has the limits of a write", records.counterLimits},
	}
}

func (s records) add(key string, deltas ...int64) {
	s.t.Helper()
	s.update(func(w store.Writer) error {
		for _, delta := range deltas {
			if err := w.Add(key, delta); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s records) counter(key string) (n int64) {
	s.t.Helper()
	s.view(func(r store.Reader) (err error) {
		n, err = store.Counter(r, key)
		return err
	})
	return n
}

func (s records) counterBegins() {
	s.Equal(s.counter("n"), int64(0))
	s.add("n", 1)
	s.Equal(s.counter("n"), int64(1))
	s.Equal(s.everything(), "n=1")
}

func (s records) counterAtZero() {
	s.add("n", 2)
	s.add("n", -2)
	s.Equal(s.everything(), "")
	s.add("never", 0)
	s.Equal(s.everything(), "")
}

func (s records) counterRange() {
	s.add("n", math.MaxInt64)
	s.Equal(s.counter("n"), int64(math.MaxInt64))
	s.add("n", -math.MaxInt64, -7)
	s.Equal(s.counter("n"), int64(-7))
}

func (s records) counterSums() {
	s.add("n", 1, 2, -5, 40)
	s.Equal(s.counter("n"), int64(38))
}

func (s records) counterOwnAdds() {
	s.add("n", 1)
	s.update(func(w store.Writer) error {
		s.NoErr(w.Add("n", 1))
		n, err := store.Counter(w, "n")
		s.Equal(n, int64(1))
		return err
	})
	s.Equal(s.counter("n"), int64(2))
}

func (s records) counterDropped() {
	enough := errors.New("enough")
	err := store.Update(s.t.Context(), s, func(w store.Writer) error {
		s.NoErr(w.Add("n", 1))
		return enough
	})
	s.Equal(err, enough)
	s.Equal(s.counter("n"), int64(0))
}

func (s records) counterConcurrent() {
	const writers, each = 16, 20
	runs := make([]int, writers)
	s.at(writers, func(i int) error {
		for range each {
			err := store.Update(s.t.Context(), s, func(w store.Writer) error {
				runs[i]++
				return errors.Join(w.Add("n", 1), w.Add("m", -1))
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	s.Equal(s.counter("n"), int64(writers*each))
	s.Equal(s.counter("m"), int64(-writers*each))
	for _, n := range runs {
		s.Equal(n, each)
	}
}

func (s records) counterOfText() {
	s.set("text", "hello")
	err := store.Update(s.t.Context(), s, func(w store.Writer) error {
		return errors.Join(w.Add("text", 1), w.Set("beside", nil))
	})
	s.True(err != nil)
	s.True(!errors.Is(err, store.ErrUnknownOutcome))
	s.Equal(s.everything(), "text=hello")
	s.add("n", 1) // and the store works on
}

func (s records) counterLimits() {
	err := store.Update(s.t.Context(), s, func(w store.Writer) error {
		return w.Add(string(make([]byte, store.MaxKey+1)), 1)
	})
	s.True(errors.Is(err, store.ErrTooLarge))
	err = store.Update(s.t.Context(), s, func(w store.Writer) error {
		for range store.MaxWrites + 1 {
			if err := w.Add("n", 1); err != nil {
				return err
			}
		}
		return nil
	})
	s.True(errors.Is(err, store.ErrTooLarge))
	s.Equal(s.counter("n"), int64(0))
}
