package bolt

import (
	"bytes"
	"context"
	"time"

	"go.etcd.io/bbolt"

	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
)

// Commit implements runtime.Store. It returns when the change is on the disk.
func (s *Store) Commit(ctx context.Context, c runtime.Change) error {
	if err := storage.CheckChange(c); err != nil {
		return err
	}
	return s.submit(ctx, func(tx *bbolt.Tx) (bool, error) {
		if err := refuse(tx, c); err != nil {
			return false, err
		}
		return true, apply(tx, c)
	})
}

// Import implements runtime.Importer: a thousand changes per transaction.
func (s *Store) Import(ctx context.Context, changes []runtime.Change) error {
	for len(changes) > 0 {
		n := min(len(changes), 1000)
		part := changes[:n]
		changes = changes[n:]
		err := s.submit(ctx, func(tx *bbolt.Tx) (bool, error) { return true, applyAll(tx, part) })
		if err != nil {
			return err
		}
	}
	return nil
}

func applyAll(tx *bbolt.Tx, changes []runtime.Change) error {
	for _, c := range changes {
		c.Command = ""
		if err := storage.CheckChange(c); err != nil {
			return err
		}
		if err := apply(tx, c); err != nil {
			return err
		}
	}
	return nil
}

// refuse checks everything that a change can be refused for, before its first
// write: first the command, then the revisions.
func refuse(tx *bbolt.Tx, c runtime.Change) error {
	if c.Command != "" && known(tx, c) {
		return runtime.ErrDuplicate
	}
	records := tx.Bucket(bucketRecord)
	for _, w := range c.Writes {
		if !matches(records.Get(recordKey(w.Key)), w.Revision) {
			return runtime.ErrConflict
		}
	}
	for _, r := range c.Reads {
		if !matches(records.Get(recordKey(r.Key)), r.Revision) {
			return runtime.ErrConflict
		}
	}
	return nil
}

func known(tx *bbolt.Tx, c runtime.Change) bool {
	at := tx.Bucket(bucketCommand).Get([]byte(storage.CommandText(c.Tenant, c.Command)))
	return at != nil && timeOf(at).After(c.At.Add(-storage.Remember))
}

func matches(stored []byte, revision int64) bool {
	if revision == 0 {
		return stored == nil
	}
	return bytes.HasPrefix(stored, []byte(storage.Head(revision)))
}

// apply writes a change that is not refused.
func apply(tx *bbolt.Tx, c runtime.Change) error {
	steps := []func(*bbolt.Tx, runtime.Change) error{remember, putRecords, putWakes, putIndex, putAudit}
	for _, step := range steps {
		if err := step(tx, c); err != nil {
			return err
		}
	}
	return nil
}

func remember(tx *bbolt.Tx, c runtime.Change) error {
	if c.Command == "" {
		return nil
	}
	commands, queue := tx.Bucket(bucketCommand), tx.Bucket(bucketForget)
	if err := forget(commands, queue, c.At); err != nil {
		return err
	}
	text := storage.CommandText(c.Tenant, c.Command)
	if old := commands.Get([]byte(text)); old != nil {
		if err := queue.Delete(timed(timeOf(old), text)); err != nil {
			return err
		}
	}
	if err := commands.Put([]byte(text), timeBytes(c.At)); err != nil {
		return err
	}
	return queue.Put(timed(c.At, text), []byte{})
}

// forget drops the oldest command ids that are past their time, a few at once.
func forget(commands, queue *bbolt.Bucket, at time.Time) error {
	var old [][]byte
	limit := timeBytes(at.Add(-storage.Remember))
	c := queue.Cursor()
	for k, _ := c.First(); k != nil && len(old) < storage.TrimPerCommit && bytes.Compare(k[:timeSize], limit) <= 0; k, _ = c.Next() {
		old = append(old, bytes.Clone(k))
	}
	for _, k := range old {
		if err := queue.Delete(k); err != nil {
			return err
		}
		if err := commands.Delete(k[timeSize:]); err != nil {
			return err
		}
	}
	return nil
}

func putRecords(tx *bbolt.Tx, c runtime.Change) error {
	records := tx.Bucket(bucketRecord)
	for _, w := range c.Writes {
		key := recordKey(w.Key)
		var err error
		if w.Data == nil {
			err = records.Delete(key)
		} else {
			err = records.Put(key, storage.Pack(w.Revision+1, w.Data))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func putWakes(tx *bbolt.Tx, c runtime.Change) error {
	for _, w := range c.Wakes {
		if err := setWake(tx, storage.KeyText(w.Key), w.At); err != nil {
			return err
		}
	}
	return nil
}

// setWake keeps the queue and the time of each record in step.
func setWake(tx *bbolt.Tx, key string, at time.Time) error {
	queue, times := tx.Bucket(bucketWake), tx.Bucket(bucketWakeOf)
	if old := times.Get([]byte(key)); old != nil {
		if err := queue.Delete(join(old, []byte(key))); err != nil {
			return err
		}
	}
	if at.IsZero() {
		return times.Delete([]byte(key))
	}
	if err := queue.Put(timed(at, key), []byte{}); err != nil {
		return err
	}
	return times.Put([]byte(key), timeBytes(at))
}

func putIndex(tx *bbolt.Tx, c runtime.Change) error {
	index := tx.Bucket(bucketIndex)
	for _, e := range c.Index {
		key := join(indexPrefix(c.Tenant, e.Index), []byte(e.Member))
		var err error
		if e.Remove {
			err = index.Delete(key)
		} else {
			err = index.Put(key, []byte{})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func putAudit(tx *bbolt.Tx, c runtime.Change) error {
	audit, trail := tx.Bucket(bucketAudit), tx.Bucket(bucketTrail)
	for _, e := range c.Audit {
		id, err := audit.NextSequence()
		if err != nil {
			return err
		}
		data, err := packEntry(e)
		if err != nil {
			return err
		}
		if err := audit.Put(join(auditPrefix(c.Tenant), idBytes(int64(id))), data); err != nil {
			return err
		}
		if err := trail.Put(join(trailPrefix(e.Key), idBytes(int64(id))), []byte{}); err != nil {
			return err
		}
	}
	return nil
}
