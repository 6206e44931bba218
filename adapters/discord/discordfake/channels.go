package discordfake

import (
	"maps"
	"slices"
	"strconv"
)

func intText(n int) string { return strconv.Itoa(n) }

func (f *Fake) getChannel(c *call) (any, error) {
	ch, err := f.visible(c.id("channel"))
	if err != nil {
		return nil, err
	}
	return f.channelJSON(ch), nil
}

// putOverwrite is "Edit Channel Permissions" (Channel).
func (f *Fake) putOverwrite(c *call) (any, error) {
	ch, err := f.overwritable(c)
	if err != nil {
		return nil, err
	}
	look := newChecker()
	shape{must: []string{"type"}, fields: map[string]check{
		"id": ignored, "type": oneOf(0, 1), "allow": anyPermissions, "deny": anyPermissions,
	}}.check(look, c.body, "")
	if err := form(look.problems); err != nil {
		return nil, err
	}
	o := Overwrite{ID: c.id("overwrite"), Member: intOf(c.body["type"], 0) == 1}
	o.Allow, _ = parsePermissions(text(c.body["allow"]))
	o.Deny, _ = parsePermissions(text(c.body["deny"]))
	g := f.guilds[ch.Guild]
	switch {
	case o.Member && f.users[o.ID] == nil, !o.Member && g.roles[o.ID] == nil:
		return nil, refuse(unknownOverwrite)
	case !f.mayOverwrite(ch, ch.overwrites[o.ID], o):
		return nil, refuse(missingPermissions)
	}
	action := auditOverwriteCreate
	if _, was := ch.overwrites[o.ID]; was {
		action = auditOverwriteUpdate
	}
	ch.overwrites[o.ID] = o
	f.log(g, action, ch.ID, c.reason)
	f.tell(g.ID, "CHANNEL_UPDATE", f.channelJSON(ch))
	return nil, nil
}

// overwritable finds a channel whose overwrites the bot may change.
func (f *Fake) overwritable(c *call) (*channel, error) {
	ch, err := f.visible(c.id("channel"))
	switch {
	case err != nil:
		return nil, err
	case ch.Kind == Direct:
		return nil, refuse(notOnDM)
	case ch.isThread():
		return nil, refuse(notThisChannel)
	}
	return ch, f.need(ch, ManageRoles)
}

// mayOverwrite: only permissions that the bot has itself, in the server or in
// the channel above, can be changed, unless an overwrite of the channel gives it
// MANAGE_ROLES (Channel, "Edit Channel Permissions").
func (f *Fake) mayOverwrite(ch *channel, old, next Overwrite) bool {
	g := f.guilds[ch.Guild]
	has := f.basePermissions(g, f.opt.AppID)
	if parent := f.channels[ch.Parent]; parent != nil {
		has = f.permissions(parent, f.opt.AppID)
	}
	changed := old.Allow ^ next.Allow | old.Deny ^ next.Deny
	if has.Has(changed) {
		return true
	}
	own := g.members[f.opt.AppID]
	for id := range own.roles {
		if ch.overwrites[id].Allow&ManageRoles != 0 {
			return true
		}
	}
	return ch.overwrites[f.opt.AppID].Allow&ManageRoles != 0
}

// deleteOverwrite is "Delete Channel Permission" (Channel).
func (f *Fake) deleteOverwrite(c *call) (any, error) {
	ch, err := f.overwritable(c)
	if err != nil {
		return nil, err
	}
	old, ok := ch.overwrites[c.id("overwrite")]
	switch {
	case !ok:
		return nil, refuse(unknownOverwrite)
	case !f.mayOverwrite(ch, old, Overwrite{}):
		return nil, refuse(missingPermissions)
	}
	delete(ch.overwrites, old.ID)
	f.log(f.guilds[ch.Guild], auditOverwriteDelete, ch.ID, c.reason)
	f.tell(ch.Guild, "CHANNEL_UPDATE", f.channelJSON(ch))
	return nil, nil
}

// archiveAfter are the allowed values of auto_archive_duration, in minutes.
func archiveAfter(c *checker, v any, path string) { oneOf(60, 1440, 4320, 10080)(c, v, path) }

func threadShape(more map[string]check) shape {
	fields := map[string]check{"name": words(1, 100), "auto_archive_duration": archiveAfter, "rate_limit_per_user": number(0, 21600)}
	maps.Copy(fields, more)
	return shape{fields: fields}
}

// startThread is "Start Thread without Message" (Channel).
func (f *Fake) startThread(c *call) (any, error) {
	ch, err := f.visible(c.id("channel"))
	if err != nil {
		return nil, err
	}
	s := threadShape(map[string]check{"type": oneOf(int64(PublicThread), int64(PrivateThread)), "invitable": truth})
	s.must = []string{"name"}
	look := newChecker()
	s.check(look, c.body, "")
	if err := form(look.problems); err != nil {
		return nil, err
	}
	kind := Kind(intOf(c.body["type"], int(PrivateThread)))
	need := CreatePublicThreads
	if kind == PrivateThread {
		need = CreatePrivateThread
	}
	if ch.Kind != Text {
		return nil, refuse(notThisChannel)
	}
	if err := f.need(ch, need); err != nil {
		return nil, err
	}
	return created{f.openThread(f.id(), ch, kind, c)}, nil
}

// threadFromMessage is "Start Thread from Message" (Channel): the thread has
// the id of the message.
func (f *Fake) threadFromMessage(c *call) (any, error) {
	m, ch, err := f.own(c)
	if err != nil {
		return nil, err
	}
	s := threadShape(nil)
	s.must = []string{"name"}
	// discordgo sends type and invitable along; Discord ignores them here.
	s.fields["type"], s.fields["invitable"] = ignored, ignored
	look := newChecker()
	s.check(look, c.body, "")
	if err := form(look.problems); err != nil {
		return nil, err
	}
	if ch.Kind != Text {
		return nil, refuse(notThisChannel)
	}
	if err := f.need(ch, CreatePublicThreads); err != nil {
		return nil, err
	}
	if f.channels[m.id] != nil {
		return nil, refuse(threadExists)
	}
	made := f.openThread(m.id, ch, PublicThread, c)
	m.flags |= flagHasThread
	f.tellMessage("MESSAGE_UPDATE", m)
	return created{made}, nil
}

func (f *Fake) openThread(id string, parent *channel, kind Kind, c *call) object {
	ch := newChannel(Channel{
		Guild: parent.Guild, ID: id, Name: text(c.body["name"]), Kind: kind, Parent: parent.ID, Owner: f.opt.AppID,
		NoInvite: kind == PrivateThread && c.body["invitable"] == false,
	})
	ch.autoHide = intOf(c.body["auto_archive_duration"], 4320)
	f.channels[id] = ch
	ch.people[f.opt.AppID] = c.at
	f.log(f.guilds[ch.Guild], auditThreadCreate, id, c.reason)
	data := f.channelJSON(ch)
	data["newly_created"] = true
	f.tell(ch.Guild, "THREAD_CREATE", data)
	return f.channelJSON(ch)
}

// modifyChannel changes threads (Channel, "Modify Channel"; Threads, "Editing &
// Deleting Threads"); of other channels, the name.
func (f *Fake) modifyChannel(c *call) (any, error) {
	ch, err := f.visible(c.id("channel"))
	if err != nil {
		return nil, err
	}
	if ch.Kind == Direct {
		return nil, refuse(notOnDM)
	}
	s, need := shape{fields: map[string]check{"name": words(1, 100), "topic": atMost(1024)}}, ManageChannels
	if ch.isThread() {
		s = threadShape(map[string]check{"archived": truth, "locked": truth, "invitable": truth})
		need = f.toModify(ch, c.body)
	}
	look := newChecker()
	s.check(look, c.body, "")
	if err := form(look.problems); err != nil {
		return nil, err
	}
	if need != 0 {
		if err := f.need(ch, need); err != nil {
			return nil, err
		}
	}
	if ch.isThread() && ch.Archived && c.body["archived"] != false {
		return nil, refuse(archivedThread)
	}
	return f.modify(ch, c), nil
}

// toModify is the permission that a change of a thread needs: for one's own
// none, but for locking it; to open an unlocked one that the bot is in, to write
// there; in every other case MANAGE_THREADS.
func (f *Fake) toModify(ch *channel, body object) Permissions {
	_, in := ch.people[f.opt.AppID]
	_, locks := body["locked"]
	_, slows := body["rate_limit_per_user"]
	switch {
	case locks || slows:
		return ManageThreads
	case ch.Owner == f.opt.AppID && !ch.Locked:
		return 0
	case in && !ch.Locked && len(body) == 1 && body["archived"] == false:
		return SendInThreads
	}
	return ManageThreads
}

func (f *Fake) modify(ch *channel, c *call) object {
	if s := text(c.body["name"]); s != "" {
		ch.Name = s
	}
	for name, field := range map[string]*bool{"archived": &ch.Archived, "locked": &ch.Locked} {
		if v, ok := c.body[name].(bool); ok {
			*field = v
		}
	}
	if v, ok := c.body["invitable"].(bool); ok {
		ch.NoInvite = !v
	}
	ch.autoHide = intOf(c.body["auto_archive_duration"], ch.autoHide)
	event := "CHANNEL_UPDATE"
	if ch.isThread() {
		event = "THREAD_UPDATE"
		f.log(f.guilds[ch.Guild], auditThreadUpdate, ch.ID, c.reason)
	}
	f.tell(ch.Guild, event, f.channelJSON(ch))
	return f.channelJSON(ch)
}

func (f *Fake) deleteChannel(c *call) (any, error) {
	ch, err := f.visible(c.id("channel"))
	if err != nil {
		return nil, err
	}
	need := ManageChannels
	if ch.isThread() {
		need = ManageThreads
	}
	if ch.Kind != Direct {
		if err := f.need(ch, need); err != nil {
			return nil, err
		}
		f.drop(ch)
	}
	return f.channelJSON(ch), nil
}

// drop takes a channel away, with its threads and messages, and tells the app.
func (f *Fake) drop(ch *channel) {
	for _, id := range slices.Sorted(maps.Keys(f.channels)) {
		if thread := f.channels[id]; thread != nil && thread.isThread() && thread.Parent == ch.ID {
			f.drop(thread)
		}
	}
	delete(f.channels, ch.ID)
	delete(f.messages, ch.ID)
	event := "CHANNEL_DELETE"
	if ch.isThread() {
		event = "THREAD_DELETE"
	}
	f.tell(ch.Guild, event, f.channelJSON(ch))
}

// typing is "Trigger Typing Indicator" (Channel).
func (f *Fake) typing(c *call) (any, error) {
	ch, err := f.visible(c.id("channel"))
	if err != nil {
		return nil, err
	}
	return nil, f.canSend(ch, f.opt.AppID)
}
