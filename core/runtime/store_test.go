package runtime_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// memory is a Store in maps that counts its calls and can be made to fail.
type memory struct {
	mu       sync.Mutex
	records  map[runtime.Key]runtime.Record
	wakes    map[runtime.Key]time.Time
	indexes  map[string]map[string]bool
	commands map[engine.CommandID]bool
	audit    []runtime.Entry
	loads    int
	commits  int

	// before and after are asked at each commit; an error is returned without
	// having written, or after having written.
	before, after func(runtime.Change) error
	// claiming is asked at each Claim.
	claiming func() error
}

func newMemory() *memory {
	return &memory{
		records: map[runtime.Key]runtime.Record{}, wakes: map[runtime.Key]time.Time{},
		indexes: map[string]map[string]bool{}, commands: map[engine.CommandID]bool{},
	}
}

func (m *memory) Load(_ context.Context, keys ...runtime.Key) ([]runtime.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.loads++
	recs := make([]runtime.Record, len(keys))
	for i, k := range keys {
		recs[i] = m.records[k]
		recs[i].Key = k
	}
	return recs, nil
}

func (m *memory) Commit(_ context.Context, c runtime.Change) error {
	m.mu.Lock()
	before, after := m.before, m.after
	m.commits++
	m.mu.Unlock()
	if before != nil {
		if err := before(c); err != nil {
			return err
		}
	}
	if err := m.commit(c); err != nil {
		return err
	}
	if after != nil {
		return after(c)
	}
	return nil
}

func (m *memory) commit(c runtime.Change) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c.Command != "" && m.commands[c.Command] {
		return runtime.ErrDuplicate
	}
	for _, r := range c.Reads {
		if m.records[r.Key].Revision != r.Revision {
			return runtime.ErrConflict
		}
	}
	for _, w := range c.Writes {
		if m.records[w.Key].Revision != w.Revision {
			return runtime.ErrConflict
		}
	}
	m.put(c)
	return nil
}

func (m *memory) put(c runtime.Change) {
	m.commands[c.Command] = c.Command != ""
	for _, w := range c.Writes {
		m.records[w.Key] = runtime.Record{Key: w.Key, Revision: w.Revision + 1, Data: w.Data}
		if w.Data == nil {
			delete(m.records, w.Key)
		}
	}
	for _, w := range c.Wakes {
		m.wakes[w.Key] = w.At
		if w.At.IsZero() {
			delete(m.wakes, w.Key)
		}
	}
	for _, e := range c.Index {
		name := string(c.Tenant) + " " + e.Index
		if m.indexes[name] == nil {
			m.indexes[name] = map[string]bool{}
		}
		m.indexes[name][e.Member] = true
		if e.Remove {
			delete(m.indexes[name], e.Member)
		}
	}
	for _, e := range c.Audit {
		e.ID = int64(len(m.audit) + 1)
		m.audit = append(m.audit, e)
	}
}

func (m *memory) Claim(_ context.Context, now time.Time, lease time.Duration, most int, only ...runtime.Key) ([]runtime.Key, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.claiming != nil {
		if err := m.claiming(); err != nil {
			return nil, err
		}
	}
	var due []runtime.Key
	for k, at := range m.wakes {
		if !at.After(now) && (len(only) == 0 || slices.Contains(only, k)) {
			due = append(due, k)
		}
	}
	slices.SortFunc(due, func(a, b runtime.Key) int { return m.wakes[a].Compare(m.wakes[b]) })
	due = due[:min(len(due), most)]
	for _, k := range due {
		m.wakes[k] = now.Add(lease)
	}
	return due, nil
}

func (m *memory) List(_ context.Context, q runtime.Query) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []string
	for _, member := range slices.Sorted(maps.Keys(m.indexes[string(q.Tenant)+" "+q.Index])) {
		if strings.HasPrefix(member, q.Prefix) && member > q.After && len(list) < q.Max {
			list = append(list, member)
		}
	}
	return list, nil
}

func (m *memory) Audit(_ context.Context, q runtime.AuditQuery) ([]runtime.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := slices.Clone(m.audit)
	if q.Newest {
		slices.Reverse(all)
	}
	var found []runtime.Entry
	for _, e := range all {
		past := e.ID <= q.After
		if q.Newest {
			past = q.After > 0 && e.ID >= q.After
		}
		if e.Key.Tenant == q.Tenant && !past && len(found) < q.Max && (q.Record == nil || *q.Record == e.Key) {
			found = append(found, e)
		}
	}
	return found, nil
}

func (m *memory) Close() error { return nil }

// counts tells how often the store was asked since it was last asked for.
func (m *memory) counts() (loads, commits int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	loads, commits = m.loads, m.commits
	m.loads, m.commits = 0, 0
	return loads, commits
}

func (m *memory) wake(k runtime.Key) time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.wakes[k]
}

func (m *memory) record(k runtime.Key) runtime.Record {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.records[k]
}

// failing sets what is asked at each commit.
func (m *memory) failing(before, after func(runtime.Change) error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.before, m.after = before, after
}

// ledgerOf is the ledger as it is stored.
func (m *memory) ledgerOf(p access.PersonID) access.Ledger {
	rec := m.record(runtime.LedgerKey(tenant, p))
	if rec.Revision == 0 {
		return engine.New(tenant, p)
	}
	l, err := engine.Decode(rec.Data)
	if err != nil {
		panic(err)
	}
	return l
}
