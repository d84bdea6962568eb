package media_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/media"
)

var update = flag.Bool("update", false, "write the transition table into doc.go")

// outcome is a cell of the table: what a command leads to, or why not.
type outcome struct {
	status  media.Status // empty: the Media is gone
	refusal error
}

func to(status media.Status) outcome { return outcome{status: status} }
func refused(reason error) outcome   { return outcome{refusal: reason} }

var removed = outcome{}

// commands are the columns of the table.
var commands = []struct {
	name    string
	command func(m media.Media) media.Command
}{
	{"save", func(m media.Media) media.Command { return media.Save{Version: m.Version, Content: m.Content()} }},
	{"publish", func(m media.Media) media.Command { return media.Publish{Version: m.Version} }},
	{"unpublish", func(m media.Media) media.Command { return media.Unpublish{Version: m.Version} }},
	{"archive", func(m media.Media) media.Command { return media.Archive{Version: m.Version} }},
	{"unarchive", func(m media.Media) media.Command { return media.Unarchive{Version: m.Version} }},
	{"delete", func(media.Media) media.Command { return media.Delete{} }},
}

// rows are the states of the table, each with the way into it and with what
// section 4 of the contract says of it, copied from there and not from the
// code.
var rows = []struct {
	name string
	live func(l *life) *life
	want [6]outcome // in the order of commands
}{
	{"Draft", func(l *life) *life { return l.create(false, "en").finish("en") }, [...]outcome{
		to(media.Draft), to(media.Published), refused(media.ErrNotPublished),
		to(media.Archived), refused(media.ErrNotArchived), removed,
	}},
	{"Draft, busy", func(l *life) *life { return l.create(false, "en") }, [...]outcome{
		refused(media.ErrBusy), refused(media.ErrBusy), refused(media.ErrNotPublished),
		refused(media.ErrBusy), refused(media.ErrNotArchived), refused(media.ErrBusy),
	}},
	{"Draft, a file FAILED", func(l *life) *life { return l.create(false, "en").fail("en") }, [...]outcome{
		to(media.Draft), refused(media.ErrFailedFile), refused(media.ErrNotPublished),
		to(media.Archived), refused(media.ErrNotArchived), removed,
	}},
	{"Published", published, [...]outcome{
		to(media.Changed), to(media.Published), to(media.Draft),
		refused(media.ErrNotDraft), refused(media.ErrNotArchived), refused(media.ErrLive),
	}},
	{"Changed", func(l *life) *life { return published(l).save(false, "") }, [...]outcome{
		to(media.Changed), to(media.Published), to(media.Draft),
		refused(media.ErrNotDraft), refused(media.ErrNotArchived), refused(media.ErrLive),
	}},
	{"Changed, a file FAILED", func(l *life) *life { return published(l).save(false, "v", "en").fail("en") }, [...]outcome{
		to(media.Changed), refused(media.ErrFailedFile), to(media.Draft),
		refused(media.ErrNotDraft), refused(media.ErrNotArchived), refused(media.ErrLive),
	}},
	{"Changed, busy", func(l *life) *life { return published(l).save(false, "v", "en") }, [...]outcome{
		refused(media.ErrBusy), refused(media.ErrBusy), refused(media.ErrBusy),
		refused(media.ErrNotDraft), refused(media.ErrNotArchived), refused(media.ErrLive),
	}},
	{"Archived", func(l *life) *life { return l.create(false, "en").finish("en").archive() }, [...]outcome{
		refused(media.ErrArchived), refused(media.ErrArchived), refused(media.ErrArchived),
		refused(media.ErrNotDraft), to(media.Draft), removed,
	}},
}

func published(l *life) *life { return l.create(true, "en").finish("en") }

func TestTransitionTable(t *testing.T) {
	table := [][]string{{""}}
	for _, c := range commands {
		table[0] = append(table[0], c.name)
	}
	for _, row := range rows {
		line := []string{row.name}
		for i, c := range commands {
			l := row.live(newLife(t))
			line = append(line, checkCell(t, row.name+"/"+c.name, l, c.command(l.m), row.want[i]))
		}
		table = append(table, line)
	}
	keepDocumented(t, table)
}

// checkCell applies the command and returns how the outcome is written down.
func checkCell(t *testing.T, name string, l *life, c media.Command, want outcome) (cell string) {
	t.Run(name, func(t *testing.T) {
		is := is.New(t)
		before := l.m
		after, events, err := media.Apply(before, c, l.env)
		is.Equal(err, want.refusal)
		is.Equal(media.Check(before, c), want.refusal)
		switch {
		case err != nil:
			cell = reasonNames[err]
			is.Equal(after, before)
			is.Equal(len(events), 0)
		case after.ID == "":
			cell = "removed"
			is.Equal(want, removed)
		default:
			cell = string(after.Status())
			is.Equal(after.Status(), want.status)
			is.Equal(after.Version, before.Version+1)
			is.Equal(len(events), 1)
			checkPointers(is, before, after, c)
		}
	})
	return cell
}

// checkPointers checks rules 2 and 3: publish and archive remember the version
// before their own step.
func checkPointers(is *is.I, before, after media.Media, c media.Command) {
	switch c.(type) {
	case media.Publish:
		is.Equal(after.Publish.Version, before.Version)
		is.Equal(after.Publish.Counter, before.Publish.Counter+1)
	case media.Archive:
		is.Equal(after.Archive.Version, before.Version)
		is.Equal(after.Publish, before.Publish)
	case media.Unarchive:
		is.True(after.Archive == nil) // it is gone
	}
}

// reasonNames are the refusals as they are written in the table.
var reasonNames = map[error]string{
	media.ErrBusy: "ErrBusy", media.ErrArchived: "ErrArchived", media.ErrNotArchived: "ErrNotArchived",
	media.ErrNotPublished: "ErrNotPublished", media.ErrNotDraft: "ErrNotDraft", media.ErrLive: "ErrLive",
	media.ErrFailedFile: "ErrFailedFile", media.ErrNoFile: "ErrNoFile",
}

// keepDocumented compares the table with the one in the package documentation.
func keepDocumented(t *testing.T, table [][]string) {
	t.Helper()
	const file = "doc.go"
	doc, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(doc), "\n")
	from, to := tableLines(lines)
	want := strings.Join(slices.Concat(lines[:from], formatTable(table), lines[to:]), "")
	switch {
	case want == string(doc):
	case *update:
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("the table in %s is not what the machine does; go test ./media -run TransitionTable -update writes\n%s",
			file, strings.Join(formatTable(table), ""))
	}
}

// tableLines are the bounds of the table: the first preformatted block behind
// its heading.
func tableLines(lines []string) (from, to int) {
	preformatted := func(line string) bool { return strings.HasPrefix(line, "//\t") }
	from = slices.Index(lines, "// # Transitions\n")
	for !preformatted(lines[from]) {
		from++
	}
	for to = from; preformatted(lines[to]); {
		to++
	}
	return from, to
}

// formatTable is the table as lines of a preformatted block.
func formatTable(table [][]string) []string {
	widths := make([]int, len(table[0]))
	for _, row := range table {
		for i, cell := range row {
			widths[i] = max(widths[i], len(cell))
		}
	}
	var lines []string
	for _, row := range table {
		var line strings.Builder
		for i, cell := range row {
			fmt.Fprintf(&line, "%-*s", widths[i]+2, cell)
		}
		lines = append(lines, "//\t"+strings.TrimRight(line.String(), " ")+"\n")
	}
	return lines
}
