package optimistic

import (
	"context"
	"errors"
	"testing"

	"github.com/weegloo/weegloo/store"
)

// TestACommitDuringBeginIsNotMissed commits between the moment the snapshot was
// taken and the return of Begin.
func TestACommitDuringBeginIsNotMissed(t *testing.T) {
	f := newFixture(t)
	f.backend.onSnapshot = func() error {
		f.backend.onSnapshot = nil
		return f.set("a")
	}
	tx := f.begin(true)
	_, err := tx.Get("a")
	f.True(errors.Is(err, store.ErrNotFound)) // the snapshot is older
	f.NoErr(tx.Set("b", nil))
	f.True(errors.Is(tx.Commit(), store.ErrConflict))
}

func TestEverySnapshotIsReleasedOnce(t *testing.T) {
	for name, use := range map[string]func(f fixture, tx store.Tx){
		"commit":     func(f fixture, tx store.Tx) { f.NoErr(tx.Set("b", nil)); f.NoErr(tx.Commit()) },
		"no writes":  func(f fixture, tx store.Tx) { f.NoErr(tx.Commit()) },
		"rollback":   func(f fixture, tx store.Tx) { tx.Rollback() },
		"after scan": func(f fixture, tx store.Tx) { each(tx, func() {}); tx.Rollback() },
		"in a scan":  func(f fixture, tx store.Tx) { each(tx, tx.Rollback) },
		"in two":     func(f fixture, tx store.Tx) { each(tx, func() { each(tx, tx.Rollback) }) },
		"conflict": func(f fixture, tx store.Tx) {
			_, err := tx.Get("a")
			f.NoErr(err)
			f.NoErr(errors.Join(tx.Set("b", nil), f.set("a")))
			f.True(errors.Is(tx.Commit(), store.ErrConflict))
		},
		"panic in a scan": func(f fixture, tx store.Tx) {
			defer func() { recover(); tx.Rollback() }()
			each(tx, func() { panic("in a scan") })
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.NoErr(f.set("a"))
			tx := f.begin(true)
			f.Equal(f.backend.open(), 1)
			use(f, tx)
			tx.Rollback()
			f.Equal(f.backend.open(), 0)
		})
	}
}

func each(tx store.Tx, fn func()) {
	for range tx.Scan(store.Range{}) {
		fn()
	}
}

func TestErrorsOfTheBackendComeBack(t *testing.T) {
	broken := errors.New("the disk broke")
	f := newFixture(t)
	f.NoErr(f.set("a"))
	f.backend.onRead = broken
	for _, writable := range []bool{false, true} {
		tx := f.begin(writable)
		_, err := tx.Get("a")
		f.True(errors.Is(err, broken)) // Get
		var errs []error
		for _, err := range tx.Scan(store.Range{}) {
			errs = append(errs, err)
		}
		f.Equal(errs, []error{broken}) // Scan
		tx.Rollback()
	}
	f.backend.onSnapshot = func() error { return broken }
	_, err := f.Begin(context.Background(), false)
	f.True(errors.Is(err, broken)) // Begin
}

func TestReadOnlyTransactionsTrackNothing(t *testing.T) {
	f := newFixture(t)
	f.NoErr(f.set("a"))
	begun := f.begin(false)
	defer begun.Rollback()
	_, err := begun.Get("a")
	f.NoErr(err)
	each(begun, func() {})
	f.True(begun.(*tx).reads.empty())
}
