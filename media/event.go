package media

import (
	"time"

	"github.com/weegloo/weegloo/sys"
)

// Topic says what happened to a Media (contract, section 9).
type Topic string

// The topics. Processing by itself has none.
const (
	TopicCreate    Topic = "Media.Create"
	TopicSave      Topic = "Media.Save"
	TopicPublish   Topic = "Media.Publish"
	TopicUnpublish Topic = "Media.Unpublish"
	TopicArchive   Topic = "Media.Archive"
	TopicUnarchive Topic = "Media.Unarchive"
	TopicDelete    Topic = "Media.Delete"
)

// Event tells of one accepted change. Space, Media, Version and Topic together
// are unique, so that a receiver can recognise one that it gets twice.
type Event struct {
	Topic   Topic     `json:"topic"`
	Space   string    `json:"space"`
	Media   string    `json:"media"`
	Version int64     `json:"version"` // after the change; of a deleted Media, its last
	At      time.Time `json:"at"`
	By      sys.Actor `json:"by"`
}
