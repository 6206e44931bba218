package discordfake

// What people and admins do by hand in Discord. The app is told by events.

// GiveRole gives a member a role.
func (f *Fake) GiveRole(guildID, user, role string) { f.byHand(guildID, user, role, true) }

// TakeRole takes a role from a member.
func (f *Fake) TakeRole(guildID, user, role string) { f.byHand(guildID, user, role, false) }

func (f *Fake) byHand(guildID, user, role string, give bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.setRole(f.guild(guildID), f.userID(user), role, give)
	f.touch()
}

// ChangeUser changes a user: closed direct messages, another locale.
func (f *Fake) ChangeUser(user string, change func(*User)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.users[f.userID(user)].User)
	f.touch()
}

// ChangeMember changes a member: nickname, pending, timed out. Roles are changed
// by GiveRole and TakeRole.
func (f *Fake) ChangeMember(guildID, user string, change func(*Member)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	g, id := f.guild(guildID), f.userID(user)
	change(&g.members[id].Member)
	f.tellMember("GUILD_MEMBER_UPDATE", g, id)
	f.touch()
}

// RemoveMember takes a user out of a server: they left, or were kicked.
func (f *Fake) RemoveMember(guildID, user string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.leave(f.guild(guildID), f.userID(user))
	f.touch()
}

// ChangeRole changes a role: its position, its permissions. The bot's own role
// is BotRole.
func (f *Fake) ChangeRole(guildID, id string, change func(*Role)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := f.guild(guildID)
	change(&g.roles[id].Role)
	f.tellRole("GUILD_ROLE_UPDATE", g, id)
	f.touch()
}

// DeleteRole deletes a role; nobody has it any more.
func (f *Fake) DeleteRole(guildID, id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := f.guild(guildID)
	delete(g.roles, id)
	for _, m := range g.members {
		delete(m.roles, id)
	}
	for _, c := range f.channels {
		delete(c.overwrites, id)
	}
	f.tell(g.ID, "GUILD_ROLE_DELETE", object{"guild_id": g.ID, "role_id": id})
	f.touch()
}

// SetOverwrite sets an overwrite of a channel; one that neither allows nor denies
// anything is removed.
func (f *Fake) SetOverwrite(channel string, o Overwrite) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.channel(channel)
	c.overwrites[o.ID] = o
	if o.Allow == 0 && o.Deny == 0 {
		delete(c.overwrites, o.ID)
	}
	f.tell(c.Guild, "CHANNEL_UPDATE", f.channelJSON(c))
	f.touch()
}

// ChangeChannel changes a channel or a thread: its name, archived, locked.
func (f *Fake) ChangeChannel(channel string, change func(*Channel)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.channel(channel)
	change(&c.Channel)
	event := "CHANNEL_UPDATE"
	if c.isThread() {
		event = "THREAD_UPDATE"
	}
	f.tell(c.Guild, event, f.channelJSON(c))
	f.touch()
}

// DeleteChannel deletes a channel or a thread.
func (f *Fake) DeleteChannel(channel string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.drop(f.channel(channel))
	f.touch()
}

// DeleteMessage takes a message away.
func (f *Fake) DeleteMessage(m Message) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if old := f.find(m.Channel, m.ID); old != nil {
		f.forget(old)
	}
	f.touch()
}

// JoinThread puts a member into a thread.
func (f *Fake) JoinThread(thread, user string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.joinThread(f.channel(thread), f.userID(user))
	f.touch()
}

// LeaveThread takes a member out of a thread.
func (f *Fake) LeaveThread(thread, user string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.leaveThread(f.channel(thread), f.userID(user))
	f.touch()
}

// RemoveBot takes the app out of a server.
func (f *Fake) RemoveBot(guildID string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := f.guild(guildID)
	delete(g.members, f.opt.AppID)
	f.tell(g.ID, "GUILD_DELETE", object{"id": g.ID})
	f.touch()
}
