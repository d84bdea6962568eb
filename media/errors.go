package media

import (
	"github.com/weegloo/weegloo/sys"
)

// The reasons for which a Media refuses a command. They wrap the general
// errors of package sys.
var (
	// ErrStale: the expected version is not the current one.
	ErrStale = sys.NewReason(sys.ErrConflict, "media: the version is not the current one")

	// ErrBusy: a file is waiting to be processed.
	ErrBusy = sys.NewReason(sys.ErrState, "media: a file is still being processed")

	// ErrArchived: an archived Media can only be unarchived or deleted.
	ErrArchived = sys.NewReason(sys.ErrState, "media: the Media is archived")

	// ErrNotArchived: only an archived Media can be unarchived.
	ErrNotArchived = sys.NewReason(sys.ErrState, "media: the Media is not archived")

	// ErrNotPublished: only a published Media can be unpublished.
	ErrNotPublished = sys.NewReason(sys.ErrState, "media: the Media is not published")

	// ErrNotDraft: only a Draft can be archived.
	ErrNotDraft = sys.NewReason(sys.ErrState, "media: the Media is not a draft")

	// ErrLive: a published Media cannot be deleted.
	ErrLive = sys.NewReason(sys.ErrState, "media: the Media is published")

	// ErrFailedFile: a Media with a failed file cannot be published.
	ErrFailedFile = sys.NewReason(sys.ErrState, "media: the processing of a file failed")

	// ErrNoFile: a Media without a file cannot be published.
	ErrNoFile = sys.NewReason(sys.ErrState, "media: the Media has no file")

	// ErrNotLocaleMap: a field is not a map by locale.
	ErrNotLocaleMap = sys.NewReason(sys.ErrInvalid, "media: a field is not a map by locale")

	// ErrContent: the content breaks a rule.
	ErrContent = sys.NewReason(sys.ErrInvalid, "media: the content breaks a rule")
)
