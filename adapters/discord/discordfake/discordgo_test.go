package discordfake_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
)

// library is a world with an app made with discordgo, not connected.
func library(t *testing.T, opt discordfake.Options) (world, *libraryApp) {
	t.Helper()
	w := newWorld(t, opt)
	return w, newLibraryApp(t, w.Fake, discordgo.IntentsGuilds)
}

// code is Discord's error code in what discordgo returned; 0 for none.
func code(t *testing.T, err error) int {
	t.Helper()
	var refused *discordgo.RESTError
	if err == nil {
		return 0
	}
	if !errors.As(err, &refused) || refused.Message == nil {
		t.Fatalf("not an error of the API: %v", err)
	}
	return refused.Message.Code
}

func TestDiscordgoGivesAndTakesRoles(t *testing.T) {
	t.Parallel()
	w, a := library(t, discordfake.Options{})
	mina := w.user("mina")
	const why = "Usher: package Contractor, 30 days, für Mina"
	reason := discordgo.WithAuditLogReason(url.PathEscape(why)) // discordgo does not encode it
	must(t, a.GuildMemberRoleAdd(w.GuildID(), mina, w.low, reason))
	if got := w.Roles("", "mina"); !slices.Equal(got, []string{w.low}) {
		t.Errorf("Mina has %v", got)
	}
	m, err := a.GuildMember(w.GuildID(), mina)
	must(t, err)
	if !slices.Equal(m.Roles, []string{w.low}) || m.User.Username != "mina" {
		t.Errorf("discordgo reads %+v", m)
	}
	for role, want := range map[string]int{w.high: 50013, w.managed: 50013, "1": 10011} {
		if got := code(t, a.GuildMemberRoleAdd(w.GuildID(), mina, role)); got != want {
			t.Errorf("role %s: %d", role, got)
		}
	}
	if got := code(t, a.GuildMemberRoleAdd(w.GuildID(), w.user("stranger"), w.low)); got != 10007 {
		t.Errorf("somebody who is no member: %d", got)
	}
	must(t, a.GuildMemberRoleRemove(w.GuildID(), mina, w.low))
	if got := w.Roles("", "mina"); len(got) != 0 {
		t.Errorf("Mina still has %v", got)
	}
	if got := w.AuditReasons(""); !slices.Contains(got, why) {
		t.Errorf("the reasons are %q", got)
	}
}

// rowOf is a row of buttons as discordgo writes it.
func rowOf(labels ...string) []discordgo.MessageComponent {
	row := discordgo.ActionsRow{}
	for _, l := range labels {
		row.Components = append(row.Components, discordgo.Button{Label: l, Style: discordgo.PrimaryButton, CustomID: "token of " + l})
	}
	return []discordgo.MessageComponent{row}
}

func TestDiscordgoWritesAndEditsMessages(t *testing.T) {
	t.Parallel()
	w, a := library(t, discordfake.Options{})
	sent, err := a.ChannelMessageSendComplex(w.general, &discordgo.MessageSend{
		Content: "Mina asks <@&" + w.low + ">", Components: rowOf("Approve", "Deny"), AllowedMentions: &discordgo.MessageAllowedMentions{},
	})
	must(t, err)
	card, err := w.Person("ada").Read("Mina asks")
	must(t, err)
	if card.ID != sent.ID || !slices.Equal(card.Buttons, []string{"Approve", "Deny"}) || len(card.Pinged) != 0 {
		t.Errorf("Ada sees %+v", card)
	}
	over, none := "Approved by Ada", []discordgo.MessageComponent{}
	_, err = a.ChannelMessageEditComplex(&discordgo.MessageEdit{Channel: w.general, ID: sent.ID, Content: &over, Components: &none})
	must(t, err)
	if card, err = w.Person("ada").Read(over); err != nil || !card.Edited || len(card.Buttons) != 0 {
		t.Errorf("Ada sees %+v %v", card, err)
	}
	_, err = a.ChannelMessageSend(w.general, strings.Repeat("x", 2001))
	if got := code(t, err); got != 50035 {
		t.Errorf("2001 characters: %d", got)
	}
	_, err = a.ChannelMessageSend(w.secret, "hello")
	if got := code(t, err); got != 50001 {
		t.Errorf("a channel that the app does not see: %d", got)
	}
	must(t, a.ChannelMessageDelete(w.general, sent.ID))
	_, err = a.ChannelMessageEdit(w.general, sent.ID, "again")
	if got := code(t, err); got != 10008 {
		t.Errorf("a message that is gone: %d", got)
	}
}

func TestDiscordgoWritesToPeople(t *testing.T) {
	t.Parallel()
	w, a := library(t, discordfake.Options{})
	w.AddUser(discordfake.User{ID: "77", Name: "shy", DMsClosed: true})
	w.AddMember(discordfake.Member{User: "shy"})
	to := func(id string) error {
		c, err := a.UserChannelCreate(id)
		must(t, err)
		_, err = a.ChannelMessageSend(c.ID, "Your access ends soon.")
		return err
	}
	must(t, to(w.user("mina")))
	if got := w.DMs("mina"); len(got) != 1 || got[0].Text != "Your access ends soon." {
		t.Errorf("Mina got %+v", got)
	}
	if got := code(t, to("77")); got != 50007 {
		t.Errorf("closed direct messages: %d", got)
	}
}

func TestDiscordgoStartsThreads(t *testing.T) {
	t.Parallel()
	w, a := library(t, discordfake.Options{})
	private, err := a.ThreadStartComplex(w.general, &discordgo.ThreadStart{
		Name: "Mina's request", Type: discordgo.ChannelTypeGuildPrivateThread, AutoArchiveDuration: 1440,
	})
	must(t, err)
	must(t, a.ThreadMemberAdd(private.ID, w.user("mina")))
	if got := w.ThreadMembers(private.ID); !slices.Contains(got, w.user("mina")) {
		t.Errorf("in the thread are %v", got)
	}
	must(t, a.ThreadMemberRemove(private.ID, w.user("mina")))
	if got := w.ThreadMembers(private.ID); slices.Contains(got, w.user("mina")) {
		t.Errorf("in the thread are still %v", got)
	}
	m, err := a.ChannelMessageSend(w.general, "A card")
	must(t, err)
	public, err := a.MessageThreadStart(w.general, m.ID, "Talk", 60)
	must(t, err)
	if public.ParentID != w.general || len(w.Threads(w.general)) != 2 {
		t.Errorf("the threads are %+v", w.Threads(w.general))
	}
	_, err = a.MessageThreadStart(w.general, m.ID, "Talk", 60)
	if got := code(t, err); got != 160004 {
		t.Errorf("a second thread from a message: %d", got)
	}
	must(t, a.ChannelPermissionSet(w.general, w.user("mina"), discordgo.PermissionOverwriteTypeMember, discordgo.PermissionViewChannel, 0))
	if got := w.Overwrites(w.general)[w.user("mina")]; got.Allow != discordfake.ViewChannel || !got.Member {
		t.Errorf("the overwrite is %+v", got)
	}
}

// commands are the app's, as discordgo writes them.
func commands() []*discordgo.ApplicationCommand {
	return []*discordgo.ApplicationCommand{
		{Name: "access", Description: "Ask for access", Options: []*discordgo.ApplicationCommandOption{
			{Type: discordgo.ApplicationCommandOptionSubCommand, Name: "request", Description: "Ask for a package"},
		}},
		{Name: "Request access for …", Type: discordgo.UserApplicationCommand},
	}
}

func TestDiscordgoOverwritesCommands(t *testing.T) {
	t.Parallel()
	w, a := library(t, discordfake.Options{})
	made, err := a.ApplicationCommandBulkOverwrite(w.AppID(), "", commands())
	must(t, err)
	if len(made) != 2 || made[0].ID == "" || len(w.Commands("")) != 2 {
		t.Errorf("made are %+v", made)
	}
	again, err := a.ApplicationCommandBulkOverwrite(w.AppID(), "", commands()[:1])
	must(t, err)
	if len(again) != 1 || again[0].ID != made[0].ID {
		t.Errorf("a command of the same name has a new id: %+v", again)
	}
	_, err = a.ApplicationCommandBulkOverwrite(w.AppID(), w.GuildID(), []*discordgo.ApplicationCommand{{Name: "Access", Description: "Upper case"}})
	if got := code(t, err); got != 50035 {
		t.Errorf("a name in upper case: %d", got)
	}
}

func TestDiscordgoStopsAtAWrongToken(t *testing.T) {
	t.Parallel()
	w, a := library(t, discordfake.Options{})
	a.Token = "Bot guess"
	_, err := a.ChannelMessageSend(w.general, "hello")
	var refused *discordgo.RESTError
	if !errors.As(err, &refused) || refused.Response.StatusCode != http.StatusUnauthorized {
		t.Errorf("it ended with %v", err)
	}
}

// decide answers as a small approval bot does: a card for a command, an update
// for a press.
func decide(i *discordgo.Interaction) *discordgo.InteractionResponse {
	if i.Type == discordgo.InteractionApplicationCommand {
		return &discordgo.InteractionResponse{Type: discordgo.InteractionResponseChannelMessageWithSource, Data: &discordgo.InteractionResponseData{
			Content: i.Member.User.Username + " asks", Components: rowOf("Approve"),
		}}
	}
	return &discordgo.InteractionResponse{Type: discordgo.InteractionResponseUpdateMessage, Data: &discordgo.InteractionResponseData{
		Content: "Approved by " + i.Member.User.Username, Components: []discordgo.MessageComponent{},
	}}
}

func TestAStoryWithDiscordgoOverEachTransport(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(*testing.T, world, *libraryApp){
		"gateway": connectLibrary,
		"HTTP":    serveLibrary,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, a := library(t, discordfake.Options{})
			start(t, w, a)
			_, err := a.ApplicationCommandBulkOverwrite(w.AppID(), "", commands())
			must(t, err)
			must(t, w.Person("mina").Slash("access request"))
			card, err := w.Person("ada").Read("mina asks")
			must(t, err)
			must(t, w.Person("ada").Press(card, "Approve"))
			after, err := w.Person("mina").Read("Approved by ada")
			must(t, err)
			if after.ID != card.ID || len(after.Buttons) != 0 {
				t.Errorf("the card is %+v", after)
			}
			must(t, w.Person("ada").UserMenu("Request access for …", "mina"))
			if _, err := w.Person("mina").Read("ada asks"); err != nil {
				t.Error(err)
			}
		})
	}
}

// connectLibrary runs the app over the gateway.
func connectLibrary(t *testing.T, w world, a *libraryApp) {
	t.Helper()
	a.AddHandler(func(s *discordgo.Session, i *discordgo.InteractionCreate) {
		if err := s.InteractionRespond(i.Interaction, decide(i.Interaction)); err != nil {
			t.Error(err)
		}
	})
	must(t, a.Open())
	t.Cleanup(func() { _ = a.Close() })
	must(t, w.Gateway().AwaitSessions(1))
}

// serveLibrary runs the app over HTTP, with discordgo's own look at signatures.
func serveLibrary(t *testing.T, w world, _ *libraryApp) {
	t.Helper()
	key, err := hex.DecodeString(w.PublicKey())
	must(t, err)
	_, url := serveApp(t, w.Fake, func(rw http.ResponseWriter, r *http.Request) {
		if !discordgo.VerifyInteraction(r, key) {
			t.Error("discordgo does not take the signature")
		}
		var i discordgo.Interaction
		must(t, json.NewDecoder(r.Body).Decode(&i))
		rw.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(rw).Encode(decide(&i))
	})
	must(t, w.DeliverTo(url))
}
