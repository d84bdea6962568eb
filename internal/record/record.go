// Package record keeps Go values as JSON under the keys of a store.
package record

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/weegloo/weegloo/store"
)

// Encode is v as compact JSON. Unlike json.Marshal it does not blow up the
// characters that are special in HTML to six times their size.
func Encode(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Set puts v under key.
func Set(w store.Writer, key string, v any) error {
	value, err := Encode(v)
	if err != nil {
		return err
	}
	return w.Set(key, value)
}

// Get reads what is under key, or returns store.ErrNotFound.
func Get[T any](r store.Reader, key string) (T, error) {
	var v T
	value, err := r.Get(key)
	if err != nil {
		return v, err
	}
	return Decode[T](key, value)
}

// Decode reads a value that was found under key.
func Decode[T any](key string, value []byte) (T, error) {
	var v T
	if err := json.Unmarshal(value, &v); err != nil {
		return v, fmt.Errorf("record: %q: %w", key, err)
	}
	return v, nil
}
