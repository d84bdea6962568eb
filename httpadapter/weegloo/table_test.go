package weegloo

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/matryer/is"
)

// Codes is every code of the table, each once, for tests from outside.
func Codes() (codes []string) {
	for _, row := range table {
		codes = append(codes, row.code)
	}
	codes = append(codes, "X416001", fault.code)
	slices.Sort(codes)
	return slices.Compact(codes)
}

// sentinels are the package-level variables of some files that are named like
// errors, as "package.Name".
func sentinels(t *testing.T, files string) (names []string) {
	t.Helper()
	is := is.New(t)
	paths, err := filepath.Glob(files)
	is.NoErr(err)
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		is.NoErr(err)
		for _, decl := range file.Decls {
			general, ok := decl.(*ast.GenDecl)
			if !ok || general.Tok != token.VAR {
				continue
			}
			for _, spec := range general.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					if strings.HasPrefix(strings.ToLower(name.Name), "err") {
						names = append(names, file.Name.Name+"."+name.Name)
					}
				}
			}
		}
	}
	return names
}

// rowed are the variables that have a row in the table, as "package.Name".
func rowed(t *testing.T) []string {
	source, err := os.ReadFile("errors.go")
	is.New(t).NoErr(err)
	var names []string
	for _, match := range regexp.MustCompile(`(?m)^\t\{([a-z]+\.)?([eE]rr[A-Za-z]+), "`).FindAllStringSubmatch(string(source), -1) {
		if match[1] == "" {
			match[1] = "weegloo."
		}
		names = append(names, match[1]+match[2])
	}
	return names
}

func TestEveryDomainErrorHasARow(t *testing.T) {
	is := is.New(t)
	rows := rowed(t)
	is.True(len(rows) > 35) // the table is read at all
	found := 0
	for _, files := range []string{"../../sys/*.go", "../../upload/*.go", "../../media/*.go", "../../delivery/*.go", "../../list/*.go", "../*.go", "errors.go"} {
		for _, name := range sentinels(t, files) {
			found++
			if !slices.Contains(rows, name) {
				t.Errorf("%s has no row in the table of errors.go", name)
			}
		}
	}
	is.True(found > 35) // the packages are read at all
}

func TestNoRowIsHiddenByAnEarlierOne(t *testing.T) {
	for i, row := range table {
		for _, earlier := range table[:i] {
			if errors.Is(row.reason, earlier.reason) {
				t.Errorf("%s is never reached: %v is %v", row.code, row.reason, earlier.reason)
			}
		}
		if got := lookup(row.reason); got.code != row.code {
			t.Errorf("%v is looked up as %s", row.reason, got.code)
		}
	}
}

func TestEveryRowSaysAllThatAnAnswerNeeds(t *testing.T) {
	form := regexp.MustCompile(`^(X|WGL|CORE|WEB)[45][0-9]{5}$`)
	for _, row := range table {
		if !form.MatchString(row.code) {
			t.Errorf("code %q", row.code)
		}
		if row.status() < 400 || row.status() > 599 || row.status() == 500 || kind(row.status()) == "BadRequest" && row.status() >= 500 {
			t.Errorf("%s has status %d", row.code, row.status())
		}
		if !strings.HasSuffix(row.suggestion, ".") {
			t.Errorf("%s suggests %q", row.code, row.suggestion)
		}
	}
}

func TestOneCodeMeansOneThing(t *testing.T) {
	// Several reasons may share a code only where the contract has one for all.
	shared := []string{"WGL404001", "WGL409005", "X400005", "X507001"}
	seen := map[string]bool{}
	for _, row := range table {
		if seen[row.code] && !slices.Contains(shared, row.code) {
			t.Errorf("%s is in the table twice", row.code)
		}
		seen[row.code] = true
	}
}

func TestAnUnknownErrorIsAFaultThatTellsNothing(t *testing.T) {
	is := is.New(t)
	is.Equal(lookup(errors.New("disk on fire at /dev/sda")).code, "X500001")
	is.Equal(reason(fault, errors.New("disk on fire at /dev/sda")), "Something went wrong here.")
}
