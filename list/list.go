// Package list is the small language in which lists are asked for: conditions,
// an order, and which part of the result. The services of packages media and
// delivery answer it; which fields there are is theirs to say.
package list

import "github.com/weegloo/weegloo/sys"

var (
	// ErrField refuses a field that cannot be filtered or ordered by.
	ErrField = sys.NewReason(sys.ErrInvalid, "list: there is no such field")

	// ErrQuery refuses anything else that is wrong with a Query: an operator, a
	// value, a bound, or a cursor that is not one or belongs to another Query.
	ErrQuery = sys.NewReason(sys.ErrInvalid, "list: the query is wrong")
)

// Op is how the values of a field are compared.
type Op string

// The operators. A field of several values, as tags, meets a condition when any
// of them does. Ne and Nin are the negations of Eq and In: what has no value
// meets them.
const (
	Eq     Op = "eq"
	Ne     Op = "ne"
	In     Op = "in"  // one of the Values
	Nin    Op = "nin" // none of the Values
	Exists Op = "exists"
	Gt     Op = "gt"
	Gte    Op = "gte"
	Lt     Op = "lt"
	Lte    Op = "lte"
	Prefix Op = "prefix" // of a text
	Match  Op = "match"  // a text contains it, whatever the case
)

// Condition is what every item of the list must meet. Values are texts: numbers
// as decimals, times as RFC 3339, Exists takes "true" or "false".
type Condition struct {
	Field  string // as in "sys.status" or "fields.title.en-US"
	Op     Op
	Values []string // one, but any number for In and Nin
}

// Order is one key of the order. Items that have no value come last, whichever
// the direction; text is ordered by code point.
type Order struct {
	Field      string
	Descending bool
}

// The bounds of a Query.
const (
	DefaultLimit = 15
	MaxLimit     = 100
	MaxSkip      = 100
	MaxTerms     = 50 // conditions, and keys of the order
)

// Query asks for a part of a list. The zero Query is the first page of all, in
// the order of their creation.
type Query struct {
	Where  []Condition // all must be met; default: none
	Order  []Order     // the id always comes last; default: sys.createdAt
	Limit  int         // items of a page, 1 to MaxLimit; default: DefaultLimit
	Skip   int         // items to leave out first, 0 to MaxSkip; default: 0
	After  string      // Page.Next of another page of this Query; default: from the start
	Before string      // Page.Prev of another page of this Query; default: from the start
}

// Page is a part of a list. A page begins behind, or ends before, a certain
// item: who pages through a list while others write to it meets every item that
// was there all along, and whose order did not change, exactly once.
type Page[T any] struct {
	Items []T
	Total int    // of the whole list
	Next  string // for Query.After; empty on the last page
	Prev  string // for Query.Before; empty on the first page
}

// Explanation tells how a Query was answered and what that cost.
type Explanation struct {
	// Index is what was walked through: "created", "updated", a dimension such as
	// "status", or "ids".
	Index string

	// Sorted is true if the index has the order of the Query, so that the walk
	// ends with the page. Otherwise all that it has was looked at.
	Sorted bool

	// Total says where Page.Total comes from: "counter", "keys" or "walk".
	Total string

	Keys    int // index keys that were looked at, for page and total
	Records int // records that were read, for page and total
}

// Scans reports whether the cost grows with the Space and not with the page.
func (e Explanation) Scans() bool { return !e.Sorted && e.Index != "ids" || e.Total == "walk" }

// Progress is how far the rebuilding of the lists of a Space is.
type Progress struct {
	List    string `json:"list"`    // "media" or "snapshot"
	Phase   string `json:"phase"`   // "records", "keys", "counters", "done"
	Checked int    `json:"checked"` // keys that were looked at in this phase
	Mended  int    `json:"mended"`  // keys and counters that were wrong, in all phases
}
