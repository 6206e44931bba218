package discordfake

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sort"
	"time"
)

// nonceLasts is how long a nonce is looked for: "the past few minutes"
// (Message, "Create Message").
const nonceLasts = 5 * time.Minute

// clone copies JSON, so that what left the lock does not change.
func clone(o object) object {
	b, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	v, err := decode(b)
	if err != nil {
		panic(err)
	}
	return nested(v)
}

// find looks for a message that is no ephemeral one. f.mu is held.
func (f *Fake) find(channel, id string) *message {
	all := f.messages[channel]
	i := sort.Search(len(all), func(i int) bool { return snowflake(all[i].id) >= snowflake(id) })
	if i < len(all) && all[i].id == id {
		return all[i]
	}
	return nil
}

// visible finds a channel that the bot can see. f.mu is held.
func (f *Fake) visible(id string) (*channel, error) {
	c := f.channels[id]
	if c == nil || c.Guild != "" && f.guilds[c.Guild].members[f.opt.AppID] == nil {
		return nil, refuse(unknownChannel)
	}
	if !f.canSee(c, f.opt.AppID) {
		return nil, refuse(missingAccess)
	}
	return c, nil
}

// canSee: private threads are seen by their members and by moderators
// (Threads, "Permissions"). f.mu is held.
func (f *Fake) canSee(c *channel, user string) bool {
	p := f.permissions(c, user)
	if !p.Has(ViewChannel) {
		return false
	}
	_, in := c.people[user]
	return c.Kind != PrivateThread || in || p.Has(ManageThreads)
}

// canSend says why somebody may not write into a channel that they see.
func (f *Fake) canSend(c *channel, user string) error {
	p := f.permissions(c, user)
	need := SendMessages
	if c.isThread() {
		need = SendInThreads
	}
	switch {
	case c.Kind == Category:
		return refuse(notText)
	case !p.Has(need):
		return refuse(missingPermissions)
	case c.Locked && !p.Has(ManageThreads):
		return refuse(threadLocked)
	case c.Kind == Direct:
		return f.canDM(c.with)
	}
	return nil
}

// canDM: people are written to only if they let it be and share a server with
// the bot.
func (f *Fake) canDM(user string) error {
	u := f.users[user]
	if u == nil || u.DMsClosed || u.Bot {
		return refuse(cannotDM)
	}
	for _, id := range f.botGuilds() {
		if f.guilds[id].members[user] != nil {
			return nil
		}
	}
	return refuse(noMutualGuild)
}

func (f *Fake) createMessage(c *call) (any, error) {
	ch, err := f.visible(c.id("channel"))
	if err != nil {
		return nil, err
	}
	if err := f.canSend(ch, f.opt.AppID); err != nil {
		return nil, err
	}
	m := &message{channel: ch.ID, author: f.opt.AppID}
	if err := f.compose(m, c.body, door{}); err != nil {
		return nil, err
	}
	if err := f.replyTo(m, ch, c.body["message_reference"]); err != nil {
		return nil, err
	}
	if c.body["nonce"] != nil {
		m.nonce = fmt.Sprint(c.body["nonce"])
	}
	if old := f.sameNonce(m, c.at); c.body["enforce_nonce"] == true && old != nil {
		return f.messageJSON(old), nil
	}
	f.keep(m)
	return f.messageJSON(m), nil
}

// sameNonce finds the message of the bot's that has the nonce of this one.
func (f *Fake) sameNonce(m *message, now time.Time) *message {
	old := f.nonces[m.nonce]
	if m.nonce == "" || old == nil || now.Sub(born(old.id)) >= nonceLasts || f.find(old.channel, old.id) == nil {
		return nil
	}
	return old
}

// replyTo reads message_reference (Message, "Message Reference Structure").
func (f *Fake) replyTo(m *message, c *channel, reference any) error {
	if reference == nil {
		return nil
	}
	look := newChecker()
	shape{must: []string{"message_id"}, fields: map[string]check{
		"type": oneOf(0), "message_id": aSnowflake, "channel_id": aSnowflake, "guild_id": aSnowflake, "fail_if_not_exists": truth,
	}}.check(look, reference, "message_reference")
	if err := form(look.problems); err != nil {
		return err
	}
	if !f.permissions(c, m.author).Has(ReadMessageHistory) {
		return refuse(replyNeedsHistory)
	}
	o := nested(reference)
	if f.find(c.ID, text(o["message_id"])) == nil {
		if o["fail_if_not_exists"] == false {
			return nil
		}
		return badField("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
	}
	m.reply = text(o["message_id"])
	return nil
}

// keep adds a message to its channel and tells the app. Writing into an
// archived thread opens it again.
func (f *Fake) keep(m *message) {
	ch := f.channels[m.channel]
	m.id = f.id()
	if m.nonce != "" {
		f.nonces[m.nonce] = m
	}
	f.messages[m.channel] = append(f.messages[m.channel], m)
	ch.lastID = m.id
	if ch.isThread() && ch.Archived {
		ch.Archived = false
		f.tell(ch.Guild, "THREAD_UPDATE", f.channelJSON(ch))
	}
	if ch.isThread() {
		for _, id := range append([]string{m.author}, m.mentions.users...) {
			f.joinThread(ch, id)
		}
	}
	f.tellMessage("MESSAGE_CREATE", m)
}

// tellMessage sends an event about a message, if the bot sees its channel.
func (f *Fake) tellMessage(event string, m *message) {
	ch := f.channels[m.channel]
	if m.only != "" || !f.canSee(ch, f.opt.AppID) {
		return
	}
	data := f.messageJSON(m)
	if g := f.guilds[ch.Guild]; g != nil {
		data["guild_id"] = g.ID
		if g.members[m.author] != nil {
			data["member"] = partialMember(f.memberJSON(g, m.author))
		}
	}
	if m.nonce != "" {
		data["nonce"] = m.nonce
	}
	f.tell(ch.Guild, event, data)
}

// own finds a message of the bot's, for a change of it.
func (f *Fake) own(c *call) (*message, *channel, error) {
	ch, err := f.visible(c.id("channel"))
	if err != nil {
		return nil, nil, err
	}
	m := f.find(ch.ID, c.id("message"))
	if m == nil {
		return nil, nil, refuse(unknownMessage)
	}
	return m, ch, nil
}

func (f *Fake) editMessage(c *call) (any, error) {
	m, ch, err := f.own(c)
	switch {
	case err != nil:
		return nil, err
	case m.author != f.opt.AppID:
		return nil, refuse(notTheAuthor)
	case ch.Archived:
		return nil, refuse(archivedThread)
	case ch.Locked && !f.permissions(ch, f.opt.AppID).Has(ManageThreads):
		return nil, refuse(threadLocked)
	}
	if err := f.compose(m, c.body, door{edit: true}); err != nil {
		return nil, err
	}
	m.edited = c.at
	f.tellMessage("MESSAGE_UPDATE", m)
	return f.messageJSON(m), nil
}

func (f *Fake) deleteMessage(c *call) (any, error) {
	m, ch, err := f.own(c)
	if err != nil {
		return nil, err
	}
	if m.author != f.opt.AppID {
		if err := f.need(ch, ManageMessages); err != nil {
			return nil, err
		}
	}
	f.forget(m)
	return nil, nil
}

// forget takes a message away and tells the app.
func (f *Fake) forget(m *message) {
	f.messages[m.channel] = slices.DeleteFunc(f.messages[m.channel], func(x *message) bool { return x == m })
	guild := f.channels[m.channel].Guild
	data := object{"id": m.id, "channel_id": m.channel}
	if guild != "" {
		data["guild_id"] = guild
	}
	f.tell(guild, "MESSAGE_DELETE", data)
}

func (f *Fake) getMessage(c *call) (any, error) {
	m, ch, err := f.own(c)
	switch {
	case err != nil:
		return nil, err
	case !f.permissions(ch, f.opt.AppID).Has(ReadMessageHistory):
		return nil, refuse(missingPermissions)
	}
	return f.readable(m), nil
}

func (f *Fake) listMessages(c *call) (any, error) {
	ch, err := f.visible(c.id("channel"))
	if err != nil {
		return nil, err
	}
	limit, err := c.limit(100, 50)
	if err != nil {
		return nil, err
	}
	out := []any{}
	if !f.permissions(ch, f.opt.AppID).Has(ReadMessageHistory) {
		return out, nil
	}
	all := f.messages[ch.ID]
	from, to, err := window(c, len(all), limit, func(i int) uint64 { return snowflake(all[i].id) })
	if err != nil {
		return nil, err
	}
	for _, m := range slices.Backward(all[from:to]) {
		out = append(out, f.readable(m))
	}
	return out, nil
}

// window is the part of a list, sorted by id, that before, after or around ask
// for.
func window(c *call, n, limit int, at func(int) uint64) (from, to int, err error) {
	given := 0
	from, to = max(0, n-limit), n
	for _, name := range []string{"before", "after", "around"} {
		raw := c.query.Get(name)
		if raw == "" {
			continue
		}
		if given++; given > 1 || !isSnowflake(raw) {
			return 0, 0, badField(name, "NUMBER_TYPE_COERCE", "Value is not snowflake, or before, after and around are mixed")
		}
		id := snowflake(raw)
		i := sort.Search(n, func(i int) bool { return at(i) >= id })
		switch name {
		case "before":
			from, to = max(0, i-limit), i
		case "after":
			if i < n && at(i) == id {
				i++
			}
			from, to = i, min(n, i+limit)
		case "around":
			from, to = max(0, i-limit/2), min(n, i-limit/2+limit)
		}
	}
	return from, max(from, to), nil
}

// readable is a message as the app may read it: without MESSAGE_CONTENT what
// others wrote is empty, but for direct messages and mentions of the bot
// (Gateway, "Message Content Intent").
func (f *Fake) readable(m *message) object {
	o := f.messageJSON(m)
	if f.opt.Intents&IntentContent != 0 || m.author == f.opt.AppID || f.channels[m.channel].Kind == Direct ||
		slices.Contains(m.mentions.users, f.opt.AppID) {
		return o
	}
	o["content"], o["embeds"], o["components"] = "", []any{}, []any{}
	return o
}

// Message types (Message, "Message Types").
const (
	typeReply       = 19
	typeChatInput   = 20
	typeContextMenu = 23
)

// messageJSON is a message object (Message, "Message Structure"). f.mu is held.
func (f *Fake) messageJSON(m *message) object {
	o := object{
		"id": m.id, "channel_id": m.channel, "author": f.userJSON(m.author), "content": m.content, "timestamp": stamp(born(m.id)),
		"edited_timestamp": stamp(m.edited), "tts": false, "mention_everyone": m.mentions.everyone, "mentions": f.usersJSON(m.mentions.users),
		"mention_roles": append([]string{}, m.mentions.roles...), "attachments": []any{}, "embeds": append([]any{}, m.embeds...), "pinned": false,
		"type": 0, "flags": m.flags, "components": append([]any{}, m.components...),
	}
	if m.reply != "" {
		o["type"] = typeReply
		o["message_reference"] = object{"type": 0, "message_id": m.reply, "channel_id": m.channel}
	}
	if thread := f.channels[m.id]; thread != nil {
		o["thread"] = f.channelJSON(thread)
	}
	if m.via != nil {
		maps.Copy(o, f.viaJSON(m))
	}
	return clone(o)
}

func (f *Fake) usersJSON(ids []string) []any {
	out := []any{}
	for _, id := range ids {
		out = append(out, f.userJSON(id))
	}
	return out
}

// partialMember leaves out the user, as inside of messages.
func partialMember(o object) object {
	delete(o, "user")
	return o
}

// openDM is "Create DM" (User).
func (f *Fake) openDM(c *call) (any, error) {
	look := newChecker()
	shape{must: []string{"recipient_id"}, fields: map[string]check{"recipient_id": aSnowflake}}.check(look, c.body, "")
	if err := form(look.problems); err != nil {
		return nil, err
	}
	u := f.users[text(c.body["recipient_id"])]
	if u == nil || u.ID == f.opt.AppID {
		return nil, refuse(invalidRecipient)
	}
	return f.channelJSON(f.direct(u.ID)), nil
}
