package memory_test

import (
	"testing"

	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/memory"
	"github.com/weegloo/weegloo/store/storetest"
)

var (
	_ store.Store      = (*memory.Store)(nil)
	_ store.Blobs      = (*memory.Blobs)(nil)
	_ store.FileOpener = (*memory.Blobs)(nil)
)

func TestStoreKeepsTheContract(t *testing.T) {
	storetest.Run(t, func(*testing.T) store.Store { return memory.New() })
}
