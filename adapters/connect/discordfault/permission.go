package discordfault

import "github.com/bwmarrin/discordgo"

// Permission is what the bot needs to be allowed in a server, with its reason
// and what does not work without it, for the invite link and for `usher
// doctor` ("Permissions", Bitwise Permission Flags).
type Permission struct {
	Bit     uint64
	Name    string // as people read it in Discord
	Reason  string
	Without string
}

// Powers are the permissions of a member of a server in a channel of it; nil
// means in the server as a whole. A thread has those of the channel that it is
// in, which is the one to be given.
func Powers(g *discordgo.Guild, c *discordgo.Channel, m *discordgo.Member) int64 {
	at := discordgo.Channel{ID: g.ID}
	if c != nil {
		at = *c
	}
	member := *m
	at.GuildID, member.GuildID = g.ID, g.ID
	state := discordgo.NewState()
	// Neither call can fail: all that they look for is put there.
	_ = state.GuildAdd(&discordgo.Guild{
		ID: g.ID, OwnerID: g.OwnerID, Roles: g.Roles, Channels: []*discordgo.Channel{&at}, Members: []*discordgo.Member{&member},
	})
	has, _ := state.UserChannelPermissions(m.User.ID, at.ID)
	if has&discordgo.PermissionAdministrator != 0 {
		return ^0
	}
	return has
}

// Stands reports whether a member's highest role stands above another: at a
// higher position, or older at the same one. The owner stands above all
// ("Permissions", Permission Hierarchy).
func Stands(g *discordgo.Guild, m *discordgo.Member, over *discordgo.Role) bool {
	if g.OwnerID == m.User.ID {
		return true
	}
	for _, r := range g.Roles {
		for _, id := range m.Roles {
			if r.ID == id && (r.Position > over.Position || r.Position == over.Position && older(r.ID, over.ID)) {
				return true
			}
		}
	}
	return false
}

// older compares two ids without leading zeros ("API Reference", Snowflakes).
func older(a, b string) bool { return len(a) < len(b) || len(a) == len(b) && a < b }
