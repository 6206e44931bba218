package chat

import (
	"context"
	"errors"

	"github.com/usher-dev/usher/core/access"
)

// What a Scout finds wrong with a channel.
var (
	// ErrNoPlace: there is no such channel in the chat, as far as its bot may
	// know.
	ErrNoPlace = errors.New("there is no such channel")
	// ErrKeptOut: the channel is there, and the bot may not write in it.
	ErrKeptOut = errors.New("the bot may not write in the channel")
)

// Scout is an optional ability of an Adapter: to say whether a card could be
// posted to a channel, before anybody relies on it.
type Scout interface {
	// Reach looks at a channel of this chat and posts nothing. ErrNoPlace,
	// ErrKeptOut, or *access.Fault when it cannot be asked now.
	Reach(ctx context.Context, ch access.Channel) error
}
