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
// What each state answers to each command, written by TestTransitionTable:
//
// <table>
// </table>
package media
