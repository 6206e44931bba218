//go:build peers

package peers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// Tokens that are seeded: Usher's own, and one of a person with all rights, for
// what people do in Slack without Usher.
const (
	botToken   = "xoxb-usher-peers"
	olgasToken = "xoxp-olga-peers"
)

// emulate is a Slack that somebody else wrote. What it does otherwise than
// Slack is in docs/contributing.md.
type emulate struct {
	t   testing.TB
	url string
}

// startEmulate starts one with people of these names and the bot usher, which
// has these scopes and nothing else.
func startEmulate(t testing.TB, scopes []string, people ...string) *emulate {
	t.Helper()
	var users []object
	for _, name := range people {
		users = append(users, object{"name": name, "real_name": name + " of Acme", "email": name + "@acme.test"})
	}
	seed, err := json.Marshal(object{"slack": object{
		"team": object{"name": "Acme", "domain": "acme"}, "users": users, "strict_scopes": true,
		"oauth_apps": []object{{"app_id": "A0USHER", "client_id": "1.2", "client_secret": "s", "name": "Usher", "redirect_uris": []string{},
			"scopes": scopes, "bot_id": "B0USHER", "bot_user_id": "U0USHER", "bot_name": "usher"}},
		"tokens": []object{
			{"token": botToken, "type": "bot", "user": "U0USHER", "app_id": "A0USHER", "bot_id": "B0USHER", "bot_user_id": "U0USHER", "scopes": scopes},
			{"token": olgasToken, "type": "user", "user": "olga", "app_id": "A0OTHER", "scopes": []string{
				"users:read", "chat:write", "channels:manage", "channels:read", "channels:history", "groups:write", "groups:read"}},
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "seed.yaml") // JSON is YAML
	if err := os.WriteFile(file, seed, 0o600); err != nil {
		t.Fatal(err)
	}
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	end, err := start(node(inModules("emulate", "dist", "index.js"), "start", "--service", "slack", "--host", "127.0.0.1", "--port", port, "--config", file), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(end)
	e := &emulate{t: t, url: "http://127.0.0.1:" + port}
	eventually(t, func() error { return e.try(botToken, "auth.test", nil, nil) })
	return e
}

// try calls a method without a way round.
func (e *emulate) try(token, method string, args, out any) error {
	if args == nil {
		args = object{}
	}
	var raw json.RawMessage
	if err := callJSON(e.url+"/api/"+method, args, &raw, "Authorization", "Bearer "+token); err != nil {
		return err
	}
	var answer struct {
		OK    bool
		Error string
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return err
	}
	if !answer.OK {
		return fmt.Errorf("%s: %s", method, answer.Error)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(raw, out)
}

func (e *emulate) call(token, method string, args, out any) {
	e.t.Helper()
	if err := e.try(token, method, args, out); err != nil {
		e.t.Fatal(err)
	}
}

// user is the id of a person.
func (e *emulate) user(name string) string {
	e.t.Helper()
	var got struct{ Members []struct{ ID, Name string } }
	e.call(olgasToken, "users.list", nil, &got)
	for _, u := range got.Members {
		if u.Name == name {
			return u.ID
		}
	}
	e.t.Fatalf("there is no %s", name)
	return ""
}

// channel makes a channel as Olga does, and invites Usher.
func (e *emulate) channel(name string, private bool) string {
	e.t.Helper()
	var made struct{ Channel struct{ ID string } }
	e.call(olgasToken, "conversations.create", object{"name": name, "is_private": private}, &made)
	e.call(olgasToken, "conversations.invite", object{"channel": made.Channel.ID, "users": "U0USHER"}, nil)
	return made.Channel.ID
}

func (e *emulate) isIn(user, channel string) bool {
	e.t.Helper()
	var got struct{ Members []string }
	e.call(olgasToken, "conversations.members", object{"channel": channel}, &got)
	return slices.Contains(got.Members, user)
}

// message is one as it is in a conversation now.
type message struct {
	TS, Text string
	Channel  string
	private  bool // it is seen by one person only, and is in no conversation
	Blocks   []json.RawMessage
	Edited   *struct{ User string }
	Metadata struct {
		Payload struct{ Effect string } `json:"event_payload"`
	}
}

// body is all that is to be read in a message.
func (m message) body() string {
	data, err := json.Marshal(m.Blocks)
	return fmt.Sprint(m.Text, string(data), err)
}

// direct is the conversation of Usher with a person.
func (e *emulate) direct(user string) string {
	e.t.Helper()
	var got struct{ Channel struct{ ID string } }
	e.call(botToken, "conversations.open", object{"users": user}, &got)
	return got.Channel.ID
}

// messages are those of Usher to a person, the newest first.
func (e *emulate) messages(user string) []message {
	e.t.Helper()
	var got struct{ Messages []message }
	channel := e.direct(user)
	e.call(botToken, "conversations.history", object{"channel": channel}, &got)
	for i := range got.Messages {
		got.Messages[i].Channel = channel
	}
	return got.Messages
}

// trigger is what Slack sends along when a person does something: good for
// three seconds, once.
func (e *emulate) trigger(user string) string {
	e.t.Helper()
	var got struct {
		Trigger string `json:"trigger_id"`
	}
	e.call(botToken, "views.generateTriggerId", object{"user_id": user}, &got)
	return got.Trigger
}

// keeps reports whether a view is there with a hash, as emulate's own page of
// views shows it.
func (e *emulate) keeps(view, hash string) error {
	page, err := read(http.Get(e.url + "/?tab=views"))
	if err != nil {
		return err
	}
	if !contains(string(page), view, hash) {
		return fmt.Errorf("emulate has no view %s with the hash %s", view, hash)
	}
	return nil
}
