package invariant

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/weegloo/weegloo/delivery"
	"github.com/weegloo/weegloo/internal/record"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/upload"
)

// state is all that is kept, by record key unless it says otherwise.
type state struct {
	uploads   map[string]upload.Upload
	media     map[string]media.Media
	snapshots map[string]delivery.Snapshot
	shown     map[string][]string    // top-level JSON keys of a snapshot
	blob      map[string]upload.Blob // by blob key
	holders   map[string][]string    // record keys by blob key
	due       []item
	bytes     map[string]content // by blob key
	spaces    map[string]bool
	unknown   []string // keys that belong to nothing
}

// content is what some stored bytes are; the zero content are bytes that
// cannot be opened.
type content struct {
	size   int64
	sha256 string
}

func contentFrom(body []byte) content {
	sum := sha256.Sum256(body)
	return content{int64(len(body)), hex.EncodeToString(sum[:])}
}

// item is one piece of background work.
type item struct {
	at      time.Time
	kind    string
	id      string
	attempt int
}

func load(r store.Reader) (*state, error) {
	s := &state{
		uploads: map[string]upload.Upload{}, media: map[string]media.Media{},
		snapshots: map[string]delivery.Snapshot{}, shown: map[string][]string{},
		blob: map[string]upload.Blob{}, holders: map[string][]string{}, spaces: map[string]bool{},
	}
	for e, err := range r.Scan(store.Range{}) {
		if err != nil {
			return nil, err
		}
		if err := s.take(e); err != nil {
			return nil, fmt.Errorf("%q: %w", e.Key, err)
		}
	}
	return s, nil
}

// take puts one record where it belongs.
func (s *state) take(e store.Entry) error {
	kind, rest, _ := strings.Cut(e.Key, "/")
	first, _, _ := strings.Cut(rest, "/")
	switch kind {
	case "upload":
		return into(s.uploads, e.Key, e)
	case "media":
		s.spaces[first] = true
		return into(s.media, e.Key, e)
	case "snapshot":
		s.spaces[first] = true
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(e.Value, &fields); err != nil {
			return err
		}
		for name := range fields {
			s.shown[e.Key] = append(s.shown[e.Key], name)
		}
		return into(s.snapshots, e.Key, e)
	case "blob":
		return into(s.blob, rest, e)
	case "holder":
		_, holder, _ := strings.Cut(rest, "/")
		s.holders[first] = append(s.holders[first], holder)
	case "due":
		return s.takeItem(rest, e.Value)
	case "media-created", "media-updated", "media-by", "media-count",
		"snapshot-created", "snapshot-updated", "snapshot-by", "snapshot-count":
		s.spaces[first] = true
	default:
		s.unknown = append(s.unknown, e.Key)
	}
	return nil
}

func into[T any](all map[string]T, key string, e store.Entry) error {
	v, err := record.Decode[T](e.Key, e.Value)
	all[key] = v
	return err
}

func (s *state) takeItem(key string, value []byte) error {
	parts := strings.SplitN(key, "/", 3)
	if len(parts) != 3 {
		return errors.New("not the key of an item")
	}
	ms, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return err
	}
	v, err := record.Decode[struct {
		Attempt int `json:"attempt"`
	}](key, value)
	if err != nil {
		return err
	}
	s.due = append(s.due, item{time.UnixMilli(ms).UTC(), parts[1], parts[2], v.Attempt})
	return nil
}

func isNotFound(err error) bool { return errors.Is(err, store.ErrNotFound) }
