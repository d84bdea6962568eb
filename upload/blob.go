package upload

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/weegloo/weegloo/internal/due"
	"github.com/weegloo/weegloo/internal/record"
	"github.com/weegloo/weegloo/store"
)

// Blob is what is known of some stored bytes. The record is there before the
// first byte and after the last: when nobody holds the bytes any more, it is
// replaced by an item of background work that deletes them.
//
// Each holder is a key of its own beside the record, so that many may hold the
// same bytes and none has to wait for another.
type Blob struct {
	Key     string `json:"key"`
	Size    int64  `json:"size"`    // bytes
	SHA256  string `json:"sha256"`  // lower-case hex; empty until all bytes are there
	Sniffed string `json:"sniffed"` // content type that the first bytes show
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

// hold reads the record, so that it conflicts with the release by the last
// holder that removes it.
func hold(w store.Writer, holder, key string) error {
	if _, err := FindBlob(w, key); err != nil {
		return fmt.Errorf("upload: hold blob %s: %w", key, err)
	}
	return w.Set(holderKey(key, holder), nil)
}

// release looks for another holder. That is a read of the whole range as long
// as it finds none, and so conflicts with any that comes meanwhile.
func release(w store.Writer, now time.Time, holder, key string) error {
	_, err := w.Get(holderKey(key, holder))
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := w.Delete(holderKey(key, holder)); err != nil {
		return err
	}
	for _, err := range w.Scan(holders(key)) {
		return err // somebody else holds it
	}
	if err := w.Delete(blobKey(key)); err != nil {
		return err
	}
	return due.Add(w, now, kindDeleteBlob, key, nil)
}

// Holders are the record keys of those who hold a blob, in order.
func Holders(r store.Reader, key string) (names []string, err error) {
	part := holders(key)
	for e, err := range r.Scan(part) {
		if err != nil {
			return nil, err
		}
		names = append(names, strings.TrimPrefix(e.Key, part.From))
	}
	return names, nil
}

func holders(key string) store.Range {
	part := store.Prefix(holderKey(key, ""))
	part.KeysOnly = true
	return part
}
