package discordfake

import (
	"maps"
	"slices"
	"time"
)

// maxInThread is the most people in a thread (Opcodes and Status Codes, 30033).
const maxInThread = 1000

// thread finds a thread that the bot sees.
func (f *Fake) thread(c *call) (*channel, error) {
	ch, err := f.visible(c.id("channel"))
	switch {
	case err != nil:
		return nil, err
	case !ch.isThread():
		return nil, refuse(notThisChannel)
	}
	return ch, nil
}

// addToThread is "Add Thread Member" and "Join Thread" (Channel).
func (f *Fake) addToThread(c *call) (any, error) {
	ch, err := f.thread(c)
	if err != nil {
		return nil, err
	}
	user := f.meOr(c.id("user"))
	g := f.guilds[ch.Guild]
	p := f.permissions(ch, f.opt.AppID)
	mine := ch.Owner == f.opt.AppID || p.Has(ManageThreads)
	switch {
	case ch.Archived:
		return nil, refuse(archivedThread)
	case ch.Locked && !p.Has(ManageThreads):
		return nil, refuse(threadLocked)
	case user != f.opt.AppID && !p.Has(SendInThreads):
		return nil, refuse(missingPermissions)
	case user != f.opt.AppID && ch.Kind == PrivateThread && ch.NoInvite && !mine:
		return nil, refuse(missingPermissions)
	}
	if err := f.isMember(g, user); err != nil {
		return nil, err
	}
	if _, in := ch.people[user]; !in && len(ch.people) >= maxInThread {
		return nil, refuse(tooManyInThread)
	}
	f.joinThread(ch, user)
	return nil, nil
}

func (f *Fake) meOr(user string) string {
	if user == "" || user == "@me" {
		return f.opt.AppID
	}
	return user
}

// joinThread puts somebody into a thread, if they are in its server and see the
// channel that it is in.
func (f *Fake) joinThread(ch *channel, user string) {
	if _, in := ch.people[user]; in || f.guilds[ch.Guild].members[user] == nil {
		return
	}
	ch.people[user] = f.clock.Now()
	if user == f.opt.AppID {
		f.tell(ch.Guild, "THREAD_CREATE", f.channelJSON(ch))
	}
	f.tellThread(ch, []any{f.threadMember(ch, user)}, nil)
}

// leaveThread takes somebody out of a thread.
func (f *Fake) leaveThread(ch *channel, user string) {
	if _, in := ch.people[user]; !in {
		return
	}
	delete(ch.people, user)
	f.tellThread(ch, nil, []any{user})
}

// tellThread sends THREAD_MEMBERS_UPDATE.
func (f *Fake) tellThread(ch *channel, added, removed []any) {
	f.tell(ch.Guild, "THREAD_MEMBERS_UPDATE", object{
		"id": ch.ID, "guild_id": ch.Guild, "member_count": len(ch.people), "added_members": append([]any{}, added...),
		"removed_member_ids": append([]any{}, removed...),
	})
}

// removeFromThread is "Remove Thread Member" and "Leave Thread" (Channel).
func (f *Fake) removeFromThread(c *call) (any, error) {
	ch, err := f.thread(c)
	if err != nil {
		return nil, err
	}
	user := f.meOr(c.id("user"))
	mine := ch.Kind == PrivateThread && ch.Owner == f.opt.AppID
	if ch.Archived {
		return nil, refuse(archivedThread)
	}
	if user != f.opt.AppID && !mine {
		if err := f.need(ch, ManageThreads); err != nil {
			return nil, err
		}
	}
	if f.users[user] == nil {
		return nil, refuse(unknownUser)
	}
	f.leaveThread(ch, user)
	return nil, nil
}

// getThreadMember answers 404 for who is not in it (Channel, "Get Thread
// Member").
func (f *Fake) getThreadMember(c *call) (any, error) {
	ch, err := f.thread(c)
	if err != nil {
		return nil, err
	}
	user := f.meOr(c.id("user"))
	if f.users[user] == nil {
		return nil, refuse(unknownUser)
	}
	if _, in := ch.people[user]; !in {
		return nil, refuse(unknownMember)
	}
	return f.withMember(ch, user, c), nil
}

func (f *Fake) withMember(ch *channel, user string, c *call) object {
	o := f.threadMember(ch, user)
	if g := f.guilds[ch.Guild]; c.flag("with_member") && g.members[user] != nil {
		o["member"] = f.memberJSON(g, user)
	}
	return o
}

func (f *Fake) threadMember(ch *channel, user string) object {
	return object{"id": ch.ID, "user_id": user, "join_timestamp": stamp(ch.people[user]), "flags": 0}
}

// listThread needs the privileged intent (Channel, "List Thread Members").
func (f *Fake) listThread(c *call) (any, error) {
	ch, err := f.thread(c)
	if err != nil {
		return nil, err
	}
	if f.opt.Intents&IntentMembers == 0 {
		return nil, refuse(missingAccess)
	}
	limit := maxInThread
	if c.flag("with_member") {
		if limit, err = c.limit(100, 100); err != nil {
			return nil, err
		}
	}
	out := []any{}
	for _, id := range slices.SortedFunc(maps.Keys(ch.people), bySnowflake) {
		if len(out) < limit && snowflake(id) > snowflake(c.query.Get("after")) {
			out = append(out, f.withMember(ch, id, c))
		}
	}
	return out, nil
}

// archivedThreads lists archived threads of a channel: public ones, or private
// ones for moderators, or private ones that the bot is in (Channel).
func archivedThreads(kind Kind, joined bool) func(*Fake, *call) (any, error) {
	return func(f *Fake, c *call) (any, error) {
		ch, err := f.visible(c.id("channel"))
		if err != nil {
			return nil, err
		}
		need := ReadMessageHistory
		if kind == PrivateThread && !joined {
			need |= ManageThreads
		}
		if err := f.need(ch, need); err != nil {
			return nil, err
		}
		threads, members := []any{}, []any{}
		for _, id := range slices.Backward(slices.SortedFunc(maps.Keys(f.channels), bySnowflake)) {
			thread := f.channels[id]
			_, in := thread.people[f.opt.AppID]
			if thread.Parent != ch.ID || thread.Kind != kind || !thread.Archived || joined && !in {
				continue
			}
			threads = append(threads, f.channelJSON(thread))
			if in {
				members = append(members, f.threadMember(thread, f.opt.AppID))
			}
		}
		return object{"threads": threads, "members": members, "has_more": false}, nil
	}
}

func newChannel(c Channel) *channel {
	made := &channel{Channel: c, overwrites: map[string]Overwrite{}, people: map[string]time.Time{}}
	for _, o := range c.Overwrites {
		made.overwrites[o.ID] = o
	}
	return made
}
