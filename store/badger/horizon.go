package badger

import "sync"

// horizon hands out the timestamps that snapshots read at, and tells Badger up
// to which one old versions may go: nobody reads before the oldest snapshot.
type horizon struct {
	mu      sync.Mutex
	last    uint64         // newest commit
	readers map[uint64]int // how many snapshots read at a timestamp
	oldest  uint64         // of readers, or last if there are none
	discard func(ts uint64)
}

func (h *horizon) open(last uint64, discard func(ts uint64)) {
	h.last, h.oldest = last, last
	h.readers = make(map[uint64]int)
	h.discard = discard
	discard(last)
}

func (h *horizon) newest() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.last
}

// begin returns the timestamp of a new snapshot. It stays readable until end.
func (h *horizon) begin() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.readers[h.last]++
	return h.last
}

func (h *horizon) end(ts uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.readers[ts]--; h.readers[ts] == 0 {
		delete(h.readers, ts)
		h.move()
	}
}

// advance makes ts the newest commit.
func (h *horizon) advance(ts uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = ts
	h.move()
}

// move follows the oldest reader. There are as many timestamps as transactions
// that overlap, at most.
func (h *horizon) move() {
	if h.readers[h.oldest] > 0 {
		return
	}
	oldest := h.last
	for ts := range h.readers {
		oldest = min(oldest, ts)
	}
	if oldest != h.oldest {
		h.oldest = oldest
		h.discard(oldest) // under mu: Badger must not be told to go back
	}
}
