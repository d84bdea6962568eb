package processing_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/processing"
)

// failsOnce fails one of the reads, counted from 0.
type failsOnce struct {
	r     io.ReaderAt
	at    int
	reads int
}

func (f *failsOnce) ReadAt(p []byte, off int64) (int, error) {
	f.reads++
	if f.reads-1 == f.at {
		return 0, errDisk
	}
	return f.r.ReadAt(p, off)
}

// TestEveryReadThatFailsIsTriedAgain: a store that does not read now is never
// the fault of a file, and never changes what is said of it, whichever of the
// reads it is.
func TestEveryReadThatFailsIsTriedAgain(t *testing.T) {
	all, _ := typeSamples(t)
	for _, s := range append(all, imageSamples(t)...) {
		t.Run(s.name, func(t *testing.T) {
			is := is.New(t)
			process := func(at int) (processing.Result, *failsOnce, error) {
				f := &failsOnce{r: bytes.NewReader(s.bytes), at: at}
				result, err := processing.Headers{}.Process(context.Background(), processing.Source{
					Name: s.name, Sniffed: processing.Sniff(s.bytes), Size: int64(len(s.bytes)), Bytes: f,
				})
				return result, f, err
			}
			_, whole, err := process(-1)
			is.NoErr(err)
			is.True(whole.reads < 64)
			for at := range whole.reads {
				result, _, err := process(at)
				is.True(errors.Is(err, errDisk))
				is.Equal(result, processing.Result{})
			}
		})
	}
}
