package redis

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
)

// scratchSlack is how long the server keeps a value beyond its time, which is
// told by the caller's clock and not by the server's.
const scratchSlack = time.Hour

// Put implements runtime.Scratch.
func (s *Store) Put(ctx context.Context, name string, data []byte, now time.Time, ttl time.Duration) error {
	if len(data) > storage.MaxRecord {
		return runtime.ErrTooBig
	}
	head := strconv.FormatInt(micros(now.Add(ttl)), 10) + ":"
	value := append([]byte(head), data...)
	return s.fail("put", s.client.Set(ctx, s.keys.scratch(name), value, max(ttl, 0)+scratchSlack).Err())
}

// Get implements runtime.Scratch.
func (s *Store) Get(ctx context.Context, name string, now time.Time) ([]byte, error) {
	value, err := s.client.Get(ctx, s.keys.scratch(name)).Result()
	if errors.Is(err, goredis.Nil) {
		return nil, nil
	}
	if err != nil {
		return nil, s.fail("get", err)
	}
	head, data, _ := strings.Cut(value, ":")
	ends, err := strconv.ParseInt(head, 10, 64)
	if err != nil || ends <= micros(now) {
		return nil, nil
	}
	return []byte(data), nil
}

// Drop implements runtime.Scratch.
func (s *Store) Drop(ctx context.Context, name string) error {
	return s.fail("drop", s.client.Del(ctx, s.keys.scratch(name)).Err())
}

// Lease implements runtime.Leases.
func (s *Store) Lease(ctx context.Context, name, holder string, now time.Time, ttl time.Duration) (bool, error) {
	got, err := s.scripts.lease.Run(ctx, s.client, []string{s.keys.lease(name)}, holder, micros(now), micros(now.Add(ttl))).Int()
	return got == 1, s.fail("lease", err)
}

// Release implements runtime.Leases.
func (s *Store) Release(ctx context.Context, name, holder string) error {
	return s.fail("release", s.scripts.release.Run(ctx, s.client, []string{s.keys.lease(name)}, holder).Err())
}

// importAtOnce is how many changes Import sends in one pipeline.
const importAtOnce = 1000

// Import implements runtime.Importer, with plain commands in pipelines.
func (s *Store) Import(ctx context.Context, changes []runtime.Change) error {
	for len(changes) > 0 {
		n := min(len(changes), importAtOnce)
		if err := s.importSome(ctx, changes[:n]); err != nil {
			return err
		}
		changes = changes[n:]
	}
	return nil
}

func (s *Store) importSome(ctx context.Context, changes []runtime.Change) error {
	next, err := s.reserve(ctx, changes)
	if err != nil {
		return s.fail("import", err)
	}
	_, err = s.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
		for _, c := range changes {
			h := s.keys.home(c.Tenant)
			importRecords(ctx, p, h, c)
			importMarks(ctx, p, h, c)
			for _, e := range c.Audit {
				next[h.tag]++
				importEntry(ctx, p, h, e, next[h.tag])
			}
		}
		return nil
	})
	return s.fail("import", err)
}

// reserve checks the changes and takes the ids of their audit entries. It
// answers, by partition, the id before the first.
func (s *Store) reserve(ctx context.Context, changes []runtime.Change) (map[string]int64, error) {
	entries, counters := map[string]int64{}, map[string]string{}
	for _, c := range changes {
		if err := storage.CheckChange(c); err != nil {
			return nil, err
		}
		h := s.keys.home(c.Tenant)
		entries[h.tag] += int64(len(c.Audit))
		counters[h.tag] = h.counter()
	}
	for tag, n := range entries {
		last, err := s.client.IncrBy(ctx, counters[tag], n).Result()
		if err != nil {
			return nil, err
		}
		entries[tag] = last - n
	}
	return entries, nil
}

func importRecords(ctx context.Context, p goredis.Pipeliner, h home, c runtime.Change) {
	for _, w := range c.Writes {
		if w.Data == nil {
			p.Del(ctx, h.record(w.Key))
			continue
		}
		p.Set(ctx, h.record(w.Key), packed(w), 0)
	}
}

func importMarks(ctx context.Context, p goredis.Pipeliner, h home, c runtime.Change) {
	for _, w := range c.Wakes {
		if w.At.IsZero() {
			p.ZRem(ctx, h.wakes(), storage.KeyText(w.Key))
			continue
		}
		p.ZAdd(ctx, h.wakes(), goredis.Z{Score: float64(micros(w.At)), Member: storage.KeyText(w.Key)})
	}
	for _, e := range c.Index {
		if e.Remove {
			p.ZRem(ctx, h.index(e.Index), e.Member)
			continue
		}
		p.ZAdd(ctx, h.index(e.Index), goredis.Z{Member: e.Member})
	}
}

func importEntry(ctx context.Context, p goredis.Pipeliner, h home, e runtime.Entry, n int64) {
	id := strconv.FormatInt(n, 10)
	p.XAdd(ctx, &goredis.XAddArgs{
		Stream: h.audit(), ID: id + "-0", Values: []any{"k", storage.KeyText(e.Key), "t", micros(e.At), "d", e.Data},
	})
	p.ZAdd(ctx, h.trail(e.Key), goredis.Z{Score: float64(n), Member: id})
}
