package rooms_test

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/usher-dev/usher/core/runtime"
)

// memory is the part of a store that rooms use.
type memory struct {
	runtime.Store // panics where something else is used

	mu      sync.Mutex
	records map[runtime.Key]runtime.Record
	index   map[string]bool
	commits int
	fail    error
}

func newMemory() *memory {
	return &memory{records: map[runtime.Key]runtime.Record{}, index: map[string]bool{}}
}

func (m *memory) failWith(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fail = err
}

func (m *memory) written() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.commits
}

func (m *memory) Load(ctx context.Context, keys ...runtime.Key) ([]runtime.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.broken(ctx); err != nil {
		return nil, err
	}
	var out []runtime.Record
	for _, k := range keys {
		r := m.records[k]
		r.Key = k
		out = append(out, r)
	}
	return out, nil
}

func (m *memory) Commit(ctx context.Context, c runtime.Change) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.broken(ctx); err != nil {
		return err
	}
	for _, w := range c.Writes {
		if m.records[w.Key].Revision != w.Revision {
			return runtime.ErrConflict
		}
	}
	for _, w := range c.Writes {
		m.records[w.Key] = runtime.Record{Key: w.Key, Revision: w.Revision + 1, Data: slices.Clone(w.Data)}
	}
	for _, e := range c.Index {
		m.index[string(c.Tenant)+"/"+e.Index+"/"+e.Member] = true
	}
	m.commits++
	return nil
}

func (m *memory) List(ctx context.Context, q runtime.Query) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.broken(ctx); err != nil {
		return nil, err
	}
	var out []string
	for k := range m.index {
		member, ok := strings.CutPrefix(k, string(q.Tenant)+"/"+q.Index+"/")
		if ok && member > q.After {
			out = append(out, member)
		}
	}
	slices.Sort(out)
	return out[:min(len(out), q.Max)], nil
}

func (m *memory) broken(ctx context.Context) error {
	if m.fail != nil {
		return m.fail
	}
	return ctx.Err()
}
