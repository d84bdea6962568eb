package weegloo_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/matryer/is"
)

// patches applies a patch to a Media that has a text, a file and two tags, is
// Published and of version 2, and checks that what is refused has no effect.
func patches(t *testing.T, patch string) (before, after answer) {
	t.Helper()
	h := newHost(t)
	u := h.do("POST", spaceUploads, "some text").at("sys", "id")
	m := medias + "/" + h.do("POST", medias, `{"fields":{"title":{"en-US":"A"},"file":{"en-US":`+file("a.txt", "text/plain", u)+
		`}},"metadata":{"tags":[`+tag("t0")+`,`+tag("t1")+`]}}`).at("sys", "id")
	h.settle()
	before, records := h.do("GET", m, ""), h.records()
	after = h.do("PATCH", m, patch, patchType, version(2), ignore)
	if after.status >= 400 {
		h.is.Equal(h.records(), records)
	} else {
		h.is.Equal(after.at("sys", "version"), "3")
	}
	return before, after
}

func tag(id string) string {
	return `{"sys":{"id":"` + id + `","type":"Refer","targetType":"Tag"}}`
}

// refusedPatches are patches that cannot be applied, by what is wrong with them.
var refusedPatches = map[string]struct{ patch, code string }{
	"not JSON":               {`[`, "X400003"},
	"duplicate key":          {`[{"op":"remove","op":"test","path":"/fields/title"}]`, "X400003"},
	"too deep":               {`[{"op":"add","path":"/x","value":` + strings.Repeat("[", 63) + strings.Repeat("]", 63) + `}]`, "X400003"},
	"object":                 {`{}`, "X422001"},
	"null":                   {`null`, "X422001"},
	"op is text":             {`["remove"]`, "X422001"},
	"op is null":             {`[null]`, "X422001"},
	"no op":                  {`[{"path":"/fields/title"}]`, "X422001"},
	"unknown op":             {`[{"op":"merge","path":"/fields/title","value":1}]`, "X422001"},
	"op of another case":     {`[{"op":"Remove","path":"/fields/title/en-US"}]`, "X422001"},
	"no path":                {`[{"op":"remove"}]`, "X422001"},
	"path is a number":       {`[{"op":"remove","path":7}]`, "X422001"},
	"path without slash":     {`[{"op":"remove","path":"fields/title/en-US"}]`, "X422001"},
	"no value":               {`[{"op":"add","path":"/fields/title/en-US"}]`, "X422001"},
	"no value to test":       {`[{"op":"test","path":"/fields/title/en-US"}]`, "X422001"},
	"no from":                {`[{"op":"copy","path":"/fields/title/ko-KR"}]`, "X422001"},
	"from without slash":     {`[{"op":"copy","from":"fields","path":"/fields/title/ko-KR"}]`, "X422001"},
	"sys":                    {`[{"op":"replace","path":"/sys","value":{}}]`, "X422001"},
	"below sys":              {`[{"op":"replace","path":"/sys/version","value":9}]`, "X422001"},
	"remove below sys":       {`[{"op":"remove","path":"/sys/publish/by"}]`, "X422001"},
	"test below sys":         {`[{"op":"test","path":"/sys/status","value":"Published"}]`, "X422001"},
	"from sys":               {`[{"op":"copy","from":"/sys/id","path":"/fields/title/en-US"}]`, "X422001"},
	"move from sys":          {`[{"op":"move","from":"/sys/version","path":"/fields/title/en-US"}]`, "X422001"},
	"copy to sys":            {`[{"op":"copy","from":"/fields","path":"/sys/x"}]`, "X422001"},
	"other version":          {`[{"op":"test","path":"/sys/version","value":1}]`, "X422001"},
	"version as text":        {`[{"op":"test","path":"/sys/version","value":"2"}]`, "X422001"},
	"failing test":           {`[{"op":"test","path":"/fields/title/en-US","value":"B"}]`, "X422001"},
	"test of what is not":    {`[{"op":"test","path":"/fields/title/ko-KR","value":"B"}]`, "X422001"},
	"test for null":          {`[{"op":"test","path":"/fields/title/ko-KR","value":null}]`, "X422001"},
	"test after change":      {`[{"op":"replace","path":"/fields/title/en-US","value":"B"},{"op":"test","path":"/fields/title/en-US","value":"A"}]`, "X422001"},
	"replace what is not":    {`[{"op":"replace","path":"/fields/title/ko-KR","value":"B"}]`, "X422001"},
	"remove what is not":     {`[{"op":"remove","path":"/fields/title/ko-KR"}]`, "X422001"},
	"remove twice":           {`[{"op":"remove","path":"/fields/title/en-US"},{"op":"remove","path":"/fields/title/en-US"}]`, "X422001"},
	"add below what is not":  {`[{"op":"add","path":"/fields/x/en-US","value":"B"}]`, "X422001"},
	"add below a text":       {`[{"op":"add","path":"/fields/title/en-US/x","value":"B"}]`, "X422001"},
	"copy what is not":       {`[{"op":"copy","from":"/fields/title/ko-KR","path":"/fields/title/de-DE"}]`, "X422001"},
	"move into itself":       {`[{"op":"move","from":"/fields","path":"/fields/title"}]`, "X422001"},
	"move everything":        {`[{"op":"move","from":"","path":"/fields"}]`, "X422001"},
	"index -1":               {`[{"op":"remove","path":"/metadata/tags/-1"}]`, "X422001"},
	"index behind the end":   {`[{"op":"add","path":"/metadata/tags/3","value":` + tag("x") + `}]`, "X422001"},
	"remove at the end":      {`[{"op":"remove","path":"/metadata/tags/-"}]`, "X422001"},
	"replace at the end":     {`[{"op":"replace","path":"/metadata/tags/2","value":` + tag("x") + `}]`, "X422001"},
	"index with a zero":      {`[{"op":"remove","path":"/metadata/tags/01"}]`, "X422001"},
	"index with a plus":      {`[{"op":"remove","path":"/metadata/tags/+1"}]`, "X422001"},
	"index that is a word":   {`[{"op":"remove","path":"/metadata/tags/x"}]`, "X422001"},
	"huge index":             {`[{"op":"add","path":"/metadata/tags/99999999999999999999","value":1}]`, "X422001"},
	"bad pointer":            {`[{"op":"remove","path":"/fields/~2"}]`, "X422001"},
	"1001 operations":        {"[" + strings.TrimSuffix(strings.Repeat(`{"op":"test","path":"/metadata/tags/0/sys/id","value":"t0"},`, 1001), ",") + "]", "X422001"},
	"copies without end":     {"[" + copies(30) + "]", "X422001"},
	"remove the root":        {`[{"op":"remove","path":""}]`, "X422001"},
	"root becomes null":      {`[{"op":"replace","path":"","value":null}]`, "X422007"},
	"root becomes an array":  {`[{"op":"add","path":"","value":[]}]`, "X422007"},
	"root becomes a text":    {`[{"op":"replace","path":"","value":"x"}]`, "X422007"},
	"title becomes a text":   {`[{"op":"replace","path":"/fields/title","value":"x"}]`, "CORE422007"},
	"value of another shape": {`[{"op":"add","path":"/fields/title/en-US","value":7}]`, "X422007"},
	"unknown locale":         {`[{"op":"add","path":"/fields/title/fr","value":"x"}]`, "X422007"},
	"file without a file":    {`[{"op":"copy","from":"/fields/file/en-US","path":"/fields/file/de-DE"}]`, "X422007"},
	"unknown Upload":         {`[{"op":"add","path":"/fields/file/de-DE","value":` + file("a", "text/plain", "nothing") + `}]`, "WGL404001"},
}

func TestPatchesThatCannotBeAppliedAreRefused(t *testing.T) {
	for name, tt := range refusedPatches {
		t.Run(name, func(t *testing.T) {
			_, after := patches(t, tt.patch)
			is.New(t).Equal(after.outcome(), tt.code)
		})
	}
}

// copies doubles an object again and again.
func copies(n int) string {
	ops := []string{`{"op":"add","path":"/x","value":{"a":"0123456789"}}`}
	for i := range n {
		ops = append(ops, fmt.Sprintf(`{"op":"copy","from":"/x","path":"/x/c%d"}`, i))
	}
	return strings.Join(ops, ",")
}

func TestPatchesChangeWhatTheySay(t *testing.T) {
	for name, tt := range map[string]struct{ patch, title, tags string }{
		"nothing":             {`[]`, `{"en-US":"A"}`, "t0 t1"},
		"version":             {`[{"op":"test","path":"/sys/version","value":2},{"op":"test","path":"/sys/version","value":2.0}]`, `{"en-US":"A"}`, "t0 t1"},
		"test and replace":    {`[{"op":"test","path":"/fields/title","value":{"en-US":"A"}},{"op":"replace","path":"/fields/title/en-US","value":"B"}]`, `{"en-US":"B"}`, "t0 t1"},
		"tests of all":        {`[{"op":"test","path":"/fields/file/en-US/detail/size","value":9.0},{"op":"test","path":"/metadata/tags/1/sys/id","value":"t1"}]`, `{"en-US":"A"}`, "t0 t1"},
		"add over":            {`[{"op":"add","path":"/fields/title/en-US","value":"B & <C>"}]`, `{"en-US":"B \u0026 \u003cC\u003e"}`, "t0 t1"},
		"null":                {`[{"op":"add","path":"/fields/title/en-US","value":null}]`, `{}`, "t0 t1"},
		"remove":              {`[{"op":"remove","path":"/fields/title/en-US"}]`, `{}`, "t0 t1"},
		"remove the field":    {`[{"op":"remove","path":"/fields/title"}]`, `{}`, "t0 t1"},
		"move":                {`[{"op":"move","from":"/fields/title/en-US","path":"/fields/title/ko-KR"}]`, `{"ko-KR":"A"}`, "t0 t1"},
		"move to itself":      {`[{"op":"move","from":"/fields/title/en-US","path":"/fields/title/en-US"}]`, `{"en-US":"A"}`, "t0 t1"},
		"copy":                {`[{"op":"copy","from":"/fields/title","path":"/fields/description"},{"op":"copy","from":"/fields/title/en-US","path":"/fields/title/ko-KR"}]`, `{"en-US":"A","ko-KR":"A"}`, "t0 t1"},
		"unknown keys":        {`[{"op":"add","path":"/x","value":[1]},{"op":"add","path":"/x/-","value":2},{"op":"test","path":"/x","value":[1,2]},{"op":"add","path":"/a~1b","value":1}]`, `{"en-US":"A"}`, "t0 t1"},
		"tag in front":        {`[{"op":"add","path":"/metadata/tags/0","value":` + tag("n") + `}]`, `{"en-US":"A"}`, "n t0 t1"},
		"tag in between":      {`[{"op":"add","path":"/metadata/tags/1","value":` + tag("n") + `}]`, `{"en-US":"A"}`, "t0 n t1"},
		"tag at the end":      {`[{"op":"add","path":"/metadata/tags/-","value":` + tag("n") + `}]`, `{"en-US":"A"}`, "t0 t1 n"},
		"tag behind the last": {`[{"op":"add","path":"/metadata/tags/2","value":` + tag("n") + `}]`, `{"en-US":"A"}`, "t0 t1 n"},
		"tags change places":  {`[{"op":"move","from":"/metadata/tags/1","path":"/metadata/tags/0"}]`, `{"en-US":"A"}`, "t1 t0"},
		"one tag less":        {`[{"op":"remove","path":"/metadata/tags/0"}]`, `{"en-US":"A"}`, "t1"},
		"another tag":         {`[{"op":"replace","path":"/metadata/tags/1","value":` + tag("n") + `}]`, `{"en-US":"A"}`, "t0 n"},
		"part of a tag":       {`[{"op":"replace","path":"/metadata/tags/1/sys/id","value":"n"}]`, `{"en-US":"A"}`, "t0 n"},
		"no metadata":         {`[{"op":"remove","path":"/metadata"}]`, `{"en-US":"A"}`, ""},
		"root":                {`[{"op":"replace","path":"","value":{"fields":{"title":{"en-US":"R"}}}}]`, `{"en-US":"R"}`, ""},
		"root by add":         {`[{"op":"add","path":"","value":{"fields":{"title":{"en-US":"R"}},"sys":{"version":77}}}]`, `{"en-US":"R"}`, ""},
		"root, and on":        {`[{"op":"replace","path":"","value":{"fields":{}}},{"op":"add","path":"/fields/title","value":{"en-US":"S"}}]`, `{"en-US":"S"}`, ""},
		"unknown members":     {`[{"op":"remove","path":"/fields/title/en-US","value":3,"from":"/fields","x":{}}]`, `{}`, "t0 t1"},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			_, after := patches(t, tt.patch)
			is.Equal(after.status, 200)
			is.Equal(after.at("fields", "title"), tt.title)
			var ids []string
			for _, part := range strings.Split(after.at("metadata", "tags"), `"id":"`)[1:] {
				id, _, _ := strings.Cut(part, `"`)
				ids = append(ids, id)
			}
			is.Equal(strings.Join(ids, " "), tt.tags)
		})
	}
}

func TestPatchesOfServerOwnedKeysAreIgnored(t *testing.T) {
	for _, key := range []string{"url", "detail", "mimeGroups", "fileName", "contentType", "state", "reason"} {
		is := is.New(t)
		before, after := patches(t, `[{"op":"add","path":"/fields/file/en-US/`+key+`","value":"changed"}]`)
		is.Equal(after.status, 200) // key
		is.Equal(before.at("fields", "file"), after.at("fields", "file"))
	}
	is := is.New(t)
	before, after := patches(t, `[{"op":"remove","path":"/fields/file/en-US/url"},{"op":"remove","path":"/fields/file/en-US/detail"}]`)
	is.Equal(before.at("fields", "file"), after.at("fields", "file"))
}

func TestSysIsNotThePatchsToReadOrWrite(t *testing.T) {
	for _, patch := range []string{
		`[{"op":"add","path":"/sys/x","value":1}]`, `[{"op":"copy","from":"/sys/version","path":"/x"}]`,
		`[{"op":"move","from":"/sys","path":"/x"}]`, `[{"op":"test","path":"/sys","value":{}}]`,
	} {
		_, after := patches(t, patch)
		is.New(t).True(strings.Contains(after.reason(), "sys belongs to the server")) // patch
	}
}

func TestAPatchOfAThousandOperationsIsTaken(t *testing.T) {
	is := is.New(t)
	_, after := patches(t, "["+strings.TrimSuffix(strings.Repeat(`{"op":"add","path":"/fields/title/en-US","value":"B"},`, 1000), ",")+"]")
	is.Equal(after.status, 200)
}
