package processing_test

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/matryer/is"
)

// node is a box of a sample, or the file as a whole.
type node struct {
	kind     string
	fields   string // what stands before the boxes in it, or all there is
	children []*node
}

// parents are the boxes that have boxes in them, and how many bytes stand
// before those.
var parents = map[string]int{
	"moov": 0, "trak": 0, "mdia": 0, "minf": 0, "stbl": 0, "mvex": 0, "moof": 0, "traf": 0,
	"stsd": 8, "meta": 4, "iprp": 0, "ipco": 0, "iinf": 6,
}

// parse is the tree of the boxes of a sample, which are all as they should be.
func parse(kind, content string) *node {
	before, isParent := parents[kind]
	if !isParent && kind != "" {
		return &node{kind: kind, fields: content}
	}
	n := &node{kind: kind, fields: content[:before]}
	for rest := content[before:]; len(rest) >= 8; {
		size := int(binary.BigEndian.Uint32([]byte(rest)))
		if size < 8 || size > len(rest) {
			n.children = append(n.children, &node{fields: rest})
			break
		}
		n.children = append(n.children, parse(rest[4:8], rest[8:size]))
		rest = rest[size:]
	}
	return n
}

// String is the tree as bytes again, with sizes that are right.
func (n *node) String() string {
	var b strings.Builder
	b.WriteString(n.fields)
	for _, c := range n.children {
		b.WriteString(c.String())
	}
	if n.kind == "" {
		return b.String()
	}
	return isoBox(n.kind, b.String())
}

// each calls fn for all boxes below n, and the box around each.
func (n *node) each(fn func(parent *node, at int)) {
	for i := range n.children {
		fn(n, i)
		n.children[i].each(fn)
	}
}

// changes are what is done to one box at a time, and undone.
var changes = map[string]func(parent *node, at int){
	"emptied": func(p *node, at int) { p.children[at] = &node{kind: p.children[at].kind} },
	"removed": func(p *node, at int) { p.children[at] = &node{kind: "free"} },
	"doubled": func(p *node, at int) { p.children = append(p.children[:at+1:at+1], p.children[at:]...) },
	"halved":  func(p *node, at int) { shorten(p, at, len(p.children[at].fields)/2) },
	"cut":     func(p *node, at int) { shorten(p, at, 1) },
	"in itself": func(p *node, at int) {
		p.children[at] = &node{kind: p.children[at].kind, children: []*node{p.children[at]}}
	},
	"first": func(p *node, at int) { p.children[0], p.children[at] = p.children[at], p.children[0] },
	"last": func(p *node, at int) {
		end := len(p.children) - 1
		p.children[end], p.children[at] = p.children[at], p.children[end]
	},
}

func shorten(p *node, at, by int) {
	c := *p.children[at]
	c.fields = c.fields[:max(len(c.fields)-by, 0)]
	p.children[at] = &c
}

// TestBoxesInDisorderSayNothingWrong has samples whose boxes are all of the
// size they claim, and one of which is not as it should be.
func TestBoxesInDisorderSayNothingWrong(t *testing.T) {
	for _, s := range avSamples(t, "/mp4", "/quicktime", "/3gpp", "image/") {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			tree := parse("", string(s.bytes))
			is.New(t).Equal(tree.String(), string(s.bytes)) // nothing is lost on the way
			tree.each(func(parent *node, at int) {
				for name, change := range changes {
					before := append([]*node(nil), parent.children...)
					what := name + ": " + before[at].kind
					change(parent, at)
					checkBelievable(t, s.contentType, []byte(tree.String()), what)
					parent.children = before
				}
			})
		})
	}
}

// TestBoxesThatNobodyNeedsMayBeMissing removes every box that says nothing of
// what is told.
func TestBoxesThatNobodyNeedsMayBeMissing(t *testing.T) {
	needed := map[string]bool{
		"ftyp": true, "moov": true, "mvhd": true, "trak": true, "tkhd": true, "mdia": true, "mdhd": true, "hdlr": true,
		"mvex": true, "moof": true, "traf": true, "tfhd": true, "tfdt": true, "trun": true, "trex": true, "sidx": true,
		"meta": true, "pitm": true, "iinf": true, "infe": true, "iprp": true, "ipco": true, "ipma": true, "ispe": true, "irot": true, "clap": true,
	}
	for _, s := range avSamples(t, "/mp4", "/quicktime", "/3gpp", "image/") {
		t.Run(s.name, func(t *testing.T) {
			is := is.New(t)
			want, _, err := look(s.contentType, s.bytes)
			is.NoErr(err)
			tree := parse("", string(s.bytes))
			tree.each(func(parent *node, at int) {
				if kind := parent.children[at].kind; needed[kind] || parent.kind == "ipco" {
					return // properties are counted
				}
				kept := parent.children[at]
				if kept.kind == "" {
					return // padding
				}
				parent.children[at] = &node{kind: "free", fields: strings.Repeat("x", len(kept.String())-8)} // for offsets stay
				got, _, err := look(s.contentType, []byte(tree.String()))
				is.NoErr(err)
				is.Equal(got, want)
				parent.children[at] = kept
			})
		})
	}
}
