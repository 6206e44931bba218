package discordfault

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/usher-dev/usher/core/access"
)

// IsID reports whether a text can be an id of Discord.
func IsID(text string) bool { return snowflake.MatchString(text) }

// Accounts are the Discord user ids among somebody's accounts that are of the
// chat.
func Accounts(chat string, accounts []access.Account) []string {
	var ids []string
	for _, a := range accounts {
		in, id, _ := strings.Cut(string(a), "/")
		if in == chat && IsID(id) && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Acting are the permissions that a person can make use of now: Powers, but of
// somebody who is timed out only those to look, unless they are the owner or
// an administrator ("Permissions", Permissions For Timed Out Members).
func Acting(g *discordgo.Guild, c *discordgo.Channel, m *discordgo.Member, now time.Time) int64 {
	has := Powers(g, c, m)
	until := m.CommunicationDisabledUntil
	if until != nil && until.After(now) && has&discordgo.PermissionAdministrator == 0 {
		has &= discordgo.PermissionViewChannel | discordgo.PermissionReadMessageHistory
	}
	return has
}

// Channels reads the channels of a server, without threads. Discord gives them
// in one piece, 500 at most ("Guild Resource", Get Guild Channels).
func (c *Client) Channels(ctx context.Context, guild string) ([]*discordgo.Channel, error) {
	var all []*discordgo.Channel
	err := c.Do(ctx, Call{Method: http.MethodGet, URL: discordgo.EndpointGuildChannels(guild)}, &all)
	return all, err
}
