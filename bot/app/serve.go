package app

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
)

// Serve serves real access until ctx ends: workers, and what watches over
// them. There is no playground in it.
func Serve(ctx context.Context, o ServeOptions) error {
	if err := o.Config.CheckServe(); err != nil {
		return trouble(err, "%s", inSentence(err))
	}
	door, err := listen(o.Config.Health.Addr, "--health-addr")
	if err != nil {
		return err
	}
	s, err := openStore(ctx, storeOptions(o.Config), storage.Serve)
	if err != nil {
		return errors.Join(err, door.Close())
	}
	b, err := newServeBot(ctx, o, s)
	if err != nil {
		return errors.Join(err, door.Close(), s.Close())
	}
	fmt.Fprintf(o.Out, "Usher serves from %s. /livez, /readyz and /metrics are on http://%s.\n", storeOptions(o.Config).where(), door.Addr())
	fmt.Fprintln(o.Out, chatsInWords(o.Config))
	watch := &ops{store: s, metrics: b.metrics}
	err = b.run(ctx, func(ctx context.Context) error { return watch.serve(ctx, door) })
	if err != nil {
		err = trouble(err, "Usher broke off: %s.", plain(err))
	}
	return errors.Join(err, s.Close())
}

// chatsInWords says which chats there are. This version can speak to none of
// those that may be configured.
func chatsInWords(c config.Config) string {
	if len(c.Chats) == 0 {
		return "No chat is configured: nobody can ask for anything here yet. What was granted still ends on time."
	}
	var names []string
	for _, chat := range c.Chats {
		names = append(names, chat.Name+" ("+chat.Kind+")")
	}
	return "Configured: " + strings.Join(names, ", ") + ". This version has no adapter for them yet: nobody can ask for anything here. What was granted still ends on time."
}

func newServeBot(ctx context.Context, o ServeOptions, s store) (*bot, error) {
	b, err := newBot(parts{
		store: s, tenant: o.Config.Tenant, clock: realClock{}, metrics: newMetrics(o.Version), log: o.serveLog(o.Config.Log.Level),
		people:     directories{},
		connectors: serveConnectors(),
	})
	if err != nil {
		return nil, err
	}
	return b, firstAdmins(ctx, b.runtime, o.Config)
}

// firstAdmins writes the tenant's settings if there are none: the admins in
// the configuration are the first ones; later ones are named in the settings.
func firstAdmins(ctx context.Context, r *runtime.Runtime, c config.Config) error {
	world, err := r.World(ctx, c.Tenant)
	if err != nil {
		return trouble(err, "The settings cannot be read: %s", inSentence(err))
	}
	if world.Settings.Revision > 0 {
		return nil
	}
	settings := access.Settings{Name: "Usher", Admins: c.Subjects()}
	_, err = r.Apply(ctx, c.Tenant, access.SystemActor().Person, engine.CommandID("first-admins"), runtime.Definitions{Settings: &settings})
	if err != nil {
		return trouble(err, "The first admins in USHER_ADMINS were refused: %s", inSentence(err))
	}
	return nil
}
