// Package media is the life of a media file.
//
// A [Media] has a title, a description and a file for each locale. Its whole
// life is one pure function, [Apply]: it takes a Media, a command and the
// circumstances, and returns the Media that results and the events that tell
// of it, or an error and the Media unchanged. [Service] only loads, applies
// and saves, in one transaction with everything that follows from a change.
//
// The status is never stored; it follows from the version numbers (contract,
// section 4):
//
//	            publish                      edit
//	 Draft ───────────────▶ Published ─────────────────▶ Changed
//	 ▲  │ ▲                  │      ▲                     │  │
//	 │  │ └── unpublish ─────┘      └────── publish ──────┘  │
//	 │  │ └── unpublish ─────────────────────────────────────┘
//	 │  ▼
//	Archived      (archive / unarchive; delete from Draft and Archived only)
//
// # Transitions
//
// What each state answers to each command that names the current version. A
// file is busy until its processing ends, in a Detail or in FAILED.
// TestTransitionTable writes this table down.
//
//	                        save         publish        unpublish        archive      unarchive       delete
//	Draft                   Draft        Published      ErrNotPublished  Archived     ErrNotArchived  removed
//	Draft, busy             ErrBusy      ErrBusy        ErrNotPublished  ErrBusy      ErrNotArchived  ErrBusy
//	Draft, a file FAILED    Draft        ErrFailedFile  ErrNotPublished  Archived     ErrNotArchived  removed
//	Published               Changed      Published      Draft            ErrNotDraft  ErrNotArchived  ErrLive
//	Changed                 Changed      Published      Draft            ErrNotDraft  ErrNotArchived  ErrLive
//	Changed, a file FAILED  Changed      ErrFailedFile  Draft            ErrNotDraft  ErrNotArchived  ErrLive
//	Changed, busy           ErrBusy      ErrBusy        ErrBusy          ErrNotDraft  ErrNotArchived  ErrLive
//	Archived                ErrArchived  ErrArchived    ErrArchived      ErrNotDraft  Draft           removed
package media
