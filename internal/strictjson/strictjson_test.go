package strictjson_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/internal/strictjson"
)

const maxDepth = 4

func TestParseReadsJSON(t *testing.T) {
	type object = map[string]any
	for text, want := range map[string]any{
		`null`:                         nil,
		`true`:                         true,
		`"a"`:                          "a",
		`""`:                           "",
		`0`:                            json.Number("0"),
		`-1.50e+3`:                     json.Number("-1.50e+3"), // as it was written
		`12345678901234567890`:         json.Number("12345678901234567890"),
		`{}`:                           object{},
		`[]`:                           []any{},
		" \t\r\n[ 1 , null ]\n":        []any{json.Number("1"), nil},
		`{"a":{"b":[1]}}`:              object{"a": object{"b": []any{json.Number("1")}}},
		`{"a":1,"A":2}`:                object{"a": json.Number("1"), "A": json.Number("2")}, // keys keep their case
		`{"a":1,"b":{"a":2}}`:          object{"a": json.Number("1"), "b": object{"a": json.Number("2")}},
		`[{"a":1},{"a":1}]`:            []any{object{"a": json.Number("1")}, object{"a": json.Number("1")}},
		`{"":1}`:                       object{"": json.Number("1")},
		`"\u00e9\ud83d\ude00\/\n"`:     "é😀/\n",
		`"\ud800"`:                     "\ufffd",
		`"é"`:                          "é",
		`[[[[]]]]`:                     []any{[]any{[]any{[]any{}}}}, // as deep as is allowed
		`{"__proto__":{"toString":1}}`: object{"__proto__": object{"toString": json.Number("1")}},
	} {
		t.Run(text, func(t *testing.T) {
			is := is.New(t)
			got, err := strictjson.Parse([]byte(text), maxDepth)
			is.NoErr(err)
			is.Equal(got, want)
		})
	}
}

func TestParseRefusesWhatIsNotStrict(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":                 "",
		"white space":             " \n",
		"byte order mark":         "\ufeff{}",
		"half an object":          `{"a":1`,
		"half an array":           `[1`,
		"half a string":           `"a`,
		"half a literal":          `tru`,
		"two values":              `{} {}`,
		"a value and noise":       `{}x`,
		"a bracket too many":      `[]]`,
		"duplicate key":           `{"a":1,"a":1}`,
		"duplicate key, escaped":  `{"a":1,"\u0061":2}`,
		"duplicate key, deep":     `[{"b":{"a":1,"a":2}}]`,
		"duplicate key, and null": `{"a":null,"a":1}`,
		"not UTF-8":               "\"a\xff\"",
		"a surrogate in UTF-8":    "\"\xed\xa0\x80\"",
		"too deep":                `[[[[[]]]]]`,
		"too deep in objects":     `{"a":{"a":{"a":{"a":{}}}}}`,
		"too deep by far":         strings.Repeat("[", 100_000),
		"trailing comma":          `[1,]`,
		"trailing comma, object":  `{"a":1,}`,
		"leading comma":           `[,1]`,
		"no comma":                `[1 2]`,
		"no comma, object":        `{"a":1 "b":2}`,
		"no colon":                `{"a" 1}`,
		"no value":                `{"a":}`,
		"a key that is a number":  `{1:2}`,
		"a key without quotes":    `{a:1}`,
		"single quotes":           `{'a':1}`,
		"a comment":               `{} // all`,
		"wrong bracket":           `[1}`,
		"wrong bracket, object":   `{"a":1]`,
		"leading zero":            `01`,
		"a plus":                  `+1`,
		"a point":                 `.5`,
		"NaN":                     `NaN`,
		"a control character":     "\"a\nb\"",
		"an unknown escape":       `"\x41"`,
		"half an exponent":        `1e`,
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			v, err := strictjson.Parse([]byte(text), maxDepth)
			is.True(err != nil) // it is refused
			is.Equal(v, nil)
		})
	}
}

func TestAScalarHasNoDepth(t *testing.T) {
	is := is.New(t)
	_, err := strictjson.Parse([]byte(`1`), 0)
	is.NoErr(err)
	_, err = strictjson.Parse([]byte(`{}`), 0)
	is.True(err != nil)
}

// FuzzParse compares with encoding/json: what is accepted is read alike, and
// what is refused is what the package refuses.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,2.5e3,"x\u00e9",null,true,{}],"b":{"c":[]}}`, `[1,]`, `{"a":1,"a":2}`, `[[[[[]]]]]`,
		"\"\xff\"", `{} {}`, `"\ud800\udc00"`, ` 1 `, `{"a":1]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := strictjson.Parse(data, maxDepth)
		if err != nil {
			return
		}
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.UseNumber()
		var want any
		if err := decoder.Decode(&want); err != nil || !json.Valid(data) {
			t.Fatalf("accepted %q, which encoding/json does not: %v", data, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%q is read as %#v, by encoding/json as %#v", data, got, want)
		}
	})
}
