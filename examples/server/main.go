// Server is a whole weegloo service: the three planes and the files behind one
// address.
//
//	server -addr 127.0.0.1:8080 -data DIR|memory -token SECRET=USER[@SPACE[+SPACE…]]
//	       -locales en-US,de-DE:en-US,ko-KR -public URL -max-upload BYTES -upload-ttl 24h
//
// It mounts /upload/v1/…, /cma/v1/…, /cda/v1/… and /medias/…, prints the address
// it listens on and ends on SIGTERM or Ctrl-C.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/httpadapter"
	dialect "github.com/weegloo/weegloo/httpadapter/weegloo"
	"github.com/weegloo/weegloo/sys"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "server:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	opts, err := parseOptions(args)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", opts.addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	base := "http://" + listener.Addr().String()
	if opts.public == "" {
		opts.public = base
	}
	data, err := openData(opts.data)
	if err != nil {
		return err
	}
	handler, engine, err := build(opts, data)
	if err != nil {
		return errors.Join(err, data.Close())
	}
	fmt.Println("listening on", base)
	return errors.Join(serve(ctx, listener, handler, engine), data.Close())
}

// build wires the engine and mounts its handlers.
func build(opts options, data *data) (http.Handler, *weegloo.Engine, error) {
	engine, err := weegloo.New(weegloo.Config{
		Store: data.store, Blobs: data.blobs, Spaces: sys.Everywhere(opts.locales...),
		UploadTTL: opts.uploadTTL, MaxUploadSize: opts.maxUpload, FilesBaseURL: opts.public,
	})
	if err != nil {
		return nil, nil, err
	}
	api, err := dialect.New(engine, httpadapter.Config{
		Authenticate: opts.tokens.authenticate,
		Authorize:    opts.tokens.authorize,
	})
	if err != nil {
		return nil, nil, err
	}
	return mount(api), engine, nil
}

// mount is a bare switch on the first segment rather than a http.ServeMux, which
// would answer odd paths with redirects instead of the contract's errors. The
// files handler knows its own paths and answers all others with 404.
func mount(api *dialect.API) http.Handler {
	files := api.Files()
	planes := map[string]http.Handler{
		"/upload": api.Uploads(), "/cma": api.Management(), "/cda": api.Delivery(),
	}
	for prefix, plane := range planes {
		planes[prefix] = http.StripPrefix(prefix, plane)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler := files
		path := r.URL.EscapedPath()
		if end := strings.IndexByte(path[min(1, len(path)):], '/'); end > 0 && planes[path[:end+1]] != nil {
			handler = planes[path[:end+1]]
		}
		handler.ServeHTTP(w, r)
	})
}

// serve works until ctx ends, then lets requests and background work finish.
func serve(ctx context.Context, listener net.Listener, handler http.Handler, engine *weegloo.Engine) error {
	background, stopBackground := context.WithCancel(context.WithoutCancel(ctx))
	var workers sync.WaitGroup
	workers.Go(func() { engine.Run(background) })
	defer workers.Wait()
	defer stopBackground()

	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,

		DisableGeneralOptionsHandler: true, // OPTIONS * is a path like any other that is not there
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		// Somebody is still talking to us; an upload that is cut leaves nothing.
		_ = server.Close()
	}
	<-failed // http.ErrServerClosed
	return nil
}
