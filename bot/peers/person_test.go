//go:build peers

package peers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// person is somebody in front of Slack: what they do reaches Usher as Slack
// would deliver it, signed.
type person struct {
	w     *workspace
	id    string
	place string // their conversation with Usher
}

func (w *workspace) person(name string) *person {
	w.t.Helper()
	id := w.slack.user(name)
	return &person{w: w, id: id, place: w.slack.direct(id)}
}

// deliver sends what Slack sends, and returns Usher's answer.
func (p *person) deliver(path, kind, body string) []byte {
	p.w.t.Helper()
	r, err := http.NewRequest(http.MethodPost, p.w.app+path, strings.NewReader(body))
	if err != nil {
		p.w.t.Fatal(err)
	}
	at := ago(0)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("X-Slack-Request-Timestamp", at)
	r.Header.Set("X-Slack-Signature", sign(ourSecret, at, body))
	answer, err := read(http.DefaultClient.Do(r))
	if err != nil {
		p.w.t.Fatal(err)
	}
	return answer
}

// slash types a command ("Enabling interactivity with Slash commands").
func (p *person) slash(trigger, text string) []byte {
	p.w.t.Helper()
	return p.deliver("/slack/commands", "application/x-www-form-urlencoded", url.Values{
		"team_id": {team}, "team_domain": {"acme"}, "channel_id": {p.place}, "channel_name": {"directmessage"}, "user_id": {p.id},
		"command": {"/access"}, "text": {text}, "trigger_id": {trigger}, "response_url": {p.responseURL()}, "api_app_id": {"A0USHER"},
	}.Encode())
}

func (p *person) responseURL() string { return p.w.front.URL + "/respond/" + p.id }

// interact sends a payload of interactivity ("Interaction payloads").
func (p *person) interact(trigger string, payload object) []byte {
	p.w.t.Helper()
	payload["team"], payload["user"] = object{"id": team, "domain": "acme"}, object{"id": p.id, "team_id": team}
	payload["api_app_id"], payload["trigger_id"] = "A0USHER", trigger
	data, err := json.Marshal(payload)
	if err != nil {
		p.w.t.Fatal(err)
	}
	return p.deliver("/slack/interactions", "application/x-www-form-urlencoded", url.Values{"payload": {string(data)}}.Encode())
}

// happen has the Events API say something.
func (p *person) happen(id string, event object) {
	p.w.t.Helper()
	data, err := json.Marshal(object{"type": "event_callback", "team_id": team, "api_app_id": "A0USHER", "event_id": id, "event": event})
	if err != nil {
		p.w.t.Fatal(err)
	}
	p.deliver("/slack/events", "application/json", string(data))
}

// block is what a person sees of one.
type block struct {
	Type      string
	ID        string `json:"block_id"`
	Label     struct{ Text string }
	Element   element
	Elements  []element
	Accessory element
}

type element struct {
	Type    string
	ID      string `json:"action_id"`
	Value   string
	Text    json.RawMessage
	Options []option
}

type option struct {
	Text  struct{ Text string } `json:"text"`
	Value string                `json:"value"`
}

// says is the text of a button; elements of other kinds have strings there.
func (e element) says() string {
	var text struct{ Text string }
	if json.Unmarshal(e.Text, &text) != nil {
		return ""
	}
	return text.Text
}

// button finds a button by its text, among blocks.
func button(raw []json.RawMessage, text string) (object, error) {
	for _, data := range raw {
		var b block
		if err := json.Unmarshal(data, &b); err != nil {
			return nil, err
		}
		for _, e := range append(b.Elements, b.Accessory) {
			if e.Type == "button" && e.says() == text {
				return object{"type": "button", "action_id": e.ID, "block_id": b.ID, "value": e.Value, "action_ts": ago(0) + ".000001"}, nil
			}
		}
	}
	return nil, fmt.Errorf("no button %q", text)
}

// card waits for the newest message with all words in it, and a button if one
// is named.
func (p *person) card(named string, words ...string) (found message) {
	p.w.t.Helper()
	eventually(p.w.t, func() error {
		all := p.w.slack.messages(p.id)
		for _, m := range all {
			if _, err := button(m.Blocks, named); contains(m.body(), words...) && (named == "" || err == nil) {
				found = m
				return nil
			}
		}
		return fmt.Errorf("no message with %q and the button %q: %v", words, named, all)
	})
	return found
}

// press presses a button of a message.
func (p *person) press(m message, named string) {
	p.w.t.Helper()
	action, err := button(m.Blocks, named)
	if err != nil {
		p.w.t.Fatal(err)
	}
	p.interact(p.w.slack.trigger(p.id), object{
		"type": "block_actions", "response_url": p.responseURL(), "actions": []object{action}, "channel": object{"id": m.Channel, "name": "directmessage"},
		"container": object{"type": "message", "message_ts": m.TS, "channel_id": m.Channel, "is_ephemeral": m.private},
		"message":   object{"ts": m.TS, "text": m.Text, "blocks": m.Blocks},
	})
}

// hears does something and waits for a private answer to it.
func (p *person) hears(do func()) (m message) {
	p.w.t.Helper()
	before := len(p.w.front.answers(whispered))
	do()
	eventually(p.w.t, func() error {
		all := p.w.front.answers(whispered)
		if len(all) <= before {
			return fmt.Errorf("nobody said anything")
		}
		return json.Unmarshal(all[before], &m)
	})
	m.Channel, m.TS, m.private = p.place, ago(0)+".000001", true
	return m
}

// modal is an open one, as Slack gave it back when it was opened.
type modal struct {
	p   *person
	raw object
	ID  string
	// Hash changes with each update.
	Hash   string
	Title  struct{ Text string }
	Blocks []json.RawMessage
	values object
}

func (p *person) readModal(data []byte) (*modal, error) {
	var answer struct {
		OK   bool
		View json.RawMessage
	}
	if err := json.Unmarshal(data, &answer); err != nil || !answer.OK {
		return nil, fmt.Errorf("no modal: %s %w", data, err)
	}
	m := &modal{p: p, values: object{}}
	if err := json.Unmarshal(answer.View, m); err != nil {
		return nil, err
	}
	return m, json.Unmarshal(answer.View, &m.raw)
}

// sees does something and waits until it has opened a modal, or changed it.
func (p *person) sees(method string, do func()) (m *modal) {
	p.w.t.Helper()
	before := len(p.w.front.answers(method))
	do()
	eventually(p.w.t, func() (err error) {
		all := p.w.front.answers(method)
		if len(all) <= before {
			return fmt.Errorf("%s is not called", method)
		}
		m, err = p.readModal(all[before])
		return err
	})
	return m
}

// asks types a command and waits for its form.
func (p *person) asks(text string) *modal {
	p.w.t.Helper()
	return p.sees("views.open", func() { p.slash(p.w.slack.trigger(p.id), text) })
}

// fill answers what is asked, by its label; a choice by the text of an option.
func (m *modal) fill(label, answer string) object {
	m.p.w.t.Helper()
	for _, data := range m.Blocks {
		var b block
		if err := json.Unmarshal(data, &b); err != nil {
			m.p.w.t.Fatal(err)
		}
		if b.Type != "input" || b.Label.Text != label {
			continue
		}
		value := object{"type": b.Element.Type}
		if b.Element.Type == "plain_text_input" {
			value["value"] = answer
		}
		for _, o := range b.Element.Options {
			if o.Text.Text == answer {
				value["selected_option"] = o
			}
		}
		m.values[b.ID] = object{b.Element.ID: value}
		return object{"type": b.Element.Type, "block_id": b.ID, "action_id": b.Element.ID, "selected_option": value["selected_option"]}
	}
	m.p.w.t.Fatalf("nothing asks %q", label)
	return nil
}

func (m *modal) filledIn() object {
	m.raw["state"] = object{"values": m.values}
	m.raw["app_installed_team_id"] = team
	return m.raw
}

// answer is what Usher answers to a form that is sent.
type answer struct {
	Action string            `json:"response_action"`
	Errors map[string]string `json:"errors"`
	View   json.RawMessage   `json:"view"`
}

func (m *modal) submit() (a answer) {
	m.p.w.t.Helper()
	data := m.p.interact(m.p.w.slack.trigger(m.p.id), object{"type": "view_submission", "view": m.filledIn(), "response_urls": []any{}})
	if len(data) > 0 {
		if err := json.Unmarshal(data, &a); err != nil {
			m.p.w.t.Fatalf("%v in %s", err, data)
		}
	}
	return a
}

// goesThrough sends a form that must be taken.
func (m *modal) goesThrough() {
	m.p.w.t.Helper()
	if a := m.submit(); a.Action == "errors" {
		m.p.w.t.Fatalf("the form has messages at its fields: %v", a.Errors)
	}
}

// change chooses something in a live form, and says so as it is done.
func (m *modal) change(label, answer string) {
	m.p.w.t.Helper()
	action := m.fill(label, answer)
	m.p.interact(m.p.w.slack.trigger(m.p.id), object{
		"type": "block_actions", "view": m.filledIn(), "actions": []object{action}, "container": object{"type": "view", "view_id": m.ID},
	})
}
