package weegloo_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/memory"
	"github.com/weegloo/weegloo/store/storetest"
)

// myStore stands for the store that a reader of the README writes.
func myStore(*testing.T) store.Store { return memory.New() }

func TestMyStore(t *testing.T) {
	storetest.Run(t, myStore)
}

// TestReadmeSnippetsAreCompiled holds the README to code that the compiler has
// seen: every Go block of it stands, but for indentation, in a Go file here.
func TestReadmeSnippetsAreCompiled(t *testing.T) {
	is := is.New(t)
	readme, err := os.ReadFile("README.md")
	is.NoErr(err)
	var code strings.Builder
	is.NoErr(filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" {
			return err
		}
		source, err := os.ReadFile(path)
		code.WriteString(unindent(string(source)))
		return err
	}))
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(readme), -1)
	is.True(len(blocks) >= 3)
	for _, block := range blocks {
		if !strings.Contains(code.String(), unindent(block[1])) {
			t.Errorf("this snippet is not compiled anywhere:\n%s", block[1])
		}
	}
}

func unindent(code string) string {
	var b strings.Builder
	for line := range strings.Lines(code) {
		b.WriteString(strings.TrimLeft(line, " \t"))
	}
	return b.String()
}

// TestReadmeNamesExistingPlaces follows the links and the table of the README.
func TestReadmeNamesExistingPlaces(t *testing.T) {
	is := is.New(t)
	readme, err := os.ReadFile("README.md")
	is.NoErr(err)
	places := regexp.MustCompile(`\]\(([^):#]+)\)`).FindAllStringSubmatch(string(readme), -1)
	is.True(len(places) >= 10)
	for _, place := range places {
		if _, err := os.Stat(place[1]); err != nil {
			t.Errorf("the README names %s: %v", place[1], err)
		}
	}
}
