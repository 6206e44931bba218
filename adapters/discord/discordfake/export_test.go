package discordfake

// Spend counts invalid requests that nobody made.
func (f *Fake) Spend(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for range n {
		f.countInvalid(f.clock.Now())
	}
}
