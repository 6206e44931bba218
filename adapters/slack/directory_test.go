package slack

import (
	"context"
	"reflect"
	"sync/atomic"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/core/access"
)

// crowd is a workspace with people of every kind.
func crowd(t *testing.T, change ...func(*Adapter)) *town {
	t.Helper()
	w := newTown(t, "http", append([]func(*Adapter){func(a *Adapter) { a.o.ManagerField = "Manager" }}, change...)...)
	w.fake.AddField(slackfake.ProfileField{ID: "Xf0MAN", Label: "Manager", Kind: "user"})
	for _, u := range []slackfake.User{
		{ID: "U0CARLA", Name: "carla", RealName: "Carla Contreras", Locale: "de-DE", TZ: "Europe/Berlin", Guest: slackfake.Guest("single")},
		{ID: "U0BEN", Name: "ben", RealName: "Ben Tanaka", Email: "ben@example.org", TZ: "Asia/Tokyo", Fields: map[string]string{"Manager": "U0ADA"}},
		{ID: "U0SAM", Name: "sam", RealName: "Sam Stranger", Team: "T0THEIRS", Stranger: true},
		{ID: "U0BOT", Name: "deploy", RealName: "Deploy", Bot: true},
		{ID: "U0LEFT", Name: "left", RealName: "Lea Left", Deleted: true},
	} {
		w.fake.AddUser(u)
	}
	w.fake.AddGroup(slackfake.Group{ID: "S0SEC", Name: "Security", Handle: "security", Users: []string{"U0BEN", "U0ADA"}})
	w.fake.AddChannel(slackfake.Channel{ID: "C0SHARED", Name: "shared", Shared: true, Members: []string{"U0SAM", "U0BEN", "U0BOT"}, Bot: true})
	return w
}

func TestProfiles(t *testing.T) {
	t.Parallel()
	w := crowd(t)
	got, err := w.a.Profile(t.Context(), "demo", "slack/U0BEN")
	want := access.Profile{
		Person: "slack/U0BEN", Account: "slack/U0BEN", Name: "Ben Tanaka", Standing: access.Member, Locale: "en-US", Zone: "Asia/Tokyo",
		Email: "ben@example.org", Manager: "slack/U0ADA", Groups: []access.GroupID{"slack/C0SHARED", "slack/S0SEC"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	for id, want := range map[access.PersonID]access.Standing{
		"slack/U0MINA": access.Member, "slack/U0CARLA": access.Guest, "slack/U0SAM": access.External, "slack/U0BOT": access.Bot,
		"slack/U0LEFT": access.Gone, "slack/" + slackfake.BotUser: access.Bot,
	} {
		if got, err := w.a.Profile(t.Context(), "demo", id); err != nil || got.Standing != want {
			t.Errorf("%s is %q, %v; want %q", id, got.Standing, err, want)
		}
	}
	for _, id := range []access.PersonID{"slack/U0NOBODY", "slack/", "elsewhere/U0BEN", "slack/ben", "slack/C0GENERAL"} {
		if _, err := w.a.Profile(t.Context(), "demo", id); !access.IsCode(err, "unknownPerson") {
			t.Errorf("%s: %v", id, err)
		}
	}
	if _, err := w.a.Profile(t.Context(), "other", "slack/U0BEN"); !access.IsCode(err, "unknownPerson") {
		t.Errorf("another tenant: %v", err)
	}
}

func TestAProfileThatCannotBeReadIsNoProfile(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"users.info", "usergroups.list", "users.conversations", "users.profile.get"} {
		w := crowd(t)
		w.fake.Fail(slackfake.Fault{Method: method, Status: 429, RetryAfter: 3, Times: -1})
		if got, err := w.a.Profile(t.Context(), "demo", "slack/U0BEN"); err == nil || access.AsFault(err).Failure != access.FailRetry {
			t.Errorf("%s: %+v, %v", method, got, err)
		}
	}
}

func TestWithoutScopesThereAreNoGroupsAndNoManager(t *testing.T) {
	t.Parallel()
	w := crowd(t)
	for _, scope := range []string{"usergroups:read", "channels:read", "groups:read", "users.profile:read"} {
		w.fake.DropScope(scope)
	}
	if got, err := w.a.Profile(t.Context(), "demo", "slack/U0BEN"); err != nil || len(got.Groups) != 0 || got.Manager != "" || got.Standing != access.Member {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestMembers(t *testing.T) {
	t.Parallel()
	w := crowd(t)
	for group, want := range map[access.GroupID][]access.PersonID{
		"slack/S0SEC": {"slack/U0ADA", "slack/U0BEN"}, "slack/C0SHARED": {"slack/U0BEN", "slack/U0SAM"}, "slack/C0GENERAL": {"slack/U0ADA", "slack/U0MINA"},
	} {
		got, err := w.a.Members(t.Context(), "demo", group)
		if err != nil || !reflect.DeepEqual(sorted(got), want) {
			t.Errorf("%s: %v, %v", group, got, err)
		}
	}
	for _, group := range []access.GroupID{"slack/S0GONE", "slack/C0GONE", "slack/U0BEN", "elsewhere/S0SEC", "slack/"} {
		if got, err := w.a.Members(t.Context(), "demo", group); !access.IsCode(err, "unknownGroup") {
			t.Errorf("%s: %v, %v", group, got, err)
		}
	}
	w.fake.Fail(slackfake.Fault{Method: "usergroups.users.list", Status: 500})
	if _, err := w.a.Members(t.Context(), "demo", "slack/S0SEC"); err == nil || access.IsCode(err, "unknownGroup") {
		t.Errorf("a list that cannot be read: %v", err)
	}
}

func sorted(list []access.PersonID) []access.PersonID {
	seen := map[string]string{}
	for _, p := range list {
		seen[string(p)] = ""
	}
	out := []access.PersonID{}
	for _, k := range sortedKeys(seen) {
		out = append(out, access.PersonID(k))
	}
	return out
}

func TestGroupsAreKeptBrieflyAndForgottenWhenTheyChange(t *testing.T) {
	t.Parallel()
	now := &clock{at: time.Now()}
	w := crowd(t, func(a *Adapter) { a.o.Clock = now })
	groups := func() []access.GroupID {
		p, err := w.a.Profile(t.Context(), "demo", "slack/U0ADA")
		w.must(err)
		return p.Groups
	}
	want := []access.GroupID{"slack/C0GENERAL", "slack/S0SEC"}
	for range 3 {
		if got := groups(); !reflect.DeepEqual(got, want) {
			t.Errorf("got %v", got)
		}
	}
	if n := len(w.fake.Calls("usergroups.list")); n != 1 {
		t.Errorf("the groups were read %d times", n)
	}
	w.must(w.fake.ChangeGroup("S0SEC", func(g *slackfake.Group) { g.Users = []string{"U0BEN"} }))
	if err := w.fake.Await("the change", func() bool { return w.a.Counts()["taken"] > 0 }); err != nil {
		t.Fatal(err)
	}
	if got := groups(); !reflect.DeepEqual(got, want[:1]) {
		t.Errorf("after the change: %v", got)
	}
	now.move(groupAge)
	groups()
	if n := len(w.fake.Calls("usergroups.list")); n != 3 {
		t.Errorf("the groups were read %d times, want 3", n)
	}
}

func TestNamedChannelsAreReadOnceForEverybody(t *testing.T) {
	t.Parallel()
	now := &clock{at: time.Now()}
	var asked atomic.Int32
	w := crowd(t, func(a *Adapter) {
		a.o.Clock = now
		a.o.Groups = func(context.Context) ([]access.GroupID, error) {
			asked.Add(1)
			return []access.GroupID{"slack/C0SHARED", "slack/C0GENERAL", "slack/S0SEC", "slack/C0GONE", "elsewhere/C0SHARED"}, nil
		}
	})
	for range 2 {
		for id, want := range map[access.PersonID][]access.GroupID{
			"slack/U0BEN": {"slack/C0SHARED", "slack/S0SEC"}, "slack/U0MINA": {"slack/C0GENERAL"}, "slack/U0CARLA": nil,
		} {
			if got, err := w.a.Profile(t.Context(), "demo", id); err != nil || !reflect.DeepEqual(got.Groups, want) {
				t.Errorf("%s: %v, %v", id, got.Groups, err)
			}
		}
	}
	if n, m := len(w.fake.Calls("conversations.members")), len(w.fake.Calls("users.conversations")); n != 3 || m != 0 {
		t.Errorf("%d reads of members, %d of people's channels; want 3 and none", n, m)
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("the definitions were read %d times for their channels", n)
	}
	w.must(w.fake.Leave("C0GENERAL", "U0MINA"))
	if got, err := w.a.Profile(t.Context(), "demo", "slack/U0MINA"); err != nil || len(got.Groups) != 0 {
		t.Errorf("after leaving: %v, %v", got.Groups, err)
	}
	now.move(groupAge)
	w.fake.Fail(slackfake.Fault{Method: "conversations.members", Status: 429, RetryAfter: 5})
	if _, err := w.a.Profile(t.Context(), "demo", "slack/U0MINA"); err == nil {
		t.Error("members that cannot be read count as none")
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	w := crowd(t)
	for query, want := range map[string][]access.PersonID{
		"ada": {"slack/U0ADA"}, "@BEN": {"slack/U0BEN"}, "tan": {"slack/U0BEN"}, "le": {}, "deploy": {}, "zzz": {},
		"a": {"slack/U0ADA", "slack/U0CARLA"},
	} {
		found, err := w.a.Search(t.Context(), "demo", query, 2)
		var got []access.PersonID
		for _, p := range found {
			got = append(got, p.Person)
		}
		if query == "a" && len(got) == 2 { // two of several: the one that begins with it comes first
			if got[0] != "slack/U0ADA" {
				t.Errorf("%q: %v", query, got)
			}
			continue
		}
		if err != nil || !reflect.DeepEqual(sorted(got), sorted(want)) {
			t.Errorf("%q: %v, %v; want %v", query, got, err, want)
		}
	}
	if n := len(w.fake.Calls("users.list")); n != 1 {
		t.Errorf("people were listed %d times", n)
	}
}

func TestLongListsArePaged(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "http")
	members := []string{}
	for i := range 450 {
		id := "U0P" + string(rune('A'+i/26%26)) + string(rune('A'+i%26))
		members = append(members, id)
		f.fake.AddUser(slackfake.User{ID: id, Name: id, RealName: id})
	}
	f.fake.AddChannel(slackfake.Channel{ID: "C0ALL", Name: "all", Members: members, Bot: true})
	got, err := f.a.Members(t.Context(), "demo", "slack/C0ALL")
	if err != nil || len(got) != 450 || len(f.fake.Calls("conversations.members")) != 3 || len(f.fake.Calls("users.list")) != 3 {
		t.Errorf("%d members, %v", len(got), err)
	}
}
