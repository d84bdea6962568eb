package optimistic

import (
	"fmt"
	"runtime"

	"github.com/weegloo/weegloo/store"
)

// The bounds of a group: what one Apply gets at most, except that a single
// commit may be larger.
const (
	groupCommits = 256
	groupBytes   = 4 << 20
	writeBytes   = 128 // what a write costs beside its key and value
)

// request is a commit that waits for its answer.
type request struct {
	seq    uint64
	reads  *reads
	writes []Write
	adds   map[string]int64
	err    error
	done   chan struct{} // closed when err is the answer
}

func (r *request) answered() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

func (r *request) size() int {
	size := 0
	for _, w := range r.writes {
		size += len(w.Key) + len(w.Value) + writeBytes
	}
	for key := range r.adds {
		size += len(key) + writeBytes
	}
	return size
}

// commit queues r and returns its answer. There is no goroutine for it: of
// those who wait, the one who gets the token leads, and commits for all that
// are queued until it has its own answer.
func (s *Store) commit(r *request) error {
	s.mu.Lock()
	s.queue = append(s.queue, r)
	s.mu.Unlock()

	select {
	case <-r.done:
	case s.token <- struct{}{}:
		defer func() { <-s.token }()
		// Those who were answered a moment ago are about to ask again: letting
		// them do so first makes the groups twice as large.
		runtime.Gosched()
		for !r.answered() {
			s.commitGroup(s.take())
		}
	}
	return r.err
}

// take removes the next group from the queue: at least one commit, if there is
// any.
func (s *Store) take() []*request {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, size := 0, 0
	for n < len(s.queue) && n < groupCommits {
		size += s.queue[n].size()
		if n > 0 && size > groupBytes {
			break
		}
		n++
	}
	group := s.queue[:n:n]
	s.queue = s.queue[n:]
	if len(s.queue) == 0 {
		s.queue = nil // let go of the array, and of what the requests hold
	}
	return group
}

// commitGroup answers every request of group. Those that are accepted are
// serial in the order of the group: each is checked against the log, and the
// log has the writes of those before it. Those that are not wait with the rest:
// when they run again they shall see what they conflicted with.
func (s *Store) commitGroup(group []*request) {
	var writes []Write
	counters := counters{backend: s.backend}
	defer counters.release()
	seq := s.seq.Load()
	for _, r := range group {
		if r.err = s.check(r); r.err == nil {
			r.err = counters.add(r.adds)
		}
		if r.err == nil {
			seq++
			s.log.add(seq, r)
			writes = append(writes, r.writes...)
		}
	}
	writes = append(writes, counters.writes()...)
	var err error
	if len(writes) > 0 {
		err = s.apply(seq, writes)
	}
	for _, r := range group {
		if r.err == nil {
			r.err = err
		}
		close(r.done)
	}
}

func (s *Store) check(r *request) error {
	if s.failed != nil {
		return fmt.Errorf("optimistic: refused, an earlier commit failed: %w", s.failed)
	}
	if s.log.conflicts(r.seq, r.reads) {
		return store.ErrConflict
	}
	return nil
}

// apply writes, and makes a failure stick: what the backend holds is then not
// known, so nothing can be checked against it until it is opened anew.
func (s *Store) apply(seq uint64, writes []Write) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
		if err != nil {
			s.failed = fmt.Errorf("optimistic: apply: %w: %w", store.ErrUnknownOutcome, err)
			err = s.failed
			return
		}
		s.seq.Store(seq) // before the answers: who has one begins after it
	}()
	return s.backend.Apply(writes)
}
