package app

import (
	"context"
	"errors"

	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/desk"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// parts are what a bot is wired from.
type parts struct {
	Common
	store      store
	tenant     access.TenantID
	clock      runtime.Clock
	chats      []chat.Adapter
	people     directories
	connectors map[string]runtime.Connector
	metrics    *metrics
	log        zerolog.Logger
}

// bot is Usher: the engine behind a runtime, the desk in front of it, and the
// chats that people speak to it in.
type bot struct {
	parts
	runtime *runtime.Runtime
	desk    *desk.Desk
}

// newBot wires the parts. Nothing runs yet.
func newBot(p parts) (*bot, error) {
	connectors := map[string]runtime.Connector{}
	for name, c := range p.connectors {
		connectors[name] = metered(c, name, p.metrics)
	}
	r := runtime.New(runtime.Options{
		Store: meteredStore{p.store, p.metrics}, Directory: p.people, Connectors: connectors, Clock: p.clock,
		Log: p.log, Chats: p.people.tenants(), DirectoryWait: p.DirectoryWait,
	})
	d, err := desk.New(desk.Parts{Scratch: p.store, Clock: p.clock, Chats: p.chats, Tenants: p.people.tenants(), Export: oneFile, Log: p.log, Texts: p.Texts})
	if err != nil {
		return nil, trouble(err, "The texts of Usher are broken: %v.", err)
	}
	d.Use(r)
	r.SetMessenger(meteredMessenger{d, p.metrics})
	return &bot{parts: p, runtime: r, desk: d}, nil
}

// run opens the doors, takes intents and works through what is due until ctx
// ends. It stops in this order: nothing new comes in, answers under way are
// finished, workers are drained. When one part breaks, all of it stops.
func (b *bot) run(ctx context.Context, doors ...func(context.Context) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	work, talk, open := newLayer(ctx, stop), newLayer(ctx, stop), newLayer(ctx, stop)
	work.start(b.runtime.Run)
	for _, c := range b.chats {
		talk.start(func(ctx context.Context) error { return c.Run(ctx, meteredHandler{b.desk, b.metrics, b.runtime}) })
	}
	for _, door := range doors {
		open.start(door)
	}
	<-ctx.Done()
	return errors.Join(open.end(), talk.end(), work.end())
}

// layer is a set of things that run and are ended together.
type layer struct {
	ctx    context.Context
	cancel context.CancelFunc
	group  errgroup.Group
	ended  func() // called when one of them ends, for whatever reason
}

// newLayer makes a layer that outlives ctx: it ends by end alone.
func newLayer(ctx context.Context, ended func()) *layer {
	l := &layer{ended: ended}
	l.ctx, l.cancel = context.WithCancel(context.WithoutCancel(ctx))
	return l
}

func (l *layer) start(f func(context.Context) error) {
	l.group.Go(func() error {
		defer l.ended()
		return f(l.ctx)
	})
}

// end asks all to end, waits for them, and returns the first error.
func (l *layer) end() error {
	l.cancel()
	return l.group.Wait()
}
