package discordrole_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/connect/connecttest"
	"github.com/usher-dev/usher/adapters/connect/discordrole"
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
func (w *world) at(t *testing.T, c *moved, servers ...string) *discordrole.Connector {
	t.Helper()
	a, err := discord.New(discord.Options{Name: "discord", Tenant: "demo", Guilds: servers, BotToken: discord.Secret(w.BotToken()), APIURL: w.URL, Clock: c})
	if err != nil {
		t.Fatal(err)
	}
	rest, err := a.REST()
	if err != nil {
		t.Fatal(err)
	}
	return discordrole.New("discord", servers, rest, c)
}

func accounts(ids ...string) (out []access.Account) {
	for _, id := range ids {
		out = append(out, access.Account("discord/"+id))
	}
	return out
}

func resource(target string) access.Resource {
	return access.Resource{ID: "designers", Name: "Designers", Connector: "discord-role", Target: target}
}

func TestThings(t *testing.T) {
	t.Parallel()
	connecttest.RunThings(t, func(t *testing.T) connecttest.Things {
		w := newWorld(t, discordfake.Options{})
		owner := w.AddUser(discordfake.User{Name: "olga"}).ID()
		home := w.AddGuild(discordfake.Guild{Name: "Home", Owner: owner})
		in := func(name string, position int, p discordfake.Permissions) string {
			id := w.AddUser(discordfake.User{Name: name}).ID()
			role := w.AddRole(discordfake.Role{Guild: home, Name: "of " + name, Position: position, Permissions: p, Managed: true})
			w.AddMember(discordfake.Member{Guild: home, User: id, Roles: []string{role}})
			return id
		}
		design := w.AddRole(discordfake.Role{Guild: home, Name: "Design", Position: 10})
		w.AddRole(discordfake.Role{Guild: home, Name: "builders", Position: 20})
		w.AddRole(discordfake.Role{Guild: home, Name: "Chief", Position: 2000})
		chosen := w.AddRole(discordfake.Role{Guild: home, Name: "Booster", Position: 5, Managed: true})
		w.AddMember(discordfake.Member{Guild: home, User: w.mina})
		w.AddMember(discordfake.Member{Guild: home, User: w.ada, Roles: []string{design}})
		manager, low := in("manager", 30, discordfake.ManageRoles), in("low", 3, discordfake.ManageRoles)
		admin, lowAdmin := in("admin", 40, discordfake.Administrator), in("low admin", 4, discordfake.Administrator)
		tall, quiet := in("tall", 50, discordfake.ManageGuild), in("quiet", 60, discordfake.ManageRoles)
		w.ChangeMember(home, quiet, func(m *discordfake.Member) { m.TimedOutUntil = noon.Add(time.Hour) })
		c := &moved{now: noon}
		f := w.fixture(design)
		f.Connector, f.Job = w.at(t, c, home), job(w.mina, design)
		f.Look = func(_ *testing.T, j runtime.Job) access.Had {
			if slices.Contains(w.Roles(home, strings.TrimPrefix(string(j.Person.Account), "discord/")), j.Resource.Target) {
				return access.Present
			}
			return access.Absent
		}
		return connecttest.Things{
			Fixture: f, Accounts: accounts(w.ada), Names: []string{"builders", "Design"},
			Hands: map[string]connecttest.Hand{
				"owner":                       {Accounts: accounts(owner), Resource: resource(design), May: true},
				"owner, with the server":      {Accounts: accounts(owner), Resource: resource(home + "/" + design), May: true},
				"administrator":               {Accounts: accounts(admin), Resource: resource(design), May: true},
				"administrator below":         {Accounts: accounts(lowAdmin), Resource: resource(design)},
				"manager":                     {Accounts: accounts(manager), Resource: resource(design), May: true},
				"manager by another account":  {Accounts: accounts(w.stranger, manager), Resource: resource(design), May: true},
				"manager below":               {Accounts: accounts(low), Resource: resource(design)},
				"above, but no manager":       {Accounts: accounts(tall), Resource: resource(design)},
				"manager who is timed out":    {Accounts: accounts(quiet), Resource: resource(design)},
				"member":                      {Accounts: accounts(w.ada), Resource: resource(design)},
				"stranger":                    {Accounts: accounts(w.stranger), Resource: resource(design)},
				"owner, of a managed role":    {Accounts: accounts(owner), Resource: resource(chosen)},
				"owner, of everybody's role":  {Accounts: accounts(owner), Resource: resource(home)},
				"somebody who is nothing yet": {Accounts: []access.Account{"discord/x"}, Resource: resource(design)},
			},
			Gone:  resource("999"),
			Calls: func() int { return len(w.Calls("")) }, Forward: c.forward,
		}
	})
}

func TestARoleOfAnotherTenantsServerIsNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	err := w.connector.MayHand(t.Context(), "demo", accounts(w.mina), resource(w.foreign+"/"+w.them))
	if !access.IsCode(err, "unknownTarget") {
		t.Errorf("got %v", err)
	}
}

// Of several servers, each name says which one.
func TestSeveralServersAreNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	found, err := w.connector.Find(t.Context(), "demo", nil, "(second)", 5)
	if err != nil || len(found) != 1 || found[0].Name != "Guest (Second)" || found[0].Target != w.there || found[0].Kind != "role" {
		t.Errorf("found %+v, %v", found, err)
	}
}

func TestWithoutManageRolesThereIsNothingToGive(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{BotPermissions: discordfake.ViewChannel})
	if found, err := w.connector.Find(t.Context(), "demo", nil, "", 5); err != nil || len(found) > 0 {
		t.Errorf("found %+v, %v", found, err)
	}
}
