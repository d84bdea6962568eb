package media

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/sys"
	"github.com/weegloo/weegloo/upload"
)

// checkKept refuses entries that want to keep a file where there is none.
func (c Content) checkKept(m Media) error {
	var check sys.Check
	for _, locale := range slices.Sorted(maps.Keys(c.File)) {
		if _, stored := m.File[locale]; !stored && c.File[locale].Upload == "" {
			check.Add(ErrContent, sys.Pointer("fields", "file", locale, "upload"), "is required, there is no file to keep")
		}
	}
	return check.Err()
}

// resolve finds the bytes of all Uploads that become new files of m. It reads
// them in the transaction of the write, so that none can expire in between. An
// Upload that is not there, or not the Space's own, is *sys.Missing.
func resolve(r store.Reader, m Media, c Content, now time.Time) (map[string]string, error) {
	blobs := map[string]string{}
	for _, locale := range slices.Sorted(maps.Keys(c.File)) {
		entry := c.File[locale]
		if stored, ok := m.File[locale]; ok && entry.keeps(stored) {
			continue
		}
		if _, known := blobs[entry.Upload]; known {
			continue
		}
		u, err := upload.Find(r, sys.SpaceOwner(m.Space), entry.Upload, now)
		if err != nil {
			return nil, err
		}
		blobs[entry.Upload] = u.Blob
	}
	return blobs, nil
}

// spaceError turns the host's "no such space" into ours.
func (s *Service) spaceError(space string, err error) error {
	if errors.Is(err, sys.ErrNotFound) {
		return &sys.Missing{Refer: sys.SpaceOwner(space).Refer()}
	}
	return fmt.Errorf("media: locales of space %s: %w", space, err)
}
