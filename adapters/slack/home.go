package slack

import (
	"context"
	"strconv"
	"time"

	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/chat"
)

// homeRest is how long a home waits for more to change before it is drawn
// again: cards that change together are one drawing. Slack takes about a
// hundred in a minute ("views.publish", tier 4).
const homeRest = 2 * time.Second

// publish draws the App Home of a person. It is drawn whenever they look at
// it and, as long as this process drew it before, after what they do and after
// a card of theirs changed.
func (c *call) publish(ctx context.Context, reply chat.Reply) error {
	tell, ok := reply.(chat.Tell)
	if !ok {
		return nil
	}
	view := c.painter(c.User).home(c.withLacks(ctx, tell.Card))
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
		c.homes.Put(c.User, true)
		if c.Channel != "" {
			c.owners.Put(c.Channel, c.User)
		}
	}
	return err
}

// homeLater draws the home of somebody whose card changed, in the background
// and once for all that changes meanwhile. One that Slack does not take is left
// as it is until the next change.
func (a *Adapter) homeLater(user string) {
	run := a.running.Load()
	if drawn, _ := a.homes.Get(user); !drawn || run == nil {
		return
	}
	if _, planned := a.redraws.LoadOrStore(user, true); planned {
		return
	}
	if !a.jobs.Start(func() { a.redrawHome(run, user) }) {
		a.redraws.Delete(user)
	}
}

func (a *Adapter) redrawHome(run *running, user string) {
	defer a.survive("home")
	select {
	case <-a.o.After(homeRest):
	case <-run.ctx.Done():
	}
	a.redraws.Delete(user) // from here on a change is not in this drawing
	if run.ctx.Err() != nil {
		return
	}
	c := &call{Adapter: a, act: act{Surface: onOpened, User: user}}
	in := parser{chat: a.o.Name, tenant: a.o.Tenant}.homeOf(user, "home/"+strconv.FormatInt(a.now().UnixNano(), 36))
	if err := c.publish(run.ctx, c.ask(run.ctx, run.handler, in)); err != nil {
		a.o.Log.Warn().Str("why", c.scrub(err)).Msg("slack: the home is not up to date")
	}
}

// refreshHome draws the home again after its owner did something.
func (c *call) refreshHome(ctx context.Context, h chat.Handler) {
	switch c.Surface {
	case onMessage, onHome, onModal, onSubmit:
	default:
		return
	}
	if drawn, _ := c.homes.Get(c.User); !drawn {
		return
	}
	in := parser{chat: c.o.Name, tenant: c.o.Tenant}.homeOf(c.User, c.Trigger+"/home")
	if err := c.publish(ctx, c.ask(ctx, h, in)); err != nil {
		c.o.Log.Warn().Str("why", c.scrub(err)).Msg("slack: the home is not up to date")
	}
}
