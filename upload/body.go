package upload

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
)

// headLength is how many of the first bytes are kept for Sniff, and read
// before anything is written: a body that is empty, broken or too large within
// them costs the store nothing.
const headLength = 4 << 10

// body is the bytes of an Upload on their way into the store: it checks and
// hashes what passes.
type body struct {
	head []byte
	rest io.Reader // head included
	max  int64     // bytes
	want int64     // bytes, or 0 if unknown
	hash hash.Hash
	size int64 // bytes that have passed
	err  error // what was wrong with the bytes, sticky
}

// receive reads the head of r.
func receive(r io.Reader, max, want int64) (*body, error) {
	if want > max {
		return nil, fmt.Errorf("%w: %d bytes announced, %d allowed", ErrTooLarge, want, max)
	}
	b := &body{max: max, want: want, hash: sha256.New()}
	n, err := b.readHead(r)
	switch {
	case n == 0 && errors.Is(err, io.EOF):
		return nil, ErrEmpty
	case err != nil && !errors.Is(err, io.EOF):
		return nil, fmt.Errorf("%w: %w", ErrIncomplete, err)
	case int64(n) > max:
		return nil, fmt.Errorf("%w: %d bytes are allowed", ErrTooLarge, max)
	}
	b.rest = io.MultiReader(bytes.NewReader(b.head), r)
	return b, nil
}

// readHead fills head. Unlike io.ReadFull it tells an end from an unexpected
// one, which is what HTTP calls a body that broke off.
func (b *body) readHead(r io.Reader) (n int, err error) {
	head := make([]byte, headLength)
	for n < len(head) && err == nil {
		var more int
		more, err = r.Read(head[n:])
		n += more
	}
	b.head = head[:n]
	return n, err
}

// Read passes bytes on and fails as soon as there are too many, or at the end
// if there are too few.
func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.rest.Read(p)
	b.size += int64(n)
	b.hash.Write(p[:n])
	switch {
	case b.size > b.max:
		b.err = fmt.Errorf("%w: %d bytes are allowed", ErrTooLarge, b.max)
	case err != nil && !errors.Is(err, io.EOF):
		b.err = fmt.Errorf("%w: %w", ErrIncomplete, err)
	case b.want > 0 && (b.size > b.want || err != nil && b.size < b.want):
		b.err = fmt.Errorf("%w: %d of %d announced bytes", ErrIncomplete, b.size, b.want)
	}
	if b.err != nil {
		return 0, b.err
	}
	return n, err
}

func (b *body) digest() string { return hex.EncodeToString(b.hash.Sum(nil)) }
