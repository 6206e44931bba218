package slack

import (
	"context"

	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/chat"
)

// publish draws the App Home of a person. It is drawn whenever they look at
// it, and after what they do, as long as this process drew it before.
func (c *call) publish(ctx context.Context, reply chat.Reply) error {
	tell, ok := reply.(chat.Tell)
	if !ok {
		return nil
	}
	view := c.painter(c.User).home(tell.Card)
	if err := checkBlocks(view.Blocks.BlockSet, maxViewBlocks); err != nil {
		return err
	}
	err := c.patiently(ctx, func() error {
		return c.call(ctx, "views.publish", "", func(ctx context.Context) error {
			_, err := c.web.PublishViewContext(ctx, api.PublishViewContextRequest{UserID: c.User, View: view})
			return err
		})
	})
	if err == nil {
		c.homes.put(c.User, true)
	}
	return err
}

// refreshHome draws the home again after its owner did something.
func (c *call) refreshHome(ctx context.Context, h chat.Handler) {
	switch c.Surface {
	case onMessage, onHome, onModal, onSubmit:
	default:
		return
	}
	if drawn, _ := c.homes.get(c.User); !drawn {
		return
	}
	in := parser{chat: c.o.Name, tenant: c.o.Tenant}.homeOf(c.User, c.Trigger+"/home")
	if err := c.publish(ctx, c.ask(ctx, h, in)); err != nil {
		c.o.Log.Warn().Str("why", c.scrub(err)).Msg("slack: the home is not up to date")
	}
}
