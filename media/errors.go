package media

import (
	"fmt"

	"github.com/weegloo/weegloo/sys"
)

// The reasons for which a Media refuses a command. They wrap the general
// errors of package sys.
var (
	// ErrStale: the expected version is not the current one.
	ErrStale = fmt.Errorf("media: the version is not the current one: %w", sys.ErrConflict)

	// ErrBusy: a file is waiting to be processed.
	ErrBusy = fmt.Errorf("media: a file is still being processed: %w", sys.ErrState)

	// ErrArchived: an archived Media can only be unarchived or deleted.
	ErrArchived = fmt.Errorf("media: it is archived: %w", sys.ErrState)

	// ErrNotArchived: only an archived Media can be unarchived.
	ErrNotArchived = fmt.Errorf("media: it is not archived: %w", sys.ErrState)

	// ErrNotPublished: only a published Media can be unpublished.
	ErrNotPublished = fmt.Errorf("media: it is not published: %w", sys.ErrState)

	// ErrNotDraft: only a Draft can be archived.
	ErrNotDraft = fmt.Errorf("media: it is not a draft: %w", sys.ErrState)

	// ErrLive: a published Media cannot be deleted.
	ErrLive = fmt.Errorf("media: it is published: %w", sys.ErrState)

	// ErrFailedFile: a Media with a failed file cannot be published.
	ErrFailedFile = fmt.Errorf("media: the processing of a file failed: %w", sys.ErrState)

	// ErrNoFile: a Media without a file cannot be published.
	ErrNoFile = fmt.Errorf("media: it has no file: %w", sys.ErrState)

	// ErrNotLocaleMap: a field is not a map by locale.
	ErrNotLocaleMap = fmt.Errorf("media: a field is not a map by locale: %w", sys.ErrInvalid)

	// ErrContent: the content breaks a rule.
	ErrContent = fmt.Errorf("media: the content breaks a rule: %w", sys.ErrInvalid)
)
