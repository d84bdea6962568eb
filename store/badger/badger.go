// Package badger keeps records in a directory, in an embedded Badger database.
//
// Durability: when a commit returns, its writes are in Badger's log and the log
// is synced; they survive a power cut as far as the disk keeps what it has said
// it has. Badger syncs the files it creates and leaves their directory entries
// to the file system, which ext4, XFS, Btrfs and APFS write with the file.
//
// A full disk is the exception: Badger writes to mapped memory, so the process
// ends with SIGBUS. What was committed before is there afterwards. Hosts stop
// accepting before the disk is full.
//
// The database belongs to this package: its keys carry a prefix, and its
// timestamps are our own (Badger's managed mode), so that readers never wait
// for a commit that is under way.
package badger

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/dgraph-io/badger/v4"

	"github.com/weegloo/weegloo/store/optimistic"
)

// Config says where the records are.
type Config struct {
	Dir       string       // is created if it does not exist; required
	CacheSize int64        // bytes of table blocks kept in memory; default: 16 MiB
	Logger    *slog.Logger // for what Badger says about itself; default: it says nothing
}

// Store is a [store.Store] in a directory.
type Store struct {
	*optimistic.Store
	db *badger.DB
}

// Open returns the Store in c.Dir. One process at a time may have it open, and
// within it one Store. Badger runs goroutines until Close.
func Open(c Config) (*Store, error) {
	if c.Dir == "" {
		return nil, errors.New("badger: Config.Dir is empty")
	}
	return open(options(c))
}

func open(o badger.Options) (*Store, error) {
	db, err := badger.OpenManaged(o)
	if err != nil {
		return nil, fmt.Errorf("badger: open %s: %w", o.Dir, err)
	}
	b, err := newBackend(db)
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("badger: open %s: %w", o.Dir, err)
	}
	return &Store{optimistic.New(b), db}, nil
}

// Close ends the use of the directory. Transactions must have ended; those that
// have not fail.
func (s *Store) Close() error {
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("badger: close: %w", err)
	}
	return nil
}

const (
	// memTable bounds what one commit may write: Badger takes 15 % of it in one
	// piece, which is just more than store.MaxBytes.
	memTable  = 64 << 20
	memTables = 2 // that wait to be written out, beside the one in use

	// threshold is Badger's largest. Values of this size and more would go to
	// its value log, which has to be collected and reports no failed sync; see
	// partSize.
	threshold = 1 << 20

	defaultCache = 16 << 20
)

func options(c Config) badger.Options {
	cache := c.CacheSize
	if cache <= 0 {
		cache = defaultCache
	}
	o := badger.DefaultOptions(c.Dir).
		WithSyncWrites(true).
		WithDetectConflicts(false). // package optimistic does, ranges included
		WithNumVersionsToKeep(1).
		WithValueThreshold(threshold).
		WithValueLogFileSize(16 << 20). // it stays empty, and is synced with each commit
		WithMemTableSize(memTable).
		WithNumMemtables(memTables).
		WithNumCompactors(2).
		WithBlockCacheSize(cache).
		WithMetricsEnabled(false). // they are global variables
		WithLogger(nil)
	if c.Logger != nil {
		o = o.WithLogger(logger{c.Logger})
	}
	return o
}

// logger hands Badger's messages on. What it calls information is about its
// inner life, of interest to nobody but a debugger.
type logger struct{ to *slog.Logger }

func (l logger) Errorf(format string, args ...any)   { l.to.Error(message(format, args)) }
func (l logger) Warningf(format string, args ...any) { l.to.Warn(message(format, args)) }
func (l logger) Infof(format string, args ...any)    { l.to.Debug(message(format, args)) }
func (l logger) Debugf(string, ...any)               {}

func message(format string, args []any) string {
	return "badger: " + strings.TrimSpace(fmt.Sprintf(format, args...))
}
