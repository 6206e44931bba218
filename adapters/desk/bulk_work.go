package desk

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

const (
	// bulkStep is how many lines are worked on before they are kept and
	// progress is shown.
	bulkStep = 50
	// bulkAtOnce is how many of them are worked on at a time.
	bulkAtOnce = 8
	// bulkSpare is how much of the time for an answer is left for saying it.
	bulkSpare = 8 * time.Second
)

// inTime is a call that gives up some seconds before its answer has to be
// there.
func (c *call) inTime() (*call, context.CancelFunc) {
	deadline, ok := c.ctx.Deadline()
	if !ok {
		return c, func() {}
	}
	own := *c
	ctx, cancel := context.WithDeadline(c.ctx, deadline.Add(-bulkSpare))
	own.ctx = ctx
	return &own, cancel
}

// each works on the lines from on, some at a time, until they are all done or
// time is over. It returns how many are. f says false for a line that has to
// be worked on again.
func (c *call) each(b *bulk, from int, f func(*call, *bulkLine) bool, kept func(done int) error) (int, error) {
	in, cancel := c.inTime()
	defer cancel()
	for from < len(b.Lines) && in.ctx.Err() == nil {
		to := min(from+bulkStep, len(b.Lines))
		done := make([]bool, to-from)
		var g errgroup.Group
		g.SetLimit(bulkAtOnce)
		for i := from; i < to; i++ {
			g.Go(func() error {
				own := *in
				done[i-from] = in.ctx.Err() == nil && f(&own, &b.Lines[i])
				return nil
			})
		}
		_ = g.Wait() // the lines say what went wrong
		if n := slices.Index(done, false); n >= 0 {
			return from + n, kept(from + n)
		}
		from = to
		if err := kept(from); err != nil {
			return from, err
		}
	}
	return from, nil
}

// understand finds out who is meant by each line, and what stands in the way.
func (c *call) understand(b *bulk) error {
	w, err := c.core.World(c.ctx, c.from.Tenant, b.Package)
	if err != nil {
		return err
	}
	b.Read, err = c.each(b, b.Read, func(c *call, l *bulkLine) bool { return c.readLine(b, l, w) }, func(done int) error {
		b.Read = done
		return c.keepBulk(b)
	})
	if err != nil || b.Read < len(b.Lines) {
		return err
	}
	seen := map[access.PersonID]bulkLine{}
	for i := range b.Lines {
		l := &b.Lines[i]
		if before, twice := seen[l.Person]; twice && l.Person != "" {
			l.Wrong = c.plain("bulk.twice", "name", first(l.Name, string(l.Person)), "n", before.N, "typed", cut(oneLine(before.Who), 60))
			continue
		}
		seen[l.Person] = *l
	}
	return c.keepBulk(b)
}

// readLine understands one line, and tries it on a copy: what would be refused
// is said before anything is done. False: what it takes did not answer.
func (c *call) readLine(b *bulk, l *bulkLine, w engine.World) bool {
	l.Wrong = ""
	err := c.tryLine(b, l, w)
	e, refused := access.AsError(err)
	if err != nil && (!refused || e.Kind == access.Unavailable) {
		return false
	}
	if refused {
		l.Wrong = c.flat(c.explain(e))
	}
	return true
}

func (c *call) tryLine(b *bulk, l *bulkLine, w engine.World) error {
	if l.Who == "" {
		return access.Refuse(access.Invalid, "bulkNobody")
	}
	profile, err := c.lineOf(l.Who)
	if err != nil {
		return err
	}
	l.Person, l.Name = profile.Person, profile.Name
	if until := first(l.Until, b.Until); until != "" {
		window, err := access.ParseUntil(until, c.now, c.zone)
		if err != nil {
			return err
		}
		l.End, l.For = window.End, window.For
	}
	v, err := c.core.Ledger(c.ctx, c.from.Tenant, c.actor, l.Person)
	if err != nil {
		return err
	}
	ledger := v.Ledger
	if ledger.Person == "" {
		ledger = engine.New(c.from.Tenant, l.Person)
	}
	would, err := engine.Step(ledger, b.assign(*l)(engine.Meta{ID: "look", At: c.now, Actor: c.actor}), merged(v.World, w))
	if r := would.Next.Request(would.Request); err == nil && r != nil {
		l.Window = r.Window
	}
	return err
}

// lineOf finds the person of a line: an account, a mention, an e-mail address
// or a name.
func (c *call) lineOf(typed string) (access.Profile, error) {
	profile, _, err := c.person(c.accountOf(addressIn(typed)))
	if access.IsCode(err, "unknownPerson") {
		return profile, access.Refuse(access.NotFound, "unknownPerson", "value", cut(typed, 50))
	}
	return profile, err
}

// addressIn is the e-mail address in what mail programs write: "Mina Okafor
// <mina@example.org>".
func addressIn(typed string) string {
	if a, err := mail.ParseAddress(typed); err == nil && strings.HasSuffix(typed, ">") {
		return a.Address
	}
	return typed
}

// assign is the command of a line.
func (b bulk) assign(l bulkLine) func(engine.Meta) engine.Command {
	return func(m engine.Meta) engine.Command {
		return engine.Assign{Meta: m, Package: b.Package, End: l.End, For: l.For, Reason: first(l.Reason, b.Reason)}
	}
}

// carryLines assigns line after line, and shows how far it is. Each line has a
// command id of its own, so that none is assigned twice, also when it is gone
// on with after a restart.
func (c *call) carryLines(b *bulk) error {
	c.showProgress(b)
	var err error
	b.At, err = c.each(b, b.At, func(c *call, l *bulkLine) bool { return c.carryLine(b, l) }, func(done int) error {
		b.At = done
		c.showProgress(b)
		return c.keepBulk(b)
	})
	return err
}

// carryLine assigns one line; false: it has to be tried again.
func (c *call) carryLine(b *bulk, l *bulkLine) bool {
	if l.Wrong != "" {
		return true
	}
	l.Done, l.Refused = false, ""
	id := engine.CommandID(fmt.Sprintf("bulk:%s:%d:%d", c.from.Account, b.Face, l.N))
	_, err := c.core.Do(c.ctx, c.from.Tenant, c.from.Account, l.Person, id, b.assign(*l))
	e, refused := access.AsError(err)
	var moved *runtime.Moved
	switch {
	case err == nil:
		l.Done = true
	case refused && e.Kind != access.Unavailable:
		l.Refused = c.flat(c.explain(e))
	case errors.As(err, &moved):
		l.Refused = c.plain("bulk.moved")
	default:
		return false
	}
	return true
}

// showProgress keeps a message of its own up to date while many lines are
// worked on. Whoever cannot get it has the answer.
func (c *call) showProgress(b *bulk) {
	a, ok := c.adapter(c.from.Account)
	if !ok || len(b.Lines) <= bulkStep {
		return
	}
	card := fit(c.bulkResult(b))
	var err error
	if b.Ref == "" {
		b.Ref, err = a.Post(c.ctx, chat.EffectID(fmt.Sprintf("bulk:%s:%d", c.from.Account, b.Face)), chat.Address{Account: c.from.Account}, card)
	} else {
		err = a.Edit(c.ctx, b.Ref, card)
	}
	if err != nil {
		c.log.Warn().Str("code", access.AsFault(err).Code).Msg("the progress of a list cannot be shown")
	}
}
