package discordfake

// tell sends an event to the app, of servers that it is in. f.mu is held. While
// a fake is furnished there is nobody to tell.
func (f *Fake) tell(guild, event string, data object) {
	g := f.guilds[guild]
	there := g == nil || g.members[f.opt.AppID] != nil || event == "GUILD_DELETE"
	if f.out != nil && there {
		f.out.dispatch(guild, event, data)
	}
}

// tellMember sends GUILD_MEMBER_ADD or _UPDATE.
func (f *Fake) tellMember(event string, g *guild, user string) {
	data := f.memberJSON(g, user)
	data["guild_id"] = g.ID
	f.tell(g.ID, event, data)
}

// tellRole sends GUILD_ROLE_CREATE or _UPDATE.
func (f *Fake) tellRole(event string, g *guild, id string) {
	f.tell(g.ID, event, object{"guild_id": g.ID, "role": f.roleJSON(g.roles[id])})
}
