package discord

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/discord/discordfake"
	"github.com/usher-dev/usher/core/access"
)

// told collects what the adapter tells of people and groups.
type told struct {
	mu     sync.Mutex
	left   []access.PersonID
	groups []access.GroupID
}

func (x *told) into(o *Options) {
	o.OnLeft = func(_ context.Context, p access.PersonID) {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.left = append(x.left, p)
	}
	o.OnGroup = func(_ context.Context, g access.GroupID) {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.groups = append(x.groups, g)
	}
}

func (x *told) about(g access.GroupID) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.Contains(x.groups, g)
}

func (x *told) leavers() []access.PersonID {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.Clone(x.left)
}

func TestLeaversAndRolesAreTold(t *testing.T) {
	t.Parallel()
	x := &told{}
	w := newTown(t, "gateway", x.into)
	ops := w.fake.AddRole(discordfake.Role{Name: "Ops"})
	w.fake.GiveRole("", "mina", ops)
	w.until("the role", func() bool { return x.about(group(ops)) })
	other := w.fake.AddRole(discordfake.Role{Name: "Other"})
	w.fake.DeleteRole("", other)
	w.until("the deleted role", func() bool { return x.about(group(other)) })
	w.fake.RemoveMember("", "mina")
	w.until("the leaver", func() bool { return len(x.leavers()) > 0 })
	if got := x.leavers(); !slices.Equal(got, []access.PersonID{w.person0()}) {
		t.Errorf("left: %v", got)
	}
}

func TestWhoIsInAnotherServerOfTheTenantHasNotLeft(t *testing.T) {
	t.Parallel()
	x := &told{}
	f := newFixture(t, "gateway", x.into)
	second := f.fake.AddGuild(discordfake.Guild{Name: "Second"})
	f.a.o.Guilds = append(f.a.o.Guilds, second)
	w := settleIn(t, f)
	w.fake.AddMember(discordfake.Member{Guild: second, User: "mina"})
	w.fake.RemoveMember("", "mina")
	w.until("the first server's everybody", func() bool { return x.about(group(w.fake.GuildID())) })
	w.fake.RemoveMember(second, "mina")
	w.until("the leaver", func() bool { return len(x.leavers()) > 0 })
	if got := x.leavers(); len(got) != 1 {
		t.Errorf("left: %v", got)
	}
}

func TestServersThatAreNotConfiguredAreLeft(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "gateway")
	before := f.fake.AddGuild(discordfake.Guild{Name: "Before"})
	w := settleIn(t, f)
	w.until("the one from before", func() bool { return !w.fake.IsMember(before, w.fake.AppID()) })
	later := w.fake.AddGuild(discordfake.Guild{Name: "Later"})
	w.until("the later one", func() bool { return !w.fake.IsMember(later, w.fake.AppID()) })
	if !w.fake.IsMember("", w.fake.AppID()) {
		t.Error("it left its own server")
	}
}

func TestAnotherServerGetsOneSentence(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	foreign := w.fake.AddGuild(discordfake.Guild{Name: "Foreign"})
	hall := w.fake.AddChannel(discordfake.Channel{Guild: foreign, Name: "hall"})
	w.fake.AddMember(discordfake.Member{Guild: foreign, User: "mina"})
	w.must(w.mina().In(hall).Slash("access mine"))
	if _, err := w.mina().Read("belongs to another server"); err != nil {
		t.Error(err)
	}
	w.until("leaving it", func() bool { return !w.fake.IsMember(foreign, w.fake.AppID()) })
	if n := len(w.intents()); n != 0 {
		t.Errorf("%d intents", n)
	}
}

func TestDirectMessagesAreForMembersOnly(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"gateway", "http"} {
		w := newTown(t, way)
		w.reply(chat.Tell{Card: brief("Yours")})
		m := w.postTo("one", w.home(), brief("Decide", "deny"))
		w.must(w.mina().InDM().Slash("access mine"))
		w.must(w.mina().Press(m, "deny"))
		if got := w.intents(); len(got) != 2 {
			t.Fatalf("%s: %d intents of a member", way, len(got))
		}
		w.fake.RemoveMember("", "mina")
		w.anew()
		w.must(w.mina().Press(m, "deny"))
		if _, err := w.mina().Read("not a member"); err != nil {
			t.Error(err)
		}
		if got := w.intents(); len(got) != 2 {
			t.Errorf("%s: %d intents, one of them of somebody who left", way, len(got))
		}
	}
}

func TestRepliesToCardsAreKept(t *testing.T) {
	t.Parallel()
	w := newTown(t, "gateway")
	m := w.postTo("one", w.home(), brief("Decide"))
	dm := w.mina().InDM()
	w.must(dm.Write("not a reply"))
	reply := func(id, author string, more map[string]any) {
		data := map[string]any{
			"id": id, "channel_id": m.Channel, "type": messageReply, "content": "It is for the audit", "author": map[string]any{"id": author},
			"message_reference": map[string]any{"message_id": m.ID, "channel_id": m.Channel},
		}
		for k, v := range more {
			data[k] = v
		}
		w.fake.Gateway().Tell("", "MESSAGE_CREATE", data)
	}
	reply("901", w.people[0], map[string]any{"author": map[string]any{"id": w.people[0], "bot": true}})
	reply("902", w.people[0], map[string]any{"webhook_id": "7"})
	reply("903", w.people[0], map[string]any{"type": 7})
	reply("904", w.people[0], map[string]any{"content": ""})
	reply("905", w.people[0], map[string]any{"guild_id": "5"})
	reply("906", "999", nil) // no member
	reply("907", w.people[0], nil)
	reply("907", w.people[0], nil)
	w.until("the reply", func() bool { return len(w.intents()) > 0 })
	reply("908", w.people[0], map[string]any{"content": "Again"})
	w.until("the other", func() bool { return len(w.intents()) > 1 })
	got := w.intents()
	if first, ok := got[0].(chat.Replied); !ok || len(got) != 2 || first.ID != "907" || first.Ref != m.Channel+"/"+m.ID || first.Text != "It is for the audit" {
		t.Errorf("arrived: %+v", got)
	}
}
