package storetest

import (
	"context"

	"github.com/weegloo/weegloo/store"
)

// Faulty is a Store whose commits can be made to go wrong.
type Faulty struct {
	store.Store

	// Commit is called in place of each commit, and may call the real one before
	// it returns an error of its own, or not at all.
	Commit func(commit func() error) error
}

// Begin implements [store.Store].
func (f *Faulty) Begin(ctx context.Context, writable bool) (store.Tx, error) {
	tx, err := f.Store.Begin(ctx, writable)
	if err != nil {
		return nil, err
	}
	return faultyTx{tx, f}, nil
}

type faultyTx struct {
	store.Tx
	store *Faulty
}

func (t faultyTx) Commit() error { return t.store.Commit(t.Tx.Commit) }
