package discord

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
	"github.com/usher-dev/usher/core/access"
)

func TestCommandsAreRegisteredOnlyWhenTheyChanged(t *testing.T) {
	t.Parallel()
	for _, perServer := range []bool{false, true} {
		f := newFixture(t, "http", func(o *Options) { o.PerServer = perServer })
		w := &town{fixture: f, t: t}
		writes := func() int { return len(w.fake.Calls("PUT /applications/")) }
		for range 2 { // of two processes, or two starts
			w.must(w.another().registerOnce(t.Context()))
		}
		guild := ""
		if perServer {
			guild = w.fake.GuildID()
		}
		if n := writes(); n != 1 || len(w.fake.Commands(guild)) != 4 {
			t.Fatalf("per server %t: %d writes, commands %v", perServer, n, w.fake.Commands(guild))
		}
		changed := w.another(func(o *Options) {
			o.Commands = append(sampleCommands(), Command{Root: "access", Name: "help", Help: o.Commands[0].Help})
		})
		w.must(changed.registerOnce(t.Context()))
		w.must(changed.registerOnce(t.Context()))
		if n := writes(); n != 2 {
			t.Errorf("per server %t: %d writes after a change", perServer, n)
		}
	}
}

func TestInvite(t *testing.T) {
	t.Parallel()
	all := append(Permissions(true, true), Permission{Bit: permitManageRoles, Name: "Manage Roles"}, Permission{Bit: permitAdministrator})
	u, err := url.Parse(Invite("42", all))
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	bits, _ := strconv.ParseUint(q.Get("permissions"), 10, 64)
	if q.Get("client_id") != "42" || q.Get("scope") != "bot applications.commands" || bits&permitAdministrator != 0 || bits&permitManageRoles == 0 {
		t.Errorf("the link is %s", u)
	}
	if few, many := bitsOf(Permissions(false, false)), bitsOf(Permissions(true, true)); few == many || few&^many != 0 {
		t.Errorf("%b and %b", few, many)
	}
	for _, p := range Permissions(true, true) {
		if p.Name == "" || p.Reason == "" || p.Without == "" || p.Bit&(p.Bit-1) != 0 {
			t.Errorf("%+v has no reason", p)
		}
	}
}

// findings are what is wrong, one to a line.
func findings(list []Finding) string {
	out := ""
	for _, f := range list {
		if !f.OK {
			out += f.What + " → " + f.Fix + "\n"
		}
	}
	return out
}

func TestDiagnose(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "gateway")
	low := f.fake.AddRole(discordfake.Role{Name: "Low"})
	high := f.fake.AddRole(discordfake.Role{Name: "High", Position: 100000})
	managed := f.fake.AddRole(discordfake.Role{Name: "Booster", Managed: true})
	foreign := f.fake.AddGuild(discordfake.Guild{Name: "Foreign"})
	hall := f.fake.AddChannel(discordfake.Channel{Guild: foreign, Name: "hall"})
	f.a.o.Roles = []access.GroupID{group(low)}
	f.a.o.Channels = []access.Channel{f.Channel()}
	if got := findings(f.a.Diagnose(t.Context())); got != "" {
		t.Errorf("nothing is wrong, but it says\n%s", got)
	}
	f.a.o.Roles = append(f.a.o.Roles, group(high), group(managed))
	quiet := f.fake.AddChannel(discordfake.Channel{Name: "quiet", Overwrites: []discordfake.Overwrite{{ID: f.fake.GuildID(), Deny: discordfake.SendMessages}}})
	mine := f.fake.AddChannel(discordfake.Channel{Name: "mine", Overwrites: []discordfake.Overwrite{
		{ID: f.fake.GuildID(), Deny: discordfake.SendMessages}, {ID: f.fake.AppID(), Member: true, Allow: discordfake.SendMessages},
	}})
	f.a.o.Channels = append(f.a.o.Channels, access.Channel("discord/"+quiet), access.Channel("discord/"+mine), "discord/7", "discord/general", access.Channel("discord/"+hall))
	got := findings(f.a.Diagnose(t.Context(), Permission{Bit: 1 << 40, Name: "Timeout Members", Reason: "r", Without: "w"}))
	for _, want := range []string{
		"role High stands above the bot's", "role Booster belongs to an integration", "channel 7 does not exist", `"discord/general" is no channel`,
		"#hall is in another server", "may not write into #quiet", "permission Timeout Members is missing",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("without %q it says\n%s", want, got)
		}
	}
	if strings.Count(got, "\n") != 7 {
		t.Errorf("it says\n%s", got)
	}
	if n := len(f.fake.Calls("PUT ")) + len(f.fake.Calls("POST ")) + len(f.fake.Calls("PATCH ")) + len(f.fake.Calls("DELETE ")); n != 0 {
		t.Errorf("%d calls changed something", n)
	}
}

func TestDiagnoseNamesWhatIsOff(t *testing.T) {
	t.Parallel()
	f := furnish(t, "gateway", discordfake.Options{})
	f.fake.Gateway().Spend(950)
	all := f.a.Diagnose(t.Context())
	got := findings(all)
	for _, f := range all { // what it can do without is no fault
		if f.OK {
			got += f.What + "\n"
		}
	}
	if n := strings.Count(findings(all), "\n"); n != 1 {
		t.Errorf("%d things are wrong:\n%s", n, findings(all))
	}
	for _, want := range []string{"Server Members Intent is off", "Message Content Intent is off", "only 50 of 1000 starts"} {
		if !strings.Contains(got, want) {
			t.Errorf("without %q it says\n%s", want, got)
		}
	}
	f.fake.RemoveBot(f.fake.GuildID())
	if got := findings((&town{fixture: f, t: t}).another().Diagnose(t.Context())); !strings.Contains(got, "server "+f.fake.GuildID()) {
		t.Errorf("without a server it says\n%s", got)
	}
}

func TestAWrongTokenIsNamed(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "http")
	w := &town{fixture: f, t: t}
	bad := w.another(func(o *Options) { o.BotToken = "wrong.token" })
	if got := findings(bad.Diagnose(t.Context())); !strings.Contains(got, "refuses the bot token") || strings.Contains(got, "wrong.token") {
		t.Errorf("it says\n%s", got)
	}
	if err := bad.Run(t.Context(), w); faultIn(err).Code != "discordAuth" {
		t.Errorf("Run ends with %v", err)
	}
}

func TestWithoutServersThereMustBeOne(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "http", func(o *Options) { o.Guilds = nil })
	w := &town{fixture: f, t: t}
	if id, err := w.another().whoami(t.Context()); err != nil || len(id.guilds) != 1 || id.guilds[0] != f.fake.GuildID() {
		t.Errorf("it is at home in %v, %v", id.guilds, err)
	}
	f.fake.AddGuild(discordfake.Guild{Name: "Second"})
	err := w.another().Run(context.Background(), w)
	if faultIn(err) != (access.Fault{Failure: access.FailHuman, Code: "discordServers"}) || !strings.Contains(err.Error(), "in 2 servers") {
		t.Errorf("Run ends with %v", err)
	}
}
