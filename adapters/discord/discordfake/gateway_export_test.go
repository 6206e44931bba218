package discordfake

import "context"

// Deliver hands an interaction to the app, as people's doings do.
func (f *Fake) Deliver(ctx context.Context, payload map[string]any) ([]byte, error) {
	return f.out.deliver(ctx, payload)
}
