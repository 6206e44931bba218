package app

import (
	"context"

	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/redis"
)

func openRedis(ctx context.Context, o StoreOptions, mode storage.Mode) (store, error) {
	s, err := redis.Open(ctx, redis.Options{URL: o.Redis, Mode: mode, AllowUnsafe: o.AllowUnsafeRedis})
	if err != nil {
		return nil, opened(err)
	}
	return s, nil
}

// wipeRedis throws away what a demo left in a Redis, after it was opened as
// one.
func wipeRedis(ctx context.Context, o StoreOptions) error {
	s, err := redis.Open(ctx, redis.Options{URL: o.Redis, Mode: storage.Demo, AllowUnsafe: o.AllowUnsafeRedis})
	if err != nil {
		return opened(err)
	}
	if err := s.Wipe(ctx); err != nil {
		return trouble(err, "The data in %s cannot be thrown away: %v.", o.where(), err)
	}
	return s.Close()
}
