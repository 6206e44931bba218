package discordfake

import (
	"maps"
	"slices"
)

// Roles are the ids of the roles that a member has, without @everyone; nil when
// they are no member. "" is the first server.
func (f *Fake) Roles(guildID, user string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	m := f.guild(guildID).members[f.userID(user)]
	if m == nil {
		return nil
	}
	return append([]string{}, slices.Sorted(maps.Keys(m.roles))...)
}

// IsMember reports whether a user is in a server.
func (f *Fake) IsMember(guildID, user string) bool { return f.Roles(guildID, user) != nil }

// channel finds a channel by id or name. f.mu is held.
func (f *Fake) channel(idOrName string) *channel {
	if c := f.channels[idOrName]; c != nil {
		return c
	}
	if c := f.channelNamed(idOrName); c != nil && idOrName != "" {
		return c
	}
	panic("discordfake: no channel " + idOrName)
}

// Overwrites are those of a channel, by the id of the role or the member.
func (f *Fake) Overwrites(channel string) map[string]Overwrite {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.channel(channel).overwrites)
}

// Permissions are those of a user in a channel.
func (f *Fake) Permissions(channel, user string) Permissions {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.permissions(f.channel(channel), f.userID(user))
}

// ThreadMembers are the ids of the members of a thread.
func (f *Fake) ThreadMembers(thread string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string{}, slices.Sorted(maps.Keys(f.channel(thread).people))...)
}

// Threads are the threads of a channel, the oldest first.
func (f *Fake) Threads(parent string) []Channel {
	f.mu.Lock()
	defer f.mu.Unlock()
	id := f.channel(parent).ID
	var out []Channel
	for _, each := range slices.SortedFunc(maps.Keys(f.channels), bySnowflake) {
		if c := f.channels[each]; c.isThread() && c.Parent == id {
			seen := c.Channel
			seen.Members = slices.Sorted(maps.Keys(c.people))
			out = append(out, seen)
		}
	}
	return out
}

// ChannelID finds a channel of a server by name; "" when there is none.
func (f *Fake) ChannelID(name string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c := f.channelNamed(name); c != nil {
		return c.ID
	}
	return ""
}

// Audit is the audit log of a server, the oldest entry first.
func (f *Fake) Audit(guildID string) []AuditEntry {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.guild(guildID).audit)
}

// AuditReasons are the reasons in the audit log of a server.
func (f *Fake) AuditReasons(guildID string) []string {
	var out []string
	for _, e := range f.Audit(guildID) {
		out = append(out, e.Reason)
	}
	return out
}
