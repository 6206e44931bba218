package slack

import (
	"context"
	"errors"
	"strings"

	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/chat"
)

// whisper says a card to the person only: through the address that came with
// what they did, which works in every place, for 30 minutes and five times
// ("Handling user interaction"); else with chat.postEphemeral, which needs the
// bot in the channel.
func (c *call) whisper(ctx context.Context, card chat.Card) error {
	blocks, text := c.painter(c.User).card(card, maxMessageBlocks)
	err := errors.New("there is no address to answer to")
	if strings.HasPrefix(c.ResponseURL, "https://") || strings.HasPrefix(c.ResponseURL, "http://") {
		err = c.call(ctx, "response_url", c.ResponseURL, func(ctx context.Context) error {
			return api.PostWebhookCustomHTTPContext(ctx, c.ResponseURL, c.o.HTTPClient, &api.WebhookMessage{
				ResponseType: api.ResponseTypeEphemeral, Text: text, Blocks: &api.Blocks{BlockSet: blocks},
			})
		})
	}
	if err == nil || !channelForm.MatchString(c.Channel) {
		return err
	}
	return c.call(ctx, "chat.postEphemeral", c.Channel, func(ctx context.Context) error {
		_, err := c.web.PostEphemeralContext(ctx, c.Channel, c.User, cardOptions(blocks, text)...)
		return err
	})
}
