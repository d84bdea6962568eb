package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/weegloo/weegloo/store"
)

func updateCases() []storeCase {
	return []storeCase{
		{"an error of fn drops its writes and comes back", records.fnFails},
		{"a panic of fn drops its writes and goes on", records.fnPanics},
		{"a panic inside of a scan drops its writes", records.fnPanicsInScan},
		{"fn runs again when its commit conflicts", records.fnRunsAgain},
		{"a conflict that fn returns does not run again", records.fnConflict},
		{"an update that is out of time ends", records.updateDone},
		{"what is too large is refused and poisons", records.tooLarge},
		{"too many writes are refused", records.tooMany},
		{"an unknown outcome is reported once and not retried", records.unknownOutcome},
	}
}

var errFn = errors.New("from fn")

func (s records) fnFails() {
	s.set("a", "1")
	err := store.Update(s.t.Context(), s, func(w store.Writer) error {
		return errors.Join(w.Set("a", []byte("new")), errFn)
	})
	s.True(errors.Is(err, errFn))
	err = store.View(s.t.Context(), s, func(store.Reader) error { return errFn })
	s.True(errors.Is(err, errFn))
	s.Equal(s.everything(), "a=1")
}

// panics returns what fn panics with.
func panics(fn func()) (value any) {
	defer func() { value = recover() }()
	fn()
	return nil
}

func (s records) fnPanics() {
	s.Equal(errFn, panics(func() {
		s.update(func(w store.Writer) error {
			s.NoErr(w.Set("a", []byte("1")))
			panic(errFn)
		})
	}))
	s.lacks("a")
	s.set("a", "2") // nothing is locked
	s.holds("a", "2")
}

func (s records) fnPanicsInScan() {
	s.set("a", "1", "b", "2")
	s.Equal(errFn, panics(func() {
		s.update(func(w store.Writer) error {
			for e, err := range w.Scan(store.Range{}) {
				s.NoErr(err)
				s.NoErr(w.Delete(e.Key))
				panic(errFn)
			}
			return nil
		})
	}))
	s.Equal(s.everything(), "a=1 b=2")
}

func (s records) fnRunsAgain() {
	s.set("a", "1")
	runs := 0
	s.update(func(w store.Writer) error {
		value, err := w.Get("a")
		if err != nil {
			return err
		}
		if runs++; runs <= 3 {
			s.set("a", fmt.Sprint(runs+1)) // another update comes first
		}
		return errors.Join(w.Set("sum", append(value, '+')), w.Set(fmt.Sprint("run", runs), nil))
	})
	s.Equal(runs, 4)
	s.Equal(s.everything(), "a=4 run4= sum=4+") // nothing is left of the other runs
}

func (s records) fnConflict() {
	runs := 0
	err := store.Update(s.t.Context(), s, func(w store.Writer) error {
		runs++
		return errors.Join(w.Set("a", nil), fmt.Errorf("the version differs: %w", store.ErrConflict))
	})
	s.True(errors.Is(err, store.ErrConflict))
	s.Equal(runs, 1)
	s.lacks("a")
}

func (s records) updateDone() {
	s.set("a", "1")
	ctx, cancel := context.WithCancel(s.t.Context())
	defer cancel()
	runs := 0
	err := store.Update(ctx, s, func(w store.Writer) error {
		if runs++; runs == 3 {
			cancel()
		}
		if _, err := w.Get("a"); err != nil {
			return err
		}
		s.set("a", "always newer")
		return w.Set("a", []byte("never"))
	})
	s.True(errors.Is(err, context.Canceled))
	s.Equal(runs, 3)
	s.holds("a", "always newer")

	err = store.View(ctx, s, func(store.Reader) error { return nil })
	s.True(errors.Is(err, context.Canceled))
}

func (s records) tooLarge() {
	for name, write := range map[string]func(w store.Writer) error{
		"an empty key":   func(w store.Writer) error { return w.Set("", nil) },
		"no key":         func(w store.Writer) error { return w.Delete("") },
		"a long key":     func(w store.Writer) error { return w.Set(strings.Repeat("k", store.MaxKey+1), nil) },
		"to delete it":   func(w store.Writer) error { return w.Delete(strings.Repeat("k", store.MaxKey+1)) },
		"a large value":  func(w store.Writer) error { return w.Set("k", make([]byte, store.MaxValue+1)) },
		"more than fits": writeTooMuch,
	} {
		err := store.Update(s.t.Context(), s, func(w store.Writer) error {
			s.NoErr(w.Set("before", nil))
			s.True(errors.Is(write(w), store.ErrTooLarge)) // refused at once
			_, err := w.Get("before")
			s.True(errors.Is(err, store.ErrTooLarge)) // the transaction is poisoned
			return nil                                // and does not commit, even so
		})
		if !errors.Is(err, store.ErrTooLarge) {
			s.t.Errorf("%s: got %v", name, err)
		}
	}
	s.Equal(s.everything(), "")
}

func writeTooMuch(w store.Writer) error {
	for i := 0; i <= store.MaxBytes/store.MaxValue; i++ {
		if err := w.Set(fmt.Sprint(i), make([]byte, store.MaxValue)); err != nil {
			return err
		}
	}
	return nil
}

func (s records) tooMany() {
	write := func(n int) error {
		return store.Update(s.t.Context(), s, func(w store.Writer) error {
			for i := range n {
				if err := w.Set(fmt.Sprintf("%04d", i), nil); err != nil {
					return err
				}
			}
			return nil
		})
	}
	s.True(errors.Is(write(store.MaxWrites+1), store.ErrTooLarge))
	s.Equal(s.everything(), "")
	s.NoErr(write(store.MaxWrites))
}

func (s records) unknownOutcome() {
	broken := errors.New("the connection broke")
	faulty := &Faulty{Store: s.Store, Commit: func(commit func() error) error {
		return errors.Join(fmt.Errorf("%w: %w", store.ErrUnknownOutcome, broken), commit())
	}}
	runs := 0
	err := store.Update(s.t.Context(), faulty, func(w store.Writer) error {
		runs++
		return w.Set("a", []byte("1"))
	})
	s.True(errors.Is(err, store.ErrUnknownOutcome))
	s.True(errors.Is(err, broken)) // with its cause
	s.Equal(runs, 1)
	s.holds("a", "1") // it did happen
}
