package slackfake

import (
	"encoding/json"
	"slices"
	"sort"
	"strings"
)

type message struct {
	channel, ts, thread string
	user                string // the author
	text                string
	blocks              []any
	metadata            object
	only                string // ephemeral: the one person who sees it
	edited              bool
	files               []File
}

// postMessage follows docs.slack.dev/reference/methods/chat.postMessage.
func (f *Fake) postMessage(a args) (object, error) {
	c, err := f.postable(a.text("channel"))
	if err != nil {
		return nil, err
	}
	m := &message{channel: c.ID, user: BotUser, thread: a.text("thread_ts")}
	if err := f.content(m, a, 40_000); err != nil {
		return nil, err
	}
	if m.thread != "" && f.find(c.ID, m.thread) == nil {
		m.thread = "" // Slack posts it outside of any thread
	}
	m.ts = f.ts()
	f.messages[c.ID] = append(f.messages[c.ID], m)
	f.echoMessage(m, c, "")
	return object{"channel": c.ID, "ts": m.ts, "message": f.messageJSON(m, true)}, nil
}

// postable finds where the bot may post: its channels, with chat:write.public
// any public one, and a direct message by the id of the person.
func (f *Fake) postable(id string) (*channel, error) {
	if strings.HasPrefix(id, "U") || strings.HasPrefix(id, "W") {
		if f.opt.NoMessagesTab {
			return nil, refuse("messages_tab_disabled")
		}
		c, err := f.direct(id)
		if err != nil {
			return nil, refuse("channel_not_found")
		}
		return c, nil
	}
	c, err := f.visible(id)
	switch {
	case err != nil:
		return nil, err
	case c.Archived:
		return nil, refuse("is_archived")
	case !c.members[BotUser] && (c.kind() != kindPublic || !f.has("chat:write.public")):
		return nil, refuse("not_in_channel")
	case c.kind() == kindDirect && f.opt.NoMessagesTab:
		return nil, refuse("messages_tab_disabled")
	case c.kind() == kindDirect && (f.users[c.with] == nil || f.users[c.with].Deleted):
		return nil, refuse("channel_not_found")
	}
	return c, nil
}

// content reads text, blocks and metadata into a message. What is left out
// stays as it was, as chat.update says.
func (f *Fake) content(m *message, a args, most int) error {
	if a.has("text") {
		m.text = a.text("text")
	}
	if a.has("attachments") && a.text("attachments") != "[]" {
		return refuse("invalid_attachments", "[ERROR] this fake takes no attachments")
	}
	if strings.TrimSpace(a.text("text")) == "" {
		return refuse("no_text")
	}
	if length(m.text) > most {
		return refuse("msg_too_long")
	}
	if a.has("blocks") {
		var blocks []any
		if a.decode("blocks", &blocks) != nil {
			return refuse("invalid_blocks_format")
		}
		if problems := checkBlocks(blocks, onMessage, "/blocks"); len(problems) > 0 {
			return refuse("invalid_blocks", problems...)
		}
		m.blocks = f.named(blocks)
	}
	if a.has("metadata") {
		return m.describe(a)
	}
	return nil
}

// describe reads the metadata (docs.slack.dev/messaging/message-metadata).
func (m *message) describe(a args) error {
	var md object
	if a.decode("metadata", &md) != nil {
		return refuse("invalid_metadata_format")
	}
	if len(md) == 0 {
		m.metadata = nil
		return nil
	}
	kind, _ := md["event_type"].(string)
	payload, isObject := md["event_payload"].(object)
	if kind == "" && len(payload) == 0 {
		m.metadata = nil
		return nil
	}
	if kind == "" || !isObject {
		return refuse("invalid_metadata_format")
	}
	if b, _ := json.Marshal(md); len(b) > 8000 {
		return refuse("metadata_too_large")
	}
	m.metadata = md
	return nil
}

// named gives blocks without a block_id one, as Slack does.
func (f *Fake) named(blocks []any) []any {
	for _, b := range blocks {
		if o, ok := b.(object); ok && o["block_id"] == nil {
			o["block_id"] = f.id("b")
		}
	}
	return blocks
}

func (f *Fake) find(channel, ts string) *message {
	list := f.messages[channel]
	i := sort.Search(len(list), func(i int) bool { return list[i].ts >= ts })
	if i < len(list) && list[i].ts == ts {
		return list[i]
	}
	return nil
}

func (f *Fake) postEphemeral(a args) (object, error) {
	c, err := f.visible(a.text("channel"))
	who := f.users[a.text("user")]
	switch {
	case err != nil:
		return nil, err
	case c.Archived:
		return nil, refuse("is_archived")
	case !c.members[BotUser]:
		return nil, refuse("not_in_channel")
	case who == nil || !c.members[who.ID]:
		return nil, refuse("user_not_in_channel")
	}
	m := &message{channel: c.ID, user: BotUser, thread: a.text("thread_ts"), only: who.ID}
	if err := f.content(m, a, 40_000); err != nil {
		return nil, err
	}
	m.ts = f.ts()
	who.ephemeral = append(who.ephemeral, m)
	return object{"message_ts": m.ts}, nil
}

// updateMessage follows docs.slack.dev/reference/methods/chat.update.
func (f *Fake) updateMessage(a args) (object, error) {
	c, err := f.visible(a.text("channel"))
	if err != nil {
		return nil, err
	}
	m := f.find(c.ID, a.text("ts"))
	switch {
	case c.Archived:
		return nil, refuse("is_inactive")
	case m == nil:
		return nil, refuse("message_not_found")
	case m.user != BotUser:
		return nil, refuse("cant_update_message")
	case f.opt.EditWindow > 0 && a.at.Sub(timeOf(m.ts)) > f.opt.EditWindow:
		return nil, refuse("edit_window_closed")
	}
	next := *m
	if err := f.content(&next, a, 4000); err != nil {
		return nil, err
	}
	next.edited = true
	*m = next
	f.echoMessage(m, c, "message_changed")
	return object{"channel": c.ID, "ts": m.ts, "text": m.text, "message": f.messageJSON(m, true)}, nil
}

func (f *Fake) deleteMessage(a args) (object, error) {
	c, err := f.visible(a.text("channel"))
	if err != nil {
		return nil, err
	}
	m := f.find(c.ID, a.text("ts"))
	switch {
	case m == nil:
		return nil, refuse("message_not_found")
	case m.user != BotUser:
		return nil, refuse("cant_delete_message")
	}
	f.remove(m)
	f.echoMessage(m, c, "message_deleted")
	return object{"channel": c.ID, "ts": m.ts}, nil
}

func (f *Fake) remove(m *message) {
	f.messages[m.channel] = slices.DeleteFunc(f.messages[m.channel], func(x *message) bool { return x == m })
}

// DeleteMessage takes a message away by hand.
func (f *Fake) DeleteMessage(m Message) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if old := f.find(m.Channel, m.TS); old != nil {
		f.remove(old)
	}
	f.touch()
}

func (f *Fake) permalink(a args) (object, error) {
	c, err := f.visible(a.text("channel"))
	if err != nil {
		return nil, err
	}
	m := f.find(c.ID, a.text("message_ts"))
	if m == nil {
		return nil, refuse("message_not_found")
	}
	link := "https://" + f.opt.Domain + ".slack.com/archives/" + c.ID + "/p" + strings.ReplaceAll(m.ts, ".", "")
	if m.thread != "" {
		link += "?thread_ts=" + m.thread + "&cid=" + c.ID
	}
	return object{"channel": c.ID, "permalink": link}, nil
}

// messageJSON is a message as the API and interactions show it.
func (f *Fake) messageJSON(m *message, metadata bool) object {
	o := object{"type": "message", "user": m.user, "ts": m.ts, "text": m.text, "team": f.opt.Team}
	if m.user == BotUser {
		o["bot_id"], o["app_id"] = BotID, AppID
	}
	if m.blocks != nil {
		o["blocks"] = m.blocks
	}
	if m.edited {
		o["edited"] = object{"user": m.user, "ts": m.ts}
	}
	thread := m.thread
	if replies := f.repliesTo(m); len(replies) > 0 {
		thread = m.ts
		o["reply_count"] = len(replies)
	}
	if thread != "" {
		o["thread_ts"] = thread
	}
	if m.metadata != nil && metadata {
		o["metadata"] = m.metadata
	}
	return clone(o)
}

func (f *Fake) repliesTo(m *message) []*message {
	var out []*message
	for _, r := range f.messages[m.channel] {
		if r.thread == m.ts {
			out = append(out, r)
		}
	}
	return out
}

// clone copies JSON, so that what left the lock does not change.
func clone(o object) object {
	b, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	var c object
	if err := json.Unmarshal(b, &c); err != nil {
		panic(err)
	}
	return c
}
