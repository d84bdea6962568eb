package media

import (
	"context"
	"sync"
	"time"
)

// pollWait is how long Wait sleeps at most before it looks for what another
// process may have done.
const pollWait = time.Second

// Wait returns the Media as soon as none of its files is busy, whether they are
// done or failed. What ends in this process is noticed at once.
func (s *Service) Wait(ctx context.Context, space, id string) (Media, error) {
	for {
		changed, done := s.waiting.watch(mediaKey(space, id)) // before looking
		m, err := s.Get(ctx, space, id)
		if err != nil || !m.Busy() {
			done()
			return m, err
		}
		timer := time.NewTimer(pollWait)
		select {
		case <-ctx.Done():
			err = ctx.Err()
		case <-changed:
		case <-timer.C:
		}
		timer.Stop()
		done()
		if err != nil {
			return Media{}, err
		}
	}
}

// Changed tells those who Wait for a Media in this process to look again. It is
// for background work, after its transaction.
func (s *Service) Changed(space, id string) { s.waiting.changed(mediaKey(space, id)) }

// waiting are those who wait for a change, by the key of what they wait for.
type waiting struct {
	mu     sync.Mutex
	signal map[string]*signal
}

type signal struct {
	changed  chan struct{}
	watchers int
}

// watch returns a channel that is closed at the next change. done must be called
// when it is not needed any more.
func (w *waiting) watch(key string) (changed <-chan struct{}, done func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.signal == nil {
		w.signal = map[string]*signal{}
	}
	s := w.signal[key]
	if s == nil {
		s = &signal{changed: make(chan struct{})}
		w.signal[key] = s
	}
	s.watchers++
	return s.changed, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if s.watchers--; s.watchers == 0 && w.signal[key] == s {
			delete(w.signal, key)
		}
	}
}

func (w *waiting) changed(key string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if s := w.signal[key]; s != nil {
		close(s.changed)
		delete(w.signal, key)
	}
}
