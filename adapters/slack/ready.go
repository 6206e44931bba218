package slack

import (
	"context"
	"errors"
)

// Ready says why nobody can be answered now, nil if everybody can: Run runs,
// and Socket Mode is connected or, over HTTP, it is known who the bot is.
// Over HTTP it asks Slack for that until it has an answer.
func (a *Adapter) Ready(ctx context.Context) error {
	if a.running.Load() == nil {
		return errors.New("it does not run yet")
	}
	if a.o.AppToken == "" {
		_, err := a.whoami(ctx)
		return err
	}
	if !a.online.Load() {
		return errors.New("it is not connected")
	}
	return nil
}
