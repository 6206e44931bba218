package discord

import (
	"slices"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
	"github.com/usher-dev/usher/core/access"
)

// The owner of the second server and whoever may do everything in the first run
// them, if the configuration counts that at all.
func TestWhoRunsTheServers(t *testing.T) {
	t.Parallel()
	for _, on := range []bool{true, false} {
		w := newTown(t, "http", func(o *Options) { o.Administrators = on })
		second := w.fake.AddGuild(discordfake.Guild{Name: "Second", Owner: w.people[1]})
		w.fake.AddMember(discordfake.Member{Guild: second, User: "ada"})
		w.a = w.another(func(o *Options) { o.Administrators, o.Guilds = on, []string{w.fake.GuildID(), second} })
		boss := w.fake.AddRole(discordfake.Role{Name: "Boss", Permissions: discordfake.Permissions(permitAdministrator)})
		w.fake.GiveRole("", "mina", boss)
		bob := w.fake.AddUser(discordfake.User{Name: "bob"}).ID()
		w.fake.AddMember(discordfake.Member{User: "bob"})
		for id, want := range map[string]bool{w.people[0]: on, w.people[1]: on, bob: false} {
			p := w.profile(access.PersonID("discord/" + id))
			if got := slices.Contains(p.Groups, Administrators("discord")); got != want {
				t.Errorf("with %t: %s is among them: %t", on, p.Name, got)
			}
		}
		all, err := w.a.Members(t.Context(), "demo", Administrators("discord"))
		want := []access.PersonID{"discord/" + access.PersonID(w.people[0]), "discord/" + access.PersonID(w.people[1])}
		all = slices.DeleteFunc(all, func(p access.PersonID) bool { return strings.HasPrefix(w.profile(p).Name, "owner-of-") }) // of the first server
		if slices.Sort(want); on && (err != nil || !slices.Equal(all, want)) || !on && !access.IsCode(err, "unknownGroup") {
			t.Errorf("with %t: %v, %v", on, all, err)
		}
	}
}
