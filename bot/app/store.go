package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/bolt"
)

// store is what both stores can do.
type store interface {
	runtime.Store
	runtime.Scratch
	runtime.Leases
}

// Names of the files in a data folder.
const (
	usherFile      = "usher.db"
	playgroundFile = "playground.db"
)

// openStore opens the store that the options name.
func openStore(ctx context.Context, o StoreOptions, mode storage.Mode) (store, error) {
	if o.Redis != "" {
		s, err := openRedis(ctx, o, mode)
		if err != nil {
			return nil, err
		}
		return s, nil
	}
	return openFile(o.Data, usherFile, mode)
}

func openFile(dir, name string, mode storage.Mode) (store, error) {
	s, err := bolt.Open(filepath.Join(dir, name), bolt.Options{Mode: mode})
	if err != nil {
		return nil, opened(err)
	}
	return s, nil
}

// opened makes a Trouble of why a store is not opened.
func opened(err error) error {
	var refused *storage.OpenError
	if errors.As(err, &refused) {
		return trouble(err, "%s", refused.Sentence)
	}
	return trouble(err, "The store cannot be opened: %v.", err)
}

// wipeFiles throws away the files of a demo, after it has opened each of them
// as one: what is in use, damaged or no demo stays as it is.
func wipeFiles(dir string, names ...string) error {
	var there []string
	for _, name := range names {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
			continue
		}
		s, err := openFile(dir, name, storage.Demo)
		if err != nil {
			return err
		}
		if err := s.Close(); err != nil {
			return trouble(err, "%s cannot be closed: %v.", path, err)
		}
		there = append(there, path)
	}
	for _, path := range there {
		if err := os.Remove(path); err != nil {
			return trouble(err, "%s cannot be thrown away: %s.", path, plain(err))
		}
	}
	return nil
}
