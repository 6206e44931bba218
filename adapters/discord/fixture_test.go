package discord

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/discord/discordfake"
	"github.com/usher-dev/usher/core/access"
)

func TestChatAdapter(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"gateway", "http"} {
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

// fixture drives people of a fake server.
type fixture struct {
	a       *Adapter
	fake    *discordfake.Fake
	app     string // base address over HTTP
	people  [2]string
	channel string
	repeats map[string]func() // id of the suite → the same interaction again

	mu   sync.Mutex
	last string // id of the latest press
}

// sampleCommands are those that the tests type.
func sampleCommands() []Command {
	help := map[string]string{"en": "Help", "de": "Hilfe"}
	return []Command{
		{Root: "access", Name: "home", Help: help},
		{Root: "access", Name: "request", Args: []Arg{{"package", ArgPackage}, {"for", ArgPerson}}, Help: help},
		{Root: "access", Name: "mine", Help: help},
		{Root: "access-admin", Name: "pending", Help: help},
	}
}

func newFixture(t *testing.T, way string, change ...func(*Options)) *fixture {
	t.Helper()
	return furnish(t, way, discordfake.Options{Intents: discordfake.IntentMembers | discordfake.IntentContent}, change...)
}

// furnish makes an adapter on a fake with these options.
func furnish(t *testing.T, way string, options discordfake.Options, change ...func(*Options)) *fixture {
	t.Helper()
	fake := discordfake.New(t, options)
	f := &fixture{fake: fake, repeats: map[string]func(){}}
	for i, u := range []discordfake.User{{Name: "mina", GlobalName: "Mina", Locale: "en-GB"}, {Name: "ada", GlobalName: "Ada", Locale: "de"}} {
		f.people[i] = fake.AddUser(u).ID()
		fake.AddMember(discordfake.Member{User: u.Name})
	}
	f.channel = fake.ChannelID("general")
	o := Options{
		Name: "discord", Tenant: "demo", Guilds: []string{fake.GuildID()}, BotToken: Secret(fake.BotToken()), APIURL: fake.URL, Commands: sampleCommands(),
	}
	if way == "http" {
		o.PublicKey = Secret(fake.PublicKey())
	}
	for _, c := range change {
		c(&o)
	}
	a, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	f.a = a
	if way == "http" {
		server := httptest.NewServer(a.Handler())
		t.Cleanup(server.Close)
		f.app = server.URL + Interactions
		if err := fake.DeliverTo(f.app); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// await waits until the adapter takes interactions and has told its commands.
func (f *fixture) await(t *testing.T) {
	t.Helper()
	for (f.a.Ready(t.Context()) != nil || len(f.fake.Commands("")) == 0) && t.Context().Err() == nil {
		runtime.Gosched()
	}
	if f.a.key == nil {
		if err := f.fake.Gateway().AwaitSessions(1); err != nil {
			t.Fatal(err)
		}
	}
}

func (f *fixture) Adapter() chat.Adapter   { return spied{f.a, f} }
func (f *fixture) Channel() access.Channel { return access.Channel("discord/" + f.channel) }
func (f *fixture) Twins() bool             { return false }

func (f *fixture) Secrets() []string { return []string{string(f.a.o.BotToken)} }

func (f *fixture) Fail(*testing.T) {
	f.fake.Fail(discordfake.Fault{Times: -1, Status: http.StatusInternalServerError})
}

func (f *fixture) Who(n int) chat.Who {
	return chat.Who{Tenant: "demo", Account: accountOf("discord", f.people[n])}
}

func (f *fixture) person(w chat.Who) *discordfake.Person {
	return f.fake.Person(userOf("discord", string(w.Account)))
}

func (f *fixture) Do(t *testing.T, in chat.Intent) chattest.Seen {
	t.Helper()
	f.await(t)
	switch in := in.(type) {
	case chat.Invoked:
		return f.watch(t, in.Who, func(p *discordfake.Person) error { return invoke(p, in) })
	case chat.Pressed:
		return f.watch(t, in.Who, func(p *discordfake.Person) error { return f.press(t, p, in) })
	case chat.Filled:
		return f.watch(t, in.Who, func(p *discordfake.Person) error { return p.Submit(typedIn(in.Values)) })
	}
	t.Fatalf("cannot do %T", in)
	return chattest.Seen{}
}

// invoke types a command with its options, as a client does; a bare one, which
// no client sends, as it is.
func invoke(p *discordfake.Person, in chat.Invoked) error {
	words := strings.Fields(in.Text)
	if len(words) == 0 {
		_, err := p.Interact(typeCommand, map[string]any{"type": 1, "name": in.Command, "id": "1"})
		return err
	}
	if words[0] == "approvals" {
		words[0] = "mine"
	}
	var opts []discordfake.Opt
	for i, w := range words[1:] {
		switch {
		case w == "for":
		case words[i] == "for":
			opts = append(opts, discordfake.Opt{Name: "for", Value: strings.TrimPrefix(w, "@discord/")})
		default:
			opts = append(opts, discordfake.Opt{Name: "package", Value: w})
		}
	}
	return p.Slash(in.Command+" "+words[0], opts...)
}

// typedIn are the answers as people give them.
func typedIn(values map[string][]string) map[string]any {
	out := map[string]any{}
	for id, v := range values {
		switch {
		case len(v) > 1:
			out[id] = v
		case len(v) == 1:
			out[id] = strings.TrimPrefix(v[0], "discord/")
		}
	}
	return out
}

// press presses as people do; a repeat is the same interaction again.
func (f *fixture) press(t *testing.T, p *discordfake.Person, in chat.Pressed) error {
	t.Helper()
	if again, ok := f.repeats[in.ID]; ok {
		again()
		return nil
	}
	m, ok := f.find(p, func(m discordfake.Message) bool {
		return (in.Ref == "" || m.Channel+"/"+m.ID == in.Ref) && strings.Contains(m.JSON(), in.Token)
	})
	if !ok {
		t.Fatalf("no button %q on %q", in.Token, in.Ref)
	}
	err := p.Press(m, in.Token)
	f.mu.Lock()
	defer f.mu.Unlock()
	if id := f.last; in.Ref != "" {
		f.repeats[in.ID] = func() { f.again(t, p, m, id, in.Token) }
	}
	return err
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

// Handle implements chat.Handler.
func (s spy) Handle(ctx context.Context, in chat.Intent) chat.Reply {
	if p, ok := in.(chat.Pressed); ok {
		s.f.mu.Lock()
		s.f.last = p.ID
		s.f.mu.Unlock()
	}
	return s.next.Handle(ctx, in)
}

// again is the same press once more, as the platform or somebody else would
// repeat it.
func (f *fixture) again(t *testing.T, p *discordfake.Person, m discordfake.Message, id, token string) {
	t.Helper()
	payload := map[string]any{
		"id": id, "application_id": f.fake.AppID(), "type": typeComponent, "token": "again", "guild_id": f.fake.GuildID(), "channel_id": m.Channel,
		"member": map[string]any{"user": map[string]any{"id": p.ID()}}, "message": map[string]any{"id": m.ID, "channel_id": m.Channel},
		"data": map[string]any{"component_type": kindButton, "custom_id": token},
	}
	repeated := f.a.Counts()["repeated"]
	if f.a.key == nil {
		f.fake.Gateway().Tell(f.fake.GuildID(), "INTERACTION_CREATE", payload)
	} else {
		body, _ := json.Marshal(payload)
		if status := f.send(t, string(body), func(r *http.Request) { f.fake.Sign(r, time.Now(), body) }); status != http.StatusConflict {
			t.Errorf("a repeat was answered with %d", status)
		}
	}
	for f.a.Counts()["repeated"] == repeated && t.Context().Err() == nil {
		runtime.Gosched()
	}
}

func (f *fixture) find(p *discordfake.Person, want func(discordfake.Message) bool) (discordfake.Message, bool) {
	for _, m := range slices.Backward(p.See().Messages) {
		if want(m) {
			return m, true
		}
	}
	return discordfake.Message{}, false
}

// watch tells what somebody sees more after they did something.
func (f *fixture) watch(t *testing.T, who chat.Who, do func(*discordfake.Person) error) chattest.Seen {
	t.Helper()
	p := f.person(who)
	before := p.See()
	if err := do(p); err != nil {
		t.Logf("it said: %v", err)
	}
	after, err := p.Until("an answer", func(s discordfake.Sight) bool {
		return !slices.ContainsFunc(s.Messages, func(m discordfake.Message) bool { return m.Private && m.Loading })
	})
	if err != nil {
		t.Error(err)
	}
	if after.Modal != nil {
		return seenForm(t, *after.Modal)
	}
	for _, m := range after.Messages {
		old := slices.ContainsFunc(before.Messages, func(o discordfake.Message) bool { return o.ID == m.ID && o.JSON() == m.JSON() })
		if m.Private && !old {
			return chattest.Seen{Kind: chattest.SeenTell, Message: readMessage(t, m)}
		}
	}
	return chattest.Seen{Kind: chattest.SeenNothing}
}

func seenForm(t *testing.T, m discordfake.Modal) chattest.Seen {
	t.Helper()
	var sent modal
	if err := json.Unmarshal([]byte(m.JSON()), &sent); err != nil {
		t.Fatal(err)
	}
	r := reading{}
	r.components(sent.Components)
	seen := chattest.Seen{Kind: chattest.SeenShow, Message: chattest.Message{Text: m.Title + "\n" + strings.Join(r.lines, "\n")}}
	for _, c := range sent.Components {
		if c.Component != nil {
			seen.Fields = append(seen.Fields, c.Component.CustomID)
		}
	}
	return seen
}

func (f *fixture) See(t *testing.T, ref string) (chattest.Message, bool) {
	t.Helper()
	for _, m := range f.fake.Messages("") {
		if m.Channel+"/"+m.ID == ref {
			return readMessage(t, m), true
		}
	}
	return chattest.Message{}, false
}

func (f *fixture) Messages(t *testing.T, to chat.Address) []chattest.Message {
	t.Helper()
	all := f.fake.Messages(f.channel)
	if to.Account != "" {
		all = f.fake.DMs(userOf("discord", string(to.Account)))
	}
	var out []chattest.Message
	for _, m := range all {
		out = append(out, readMessage(t, m))
	}
	return out
}

func (f *fixture) Files(t *testing.T, who chat.Who, n int) []chat.File {
	t.Helper()
	var out []chat.File
	_, err := f.person(who).Until("files", func(s discordfake.Sight) bool {
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
		if m.Channel+"/"+m.ID == ref {
			f.fake.DeleteMessage(m)
		}
	}
}

// forger sends in without the key, over HTTP.
type forger struct{ *fixture }

func (f *forger) Forge(t *testing.T, in chat.Intent) (taken int) {
	t.Helper()
	f.await(t)
	head := `{"id":"9","application_id":"` + f.fake.AppID() + `","token":"t","guild_id":"` + f.fake.GuildID() + `","channel_id":"` + f.channel +
		`","member":{"user":{"id":"` + f.people[0] + `"}},`
	body := head + `"type":2,"data":{"type":1,"name":"access"}}`
	if _, ok := in.(chat.Pressed); ok {
		body = head + `"type":3,"message":{"id":"8"},"data":{"component_type":2,"custom_id":"x~~~~~~"}}`
	}
	for _, sign := range []func(*http.Request){
		func(*http.Request) {},
		func(r *http.Request) { r.Header.Set("X-Signature-Timestamp", strconv.FormatInt(time.Now().Unix(), 10)) },
		func(r *http.Request) { f.fake.Sign(r, time.Now().Add(-24*time.Hour), []byte(body)) },
		func(r *http.Request) { f.fake.Sign(r, time.Now().Add(time.Hour), []byte(body)) },
		func(r *http.Request) { f.fake.Sign(r, time.Now(), []byte(body+" ")) },
	} {
		if f.send(t, body, sign) < 400 {
			taken++
		}
	}
	return taken
}

// send posts a body to the adapter.
func (f *fixture) send(t *testing.T, body string, sign func(*http.Request)) (status int) {
	t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, f.app, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	sign(r)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

// What follows reads components as people do.

// markup is all that Discord takes for more than text.
var markup = regexp.MustCompile("(?m)" + `\\([!-/:-@\[-` + "`" + `{-~])|\[((?:[^\\\[\]]|\\.)*)\]\(([^()\s]*)\)|<@!?([0-9]+)>|<(@&|#)[0-9]+>|<t:(-?[0-9]+)(?::[a-zA-Z])?>|@(everyone|here)|^(?:#{1,3}|-#|-|>) |\*+|` + "`+")

type reading struct {
	chattest.Message
	lines []string
}

func readMessage(t *testing.T, m discordfake.Message) chattest.Message {
	t.Helper()
	var all []component
	if err := json.Unmarshal([]byte(m.JSON()), &all); err != nil {
		t.Fatalf("%v in %s", err, m.JSON())
	}
	r := reading{}
	r.components(all)
	r.Text = strings.Join(r.lines, "\n")
	return r.Message
}

func (r *reading) components(list []component) {
	for _, c := range list {
		switch c.Type {
		case kindText:
			r.lines = append(r.lines, r.markdown(c.Content))
		case kindButton:
			token := tokenOf(c.CustomID)
			if asked, ok := unconfirmed(c.CustomID); ok {
				token = asked
			}
			r.Buttons = append(r.Buttons, chat.Button{Label: c.Label, Token: token})
		default:
			r.lines = append(r.lines, c.Label, c.Description)
		}
		r.components(c.Components)
		if c.Accessory != nil {
			r.components([]component{*c.Accessory})
		}
	}
}

// markdown takes the marks out of a text.
func (r *reading) markdown(s string) string {
	return markup.ReplaceAllStringFunc(s, func(m string) string {
		parts := markup.FindStringSubmatch(m)
		switch {
		case parts[1] != "":
			return parts[1]
		case parts[3] != "":
			r.Links = append(r.Links, parts[3])
			return r.markdown(parts[2])
		case parts[4] != "":
			r.Mentions = append(r.Mentions, accountOf("discord", parts[4]))
			return ""
		case parts[5] != "", parts[7] != "":
			r.Mentions = append(r.Mentions, "*")
			return ""
		case parts[6] != "":
			n, _ := strconv.ParseInt(parts[6], 10, 64)
			return time.Unix(n, 0).UTC().Format("2 January 2006 15:04")
		}
		return ""
	})
}
