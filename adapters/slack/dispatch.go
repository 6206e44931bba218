package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/chat"
)

// Slack waits 3 seconds for an answer, and a trigger is good for as long.
const (
	waitModal    = 1500 * time.Millisecond // then a modal says that it takes longer
	waitAnswer   = 2500 * time.Millisecond // then Slack gets its answer in any case
	handleWithin = 30 * time.Second        // of the handler
	answerWithin = 10 * time.Second        // of what is sent to Slack
	settle       = 500 * time.Millisecond  // for an answer to be there before the next edit
)

// take carries out what somebody did and returns when Slack has its answer.
// reply is called exactly once, with nil for an empty answer; it must not
// block. A late result goes on in the background and ends in an edit. What is
// under way when Run ends is finished.
func (a *Adapter) take(in act, reply func(payload any)) {
	c := &call{Adapter: a, act: in, reply: reply, answered: make(chan struct{})}
	run := a.running.Load()
	if run == nil {
		c.ack(nil)
		return
	}
	started := a.jobs.Start(func() {
		defer c.ack(nil)
		defer a.survive("answer")
		c.carryOut(context.WithoutCancel(run.ctx), run.handler)
	})
	if !started {
		c.ack(nil)
		return
	}
	a.count("taken")
	c.watch(context.WithoutCancel(run.ctx))
}

// watch keeps Slack from waiting too long.
func (c *call) watch(ctx context.Context) {
	modal, answer := c.o.After(waitModal), c.o.After(waitAnswer)
	for {
		select {
		case <-c.answered:
			return
		case <-modal:
			modal = nil
			c.jobs.Start(func() {
				defer c.survive("waiting")
				c.wait(ctx)
			})
		case <-answer:
			c.count("late")
			c.late()
			return
		}
	}
}

// survive keeps a panic from ending the process.
func (a *Adapter) survive(where string) {
	if broken := recover(); broken != nil {
		a.count("panic")
		a.o.Log.Error().Interface("panic", broken).Str("where", where).Msg("slack: something broke")
	}
}

// call is one thing that somebody did, on its way to its answer.
type call struct {
	*Adapter
	act
	reply    func(any)
	once     sync.Once
	answered chan struct{}

	mu      sync.Mutex
	decided bool   // there is a reply: no more waiting
	waiting string // the id of the modal that says so
	settled <-chan time.Time
}

// ack gives Slack its answer; false when it has one already, or when the
// answer is too large for the way that it has to go.
func (c *call) ack(payload any) bool {
	if payload != nil {
		data, err := json.Marshal(payload)
		if err != nil || len(data) > maxSocketAnswer {
			return false
		}
	}
	first := false
	c.once.Do(func() {
		first = true
		c.reply(payload)
		close(c.answered)
	})
	return first
}

// ask gives the intent to the handler. It always returns a reply.
func (c *call) ask(ctx context.Context, h chat.Handler, in chat.Intent) (out chat.Reply) {
	defer func() {
		if broken := recover(); broken != nil {
			c.count("panic")
			c.o.Log.Error().Interface("panic", broken).Str("intent", fmt.Sprintf("%T", in)).Msg("slack: the handler broke")
			out = chat.Tell{Card: sentence(c.painter(c.User).words["broken"])}
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, handleWithin)
	defer cancel()
	if out = h.Handle(ctx, in); out == nil {
		return chat.Nothing{}
	}
	return out
}

func sentence(s string) chat.Card {
	return chat.Card{Summary: s, Tone: chat.ToneBad, Blocks: []chat.Block{{Text: chat.Say(s)}}}
}

func (c *call) carryOut(ctx context.Context, h chat.Handler) {
	if c.Intent == nil {
		c.tellOthers(ctx)
		return
	}
	reply := c.withFiles(ctx, c.ask(ctx, h, c.Intent))
	c.mu.Lock()
	c.decided = true
	c.mu.Unlock()
	sending, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	if err := c.answer(sending, reply); err != nil {
		c.o.Log.Warn().Str("why", c.scrub(err)).Str("on", string(c.Surface)).Msg("slack: an answer did not arrive")
	}
	c.ack(nil)
	c.refreshHome(sending, h)
}

// tellOthers passes on what is no person's doing.
func (c *call) tellOthers(ctx context.Context) {
	if c.Left != "" && c.o.OnLeft != nil {
		c.o.OnLeft(ctx, c.Left)
	}
	if c.Group != "" {
		c.groups.forget()
		if c.o.OnGroup != nil {
			c.o.OnGroup(ctx, c.Group)
		}
	}
}

// answer shows the reply where the person is.
func (c *call) answer(ctx context.Context, reply chat.Reply) error {
	switch c.Surface {
	case onSearch:
		found, _ := reply.(chat.Offer)
		c.ack(offer(found.Options))
		return nil
	case onSubmit:
		return c.answerSubmit(ctx, reply)
	case onOpened:
		return c.publish(ctx, reply)
	case onEvent:
		if tell, ok := reply.(chat.Tell); ok {
			c.ack(nil)
			return c.whisper(ctx, tell.Card)
		}
		return nil
	}
	p := c.painter(c.User)
	switch r := reply.(type) {
	case chat.Show:
		return c.show(ctx, p.form(r))
	case chat.Tell:
		return c.tell(ctx, r.Card)
	}
	return c.nothing(ctx)
}

// tell says something privately, as near as it can be.
func (c *call) tell(ctx context.Context, card chat.Card) error {
	p := c.painter(c.User)
	if c.waitingModal() != "" || c.Surface == onModal || c.Surface == onLive || c.Surface == onHome || c.Surface == onGlobal {
		return c.show(ctx, p.answer(card))
	}
	if c.Surface == onCommand {
		blocks, text := p.card(card, maxMessageBlocks)
		if c.ack(api.Msg{ResponseType: api.ResponseTypeEphemeral, Text: text, Blocks: api.Blocks{BlockSet: blocks}}) {
			return nil
		}
	}
	return c.whisper(ctx, card)
}

// nothing ends a modal that said that it takes longer.
func (c *call) nothing(ctx context.Context) error {
	if c.waitingModal() == "" {
		return nil
	}
	return c.show(ctx, c.painter(c.User).note("answer.title", "done"))
}

// answerSubmit answers a form: with what is wrong at its fields, with another
// page or a card in its place, or by closing it.
func (c *call) answerSubmit(ctx context.Context, reply chat.Reply) error {
	p := c.painter(c.User)
	var next api.ModalViewRequest
	switch r := reply.(type) {
	case chat.Show:
		if errs, ok := errorsAt(r.Page, c.View); ok && c.ack(api.NewErrorsViewSubmissionResponse(errs)) {
			return nil
		}
		next = p.form(r)
	case chat.Tell:
		next = p.answer(r.Card)
	default:
		if c.ack(nil) {
			return nil
		}
		next = p.note("answer.title", "done")
	}
	if err := checkModal(next); err != nil {
		c.o.Log.Error().Err(err).Msg("slack: a modal breaks Slack's limits")
		next = p.note("answer.title", "broken")
	}
	if c.ack(api.NewUpdateViewSubmissionResponse(&next)) {
		return nil
	}
	c.ackWorking() // unless that was done before, next is too large for the answer itself
	c.mu.Lock()
	settled := c.settled
	c.mu.Unlock()
	select {
	case <-settled:
	case <-ctx.Done():
	}
	return c.update(ctx, next, c.View.ID, "")
}

// ackWorking answers a form with a page that says that it takes longer. The
// answer and a later edit go different ways, so the edit must wait a little,
// or it could be overtaken.
func (c *call) ackWorking() {
	v := c.painter(c.User).note("working.title", "working")
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.settled == nil && c.ack(api.NewUpdateViewSubmissionResponse(&v)) {
		c.settled = c.o.After(settle)
	}
}

// show puts a modal before the person: in place of the one that they have
// open, else with their trigger.
func (c *call) show(ctx context.Context, v api.ModalViewRequest) error {
	if err := checkModal(v); err != nil {
		c.o.Log.Error().Err(err).Msg("slack: a modal breaks Slack's limits")
		v = c.painter(c.User).note("answer.title", "broken")
	}
	if id := c.waitingModal(); id != "" {
		return c.update(ctx, v, id, "")
	}
	switch c.Surface {
	case onLive:
		// With the hash, a page that was drawn for an older change gives way.
		if err := c.update(ctx, v, c.View.ID, c.View.Hash); slackCode(err) != "hash_conflict" {
			return err
		}
		return nil
	case onModal:
		return c.update(ctx, v, c.View.ID, "")
	}
	_, err := c.open(ctx, v)
	if err != nil && c.ResponseURL != "" {
		return c.whisper(ctx, sentence(c.painter(c.User).words["noModal"]))
	}
	return err
}

func (c *call) open(ctx context.Context, v api.ModalViewRequest) (id string, err error) {
	err = c.call(ctx, "views.open", "", func(ctx context.Context) error {
		got, err := c.web.OpenViewContext(ctx, c.Trigger, v)
		if err == nil {
			id = got.ID
		}
		return err
	})
	return id, err
}

func (c *call) update(ctx context.Context, v api.ModalViewRequest, id, hash string) error {
	return c.patiently(ctx, func() error {
		return c.call(ctx, "views.update", "", func(ctx context.Context) error {
			_, err := c.web.UpdateViewContext(ctx, v, "", hash, id)
			return err
		})
	})
}

func (c *call) waitingModal() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.waiting
}

// wait opens a modal that says that it takes longer, while the trigger is
// still good. The reply waits for it, so that it can be shown there.
func (c *call) wait(ctx context.Context) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch c.Surface {
	case onCommand, onMessage, onGlobal, onHome:
	default:
		return
	}
	if c.decided || c.Intent == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	id, err := c.open(ctx, c.painter(c.User).note("working.title", "working"))
	if err != nil {
		c.o.Log.Warn().Str("why", err.Error()).Msg("slack: cannot say that it takes longer")
		return
	}
	c.waiting = id
}

// late gives Slack an answer before there is one.
func (c *call) late() {
	switch c.Surface {
	case onSubmit:
		c.ackWorking()
	case onSearch:
		c.ack(offer(nil))
	}
	c.ack(nil)
}
