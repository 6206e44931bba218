package bolt

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	goruntime "runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
)

// Options of Open.
type Options struct {
	// Mode marks a new store, and must be the mark of an existing one.
	Mode storage.Mode
	// LockWait is how long to wait for another process to let go of the file;
	// 300 ms when zero.
	LockWait time.Duration
}

const (
	defaultLockWait = 300 * time.Millisecond
	// checkBelow bounds the files of which every page is checked at Open, so
	// that a start stays quick; of larger ones just the length is.
	checkBelow = 64 << 20
)

// Store is a runtime.Store, Importer, Scratch and Leases in one file.
type Store struct {
	db   *bbolt.DB
	jobs chan job
	stop chan struct{}
	done chan struct{}
	once sync.Once
}

var (
	_ runtime.Store    = (*Store)(nil)
	_ runtime.Importer = (*Store)(nil)
	_ runtime.Scratch  = (*Store)(nil)
	_ runtime.Leases   = (*Store)(nil)
)

// Open opens the store in the file path and makes it when there is none. Why
// it does not is a *storage.OpenError; an existing file is unchanged then.
func Open(path string, o Options) (*Store, error) {
	if o.Mode != storage.Demo && o.Mode != storage.Serve {
		return nil, storage.Refuse(storage.ErrSettings, fmt.Sprintf("A store is opened for demo or serve, not for %q.", o.Mode))
	}
	if o.LockWait == 0 {
		o.LockWait = defaultLockWait
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, storage.Refuse(storage.ErrUnreachable, fmt.Sprintf("The folder of %s cannot be made: %v.", path, err))
	}
	db, err := openFile(path, o)
	if err != nil {
		return nil, err
	}
	s := &Store{db: db, jobs: make(chan job), stop: make(chan struct{}), done: make(chan struct{})}
	go s.write()
	return s, nil
}

func openFile(path string, o Options) (db *bbolt.DB, err error) {
	var file *os.File
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		// bbolt panics, or the memory map faults, on pages that make no sense.
		if p := recover(); p != nil {
			err = damaged(path, senseless)
			letGo(file)
		}
		if err != nil && db != nil {
			_ = db.Close()
			db = nil
		}
	}()
	if empty(path, o.LockWait) {
		return nil, damaged(path, "it is empty")
	}
	db, err = bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout: o.LockWait, FreelistType: bbolt.FreelistMapType,
		OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
			f, err := os.OpenFile(name, flag, mode)
			file = f
			return f, err
		},
	})
	if err != nil {
		return nil, refusal(path, err)
	}
	if err = check(db, path); err != nil {
		return db, err
	}
	fresh, err := examine(db, path, o.Mode)
	if err != nil || !fresh {
		return db, err
	}
	return db, create(db, path, o.Mode)
}

// empty finds a file that something has emptied: bbolt would take it for a new
// one. It waits, for another process may be making it at this moment.
func empty(path string, wait time.Duration) bool {
	for over := time.Now().Add(wait); ; time.Sleep(wait / 30) {
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() || info.Size() > 0 {
			return false
		}
		if time.Now().After(over) {
			return true
		}
	}
}

// Why a file is damaged, for people.
const (
	headless  = "it does not begin as one"
	senseless = "parts of it make no sense"
)

func refusal(path string, err error) error {
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return storage.Refuse(storage.ErrInUse, path+" is in use by another usher process: stop that one first, or name another place.")
	case errors.Is(err, os.ErrPermission):
		return storage.Refuse(storage.ErrUnreachable, path+" may not be read and written by this user.")
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrChecksum), errors.Is(err, bolterrors.ErrVersionMismatch):
		return damaged(path, headless)
	}
	return storage.Refuse(storage.ErrUnreachable, fmt.Sprintf("%s cannot be opened: %v.", path, err))
}

func damaged(path, why string) error {
	return storage.Refuse(storage.ErrDamaged, fmt.Sprintf("%s is damaged or not a store of Usher (%s): restore it from a backup, or name another place; it was left as it is.", path, why))
}

// check looks for pages that are missing or make no sense.
func check(db *bbolt.DB, path string) error {
	return db.View(func(tx *bbolt.Tx) error {
		info, err := os.Stat(path)
		if err != nil {
			return storage.Refuse(storage.ErrUnreachable, fmt.Sprintf("%s cannot be read: %v.", path, err))
		}
		if info.Size() < tx.Size() {
			return damaged(path, "it is shorter than it was")
		}
		if tx.Size() > checkBelow {
			return nil
		}
		return checkPages(tx, path)
	})
}

func checkPages(tx *bbolt.Tx, path string) error {
	if err := walk(tx.Cursor().Bucket()); err != nil {
		return damaged(path, senseless)
	}
	var found error
	for range tx.Check() { // must be read to its end
		found = damaged(path, senseless)
	}
	return found
}

// walk reads every key and value in this goroutine, whose memory faults are
// caught; those in the goroutine of tx.Check would end the process.
func walk(b *bbolt.Bucket) error {
	sum := byte(0)
	err := b.ForEach(func(k, v []byte) error {
		for _, part := range [][]byte{k, v} {
			for _, one := range part {
				sum ^= one
			}
		}
		if v != nil {
			return nil
		}
		inner := b.Bucket(k)
		if inner == nil {
			return bolterrors.ErrBucketNotFound
		}
		return walk(inner)
	})
	goruntime.KeepAlive(sum)
	return err
}

// examine says whether the file holds nothing yet, and refuses what is not
// ours, newer, or made for the other mode.
func examine(db *bbolt.DB, path string, mode storage.Mode) (fresh bool, err error) {
	err = db.View(func(tx *bbolt.Tx) error {
		if first, _ := tx.Cursor().First(); first == nil {
			fresh = true
			return nil
		}
		meta := tx.Bucket(bucketMeta)
		if meta == nil || meta.Get(metaVersion) == nil {
			return storage.Refuse(storage.ErrForeign, path+" is not a store of Usher: name another place; it was left as it is.")
		}
		version, err := strconv.Atoi(string(meta.Get(metaVersion)))
		if err != nil {
			return damaged(path, "its version is unreadable")
		}
		if version > storage.Version {
			return storage.Refuse(storage.ErrNewer, fmt.Sprintf("%s was written by a newer version of Usher (layout %d, this one knows %d): use that version; the file was left as it is.", path, version, storage.Version))
		}
		return storage.CheckMode(path, storage.Mode(meta.Get(metaMode)), mode)
	})
	return fresh, err
}

func create(db *bbolt.DB, path string, mode storage.Mode) error {
	err := db.Update(func(tx *bbolt.Tx) error {
		for _, name := range buckets() {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		meta := tx.Bucket(bucketMeta)
		if err := meta.Put(metaMode, []byte(mode)); err != nil {
			return err
		}
		return meta.Put(metaVersion, []byte(strconv.Itoa(storage.Version)))
	})
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return storage.Refuse(storage.ErrUnreachable, fmt.Sprintf("%s cannot be written: %v.", path, err))
	}
	return nil
}

// syncFolder makes the new file's name durable.
func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	return f.Sync()
}

// Close waits for the commits under way and lets go of the file.
func (s *Store) Close() error {
	var err error
	s.once.Do(func() {
		close(s.stop)
		<-s.done
		err = s.db.Close()
	})
	return err
}
