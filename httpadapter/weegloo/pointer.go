package weegloo

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/weegloo/weegloo/sys"
)

// pointer is a JSON Pointer (RFC 6901) as the keys that lead to a value; none
// is the whole document.
type pointer []string

func (p pointer) String() string { return sys.Pointer(p...) }

func (p pointer) underSys() bool { return len(p) > 0 && p[0] == "sys" }

var pointerUnescape = strings.NewReplacer("~1", "/", "~0", "~")

func parsePointer(text string) (pointer, error) {
	if text == "" {
		return nil, nil
	}
	keys := strings.Split(text, "/")
	if keys[0] != "" {
		return nil, errors.New("a path that does not begin with a slash is no JSON Pointer")
	}
	for i, key := range keys {
		keys[i] = pointerUnescape.Replace(key)
		if strings.Count(key, "~") != strings.Count(key, "~0")+strings.Count(key, "~1") {
			return nil, errors.New("a path with a ~ that escapes nothing is no JSON Pointer")
		}
	}
	return keys[1:], nil
}

var errNothing = errors.New("there is nothing at this path")

// index is a position in an array of n items; behind is that after the last.
func index(key string, n int) (int, error) {
	i, err := strconv.Atoi(key)
	if err != nil || i < 0 || i >= n || strconv.Itoa(i) != key {
		return 0, errNothing
	}
	return i, nil
}

// find is the value at a path.
func find(v any, path pointer) (any, error) {
	for _, key := range path {
		switch parent := v.(type) {
		case map[string]any:
			child, ok := parent[key]
			if !ok {
				return nil, errNothing
			}
			v = child
		case []any:
			i, err := index(key, len(parent))
			if err != nil {
				return nil, err
			}
			v = parent[i]
		default:
			return nil, errNothing
		}
	}
	return v, nil
}

// at changes the object or array that holds the last key of path, which must
// have one, and returns what v has become: an array may move when it grows.
func at(v any, path pointer, object func(map[string]any, string) error, array func([]any, string) ([]any, error)) (any, error) {
	key, rest := path[0], path[1:]
	if len(rest) > 0 {
		child, err := find(v, path[:1])
		if err != nil {
			return v, err
		}
		if child, err = at(child, rest, object, array); err != nil {
			return v, err
		}
		return v, put(v, key, child)
	}
	switch parent := v.(type) {
	case map[string]any:
		return v, object(parent, key)
	case []any:
		return array(parent, key)
	}
	return v, errNothing
}

// put replaces a value that is there.
func put(v any, key string, child any) error {
	switch parent := v.(type) {
	case map[string]any:
		if _, ok := parent[key]; !ok {
			return errNothing
		}
		parent[key] = child
	case []any:
		i, err := index(key, len(parent))
		if err != nil {
			return err
		}
		parent[i] = child
	}
	return nil
}

func add(root any, path pointer, value any) (any, error) {
	if len(path) == 0 {
		return value, nil
	}
	return at(root, path, func(parent map[string]any, key string) error {
		parent[key] = value
		return nil
	}, func(parent []any, key string) ([]any, error) {
		if key == "-" {
			return append(parent, value), nil
		}
		i, err := index(key, len(parent)+1)
		if err != nil {
			return nil, err
		}
		return slices.Insert(parent, i, value), nil
	})
}

func replace(root any, path pointer, value any) (any, error) {
	if len(path) == 0 {
		return value, nil
	}
	return at(root, path, func(parent map[string]any, key string) error {
		return put(parent, key, value)
	}, func(parent []any, key string) ([]any, error) {
		return parent, put(parent, key, value)
	})
}

func remove(root any, path pointer) (any, error) {
	if len(path) == 0 {
		return root, errors.New("the whole cannot be removed")
	}
	return at(root, path, func(parent map[string]any, key string) error {
		if _, ok := parent[key]; !ok {
			return errNothing
		}
		delete(parent, key)
		return nil
	}, func(parent []any, key string) ([]any, error) {
		i, err := index(key, len(parent))
		if err != nil {
			return nil, err
		}
		return slices.Delete(parent, i, i+1), nil
	})
}

// equal is the equality of RFC 6902: of values, not of how they are written.
func equal(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, b, equal)
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, equal)
	case json.Number:
		b, ok := b.(json.Number)
		return ok && equalNumbers(a, b)
	}
	return a == b
}

func equalNumbers(a, b json.Number) bool {
	if a, err := a.Int64(); err == nil {
		if b, err := b.Int64(); err == nil {
			return a == b
		}
	}
	x, errX := a.Float64()
	y, errY := b.Float64()
	return a == b || errX == nil && errY == nil && x == y
}

func number(n int64) json.Number { return json.Number(strconv.FormatInt(n, 10)) }

func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		object := make(map[string]any, len(v))
		for key, child := range v {
			object[key] = clone(child)
		}
		return object
	case []any:
		array := make([]any, len(v))
		for i, child := range v {
			array[i] = clone(child)
		}
		return array
	}
	return v
}

// weight is about how many bytes a value has as JSON.
func weight(v any) int {
	n := 2
	switch v := v.(type) {
	case map[string]any:
		for key, child := range v {
			n += len(key) + 4 + weight(child)
		}
	case []any:
		for _, child := range v {
			n += 1 + weight(child)
		}
	case string:
		n += len(v)
	default:
		n += len(fmt.Sprint(v))
	}
	return n
}
