package optimistic

// logKeys is how many written keys the log remembers.
const logKeys = 64 << 10

// log is what has been written lately, to compare reads with. It is bounded so
// that a transaction that someone left open costs no memory: one that began
// before the log's start conflicts, since what it missed is not known any more,
// and Update runs it again.
type log struct {
	limit   int
	changes []change          // oldest first
	latest  map[string]uint64 // key to the seq of its last change
	start   uint64            // changes up to this seq may be missing
}

type change struct {
	key string
	seq uint64
}

func newLog() log {
	return log{limit: logKeys, latest: make(map[string]uint64)}
}

// add remembers what r changes as the commit seq, which is newer than all
// before.
func (l *log) add(seq uint64, r *request) {
	for _, w := range r.writes {
		l.changes = append(l.changes, change{w.Key, seq})
		l.latest[w.Key] = seq
	}
	for key := range r.adds {
		l.changes = append(l.changes, change{key, seq})
		l.latest[key] = seq
	}
	if len(l.changes) > 2*l.limit {
		l.forget(len(l.changes) - l.limit)
	}
}

// forget drops the n oldest changes.
func (l *log) forget(n int) {
	for _, c := range l.changes[:n] {
		if l.latest[c.key] == c.seq {
			delete(l.latest, c.key)
		}
	}
	l.start = l.changes[n-1].seq
	l.changes = append(l.changes[:0:0], l.changes[n:]...)
}

// conflicts reports whether r read, in the state of seq, what has changed
// since.
func (l *log) conflicts(seq uint64, r *reads) bool {
	if r.empty() {
		return false
	}
	if seq < l.start {
		return true
	}
	for key := range r.keys {
		if l.latest[key] > seq {
			return true
		}
	}
	if len(r.spans) == 0 {
		return false
	}
	for i := len(l.changes) - 1; i >= 0 && l.changes[i].seq > seq; i-- {
		for _, s := range r.spans {
			if s.contains(l.changes[i].key) {
				return true
			}
		}
	}
	return false
}
