package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/matryer/is"
)

func TestTourOfTheBundledPicture(t *testing.T) {
	is := is.New(t)
	t.Setenv("TMPDIR", t.TempDir()) // so that what it keeps goes with the test
	is.NoErr(run(t.Context(), nil))
}

func TestTourOfAFileThatIsNoPicture(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	note := filepath.Join(dir, "note.txt")
	is.NoErr(os.WriteFile(note, []byte("Buy milk, and a lake."), 0o600))
	is.NoErr(run(t.Context(), []string{note}))
}

func TestTourRefusesAMissingFile(t *testing.T) {
	is := is.New(t)
	err := run(t.Context(), []string{filepath.Join(t.TempDir(), "none")})
	is.True(err != nil)
}
