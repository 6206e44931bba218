package bolt

import (
	"bytes"
	"context"
	"time"

	"go.etcd.io/bbolt"

	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
)

// Claim implements runtime.Store. When nothing is due it does not write.
func (s *Store) Claim(ctx context.Context, now time.Time, lease time.Duration, most int, only ...runtime.Key) ([]runtime.Key, error) {
	find := func(tx *bbolt.Tx) []string { return due(tx, now, most) }
	if len(only) > 0 {
		find = func(tx *bbolt.Tx) []string { return dueAmong(tx, now, most, only) }
	}
	if idle, err := s.idle(ctx, find); idle || err != nil {
		return nil, err
	}
	var keys []runtime.Key
	err := s.submit(ctx, func(tx *bbolt.Tx) (bool, error) {
		texts := find(tx)
		for i, text := range texts {
			key, err := storage.ParseKey(text)
			if err != nil {
				return i > 0, err
			}
			if err := setWake(tx, text, now.Add(lease)); err != nil {
				return true, err
			}
			keys = append(keys, key)
		}
		return len(texts) > 0, nil
	})
	if err != nil {
		return nil, err
	}
	return keys, nil
}

func (s *Store) idle(ctx context.Context, find func(*bbolt.Tx) []string) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	idle := false
	err := s.db.View(func(tx *bbolt.Tx) error {
		idle = len(find(tx)) == 0
		return nil
	})
	return idle, err
}

// due lists the keys that are due at now, earliest first.
func due(tx *bbolt.Tx, now time.Time, most int) []string {
	var texts []string
	limit := timeBytes(now)
	c := tx.Bucket(bucketWake).Cursor()
	for k, _ := c.First(); k != nil && len(texts) < most && bytes.Compare(k[:timeSize], limit) <= 0; k, _ = c.Next() {
		texts = append(texts, string(k[timeSize:]))
	}
	return texts
}

func dueAmong(tx *bbolt.Tx, now time.Time, most int, only []runtime.Key) []string {
	var texts []string
	seen := map[runtime.Key]bool{}
	times := tx.Bucket(bucketWakeOf)
	for _, key := range only {
		at := times.Get(recordKey(key))
		if at == nil || seen[key] || len(texts) >= most || bytes.Compare(at, timeBytes(now)) > 0 {
			continue
		}
		seen[key] = true
		texts = append(texts, storage.KeyText(key))
	}
	return texts
}
