package upload

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/weegloo/weegloo/internal/due"
	"github.com/weegloo/weegloo/internal/record"
	"github.com/weegloo/weegloo/store"
)

// Blob is what is known of some stored bytes, and who holds them. The record
// is there before the first byte and after the last: it is replaced by an item
// of background work that deletes the bytes.
type Blob struct {
	Key     string   `json:"key"`
	Size    int64    `json:"size"`    // bytes
	SHA256  string   `json:"sha256"`  // lower-case hex; empty until all bytes are there
	Sniffed string   `json:"sniffed"` // content type that the first bytes show
	Holders []string `json:"holders"` // record keys, in the order in which they came
}

// FindBlob reads the record of a blob, or store.ErrNotFound.
func FindBlob(r store.Reader, key string) (Blob, error) {
	return record.Get[Blob](r, blobKey(key))
}

func saveBlob(w store.Writer, b Blob) error { return record.Set(w, blobKey(b.Key), b) }

// Hold makes the blobs that a holder, named by its record key, holds into
// after, given that it held before. A blob that has no holder left loses its
// record and its bytes are deleted by background work. To hold a blob that has
// none is an error: its bytes may already be gone.
func Hold(w store.Writer, now time.Time, holder string, before, after []string) error {
	for _, key := range after {
		if slices.Contains(before, key) {
			continue
		}
		if err := hold(w, holder, key); err != nil {
			return err
		}
	}
	for _, key := range before {
		if slices.Contains(after, key) {
			continue
		}
		if err := release(w, now, holder, key); err != nil {
			return err
		}
	}
	return nil
}

func hold(w store.Writer, holder, key string) error {
	b, err := FindBlob(w, key)
	if err != nil {
		return fmt.Errorf("upload: hold blob %s: %w", key, err)
	}
	if slices.Contains(b.Holders, holder) {
		return nil
	}
	b.Holders = append(b.Holders, holder)
	return saveBlob(w, b)
}

func release(w store.Writer, now time.Time, holder, key string) error {
	b, err := FindBlob(w, key)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	b.Holders = slices.DeleteFunc(b.Holders, func(h string) bool { return h == holder })
	if len(b.Holders) > 0 {
		return saveBlob(w, b)
	}
	if err := w.Delete(blobKey(key)); err != nil {
		return err
	}
	return due.Add(w, now, kindDeleteBlob, key, nil)
}
