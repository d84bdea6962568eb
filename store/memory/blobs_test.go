package memory_test

import (
	"testing"

	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/memory"
	"github.com/weegloo/weegloo/store/storetest"
)

func TestBlobsKeepTheContract(t *testing.T) {
	storetest.RunBlobs(t, func(*testing.T) store.Blobs { return memory.NewBlobs() })
}
