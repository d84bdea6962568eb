package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"

	"github.com/weegloo/weegloo/store"
)

func concurrencyCases() []storeCase {
	return []storeCase{
		{"no increment is lost", records.increments},
		{"one of many who found a range empty fills it", records.onlyOne},
		{"numbers that many take from the end of a range have no gaps and no doubles", records.numbers},
		{"transfers keep the sum", records.transfers},
		{"a view sees all of a commit or nothing", records.halves},
		{"each of many commits is answered for itself", records.answers},
	}
}

// at runs fn in n goroutines and joins what they return.
func (s records) at(n int, fn func(i int) error) {
	s.t.Helper()
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = fn(i) })
	}
	wg.Wait()
	s.NoErr(errors.Join(errs...))
}

// number reads a number, 0 if there is none.
func number(r store.Reader, key string) (int, error) {
	value, err := r.Get(key)
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(string(value))
}

func add(w store.Writer, key string, n int) error {
	old, err := number(w, key)
	if err != nil {
		return err
	}
	return w.Set(key, []byte(strconv.Itoa(old+n)))
}

func (s records) increments() {
	s.at(8, func(int) error {
		for range 25 {
			err := store.Update(s.t.Context(), s, func(w store.Writer) error { return add(w, "n", 1) })
			if err != nil {
				return err
			}
		}
		return nil
	})
	s.holds("n", "200")
}

func (s records) onlyOne() {
	s.at(16, func(i int) error {
		return store.Update(s.t.Context(), s, func(w store.Writer) error {
			for _, err := range w.Scan(store.Prefix("seat/")) {
				return err // taken, if it is nil
			}
			return w.Set(fmt.Sprint("seat/", i), nil)
		})
	})
	s.view(func(r store.Reader) error {
		s.Equal(len(s.keys(r, store.Prefix("seat/"))), 1)
		return nil
	})
}

func (s records) numbers() {
	const takers, each = 8, 10
	s.at(takers, func(int) error {
		for range each {
			err := store.Update(s.t.Context(), s, func(w store.Writer) error {
				next := 0
				for e, err := range w.Scan(store.Range{From: "n/", To: "n0", Reverse: true, KeysOnly: true}) {
					if err != nil {
						return err
					}
					last, err := strconv.Atoi(e.Key[2:])
					if err != nil {
						return err
					}
					next = last + 1
					break
				}
				return w.Set(fmt.Sprintf("n/%04d", next), nil)
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	s.view(func(r store.Reader) error {
		for i, key := range s.keys(r, store.Prefix("n/")) {
			s.Equal(key, fmt.Sprintf("n/%04d", i))
		}
		s.Equal(len(s.keys(r, store.Prefix("n/"))), takers*each)
		return nil
	})
}

// transfers moves money between accounts that it finds by scanning, opens new
// ones and closes empty ones, while others look at the sum.
func (s records) transfers() {
	const total = 800
	for i := range 8 {
		s.set(fmt.Sprint("account/", i), strconv.Itoa(total/8))
	}
	s.at(8, func(i int) error {
		random := rand.New(rand.NewPCG(1, uint64(i)))
		for n := range 25 {
			err := store.Update(s.t.Context(), s, func(w store.Writer) error {
				return transfer(w, random.IntN, fmt.Sprintf("account/%d-%d", i, n))
			})
			if err != nil {
				return err
			}
			if err := s.sum(total); err != nil {
				return err
			}
		}
		return nil
	})
}

// transfer takes from the account before a random point and gives to the one
// after it, or to a new one.
func transfer(w store.Writer, random func(n int) int, fresh string) error {
	point := fmt.Sprint("account/", random(9))
	var from store.Entry
	for e, err := range w.Scan(store.Range{From: "account/", To: point, Reverse: true}) {
		if err != nil {
			return err
		}
		from = e
		break
	}
	if from.Key == "" {
		return nil
	}
	to := fresh
	for e, err := range w.Scan(store.Range{From: point, To: "account0"}) {
		if err != nil {
			return err
		}
		to = e.Key
		break
	}
	amount, err := strconv.Atoi(string(from.Value))
	if err != nil {
		return err
	}
	moved := min(amount, random(100))
	if moved == amount {
		return errors.Join(w.Delete(from.Key), add(w, to, moved))
	}
	return errors.Join(add(w, from.Key, -moved), add(w, to, moved))
}

func (s records) sum(want int) error {
	return store.View(s.t.Context(), s, func(r store.Reader) error {
		sum := 0
		for e, err := range r.Scan(store.Prefix("account/")) {
			if err != nil {
				return err
			}
			n, err := strconv.Atoi(string(e.Value))
			if err != nil {
				return err
			}
			sum += n
		}
		if sum != want {
			return fmt.Errorf("the sum is %d, not %d", sum, want)
		}
		return nil
	})
}

func (s records) halves() {
	s.set("left", "0", "right", "0")
	s.at(4, func(i int) error {
		for n := range 50 {
			value := []byte(fmt.Sprint(i, n))
			err := store.Update(s.t.Context(), s, func(w store.Writer) error {
				return errors.Join(w.Set("left", value), w.Set("right", value))
			})
			if err != nil {
				return err
			}
			err = store.View(s.t.Context(), s, func(r store.Reader) error {
				left, err := r.Get("left")
				if err != nil {
					return err
				}
				right, err := r.Get("right")
				if string(left) != string(right) {
					return fmt.Errorf("saw %q beside %q", left, right)
				}
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// answers commits without Update, so that conflicts come back: what is there in
// the end is what was answered with success, and nothing else.
func (s records) answers() {
	const clients, each = 64, 10
	s.set("shared", "[]")
	committed := make([][]string, clients)
	s.at(clients, func(i int) error {
		for n := range each {
			name := fmt.Sprint(i, "/", n)
			tx, err := s.Begin(s.t.Context(), true)
			if err != nil {
				return err
			}
			if n%2 == 0 {
				err = appendName(tx, name)
			}
			err = errors.Join(err, tx.Set("own/"+name, nil))
			if err == nil {
				err = tx.Commit()
			}
			tx.Rollback()
			if err == nil {
				committed[i] = append(committed[i], name)
			} else if !errors.Is(err, store.ErrConflict) {
				return err
			}
		}
		return nil
	})

	var shared []string
	s.view(func(r store.Reader) error {
		value, err := r.Get("shared")
		s.NoErr(err)
		return json.Unmarshal(value, &shared)
	})
	inShared := make(map[string]bool)
	for _, name := range shared {
		inShared[name] = true
	}
	answered := 0
	for _, names := range committed {
		for _, name := range names {
			answered++
			s.holds("own/"+name, "")
			if inShared[name] {
				answered++
			}
		}
	}
	s.Equal(len(shared), len(inShared)) // none twice
	s.view(func(r store.Reader) error {
		s.Equal(answered, len(shared)+len(s.keys(r, store.Prefix("own/"))))
		return nil
	})
}

// appendName reads the list that all share and adds to it.
func appendName(w store.Writer, name string) error {
	value, err := w.Get("shared")
	if err != nil {
		return err
	}
	var names []string
	if err := json.Unmarshal(value, &names); err != nil {
		return err
	}
	value, err = json.Marshal(append(names, name))
	if err != nil {
		return err
	}
	return w.Set("shared", value)
}
