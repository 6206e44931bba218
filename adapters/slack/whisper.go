package slack

import (
	"context"
	"errors"
	"strings"
	"time"

	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// whisper says a card to the person only: through the address that came with
// what they did, which works in every place, for 30 minutes and five times
// ("Handling user interaction"); else with chat.postEphemeral, which needs the
// bot in the channel.
func (c *call) whisper(ctx context.Context, card chat.Card) error {
	blocks, text := c.painter(c.User).card(card, maxMessageBlocks)
	return c.patiently(ctx, func() error {
		err := errors.New("there is no address to answer to")
		if strings.HasPrefix(c.ResponseURL, "https://") || strings.HasPrefix(c.ResponseURL, "http://") {
			err = c.respond(ctx, blocks, text)
		}
		if err == nil || !channelForm.MatchString(c.Channel) {
			return err
		}
		return c.call(ctx, "chat.postEphemeral", c.Channel, func(ctx context.Context) error {
			_, err := c.web.PostEphemeralContext(ctx, c.Channel, c.User, cardOptions(blocks, text)...)
			return err
		})
	})
}

func (c *call) respond(ctx context.Context, blocks []api.Block, text string) error {
	return c.call(ctx, "response_url", c.ResponseURL, func(ctx context.Context) error {
		return api.PostWebhookCustomHTTPContext(ctx, c.ResponseURL, c.o.HTTPClient, &api.WebhookMessage{
			ResponseType: api.ResponseTypeEphemeral, Text: text, Blocks: &api.Blocks{BlockSet: blocks},
		})
	})
}

// patience is how long somebody's answer waits when Slack asks to wait.
const patience = 5 * time.Second

// patiently does something again after a short wait that Slack asked for.
// Only answers to people wait so; nothing else waits for them.
func (c *call) patiently(ctx context.Context, do func() error) error {
	for {
		err := do()
		f := access.AsFault(err)
		wait := f.RetryAt.Sub(c.now())
		if err == nil || f.Code != "slackBusy" || wait > patience {
			return err
		}
		select {
		case <-c.o.After(max(wait, 0)):
		case <-ctx.Done():
			return err
		}
	}
}
