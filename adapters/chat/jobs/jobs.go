// Package jobs is what goes on in the background while an adapter runs.
package jobs

import "sync"

// Group takes jobs between Begin and End. Its zero value takes none.
type Group struct {
	mu   sync.Mutex
	open bool
	wg   sync.WaitGroup
}

// Begin takes jobs from now on.
func (g *Group) Begin() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open = true
}

// Start runs f in the background; false when no more is taken. f recovers by
// itself.
func (g *Group) Start(f func()) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open {
		g.wg.Go(f)
	}
	return g.open
}

// End takes no more and waits for what is under way.
func (g *Group) End() {
	g.mu.Lock()
	g.open = false
	g.mu.Unlock()
	g.wg.Wait()
}
