package redis

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
)

// fill reads the records at the places of each tenant, in one round trip.
func (s *Store) fill(ctx context.Context, records []runtime.Record, places map[access.TenantID][]int) error {
	replies := make(map[access.TenantID]*goredis.SliceCmd, len(places))
	ask := func(p goredis.Cmdable) {
		for tenant, at := range places {
			h := s.keys.home(tenant)
			names := make([]string, len(at))
			for i, place := range at {
				names[i] = h.record(records[place].Key)
			}
			replies[tenant] = p.MGet(ctx, names...)
		}
	}
	var err error
	if len(places) == 1 {
		ask(s.client)
	} else {
		_, err = s.client.Pipelined(ctx, func(p goredis.Pipeliner) error { ask(p); return nil })
	}
	for tenant, at := range places {
		if err == nil {
			err = replies[tenant].Err()
		}
		if err != nil {
			return s.fail("load", err)
		}
		if err := unpack(records, at, replies[tenant].Val()); err != nil {
			return err
		}
	}
	return nil
}

func unpack(records []runtime.Record, places []int, values []any) error {
	for i, v := range values {
		text, ok := v.(string)
		if !ok {
			continue
		}
		place := places[i]
		r, err := storage.Unpack(records[place].Key, []byte(text))
		if err != nil {
			return err
		}
		records[place] = r
	}
	return nil
}

// List implements runtime.Store.
func (s *Store) List(ctx context.Context, q runtime.Query) ([]string, error) {
	if err := storage.CheckPage(q.Max); err != nil {
		return nil, err
	}
	members, err := s.client.ZRangeArgs(ctx, s.members(q)).Result()
	return members, s.fail("list", err)
}

// Lists implements runtime.Lister, in one pipeline.
func (s *Store) Lists(ctx context.Context, asked []runtime.Query) ([][]string, error) {
	replies := make([]*goredis.StringSliceCmd, len(asked))
	for _, q := range asked {
		if err := storage.CheckPage(q.Max); err != nil {
			return nil, err
		}
	}
	_, err := s.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
		for i, q := range asked {
			replies[i] = p.ZRangeArgs(ctx, s.members(q))
		}
		return nil
	})
	if err != nil {
		return nil, s.fail("list", err)
	}
	found := make([][]string, len(asked))
	for i, reply := range replies {
		found[i] = reply.Val()
	}
	return found, nil
}

// members is the part of an index that is asked for.
func (s *Store) members(q runtime.Query) goredis.ZRangeArgs {
	from, to := "["+q.Prefix, "+"
	if q.After != "" && q.After >= q.Prefix {
		from = "(" + q.After
	}
	if end, ok := storage.Next(q.Prefix); ok {
		to = "(" + end
	}
	return goredis.ZRangeArgs{
		Key: s.keys.home(q.Tenant).index(q.Index), Start: from, Stop: to, ByLex: true, Count: int64(q.Max),
	}
}

// Audit implements runtime.Store.
func (s *Store) Audit(ctx context.Context, q runtime.AuditQuery) ([]runtime.Entry, error) {
	if err := storage.CheckPage(q.Max); err != nil {
		return nil, err
	}
	read := s.auditOfTenant
	if q.Record != nil {
		read = s.auditOfRecord
	}
	messages, err := read(ctx, q)
	if err != nil {
		return nil, s.fail("audit", err)
	}
	entries := make([]runtime.Entry, len(messages))
	for i, m := range messages {
		if entries[i], err = entryOf(m); err != nil {
			return nil, err
		}
	}
	return entries, nil
}

func (s *Store) auditOfTenant(ctx context.Context, q runtime.AuditQuery) ([]goredis.XMessage, error) {
	stream, after := s.keys.home(q.Tenant).audit(), "("+strconv.FormatInt(q.After, 10)+"-0"
	switch {
	case q.Newest && q.After == 0:
		return s.client.XRevRangeN(ctx, stream, "+", "-", int64(q.Max)).Result()
	case q.Newest:
		return s.client.XRevRangeN(ctx, stream, after, "-", int64(q.Max)).Result()
	case q.After == 0:
		return s.client.XRangeN(ctx, stream, "-", "+", int64(q.Max)).Result()
	}
	return s.client.XRangeN(ctx, stream, after, "+", int64(q.Max)).Result()
}

func (s *Store) auditOfRecord(ctx context.Context, q runtime.AuditQuery) ([]goredis.XMessage, error) {
	h := s.keys.home(q.Tenant)
	from, to, way := "("+strconv.FormatInt(q.After, 10), "+inf", ""
	if q.Newest {
		to, way = "-inf", "REV"
		if q.After == 0 {
			from = "+inf"
		}
	}
	raw, err := s.scripts.trail.Run(ctx, s.client, []string{h.audit(), h.trail(*q.Record)}, from, to, way, q.Max).Slice()
	if err != nil {
		return nil, err
	}
	messages := make([]goredis.XMessage, len(raw))
	for i, r := range raw {
		if messages[i], err = messageOf(r); err != nil {
			return nil, err
		}
	}
	return messages, nil
}

// messageOf reads an entry of a stream as a script returns it.
func messageOf(raw any) (goredis.XMessage, error) {
	entry, ok := raw.([]any)
	if !ok || len(entry) != 2 {
		return goredis.XMessage{}, errEntry
	}
	id, _ := entry[0].(string)
	fields, _ := entry[1].([]any)
	m := goredis.XMessage{ID: id, Values: map[string]any{}}
	for i := 0; i+1 < len(fields); i += 2 {
		name, _ := fields[i].(string)
		m.Values[name] = fields[i+1]
	}
	return m, nil
}

func entryOf(m goredis.XMessage) (runtime.Entry, error) {
	text, _, _ := strings.Cut(m.ID, "-")
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return runtime.Entry{}, errEntry
	}
	at, _ := m.Values["t"].(string)
	us, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return runtime.Entry{}, errEntry
	}
	name, _ := m.Values["k"].(string)
	key, err := storage.ParseKey(name)
	if err != nil {
		return runtime.Entry{}, fmt.Errorf("audit %d: %w", id, err)
	}
	data, _ := m.Values["d"].(string)
	return runtime.Entry{ID: id, Key: key, At: time.UnixMicro(us).UTC(), Data: []byte(data)}, nil
}
