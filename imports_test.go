package weegloo_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/matryer/is"
)

const module = "github.com/weegloo/weegloo"

// mayImport is the picture in the design, as a table: what each package may
// import beside the standard library, tests apart. A new package needs a line.
var mayImport = map[string]string{
	// The contract with stores knows no word of the domain, and nothing else.
	"store":            "",
	"store/optimistic": "store",
	"store/memory":     "store store/optimistic github.com/tidwall/btree",
	"store/badger":     "store store/optimistic github.com/dgraph-io/badger/v4",
	"store/disk":       "store",
	"store/storetest":  "store github.com/matryer/is pgregory.net/rapid",

	// What everything shares stands on nothing.
	"sys":  "",
	"list": "sys",

	"internal/record":     "store",
	"internal/due":        "store internal/record",
	"internal/index":      "store sys list internal/record",
	"internal/strictjson": "",
	"internal/ebml":       "",
	"internal/isobmff":    "",

	// The domain. An arrow from left to right only: delivery, processing and the
	// outbox know media, media knows upload, and nobody the other way round.
	"upload":          "store sys internal/due internal/record",
	"media":           "store sys list upload internal/index internal/record",
	"delivery":        "store sys list media internal/index internal/record",
	"processing":      "store sys upload media internal/due internal/ebml internal/isobmff github.com/gabriel-vasile/mimetype",
	"internal/outbox": "store media internal/due internal/record",

	// The root wires. It knows neither HTTP nor any store.
	".":                   "store sys list upload media delivery processing internal/due internal/index internal/outbox",
	"internal/invariant":  "store upload media delivery internal/record internal/index",
	"internal/faults":     "",
	"internal/enginetest": ". store store/memory sys upload media",

	// HTTP is on top of it all, and knows no store.
	"httpadapter":         "sys delivery",
	"httpadapter/weegloo": ". sys list upload media delivery httpadapter internal/strictjson",
}

// TestImportsPointDownwards holds every import to the table.
func TestImportsPointDownwards(t *testing.T) {
	for dir, imported := range imports(t) {
		allowed, known := mayImport[dir]
		switch {
		case strings.HasPrefix(dir, "examples/"):
			checkExample(t, dir, imported)
		case !known:
			t.Errorf("the package %s is not in the table", dir)
		default:
			for path := range imported {
				if !slices.Contains(strings.Fields(allowed), path) {
					t.Errorf("%s must not import %s", dir, path)
				}
			}
		}
	}
}

// checkExample: an example is a host, which has no more than others have.
func checkExample(t *testing.T, dir string, imported map[string]bool) {
	t.Helper()
	for path := range imported {
		if strings.HasPrefix(path, "internal/") {
			t.Errorf("%s must not import %s, which its readers cannot", dir, path)
		}
	}
}

// imports are what each package imports, by its directory. Imports of the module
// are directories too; those of the standard library are left out, and so are
// tests.
func imports(t *testing.T) map[string]map[string]bool {
	t.Helper()
	packages := map[string]map[string]bool{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != "." && strings.ContainsRune("._", rune(entry.Name()[0])) || entry.Name() == "testdata":
			return fs.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		dir := filepath.ToSlash(filepath.Dir(path))
		if packages[dir] == nil {
			packages[dir] = map[string]bool{}
		}
		maps.Copy(packages[dir], importsOf(t, path))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return packages
}

func importsOf(t *testing.T, path string) map[string]bool {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	imported := map[string]bool{}
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		host, _, _ := strings.Cut(path, "/")
		switch {
		case path == module:
			imported["."] = true
		case strings.HasPrefix(path, module+"/"):
			imported[strings.TrimPrefix(path, module+"/")] = true
		case strings.Contains(host, "."):
			imported[path] = true
		}
	}
	return imported
}

// TestAProgramInMemoryLinksNoDatabase: who does not import store/badger does not
// pay for Badger, however far away something is imported.
func TestAProgramInMemoryLinksNoDatabase(t *testing.T) {
	is := is.New(t)
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "./store/memory", "./store/disk", "./httpadapter/weegloo", ".").Output()
	is.NoErr(err)
	deps := strings.Fields(string(out))
	is.True(slices.Contains(deps, module+"/media")) // it is the right list
	for _, dep := range deps {
		if strings.Contains(dep, "badger") || strings.Contains(dep, "ristretto") || dep == "os/exec" {
			t.Errorf("it links %s", dep)
		}
	}
}
