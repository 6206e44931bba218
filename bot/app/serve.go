package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/usher-dev/usher/adapters/discord"
	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
)

// ServeRun is a usher serve that was opened: everything is wired and nothing
// runs yet.
type ServeRun struct {
	// Watch is where /livez, /readyz and /metrics are, HTTP where chats call
	// (empty when none does).
	Watch, HTTP string
	// Runtime is for looking behind the scenes.
	Runtime *runtime.Runtime
	bot     *bot
	chats   []openChat
	watch   net.Listener
	http    net.Listener
	closers []func() error
}

// Serve serves real access until ctx ends: workers, chats, and what watches
// over them. There is no playground in it. Errors are for people.
func Serve(ctx context.Context, o ServeOptions) error {
	s, err := OpenServe(ctx, o)
	if err != nil {
		return err
	}
	fmt.Fprintf(o.Out, "Usher serves from %s. /livez, /readyz and /metrics are on http://%s.\n", storeOptions(o.Config).where(), s.Watch)
	fmt.Fprintln(o.Out, chatsInWords(o.Config))
	if s.HTTP != "" {
		fmt.Fprintf(o.Out, "Chats call on http://%s.\n", s.HTTP)
	}
	return s.Run(ctx)
}

// OpenServe opens usher serve. The addresses come first, so that nothing is
// made when one of them is taken. Whoever opened it has to Run it.
func OpenServe(ctx context.Context, o ServeOptions) (*ServeRun, error) {
	if err := o.Config.CheckServe(); err != nil {
		return nil, trouble(err, "%s", inSentence(err))
	}
	if o.Clock == nil {
		o.Clock = realClock{}
	}
	s := &ServeRun{}
	if err := s.open(ctx, o); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *ServeRun) open(ctx context.Context, o ServeOptions) error {
	log, b := o.serveLog(o.Config.Log.Level), &behind{holder: uuid.NewString()}
	var err error
	if o.Texts, err = o.words(); err != nil {
		return err
	}
	if s.chats, err = openChats(setting{Common: o.Common, config: o.Config, clock: o.Clock, log: log, behind: b}); err != nil {
		return err
	}
	if err := s.listen(o.Config); err != nil {
		return err
	}
	store, err := openStore(ctx, storeOptions(o.Config), storage.Serve)
	if err != nil {
		return err
	}
	s.closers = append(s.closers, store.Close)
	p := parts{
		Common: o.Common,
		store:  store, tenant: o.Config.Tenant, clock: o.Clock, metrics: newMetrics(o.Version), log: log,
		people:     directories{},
		connectors: serveConnectors(o.Config, s.chats, store, o.Clock),
	}
	for _, c := range s.chats {
		p.chats = append(p.chats, c.adapter)
		p.people[c.Name] = resident{c.adapter, c.Tenant}
	}
	p.metrics.registry.MustRegister(chatCounts{s.chats})
	if s.bot, err = newBot(p); err != nil {
		return err
	}
	s.Runtime, b.runtime, b.leases = s.bot.runtime, s.bot.runtime, store
	return firstAdmins(ctx, s.Runtime, o.Config)
}

// listen opens the address of those who watch and, if a chat calls over HTTP,
// the one for that.
func (s *ServeRun) listen(c config.Config) (err error) {
	if s.watch, err = listen(c.Health.Addr, "--health-addr"); err != nil {
		return err
	}
	s.closers = append(s.closers, s.watch.Close)
	s.Watch = s.watch.Addr().String()
	if c.HTTP.Addr == "" || !slices.ContainsFunc(s.chats, openChat.overHTTP) {
		return nil
	}
	if s.http, err = listen(c.HTTP.Addr, "USHER_HTTP_ADDR"); err != nil {
		return err
	}
	s.closers = append(s.closers, s.http.Close)
	s.HTTP = s.http.Addr().String()
	return nil
}

// Run serves until ctx ends, then closes everything. It ends with an error
// when a part breaks, such as a chat whose token is refused.
func (s *ServeRun) Run(ctx context.Context) error {
	watch := &ops{store: s.bot.store, metrics: s.bot.metrics, chats: map[string]readier{}}
	for _, c := range s.chats {
		watch.chats[c.Name] = c.adapter
	}
	doors := []func(context.Context) error{func(ctx context.Context) error { return watch.serve(ctx, s.watch) }}
	if s.http != nil {
		doors = append(doors, func(ctx context.Context) error { return answer(ctx, s.http, deliveries(s.chats), func() {}) })
	}
	err := s.bot.run(ctx, doors...)
	if err != nil {
		err = trouble(err, "Usher broke off: %s.", brokenOff(err))
	}
	return errors.Join(err, s.close())
}

// brokenOff is what the part that broke says, without the code.
func brokenOff(err error) string {
	if f := (*access.Fault)(nil); errors.As(err, &f) && f.Err != nil {
		return plain(f.Err)
	}
	return plain(err)
}

// close lets go of the addresses and the store.
func (s *ServeRun) close() error {
	var all error
	for _, closer := range slices.Backward(s.closers) {
		if err := closer(); err != nil && !errors.Is(err, net.ErrClosed) {
			all = errors.Join(all, err)
		}
	}
	s.closers = nil
	return all
}

// firstAdmins writes the settings of every tenant that has none: the admins in
// the configuration are the first ones; later ones are named in the settings.
// Only whether those who run a server of Discord are admins is up to the
// configuration at each start.
func firstAdmins(ctx context.Context, r *runtime.Runtime, c config.Config) error {
	for _, t := range tenants(c) {
		if err := firstAdminsOf(ctx, r, c, t); err != nil {
			return err
		}
	}
	return nil
}

func firstAdminsOf(ctx context.Context, r *runtime.Runtime, c config.Config, t access.TenantID) error {
	world, err := r.World(ctx, t)
	if err != nil {
		return trouble(err, "The settings cannot be read: %s", inSentence(err))
	}
	settings, err := withAdmins(world.Settings, c, t)
	if err != nil || settings.Revision > 0 && len(settings.Admins) == len(world.Settings.Admins) {
		return err
	}
	_, err = r.Apply(ctx, t, access.SystemActor().Person, engine.CommandID(fmt.Sprintf("first-admins/%d", settings.Revision)), runtime.Definitions{Settings: &settings})
	if err != nil {
		return trouble(err, "The first admins in USHER_ADMINS were refused: %s", inSentence(err))
	}
	return nil
}

// withAdmins are the settings of a tenant with the admins that the configuration
// names: all of them where there are no settings yet, then only those who run
// its servers.
func withAdmins(settings access.Settings, c config.Config, t access.TenantID) (access.Settings, error) {
	if settings.Revision == 0 {
		settings = access.Settings{Name: "Usher", Admins: adminsOf(c, t)}
	}
	for _, group := range serverAdmins(c, t) {
		if !slices.Contains(settings.Admins, group) {
			settings.Admins = append(slices.Clone(settings.Admins), group)
		}
	}
	if len(settings.Admins) == 0 {
		return settings, trouble(nil, "The tenant %s has no admin yet: name one of its chats' people in USHER_ADMINS, as in USHER_ADMINS=slack:T…/U… or USHER_ADMINS=discord:…", t)
	}
	return settings, nil
}

// serverAdmins are the groups of those who run the servers of a tenant's chats
// in Discord, if they are to be admins.
func serverAdmins(c config.Config, t access.TenantID) []access.Subject {
	var all []access.Subject
	for _, chat := range c.Chats {
		if chat.Kind == "discord" && chat.Tenant == t && c.Discord.Administrators {
			all = append(all, access.SomeGroup(discord.Administrators(chat.Name)))
		}
	}
	return all
}

// adminsOf are the admins whose chat is a tenant's. Who is of no chat that is
// configured counts for the configured tenant.
func adminsOf(c config.Config, t access.TenantID) []access.Subject {
	var own []access.Subject
	for i, subject := range c.Subjects() {
		of := c.Tenant
		for _, chat := range c.Chats {
			if strings.HasPrefix(string(c.Admins[i]), chat.Name+"/") {
				of = chat.Tenant
			}
		}
		if of == t {
			own = append(own, subject)
		}
	}
	return own
}
