package discord

import (
	"context"
	"time"
)

const (
	leaseFor   = 15 * time.Second
	leaseEvery = 5 * time.Second
)

// listen holds the gateway whenever this process is elected to. Everybody who
// is not stands by: they do all other work, and take over when the holder has
// said nothing for leaseFor, or let go.
//
// A fail-over loses no click that was answered: an answer that says that
// something was done is given after it was committed. While two connections
// overlap, Discord tells both of a click, which has one id and so is one
// command. A click in between reaches nobody; the person sees that, and presses
// again.
func (a *Adapter) listen(ctx context.Context) error {
	for ctx.Err() == nil {
		if !a.elected(ctx) {
			a.line.Store(lineStandby)
			a.wait(ctx, leaseEvery)
			continue
		}
		term, resign := context.WithCancel(ctx)
		renewed := make(chan struct{})
		go func() {
			defer close(renewed)
			defer a.survive("lease")
			defer resign()
			a.renew(term)
		}()
		err := a.hold(term)
		resign()
		<-renewed
		a.letGo(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *Adapter) leaseName() string { return "discord/" + a.o.Name + "/gateway" }

// elected takes or renews the lease.
func (a *Adapter) elected(ctx context.Context) bool {
	if a.o.Leases == nil {
		return true
	}
	mine, err := a.o.Leases.Lease(ctx, a.leaseName(), a.o.Holder, a.now(), leaseFor)
	if err != nil && ctx.Err() == nil {
		a.o.Log.Warn().Err(err).Msg("discord: cannot find out who holds the gateway")
	}
	return mine && err == nil
}

// renew keeps the lease and returns when it is lost or ctx ended. A store that
// does not answer is borne as long as nobody else can have the lease.
func (a *Adapter) renew(ctx context.Context) {
	if a.o.Leases == nil {
		<-ctx.Done()
		return
	}
	last := a.now()
	for {
		a.wait(ctx, leaseEvery)
		if ctx.Err() != nil {
			return
		}
		mine, err := a.o.Leases.Lease(ctx, a.leaseName(), a.o.Holder, a.now(), leaseFor)
		switch {
		case err == nil && mine:
			last = a.now()
		case err == nil, a.now().Sub(last) >= leaseFor-leaseEvery:
			a.o.Log.Warn().Msg("discord: another process holds the gateway now")
			return
		}
	}
}

// letGo lets another process take over at once.
func (a *Adapter) letGo(ctx context.Context) {
	if a.o.Leases == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := a.o.Leases.Release(ctx, a.leaseName(), a.o.Holder); err != nil {
		a.o.Log.Warn().Err(err).Msg("discord: the gateway is not handed over before its lease ends")
	}
}
