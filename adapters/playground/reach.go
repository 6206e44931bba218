package playground

import (
	"context"
	"slices"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

var _ chat.Scout = (*Adapter)(nil)

// Reach implements chat.Scout.
func (a *Adapter) Reach(_ context.Context, ch access.Channel) error {
	if name, ok := a.own(string(ch)); ok && slices.Contains(a.Channels, name) {
		return nil
	}
	return chat.ErrNoPlace
}
