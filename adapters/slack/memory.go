package slack

import "sync"

// remembered is how many entries a memory has at most; then the older half
// goes.
const remembered = 8192

// memory is a small map that forgets. Its zero value is ready; it is safe for
// concurrent use.
type memory[V any] struct {
	mu       sync.Mutex
	new, old map[string]V
}

func (m *memory[V]) get(key string) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if v, ok := m.new[key]; ok {
		return v, true
	}
	v, ok := m.old[key]
	return v, ok
}

func (m *memory[V]) put(key string, v V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.new == nil || len(m.new) >= remembered/2 {
		m.old, m.new = m.new, map[string]V{}
	}
	m.new[key] = v
}
