package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/redis"
)

// unmade finds out whether a store that is not there yet could be made, and
// leaves nothing behind.
func unmade(ctx context.Context, o StoreOptions, mode storage.Mode) (string, error) {
	if err := couldMake(ctx, o, mode); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s holds no data yet; the first start makes it", o.where()), nil
}

func couldMake(ctx context.Context, o StoreOptions, mode storage.Mode) error {
	if o.Redis != "" {
		if err := redis.Look(ctx, redis.Options{URL: o.Redis, AllowUnsafe: o.AllowUnsafeRedis}); err != nil {
			return opened(orAllow(err, mode))
		}
		return nil
	}
	return writable(o.Data)
}

// writable tries a file in a folder or, where there is none, in the nearest
// one that it would be made in.
func writable(dir string) error {
	at, err := filepath.Abs(dir)
	if err != nil {
		return trouble(err, "The folder %s cannot be used: %s.", dir, plain(err))
	}
	for filepath.Dir(at) != at {
		if _, err := os.Lstat(at); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		at = filepath.Dir(at)
	}
	file, err := os.CreateTemp(at, ".usher-doctor-")
	if err != nil {
		return trouble(err, "The folder %s cannot be made or written to: %s.", dir, plain(err))
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}
