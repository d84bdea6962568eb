package weegloo

import (
	"errors"
	"fmt"
	"strings"

	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/sys"
)

// The limits of a patch (contract, section 3).
const (
	maxOperations = 1_000
	maxResult     = 1_000_000 // bytes
)

// applyPatch is the content that a Media has after an RFC 6902 patch. The patch
// sees the Media as GET shows it, but for sys, of which it may only test the
// version.
func applyPatch(m mediaBody, body []byte) (media.Content, error) {
	operations, err := readOperations(body)
	if err != nil {
		return media.Content{}, err
	}
	root, err := parse(encode(struct {
		Fields   mediaFields   `json:"fields"`
		Metadata mediaMetadata `json:"metadata"`
	}{m.Fields, m.Metadata}))
	if err != nil {
		return media.Content{}, err
	}
	d := document{root: root, version: m.Sys.Version}
	for i, op := range operations {
		if err := d.apply(op); err != nil {
			return media.Content{}, sys.NewInvalid(errPatch, op.path.String(), "operation %d, %s: %s", i, op.name, err)
		}
	}
	result := encode(d.root)
	if len(result) > maxResult {
		return media.Content{}, fmt.Errorf("%w: the result has %d bytes, at most %d are allowed", errPatch, len(result), maxResult)
	}
	patched, err := parse(result)
	if err != nil {
		return media.Content{}, sys.NewInvalid(errPatch, "", "the result is not JSON as this API reads it: %s", errors.Unwrap(err))
	}
	return decodeContent(patched)
}

// operation is one step of a patch.
type operation struct {
	name       string
	path, from pointer
	value      any
}

func readOperations(body []byte) ([]operation, error) {
	tree, err := parse(body)
	if err != nil {
		return nil, err
	}
	list, ok := tree.([]any)
	if !ok {
		return nil, fmt.Errorf("%w: it is not an array", errPatch)
	}
	if len(list) > maxOperations {
		return nil, fmt.Errorf("%w: it has %d operations, at most %d are allowed", errPatch, len(list), maxOperations)
	}
	operations := make([]operation, len(list))
	for i, v := range list {
		if operations[i], err = readOperation(v); err != nil {
			return nil, fmt.Errorf("%w: operation %d: %w", errPatch, i, err)
		}
	}
	return operations, nil
}

func readOperation(v any) (op operation, err error) {
	object, ok := v.(map[string]any)
	if !ok {
		return op, errors.New("it is not an object")
	}
	op.name, _ = object["op"].(string)
	switch op.name {
	case "add", "replace", "test":
		if op.value, ok = object["value"]; !ok {
			return op, errors.New("it has no value")
		}
	case "move", "copy":
		if op.from, err = readPointer(object, "from"); err != nil {
			return op, err
		}
	case "remove":
	default:
		return op, fmt.Errorf("%.20q is not an operation", op.name)
	}
	op.path, err = readPointer(object, "path")
	return op, err
}

func readPointer(operation map[string]any, key string) (pointer, error) {
	text, ok := operation[key].(string)
	if !ok {
		return nil, fmt.Errorf("it has no %s", key)
	}
	return parsePointer(text)
}

var (
	errSys     = errors.New("sys belongs to the server")
	errVersion = errors.New("the version is another one")
	errTest    = errors.New("there is another value")
	errCopies  = fmt.Errorf("more than %d bytes are copied", maxResult)
	errInside  = errors.New("nothing can be moved into itself")
)

// document is what a patch works on, and is changed by it.
type document struct {
	root    any
	version int64
	copied  int // bytes, about
}

func (d *document) apply(op operation) (err error) {
	if op.path.underSys() || op.from.underSys() {
		return d.testVersion(op)
	}
	switch op.name {
	case "add":
		d.root, err = add(d.root, op.path, op.value)
	case "remove":
		d.root, err = remove(d.root, op.path)
	case "replace":
		d.root, err = replace(d.root, op.path, op.value)
	case "test":
		var v any
		if v, err = find(d.root, op.path); err == nil && !equal(v, op.value) {
			err = errTest
		}
	case "move":
		err = d.move(op)
	case "copy":
		err = d.copy(op)
	}
	return err
}

// testVersion is the one thing that a patch may do below sys.
func (d *document) testVersion(op operation) error {
	if op.name != "test" || op.path.String() != "/sys/version" {
		return errSys
	}
	if !equal(op.value, number(d.version)) {
		return errVersion
	}
	return nil
}

func (d *document) move(op operation) error {
	if from, path := op.from.String(), op.path.String(); from != path && strings.HasPrefix(path+"/", from+"/") {
		return errInside
	}
	v, err := find(d.root, op.from)
	if err != nil || op.from.String() == op.path.String() {
		return err
	}
	if d.root, err = remove(d.root, op.from); err != nil {
		return err
	}
	d.root, err = add(d.root, op.path, v)
	return err
}

func (d *document) copy(op operation) error {
	v, err := find(d.root, op.from)
	if err != nil {
		return err
	}
	if d.copied += weight(v); d.copied > maxResult {
		return errCopies
	}
	d.root, err = add(d.root, op.path, clone(v))
	return err
}
