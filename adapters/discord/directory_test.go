package discord

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

func (w *town) person0() access.PersonID { return access.PersonID(w.Who(0).Account) }

func (w *town) profile(p access.PersonID) access.Profile {
	w.t.Helper()
	got, err := w.a.Profile(w.t.Context(), "demo", p)
	w.must(err)
	return got
}

// settled makes the adapter read members anew.
func (w *town) anew() { w.a.forget(w.fake.GuildID(), w.people[0]) }

func group(id string) access.GroupID { return access.GroupID("discord/" + id) }

func TestAProfile(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	ops := w.fake.AddRole(discordfake.Role{Name: "Ops"})
	w.fake.GiveRole("", "mina", ops)
	account := w.Who(0).Account
	want := access.Profile{
		Person: w.person0(), Account: account, Name: "Mina", Standing: access.Member, Groups: []access.GroupID{group(w.fake.GuildID()), group(ops)},
	}
	if diff := cmp.Diff(want, w.profile(want.Person)); diff != "" {
		t.Error(diff)
	}
	w.fake.ChangeMember("", "mina", func(m *discordfake.Member) { m.Nick = "Mina (on call)" })
	w.anew()
	w.must(w.mina().Slash("access mine")) // tells the language, and who they are now
	calls := len(w.fake.Calls("GET /guilds/"))
	want.Name, want.Locale = "Mina (on call)", "en-GB"
	if diff := cmp.Diff(want, w.profile(want.Person)); diff != "" {
		t.Error(diff)
	}
	if n := len(w.fake.Calls("GET /guilds/")) - calls; n != 0 {
		t.Errorf("%d calls for what the interaction said", n)
	}
	if p := w.profile(want.Person).Validate(); len(p) > 0 {
		t.Errorf("the profile is not valid: %v", p)
	}
}

func TestStandings(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	soon, before := time.Now().Add(time.Hour), time.Now().Add(-time.Hour)
	for name, c := range map[string]struct {
		member discordfake.Member
		want   access.Standing
	}{
		"a member":       {discordfake.Member{}, access.Member},
		"pending":        {discordfake.Member{Pending: true}, access.Limited},
		"timed out":      {discordfake.Member{TimedOutUntil: soon}, access.Limited},
		"was timed out":  {discordfake.Member{TimedOutUntil: before}, access.Member},
		"pending, a bot": {discordfake.Member{Pending: true, User: "bot"}, access.Bot},
	} {
		bot := c.member.User == "bot"
		c.member.User = w.fake.AddUser(discordfake.User{Name: strings.ReplaceAll(name, " ", ""), Bot: bot}).ID()
		w.fake.AddMember(c.member)
		got := w.profile(access.PersonID("discord/" + c.member.User))
		if got.Standing != c.want || (c.want == access.Limited) != (len(got.Groups) == 0) {
			t.Errorf("%s is %+v, want %s", name, got, c.want)
		}
	}
	gone := w.fake.AddUser(discordfake.User{Name: "gone"}).ID()
	if got := w.profile(access.PersonID("discord/" + gone)); got.Standing != access.Gone || got.Name != "gone" || got.Groups != nil {
		t.Errorf("who is in no server is %+v", got)
	}
	for _, p := range []access.PersonID{"discord/1", "discord/x", "slack/U1", access.PersonID("discord/" + gone + "/")} {
		if _, err := w.a.Profile(t.Context(), "demo", p); !isUnknown(err) {
			t.Errorf("%s: %v", p, err)
		}
	}
	if _, err := w.a.Profile(t.Context(), "other", w.person0()); !isUnknown(err) {
		t.Errorf("another tenant: %v", err)
	}
}

func isUnknown(err error) bool {
	e, ok := access.AsError(err)
	return ok && e.Kind == access.NotFound
}

func TestSeveralServersOfATenant(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "http")
	second := f.fake.AddGuild(discordfake.Guild{Name: "Second"})
	third := f.fake.AddGuild(discordfake.Guild{Name: "Foreign"})
	f.a.o.Guilds = append(f.a.o.Guilds, second)
	f.a.identity.Store(nil)
	w := settleIn(t, f)
	ops := w.fake.AddRole(discordfake.Role{Guild: second, Name: "Ops"})
	w.fake.AddMember(discordfake.Member{Guild: second, User: "mina", Roles: []string{ops}})
	w.fake.AddMember(discordfake.Member{Guild: third, User: "mina"})
	w.fake.ChangeMember("", "mina", func(m *discordfake.Member) { m.TimedOutUntil = time.Now().Add(time.Hour) })
	got := w.profile(w.person0())
	want := []access.GroupID{group(second), group(ops)}
	if diff := cmp.Diff(want, got.Groups); diff != "" || got.Standing != access.Member {
		t.Errorf("%s, in %s", got.Standing, diff)
	}
	if members, err := w.a.Members(t.Context(), "demo", group(ops)); err != nil || len(members) != 1 {
		t.Errorf("members of a role of the second server: %v, %v", members, err)
	}
	if _, err := w.a.Members(t.Context(), "demo", group(third)); !isUnknown(err) {
		t.Errorf("members of a foreign server: %v", err)
	}
}

func TestMembers(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	ops := w.fake.AddRole(discordfake.Role{Name: "Ops"})
	for _, u := range []discordfake.Member{{User: "olga"}, {User: "pending", Pending: true}, {User: "robot"}} {
		w.fake.AddUser(discordfake.User{Name: u.User, Bot: u.User == "robot"})
		u.Roles = []string{ops}
		w.fake.AddMember(u)
	}
	got, err := w.a.Members(t.Context(), "demo", group(ops))
	if want := []access.PersonID{access.PersonID("discord/" + w.fake.Person("olga").ID())}; err != nil || !cmp.Equal(got, want) {
		t.Errorf("members: %v, %v", got, err)
	}
	if got, err := w.a.Members(t.Context(), "demo", group(w.fake.GuildID())); err != nil || len(got) < 3 {
		t.Errorf("everybody: %v, %v", got, err)
	}
	calls := len(w.fake.Calls("GET /guilds/"))
	if _, err := w.a.Members(t.Context(), "demo", group(ops)); err != nil || len(w.fake.Calls("GET /guilds/")) != calls {
		t.Errorf("asked again at once: %v", err)
	}
	for _, g := range []access.GroupID{group("1"), "discord/x", "slack/S1"} {
		if _, err := w.a.Members(t.Context(), "demo", g); !isUnknown(err) {
			t.Errorf("%s: %v", g, err)
		}
	}
}

func TestMembersCannotBeListedWithoutTheIntent(t *testing.T) {
	t.Parallel()
	w := settleIn(t, furnish(t, "gateway", discordfake.Options{}))
	_, err := w.a.Members(t.Context(), "demo", group(w.fake.GuildID()))
	if faultIn(err).Code != "discordIntents" || !isUnlisted(err) {
		t.Errorf("members: %v", err)
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	w.fake.AddUser(discordfake.User{Name: "minibot", Bot: true})
	w.fake.AddMember(discordfake.Member{User: "minibot"})
	for query, want := range map[string][]string{
		"mi": {"Mina"}, "@MINA": {"Mina"}, "ada": {"Ada"}, "nobody": nil, "": nil, "  ": nil, w.people[1]: {"Ada"}, "discord/" + w.people[1]: {"Ada"},
	} {
		got, err := w.a.Search(t.Context(), "demo", query, 5)
		var names []string
		for _, p := range got {
			names = append(names, p.Name)
		}
		if err != nil || !cmp.Equal(names, want) {
			t.Errorf("%q finds %q, %v", query, names, err)
		}
	}
	if got, _ := w.a.Search(t.Context(), "other", "mi", 5); len(got) != 0 {
		t.Errorf("another tenant finds %v", got)
	}
}

func isUnlisted(err error) bool { return strings.Contains(err.Error(), runtime.ErrUnlisted.Error()) }
