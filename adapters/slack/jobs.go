package slack

import "sync"

// jobs are what goes on in the background while Run runs. Its zero value is
// closed.
type jobs struct {
	mu   sync.Mutex
	open bool
	wg   sync.WaitGroup
}

func (j *jobs) begin() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.open = true
}

// start runs f in the background; false when no more is taken.
func (j *jobs) start(f func()) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.open {
		j.wg.Go(f)
	}
	return j.open
}

// end takes no more and waits for what is under way.
func (j *jobs) end() {
	j.mu.Lock()
	j.open = false
	j.mu.Unlock()
	j.wg.Wait()
}
