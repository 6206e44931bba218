package redis

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
)

// wakeup is a record that is due, as it was seen.
type wakeup struct {
	partition int
	member    string
	at        float64
}

// Claim implements runtime.Store. It looks at all partitions in one round trip
// and claims in a second one, so it costs the same for one tenant and for ten
// thousand; what others claimed in between is left out. When the reply of a
// claim is lost, its records are free again when the lease is over.
func (s *Store) Claim(ctx context.Context, now time.Time, lease time.Duration, most int, only ...runtime.Key) ([]runtime.Key, error) {
	if most < 1 {
		return nil, ctx.Err()
	}
	var due []wakeup
	if len(only) > 0 {
		due = s.named(only)
	} else {
		var err error
		if due, err = s.peek(ctx, now, most); err != nil {
			return nil, s.fail("claim", err)
		}
		due = due[:min(most, len(due))]
	}
	if len(due) == 0 {
		return nil, nil
	}
	return s.take(ctx, now, lease, most, due)
}

func (s *Store) named(only []runtime.Key) []wakeup {
	due := make([]wakeup, len(only))
	for i, key := range only {
		due[i] = wakeup{partition: s.keys.partition(key.Tenant), member: storage.KeyText(key)}
	}
	return due
}

// peek lists what is due, earliest first.
func (s *Store) peek(ctx context.Context, now time.Time, most int) ([]wakeup, error) {
	replies := make([]*goredis.ZSliceCmd, s.keys.partitions)
	_, err := s.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
		for i := range replies {
			replies[i] = p.ZRangeArgsWithScores(ctx, goredis.ZRangeArgs{
				Key: s.keys.wakes(i), Start: "-inf", Stop: strconv.FormatInt(micros(now), 10), ByScore: true, Count: int64(most),
			})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var due []wakeup
	for i, r := range replies {
		for _, z := range r.Val() {
			member, _ := z.Member.(string)
			due = append(due, wakeup{partition: i, member: member, at: z.Score})
		}
	}
	slices.SortStableFunc(due, func(a, b wakeup) int { return cmp.Compare(a.at, b.at) })
	return due, nil
}

// take claims the named records, at most so many, partition by partition in
// one round trip, and returns them in the order of due.
func (s *Store) take(ctx context.Context, now time.Time, lease time.Duration, most int, due []wakeup) ([]runtime.Key, error) {
	due = due[:min(most, len(due))]
	byPartition := map[int][]any{}
	for _, d := range due {
		byPartition[d.partition] = append(byPartition[d.partition], d.member)
	}
	claimed := map[string]bool{}
	for partition, reply := range s.claimAll(ctx, now, lease, byPartition) {
		members, err := reply.StringSlice()
		if goredis.HasErrorPrefix(err, "NOSCRIPT") {
			members, err = s.claimScript(ctx, s.client, now, lease, partition, byPartition[partition]).StringSlice()
		}
		if err != nil {
			return nil, s.fail("claim", err)
		}
		for _, m := range members {
			claimed[m] = true
		}
	}
	return keysIn(due, claimed)
}

func keysIn(due []wakeup, claimed map[string]bool) ([]runtime.Key, error) {
	var keys []runtime.Key
	for _, d := range due {
		if !claimed[d.member] {
			continue
		}
		delete(claimed, d.member)
		key, err := storage.ParseKey(d.member)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// claimAll answers per partition; errors are in the replies.
func (s *Store) claimAll(ctx context.Context, now time.Time, lease time.Duration, byPartition map[int][]any) map[int]*goredis.Cmd {
	replies := make(map[int]*goredis.Cmd, len(byPartition))
	if len(byPartition) == 1 {
		for partition, members := range byPartition {
			replies[partition] = s.claimScript(ctx, s.client, now, lease, partition, members)
		}
		return replies
	}
	_, _ = s.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
		for partition, members := range byPartition {
			replies[partition] = s.scripts.claim.EvalSha(ctx, p, []string{s.keys.wakes(partition)}, claimArgs(now, lease, members)...)
		}
		return nil
	})
	return replies
}

func (s *Store) claimScript(ctx context.Context, c goredis.Scripter, now time.Time, lease time.Duration, partition int, members []any) *goredis.Cmd {
	return s.scripts.claim.Run(ctx, c, []string{s.keys.wakes(partition)}, claimArgs(now, lease, members)...)
}

func claimArgs(now time.Time, lease time.Duration, members []any) []any {
	return append([]any{micros(now), micros(now.Add(lease))}, members...)
}
