package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/url"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/connect/playground"
	page "github.com/usher-dev/usher/adapters/playground"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
)

// DemoTenant is the organisation of the demo.
const DemoTenant access.TenantID = "demo"

// DemoRun is a demo that was opened: everything is wired and nothing runs yet.
type DemoRun struct {
	// URL is the page's address, with the token if it needs one.
	URL string
	// Runtime is for looking behind the scenes.
	Runtime *runtime.Runtime
	bot     *bot
	page    *page.Adapter
	rooms   *rooms.Rooms
	door    net.Listener
	closers []func() error
	where   string // of the data, for people
}

// Demo tries Usher out: it opens a demo, says where to look and runs until ctx
// ends. Errors are for people.
func Demo(ctx context.Context, o DemoOptions) error {
	d, err := OpenDemo(ctx, o)
	if err != nil {
		return err
	}
	err = d.run(ctx, func() { d.welcome(o) })
	if err == nil {
		fmt.Fprintln(o.Out, "Stopped. Everything is kept; start again to go on.")
	}
	return err
}

// OpenDemo opens a demo. The address comes first, so that nothing is made or
// thrown away when there is nowhere to show it. Whoever opened it has to Run
// it, or to Close it.
func OpenDemo(ctx context.Context, o DemoOptions) (*DemoRun, error) {
	if o.Redis != "" && o.Data != "" {
		fmt.Fprintln(o.Out, "--data is ignored: with --redis everything is kept in Redis, the page's messages as well.")
	}
	if o.Data == "" && o.Redis == "" {
		dir, err := demoData()
		if err != nil {
			return nil, err
		}
		o.Data = dir
	}
	door, err := listen(o.Addr, "--addr")
	if err != nil {
		return nil, err
	}
	d := &DemoRun{door: door, closers: []func() error{door.Close}}
	if err := d.open(ctx, o); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func (d *DemoRun) open(ctx context.Context, o DemoOptions) error {
	d.where = o.where()
	main, chats, err := d.stores(ctx, o)
	if err != nil {
		return err
	}
	log, m := o.demoLog(), newMetrics(o.Version)
	token := ""
	if !loopback(d.door.Addr()) {
		token = rand.Text()
	}
	d.URL = pageURL(d.door.Addr(), token)
	d.page, err = page.New(ctx, page.Options{Store: chats, Tenant: DemoTenant, Base: o.Clock, Log: log, Token: token})
	if err != nil {
		return trouble(err, "The playground cannot be opened: %s.", plain(err))
	}
	d.rooms = rooms.New(chats, DemoTenant, d.page, rooms.Options{})
	d.bot, err = newBot(parts{
		Common: o.Common,
		store:  main, tenant: DemoTenant, clock: d.page, metrics: m, log: log,
		chats:      []chat.Adapter{d.page},
		people:     directories{d.page.Name(): {d.page, DemoTenant}},
		connectors: demoConnectors(d.rooms),
	})
	if err != nil {
		return err
	}
	d.Runtime = d.bot.runtime
	d.page.Wire(page.Ports{
		Rooms: roomsOnPage{d.rooms}, Audit: auditOnPage{d.Runtime, d.bot.desk, DemoTenant},
		OnJump: func(context.Context) { d.Runtime.Wake() },
		OnLeft: leaver(d.Runtime, DemoTenant),
	})
	return d.fill(ctx)
}

// stores opens where Usher and where the playground keep their data: two
// files, or two sets of keys in one Redis.
func (d *DemoRun) stores(ctx context.Context, o DemoOptions) (main store, chats runtime.Store, err error) {
	if o.Redis != "" {
		if o.Fresh {
			if err := wipeRedis(ctx, o.StoreOptions); err != nil {
				return nil, nil, err
			}
		}
		main, err = openStore(ctx, o.StoreOptions, storage.Demo)
		if err != nil {
			return nil, nil, err
		}
		d.closers = append(d.closers, main.Close)
		return main, main, nil
	}
	if o.Fresh {
		if err := wipeFiles(o.Out, o.Data, usherFile, playgroundFile); err != nil {
			return nil, nil, err
		}
	}
	if err := wholeDemo(o.Data); err != nil {
		return nil, nil, err
	}
	if main, err = openDemoFile(o.Data, usherFile); err != nil {
		return nil, nil, err
	}
	d.closers = append(d.closers, main.Close)
	second, err := openDemoFile(o.Data, playgroundFile)
	if err != nil {
		return nil, nil, err
	}
	d.closers = append(d.closers, second.Close)
	return main, second, nil
}

// Run runs the demo until ctx ends, then closes it. A request that comes
// before everything runs waits until it does.
func (d *DemoRun) Run(ctx context.Context) error { return d.run(ctx, func() {}) }

// run is Run that says when requests are answered.
func (d *DemoRun) run(ctx context.Context, ready func()) error {
	err := d.bot.run(ctx, func(ctx context.Context) error {
		select {
		case <-d.page.Ready():
			ready()
		case <-ctx.Done():
		}
		return d.page.Serve(ctx, d.door)
	})
	if err != nil {
		err = trouble(err, "The demo broke off: %s.", plain(err))
	}
	return errors.Join(err, d.Close())
}

// Close lets go of the address and the stores. It may be called twice.
func (d *DemoRun) Close() error {
	var first error
	for i := len(d.closers) - 1; i >= 0; i-- {
		if err := d.closers[i](); err != nil && !errors.Is(err, net.ErrClosed) && first == nil {
			first = trouble(err, "The data could not be closed properly: %s.", plain(err))
		}
	}
	d.closers = nil
	return first
}

// loopback reports whether only this computer reaches an address.
func loopback(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// pageURL is what to open in a browser. An address that stands for all of the
// computer's own is reached by its name for itself.
func pageURL(a net.Addr, token string) string {
	host := a.String()
	if tcp, ok := a.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		host = fmt.Sprintf("localhost:%d", tcp.Port)
	}
	u := url.URL{Scheme: "http", Host: host, Path: "/"}
	if token != "" {
		u.RawQuery = url.Values{"token": {token}}.Encode()
	}
	return u.String()
}

func (d *DemoRun) welcome(o DemoOptions) {
	fmt.Fprintf(o.Out, `Usher is ready: %s
This is for trying out: whoever opens the page can act as everybody on it.
The data is kept in %s (start with --fresh to begin anew).

What to try:
  1. As Carla, type  /access request contractor  and fill in the form.
  2. As Olga, press Approve on the card and give a reason.
  3. As Carla, accept the terms. Now look at the resources.
  4. Put the clock forward by %d days: the access is taken away again.
The other packages show a quorum, two stages, fallbacks and more. The contractor's
ends on a fixed day: after it, start with --fresh to ask for it again.
Ctrl-C stops it.
`, d.URL, d.where, contractorDays)
}

// contractorDays is more than the sample package for contractors lasts.
const contractorDays = 32
