package weegloo

import (
	"bytes"
	"encoding/json"
)

// pick is the selected part of an item, as it is shown.
func (s selection) pick(item any) any {
	if len(s.paths) == 0 {
		return item
	}
	decoder := json.NewDecoder(bytes.NewReader(encode(item)))
	decoder.UseNumber()
	var tree map[string]any
	if err := decoder.Decode(&tree); err != nil {
		panic(err) // it is what we have just encoded
	}
	if s.exclude {
		for _, path := range s.paths {
			drop(tree, path)
		}
		return tree
	}
	picked := map[string]any{}
	for _, path := range s.paths {
		keep(picked, tree, path)
	}
	return picked
}

// drop removes what is at path, if there is something.
func drop(tree map[string]any, path []string) {
	if len(path) == 1 {
		delete(tree, path[0])
		return
	}
	if below, ok := tree[path[0]].(map[string]any); ok {
		drop(below, path[1:])
	}
}

// keep copies what is at path, if there is something.
func keep(into, from map[string]any, path []string) {
	value, ok := from[path[0]]
	if !ok {
		return
	}
	if len(path) == 1 {
		into[path[0]] = value
		return
	}
	below, ok := value.(map[string]any)
	if !ok {
		return
	}
	next, ok := into[path[0]].(map[string]any)
	if !ok {
		next = map[string]any{}
	}
	if keep(next, below, path[1:]); len(next) > 0 {
		into[path[0]] = next
	}
}
