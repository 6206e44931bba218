package slackfake

import (
	"errors"
	"maps"

	"github.com/gorilla/websocket"
)

// Value is what the button of a message sends; "" when there is no such
// button.
func (m Message) Value(button string) string {
	for _, b := range m.blocks {
		o, _ := b.(object)
		for _, e := range elementsOf(o) {
			if e["type"] == "button" && textOf(e["text"]) == button {
				return str(e["value"])
			}
		}
	}
	return ""
}

// Forge sends a press that no client sends: an honest press of the button in
// this snapshot, and change may turn everything in it into something else. The
// snapshot may name another message than the one that it was taken of. Nobody
// asks whether the person could do that.
func (p *Person) Forge(m Message, button string, change func(payload map[string]any)) error {
	f := p.f
	f.mu.Lock()
	c := f.channels[m.Channel]
	action, ok := f.button(m.blocks, button, nil)
	if c == nil || !ok {
		f.mu.Unlock()
		return noSuch("button in a channel", button)
	}
	source := f.find(m.Channel, m.TS)
	if source == nil {
		source = &message{channel: m.Channel, ts: m.TS, user: BotUser, text: m.Text, blocks: m.blocks}
	}
	payload := p.interactionLocked("block_actions", true)
	maps.Copy(payload, f.around(source, c))
	payload["response_url"] = f.newResponseURL(p.id, c.ID, source)
	action["action_ts"] = payload["action_ts"]
	payload["actions"] = []any{action}
	f.mu.Unlock()
	if change != nil {
		change(payload)
	}
	return p.send(payload)
}

// Deliver hands anything to the app, over the transport that is on. Over
// Socket Mode kind is the type of the envelope, over HTTP it chooses the path.
// The answer is what the app acknowledged with.
func (f *Fake) Deliver(kind string, payload map[string]any) ([]byte, error) {
	return f.deliver(delivery{kind: kind, payload: payload})
}

// Frame writes raw bytes as a message of a Socket Mode connection.
func (f *Fake) Frame(data []byte) error {
	s := f.pick()
	if s == nil {
		return errors.New("slackfake: no connection is open")
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.ws.WriteMessage(websocket.TextMessage, data)
}
