// Quickstart shows the life of one file from its arrival to the archive, over
// the stores that a real host would use:
//
//	go run ./examples/quickstart [FILE]
//
// It exits with 1 if anything is not as it should be.
package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/httpadapter"
	dialect "github.com/weegloo/weegloo/httpadapter/weegloo"
	"github.com/weegloo/weegloo/store/badger"
	"github.com/weegloo/weegloo/store/disk"
	"github.com/weegloo/weegloo/sys"
)

//go:embed lake.jpg
var lake []byte

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "\nquickstart: something is off:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) (err error) {
	name, bytes := "lake.jpg", lake
	if len(args) > 0 {
		name = filepath.Base(args[0])
		if bytes, err = os.ReadFile(args[0]); err != nil {
			return err
		}
	}
	dir, err := os.MkdirTemp("", "weegloo-quickstart-")
	if err != nil {
		return err
	}
	fmt.Printf("Everything is kept in %s\n", dir)

	records, err := badger.Open(badger.Config{Dir: filepath.Join(dir, "records")})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, records.Close()) }()
	blobs, err := disk.Open(filepath.Join(dir, "blobs"))
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer listener.Close()

	engine, err := weegloo.New(weegloo.Config{
		Store: records,
		Blobs: blobs,
		Spaces: sys.Everywhere(
			sys.Locale{Code: "en-US"},
			sys.Locale{Code: "de-DE", Fallback: "en-US"},
			sys.Locale{Code: "de-AT", Fallback: "de-DE"},
		),
		FilesBaseURL: "http://" + listener.Addr().String(),
	})
	if err != nil {
		return err
	}
	if err := serveFiles(listener, engine); err != nil {
		return err
	}
	t := tour{ctx: ctx, engine: engine, name: name, bytes: bytes}
	return t.walk()
}

// serveFiles answers for the addresses of published files, and for nothing
// else, so nobody is ever asked who they are.
func serveFiles(listener net.Listener, engine *weegloo.Engine) error {
	nobody := func(*http.Request) (sys.Actor, error) { return sys.Actor{}, errors.New("no users here") }
	api, err := dialect.New(engine, httpadapter.Config{Authenticate: nobody})
	if err != nil {
		return err
	}
	server := &http.Server{Handler: api.Files()}
	go server.Serve(listener) // ends when run closes the listener
	return nil
}
