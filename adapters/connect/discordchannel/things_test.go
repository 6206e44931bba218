package discordchannel_test

import (
	"sync"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/connect/connecttest"
	"github.com/usher-dev/usher/adapters/connect/discordchannel"
	"github.com/usher-dev/usher/adapters/discord"
	"github.com/usher-dev/usher/adapters/discord/discordfake"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// moved is a clock that goes when it is told to.
type moved struct {
	mu  sync.Mutex
	now time.Time
}

func (c *moved) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *moved) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// at is a connector that has a clock of its own.
func (w *world) at(c *moved, servers ...string) *discordchannel.Connector {
	w.t.Helper()
	a, err := discord.New(discord.Options{Name: "discord", Tenant: "demo", Guilds: servers, BotToken: discord.Secret(w.BotToken()), APIURL: w.URL, Clock: c})
	w.must(err)
	rest, err := a.REST()
	w.must(err)
	return discordchannel.New("discord", servers, rest, w.store, c)
}

func accounts(ids ...string) (out []access.Account) {
	for _, id := range ids {
		out = append(out, access.Account("discord/"+id))
	}
	return out
}

func resource(target string) access.Resource {
	return access.Resource{ID: "hidden", Name: "Hidden", Connector: "discord-channel", Target: target}
}

// person adds a member with a role that has permissions.
func (w *world) person(guild, name string, p discordfake.Permissions) string {
	id := w.AddUser(discordfake.User{Name: name}).ID()
	role := w.AddRole(discordfake.Role{Guild: guild, Name: "of " + name, Permissions: p})
	w.AddMember(discordfake.Member{Guild: guild, User: id, Roles: []string{role}})
	return id
}

// allow gives somebody permissions in a channel.
func (w *world) allow(channel, user string, p discordfake.Permissions) {
	w.SetOverwrite(channel, discordfake.Overwrite{ID: user, Member: true, Allow: p})
}

func TestThings(t *testing.T) {
	t.Parallel()
	connecttest.RunThings(t, func(t *testing.T) connecttest.Things {
		c := &moved{now: noon}
		w := newWorld(t, discordfake.Options{Clock: c})
		owner := w.AddUser(discordfake.User{Name: "olga"}).ID()
		home := w.AddGuild(discordfake.Guild{Name: "Home", Owner: owner})
		general := w.AddChannel(discordfake.Channel{Guild: home, Name: "Talk"})
		news := w.AddChannel(discordfake.Channel{Guild: home, Name: "news", Kind: discordfake.Announcement})
		secret := w.AddChannel(discordfake.Channel{Guild: home, Name: "secret", Private: true})
		w.AddChannel(discordfake.Channel{Guild: home, Name: "cellar", Private: true, Overwrites: []discordfake.Overwrite{{ID: w.AppID(), Member: true, Deny: view}}})
		w.AddChannel(discordfake.Channel{Guild: home, Name: "voices", Kind: discordfake.Voice})
		w.AddChannel(discordfake.Channel{Guild: home, Name: "fixed", Overwrites: []discordfake.Overwrite{{ID: w.AppID(), Member: true, Deny: discordfake.ManageRoles}}})
		w.AddMember(discordfake.Member{Guild: home, User: w.mina})
		w.AddMember(discordfake.Member{Guild: home, User: w.ada})
		w.allow(secret, w.ada, view)
		admin, manager := w.person(home, "admin", discordfake.Administrator), w.person(home, "manager", discordfake.ManageRoles)
		local, quiet := w.person(home, "local", 0), w.person(home, "quiet", discordfake.ManageRoles)
		w.allow(general, local, discordfake.ManageRoles)
		w.ChangeMember(home, quiet, func(m *discordfake.Member) { m.TimedOutUntil = noon.Add(time.Hour) })
		f := w.fixture(general, "viewer")
		f.Connector, f.Job = w.at(c, home), job(w.mina, general, "viewer")
		f.Look = func(t *testing.T, j runtime.Job) access.Had {
			c.forward(time.Second) // 50 calls a second are allowed
			return w.look(t, j)
		}
		return connecttest.Things{
			Fixture: f, Accounts: accounts(w.ada), Names: []string{"#news", "#secret", "#Talk"}, Private: []string{"#secret"},
			Hands: map[string]connecttest.Hand{
				"owner":                    {Accounts: accounts(owner), Resource: resource(secret), May: true},
				"administrator":            {Accounts: accounts(admin), Resource: resource(secret), May: true},
				"manager":                  {Accounts: accounts(manager), Resource: resource(general), May: true},
				"manager who does not see": {Accounts: accounts(manager), Resource: resource(secret)},
				"manager of the channel":   {Accounts: accounts(w.stranger, local), Resource: resource(general), May: true},
				"manager of another one":   {Accounts: accounts(local), Resource: resource(news)},
				"manager who is timed out": {Accounts: accounts(quiet), Resource: resource(general)},
				"member":                   {Accounts: accounts(w.ada), Resource: resource(secret)},
				"stranger":                 {Accounts: accounts(w.stranger), Resource: resource(general)},
			},
			Gone:  resource("999"),
			Calls: func() int { return len(w.Calls("")) }, Forward: c.forward,
		}
	})
}

// Who may bring others into a private thread by hand.
func TestAPrivateThreadIsOfItsPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	moderator, maker := w.person("", "moderator", discordfake.ManageThreads), w.person("", "maker", 0)
	parent := w.ChannelID("general")
	open := w.AddChannel(discordfake.Channel{Kind: discordfake.PrivateThread, Parent: parent, Owner: maker, Members: []string{w.ada}})
	shut := w.AddChannel(discordfake.Channel{Kind: discordfake.PrivateThread, Parent: parent, Owner: maker, Members: []string{w.ada}, NoInvite: true})
	for _, c := range []struct {
		who, user, thread string
		may               bool
	}{
		{"moderator", moderator, shut, true}, {"maker", maker, shut, true}, {"member", w.ada, open, true},
		{"member", w.ada, shut, false}, {"somebody else", w.mina, open, false}, {"stranger", w.stranger, open, false},
	} {
		err := w.connector.MayHand(t.Context(), "demo", accounts(c.user), resource(c.thread))
		if c.may && err != nil || !c.may && !access.IsCode(err, "notYourThing") {
			t.Errorf("%s: got %v", c.who, err)
		}
	}
}

// What could not be given is not there, for its owner too.
func TestOtherKindsAreNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	admin := w.person("", "admin", discordfake.Administrator)
	for _, target := range []string{
		w.AddChannel(discordfake.Channel{Kind: discordfake.Voice}), w.AddChannel(discordfake.Channel{Kind: discordfake.Category}),
		w.AddChannel(discordfake.Channel{Kind: discordfake.PublicThread, Parent: w.ChannelID("general")}),
		w.AddChannel(discordfake.Channel{Guild: w.AddGuild(discordfake.Guild{Name: "Foreign"})}), "general",
	} {
		if err := w.connector.MayHand(t.Context(), "demo", accounts(admin), resource(target)); !access.IsCode(err, "unknownTarget") {
			t.Errorf("%s: got %v", target, err)
		}
	}
}

// Where the bot may not write, it makes nobody a writer.
func TestAWriterNeedsABotThatWrites(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{BotPermissions: asked() &^ send})
	quiet := w.AddChannel(discordfake.Channel{Name: "quiet", Overwrites: []discordfake.Overwrite{{ID: w.GuildID(), Deny: send}}})
	found, err := w.connector.Find(t.Context(), "demo", nil, "quiet", 5)
	if err != nil || len(found) != 1 || found[0].Target != quiet || len(found[0].Roles) != 1 || found[0].Roles[0].ID != discordchannel.Viewer {
		t.Errorf("found %+v, %v", found, err)
	}
}
