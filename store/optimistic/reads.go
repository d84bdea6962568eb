package optimistic

import "github.com/weegloo/weegloo/store"

// reads is what a transaction has learned from its snapshot.
type reads struct {
	keys  map[string]struct{}
	spans []span
}

// span is the keys from from to to, excluded, or to the end. The zero span is
// empty.
type span struct {
	from, to string
	toEnd    bool
}

func (s span) contains(key string) bool {
	return key >= s.from && (s.toEnd || key < s.to)
}

func (r *reads) empty() bool { return len(r.keys) == 0 && len(r.spans) == 0 }

func (r *reads) addKey(key string) {
	if r.keys == nil {
		r.keys = make(map[string]struct{})
	}
	r.keys[key] = struct{}{}
}

// addRange makes room for what a scan is going to learn, nothing so far, and
// returns the place.
func (r *reads) addRange() int {
	r.spans = append(r.spans, span{})
	return len(r.spans) - 1
}

// extend notes that the scan came as far as key: what is between its start and
// key, both included, has been learned.
func (r *reads) extend(place int, rg store.Range, key string) {
	if rg.Reverse {
		r.spans[place] = span{from: key, to: rg.To, toEnd: rg.To == ""}
		return
	}
	r.spans[place] = span{from: rg.From, to: key + "\x00"}
}

// complete notes that the scan came to the end of its range.
func (r *reads) complete(place int, rg store.Range) {
	r.spans[place] = span{from: rg.From, to: rg.To, toEnd: rg.To == ""}
}
