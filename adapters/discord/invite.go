package discord

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/bwmarrin/discordgo"
)

// Permission is something that the bot may do in a server, with its reason and
// what does not work without it ("Permissions", Bitwise Permission Flags).
type Permission struct {
	Bit     uint64
	Name    string // as people read it in Discord
	Reason  string
	Without string
}

// The permissions that Usher asks for or speaks of.
const (
	permitAdministrator uint64 = 1 << 3
	permitView          uint64 = 1 << 10
	permitSend          uint64 = 1 << 11
	permitHistory       uint64 = 1 << 16
	permitManageRoles   uint64 = 1 << 28
	permitPublicThread  uint64 = 1 << 35
	permitPrivateThread uint64 = 1 << 36
	permitSendThread    uint64 = 1 << 38
)

// Permissions are those that the adapter needs by itself; connectors add
// theirs. threads: cards get a thread; fallback: people with closed direct
// messages get a private one. Administrator is never among them.
func Permissions(threads, fallback bool) []Permission {
	out := []Permission{
		{permitView, "View Channels", "see the channels that cards are posted to", "no card is posted to a channel"},
		{permitSend, "Send Messages", "post cards", "no card is posted to a channel"},
		{permitHistory, "Read Message History", "find the card that somebody replied to", "replies to cards are not kept"},
	}
	if threads {
		out = append(out, Permission{permitPublicThread, "Create Public Threads", "open a thread below each card", "cards have no thread"})
	}
	if fallback {
		out = append(out, Permission{
			permitPrivateThread, "Create Private Threads", "write to people whose direct messages are closed", "those people get no cards",
		})
	}
	if threads || fallback {
		out = append(out, Permission{permitSendThread, "Send Messages in Threads", "write into those threads", "the threads stay empty"})
	}
	return out
}

// bitsOf are the permissions together.
func bitsOf(permissions []Permission) (bits uint64) {
	for _, p := range permissions {
		bits |= p.Bit
	}
	return bits &^ permitAdministrator
}

// Application asks Discord for the id of the application that the bot token is
// of ("Get Current Application"). It works before the bot is in any server.
func (a *Adapter) Application(ctx context.Context) (string, error) {
	var got struct{ ID string }
	err := a.call(ctx, errand{method: http.MethodGet, url: discordgo.EndpointApplications + "/@me", way: "application"}, &got)
	return got.ID, asFault(err)
}

// Invite is the link with which somebody who manages a server brings the bot
// into it ("OAuth2", Bot Authorization Flow).
func Invite(app string, permissions []Permission) string {
	q := url.Values{
		"client_id": {app}, "scope": {"bot applications.commands"}, "permissions": {strconv.FormatUint(bitsOf(permissions), 10)},
	}
	return "https://discord.com/oauth2/authorize?" + q.Encode()
}
