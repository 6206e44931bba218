package playground_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/playground"
	"github.com/usher-dev/usher/core/access"
)

func TestChatAdapter(t *testing.T) {
	t.Parallel()
	for _, forms := range []string{playground.FormsLive, playground.FormsPages} {
		t.Run(forms, func(t *testing.T) {
			t.Parallel()
			chattest.Run(t, func(t *testing.T) chattest.Fixture { return newFixture(t, forms) })
		})
	}
}

// fixture drives the playground through its JSON API, as a script does. The
// suite runs the adapter.
type fixture struct {
	*world
	store *memory
	last  string // latest private message
}

func newFixture(t *testing.T, forms string) *fixture {
	store := newMemory()
	o := options(store)
	o.Token = ""
	a, err := playground.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 2 {
		if err := a.ChangeForms(t.Context(), []string{"mina", "ada"}[n], forms); err != nil {
			t.Fatal(err)
		}
	}
	f := &fixture{world: &world{t: t, a: a, srv: httptest.NewServer(a.Handler(t.Context()))}, store: store}
	t.Cleanup(f.srv.Close)
	return f
}

func (f *fixture) Adapter() chat.Adapter   { return f.a }
func (f *fixture) Channel() access.Channel { return "playground/general" }
func (f *fixture) Twins() bool             { return false }
func (f *fixture) Secrets() []string       { return []string{"hunter2"} }
func (f *fixture) Fail(*testing.T)         { f.store.fail(errors.New("the store is away")) }

func (f *fixture) Who(n int) chat.Who {
	return chat.Who{Tenant: "demo", Account: []access.Account{"playground/mina", "playground/ada"}[n]}
}

func id(a access.Account) string { return strings.TrimPrefix(string(a), "playground/") }

// once makes an id that the API takes of one that the suite made up.
func once(s string) string { return strings.ReplaceAll(s, " ", "-") }

// Do waits for Run to have the handler by asking again while there is none.
func (f *fixture) Do(t *testing.T, in chat.Intent) chattest.Seen {
	t.Helper()
	for {
		seen, code := f.try(t, in)
		if code != http.StatusServiceUnavailable {
			return seen
		}
	}
}

func (f *fixture) try(t *testing.T, in chat.Intent) (chattest.Seen, int) {
	t.Helper()
	var who chat.Who
	var what string
	var body map[string]any
	switch in := in.(type) {
	case chat.Invoked:
		who, what = in.Who, "command"
		body = map[string]any{"text": strings.TrimSpace("/" + in.Command + " " + in.Text), "id": once(in.ID)}
	case chat.Pressed:
		who, what = in.Who, "press"
		if in.Ref == "" {
			in.Ref = f.last
		}
		body = map[string]any{"message": in.Ref, "token": in.Token, "id": once(in.ID)}
	case chat.Filled:
		who, what = in.Who, "submit"
		body = map[string]any{"form": in.Form, "page": in.Page, "answers": in.Values, "live": in.Live, "id": once(in.ID)}
	case chat.Searched:
		q := url.Values{"form": {in.Form}, "field": {in.Field}, "query": {in.Query}}
		code, data := f.send(http.MethodGet, "/api/people/"+id(in.Who.Account)+"/options?"+q.Encode(), "")
		var got struct{ Options []struct{ Value string } }
		if err := json.Unmarshal(data, &got); err != nil {
			t.Fatal(err)
		}
		seen := chattest.Seen{Kind: chattest.SeenOffer}
		for _, o := range got.Options {
			seen.Options = append(seen.Options, o.Value)
		}
		return seen, code
	}
	code, data := f.send(http.MethodPost, "/api/people/"+id(who.Account)+"/"+what, asJSON(t, body))
	if code != http.StatusOK {
		return chattest.Seen{Kind: chattest.SeenNothing}, code
	}
	return f.seen(t, data), code
}

func (f *fixture) seen(t *testing.T, data []byte) chattest.Seen {
	t.Helper()
	var v seen
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	switch {
	case v.Private != nil:
		f.last = v.Private.ID
		return chattest.Seen{Kind: chattest.SeenTell, Message: read(*v.Private)}
	case v.Form != nil:
		out := chattest.Seen{Kind: chattest.SeenShow, Errors: v.Form.Errors, Message: chattest.Message{Text: v.Form.Title + "\n" + v.Form.Intro}}
		for _, field := range v.Form.Fields {
			out.Fields = append(out.Fields, field.ID)
		}
		return out
	}
	return chattest.Seen{Kind: chattest.SeenNothing}
}

func read(m message) chattest.Message {
	out := chattest.Message{Text: m.Card.Title + "\n" + m.Card.Text, Mentions: m.Card.Mentions}
	for _, b := range m.Buttons {
		out.Buttons = append(out.Buttons, chat.Button{Label: b.Label, Token: b.Token, Style: chat.ButtonStyle(b.Style), Confirm: b.Confirm})
	}
	for _, l := range m.Card.Links {
		out.Links = append(out.Links, l.URL)
	}
	return out
}

// everything is what the suite's two people see.
func (f *fixture) everything() []message {
	return append(f.look("mina").Messages, f.look("ada").Messages...)
}

func (f *fixture) See(t *testing.T, ref string) (chattest.Message, bool) {
	t.Helper()
	for _, m := range f.everything() {
		if m.ID == ref {
			return read(m), true
		}
	}
	return chattest.Message{}, false
}

func (f *fixture) Messages(t *testing.T, to chat.Address) []chattest.Message {
	t.Helper()
	person, channel := "mina", strings.TrimPrefix(string(to.Channel), "playground/")
	if to.Account != "" {
		person = id(to.Account)
	}
	var out []chattest.Message
	for _, m := range f.look(person).Messages {
		if !m.Private && m.Channel == channel {
			out = append(out, read(m))
		}
	}
	return out
}

// Files reads those of the latest private messages by their addresses, as the
// page does.
func (f *fixture) Files(t *testing.T, who chat.Who, _ int) []chat.File {
	t.Helper()
	var out []chat.File
	for _, m := range f.look(id(who.Account)).Messages {
		for _, file := range m.Files {
			code, data := f.send(http.MethodGet, file.URL, "")
			if code != http.StatusOK {
				t.Fatalf("%s answers %d", file.URL, code)
			}
			out = append(out, chat.File{Name: file.Name, Type: file.Type, Data: data})
		}
	}
	return out
}

func (f *fixture) Remove(t *testing.T, ref string) {
	t.Helper()
	for _, p := range []string{"mina", "ada"} {
		if slices.ContainsFunc(f.look(p).Messages, func(m message) bool { return m.ID == ref }) {
			f.post(http.StatusOK, p+"/delete", asJSON(t, map[string]string{"message": ref}))
			return
		}
	}
	t.Fatalf("nobody sees %s", ref)
}

// Forge calls the API the way another web page or another program would.
func (f *fixture) Forge(t *testing.T, in chat.Intent) (taken int) {
	t.Helper()
	path, body := "/api/people/mina/command", `{"text":"/access approvals"}`
	if p, ok := in.(chat.Pressed); ok {
		path, body = "/api/people/mina/press", asJSON(t, map[string]string{"message": p.Ref, "token": p.Token})
	}
	for _, header := range [][]string{
		{"Content-Type", "text/plain"}, {"Content-Type", "application/x-www-form-urlencoded"}, {"Host", "evil.example"},
		{"Origin", "https://evil.example"}, {"Origin", "null"}, {"Sec-Fetch-Site", "cross-site"},
	} {
		if code, _ := f.send(http.MethodPost, path, body, header...); code < 400 {
			taken++
		}
	}
	return taken
}
