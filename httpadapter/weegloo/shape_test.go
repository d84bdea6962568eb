package weegloo_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// types is the sys.type of every status that a refusal may have.
var types = map[int]string{
	400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 405: "BadRequest",
	406: "BadRequest", 409: "Conflict", 411: "BadRequest", 413: "BadRequest", 415: "BadRequest",
	416: "BadRequest", 422: "Unprocessable", 429: "TooManyRequest",
}

// official are the codes that the contract knows. All others are ours.
var official = []string{
	"WGL404001", "WGL409005", "WGL422007", "WGL422009", "WGL422031", "WGL429004", "CORE422007", "WEB400002",
}

var (
	requestIDForm = regexp.MustCompile(`^[0-9A-Za-z]{43}$`)
	errorIDForm   = regexp.MustCompile(`^[0-9A-Za-z]{16}$`)
	ownCodeForm   = regexp.MustCompile(`^X([0-9]{3})[0-9]{3}$`)
	insideForm    = regexp.MustCompile(`(^|[ (])(httpadapter|media|upload|delivery|list|index|page|multipart|json|store): |secret|goroutine|%!`)
	msForm        = regexp.MustCompile(`^[0-9]{12,13}$`)
)

func checkRefusal(tb testing.TB, a answer) {
	tb.Helper()
	if err := refusalProblem(a.status, a.header, a.body); err != nil {
		tb.Fatalf("%v\n%d %v\n%s", err, a.status, a.header, a.body)
	}
}

// refusalProblem says in which way an answer is not an error of the contract's
// shape (section 8), or nil. A status over 499 always is one.
func refusalProblem(status int, header http.Header, body []byte) error {
	wantType, ok := types[status]
	if !ok {
		return fmt.Errorf("no refusal has status %d", status)
	}
	contentType := header.Get("Content-Type")
	if contentType != "application/vnd.com.weegloo.v1+json;charset=UTF-8" && contentType != "application/json;charset=UTF-8" {
		return fmt.Errorf("Content-Type %q", contentType)
	}
	if header.Get("Content-Length") != fmt.Sprint(len(body)) {
		return fmt.Errorf("Content-Length %s for %d bytes", header.Get("Content-Length"), len(body))
	}
	if len(body) > 64<<10 {
		return fmt.Errorf("a refusal of %d bytes", len(body))
	}
	var e map[string]any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&e); err != nil {
		return err
	}
	if err := keysProblem(e, "reason", "requestId", "suggestion", "sys"); err != nil {
		return err
	}
	if err := sentencesProblem(e); err != nil {
		return err
	}
	about, _ := e["sys"].(map[string]any)
	if err := keysProblem(about, "code", "id", "timestamp", "type"); err != nil {
		return fmt.Errorf("sys: %w", err)
	}
	if !requestIDForm.MatchString(fmt.Sprint(e["requestId"])) || !errorIDForm.MatchString(fmt.Sprint(about["id"])) {
		return fmt.Errorf("ids %v and %v", e["requestId"], about["id"])
	}
	if number, ok := about["timestamp"].(json.Number); !ok || !msForm.MatchString(number.String()) {
		return fmt.Errorf("timestamp %v", about["timestamp"])
	}
	if about["type"] != wantType {
		return fmt.Errorf("type %v with status %d", about["type"], status)
	}
	return codeProblem(fmt.Sprint(about["code"]), status)
}

func codeProblem(code string, status int) error {
	own := ownCodeForm.FindStringSubmatch(code)
	if own == nil && !slices.Contains(official, code) {
		return fmt.Errorf("the code %s is neither official nor one of ours", code)
	}
	if digits := strings.TrimLeft(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"); digits[:3] != fmt.Sprint(status) {
		return fmt.Errorf("code %s with status %d", code, status)
	}
	return nil
}

// keysProblem allows details beside the keys, if it has the contract's form.
func keysProblem(object map[string]any, want ...string) error {
	got := slices.Sorted(maps.Keys(object))
	if details, ok := object["details"].(map[string]any); ok {
		got = slices.DeleteFunc(got, func(key string) bool { return key == "details" })
		for key := range details {
			if key != "space" && key != "errors" {
				return fmt.Errorf("details.%s", key)
			}
		}
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("keys %v, want %v", got, want)
	}
	return nil
}

// sentencesProblem wants words for people, that tell nothing of our insides.
func sentencesProblem(e map[string]any) error {
	for _, key := range []string{"reason", "suggestion"} {
		text, _ := e[key].(string)
		if len(text) < 5 || !strings.HasSuffix(text, ".") || strings.HasSuffix(text, "..") {
			return fmt.Errorf("%s is no sentence: %q", key, text)
		}
		if len(text) > 1000 {
			return fmt.Errorf("%s has %d bytes", key, len(text))
		}
		if inside := insideForm.FindString(text); inside != "" {
			return fmt.Errorf("%s tells %q: %q", key, inside, text)
		}
	}
	return nil
}

// code is the sys.code of a refusal.
func (a answer) code() string {
	var e struct {
		Sys struct{ Code string }
	}
	_ = json.Unmarshal(a.body, &e)
	return e.Sys.Code
}

// outcome is the code of a refusal, else the status.
func (a answer) outcome() string {
	if a.status >= 400 {
		return a.code()
	}
	return fmt.Sprint(a.status)
}

// reason is the reason of a refusal.
func (a answer) reason() string {
	var e struct{ Reason string }
	_ = json.Unmarshal(a.body, &e)
	return e.Reason
}

// paths are those that details.errors names.
func (a answer) paths() (paths []string) {
	var e struct {
		Details struct {
			Errors []struct{ Path, Message string }
		}
	}
	_ = json.Unmarshal(a.body, &e)
	for _, problem := range e.Details.Errors {
		paths = append(paths, problem.Path)
	}
	return paths
}

// at reads a value of a JSON answer by its keys, "" if it is not there.
func (a answer) at(keys ...string) string {
	var v any
	decoder := json.NewDecoder(bytes.NewReader(a.body))
	decoder.UseNumber()
	if err := decoder.Decode(&v); err != nil {
		return "not JSON: " + string(a.body)
	}
	for _, key := range keys {
		object, _ := v.(map[string]any)
		below, ok := object[key]
		if !ok {
			return ""
		}
		v = below
	}
	if text, ok := v.(string); ok {
		return text
	}
	text, _ := json.Marshal(v)
	return string(text)
}
