package discord

import (
	"context"
	"errors"
)

// Ready says why nobody can be answered now, nil if everybody can: Run runs,
// and the gateway is connected, here or (standing by) in another process, or,
// over HTTP, it is known who the bot is. Over HTTP it asks Discord for that
// until it has an answer.
func (a *Adapter) Ready(ctx context.Context) error {
	if a.running.Load() == nil {
		return errors.New("it does not run yet")
	}
	if a.key != nil {
		_, err := a.whoami(ctx)
		return asFault(err)
	}
	if a.line.Load() == lineClosed {
		return errors.New("it is not connected")
	}
	return nil
}
