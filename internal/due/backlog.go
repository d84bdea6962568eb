package due

import "strings"

// The bounds of a backlog, in items.
const (
	lookahead  = 1000   // found at once
	maxBacklog = 50_000 // waiting
)

// backlog is what is due and has not been claimed, sorted into lanes that take
// turns: a Space that brings ten thousand files at once does not hold up the one
// file of another. It is a hint and no more; the claim decides.
type backlog struct {
	lanes map[string]*lane
	turns []string // lanes that have items, the next one first
	keys  map[string]bool
}

// lane is the work of one kind for one Space.
type lane struct {
	items   []Item // oldest first
	running int
}

func newBacklog() *backlog {
	return &backlog{lanes: map[string]*lane{}, keys: map[string]bool{}}
}

// laneOf is the kind of an item and, if it has several parts, the first part of
// its id.
func laneOf(it Item) string {
	if first, _, ok := strings.Cut(it.ID, "/"); ok {
		return string(it.Kind) + "/" + first
	}
	return string(it.Kind)
}

func (b *backlog) full() bool { return len(b.keys) >= maxBacklog }

// clear forgets what waits, not what runs.
func (b *backlog) clear() {
	for name, lane := range b.lanes {
		if lane.items = nil; lane.running == 0 {
			delete(b.lanes, name)
		}
	}
	b.turns, b.keys = nil, map[string]bool{}
}

// add puts an item in, unless it is there.
func (b *backlog) add(it Item) {
	if b.keys[it.key()] {
		return
	}
	b.keys[it.key()] = true
	lane := b.lane(laneOf(it))
	if len(lane.items) == 0 {
		b.turns = append(b.turns, laneOf(it))
	}
	lane.items = append(lane.items, it)
}

func (b *backlog) lane(name string) *lane {
	if b.lanes[name] == nil {
		b.lanes[name] = &lane{}
	}
	return b.lanes[name]
}

// take removes up to n items, one from each lane in turn, and counts them as
// running. A lane gives none while limit of its items run.
func (b *backlog) take(n, limit int) (taken []Item) {
	for passed := 0; len(taken) < n && passed < len(b.turns); {
		name := b.turns[0]
		lane := b.lanes[name]
		b.turns = b.turns[1:]
		if lane.running >= limit {
			b.turns = append(b.turns, name)
			passed++
			continue
		}
		passed = 0
		it := lane.items[0]
		lane.items = lane.items[1:]
		lane.running++
		delete(b.keys, it.key())
		taken = append(taken, it)
		if len(lane.items) > 0 {
			b.turns = append(b.turns, name)
		}
	}
	return taken
}

// lost counts those of the items taken that were not claimed as not running.
func (b *backlog) lost(taken, claimed []Item) {
	running := map[string]int{}
	for _, it := range claimed {
		running[laneOf(it)]++
	}
	for _, it := range taken {
		if name := laneOf(it); running[name] > 0 {
			running[name]--
		} else {
			b.finished(it)
		}
	}
}

// finished counts an item as not running any more.
func (b *backlog) finished(it Item) {
	name := laneOf(it)
	lane := b.lane(name)
	lane.running--
	if lane.running <= 0 && len(lane.items) == 0 {
		delete(b.lanes, name)
	}
}
