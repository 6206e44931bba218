package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/usher-dev/usher/config"
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

// storeOrDemos is the store that a configuration names; the demo's own folder
// when it names none and a demo is meant. That there are not two is found when
// the configuration is read.
func storeOrDemos(c config.Config, demo bool) (StoreOptions, error) {
	o := storeOptions(c)
	if o.Redis != "" || o.Data != "" {
		return o, nil
	}
	if !demo {
		return o, trouble(nil, "No place for data is named: set REDIS_URL or USHER_DATA, or use --redis or --data, or --demo for the folder of your demo.")
	}
	dir, err := demoData()
	o.Data = dir
	return o, err
}

// modeOf says what to open a store for: what it is marked for, and for a new
// one what the command line says. It makes no store. With demo a store of real
// access is refused when it is opened.
func modeOf(ctx context.Context, o StoreOptions, demo bool) (storage.Mode, error) {
	if demo {
		return storage.Demo, nil
	}
	mark, err := markOf(ctx, o)
	if mark == "" {
		mark = storage.Serve
	}
	return mark, err
}

// markOf reads what a store is marked for, "" if there is none yet.
func markOf(ctx context.Context, o StoreOptions) (storage.Mode, error) {
	if o.Redis != "" {
		return markOfRedis(ctx, o)
	}
	if _, err := os.Stat(filepath.Join(o.Data, usherFile)); errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	s, err := openFile(o.Data, usherFile, storage.Serve)
	if errors.Is(err, storage.ErrMode) {
		return storage.Demo, nil
	}
	if err != nil {
		return "", err
	}
	return storage.Serve, s.Close()
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

// openDemoFile opens a file of a demo; of a damaged one it says how to go on
// without it.
func openDemoFile(dir, name string) (store, error) {
	s, err := openFile(dir, name, storage.Demo)
	if errors.Is(err, storage.ErrDamaged) {
		return nil, trouble(err, "%s Or start the demo with --fresh: that puts it aside and begins anew.", err)
	}
	return s, err
}

// wholeDemo finds out whether a demo has lost its main file: a new one would
// not fit what people on the page still see.
func wholeDemo(dir string) error {
	main, page := filepath.Join(dir, usherFile), filepath.Join(dir, playgroundFile)
	if _, err := os.Stat(main); !errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if _, err := os.Stat(page); err != nil {
		return nil
	}
	return trouble(nil, "%s is missing, but %s of the same demo is there: put it back from a backup, or begin anew with --fresh.", main, page)
}

// wipeFiles throws away the files of a demo, after it has opened each of them
// as one. What is damaged may have been anything: it is put aside, and said.
// What is in use or no demo stays as it is, and so do all.
func wipeFiles(out io.Writer, dir string, names ...string) error {
	var away []func() error
	for _, name := range names {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
			continue
		}
		s, err := openFile(dir, name, storage.Demo)
		if errors.Is(err, storage.ErrDamaged) {
			away = append(away, func() error { return putAside(out, path) })
			continue
		}
		if err != nil {
			return err
		}
		if err := s.Close(); err != nil {
			return trouble(err, "%s cannot be closed: %v.", path, err)
		}
		away = append(away, func() error { return os.Remove(path) })
	}
	for _, throw := range away {
		if err := throw(); err != nil {
			return trouble(err, "The earlier demo in %s cannot be thrown away: %s.", dir, plain(err))
		}
	}
	return nil
}

// putAside renames a file to a name that no other has.
func putAside(out io.Writer, path string) error {
	aside := path + ".damaged"
	for n := 2; ; n++ {
		if _, err := os.Stat(aside); errors.Is(err, os.ErrNotExist) {
			break
		}
		aside = fmt.Sprintf("%s.damaged-%d", path, n)
	}
	if err := os.Rename(path, aside); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s was damaged and is now %s.\n", path, aside)
	return nil
}
