package e2e

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/discord"
	"github.com/usher-dev/usher/adapters/discord/discordfake"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// server is a server in Discord with usher serve in it, wired as in production
// but for the clock and the addresses of Discord.
type server struct {
	hosted
	fake   *discordfake.Fake
	serial atomic.Int64 // of interactions that no client would send
}

var _, _ venue = inOffice{}, (*server)(nil)

// What is there in Discord has these ids, which testdata/discord.yaml names.
const (
	discordGuild   = "700000000000000001"
	discordDesign  = "710000000000000001"
	discordSite    = "710000000000000002"
	discordGate    = "710000000000000003"
	discordLobby   = "710000000000000004"
	discordPay     = "720000000000000001"
	discordOncall  = "720000000000000002"
	discordSec     = "720000000000000003"
	discordOutside = "720000000000000004"
	discordStaff   = "720000000000000005"
	discordCrowd   = "720000000000000006"
)

// discordUser is the id of somebody.
func discordUser(name string) string {
	for i, known := range []string{"carla", "mina", "ada", "ben", "nora", "olga", "carl", "carlo", "eve"} {
		if name == known {
			return fmt.Sprintf("7300000000000000%02d", i+1)
		}
	}
	if n, ok := strings.CutPrefix(name, "keeper"); ok {
		return "7400000000000000" + n
	}
	panic("nobody is called " + name)
}

// inDiscord tells a story in Discord alone, on both stores and over both ways.
func inDiscord(t *testing.T, story func(*testing.T, *server)) {
	t.Helper()
	t.Parallel()
	for _, kind := range []string{"bolt", "redis"} {
		for _, way := range []string{"gateway", "http"} {
			t.Run(kind+"/"+way, func(t *testing.T) {
				t.Parallel()
				s := newServer(t, kind, way)
				s.start()
				s.define()
				story(t, s)
			})
		}
	}
}

// newServer is a server in which usher serve does not run yet.
func newServer(t *testing.T, kind, way string, more ...string) *server {
	t.Helper()
	s := newGuild(t, "discord", &movable{}, discordfake.Options{})
	s.env = append([]string{
		"USHER_TENANT=acme", "USHER_ADMINS=discord:" + discordUser("olga"), "USHER_HEALTH_ADDR=127.0.0.1:0", stored(t, kind),
		"DISCORD_BOT_TOKEN=" + s.fake.BotToken(), "USHER_DISCORD_API_URL=" + s.fake.URL, "USHER_DISCORD_SERVERS=" + discordGuild,
	}, more...)
	if way == "http" {
		s.env = append(s.env, "DISCORD_PUBLIC_KEY="+s.fake.PublicKey(), "USHER_HTTP_ADDR=127.0.0.1:0")
	}
	s.configure()
	return s
}

// newGuild is a server with people, roles and channels, of a chat of this name.
func newGuild(t *testing.T, chat string, clock *movable, o discordfake.Options) *server {
	t.Helper()
	s := &server{hosted: hosted{t: t, chat: chat, kind: "discord", clock: clock}}
	o.Clock, o.GuildID, o.Within, o.Patience = clock, discordGuild, patience, patience
	o.Intents |= discordfake.IntentMembers | discordfake.IntentContent
	s.fake = discordfake.New(t, o)
	s.people()
	s.reachable = func(http string) error {
		if s.conf.HTTP.Addr == "" {
			return nil
		}
		return s.fake.DeliverTo(http + discord.Interactions)
	}
	return s
}

func (s *server) people() {
	for id, name := range map[string]string{
		discordPay: "Payroll", discordOncall: "On call", discordSec: "Security", discordOutside: "Outside", discordStaff: "Staff", discordCrowd: "Crowd",
	} {
		s.fake.AddRole(discordfake.Role{ID: id, Name: name})
	}
	for name, shown := range map[string]string{
		"carla": "Carla Contreras", "mina": "Mina Okafor", "ada": "Ada Lindqvist", "ben": "Ben Tanaka", "nora": "Nora Quinn", "olga": "Olga Petrov",
	} {
		roles := []string{discordStaff}
		switch name {
		case "carla":
			roles = []string{discordOutside}
		case "ada", "ben", "nora":
			roles = append(roles, discordSec)
		}
		if name == "ben" {
			roles = append(roles, discordOncall) // from before Usher
		}
		s.join(name, shown, roles...)
	}
	for _, c := range []discordfake.Channel{
		{ID: discordLobby, Name: "lobby"},
		{ID: discordDesign, Name: "design", Private: true},
		{ID: discordSite, Name: "site", Private: true},
		{ID: discordGate, Name: "gate"},
	} {
		s.fake.AddChannel(c)
	}
}

// join makes somebody a member.
func (s *server) join(name, shown string, roles ...string) {
	id := discordUser(name)
	s.fake.AddUser(discordfake.User{ID: id, Name: name, GlobalName: shown})
	s.fake.AddMember(discordfake.Member{User: id, Roles: roles})
}

func (s *server) start() {
	s.t.Helper()
	s.hosted.start()
	if err := s.fake.Await("the commands", func() bool { return len(s.fake.Commands("")) > 0 }); err != nil {
		s.t.Fatal(err)
	}
}

func (s *server) define() { s.defineFrom("discord.yaml") }

func (s *server) forward(by time.Duration) {
	s.clock.forward(by)
	s.run.Runtime.Wake()
	s.fake.Poke()
}

func (s *server) moment(at time.Time) string       { return fmt.Sprintf("t:%d:", at.Unix()) }
func (s *server) person(name string) player        { return s.member(name) }
func (s *server) record(name string) access.Ledger { return s.ledger(discordUser(name)) }
func (s *server) trail(name string) []engine.Event { return s.audit(discordUser(name)) }
func (s *server) heal()                            { s.fake.Heal() }

func (s *server) await(what string, cond func() bool) error { return s.fake.Await(what, cond) }

// has lists what somebody has of what packages give.
func (s *server) has(name string) []string {
	user, roles := discordUser(name), s.fake.Roles("", discordUser(name))
	var in []string
	for _, one := range []struct {
		what string
		have bool
	}{
		{"design", s.fake.Overwrites(discordDesign)[user].Allow.Has(discordfake.ViewChannel | discordfake.SendMessages)},
		{"pay", slices.Contains(roles, discordPay)},
		{"site", s.fake.Overwrites(discordSite)[user].Allow.Has(discordfake.ViewChannel)},
		{"oncall", slices.Contains(roles, discordOncall)},
	} {
		if one.have {
			in = append(in, one.what)
		}
	}
	return in
}

func (s *server) waitHas(name string, want ...string) {
	s.t.Helper()
	s.eventually(func() error {
		if in := s.has(name); !slices.Equal(in, want) {
			return fmt.Errorf("%s has %q, want %q", name, in, want)
		}
		return nil
	})
}

// calling is the path of the calls that give and take something.
func calling(what string) string {
	return map[string]string{
		"design": "/channels/" + discordDesign + "/permissions/", "site": "/channels/" + discordSite + "/permissions/",
		"pay": "/guilds/*/members/*/roles/" + discordPay, "oncall": "/guilds/*/members/*/roles/" + discordOncall,
	}[what]
}

func (s *server) refuseGiving(what string) {
	s.fake.Fail(discordfake.Fault{Path: "PUT " + calling(what), Times: -1, Code: 50013})
}

func (s *server) refuseTaking(what string) {
	s.fake.Fail(discordfake.Fault{Path: "DELETE " + calling(what), Times: -1, Status: 500})
}

func (s *server) taken() int {
	return len(s.fake.Calls("DELETE /channels/"+discordDesign+"/permissions/")) + len(s.fake.Calls("DELETE /guilds/"+discordGuild+"/members/"))
}

// leaves makes somebody leave the server. Over HTTP Discord tells nobody, and
// the daily look finds it.
func (s *server) leaves(name string) {
	s.fake.RemoveMember("", name)
	if s.conf.HTTP.Addr != "" {
		s.forward(25 * time.Hour)
	}
}

// launch runs usher serve as a process of its own.
func (s *server) launch() (kill func()) {
	s.t.Helper()
	before := s.fake.Gateway().Stats().Identifies
	kill = s.process(func() bool { return s.fake.Holding() == 0 })
	if s.conf.HTTP.Addr == "" {
		err := s.fake.Gateway().Await("a session", func(g discordfake.GatewayStats) bool { return g.Identifies > before && g.Sessions > 0 })
		if err != nil {
			s.t.Fatal(err)
		}
	}
	return kill
}
