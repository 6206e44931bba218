package desk

import (
	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// remark keeps what somebody wrote below a card with the request that it
// shows. Nobody is answered but auditors, who take part in nothing: people talk
// to each other there, and what is not kept stays where it was written.
func (c *call) remark(in chat.Replied) (chat.Reply, error) {
	holder, request, ok, err := c.core.CardOf(c.ctx, c.from.Tenant, in.Ref)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, access.Refuse(access.NotFound, "unknownRequest")
	}
	_, err = c.do(holder, func(m engine.Meta) engine.Command {
		return engine.Remark{Meta: m, Request: request, Text: in.Text}
	})
	if e, ok := access.AsError(err); ok && e.Code == "auditorReads" && c.hello() == nil {
		return c.sorry(e), nil
	}
	return chat.Nothing{}, err
}
