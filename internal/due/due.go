// Package due is the queue of background work, kept as keys in the store.
//
// An item lies under due/<time>/<kind>/<id> and is added in the transaction of
// the record that needs it, so that there is never one without the other. It
// is claimed by moving its key into the future: the new key is the lease and
// at once the proof of the claim, because no later claim can have the same
// one. Whoever died holding an item just does not move it again, and it comes
// due by itself. What finishes an item deletes its key in the transaction that
// has the effect; if the key is gone, another worker has the item and the
// effect must not happen.
//
// The cost of looking for work is what is due, never what waits.
package due

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/weegloo/weegloo/internal/record"
	"github.com/weegloo/weegloo/store"
)

// ErrLost is returned by Finish when the claim on an item is no longer ours.
// The transaction must then have no effect.
var ErrLost = errors.New("due: the claim is lost")

// Kind says what is to be done with an item. It must not contain a slash.
type Kind string

// Item is one piece of work.
type Item struct {
	Kind    Kind
	ID      string    // what it is about; unique for its kind and time
	At      time.Time // when it comes due; of a claimed item, when its lease ends
	Attempt int       // how often it has been claimed, this time included
	Payload []byte    // what Add was given
}

// value is what is stored under an item's key.
type value struct {
	Attempt int             `json:"attempt,omitempty"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

const prefix = "due/"

// key sorts by time. Thirteen digits of milliseconds last until the year 2286.
func key(at time.Time, kind Kind, id string) string {
	return fmt.Sprintf("%s%013d/%s/%s", prefix, max(0, at.UnixMilli()), kind, id)
}

func (it Item) key() string { return key(it.At, it.Kind, it.ID) }

func parse(e store.Entry) (Item, error) {
	parts := strings.SplitN(strings.TrimPrefix(e.Key, prefix), "/", 3)
	if len(parts) != 3 {
		return Item{}, fmt.Errorf("due: key %q", e.Key)
	}
	ms, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return Item{}, fmt.Errorf("due: key %q: %w", e.Key, err)
	}
	v, err := record.Decode[value](e.Key, e.Value)
	if err != nil {
		return Item{}, err
	}
	return Item{
		Kind: Kind(parts[1]), ID: parts[2], At: time.UnixMilli(ms).UTC(),
		Attempt: v.Attempt, Payload: v.Payload,
	}, nil
}

func (it Item) put(w store.Writer) error {
	return record.Set(w, it.key(), value{Attempt: it.Attempt, Payload: it.Payload})
}

// Add puts an item into the queue, to be done at the given time. The payload,
// if any, is JSON.
func Add(w store.Writer, at time.Time, kind Kind, id string, payload []byte) error {
	return Item{Kind: kind, ID: id, At: at, Payload: payload}.put(w)
}

// Remove takes an item that nobody has claimed out of the queue. A claimed one
// stays: its handler must find out by itself that there is nothing left to do.
func Remove(w store.Writer, at time.Time, kind Kind, id string) error {
	return w.Delete(key(at, kind, id))
}

// Finish ends a claimed item in the transaction that has its effect, or
// returns ErrLost.
func Finish(w store.Writer, it Item) error {
	if err := held(w, it); err != nil {
		return err
	}
	return w.Delete(it.key())
}

// Again ends a claim and lets the item come due at another time, in the
// transaction that says so elsewhere, or returns ErrLost.
func Again(w store.Writer, it Item, at time.Time) error {
	if err := held(w, it); err != nil {
		return err
	}
	again := it
	again.At = at
	return move(w, it, again)
}

// held checks that nobody has claimed it since.
func held(r store.Reader, it Item) error {
	_, err := r.Get(it.key())
	if errors.Is(err, store.ErrNotFound) {
		return ErrLost
	}
	return err
}

// claim moves an unclaimed or forgotten item to the end of its new lease. It
// reports false when somebody else was faster.
func claim(w store.Writer, it Item, until time.Time) (Item, bool, error) {
	if err := held(w, it); errors.Is(err, ErrLost) {
		return Item{}, false, nil
	} else if err != nil {
		return Item{}, false, err
	}
	claimed := it
	claimed.At, claimed.Attempt = until, it.Attempt+1
	return claimed, true, move(w, it, claimed)
}

func move(w store.Writer, from, to Item) error {
	if err := w.Delete(from.key()); err != nil {
		return err
	}
	return to.put(w)
}

// head reads up to limit items that came due between from and now, oldest
// first.
func head(r store.Reader, from, now time.Time, limit int) ([]Item, error) {
	var items []Item
	for entry, err := range r.Scan(span(from, now)) {
		if err != nil {
			return nil, err
		}
		item, err := parse(entry)
		if err != nil {
			return nil, err
		}
		if items = append(items, item); len(items) == limit {
			break
		}
	}
	return items, nil
}

// span is the range of the items that are due from one moment to another, both
// included.
func span(from, to time.Time) store.Range {
	return store.Range{From: key(from, "", ""), To: key(to.Add(time.Millisecond), "", "")}
}
