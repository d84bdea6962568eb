package faults_test

import (
	"context"
	"errors"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo"
	"github.com/weegloo/weegloo/internal/enginetest"
	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/store/badger"
	"github.com/weegloo/weegloo/store/disk"
	"github.com/weegloo/weegloo/sys"
	"github.com/weegloo/weegloo/upload"
)

// descriptors is how many the process has open, or -1 where it cannot be told.
func descriptors() int {
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return -1
	}
	return len(open)
}

// session is everything that takes goroutines and descriptors, from opening the
// stores to closing them: work in the background, uploads that break off, files
// that are read, and waiting that is given up.
func session(t *testing.T) {
	t.Helper()
	is := is.New(t)
	records, err := badger.Open(badger.Config{Dir: t.TempDir()})
	is.NoErr(err)
	files, err := disk.Open(t.TempDir())
	is.NoErr(err)
	e, err := weegloo.New(weegloo.Config{Store: records, Blobs: files})
	is.NoErr(err)
	run, stop := context.WithCancel(ctx)
	stopped := make(chan struct{})
	go func() {
		e.Run(run)
		close(stopped)
	}()
	l := &life{engine: e, acked: func() {}}
	for range 8 {
		m := l.create(enginetest.TextFile(l.upload("plain bytes")), media.WriteOptions{})
		is.NoErr(l.err)
		m, err := e.Media.Wait(ctx, enginetest.Space, m.ID)
		is.NoErr(err)
		is.Equal(delivered(e, m.ID, "en-US"), "plain bytes")

		broken := iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader(strings.Repeat("x", 9000))))
		_, err = e.Uploads.Create(ctx, enginetest.Alice, owner, broken, upload.Options{})
		is.True(err != nil)
	}
	hurried, cancel := context.WithTimeout(ctx, time.Nanosecond)
	defer cancel()
	<-hurried.Done()
	_, err = e.Media.Wait(hurried, enginetest.Space, "unknown")
	is.True(errors.Is(err, sys.ErrNotFound) || errors.Is(err, context.DeadlineExceeded))
	stop()
	<-stopped
	is.NoErr(records.Close())
}

// TestASessionLeavesNothingRunning: goroutines and descriptors return to where
// they were.
func TestASessionLeavesNothingRunning(t *testing.T) {
	session(t) // whatever happens only once has happened
	goroutines, open := runtime.NumGoroutine(), descriptors()
	for range 3 {
		session(t)
	}
	for range 10_000 { // those that have ended may not have been taken away
		if runtime.NumGoroutine() <= goroutines {
			break
		}
		runtime.Gosched()
	}
	if now := runtime.NumGoroutine(); now > goroutines {
		stacks := make([]byte, 1<<16)
		t.Errorf("%d goroutines were running, and are %d:\n%s", goroutines, now, stacks[:runtime.Stack(stacks, true)])
	}
	if now := descriptors(); now > open {
		t.Errorf("%d descriptors were open, and are %d", open, now)
	}
}
