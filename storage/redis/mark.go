package redis

import (
	"context"
	"errors"

	goredis "github.com/redis/go-redis/v9"

	"github.com/usher-dev/usher/storage"
)

// Mark reads what the store in a Redis is marked for, "" when there is none.
// It writes nothing and ignores Options.Mode; errors are those of Open.
func Mark(ctx context.Context, o Options) (storage.Mode, error) {
	o.Mode = storage.Serve
	s, err := connect(o)
	if err != nil {
		return "", err
	}
	defer func() { _ = s.client.Close() }()
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	if err := s.reach(ctx); err != nil {
		return "", err
	}
	mark, err := s.client.HGet(ctx, s.keys.schema(), "mode").Result()
	switch {
	case errors.Is(err, goredis.Nil):
		return "", nil
	case goredis.HasErrorPrefix(err, "WRONGTYPE"):
		return "", s.foreign()
	case err != nil:
		return "", s.unreachable(err)
	}
	return storage.Mode(mark), nil
}
