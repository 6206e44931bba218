package redis

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
)

// attemptKept is how long a change without a command id is remembered, so that
// go-redis may repeat it when its reply was lost. It does so within seconds.
const attemptKept = 2 * time.Minute

// Answers of commit.lua.
const (
	answerDone      = 1
	answerDuplicate = 0
	answerConflict  = -1
)

// Commit implements runtime.Store.
//
// go-redis sends a command again when its reply was lost. The repeat of a
// change with a Command is then ErrDuplicate, which means done; the repeat of
// one without is recognised by a name that Commit makes up, and is no error.
func (s *Store) Commit(ctx context.Context, c runtime.Change) error {
	if err := storage.CheckChange(c); err != nil {
		return err
	}
	keys, args := s.commitCall(c)
	answer, err := s.scripts.commit.Run(ctx, s.client, keys, args...).Int()
	if err != nil {
		return s.fail("commit", err)
	}
	switch answer {
	case answerDone:
		return nil
	case answerConflict:
		return runtime.ErrConflict
	case answerDuplicate:
		if c.Command == "" {
			return nil
		}
		return runtime.ErrDuplicate
	}
	return fmt.Errorf("redis: commit answered %d", answer)
}

// call collects the keys and arguments of a script.
type call struct {
	keys []string
	args []any
}

func (c *call) key(k string)   { c.keys = append(c.keys, k) }
func (c *call) arg(a ...any)   { c.args = append(c.args, a...) }
func micros(t time.Time) int64 { return t.UnixMicro() }

// commitCall lays out a change as the header of commit.lua says.
func (s *Store) commitCall(c runtime.Change) ([]string, []any) {
	h := s.keys.home(c.Tenant)
	memory, name, kept := h.commands(), storage.CommandText(c.Tenant, c.Command), storage.Remember
	if c.Command == "" {
		memory, name, kept = h.attempts(), rand.Text(), attemptKept
	}
	call := call{
		keys: make([]string, 0, 4+len(c.Writes)+len(c.Reads)+len(c.Index)+len(c.Audit)),
		args: make([]any, 0, 9+2*len(c.Writes)+len(c.Reads)+2*len(c.Wakes)+2*len(c.Index)+3*len(c.Audit)),
	}
	call.keys = append(call.keys, memory, h.wakes(), h.counter(), h.audit())
	call.arg(name, micros(c.At), micros(c.At.Add(-kept)), storage.TrimPerCommit)
	call.arg(len(c.Writes), len(c.Reads), len(c.Wakes), len(c.Index), len(c.Audit))
	call.records(h, c)
	call.marks(h, c)
	for _, e := range c.Audit {
		call.key(h.trail(e.Key))
		call.arg(storage.KeyText(e.Key), micros(e.At), e.Data)
	}
	return call.keys, call.args
}

func (c *call) records(h home, change runtime.Change) {
	for _, w := range change.Writes {
		c.key(h.record(w.Key))
		c.arg(storage.Head(w.Revision), packed(w))
	}
	for _, r := range change.Reads {
		c.key(h.record(r.Key))
		c.arg(storage.Head(r.Revision))
	}
}

// packed is empty for a deletion: a stored record never is.
func packed(w runtime.Write) []byte {
	if w.Data == nil {
		return []byte{}
	}
	return storage.Pack(w.Revision+1, w.Data)
}

func (c *call) marks(h home, change runtime.Change) {
	for _, w := range change.Wakes {
		at := ""
		if !w.At.IsZero() {
			at = strconv.FormatInt(micros(w.At), 10)
		}
		c.arg(storage.KeyText(w.Key), at)
	}
	for _, e := range change.Index {
		c.key(h.index(e.Index))
		sign := "+"
		if e.Remove {
			sign = "-"
		}
		c.arg(e.Member, sign)
	}
}

// Load implements runtime.Store: the keys of one tenant as of one moment. A
// key that holds something else than a record reads as unknown; Commit then
// refuses to write it.
func (s *Store) Load(ctx context.Context, keys ...runtime.Key) ([]runtime.Record, error) {
	records := make([]runtime.Record, len(keys))
	places := map[access.TenantID][]int{}
	for i, key := range keys {
		records[i].Key = key
		places[key.Tenant] = append(places[key.Tenant], i)
	}
	if len(keys) == 0 {
		return records, nil
	}
	return records, s.fill(ctx, records, places)
}
