package discord

import (
	"errors"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/discord/discordfake"
	"github.com/usher-dev/usher/core/access"
)

func TestWhereCardsCanGo(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "gateway")
	deny := func(name string, bits discordfake.Permissions) access.Channel {
		return access.Channel("discord/" + f.fake.AddChannel(discordfake.Channel{Name: name, Overwrites: []discordfake.Overwrite{{ID: f.fake.GuildID(), Deny: bits}}}))
	}
	foreign := f.fake.AddGuild(discordfake.Guild{Name: "Foreign"})
	hall := access.Channel("discord/" + f.fake.AddChannel(discordfake.Channel{Guild: foreign, Name: "hall"}))
	for ch, want := range map[access.Channel]error{
		f.Channel(): nil, deny("quiet", discordfake.SendMessages): chat.ErrKeptOut, deny("unseen", discordfake.ViewChannel): chat.ErrKeptOut,
		hall: chat.ErrNoPlace, "discord/7": chat.ErrNoPlace, "discord/general": chat.ErrNoPlace, "other/7": chat.ErrNoPlace,
	} {
		if err := f.a.Reach(t.Context(), ch); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", ch, err, want)
		}
	}
	f.fake.Fail(discordfake.Fault{Status: 500})
	if err := f.a.Reach(t.Context(), f.Channel()); access.AsFault(err).Code != "discordDown" {
		t.Errorf("while Discord is down: %v", err)
	}
}
