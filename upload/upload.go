// Package upload owns bytes: the temporary Upload as which they arrive, and
// the record of every blob with its holders.
//
// An Upload lives for a fixed time after it was received and is then gone,
// judged when somebody looks and not when a sweeper passes. What is made from
// it in the meantime becomes a further holder of the same blob, in a
// transaction that also reads the Upload: it therefore conflicts with the end
// of that Upload and never races it. Bytes are never copied, and they go when
// their last holder has gone (contract, section 2; design, "Blobs").
package upload

import (
	"errors"
	"time"

	"github.com/weegloo/weegloo/internal/due"
	"github.com/weegloo/weegloo/internal/record"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/sys"
)

var (
	// ErrEmpty refuses an upload of no bytes.
	ErrEmpty = sys.NewReason(sys.ErrInvalid, "upload: there are no bytes")

	// ErrIncomplete refuses an upload whose bytes ended early: its reader
	// failed, or there were fewer or more than the size that was declared.
	ErrIncomplete = sys.NewReason(sys.ErrInvalid, "upload: the bytes are not complete")

	// ErrTooLarge refuses an upload over the size limit.
	ErrTooLarge = sys.NewReason(sys.ErrTooLarge, "upload: over the size limit")
)

// Upload is a file that waits to become part of a Media. It never changes.
type Upload struct {
	ID        string    `json:"id"`
	Owner     sys.Owner `json:"owner"`
	CreatedBy sys.Actor `json:"createdBy"`
	CreatedAt time.Time `json:"createdAt"` // when its last byte had been received
	ExpiresAt time.Time `json:"expiresAt"` // the first moment at which it is gone
	Size      int64     `json:"size"`      // bytes
	Blob      string    `json:"blob"`      // key of the bytes

	// Receiving is true until all bytes are there. Such an Upload is there for
	// nobody; its expiry cleans up after a process that died.
	Receiving bool `json:"receiving,omitempty"`
}

// alive reports whether the Upload is there for a reader.
func (u Upload) alive(now time.Time) bool { return !u.Receiving && now.Before(u.ExpiresAt) }

// Find reads an Upload inside a transaction. Unknown, expired and foreign ones
// are all the same *sys.Missing.
func Find(r store.Reader, owner sys.Owner, id string, now time.Time) (Upload, error) {
	missing := &sys.Missing{Refer: sys.Refer{ID: id, Type: sys.TargetUpload}}
	if !owner.Valid() || !sys.ValidID(id) {
		return Upload{}, missing
	}
	u, err := load(r, owner, id)
	if errors.Is(err, store.ErrNotFound) {
		return Upload{}, missing
	}
	if err != nil {
		return Upload{}, err
	}
	if !u.alive(now) {
		return Upload{}, missing
	}
	return u, nil
}

func load(r store.Reader, owner sys.Owner, id string) (Upload, error) {
	return record.Get[Upload](r, uploadKey(owner, id))
}

func save(w store.Writer, u Upload) error { return record.Set(w, uploadKey(u.Owner, u.ID), u) }

// remove ends an Upload: its record, its hold on the bytes and its expiry.
func remove(w store.Writer, u Upload, now time.Time) error {
	if err := w.Delete(uploadKey(u.Owner, u.ID)); err != nil {
		return err
	}
	if err := due.Remove(w, u.ExpiresAt, kindExpire, expireID(u)); err != nil {
		return err
	}
	return Hold(w, now, holder(u), []string{u.Blob}, nil)
}
