package bolt

import (
	"bytes"
	"context"
	"encoding/binary"

	"go.etcd.io/bbolt"

	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
)

// cut splits at the first line break.
func cut(b []byte) (head, data []byte, ok bool) { return bytes.Cut(b, []byte{'\n'}) }

// Load implements runtime.Store: all records as of one moment.
func (s *Store) Load(ctx context.Context, keys ...runtime.Key) ([]runtime.Record, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	found := make([]runtime.Record, len(keys))
	err := s.db.View(func(tx *bbolt.Tx) error {
		records := tx.Bucket(bucketRecord)
		for i, key := range keys {
			found[i].Key = key
			stored := records.Get(recordKey(key))
			if stored == nil {
				continue
			}
			r, err := storage.Unpack(key, stored)
			if err != nil {
				return err
			}
			r.Data = append([]byte{}, r.Data...) // bbolt takes its memory back
			found[i] = r
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// List implements runtime.Store.
func (s *Store) List(ctx context.Context, q runtime.Query) ([]string, error) {
	if err := firstError(ctx.Err(), storage.CheckPage(q.Max)); err != nil {
		return nil, err
	}
	members := []string{}
	err := s.db.View(func(tx *bbolt.Tx) error {
		index := indexPrefix(q.Tenant, q.Index)
		prefix, after := join(index, []byte(q.Prefix)), join(index, []byte(q.After))
		c := tx.Bucket(bucketIndex).Cursor()
		k, _ := c.Seek(later(prefix, after))
		if q.After != "" && bytes.Equal(k, after) {
			k, _ = c.Next()
		}
		for ; k != nil && bytes.HasPrefix(k, prefix) && len(members) < q.Max; k, _ = c.Next() {
			members = append(members, string(k[len(index):]))
		}
		return nil
	})
	return members, err
}

func later(a, b []byte) []byte {
	if bytes.Compare(a, b) > 0 {
		return a
	}
	return b
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Audit implements runtime.Store.
func (s *Store) Audit(ctx context.Context, q runtime.AuditQuery) ([]runtime.Entry, error) {
	if err := firstError(ctx.Err(), storage.CheckPage(q.Max)); err != nil {
		return nil, err
	}
	entries := []runtime.Entry{}
	err := s.db.View(func(tx *bbolt.Tx) error {
		ids := auditIDs(tx, q)
		audit := tx.Bucket(bucketAudit)
		for _, id := range ids {
			stored := audit.Get(join(auditPrefix(q.Tenant), idBytes(id)))
			if stored == nil {
				continue
			}
			e, err := unpackEntry(id, bytes.Clone(stored))
			if err != nil {
				return err
			}
			entries = append(entries, e)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return entries, nil
}

// auditIDs walks the tenant's audit or the record's trail: both are a prefix
// and then the id.
func auditIDs(tx *bbolt.Tx, q runtime.AuditQuery) []int64 {
	prefix, c := auditPrefix(q.Tenant), tx.Bucket(bucketAudit).Cursor()
	if q.Record != nil {
		prefix, c = trailPrefix(*q.Record), tx.Bucket(bucketTrail).Cursor()
	}
	k, step := start(c, prefix, q)
	var ids []int64
	for ; len(ids) < q.Max && len(k) == len(prefix)+idSize && bytes.HasPrefix(k, prefix); k = step() {
		ids = append(ids, int64(binary.BigEndian.Uint64(k[len(prefix):])))
	}
	return ids
}

// start finds the first id and the way to go on.
func start(c *bbolt.Cursor, prefix []byte, q runtime.AuditQuery) (first []byte, step func() []byte) {
	forward := func() []byte { k, _ := c.Next(); return k }
	back := func() []byte { k, _ := c.Prev(); return k }
	if !q.Newest {
		k, _ := c.Seek(join(prefix, idBytes(q.After+1)))
		return k, forward
	}
	end := idBytes(q.After)
	if q.After == 0 {
		end = idBytes(-1) // the highest there can be, as it is unsigned here
	}
	if k, _ := c.Seek(join(prefix, end)); k == nil {
		last, _ := c.Last()
		return last, back
	}
	return back(), back
}
