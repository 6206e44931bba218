package discordfake_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
)

type data = map[string]any

// last tells an event that everybody gets, and reads up to it: what came before.
func (w wired) last(t *testing.T, a *rawApp, guild string) []string {
	t.Helper()
	w.Gateway().Tell(guild, "LAST", data{})
	var seen []string
	for {
		p, err := a.next()
		noError(t, err)
		if p.String() == "LAST" {
			return seen
		}
		seen = append(seen, p.String())
	}
}

func TestEventsComeWithTheirIntentOnly(t *testing.T) {
	t.Parallel()
	const members = discordfake.IntentMembers
	for _, c := range []struct {
		event   string
		direct  bool
		intents int
	}{
		{"GUILD_MEMBER_REMOVE", false, members},
		{"GUILD_MEMBER_UPDATE", false, members},
		{"GUILD_MEMBER_ADD", false, members},
		{"GUILD_ROLE_UPDATE", false, guilds},
		{"GUILD_ROLE_DELETE", false, guilds},
		{"CHANNEL_DELETE", false, guilds},
		{"THREAD_CREATE", false, guilds},
		{"THREAD_UPDATE", false, guilds},
		{"GUILD_DELETE", false, guilds},
		{"GUILD_BAN_ADD", false, 1 << 2},
		{"GUILD_AUDIT_LOG_ENTRY_CREATE", false, 1 << 2},
		{"PRESENCE_UPDATE", false, discordfake.IntentPresences},
		{"MESSAGE_CREATE", false, messages},
		{"MESSAGE_DELETE", false, messages},
		{"MESSAGE_CREATE", true, direct},
		{"MESSAGE_UPDATE", true, direct},
		{"CHANNEL_PINS_UPDATE", false, guilds},
		{"CHANNEL_PINS_UPDATE", true, direct},
		{"TYPING_START", false, 1 << 11},
		{"TYPING_START", true, 1 << 14},
	} {
		t.Run(c.event, func(t *testing.T) {
			t.Parallel()
			const on = members | discordfake.IntentPresences
			w := newWired(t, discordfake.Options{Intents: on})
			with, _ := w.ready(t, c.intents)
			without, _ := w.ready(t, (guilds|messages|direct|on|1<<2|1<<11|1<<14)&^c.intents)
			guild := w.GuildID()
			if c.direct {
				guild = ""
			}
			w.Gateway().Tell(guild, c.event, data{"user": data{"id": "5"}})
			if seen := w.last(t, with, guild); !reflect.DeepEqual(seen, []string{c.event}) {
				t.Errorf("with the intent: %v", seen)
			}
			if seen := w.last(t, without, guild); len(seen) != 0 {
				t.Errorf("without it: %v", seen)
			}
		})
	}
}

func TestWhatHappensToTheAppItselfNeedsNoMembersIntent(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{})
	a, _ := w.ready(t, guilds)
	gw, server := w.Gateway(), w.GuildID()
	gw.Tell(server, "GUILD_MEMBER_UPDATE", data{"user": data{"id": "5"}})
	gw.Tell(server, "GUILD_MEMBER_UPDATE", data{"user": data{"id": w.AppID()}})
	gw.Tell(server, "THREAD_MEMBERS_UPDATE", data{"id": "1", "removed_member_ids": []any{"5"}})
	gw.Tell(server, "THREAD_MEMBERS_UPDATE", data{"id": "2", "removed_member_ids": []any{w.AppID()}})
	gw.Tell(server, "THREAD_MEMBERS_UPDATE", data{"id": "3", "added_members": []any{data{"user_id": "5"}}})
	gw.Tell(server, "THREAD_MEMBERS_UPDATE", data{"id": "4", "added_members": []any{data{"user_id": w.AppID()}}})
	a.want("GUILD_MEMBER_UPDATE")
	for _, id := range []string{"2", "4"} {
		if got := a.want("THREAD_MEMBERS_UPDATE").field(t, "id"); got != id {
			t.Errorf("thread %v instead of %s", got, id)
		}
	}
}

func TestWhatPeopleWriteIsEmptyWithoutTheContentIntent(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{Intents: discordfake.IntentContent})
	bare, _ := w.ready(t, messages|direct)
	full, _ := w.ready(t, messages|direct|discordfake.IntentContent)
	written := func(author string, mentions ...any) data {
		return data{
			"content": "secret", "author": data{"id": author}, "mentions": mentions, "embeds": []any{1.0}, "attachments": []any{}, "components": []any{},
			"poll": data{},
		}
	}
	for _, c := range []struct {
		name, guild string
		data        data
		empty       bool
	}{
		{"in a channel", w.GuildID(), written("5"), true},
		{"with a mention of somebody else", w.GuildID(), written("5", data{"id": "6"}), true},
		{"with a mention of the app", w.GuildID(), written("5", data{"id": w.AppID()}), false},
		{"by the app", w.GuildID(), written(w.AppID()), false},
		{"in direct messages", "", written("5"), false},
	} {
		w.Gateway().Tell(c.guild, "MESSAGE_CREATE", c.data)
		if got := full.want("MESSAGE_CREATE"); got.field(t, "content") != "secret" {
			t.Errorf("%s, with the intent: %s", c.name, got.D)
		}
		got := bare.want("MESSAGE_CREATE")
		if empty := got.field(t, "content") == ""; empty != c.empty {
			t.Errorf("%s, without the intent: %s", c.name, got.D)
		}
		if _, poll := got.field(t, "poll").(data); poll == c.empty || len(got.field(t, "embeds").([]any)) == 1 == c.empty {
			t.Errorf("%s, without the intent: %s", c.name, got.D)
		}
	}
}

func TestEventsGoToTheirShard(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{GuildID: "4194304"}) // 1 << 22: the second of two
	var apps []*rawApp
	for shard := range 2 {
		a := w.greeted(t)
		d := w.hello(guilds)
		d["shard"] = []int{shard, 2}
		a.send(2, d)
		ready := a.want("READY")
		if got := len(ready.field(t, "guilds").([]any)); got != shard {
			t.Errorf("shard %d has %d servers", shard, got)
		}
		apps = append(apps, a)
	}
	apps[1].want("GUILD_CREATE")
	for _, guild := range []string{w.GuildID(), ""} {
		_, err := w.Deliver(t.Context(), data{"id": "1", "guild_id": guild})
		noError(t, err)
	}
	for shard, guild := range []string{"", w.GuildID()} {
		if got := apps[shard].want("INTERACTION_CREATE"); got.field(t, "guild_id") != guild {
			t.Errorf("shard %d: %s", shard, got.D)
		}
	}
}

func TestAnInteractionNeedsASession(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{})
	if _, err := w.Deliver(t.Context(), data{"id": "1"}); err == nil {
		t.Error("somebody took it")
	}
	a, id := w.ready(t, 0)
	w.Gateway().Cut()
	label := data{"type": 18.0, "component": data{"type": 21.0, "value": "x"}}
	body, err := w.Deliver(t.Context(), data{"id": "2", "type": 5, "data": data{"components": []any{label}}})
	if body != nil || err != nil {
		t.Errorf("while the app is away for a moment: %q %v", body, err)
	}
	_ = a.ws.Close()
	b := w.greeted(t)
	b.send(6, w.resume(id, 1))
	got := b.want("INTERACTION_CREATE").field(t, "data").(data)["components"]
	if !reflect.DeepEqual(got, []any{label}) {
		t.Errorf("the components are %v", got)
	}
}

func TestTwoSessionsOfOneShardBothGetAnInteraction(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{})
	a, _ := w.ready(t, 0)
	b, _ := w.ready(t, 0)
	_, err := w.Deliver(t.Context(), data{"id": "1"})
	noError(t, err)
	a.want("INTERACTION_CREATE")
	b.want("INTERACTION_CREATE")
	if s := w.Gateway().Stats(); s.Most != 2 {
		t.Errorf("%+v", s)
	}
}

func TestMembersAreToldWhenAskedFor(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{Intents: discordfake.IntentMembers})
	for _, name := range []string{"carla", "carlos", "olga"} {
		w.AddUser(discordfake.User{ID: name + "-id", Name: name})
		w.AddMember(discordfake.Member{User: name})
	}
	chunk := func(a *rawApp, d data) []string {
		t.Helper()
		d["guild_id"] = w.GuildID()
		a.send(8, d)
		var names []string
		for _, m := range a.want("GUILD_MEMBERS_CHUNK").field(t, "members").([]any) {
			names = append(names, m.(data)["user"].(data)["username"].(string))
		}
		return names
	}
	a, _ := w.ready(t, discordfake.IntentMembers)
	if got := chunk(a, data{"query": "", "limit": 0}); len(got) != 5 {
		t.Errorf("all: %v", got)
	}
	if got := strings.Join(chunk(a, data{"query": "CAR", "limit": 10}), " "); got != "carla carlos" {
		t.Errorf("by prefix: %s", got)
	}
	if got := strings.Join(chunk(a, data{"user_ids": "olga-id"}), " "); got != "olga" {
		t.Errorf("one: %s", got)
	}
	a.send(8, data{"guild_id": w.GuildID(), "user_ids": []any{"olga-id", "nobody"}, "nonce": "n"})
	got := a.want("GUILD_MEMBERS_CHUNK")
	if got.field(t, "nonce") != "n" || !reflect.DeepEqual(got.field(t, "not_found"), []any{"nobody"}) {
		t.Errorf("with somebody who is not there: %s", got.D)
	}
	b, _ := w.ready(t, 0)
	if got := chunk(b, data{"query": "o", "limit": 1}); len(got) != 1 {
		t.Errorf("without the intent, by prefix: %v", got)
	}
	b.send(8, data{"guild_id": w.GuildID(), "query": "", "limit": 0})
	if code := b.ended(); code != 4001 {
		t.Errorf("without the intent, all: %d", code)
	}
}

func TestWhatTheAppMayNotViewIsNotTold(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{})
	a, _ := w.ready(t, messages|guilds)
	everyone := discordfake.Overwrite{ID: w.GuildID(), Deny: discordfake.ViewChannel}
	mina := w.AddUser(discordfake.User{Name: "mina"})
	w.AddMember(discordfake.Member{User: "mina"})
	secret := w.AddChannel(discordfake.Channel{Name: "secret", Overwrites: []discordfake.Overwrite{
		everyone, {ID: mina.ID(), Member: true, Allow: discordfake.ViewChannel},
	}})
	noError(t, mina.In("secret").Write("nobody else's"))
	w.AddChannel(discordfake.Channel{Name: "aside", Parent: secret, Kind: discordfake.PublicThread})
	noError(t, mina.In("general").Write("everybody's"))
	if seen := w.last(t, a, w.GuildID()); !reflect.DeepEqual(seen, []string{"CHANNEL_CREATE", "MESSAGE_CREATE"}) {
		t.Errorf("it was told %v", seen)
	}
}
