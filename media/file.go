package media

import "time"

// FileState says how far the processing of a file is.
type FileState string

// The states of a file. A file is busy while it is Pending or Processing.
const (
	Pending    FileState = "PENDING"    // waiting to be processed
	Processing FileState = "PROCESSING" // a worker has it
	Failed     FileState = "FAILED"     // ended with a Reason; a new file is the retry
	Done       FileState = "DONE"       // has a Detail and may be published
)

// File is what a Media holds for one locale. It refers to bytes and never
// contains them.
type File struct {
	Name        string    `json:"name"`
	ContentType string    `json:"contentType"`
	MimeGroups  []string  `json:"mimeGroups"`
	State       FileState `json:"state"`

	// Upload is the id of the Upload that the file came from, until it is Done.
	Upload string `json:"upload,omitempty"`

	// Revision is the version of the Media that the write which attached this
	// file produced. It is part of the file's address, so an address never
	// changes its bytes (contract, section 6).
	Revision int64 `json:"revision"`

	// Blob is the key of the bytes.
	Blob string `json:"blob"`

	// Detail is known once the file is Done.
	Detail *Detail `json:"detail,omitempty"`

	// Reason is the short stable word for why a Failed file failed.
	Reason string `json:"reason,omitempty"`

	// Work is how far the processing of a busy file is.
	Work *Work `json:"work,omitempty"`
}

// Work is the processing of a file that has not ended.
type Work struct {
	Since   time.Time `json:"since"`             // the file waits since then
	Attempt int       `json:"attempt,omitempty"` // the latest; 0 before the first
	Next    time.Time `json:"next"`              // when the next one begins, if the latest does not end it
}

// Busy reports whether the file still waits for its processing to end.
func (f File) Busy() bool { return f.State == Pending || f.State == Processing }

// Detail is what processing found out about the bytes of a file.
type Detail struct {
	Size   int64  `json:"size"`   // bytes
	SHA256 string `json:"sha256"` // of the bytes, lower-case hex
	Image  *Image `json:"image,omitempty"`
	Video  *Video `json:"video,omitempty"`
	Audio  *Audio `json:"audio,omitempty"`

	// Document is nil if the pages of a document could not be counted.
	Document *Document `json:"document,omitempty"`
}

// Image is the displayed size of a picture, in pixels.
type Image struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

// Video describes a film. What could not be read is zero.
type Video struct {
	Width    int     `json:"width,omitempty"`
	Height   int     `json:"height,omitempty"`
	Duration float64 `json:"duration,omitempty"` // seconds
}

// Audio describes a recording. What could not be read is zero.
type Audio struct {
	Duration float64 `json:"duration,omitempty"` // seconds
}

// Document describes a text with pages.
type Document struct {
	Pages int `json:"pages"`
}
