// Package outbox hands events to the host: they are queued in the transaction
// of the change that they tell of, so that there is never one without the
// other, and delivered until the host has taken them.
package outbox

import (
	"context"
	"fmt"

	"github.com/weegloo/weegloo/internal/due"
	"github.com/weegloo/weegloo/internal/record"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store"
)

const kindEvent due.Kind = "event"

// React is the media.Reactor that queues every event.
func React(w store.Writer, c media.Change) error {
	for i, e := range c.Events {
		payload, err := record.Encode(e)
		if err != nil {
			return err
		}
		// A deletion has the version of the change before it, so its number in
		// the change is not enough to tell the two apart.
		id := fmt.Sprintf("%s/%s/%020d/%d/%s", e.Space, e.Media, e.Version, i, e.Topic)
		if err := due.Add(w, c.Now, kindEvent, id, payload); err != nil {
			return err
		}
	}
	return nil
}

// Handlers deliver what React queued.
func Handlers(s store.Store, deliver func(context.Context, media.Event) error) map[due.Kind]due.Handler {
	run := func(ctx context.Context, it due.Item) error {
		e, err := record.Decode[media.Event](it.ID, it.Payload)
		if err != nil {
			return err
		}
		if err := deliver(ctx, e); err != nil {
			return fmt.Errorf("outbox: %s of %s: %w", e.Topic, e.Media, err)
		}
		return store.Update(ctx, s, func(w store.Writer) error { return due.Finish(w, it) })
	}
	return map[due.Kind]due.Handler{kindEvent: due.HandlerFunc(run)}
}
