package processing_test

import (
	"context"
	"testing"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/processing"
)

// newKeeper is an Engine whose Processor keeps the Source that it was given.
func newKeeper(t *testing.T) (*enginetest.Engine, *processing.Source) {
	t.Helper()
	var kept processing.Source
	e := enginetest.New(t, func(cfg *weegloo.Config) {
		cfg.Processor = does(func(_ context.Context, src processing.Source) (processing.Result, error) {
			kept = src
			return processing.Result{ContentType: "text/plain", MimeGroups: []string{"Plaintext"}}, nil
		})
	})
	return e, &kept
}

// oneText is content with one text file.
func oneText(e *enginetest.Engine) media.Content { return enginetest.TextFile(e.Upload("hello")) }
