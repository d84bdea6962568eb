package due

import (
	"sync"
	"time"
)

// horizon remembers up to when a queue has done all that was due, so that it
// does not look there again. Many stores keep the keys that were deleted there
// for a while, and reading past them costs as if they still existed: without
// this, the queue becomes slower with every item it finishes.
//
// Within a process it is exact. What another process adds with a clock that is
// behind is found at the latest by the look from the very start that happens
// every rescan.
type horizon struct {
	mu     sync.Mutex
	floor  time.Time // nothing due lies before it; zero: not known
	least  time.Time // earliest that was added since the last look; zero: nothing was
	rescan time.Time // when to look from the start again
}

const rescan = 15 * time.Second

// added notes that there may be something due at the given time.
func (h *horizon) added(at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.least.IsZero() || at.Before(h.least) {
		h.least = at
	}
}

// look returns from when on to look for what is due now. What is added from
// then on may not be seen by that look, and counts for the next.
func (h *horizon) look(now time.Time) time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !now.Before(h.rescan) || h.rescan.Sub(now) > rescan {
		h.floor, h.rescan = time.Time{}, now.Add(rescan)
	}
	h.lower()
	h.least = time.Time{}
	return h.floor
}

// peek is what look would return, if nothing else happens.
func (h *horizon) peek() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lower()
	return h.floor
}

func (h *horizon) lower() {
	if !h.least.IsZero() && h.least.Before(h.floor) {
		h.floor = h.least
	}
}

// passed notes that everything due before the given time has been claimed.
func (h *horizon) passed(until time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if until.After(h.floor) {
		h.floor = until
	}
	h.lower()
}

// forget makes the next look start from the very beginning.
func (h *horizon) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.floor = time.Time{}
}
