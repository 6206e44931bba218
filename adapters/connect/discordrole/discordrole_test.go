package discordrole_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/connect/connecttest"
	"github.com/usher-dev/usher/adapters/connect/discordrole"
	"github.com/usher-dev/usher/adapters/discord"
	"github.com/usher-dev/usher/adapters/discord/discordfake"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

type clock struct{}

func (clock) Now() time.Time { return noon }

const why = "Usher: package Für Gäste, 100 %, request discord/1#7"

// world is a fake Discord with two servers of a tenant, and the connector.
type world struct {
	*discordfake.Fake
	connector                            *discordrole.Connector
	mina, ada, stranger                  string // people; mina is in both servers
	second, strict, foreign              string // servers; the last is none of the tenant's
	low, high, managed, there, two, them string // roles
}

func newWorld(t *testing.T, opt discordfake.Options) *world {
	t.Helper()
	opt.Clock = clock{}
	if opt.BotPermissions == 0 {
		for _, p := range discordrole.Permissions() { // those that it asks for are enough
			opt.BotPermissions |= discordfake.Permissions(p.Bit)
		}
	}
	w := &world{Fake: discordfake.New(t, opt)}
	w.second = w.AddGuild(discordfake.Guild{Name: "Second"})
	w.strict = w.AddGuild(discordfake.Guild{Name: "Strict", TwoFactor: true})
	w.foreign = w.AddGuild(discordfake.Guild{Name: "Foreign"})
	w.mina, w.ada = w.AddUser(discordfake.User{Name: "mina"}).ID(), w.AddUser(discordfake.User{Name: "ada"}).ID()
	w.stranger = w.AddUser(discordfake.User{Name: "stranger"}).ID()
	for _, m := range []discordfake.Member{{User: w.mina}, {User: w.ada}, {User: w.mina, Guild: w.second}, {User: w.mina, Guild: w.strict}, {User: w.mina, Guild: w.foreign}} {
		w.AddMember(m)
	}
	w.low = w.AddRole(discordfake.Role{Name: "Designer"})
	w.high = w.AddRole(discordfake.Role{Name: "Chief", Position: 2000})
	w.managed = w.AddRole(discordfake.Role{Name: "Booster", Managed: true})
	w.there = w.AddRole(discordfake.Role{Name: "Guest", Guild: w.second})
	w.two = w.AddRole(discordfake.Role{Name: "Careful", Guild: w.strict})
	w.them = w.AddRole(discordfake.Role{Name: "Theirs", Guild: w.foreign})
	w.connector = w.made(t, w.GuildID(), w.second, w.strict)
	return w
}

// made is a connector on a session of a real adapter.
func (w *world) made(t *testing.T, servers ...string) *discordrole.Connector {
	t.Helper()
	a, err := discord.New(discord.Options{Name: "discord", Tenant: "demo", Guilds: servers, BotToken: discord.Secret(w.BotToken()), APIURL: w.URL, Clock: clock{}})
	if err != nil {
		t.Fatal(err)
	}
	rest, err := a.REST()
	if err != nil {
		t.Fatal(err)
	}
	return discordrole.New("discord", servers, rest, clock{})
}

func job(person, target string) runtime.Job {
	role := access.ResourceRole{ID: discordrole.Member, Name: "Member"}
	return runtime.Job{
		ID: "demo/" + person + "/" + target, Tenant: "demo", Reason: why,
		Person: access.Profile{Person: access.PersonID("discord/" + person), Account: access.Account("discord/" + person)},
		Resource: access.Resource{
			ID: "designers", Name: "Designers", Connector: "discord-role", Target: target, Roles: []access.ResourceRole{role, {ID: "wizard"}},
		},
		Role: role,
	}
}

// split is the server, the role and the person that a job is about.
func (w *world) split(j runtime.Job) (server, role, user string) {
	server, role, named := strings.Cut(j.Resource.Target, "/")
	if !named {
		server, role = w.GuildID(), j.Resource.Target
	}
	return server, role, strings.TrimPrefix(string(j.Person.Account), "discord/")
}

func (w *world) look(_ *testing.T, j runtime.Job) access.Had {
	server, role, user := w.split(j)
	if slices.Contains(w.Roles(server, user), role) {
		return access.Present
	}
	return access.Absent
}

func (w *world) fixture(target string) connecttest.Fixture {
	j := job(w.mina, target)
	nobody, odd, other, nothing, name, deep, elsewhere, everyone, noRole, wizard := j, j, j, j, j, j, j, j, j, j
	nobody.Person.Account = ""
	odd.Person.Account = "discord/mina"
	other.Person.Account = "slack/U1"
	nothing.Resource.Target = ""
	name.Resource.Target = "designers"
	deep.Resource.Target = "1/2/3"
	elsewhere.Resource.Target = w.foreign + "/" + w.them
	everyone.Resource.Target = w.GuildID()
	noRole.Role.ID = "owner"
	wizard.Role.ID = "wizard"
	never := func(j runtime.Job, code string) connecttest.Bad {
		return connecttest.Bad{Job: j, Failure: access.FailNever, Code: code}
	}
	return connecttest.Fixture{
		Connector: w.connector, Job: j, Other: job(w.ada, target), Look: w.look,
		Give: func(_ *testing.T, j runtime.Job) {
			server, role, user := w.split(j)
			w.GiveRole(server, user, role)
		},
		Fail:    func(*testing.T) { w.Fail(discordfake.Fault{Times: -1, Status: 500}) },
		Secrets: []string{w.BotToken()},
		Bad: map[string]connecttest.Bad{
			"person": never(nobody, "unknownPerson"), "no id": never(odd, "unknownPerson"), "other chat": never(other, "discordOtherChat"),
			"no target": never(nothing, "unknownResource"), "a name": never(name, "unknownResource"), "three ids": never(deep, "unknownResource"),
			"server":   {Job: elsewhere, Failure: access.FailHuman, Code: "discordNoGuild"},
			"everyone": never(everyone, "discordEveryone"), "role": never(noRole, "unknownRole"), "role of theirs": never(wizard, "unknownRole"),
		},
	}
}

func TestRoles(t *testing.T) {
	t.Parallel()
	for name, target := range map[string]func(*world) string{
		"by its id":          func(w *world) string { return w.low },
		"with its server":    func(w *world) string { return w.GuildID() + "/" + w.low },
		"of the only server": func(w *world) string { w.connector = nil; return w.low },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			connecttest.Run(t, func(t *testing.T) connecttest.Fixture {
				w := newWorld(t, discordfake.Options{})
				at := target(w)
				if w.connector == nil {
					for _, g := range []string{w.second, w.strict, w.foreign} {
						w.RemoveBot(g)
					}
					w.connector = w.made(t)
				}
				return w.fixture(at)
			})
		})
	}
}

func TestRefusalsAreNamedBeforeDiscordRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		target  func(*world) string
		before  func(*world)
		failure access.Failure
		code    string
		asked   bool // it could not be known before
		revoke  bool // taking it away is refused as well
	}{
		"above the bot's":     {target: func(w *world) string { return w.high }, failure: access.FailHuman, code: "discordHierarchy", revoke: true},
		"the bot's own":       {target: func(w *world) string { return w.BotRole("") }, failure: access.FailNever, code: "discordManaged", revoke: true},
		"managed":             {target: func(w *world) string { return w.managed }, failure: access.FailNever, code: "discordManaged", revoke: true},
		"deleted":             {target: func(w *world) string { return w.low }, before: func(w *world) { w.DeleteRole("", w.low) }, failure: access.FailHuman, code: "discordNoRole"},
		"of another server":   {target: func(w *world) string { return w.them }, failure: access.FailHuman, code: "discordNoRole"},
		"the person left":     {target: func(w *world) string { return w.low }, before: func(w *world) { w.RemoveMember("", "mina") }, failure: access.FailHuman, code: "discordNotMember"},
		"no permission":       {target: func(w *world) string { return w.low }, before: unpermitted, failure: access.FailHuman, code: "discordPermission", revoke: true},
		"without two factors": {target: func(w *world) string { return w.two }, failure: access.FailHuman, code: "discordTwoFactor", asked: true, revoke: true},
		"the bot was removed": {target: func(w *world) string { return w.low }, before: func(w *world) { w.RemoveBot("") }, failure: access.FailHuman, code: "discordNoGuild", revoke: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, discordfake.Options{})
			target := c.target(w)
			if c.before != nil {
				c.before(w)
			}
			_, err := w.connector.Grant(t.Context(), job(w.mina, target))
			want(t, err, c.failure, c.code)
			if c.revoke {
				for _, g := range []string{w.GuildID(), w.strict} {
					w.GiveRole(g, "mina", target)
				}
				_, err = w.connector.Revoke(t.Context(), job(w.mina, target))
				want(t, err, c.failure, c.code)
			}
			if refused := w.Rates().Invalid; !c.asked && refused != 0 {
				t.Errorf("Discord had to refuse %d calls", refused)
			}
		})
	}
}

func unpermitted(w *world) {
	w.ChangeRole("", w.BotRole(""), func(r *discordfake.Role) { r.Permissions &^= discordfake.ManageRoles })
}

func want(t *testing.T, err error, failure access.Failure, code string) {
	t.Helper()
	var f *access.Fault
	if !errors.As(err, &f) || f.Failure != failure || f.Code != code {
		t.Errorf("got %v, want %s %s", err, failure, code)
	}
}

// What Discord says although it was looked at before: something changed just
// then. Each is asked once and never again.
func TestRefusalsOfDiscordHaveTheirOwnCodes(t *testing.T) {
	t.Parallel()
	for discords, c := range map[int]struct {
		failure access.Failure
		code    string
	}{
		10004: {access.FailHuman, "discordNoGuild"}, 10007: {access.FailHuman, "discordNotMember"}, 10011: {access.FailHuman, "discordNoRole"},
		10013: {access.FailHuman, "discordNotMember"}, 50001: {access.FailHuman, "discordAccess"}, 50013: {access.FailHuman, "discordPermission"},
		60003: {access.FailHuman, "discordTwoFactor"}, 50028: {access.FailNever, "discordEveryone"}, 50035: {access.FailHuman, "discordRefused"},
	} {
		w := newWorld(t, discordfake.Options{})
		w.Fail(discordfake.Fault{Path: "PUT /guilds/", Code: discords, Times: -1})
		_, err := w.connector.Grant(t.Context(), job(w.mina, w.low))
		want(t, err, c.failure, c.code)
		if n := len(w.Calls("PUT /guilds/")); n != 1 {
			t.Errorf("%d: asked %d times", discords, n)
		}
	}
}

func TestWhoDoesNotHaveItNeedsNoRemoval(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	w.DeleteRole(w.second, w.there)
	for _, j := range []runtime.Job{
		job(w.mina, w.low), job(w.mina, w.high), job(w.mina, w.managed), job(w.mina, w.there), job(w.stranger, w.low), job("5", w.low),
	} {
		answer, err := w.connector.Revoke(t.Context(), j)
		if err != nil || answer != (runtime.Answer{}) {
			t.Errorf("%s: Revoke = %+v, %v", j.ID, answer, err)
		}
		if had, err := w.connector.Verify(t.Context(), j); err != nil || had != access.Absent {
			t.Errorf("%s: Verify = %s, %v", j.ID, had, err)
		}
	}
	for _, discords := range []int{10007, 10011} { // just then
		w.GiveRole("", "mina", w.low)
		w.Fail(discordfake.Fault{Path: "DELETE /guilds/", Code: discords})
		if _, err := w.made(t, w.GuildID()).Revoke(t.Context(), job(w.mina, w.low)); err != nil {
			t.Errorf("%d: %v", discords, err)
		}
	}
	if n := len(w.Calls("DELETE ")); n != 2 {
		t.Errorf("%d calls to take away what nobody has", n)
	}
}

func TestTheOtherServerIsFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	if _, err := w.connector.Grant(t.Context(), job(w.mina, w.there)); err != nil {
		t.Fatal(err)
	}
	if got := w.Roles(w.second, "mina"); !slices.Equal(got, []string{w.there}) {
		t.Errorf("mina has %v there", got)
	}
	_, err := w.made(t).Grant(t.Context(), job(w.mina, w.low)) // in which of them?
	want(t, err, access.FailHuman, "discordServers")
}

// The reason is in Discord's audit log, whatever letters it has and however
// long it is.
func TestTheReasonIsInDiscordsAuditLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	j := job(w.mina, w.low)
	for _, do := range []func() error{
		func() error { _, err := w.connector.Grant(t.Context(), j); return err },
		func() error { _, err := w.connector.Revoke(t.Context(), j); return err },
		func() error {
			j.Reason = strings.Repeat("ü", 600)
			_, err := w.connector.Grant(t.Context(), j)
			return err
		},
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	// Six characters are sent for each ü; 512 are allowed.
	if got := w.AuditReasons(""); !slices.Equal(got, []string{why, why, strings.Repeat("ü", 85)}) {
		t.Errorf("the audit log has %q", got)
	}
}

func TestVerifySeesWhatIsDoneByHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	j := job(w.mina, w.low)
	for _, step := range []struct {
		do  func()
		had access.Had
	}{
		{func() { _, _ = w.connector.Grant(t.Context(), j) }, access.Present},
		{func() { w.TakeRole("", "mina", w.low) }, access.Absent},
		{func() { w.GiveRole("", "mina", w.low) }, access.Present},
		{func() { w.RemoveMember("", "mina") }, access.Absent},
		{func() { w.AddMember(discordfake.Member{User: "mina"}) }, access.Absent},
		{func() { w.GiveRole("", "mina", w.low) }, access.Present},
		{func() { w.DeleteRole("", w.low) }, access.Absent},
	} {
		step.do()
		if had, err := w.connector.Verify(t.Context(), j); err != nil || had != step.had {
			t.Errorf("Verify = %s, %v; want %s", had, err, step.had)
		}
	}
}

func TestARateLimitSaysWhen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	for _, fault := range []discordfake.Fault{{}, {Scope: "shared"}, {Scope: "global"}, {HTML: true}} {
		fault.Path, fault.Status, fault.RetryAfter = "PUT /guilds/", http.StatusTooManyRequests, 64*time.Second
		w.Fail(fault)
		connector := w.made(t, w.GuildID())
		_, err := connector.Grant(t.Context(), job(w.mina, w.low))
		if f := access.AsFault(err); f.Failure != access.FailRetry || f.Code != "discordBusy" || !f.RetryAt.Equal(noon.Add(64*time.Second)) {
			t.Errorf("%+v: %v, again at %s", fault, err, f.RetryAt)
		}
		calls := len(w.Calls("PUT "))
		if _, err := connector.Grant(t.Context(), job(w.ada, w.low)); access.AsFault(err).Code != "discordBusy" || len(w.Calls("PUT ")) != calls {
			t.Errorf("%+v: Discord was asked before the time, %v", fault, err)
		}
	}
}

// A reply that is lost after Discord did it: the repeat finds it done.
func TestALostReplyDoesNoHarm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	j := job(w.mina, w.low)
	for _, step := range []struct {
		method string
		do     func() error
		had    access.Had
	}{
		{"PUT ", func() error { _, err := w.connector.Grant(t.Context(), j); return err }, access.Present},
		{"DELETE ", func() error { _, err := w.connector.Revoke(t.Context(), j); return err }, access.Absent},
	} {
		for _, fault := range []discordfake.Fault{{Drop: true}, {Status: http.StatusBadGateway}, {Drop: true, After: true}} {
			fault.Path = step.method
			w.Fail(fault)
			want(t, step.do(), access.FailRetry, "discordDown")
		}
		if err := step.do(); err != nil {
			t.Errorf("%s, again: %v", step.method, err)
		}
		if had := w.look(t, j); had != step.had {
			t.Errorf("after %s it is %s", step.method, had)
		}
	}
}
