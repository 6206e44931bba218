package slackfake

import (
	"maps"
	"strings"
)

// message finds a message that this person can see. f.mu is held.
func (p *Person) message(m Message) (*message, *channel, error) {
	f := p.f
	c := f.channels[m.Channel]
	if c == nil || !c.members[p.id] {
		return nil, nil, noSuch("message in a channel of this person", m.Text)
	}
	for _, e := range f.users[p.id].ephemeral {
		if e.channel == m.Channel && e.ts == m.TS {
			return e, c, nil
		}
	}
	source := f.find(m.Channel, m.TS)
	if source == nil {
		return nil, nil, noSuch("message", m.Text)
	}
	return source, c, nil
}

// Press presses a button of a message, as the message is now. With near, the
// first such button from the block on that has this text.
func (p *Person) Press(m Message, button string, near ...string) error {
	p.f.mu.Lock()
	source, _, err := p.message(m)
	if err != nil {
		p.f.mu.Unlock()
		return err
	}
	blocks := source.blocks
	p.f.mu.Unlock()
	return p.pressOn(m, blocks, button, near)
}

// PressOld presses a button of the message as this snapshot has it: a click
// that was on its way while the card changed, or one on a copy of a card.
func (p *Person) PressOld(m Message, button string, near ...string) error {
	return p.pressOn(m, m.blocks, button, near)
}

func (p *Person) pressOn(m Message, blocks []any, button string, near []string) error {
	if err := p.able(); err != nil {
		return err
	}
	p.f.mu.Lock()
	action, ok := p.f.button(blocks, button, near)
	p.f.mu.Unlock()
	if !ok {
		return noSuch("button", button)
	}
	return p.act(m, action)
}

// Choose sets a menu of a message that has no Submit: by placeholder, label
// or action id.
func (p *Person) Choose(m Message, field, option string) error {
	if err := p.able(); err != nil {
		return err
	}
	p.f.mu.Lock()
	source, _, err := p.message(m)
	if err != nil {
		p.f.mu.Unlock()
		return err
	}
	at, ok := p.f.called(source.blocks, field)
	p.f.mu.Unlock()
	if !ok {
		return noSuch("menu", field)
	}
	value, err := p.valueFor(at, option, object{"message": m})
	if err != nil {
		return err
	}
	return p.act(m, at.action(value))
}

// act sends a block_actions of a message.
func (p *Person) act(m Message, action object) error {
	f := p.f
	f.mu.Lock()
	source, c, err := p.message(m)
	if err != nil {
		f.mu.Unlock()
		return err
	}
	payload := p.interactionLocked("block_actions", true)
	maps.Copy(payload, f.around(source, c))
	payload["response_url"] = f.newResponseURL(p.id, c.ID, source)
	payload["state"] = object{"values": object{}}
	action["action_ts"] = payload["action_ts"]
	payload["actions"] = []any{action}
	f.mu.Unlock()
	return p.send(payload)
}

// around says where in a conversation something happened. An ephemeral
// message is not sent along.
func (f *Fake) around(m *message, c *channel) object {
	container := object{"type": "message", "message_ts": m.ts, "channel_id": c.ID, "is_ephemeral": m.only != ""}
	if m.thread != "" {
		container["thread_ts"] = m.thread
	}
	name := c.Name
	if c.kind() == kindDirect {
		name = "directmessage"
	} else if c.kind() == kindPrivate {
		name = "privategroup"
	}
	o := object{"container": container, "channel": object{"id": c.ID, "name": name}}
	if m.only == "" {
		o["message"] = f.messageJSON(m, false)
	}
	return o
}

// PressInModal presses a button in the open modal; PressAtHome one in the
// app's home.
func (p *Person) PressInModal(button string, near ...string) error {
	return p.pressView(func() *view { return p.top() }, button, near)
}

// PressAtHome presses a button in the app's home.
func (p *Person) PressAtHome(button string, near ...string) error {
	return p.pressView(func() *view { return p.f.homes[p.id] }, button, near)
}

func (p *Person) pressView(find func() *view, button string, near []string) error {
	if err := p.able(); err != nil {
		return err
	}
	p.f.mu.Lock()
	v := find()
	if v == nil {
		p.f.mu.Unlock()
		return noSuch("view with a button", button)
	}
	blocks, _ := v.body["blocks"].([]any)
	action, ok := p.f.button(blocks, button, near)
	if !ok {
		p.f.mu.Unlock()
		return noSuch("button", button)
	}
	payload := p.viewAction(v, action)
	p.f.mu.Unlock()
	return p.send(payload)
}

// viewAction is a block_actions of a view. f.mu is held.
func (p *Person) viewAction(v *view, action object) object {
	payload := p.interactionLocked("block_actions", true)
	action["action_ts"] = payload["action_ts"]
	maps.Copy(payload, object{
		"container": object{"type": "view", "view_id": v.id}, "view": p.f.viewJSON(v), "actions": []any{action},
	})
	return payload
}

// top is the modal that the person has before them. f.mu is held.
func (p *Person) top() *view {
	stack := p.f.stacks[p.id]
	if len(stack) == 0 {
		return nil
	}
	return stack[len(stack)-1]
}

// button finds a button, or an entry of an overflow menu, by its text.
func (f *Fake) button(blocks []any, label string, near []string) (action object, ok bool) {
	reached := len(near) == 0
	for _, b := range blocks {
		o, _ := b.(object)
		reached = reached || strings.Contains(f.renderBlock(o, nil), near[0])
		if !reached {
			continue
		}
		for _, e := range elementsOf(o) {
			if e["type"] == "button" && textOf(e["text"]) == label {
				a := object{"type": "button", "block_id": o["block_id"], "action_id": e["action_id"], "text": e["text"]}
				for _, name := range []string{"value", "style", "url"} {
					if e[name] != nil {
						a[name] = e[name]
					}
				}
				return clone(a), true
			}
			if e["type"] != "overflow" {
				continue
			}
			for _, op := range optionsOf(e) {
				if option, _ := op.(object); textOf(option["text"]) == label {
					return clone(object{
						"type": "overflow", "block_id": o["block_id"], "action_id": e["action_id"], "selected_option": option,
					}), true
				}
			}
		}
	}
	return nil, false
}

// elementsOf are the interactive elements of a block.
func elementsOf(block object) []object {
	var out []object
	for _, name := range []string{"accessory", "element"} {
		if e, ok := block[name].(object); ok {
			out = append(out, e)
		}
	}
	if block["type"] != "actions" {
		return out
	}
	elements, _ := block["elements"].([]any)
	for _, e := range elements {
		if o, ok := e.(object); ok {
			out = append(out, o)
		}
	}
	return out
}

func textOf(v any) string {
	o, _ := v.(object)
	s, _ := o["text"].(string)
	return s
}

// ReplyIn writes into a message's thread.
func (p *Person) ReplyIn(m Message, text string) error { return p.write(m.Channel, m.root(), text) }

// Write writes into a channel.
func (p *Person) Write(channel, text string) error { return p.write(channel, "", text) }

func (m Message) root() string {
	if m.Thread != "" {
		return m.Thread
	}
	return m.TS
}

// write posts as the person and tells the app, if it is in the channel and
// may read there.
func (p *Person) write(id, thread, text string) error {
	if err := p.able(); err != nil {
		return err
	}
	f := p.f
	f.mu.Lock()
	c := f.channels[id]
	if c == nil || !c.members[p.id] {
		f.mu.Unlock()
		return noSuch("channel", id)
	}
	m := &message{channel: id, ts: f.ts(), thread: thread, user: p.id, text: f.escape(strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text))}
	f.messages[id] = append(f.messages[id], m)
	ev := object{
		"type": "message", "channel": id, "user": p.id, "text": m.text, "ts": m.ts, "team": f.opt.Team, "event_ts": m.ts,
		"channel_type": c.eventKind(), "client_msg_id": envelopeID(),
	}
	if thread != "" {
		ev["thread_ts"] = thread
		if root := f.find(id, thread); root != nil {
			ev["parent_user_id"] = root.user
		}
	}
	told := c.members[BotUser]
	scope := c.historyScope()
	f.touch()
	f.mu.Unlock()
	if !told {
		return nil
	}
	return f.sendEvent(ev, scope)
}
