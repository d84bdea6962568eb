// Package strictjson reads JSON without the leniency of encoding/json: a
// duplicate key, invalid UTF-8, too deep a nesting and anything behind the
// value are errors, and keys keep their case.
package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// Parse reads one JSON value as map[string]any, []any, string, json.Number,
// bool or nil. A value nested deeper than maxDepth is an error; a scalar has
// depth 0, a flat object 1.
func Parse(data []byte, maxDepth int) (any, error) {
	if !utf8.Valid(data) {
		return nil, errors.New("the text is not valid UTF-8")
	}
	p := parser{json.NewDecoder(bytes.NewReader(data)), maxDepth}
	p.UseNumber()
	v, err := p.value(0)
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the JSON ends early")
	}
	if err != nil {
		return nil, err
	}
	if _, err := p.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is something behind the JSON value")
	}
	return v, nil
}

type parser struct {
	*json.Decoder
	maxDepth int
}

func (p parser) value(depth int) (any, error) {
	token, err := p.Token()
	if err != nil {
		return nil, err
	}
	delim, ok := token.(json.Delim)
	if !ok {
		return token, nil
	}
	if depth++; depth > p.maxDepth {
		return nil, fmt.Errorf("nested deeper than %d", p.maxDepth)
	}
	if delim == '{' {
		return p.object(depth)
	}
	return p.array(depth)
}

func (p parser) object(depth int) (any, error) {
	object := map[string]any{}
	for p.More() {
		token, err := p.Token()
		if err != nil {
			return nil, err
		}
		key := token.(string) // the decoder lets nothing else be a key
		if _, ok := object[key]; ok {
			return nil, fmt.Errorf("duplicate key %.100q", key)
		}
		if object[key], err = p.value(depth); err != nil {
			return nil, err
		}
	}
	_, err := p.Token()
	return object, err
}

func (p parser) array(depth int) (any, error) {
	array := []any{}
	for p.More() {
		v, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		array = append(array, v)
	}
	_, err := p.Token()
	return array, err
}
