package main

import (
	"path/filepath"

	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/badger"
	"github.com/weegloo/weegloo/store/disk"
	"github.com/weegloo/weegloo/store/memory"
)

// data is where a server keeps what it has.
type data struct {
	store store.Store
	blobs store.Blobs
	close func() error
}

func (d *data) Close() error { return d.close() }

// openData opens a folder, or memory that ends with the process.
func openData(dir string) (*data, error) {
	if dir == "memory" {
		return &data{store: memory.New(), blobs: memory.NewBlobs(), close: func() error { return nil }}, nil
	}
	blobs, err := disk.Open(filepath.Join(dir, "blobs"))
	if err != nil {
		return nil, err
	}
	records, err := badger.Open(badger.Config{Dir: filepath.Join(dir, "records")})
	if err != nil {
		return nil, err
	}
	return &data{store: records, blobs: blobs, close: records.Close}, nil
}
