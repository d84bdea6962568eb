package due

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/weegloo/weegloo/store"
)

// Handler does the work of one kind. An item may come more than once, also
// while an earlier run of it has not noticed that its lease ended.
type Handler interface {
	// Claim takes part in the transaction that claims an item.
	Claim(w store.Writer, it Item, now time.Time) error

	// Run does the work and ends the item with Finish, in the transaction that
	// has the effect. On any other error than ErrLost the item is tried again
	// later. ctx ends with the lease.
	Run(ctx context.Context, it Item) error
}

// HandlerFunc is a Handler that has nothing to do when its item is claimed.
type HandlerFunc func(ctx context.Context, it Item) error

// Claim does nothing.
func (HandlerFunc) Claim(store.Writer, Item, time.Time) error { return nil }

// Run calls f.
func (f HandlerFunc) Run(ctx context.Context, it Item) error { return f(ctx, it) }

// Config is what a Queue needs; every field must be set.
type Config struct {
	Store    store.Store
	Handlers map[Kind]Handler
	Workers  int           // items that run at once
	Lease    time.Duration // how long a run may take
	Now      func() time.Time
	Logger   *slog.Logger
}

// Queue runs what is due. Several queues, in several processes, may share one
// store.
type Queue struct {
	cfg  Config
	wake chan struct{}
	seen horizon

	mu      sync.Mutex
	backlog *backlog
}

// New is a queue that does nothing until Run or Step is called.
func New(cfg Config) *Queue {
	return &Queue{cfg: cfg, wake: make(chan struct{}, 1), backlog: newBacklog()}
}

// Wake tells a running queue that something was added which is due at the given
// time or later. It must be called after every transaction that adds something
// for the near future, and never blocks.
func (q *Queue) Wake(at time.Time) {
	q.seen.added(at)
	if at.After(q.cfg.Now().Add(poll)) {
		return // it wakes before that by itself
	}
	q.signal()
}

func (q *Queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// Step claims and runs the oldest item that is due, and reports whether there
// was one. The error is that of the run; the item stays in the queue for a
// later try.
func (q *Queue) Step(ctx context.Context) (bool, error) {
	q.seen.forget() // a test may share its store and its clock in any way it likes
	items, err := q.claim(ctx, 1)
	if err != nil || len(items) == 0 {
		return false, err
	}
	defer q.finished(items[0])
	return true, q.run(ctx, items[0])
}

// poll is how long Run sleeps at most before it looks for what another process
// may have added.
const poll = 2 * time.Second

// Run works on the queue until ctx ends, and returns when all it started has
// ended. Items that ctx interrupts go back into the queue.
func (q *Queue) Run(ctx context.Context) {
	var workers sync.WaitGroup
	defer workers.Wait()
	free := make(chan struct{}, q.cfg.Workers)
	for range q.cfg.Workers {
		free <- struct{}{}
	}
	for {
		n := take(ctx, free)
		if n == 0 {
			return
		}
		items, err := q.claim(ctx, n)
		if err != nil && ctx.Err() == nil {
			q.cfg.Logger.Error("claiming background work", "error", err)
		}
		for _, item := range items {
			workers.Go(func() {
				q.runLogged(ctx, item)
				q.finished(item)
				free <- struct{}{}
				q.signal() // others of its lane may have waited for this one
			})
		}
		for range n - len(items) {
			free <- struct{}{}
		}
		switch {
		case errors.Is(err, errPostponed): // the others go on
		case err != nil:
			q.sleep(ctx, poll) // the store is in trouble, and hears of us again soon enough
		case len(items) == 0:
			q.sleep(ctx, q.untilNext(ctx))
		}
	}
}

// take waits for a free worker and takes all that are free; none when ctx has
// ended.
func take(ctx context.Context, free chan struct{}) (n int) {
	select {
	case <-ctx.Done():
		return 0
	case <-free:
		n++
	}
	if ctx.Err() != nil {
		return 0
	}
	for {
		select {
		case <-free:
			n++
		default:
			return n
		}
	}
}

// untilNext is how long it is until the next item comes due, or poll if that is
// longer.
func (q *Queue) untilNext(ctx context.Context) time.Duration {
	now := q.cfg.Now()
	wait := poll
	// An error here is met again, and logged, by the next claim.
	_ = store.View(ctx, q.cfg.Store, func(r store.Reader) error {
		next, err := head(r, q.seen.peek(), now.Add(poll), 1)
		if err == nil && len(next) > 0 {
			// At least a millisecond: the clock of items is no finer, and an item
			// that cannot be claimed must not make this a busy loop.
			wait = min(poll, max(time.Millisecond, next[0].At.Sub(now)))
		}
		return err
	})
	return wait
}

// sleep waits that long, or for Wake, or until ctx ends.
func (q *Queue) sleep(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-q.wake:
	case <-timer.C:
	}
}

// claim finds up to n due items and leases them in one transaction.
func (q *Queue) claim(ctx context.Context, n int) ([]Item, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.cfg.Now()
	if err := q.gather(ctx, now); err != nil {
		q.seen.forget()
		return nil, err
	}
	for {
		found := q.backlog.take(n, q.laneLimit())
		if len(found) == 0 {
			return nil, nil
		}
		claimed, err := q.lease(ctx, found, now)
		if err != nil {
			claimed, err = q.leaseEach(ctx, found, now)
		}
		q.backlog.lost(found, claimed)
		if err != nil || len(claimed) > 0 {
			return claimed, err
		}
	}
}

// laneLimit leaves some workers to others when one lane has work for all.
func (q *Queue) laneLimit() int { return max(1, q.cfg.Workers*3/4) }

func (q *Queue) finished(it Item) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.backlog.finished(it)
}

// gather looks for what has come due since the last look.
func (q *Queue) gather(ctx context.Context, now time.Time) error {
	if q.backlog.full() {
		return nil
	}
	from := q.seen.look(now)
	if from.IsZero() {
		q.backlog.clear() // everything is found again
	}
	var found []Item
	err := store.View(ctx, q.cfg.Store, func(r store.Reader) (err error) {
		found, err = head(r, from, now, lookahead)
		return err
	})
	if err != nil {
		return err
	}
	for _, item := range found {
		q.backlog.add(item)
	}
	if len(found) == lookahead {
		now = found[len(found)-1].At // there may be more behind it
	}
	q.seen.passed(now)
	return nil
}

// lease claims what is still there of the items found.
func (q *Queue) lease(ctx context.Context, found []Item, now time.Time) (claimed []Item, err error) {
	err = store.Update(ctx, q.cfg.Store, func(w store.Writer) error {
		claimed = nil
		for _, item := range found {
			mine, ok, err := claim(w, item, now.Add(q.cfg.Lease))
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			if handler, known := q.cfg.Handlers[item.Kind]; known {
				if err := handler.Claim(w, mine, now); err != nil {
					return fmt.Errorf("due: claim %s %s: %w", item.Kind, item.ID, err)
				}
			}
			claimed = append(claimed, mine)
		}
		return nil
	})
	return claimed, err
}

// leaseEach claims items one by one, so that one which cannot be claimed, its
// record being broken say, does not hold up the others for ever. It waits like
// one that failed.
func (q *Queue) leaseEach(ctx context.Context, found []Item, now time.Time) (claimed []Item, err error) {
	for _, item := range found {
		mine, leaseErr := q.lease(ctx, []Item{item}, now)
		if leaseErr == nil {
			claimed = append(claimed, mine...)
			continue
		}
		q.seen.forget()
		if err = q.postpone(ctx, item, now, leaseErr); !errors.Is(err, errPostponed) {
			break // it is the store, and the next item would fare no better
		}
	}
	if len(claimed) > 0 && err != nil {
		q.cfg.Logger.Error("claiming background work", "error", err)
		return claimed, nil
	}
	return claimed, err
}

// errPostponed marks the error of an item that could not be claimed and is out
// of the way.
var errPostponed = errors.New("due: it will be tried again later")

// postpone puts an item that could not be claimed out of the way, and returns
// the reason.
func (q *Queue) postpone(ctx context.Context, it Item, now time.Time, reason error) error {
	err := store.Update(ctx, q.cfg.Store, func(w store.Writer) error {
		_, _, err := claim(w, it, now.Add(Backoff(it.Attempt+1)))
		return err
	})
	if err != nil {
		return reason // which is then the store's own
	}
	return fmt.Errorf("%w: %w", errPostponed, reason)
}

func (q *Queue) runLogged(ctx context.Context, it Item) {
	if err := q.run(ctx, it); err != nil && ctx.Err() == nil {
		q.cfg.Logger.Warn("background work will be tried again", "kind", string(it.Kind), "id", it.ID, "attempt", it.Attempt, "error", err)
	}
}

// run does one claimed item and puts it back if that failed.
func (q *Queue) run(ctx context.Context, it Item) error {
	err := q.handle(ctx, it)
	if err == nil || errors.Is(err, ErrLost) {
		return nil
	}
	// Even when ctx has ended the item must go back, or it would wait for the
	// end of its lease.
	undisturbed, cancel := context.WithTimeout(context.WithoutCancel(ctx), q.cfg.Lease)
	defer cancel()
	if putErr := q.putBack(undisturbed, it, ctx.Err() != nil); putErr != nil {
		return errors.Join(err, putErr)
	}
	return err
}

// handle calls the handler. A panic, of a host's hook say, is an error like any
// other: the next attempt may go better, and the host lives on.
func (q *Queue) handle(ctx context.Context, it Item) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("due: panic: %v\n%s", v, debug.Stack())
		}
	}()
	handler, ok := q.cfg.Handlers[it.Kind]
	if !ok {
		return fmt.Errorf("due: no handler for kind %q", it.Kind)
	}
	ctx, cancel := context.WithTimeout(ctx, q.cfg.Lease)
	defer cancel()
	return handler.Run(ctx, it)
}

// putBack lets a claimed item come due again: at once, and as if it had not
// been tried, when it was only interrupted; else later and later.
func (q *Queue) putBack(ctx context.Context, it Item, interrupted bool) error {
	at := q.cfg.Now()
	if !interrupted {
		at = at.Add(Backoff(it.Attempt))
	}
	err := store.Update(ctx, q.cfg.Store, func(w store.Writer) error {
		if !interrupted {
			return Again(w, it, at)
		}
		if err := held(w, it); err != nil {
			return err
		}
		untried := it
		untried.At, untried.Attempt = at, it.Attempt-1
		return move(w, it, untried)
	})
	if errors.Is(err, ErrLost) {
		return nil
	}
	q.Wake(at)
	return err
}

// Backoff is how long an item waits after its n-th failed attempt: 1 s, 2 s,
// 4 s and so on up to an hour.
func Backoff(attempt int) time.Duration {
	return min(time.Hour, time.Second<<min(max(0, attempt-1), 12))
}
