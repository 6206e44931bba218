package discord

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

var _ chat.Scout = (*Adapter)(nil)

// Reach implements chat.Scout: a bot has to see the channel and be allowed to
// send messages there ("Permissions"). One that it may not see is "Missing
// Access" ("Get Channel").
func (a *Adapter) Reach(ctx context.Context, ch access.Channel) error {
	place, own := strings.CutPrefix(string(ch), a.o.Name+"/")
	if !own || !snowflake.MatchString(place) {
		return chat.ErrNoPlace
	}
	id, err := a.whoami(ctx)
	if err != nil {
		return asFault(err)
	}
	var got aChannel
	err = a.call(ctx, errand{method: http.MethodGet, url: discordgo.EndpointChannel(place), way: "channel " + place}, &got)
	switch {
	case codeOf(err) == codeUnknownChannel:
		return chat.ErrNoPlace
	case codeOf(err) == codeAccess:
		return chat.ErrKeptOut
	case err != nil:
		return asFault(err)
	case !slices.Contains(id.guilds, got.Guild):
		return chat.ErrNoPlace
	}
	has, err := a.powersIn(ctx, got, id.bot)
	if err != nil {
		return asFault(err)
	}
	if needed := permitView | permitSend; has&needed != needed {
		return chat.ErrKeptOut
	}
	return nil
}
