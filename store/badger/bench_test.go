package badger_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	raw "github.com/dgraph-io/badger/v4"

	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/badger"
)

// BenchmarkUpdate compares durable updates of ours with those of Badger as it
// comes, in alternating rounds of one run, so that what else the machine does
// meets both. An update reads a record of 1 KiB, writes it and two index keys.
// Divide only figures of one run. The directories stay until the end: creating
// files is slow for minutes after many were removed.
func BenchmarkUpdate(b *testing.B) {
	for _, clients := range []int{1, 64} {
		b.Run(fmt.Sprint(clients), func(b *testing.B) {
			ours, theirs := openOurs(b), openRaw(b)
			const rounds = 7
			var ourRates, rawRates, ratios []float64
			for b.Loop() {
				for round := range rounds {
					var o, r float64
					if round%2 == 0 {
						o, r = rate(b, clients, ours), rate(b, clients, theirs)
					} else {
						r, o = rate(b, clients, theirs), rate(b, clients, ours)
					}
					ourRates, rawRates, ratios = append(ourRates, o), append(rawRates, r), append(ratios, o/r)
				}
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(median(ourRates), "ours/s")
			b.ReportMetric(median(rawRates), "raw/s")
			b.ReportMetric(median(ratios), "ours/raw")
		})
	}
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// rate runs update in n goroutines for a while and returns updates a second.
func rate(b *testing.B, n int, update func(record uint64) error) float64 {
	b.Helper()
	const length = 500 * time.Millisecond
	var done atomic.Int64
	errs := make([]error, n)
	start := time.Now()
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			for record := uint64(i); time.Since(start) < length && errs[i] == nil; record += uint64(n) {
				errs[i] = update(record % records)
				done.Add(1)
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		b.Fatal(err)
	}
	return float64(done.Load()) / time.Since(start).Seconds()
}

const records = 10_000

// keys of a record and its two indexes.
func keys(record uint64) (string, string, string) {
	id := string(binary.BigEndian.AppendUint64(nil, record*0x9e3779b97f4a7c15))
	return "media/" + id, "updated/" + id, "tag/" + id
}

func openOurs(b *testing.B) func(record uint64) error {
	s, err := badger.Open(badger.Config{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return func(record uint64) error {
		key, updated, tag := keys(record)
		return store.Update(b.Context(), s, func(w store.Writer) error {
			value, err := w.Get(key)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			return errors.Join(w.Set(key, change(value)), w.Set(updated, value[:0]), w.Set(tag, value[:0]))
		})
	}
}

func openRaw(b *testing.B) func(record uint64) error {
	db, err := raw.Open(raw.DefaultOptions(b.TempDir()).WithSyncWrites(true).WithLogger(nil))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	return func(record uint64) error {
		key, updated, tag := keys(record)
		for {
			err := db.Update(func(txn *raw.Txn) error {
				var value []byte
				item, err := txn.Get([]byte(key))
				if err == nil {
					value, err = item.ValueCopy(nil)
				}
				if err != nil && !errors.Is(err, raw.ErrKeyNotFound) {
					return err
				}
				return errors.Join(txn.Set([]byte(key), change(value)),
					txn.Set([]byte(updated), value[:0]), txn.Set([]byte(tag), value[:0]))
			})
			if !errors.Is(err, raw.ErrConflict) {
				return err
			}
		}
	}
}

// change returns a record that differs from value.
func change(value []byte) []byte {
	if len(value) == 0 {
		value = make([]byte, 1<<10)
		for i := range value {
			value[i] = byte(i * i)
		}
	}
	binary.BigEndian.PutUint64(value, binary.BigEndian.Uint64(value)+1)
	return value
}
