package upload

import (
	"context"
	"errors"
	"fmt"

	"github.com/weegloo/weegloo/internal/due"
	"github.com/weegloo/weegloo/store"
)

// Handlers are the background work of this package: ending Uploads, and
// deleting bytes that nobody holds.
func (s *Service) Handlers() map[due.Kind]due.Handler {
	return map[due.Kind]due.Handler{
		kindExpire:     due.HandlerFunc(s.expire),
		kindDeleteBlob: due.HandlerFunc(s.deleteBlob),
	}
}

// expire ends an Upload whose time has come. An item can outlive what it was
// made for, so the record decides.
func (s *Service) expire(ctx context.Context, it due.Item) error {
	owner, id, ok := parseExpireID(it.ID)
	if !ok {
		return fmt.Errorf("upload: expiry of %q", it.ID)
	}
	now := s.cfg.Now()
	err := store.Update(ctx, s.cfg.Store, func(w store.Writer) error {
		if err := due.Finish(w, it); err != nil {
			return err
		}
		u, err := load(w, owner, id)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if now.Before(u.ExpiresAt) {
			return nil // it was finished meanwhile and has an expiry of its own
		}
		return remove(w, u, now)
	})
	if err == nil {
		s.cfg.Wake(now)
	}
	return err
}

func (s *Service) deleteBlob(ctx context.Context, it due.Item) error {
	if err := s.cfg.Blobs.Delete(ctx, it.ID); err != nil {
		return fmt.Errorf("upload: delete bytes: %w", err)
	}
	return store.Update(ctx, s.cfg.Store, func(w store.Writer) error { return due.Finish(w, it) })
}
