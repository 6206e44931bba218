package discordchannel_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/connect/discordchannel"
	"github.com/usher-dev/usher/adapters/discord"
	"github.com/usher-dev/usher/adapters/discord/discordfake"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

type clock struct{}

func (clock) Now() time.Time { return noon }

const (
	why  = "Usher: package Für Gäste, 100 %, request discord/1#7"
	view = discordfake.ViewChannel
	send = discordfake.SendMessages
)

// store keeps records in memory.
type store struct {
	mu      sync.Mutex
	records map[runtime.Key]runtime.Record
	down    error
	after   func() // runs after the next commit
}

func (s *store) Load(_ context.Context, keys ...runtime.Key) ([]runtime.Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]runtime.Record, len(keys))
	for i, k := range keys {
		out[i] = s.records[k]
	}
	return out, s.down
}

func (s *store) Commit(_ context.Context, c runtime.Change) error {
	s.mu.Lock()
	for _, w := range c.Writes {
		if s.down != nil || s.records[w.Key].Revision != w.Revision {
			s.mu.Unlock()
			return errors.Join(s.down, runtime.ErrConflict)
		}
		s.records[w.Key] = runtime.Record{Key: w.Key, Revision: w.Revision + 1, Data: w.Data}
		if w.Data == nil {
			delete(s.records, w.Key)
		}
	}
	after := s.after
	s.after = nil
	s.mu.Unlock()
	if after != nil {
		after()
	}
	return nil
}

// world is a fake Discord with a private channel, a private thread in #general,
// and the connector.
type world struct {
	*discordfake.Fake
	t                   *testing.T
	connector           *discordchannel.Connector
	store               *store
	mina, ada, stranger string
	hidden, thread      string
}

func newWorld(t *testing.T, opt discordfake.Options) *world {
	t.Helper()
	if opt.Clock == nil {
		opt.Clock = clock{}
	}
	if opt.BotPermissions == 0 {
		opt.BotPermissions = asked()
	}
	w := &world{Fake: discordfake.New(t, opt), t: t, store: &store{records: map[runtime.Key]runtime.Record{}}}
	w.mina, w.ada = w.AddUser(discordfake.User{Name: "mina"}).ID(), w.AddUser(discordfake.User{Name: "ada"}).ID()
	w.stranger = w.AddUser(discordfake.User{Name: "stranger"}).ID()
	w.AddMember(discordfake.Member{User: w.mina})
	w.AddMember(discordfake.Member{User: w.ada})
	w.hidden = w.AddChannel(discordfake.Channel{Name: "hidden", Private: true})
	w.thread = w.AddChannel(discordfake.Channel{Name: "talk", Kind: discordfake.PrivateThread, Parent: w.ChannelID("general")})
	w.connector = w.made()
	return w
}

// asked are the permissions that the connector asks for: they are enough.
func asked() (bits discordfake.Permissions) {
	for _, p := range discordchannel.Permissions() {
		bits |= discordfake.Permissions(p.Bit)
	}
	return bits
}

// made is a connector on a session of a real adapter, on the same store.
func (w *world) made() *discordchannel.Connector {
	w.t.Helper()
	servers := []string{w.GuildID()}
	a, err := discord.New(discord.Options{Name: "discord", Tenant: "demo", Guilds: servers, BotToken: discord.Secret(w.BotToken()), APIURL: w.URL, Clock: clock{}})
	w.must(err)
	rest, err := a.REST()
	w.must(err)
	return discordchannel.New("discord", servers, rest, w.store, clock{})
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func job(person, channel, role string) runtime.Job {
	r := access.ResourceRole{ID: role, Name: role}
	return runtime.Job{
		ID: "demo/" + person + "/" + channel + "/" + role, Tenant: "demo", Reason: why,
		Person: access.Profile{Person: access.PersonID("discord/" + person), Account: access.Account("discord/" + person)},
		Resource: access.Resource{
			ID: "hidden", Name: "Hidden", Connector: "discord-channel", Target: channel,
			Roles: []access.ResourceRole{{ID: "viewer"}, {ID: "writer"}, {ID: "member"}, {ID: "wizard"}},
		},
		Role: r,
	}
}

func userOf(j runtime.Job) string { return strings.TrimPrefix(string(j.Person.Account), "discord/") }

// bits are what a role allows in an overwrite.
func bits(role string) discordfake.Permissions {
	if role == "viewer" {
		return view
	}
	return view | send
}

func (w *world) look(_ *testing.T, j runtime.Job) access.Had {
	there := false
	if j.Role.ID == "member" {
		there = slices.Contains(w.ThreadMembers(j.Resource.Target), userOf(j))
	} else {
		o := w.Overwrites(j.Resource.Target)[userOf(j)]
		there = o.Member && o.Allow.Has(bits(j.Role.ID))
	}
	if there {
		return access.Present
	}
	return access.Absent
}

func (w *world) grant(j runtime.Job) runtime.Answer {
	w.t.Helper()
	answer, err := w.connector.Grant(w.t.Context(), j)
	w.must(err)
	return answer
}

func (w *world) revoke(j runtime.Job) {
	w.t.Helper()
	_, err := w.connector.Revoke(w.t.Context(), j)
	w.must(err)
}

// wantRights holds mina's overwrite in the hidden channel against what it
// should be; all zero means that there should be none.
func (w *world) wantRights(what string, allow, deny discordfake.Permissions) {
	w.t.Helper()
	o, there := w.Overwrites(w.hidden)[w.mina]
	if o.Allow != allow || o.Deny != deny || there != (allow|deny != 0) || there && !o.Member {
		w.t.Errorf("%s: %+v (%t), want %d and %d", what, o, there, allow, deny)
	}
}

func want(t *testing.T, what string, err error, failure access.Failure, code string) {
	t.Helper()
	var f *access.Fault
	if !errors.As(err, &f) || f.Failure != failure || f.Code != code {
		t.Errorf("%s: got %v, want %s %s", what, err, failure, code)
	}
}
