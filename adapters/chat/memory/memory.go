// Package memory is a small map that forgets, for what a process may know
// again from elsewhere.
package memory

import "sync"

// Size is how many entries a Map has at most; then the older half goes.
const Size = 8192

// Map keeps values by key. Its zero value is ready; it is safe for concurrent
// use.
type Map[V any] struct {
	mu       sync.Mutex
	new, old map[string]V
}

// Get finds what was put last under a key, if it is still known.
func (m *Map[V]) Get(key string) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.get(key)
}

func (m *Map[V]) get(key string) (V, bool) {
	if v, ok := m.new[key]; ok {
		return v, true
	}
	v, ok := m.old[key]
	return v, ok
}

// Put remembers a value.
func (m *Map[V]) Put(key string, v V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.put(key, v)
}

func (m *Map[V]) put(key string, v V) {
	if m.new == nil || len(m.new) >= Size/2 {
		m.old, m.new = m.new, map[string]V{}
	}
	m.new[key] = v
}

// First remembers a value unless there is one; true when there was none. Of
// several at once, one is the first.
func (m *Map[V]) First(key string, v V) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, known := m.get(key)
	if !known {
		m.put(key, v)
	}
	return !known
}

// Forget drops a key.
func (m *Map[V]) Forget(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.new, key)
	delete(m.old, key)
}
