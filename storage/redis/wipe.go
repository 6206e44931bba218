package redis

import (
	"context"

	goredis "github.com/redis/go-redis/v9"
)

// wipeBatch is how many keys a step of the scan looks at.
const wipeBatch = 500

// Wipe deletes every key of the store and nothing else. It is not atomic and
// has no place beside a running bot: `usher demo --fresh` is its only use, on
// a store that Open found to be a demo's.
func (s *Store) Wipe(ctx context.Context) error {
	err := s.masters(ctx, func(ctx context.Context, c *goredis.Client) error {
		// The mark of the store goes last, so that a wipe that breaks off
		// leaves a store that can still be told for what it is.
		for _, pattern := range []string{s.keys.prefix + ":{*", s.keys.prefix + ":scratch:*", s.keys.prefix + ":lease:*", s.keys.schema()} {
			if err := wipe(ctx, c, pattern); err != nil {
				return err
			}
		}
		return nil
	})
	return s.fail("wipe", err)
}

func wipe(ctx context.Context, c *goredis.Client, pattern string) error {
	keys := c.Scan(ctx, 0, pattern, wipeBatch).Iterator()
	for keys.Next(ctx) {
		if err := c.Unlink(ctx, keys.Val()).Err(); err != nil {
			return err
		}
	}
	return keys.Err()
}
