package discord

import (
	"context"
	"net/http"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/usher-dev/usher/adapters/chat"
)

const (
	maxThreadName = 100 // "Start Thread from Message"
	// Minutes without a message after which Discord hides a thread. Writing or
	// editing brings it back.
	hideAfter = 10080 // a week, the longest there is

	codeThreadThere = 160004 // the message has one already
)

// openThread opens the thread below a card. The card is there without it, so
// that a failure is only logged.
func (a *Adapter) openThread(ctx context.Context, ref string, c chat.Card) {
	channel, message, _ := strings.Cut(ref, "/")
	in := map[string]any{"name": plain(orElse(c.Title, c.Summary), maxThreadName, "Usher"), "auto_archive_duration": hideAfter}
	err := a.call(ctx, errand{
		method: http.MethodPost, url: discordgo.EndpointChannelMessageThread(channel, message), way: "threads " + channel, in: in,
	}, nil)
	if err != nil && codeOf(err) != codeThreadThere {
		a.o.Log.Warn().Str("why", a.scrub(err)).Msg("discord: a card has no thread")
		return
	}
	a.parents.Put(message, channel)
}

// wake brings an archived thread back, so that what is in it can be edited.
func (a *Adapter) wake(ctx context.Context, thread string) error {
	return a.call(ctx, errand{
		method: http.MethodPatch, url: discordgo.EndpointChannel(thread), way: "channel " + thread, in: map[string]any{"archived": false},
	}, nil)
}
