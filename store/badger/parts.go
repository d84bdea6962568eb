package badger

import (
	"errors"

	"github.com/dgraph-io/badger/v4"

	"github.com/weegloo/weegloo/store/optimistic"
)

// A value is kept under recordPrefix and its key. What is longer than partSize
// goes on under partPrefix, the key and the number of the part, from 1; the
// record's user meta says how many there are. They change in one transaction.
const (
	recordPrefix = 'r'
	partPrefix   = 't'
	partSize     = threshold - 1
)

func recordKey(key string) []byte {
	return append(append(make([]byte, 0, 1+len(key)), recordPrefix), key...)
}

func partKey(key string, n byte) []byte {
	return append(append(append(make([]byte, 0, 2+len(key)), partPrefix), key...), n)
}

// write makes one write of an Apply, part by part.
func (b *backend) write(txn *badger.Txn, w optimistic.Write) error {
	had, err := b.partsOf(txn, w.Key)
	if err != nil {
		return err
	}
	var has byte
	if w.Delete {
		err = txn.Delete(recordKey(w.Key))
	} else {
		has, err = b.set(txn, w.Key, w.Value)
	}
	for n := has + 1; n <= had && err == nil; n++ {
		err = txn.Delete(partKey(w.Key, n))
	}
	return err
}

// set returns the number of parts beside the record.
func (b *backend) set(txn *badger.Txn, key string, value []byte) (byte, error) {
	head := value[:min(partSize, len(value))]
	var n byte
	for rest := value[len(head):]; len(rest) > 0; {
		part := rest[:min(partSize, len(rest))]
		rest = rest[len(part):]
		n++
		b.parts = true
		if err := txn.Set(partKey(key, n), part); err != nil {
			return n, err
		}
	}
	return n, txn.SetEntry(badger.NewEntry(recordKey(key), head).WithMeta(n))
}

// partsOf returns how many parts the value under key has at present. As long as
// there has never been one, which is the rule, it does not have to look.
func (b *backend) partsOf(txn *badger.Txn, key string) (byte, error) {
	if !b.parts {
		return 0, nil
	}
	item, err := txn.Get(recordKey(key))
	if errors.Is(err, badger.ErrKeyNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return item.UserMeta(), nil
}

// value returns the value of item, which is the record under key.
func value(txn *badger.Txn, key string, item *badger.Item) ([]byte, error) {
	v, err := item.ValueCopy([]byte{})
	for n := byte(1); n <= item.UserMeta() && err == nil; n++ {
		var part *badger.Item
		if part, err = txn.Get(partKey(key, n)); err == nil {
			err = part.Value(func(p []byte) error {
				v = append(v, p...)
				return nil
			})
		}
	}
	return v, err
}

// hasParts reports whether any value has parts.
func (s *snapshot) hasParts() bool {
	prefix := []byte{partPrefix}
	it := s.txn.NewIterator(badger.IteratorOptions{Prefix: prefix})
	defer it.Close()
	it.Seek(prefix)
	return it.Valid()
}
