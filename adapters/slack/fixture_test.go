package slack

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/core/access"
)

func TestChatAdapter(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"socket", "http"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			chattest.Run(t, func(t *testing.T) chattest.Fixture {
				f := newFixture(t, way)
				if way == "http" {
					return &forger{f}
				}
				return f
			})
		})
	}
}

// fixture drives people of a fake workspace.
type fixture struct {
	a    *Adapter
	fake *slackfake.Fake
	app  string // base address over HTTP

	mu       sync.Mutex
	triggers map[string]string // id of the suite → of Slack
	last     string            // id of the latest intent
	filling  bool              // what fields dispatch meanwhile is not for the suite
}

func newFixture(t *testing.T, way string) *fixture {
	t.Helper()
	fake := slackfake.New(t, slackfake.Options{})
	for _, u := range []slackfake.User{
		{ID: "U0MINA", Name: "mina", RealName: "Mina Okafor", DisplayName: "Mina", Locale: "en-GB", TZ: "Europe/London"},
		{ID: "U0ADA", Name: "ada", RealName: "Ada Lindqvist", DisplayName: "Ada"},
	} {
		fake.AddUser(u)
	}
	fake.AddChannel(slackfake.Channel{ID: "C0GENERAL", Name: "general", Members: []string{"U0MINA", "U0ADA"}, Bot: true})
	o := Options{Name: "slack", Tenant: "demo", BotToken: Secret(fake.BotToken()), APIURL: fake.URL}
	if way == "socket" {
		o.AppToken = Secret(fake.AppToken())
	} else {
		o.SigningSecret = Secret(fake.SigningSecret())
	}
	a, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{a: a, fake: fake, triggers: map[string]string{}}
	if way == "http" {
		server := httptest.NewServer(a.Handler())
		t.Cleanup(server.Close)
		f.app = server.URL
		fake.DeliverTo(server.URL)
	}
	return f
}

// spied is the adapter, with a look at what arrives.
type spied struct {
	*Adapter
	f *fixture
}

// Run implements chat.Adapter.
func (s spied) Run(ctx context.Context, h chat.Handler) error {
	return s.Adapter.Run(ctx, spy{s.f, h})
}

type spy struct {
	f    *fixture
	next chat.Handler
}

func (s spy) Handle(ctx context.Context, in chat.Intent) chat.Reply {
	s.f.mu.Lock()
	if p, ok := in.(chat.Pressed); ok {
		s.f.last = p.ID
	}
	mute := s.f.filling
	s.f.mu.Unlock()
	if fill, ok := in.(chat.Filled); ok && fill.Live && mute {
		return chat.Nothing{}
	}
	return s.next.Handle(ctx, in)
}

func (f *fixture) await(t *testing.T) {
	t.Helper()
	for f.a.running.Load() == nil && t.Context().Err() == nil {
		runtime.Gosched()
	}
}

func (f *fixture) Adapter() chat.Adapter   { return spied{f.a, f} }
func (f *fixture) Channel() access.Channel { return "slack/C0GENERAL" }
func (f *fixture) Twins() bool             { return false }

func (f *fixture) Secrets() []string {
	return []string{f.fake.BotToken(), f.fake.AppToken(), f.fake.SigningSecret()}
}

func (f *fixture) Fail(*testing.T) {
	f.fake.Fail(slackfake.Fault{Times: -1, Error: "broken " + f.fake.BotToken()})
}

func (f *fixture) Who(n int) chat.Who {
	return chat.Who{Tenant: "demo", Account: []access.Account{"slack/U0MINA", "slack/U0ADA"}[n]}
}

func (f *fixture) person(w chat.Who) *slackfake.Person {
	return f.fake.Person(strings.TrimPrefix(string(w.Account), "slack/"))
}

func (f *fixture) Do(t *testing.T, in chat.Intent) chattest.Seen {
	t.Helper()
	f.await(t)
	switch in := in.(type) {
	case chat.Invoked:
		return f.watch(t, in.Who, func(p *slackfake.Person) error {
			text := strings.NewReplacer("@slack/U0ADA", "@ada", "@slack/U0MINA", "@mina").Replace(in.Text)
			return p.Slash("/"+in.Command, text)
		})
	case chat.Pressed:
		return f.watch(t, in.Who, func(p *slackfake.Person) error { return f.press(t, p, in) })
	case chat.Filled:
		return f.watch(t, in.Who, func(p *slackfake.Person) error { return f.fill(t, p, in) })
	case chat.Searched:
		return f.search(t, in)
	}
	t.Fatalf("cannot do %T", in)
	return chattest.Seen{}
}

// press presses as people do; a repeat is the same payload again.
func (f *fixture) press(t *testing.T, p *slackfake.Person, in chat.Pressed) error {
	t.Helper()
	channel, ts, _ := strings.Cut(in.Ref, "/")
	f.mu.Lock()
	trigger, again := f.triggers[in.ID]
	f.mu.Unlock()
	if again {
		_, err := p.Interact(map[string]any{
			"type": "block_actions", "trigger_id": trigger,
			"container": map[string]any{"type": "message", "channel_id": channel, "message_ts": ts},
			"actions":   []any{map[string]any{"type": "button", "action_id": "~button1", "block_id": "~row1", "value": in.Token}},
		})
		return err
	}
	m, ok := f.find(p, func(m slackfake.Message) bool {
		return in.Ref == "" && hasToken(m, in.Token) || m.Channel == channel && m.TS == ts
	})
	if !ok {
		t.Fatalf("no message %q", in.Ref)
	}
	for _, b := range readBlocks(t, m.JSON()).Buttons {
		if b.Token == in.Token {
			err := p.Press(m, b.Label)
			f.mu.Lock()
			f.triggers[in.ID] = f.last
			f.mu.Unlock()
			return err
		}
	}
	t.Fatalf("no button %q", in.Token)
	return nil
}

func hasToken(m slackfake.Message, token string) bool { return strings.Contains(m.JSON(), token) }

func (f *fixture) find(p *slackfake.Person, want func(slackfake.Message) bool) (slackfake.Message, bool) {
	for _, m := range slices.Backward(p.See().Messages) {
		if want(m) {
			return m, true
		}
	}
	return slackfake.Message{}, false
}

// fill fills in the open modal field by field; with Live it stops there.
func (f *fixture) fill(t *testing.T, p *slackfake.Person, in chat.Filled) error {
	t.Helper()
	f.mute(!in.Live)
	for id, values := range in.Values {
		if len(values) == 0 {
			continue
		}
		v := strings.TrimPrefix(values[0], "slack/")
		var value any = v
		if len(values) > 1 {
			value = values
		}
		if err := p.Fill(map[string]any{id: value}); err != nil {
			t.Fatalf("fill in %s: %v", id, err)
		}
	}
	f.mute(false)
	if in.Live {
		return nil
	}
	return p.Submit()
}

func (f *fixture) mute(on bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.filling = on
}

func (f *fixture) search(t *testing.T, in chat.Searched) chattest.Seen {
	t.Helper()
	kept, _ := json.Marshal(memo{Form: in.Form, Page: 1})
	body, err := f.person(in.Who).Interact(map[string]any{
		"type": "block_suggestion", "block_id": in.Field, "action_id": in.Field, "value": in.Query,
		"view": map[string]any{"id": "V1", "type": "modal", "private_metadata": string(kept)},
	})
	var got offered
	if err != nil || json.Unmarshal(body, &got) != nil {
		t.Fatalf("the search brought %s, %v", body, err)
	}
	seen := chattest.Seen{Kind: chattest.SeenOffer}
	for _, o := range got.Options {
		seen.Options = append(seen.Options, o.Value)
	}
	return seen
}

// watch tells what somebody sees more after they did something.
func (f *fixture) watch(t *testing.T, who chat.Who, do func(*slackfake.Person) error) chattest.Seen {
	t.Helper()
	p := f.person(who)
	before := p.See()
	if err := do(p); err != nil && !strings.Contains(err.Error(), slackfake.ErrFields.Error()) {
		t.Logf("it said: %v", err)
	}
	after := p.See()
	for _, m := range after.Messages {
		if m.Private && !slices.ContainsFunc(before.Messages, func(o slackfake.Message) bool { return o.TS == m.TS }) {
			return chattest.Seen{Kind: chattest.SeenTell, Message: readBlocks(t, m.JSON())}
		}
	}
	switch {
	case after.Modal == nil:
		return chattest.Seen{Kind: chattest.SeenNothing}
	case after.Modal.Submit == "":
		return chattest.Seen{Kind: chattest.SeenTell, Message: readModal(t, *after.Modal)}
	}
	seen := chattest.Seen{Kind: chattest.SeenShow, Message: readModal(t, *after.Modal), Fields: fieldsOf(t, *after.Modal)}
	seen.Message.Text += strings.Join(after.Modal.Errors, "\n")
	return seen
}

func (f *fixture) See(t *testing.T, ref string) (chattest.Message, bool) {
	t.Helper()
	for _, m := range f.fake.Messages("") {
		if m.Channel+"/"+m.TS == ref {
			return readBlocks(t, m.JSON()), true
		}
	}
	return chattest.Message{}, false
}

func (f *fixture) Messages(t *testing.T, to chat.Address) []chattest.Message {
	t.Helper()
	var out []chattest.Message
	if to.Channel != "" {
		for _, m := range f.fake.Messages(strings.TrimPrefix(string(to.Channel), "slack/")) {
			out = append(out, readBlocks(t, m.JSON()))
		}
		return out
	}
	for _, m := range f.person(chat.Who{Account: to.Account}).See().Messages {
		if !m.Private && strings.HasPrefix(m.Channel, "D") {
			out = append(out, readBlocks(t, m.JSON()))
		}
	}
	return out
}

func (f *fixture) Files(t *testing.T, who chat.Who, n int) []chat.File {
	t.Helper()
	var out []chat.File
	_, err := f.person(who).Until("files", func(s slackfake.Sight) bool {
		out = nil
		for _, m := range s.Messages {
			for _, file := range m.Files {
				out = append(out, chat.File{Name: file.Name, Data: file.Data})
			}
		}
		return len(out) >= n
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (f *fixture) Remove(t *testing.T, ref string) {
	t.Helper()
	for _, m := range f.fake.Messages("") {
		if m.Channel+"/"+m.TS == ref {
			f.fake.DeleteMessage(m)
		}
	}
}

// forger sends in without the keys, over HTTP.
type forger struct{ *fixture }

func (f *forger) Forge(t *testing.T, in chat.Intent) (taken int) {
	t.Helper()
	f.await(t)
	path, body := slackfake.PathCommands, "team_id=T0DEMO&user_id=U0MINA&command=%2Faccess&text=approvals&trigger_id=1"
	if _, ok := in.(chat.Pressed); ok {
		path = slackfake.PathInteractions
		body = "payload=" + `{"type":"block_actions","trigger_id":"1","team":{"id":"T0DEMO"},"user":{"id":"U0MINA"},"actions":[{"type":"button","value":"x"}]}`
	}
	for _, sign := range []func(*http.Request){
		func(*http.Request) {},
		func(r *http.Request) { slackfake.Sign(r, "wrong", time.Now(), []byte(body)) },
		func(r *http.Request) {
			slackfake.Sign(r, f.fake.SigningSecret(), time.Now().Add(-24*time.Hour), []byte(body))
		},
		func(r *http.Request) { slackfake.Sign(r, f.fake.SigningSecret(), time.Now(), []byte(body+" ")) },
	} {
		r, err := http.NewRequest(http.MethodPost, f.app+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		sign(r)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode < 400 {
			taken++
		}
	}
	return taken
}

// What follows reads Block Kit as people do.

var inMarkup = regexp.MustCompile(`<([^<>|]*)(?:\|([^<>]*))?>`)

type reading struct {
	chattest.Message
	lines []string
}

func readModal(t *testing.T, m slackfake.Modal) chattest.Message {
	t.Helper()
	var v struct{ Blocks json.RawMessage }
	if err := json.Unmarshal([]byte(m.JSON()), &v); err != nil {
		t.Fatal(err)
	}
	out := readBlocks(t, string(v.Blocks))
	out.Text = m.Title + "\n" + out.Text
	return out
}

func fieldsOf(t *testing.T, m slackfake.Modal) (out []string) {
	t.Helper()
	var v view
	if err := json.Unmarshal([]byte(m.JSON()), &v); err != nil {
		t.Fatal(err)
	}
	for _, b := range v.Blocks {
		if b.Type == "input" {
			out = append(out, b.BlockID)
		}
	}
	return out
}

func readBlocks(t *testing.T, data string) chattest.Message {
	t.Helper()
	var blocks []any
	if err := json.Unmarshal([]byte(data), &blocks); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	r := reading{}
	for _, b := range blocks {
		r.read(b)
	}
	r.Text = strings.Join(r.lines, "\n")
	return r.Message
}

func (r *reading) read(v any) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			r.read(x)
		}
	case map[string]any:
		r.object(v)
	}
}

func (r *reading) object(o map[string]any) {
	str := func(name string) string { s, _ := o[name].(string); return s }
	switch o["type"] {
	case "mrkdwn":
		r.lines = append(r.lines, r.markup(str("text")))
	case "plain_text":
		r.lines = append(r.lines, str("text"))
	case "button":
		text, _ := o["text"].(map[string]any)
		b := chat.Button{Token: str("value")}
		b.Label, _ = text["text"].(string)
		r.Buttons = append(r.Buttons, b)
	case "rich_text_section":
		r.lines = append(r.lines, r.rich(o["elements"]))
	case "rich_text", "rich_text_list", "context", "actions":
		r.read(o["elements"])
	default:
		for _, name := range []string{"text", "fields", "accessory", "label", "hint"} {
			r.read(o[name])
		}
	}
}

// markup takes our own marks out of mrkdwn: a text with others is rich text.
func (r *reading) markup(s string) string {
	s = strings.NewReplacer("*", "", "`", "").Replace(s)
	s = inMarkup.ReplaceAllStringFunc(s, func(m string) string {
		parts := inMarkup.FindStringSubmatch(m)
		switch target := parts[1]; {
		case strings.HasPrefix(target, "@"):
			r.Mentions = append(r.Mentions, access.Account("slack/"+target[1:]))
		case strings.HasPrefix(target, "!date^"):
		case strings.HasPrefix(target, "!"):
			r.Mentions = append(r.Mentions, "*")
		default:
			r.Links = append(r.Links, unescaper.Replace(target))
		}
		return parts[2]
	})
	return unescaper.Replace(s)
}

func (r *reading) rich(v any) string {
	out := ""
	list, _ := v.([]any)
	for _, e := range list {
		o, _ := e.(map[string]any)
		str := func(name string) string { s, _ := o[name].(string); return s }
		switch o["type"] {
		case "user":
			r.Mentions = append(r.Mentions, access.Account("slack/"+str("user_id")))
		case "link":
			r.Links = append(r.Links, str("url"))
			out += str("text")
		case "date":
			out += str("fallback")
		default:
			out += str("text")
		}
	}
	return out
}
