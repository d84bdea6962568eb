package weegloo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/matryer/is"
	"pgregory.net/rapid"
)

// patched applies operations to a document, without what this API adds to
// RFC 6902.
func patched(doc, patch string) (string, error) {
	root, err := parse([]byte(doc))
	if err != nil {
		return "", err
	}
	operations, err := readOperations([]byte(patch))
	if err != nil {
		return "", err
	}
	d := document{root: root}
	for _, op := range operations {
		if err := d.apply(op); err != nil {
			return "", err
		}
	}
	return string(bytes.TrimSpace(encode(d.root))), nil
}

func TestTheExamplesOfRFC6902(t *testing.T) {
	for _, tt := range []struct{ name, doc, patch, want string }{
		{"A.1 adding an object member", `{"foo":"bar"}`, `[{"op":"add","path":"/baz","value":"qux"}]`, `{"baz":"qux","foo":"bar"}`},
		{"A.2 adding an array element", `{"foo":["bar","baz"]}`, `[{"op":"add","path":"/foo/1","value":"qux"}]`, `{"foo":["bar","qux","baz"]}`},
		{"A.3 removing an object member", `{"baz":"qux","foo":"bar"}`, `[{"op":"remove","path":"/baz"}]`, `{"foo":"bar"}`},
		{"A.4 removing an array element", `{"foo":["bar","qux","baz"]}`, `[{"op":"remove","path":"/foo/1"}]`, `{"foo":["bar","baz"]}`},
		{"A.5 replacing a value", `{"baz":"qux","foo":"bar"}`, `[{"op":"replace","path":"/baz","value":"boo"}]`, `{"baz":"boo","foo":"bar"}`},
		{"A.6 moving a value", `{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}`, `[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]`, `{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}`},
		{"A.7 moving an array element", `{"foo":["all","grass","cows","eat"]}`, `[{"op":"move","from":"/foo/1","path":"/foo/3"}]`, `{"foo":["all","cows","eat","grass"]}`},
		{"A.8 testing a value: success", `{"baz":"qux","foo":["a",2,"c"]}`, `[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}]`, `{"baz":"qux","foo":["a",2,"c"]}`},
		{"A.9 testing a value: error", `{"baz":"qux"}`, `[{"op":"test","path":"/baz","value":"bar"}]`, ""},
		{"A.10 adding a nested member object", `{"foo":"bar"}`, `[{"op":"add","path":"/child","value":{"grandchild":{}}}]`, `{"child":{"grandchild":{}},"foo":"bar"}`},
		{"A.11 ignoring unrecognized elements", `{"foo":"bar"}`, `[{"op":"add","path":"/baz","value":"qux","xyz":123}]`, `{"baz":"qux","foo":"bar"}`},
		{"A.12 adding to a nonexistent target", `{"foo":"bar"}`, `[{"op":"add","path":"/baz/bat","value":"qux"}]`, ""},
		{"A.14 ~ escape ordering", `{"/":9,"~1":10}`, `[{"op":"test","path":"/~01","value":10}]`, `{"/":9,"~1":10}`},
		{"A.15 comparing strings and numbers", `{"/":9,"~1":10}`, `[{"op":"test","path":"/~01","value":"10"}]`, ""},
		{"A.16 adding an array value", `{"foo":["bar"]}`, `[{"op":"add","path":"/foo/-","value":["abc","def"]}]`, `{"foo":["bar",["abc","def"]]}`},
		{"numbers are equal by value", `{"a":1e2,"b":9007199254740993}`, `[{"op":"test","path":"/a","value":100.0}]`, `{"a":1e2,"b":9007199254740993}`},
		{"large numbers too", `{"b":9007199254740993}`, `[{"op":"test","path":"/b","value":9007199254740992}]`, ""},
		{"keys in any order", `{"a":{"x":1,"y":[null,true]}}`, `[{"op":"test","path":"/a","value":{"y":[null,true],"x":1}}]`, `{"a":{"x":1,"y":[null,true]}}`},
		{"a copy is its own", `{"a":{"b":[1]}}`, `[{"op":"copy","from":"/a","path":"/c"},{"op":"add","path":"/c/b/0","value":0}]`, `{"a":{"b":[1]},"c":{"b":[0,1]}}`},
		{"into its own beginning", `{"a":{"b":1}}`, `[{"op":"move","from":"/a","path":"/a/b"}]`, ""},
		{"beside its own name", `{"a":1}`, `[{"op":"move","from":"/a","path":"/ab"}]`, `{"ab":1}`},
		{"an empty key", `{"":{"":1}}`, `[{"op":"replace","path":"//","value":2}]`, `{"":{"":2}}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			got, err := patched(tt.doc, tt.patch)
			is.Equal(got, tt.want)
			is.Equal(err == nil, tt.want != "")
		})
	}
}

// values draws JSON in which paths meet each other often.
func values(t *rapid.T, depth int) any {
	kind := rapid.IntRange(0, 4).Draw(t, "kind")
	if depth == 0 && kind > 2 {
		kind = 0
	}
	switch kind {
	case 1:
		return "text"
	case 2:
		return true
	case 3:
		object := map[string]any{}
		for _, key := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "0"}), 0, 3, rapid.ID[string]).Draw(t, "keys") {
			object[key] = values(t, depth-1)
		}
		return object
	case 4:
		array := []any{}
		for range rapid.IntRange(0, 3).Draw(t, "length") {
			array = append(array, values(t, depth-1))
		}
		return array
	}
	return rapid.IntRange(0, 2).Draw(t, "number")
}

// TestPatchesAgreeWithAnotherImplementation leaves out what the other one is
// known to do in its own way: root paths, null, and a test of what is not there.
func TestPatchesAgreeWithAnotherImplementation(t *testing.T) {
	path := rapid.Custom(func(t *rapid.T) string {
		text := ""
		for range rapid.IntRange(1, 3).Draw(t, "keys") {
			text += "/" + rapid.SampledFrom([]string{"a", "b", "0", "1", "2", "-"}).Draw(t, "key")
		}
		return text
	})
	rapid.Check(t, func(t *rapid.T) {
		doc := string(encode(map[string]any{"a": values(t, 2), "b": values(t, 2)}))
		op := map[string]any{
			"op":    rapid.SampledFrom([]string{"add", "remove", "replace", "move", "copy", "test"}).Draw(t, "op"),
			"path":  path.Draw(t, "path"),
			"from":  path.Draw(t, "from"),
			"value": values(t, 1),
		}
		patch := string(encode([]any{op}))
		ours, err := patched(doc, patch)
		other, err2 := jsonpatch.Patch(nil), error(nil)
		if other, err2 = jsonpatch.DecodePatch([]byte(patch)); err2 != nil {
			t.Fatal(err2)
		}
		options := jsonpatch.NewApplyOptions()
		options.SupportNegativeIndices = false
		theirs, err2 := other.ApplyWithOptions([]byte(doc), options)
		if (err == nil) != (err2 == nil) {
			t.Fatalf("%s on %s: ours %v, theirs %v", patch, doc, err, err2)
		}
		if err == nil && !jsonpatch.Equal([]byte(ours), theirs) {
			t.Fatalf("%s on %s: ours %s, theirs %s", patch, doc, ours, theirs)
		}
	})
}

func TestCopiesAreWeighedBeforeTheyAreMade(t *testing.T) {
	is := is.New(t)
	large, _ := json.Marshal(string(bytes.Repeat([]byte("x"), 300_000)))
	ops := func(n int) string {
		text := fmt.Sprintf(`{"op":"add","path":"/x","value":%s}`, large)
		for i := range n {
			text += fmt.Sprintf(`,{"op":"copy","from":"/x","path":"/y%d"}`, i)
		}
		return "[" + text + "]"
	}
	_, err := patched(`{}`, ops(3))
	is.NoErr(err)
	_, err = patched(`{}`, ops(4))
	is.Equal(err, errCopies)
}
