package desk

import (
	"errors"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// again handles an intent once more that named the ledger of somebody who was
// linked with somebody else: what it named is in the other's ledger now.
func (c *call) again(in chat.Intent, err error) (chat.Reply, error) {
	var moved *runtime.Moved
	if !errors.As(err, &moved) {
		return nil, err
	}
	in = c.forward(in, *moved)
	c.actor = access.Actor{}
	if err := c.greet(in); err != nil {
		return nil, err
	}
	return c.handle(in)
}

// forward is the same intent with its address as it is now. What names no
// ledger finds the right one by itself.
func (c *call) forward(in chat.Intent, m runtime.Moved) chat.Intent {
	switch in := in.(type) {
	case chat.Pressed:
		in.Token = c.forwarded(in.Token, m)
		return in
	case chat.Filled:
		in.Form = c.forwarded(in.Form, m)
		return in
	case chat.Searched:
		in.Form = c.forwarded(in.Form, m)
		return in
	}
	return in
}

// forwarded is the address where something went, with the draft of its form.
func (c *call) forwarded(token string, m runtime.Moved) string {
	t, err := chat.ParseToken(token)
	if err != nil || t.Person != m.From {
		return token
	}
	t.Person = m.To
	if t.Request > 0 {
		t.Request += m.Shift
	}
	to, err := t.Encode()
	if err != nil {
		return token
	}
	c.takeDraft(formOf(token), formOf(to))
	return to
}

// formOf is the id of the form that a token belongs to.
func formOf(token string) string {
	return strings.TrimPrefix(strings.TrimPrefix(token, more), sure)
}

// takeDraft keeps what was typed into a form whose address has changed.
func (c *call) takeDraft(from, to string) {
	data, err := c.scratch.Get(c.ctx, c.draftName(from), c.now)
	if err == nil && len(data) > 0 {
		err = c.scratch.Put(c.ctx, c.draftName(to), data, c.now, draftTTL)
	}
	if err != nil {
		c.log.Warn().Err(err).Msg("a draft cannot be taken along")
	}
}
