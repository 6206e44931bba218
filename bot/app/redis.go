package app

import (
	"context"
	"errors"
	"strings"

	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/redis"
)

func openRedis(ctx context.Context, o StoreOptions, mode storage.Mode) (*redis.Store, error) {
	s, err := redis.Open(ctx, redis.Options{URL: o.Redis, Mode: mode, AllowUnsafe: o.AllowUnsafeRedis})
	if err != nil {
		return nil, opened(orAllow(err, mode))
	}
	return s, nil
}

// markOfRedis reads what the store in a Redis is marked for.
func markOfRedis(ctx context.Context, o StoreOptions) (storage.Mode, error) {
	mark, err := redis.Mark(ctx, redis.Options{URL: o.Redis})
	if err != nil {
		return "", opened(err)
	}
	return mark, nil
}

// orAllow ends the sentence about a Redis that may lose data: the store says
// that this can be allowed, and the command line knows by what.
func orAllow(err error, mode storage.Mode) error {
	var refused *storage.OpenError
	if !errors.As(err, &refused) || !errors.Is(err, storage.ErrUnsafe) {
		return err
	}
	by := " with --allow-unsafe-redis"
	if mode == storage.Serve {
		by += " or USHER_ALLOW_UNSAFE=true"
	}
	return storage.Refuse(refused.Reason, strings.TrimSuffix(refused.Sentence, ".")+by+".")
}

// wipeRedis throws away what a demo left in a Redis, after it was opened as
// one.
func wipeRedis(ctx context.Context, o StoreOptions) error {
	s, err := openRedis(ctx, o, storage.Demo)
	if err != nil {
		return err
	}
	if err := s.Wipe(ctx); err != nil {
		return trouble(err, "The data in %s cannot be thrown away: %v.", o.where(), err)
	}
	return s.Close()
}
