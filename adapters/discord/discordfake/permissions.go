package discordfake

import "strconv"

// Permissions is a set of permission flags (Permissions, "Bitwise Permission
// Flags"); the API writes it as a string of digits, like String.
type Permissions uint64

// The permissions that this fake knows the meaning of.
const (
	KickMembers         Permissions = 1 << 1
	BanMembers          Permissions = 1 << 2
	Administrator       Permissions = 1 << 3
	ManageChannels      Permissions = 1 << 4
	ManageGuild         Permissions = 1 << 5
	AddReactions        Permissions = 1 << 6
	ViewAuditLog        Permissions = 1 << 7
	ViewChannel         Permissions = 1 << 10
	SendMessages        Permissions = 1 << 11
	ManageMessages      Permissions = 1 << 13
	EmbedLinks          Permissions = 1 << 14
	AttachFiles         Permissions = 1 << 15
	ReadMessageHistory  Permissions = 1 << 16
	MentionEveryone     Permissions = 1 << 17
	ManageRoles         Permissions = 1 << 28
	UseCommands         Permissions = 1 << 31
	ManageThreads       Permissions = 1 << 34
	CreatePublicThreads Permissions = 1 << 35
	CreatePrivateThread Permissions = 1 << 36
	SendInThreads       Permissions = 1 << 38
	ModerateMembers     Permissions = 1 << 40
	allPermissions      Permissions = 1<<53 - 1
)

// DefaultBot are the permissions of a bot that nothing else was said about.
const DefaultBot = ViewChannel | SendMessages | EmbedLinks | ReadMessageHistory | ManageRoles | ManageThreads | CreatePublicThreads |
	CreatePrivateThread | SendInThreads

// DefaultEveryone are the permissions of @everyone in a new server.
const DefaultEveryone = ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadMessageHistory | AddReactions | UseCommands |
	CreatePublicThreads | SendInThreads

// Has reports whether all of need are in p; Administrator stands for all.
func (p Permissions) Has(need Permissions) bool { return p&Administrator != 0 || p&need == need }

func (p Permissions) String() string { return strconv.FormatUint(uint64(p), 10) }

// basePermissions are those of a member in a server (Permissions, "Permission
// Overwrites"). f.mu is held.
func (f *Fake) basePermissions(g *guild, user string) Permissions {
	if g.Owner == user {
		return allPermissions
	}
	m := g.members[user]
	if m == nil {
		return 0
	}
	all := g.roles[g.ID].Permissions
	for id := range m.roles {
		all |= g.roles[id].Permissions
	}
	if all&Administrator != 0 {
		return allPermissions
	}
	return all
}

// permissions are those of a member in a channel, with everything that is
// denied implicitly left out (Permissions, "Implicit Permissions"); a thread
// has those of the channel that it is in. f.mu is held.
func (f *Fake) permissions(c *channel, user string) Permissions {
	g := f.guilds[c.Guild]
	if g == nil {
		return f.directPermissions(c, user)
	}
	if parent := f.channels[c.Parent]; c.isThread() && parent != nil {
		c = parent
	}
	p := f.basePermissions(g, user)
	if p&Administrator != 0 {
		return p
	}
	m := g.members[user]
	if m == nil {
		return 0
	}
	p = c.overwritten(p, g.ID, m)
	if p&ViewChannel == 0 {
		return 0
	}
	if p&SendMessages == 0 {
		p &^= MentionEveryone | AttachFiles | EmbedLinks
	}
	if m.TimedOutUntil.After(f.clock.Now()) {
		p &= ViewChannel | ReadMessageHistory
	}
	return p
}

// overwritten applies the overwrites of @everyone, then of the roles together,
// then of the member.
func (c *channel) overwritten(p Permissions, everyone string, m *member) Permissions {
	var allow, deny Permissions
	if o, ok := c.overwrites[everyone]; ok {
		p = p&^o.Deny | o.Allow
	}
	for id := range m.roles {
		o := c.overwrites[id]
		allow, deny = allow|o.Allow, deny|o.Deny
	}
	p = p&^deny | allow
	if o, ok := c.overwrites[m.User]; ok {
		p = p&^o.Deny | o.Allow
	}
	return p
}

func (f *Fake) directPermissions(c *channel, user string) Permissions {
	if c.with != user && user != f.opt.AppID {
		return 0
	}
	return ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadMessageHistory | AddReactions | UseCommands
}

// highest is a member's role of the greatest position (Permissions, "Permission
// Hierarchy"). f.mu is held.
func (g *guild) highest(user string) *Role {
	top := g.roles[g.ID]
	m := g.members[user]
	if m == nil {
		return &top.Role
	}
	for id := range m.roles {
		if r := g.roles[id]; r.Position > top.Position {
			top = r
		}
	}
	return &top.Role
}

func snowflake(id string) uint64 {
	n, _ := strconv.ParseUint(id, 10, 64)
	return n
}

// isSnowflake says whether a text can be an id.
func isSnowflake(s string) bool {
	n, err := strconv.ParseUint(s, 10, 64)
	return err == nil && n > 0
}

func parsePermissions(s string) (Permissions, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	return Permissions(n), err
}
