package index

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/weegloo/weegloo/list"
)

// A cursor is base64url of: direction, check, place as JSON. The check binds it
// to the list, its conditions and its order. It is no secret: all that a forged
// cursor could reach is another page of a list that the caller may read anyway.
// A cursor without a place is at the very end of the list, in its direction.
const (
	forward  = 'n'
	backward = 'p'

	checkLength = 8
)

// encode is the cursor at p for a query that binding describes.
func encode(direction byte, binding string, p *place) (string, error) {
	body, err := json.Marshal(p)
	if err != nil {
		return "", fmt.Errorf("index: cursor: %w", err)
	}
	sum := check(direction, binding, body)
	return base64.RawURLEncoding.EncodeToString(slices.Concat([]byte{direction}, sum, body)), nil
}

// decode is the inverse of encode; keys is how many keys the order has.
func decode(cursor string, direction byte, binding string, keys int) (*place, error) {
	wrong := fmt.Errorf("%w: the cursor is not one of this list", list.ErrQuery)
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(raw) < 1+checkLength || raw[0] != direction {
		return nil, wrong
	}
	body := raw[1+checkLength:]
	if !slices.Equal(raw[1:1+checkLength], check(direction, binding, body)) {
		return nil, wrong
	}
	var p *place
	if err := json.Unmarshal(body, &p); err != nil || p != nil && len(p.Keys) != keys {
		return nil, wrong
	}
	return p, nil
}

func check(direction byte, binding string, body []byte) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "weegloo cursor\x00%c\x00%s\x00%s", direction, binding, body))
	return sum[:checkLength]
}
