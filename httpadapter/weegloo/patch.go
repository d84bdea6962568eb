package weegloo

import (
	"fmt"
	"strings"

	jsonpatch "github.com/evanphx/json-patch/v5"

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
	tree, err := parse(body)
	if err != nil {
		return media.Content{}, err
	}
	operations, err := readOperations(tree, m.Sys.Version)
	if err != nil {
		return media.Content{}, err
	}
	document := encode(struct {
		Fields   mediaFields   `json:"fields"`
		Metadata mediaMetadata `json:"metadata"`
	}{m.Fields, m.Metadata})
	result, err := run(document, operations)
	if err != nil {
		return media.Content{}, err
	}
	if len(result) > maxResult {
		return media.Content{}, fmt.Errorf("%w: the result has %d bytes, at most %d are allowed", errPatch, len(result), maxResult)
	}
	patched, err := parse(result)
	if err != nil {
		return media.Content{}, fmt.Errorf("%w: the result: %w", errPatch, err)
	}
	return decodeContent(patched)
}

// run applies operations one by one, so that the error names the one that
// failed.
func run(document []byte, operations []any) ([]byte, error) {
	patch, err := jsonpatch.DecodePatch(encode(operations))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errPatch, err)
	}
	options := jsonpatch.NewApplyOptions()
	options.SupportNegativeIndices = false
	options.AccumulatedCopySizeLimit = maxResult
	options.EscapeHTML = false
	result, err := patch.ApplyWithOptions(document, options)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errPatch, err)
	}
	return result, nil
}

// readOperations checks the operations, and does and drops those that test the
// version.
func readOperations(tree any, version int64) ([]any, error) {
	list, ok := tree.([]any)
	if !ok {
		return nil, fmt.Errorf("%w: it is not an array", errPatch)
	}
	if len(list) > maxOperations {
		return nil, fmt.Errorf("%w: it has %d operations, at most %d are allowed", errPatch, len(list), maxOperations)
	}
	rest := make([]any, 0, len(list))
	for i, v := range list {
		op, err := readOperation(v)
		if err != nil {
			return nil, fmt.Errorf("%w: operation %d: %w", errPatch, i, err)
		}
		if op.name == "test" && op.path == "/sys/version" {
			if fmt.Sprint(op.value) != fmt.Sprint(version) {
				return nil, fmt.Errorf("%w: operation %d: the version is %d", errPatch, i, version)
			}
			continue
		}
		if underSys(op.path) || underSys(op.from) {
			return nil, sys.NewInvalid(errPatch, op.path, "operation %d: sys belongs to the server", i)
		}
		rest = append(rest, v)
	}
	return rest, nil
}

func underSys(path string) bool { return path == "/sys" || strings.HasPrefix(path, "/sys/") }

type operation struct {
	name, path, from string
	value            any
}

func readOperation(v any) (operation, error) {
	object, ok := v.(map[string]any)
	if !ok {
		return operation{}, fmt.Errorf("it is not an object")
	}
	var op operation
	var hasPath, hasFrom bool
	op.name, _ = object["op"].(string)
	op.path, hasPath = object["path"].(string)
	op.from, hasFrom = object["from"].(string)
	value, hasValue := object["value"]
	op.value = value
	switch op.name {
	case "add", "replace", "test":
		if !hasValue {
			return operation{}, fmt.Errorf("it has no value")
		}
	case "move", "copy":
		if !hasFrom {
			return operation{}, fmt.Errorf("it has no from")
		}
	case "remove":
	default:
		return operation{}, fmt.Errorf("%.20q is not an operation", op.name)
	}
	if !hasPath || op.path != "" && op.path[0] != '/' || op.from != "" && op.from[0] != '/' {
		return operation{}, fmt.Errorf("it has no path that is a JSON Pointer")
	}
	return op, nil
}
