package processing

import (
	"context"
	"fmt"
	"io"

	"github.com/weegloo/weegloo/media"
)

// Source is a file to be processed.
type Source struct {
	// Name is the file's name as the client gave it: a label, not a path.
	Name string

	// Declared is the content type as the client gave it. It may be anything.
	Declared string

	// Sniffed is what [Sniff] said of the first bytes.
	Sniffed string

	// Size is the number of bytes.
	Size int64

	// Bytes reads the file, and is valid until Process returns. It may open
	// the file on its first use: a Processor that can answer without the bytes
	// leaves it alone.
	Bytes io.ReaderAt

	// Found is what the Processors before this one in a [Chain] found.
	Found Result
}

// Result is what processing found out about a file.
type Result struct {
	ContentType string
	MimeGroups  []string
	Image       *media.Image    // nil if it is none, or of a kind whose size is not read
	Video       *media.Video    // likewise
	Audio       *media.Audio    // likewise
	Document    *media.Document // likewise
}

// Processor looks into the bytes of a file. Implementations are safe for
// concurrent use, and are asked again about the same file after a crash.
type Processor interface {
	// Process describes src. A [Failure] says that these bytes can never be
	// processed: the file ends as FAILED with its Reason. Any other error says
	// that it did not work this time, and Process is called again later.
	Process(ctx context.Context, src Source) (Result, error)
}

// The reasons that weegloo itself gives for a file that ends as FAILED.
const (
	// ReasonUnreadableImage: the bytes carry the signature of an image and do
	// not say a size that can be believed.
	ReasonUnreadableImage = "unreadable-image"

	// ReasonUnreadableAudio and ReasonUnreadableVideo: the bytes carry the
	// signature of a recording or a film and are not one.
	ReasonUnreadableAudio = "unreadable-audio"
	ReasonUnreadableVideo = "unreadable-video"

	// ReasonGaveUp: every try ended in an error, or in a crash.
	ReasonGaveUp = "gave-up"

	// ReasonTimedOut: the Processor hung at every try.
	ReasonTimedOut = "timed-out"

	// ReasonPanic: the Processor panicked.
	ReasonPanic = "panic"
)

// Failure is the error of bytes that can never be processed.
type Failure struct {
	// Reason is a short stable word for clients. [Headers] gives the
	// unreadable ones only; a host's own Processor may have others.
	Reason string

	err error
}

// NewFailure is a Failure for the reason, because of err.
func NewFailure(reason string, err error) *Failure { return &Failure{Reason: reason, err: err} }

func (f *Failure) Error() string { return "processing: " + f.Reason + ": " + f.err.Error() }

// Unwrap is what went wrong; it is for the host's eyes and not for clients.
func (f *Failure) Unwrap() error { return f.err }

// Headers is the default [Processor]. It settles the content type and reads
// what the headers of images, recordings and documents say: the tables of the
// package documentation have what it reads of which format, and which bytes
// end as FAILED. No pixel and no sample is decoded, and whatever the file says,
// at most 1 MiB of it is read.
type Headers struct{}

// Process implements [Processor]. It leaves src.Bytes alone where the first
// bytes tell all there is.
func (Headers) Process(ctx context.Context, src Source) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	file := newSection(src.Bytes, src.Size)
	contentType, err := settle(src, file)
	if err != nil {
		return Result{}, fmt.Errorf("processing: %w", err)
	}
	result, err := look(contentType, file)
	if err != nil {
		return Result{}, err
	}
	result.MimeGroups = media.MimeGroups(result.ContentType, src.Name)
	return result, nil
}
