package slackfake

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Person drives one person. What they do returns when the app has
// acknowledged it; what the app does afterwards is waited for with Await or
// Until. Errors are a *Trouble when Slack would show one to the person, and
// ErrNoSuch when there is nothing like that to press or fill in.
type Person struct {
	f  *Fake
	id string
}

// Trouble is what Slack shows to a person when an app did not do its part.
type Trouble struct {
	Shown string // what the person reads
	Cause error
}

func (t *Trouble) Error() string { return fmt.Sprintf("%s (%v)", t.Shown, t.Cause) }
func (t *Trouble) Unwrap() error { return t.Cause }

// ErrNoSuch: the person does not see what they were told to use.
var ErrNoSuch = errors.New("slackfake: no such thing")

func noSuch(kind, name string) error { return fmt.Errorf("%w: %s %q", ErrNoSuch, kind, name) }

// Person finds a person by id.
func (f *Fake) Person(id string) *Person {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.users[id] == nil {
		panic("slackfake: no user " + id)
	}
	return &Person{f: f, id: id}
}

// ID is the person's user id.
func (p *Person) ID() string { return p.id }

// trouble shows something to the person and keeps it for See.
func (p *Person) trouble(shown string, cause error) error {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	u := p.f.users[p.id]
	u.sees = append(u.sees, shown)
	p.f.touch()
	return &Trouble{Shown: shown, Cause: cause}
}

// able refuses for people who cannot act at all.
func (p *Person) able() error {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	if u := p.f.users[p.id]; u.Deleted || u.Bot {
		return noSuch("active person", p.id)
	}
	return nil
}

// native also refuses strangers: commands, shortcuts and the home of an app
// are there only for people of workspaces where it is installed.
func (p *Person) native(what string) error {
	if err := p.able(); err != nil {
		return err
	}
	p.f.mu.Lock()
	stranger := p.f.users[p.id].Stranger
	p.f.mu.Unlock()
	if stranger {
		return p.trouble(what+" is not a valid command.", noSuch("app for people of another workspace", what))
	}
	return nil
}

// Slash types a command in the person's conversation with the app, or in the
// channel given.
func (p *Person) Slash(command, text string, in ...string) error {
	if err := p.native(command); err != nil {
		return err
	}
	f := p.f
	f.mu.Lock()
	c, err := p.place(in)
	if err != nil {
		f.mu.Unlock()
		return err
	}
	name := c.Name
	if c.kind() == kindDirect {
		name = "directmessage"
	}
	payload := object{
		"token": "legacy", "team_id": f.opt.Team, "team_domain": f.opt.Domain, "channel_id": c.ID, "channel_name": name,
		"user_id": p.id, "user_name": f.users[p.id].Name, "command": command, "text": f.escape(text), "api_app_id": AppID,
		"is_enterprise_install": "false", "response_url": f.newResponseURL(p.id, c.ID, nil), "trigger_id": f.newTrigger(p.id),
	}
	f.mu.Unlock()
	body, err := f.deliver(delivery{kind: slashCommand, payload: payload})
	if err != nil {
		return p.trouble(fmt.Sprintf("%s failed with the error %q", command, slashError(err)), err)
	}
	return p.answered(c, body, command)
}

// slashError is the word that Slack shows (docs.slack.dev/interactivity/
// implementing-slash-commands#responding_with_errors).
func slashError(err error) string {
	var not *undelivered
	if errors.As(err, &not) && not.reason == "http_timeout" {
		return "operation_timeout"
	}
	return "dispatch_failed"
}

// answered shows what came with the acknowledgement of a command.
func (p *Person) answered(c *channel, body []byte, command string) error {
	if len(body) == 0 || string(body) == "null" {
		return nil
	}
	var values object
	if json.Unmarshal(body, &values) != nil {
		return p.trouble(fmt.Sprintf("%s failed with the error %q", command, "invalid_command_response"), noSuch("valid answer", string(body)))
	}
	if len(values) == 0 {
		return nil
	}
	p.f.mu.Lock()
	err := p.f.answer(&responseURL{user: p.id, channel: c.ID}, args{values: values, at: p.f.clock.Now()})
	p.f.touch()
	p.f.mu.Unlock()
	if err != nil {
		return p.trouble(fmt.Sprintf("%s failed with the error %q", command, "invalid_command_response"), err)
	}
	return nil
}

// place is where the person types: the conversation with the app, or a channel.
func (p *Person) place(in []string) (*channel, error) {
	if len(in) == 0 {
		return p.f.direct(p.id)
	}
	c := p.f.channels[in[0]]
	if c == nil || !c.members[p.id] {
		return nil, noSuch("channel", in[0])
	}
	return c, nil
}

// escape is should_escape: "@handle" and "#channel" become what Slack sends.
func (f *Fake) escape(text string) string {
	words := strings.Split(text, " ")
	for i, w := range words {
		switch {
		case strings.HasPrefix(w, "@"):
			words[i] = f.escapeHandle(w)
		case strings.HasPrefix(w, "#"):
			for _, id := range slices.Sorted(maps.Keys(f.channels)) {
				if c := f.channels[id]; c.Name != "" && c.Name == w[1:] {
					words[i] = "<#" + id + "|" + c.Name + ">"
				}
			}
		}
	}
	return strings.Join(words, " ")
}

func (f *Fake) escapeHandle(word string) string {
	for _, id := range slices.Sorted(maps.Keys(f.users)) {
		if f.users[id].Name == word[1:] {
			return "<@" + id + "|" + word[1:] + ">"
		}
	}
	for _, id := range slices.Sorted(maps.Keys(f.groups)) {
		if f.groups[id].Handle == word[1:] {
			return "<!subteam^" + id + "|" + word + ">"
		}
	}
	return word
}

// Shortcut uses a global shortcut of the app.
func (p *Person) Shortcut(callbackID string) error {
	if err := p.native(callbackID); err != nil {
		return err
	}
	payload := p.interaction("shortcut", true)
	payload["callback_id"] = callbackID
	return p.send(payload)
}

// MessageShortcut uses a shortcut of the app on a message.
func (p *Person) MessageShortcut(m Message, callbackID string) error {
	if err := p.native(callbackID); err != nil {
		return err
	}
	payload := p.interaction("message_action", true)
	f := p.f
	f.mu.Lock()
	source, c, err := p.message(m)
	if err != nil {
		f.mu.Unlock()
		return err
	}
	maps.Copy(payload, object{
		"callback_id": callbackID, "message_ts": m.TS, "message": f.messageJSON(source, false),
		"channel": object{"id": c.ID, "name": c.Name}, "response_url": f.newResponseURL(p.id, c.ID, source),
	})
	f.mu.Unlock()
	return p.send(payload)
}

// OpenHome opens the app's home tab. The app publishes it; wait with Until.
func (p *Person) OpenHome() error {
	if err := p.native("Home"); err != nil {
		return err
	}
	f := p.f
	f.mu.Lock()
	c, err := f.direct(p.id)
	if err != nil {
		f.mu.Unlock()
		return err
	}
	ev := object{"type": "app_home_opened", "user": p.id, "channel": c.ID, "tab": "home", "event_ts": f.ts()}
	if v := f.homes[p.id]; v != nil {
		ev["view"] = f.viewJSON(v)
	}
	f.mu.Unlock()
	return f.sendEvent(ev, "")
}

// interaction is what every interaction of this person has.
func (p *Person) interaction(kind string, trigger bool) object {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	return p.interactionLocked(kind, trigger)
}

func (p *Person) interactionLocked(kind string, trigger bool) object {
	f, u := p.f, p.f.users[p.id]
	o := object{
		"type": kind, "token": "legacy", "api_app_id": AppID, "action_ts": f.ts(), "is_enterprise_install": false, "enterprise": nil,
		"team": object{"id": u.Team, "domain": f.opt.Domain},
		"user": object{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": u.Team},
	}
	if trigger {
		o["trigger_id"] = f.newTrigger(p.id)
	}
	return o
}

// send delivers an interaction that needs no answer but the acknowledgement.
func (p *Person) send(payload object) error {
	if _, err := p.f.deliver(delivery{kind: interactive, payload: clone(payload)}); err != nil {
		return p.trouble("This app is not responding. Try again in a moment.", err)
	}
	return nil
}

// Interact sends any interaction of this person: for what no client would
// send. The answer is what the app acknowledged with.
func (p *Person) Interact(payload map[string]any) ([]byte, error) {
	base := p.interaction(fmt.Sprint(payload["type"]), true)
	maps.Copy(base, payload)
	return p.f.deliver(delivery{kind: interactive, payload: clone(base)})
}
