package desk

import (
	"context"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// Trail says events of the audit, one plain line each in the order given, in
// the words of `/access-admin audit` and in the first of the locales that
// there are texts in, else in English. A line does not say when it was: pages
// show that in their own way. A name that can't be read is replaced by the id.
func (d *Desk) Trail(ctx context.Context, t access.TenantID, events []engine.Event, locales ...string) []string {
	c := &call{Desk: d, ctx: ctx, from: chat.Who{Tenant: t}, now: d.clock.Now(), tongue: d.texts.in("", locales...)}
	lines := make([]runtime.Line, len(events))
	for i, e := range events {
		e.At = time.Time{}
		lines[i].Event = e
	}
	out := make([]string, len(events))
	for i, item := range c.auditItems(lines) {
		out[i] = c.flat(item)
	}
	return out
}
