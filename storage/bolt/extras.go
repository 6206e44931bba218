package bolt

import (
	"bytes"
	"context"
	"time"

	"go.etcd.io/bbolt"

	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
)

// sweepPerPut bounds how many values that have run out one Put deletes.
const sweepPerPut = 10

// Put implements runtime.Scratch. Each Put also drops a few values that have
// run out.
func (s *Store) Put(ctx context.Context, name string, data []byte, now time.Time, ttl time.Duration) error {
	if len(data) > storage.MaxRecord {
		return runtime.ErrTooBig
	}
	return s.submit(ctx, func(tx *bbolt.Tx) (bool, error) {
		b := tx.Bucket(bucketScratch)
		if err := sweep(b, []byte(name), now); err != nil {
			return true, err
		}
		return true, b.Put([]byte(name), append(timeBytes(now.Add(ttl)), data...))
	})
}

// sweep looks at the values that follow name, so that puts under random names
// get around to all of them.
func sweep(b *bbolt.Bucket, name []byte, now time.Time) error {
	var old [][]byte
	c := b.Cursor()
	k, v := c.Seek(name)
	for i := 0; i < sweepPerPut && k != nil; i++ {
		if !timeOf(v[:timeSize]).After(now) {
			old = append(old, bytes.Clone(k))
		}
		k, v = c.Next()
	}
	for _, k := range old {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	return nil
}

// Get implements runtime.Scratch.
func (s *Store) Get(ctx context.Context, name string, now time.Time) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var data []byte
	err := s.db.View(func(tx *bbolt.Tx) error {
		v := tx.Bucket(bucketScratch).Get([]byte(name))
		if v != nil && timeOf(v[:timeSize]).After(now) {
			data = append([]byte{}, v[timeSize:]...)
		}
		return nil
	})
	return data, err
}

// Drop implements runtime.Scratch.
func (s *Store) Drop(ctx context.Context, name string) error {
	return s.submit(ctx, func(tx *bbolt.Tx) (bool, error) {
		return true, tx.Bucket(bucketScratch).Delete([]byte(name))
	})
}

// Lease implements runtime.Leases.
func (s *Store) Lease(ctx context.Context, name, holder string, now time.Time, ttl time.Duration) (bool, error) {
	got := false
	err := s.submit(ctx, func(tx *bbolt.Tx) (bool, error) {
		b := tx.Bucket(bucketLease)
		v := b.Get([]byte(name))
		if v != nil && timeOf(v[:timeSize]).After(now) && string(v[timeSize:]) != holder {
			return false, nil
		}
		got = true
		return true, b.Put([]byte(name), timed(now.Add(ttl), holder))
	})
	if err != nil {
		return false, err
	}
	return got, nil
}

// Release implements runtime.Leases.
func (s *Store) Release(ctx context.Context, name, holder string) error {
	return s.submit(ctx, func(tx *bbolt.Tx) (bool, error) {
		b := tx.Bucket(bucketLease)
		v := b.Get([]byte(name))
		if v == nil || string(v[timeSize:]) != holder {
			return false, nil
		}
		return true, b.Delete([]byte(name))
	})
}
