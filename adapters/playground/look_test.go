package playground_test

import (
	"context"
	"net"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/adapters/playground"
	"github.com/usher-dev/usher/core/access"
)

type rooms struct {
	mu   sync.Mutex
	list []playground.Room
}

func (r *rooms) Rooms(context.Context) ([]playground.Room, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.list), nil
}
func (r *rooms) SetMode(_ context.Context, id, mode string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.list {
		if r.list[i].ID == id {
			r.list[i].Mode = mode
			return nil
		}
	}
	return access.Refuse(access.NotFound, "unknownResource", "resource", id)
}

type audit struct {
	mu    sync.Mutex
	lines []playground.AuditLine
}

func (a *audit) Lines(_ context.Context, after int64, latest bool, max int) ([]playground.AuditLine, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.lines[min(int(after), len(a.lines)):]), nil
}
func (a *audit) add(at time.Time, text string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.lines = append(a.lines, playground.AuditLine{ID: int64(len(a.lines) + 1), At: at, Text: text, Kind: "x"})
}

func TestLook(t *testing.T) {
	addr := os.Getenv("LOOK")
	if addr == "" {
		return
	}
	o := options(newMemory())
	o.Base = nil
	modes := []string{"ok", "failing", "slow", "lying", "losing", "pending"}
	rs := &rooms{list: []playground.Room{
		{ID: "design-channel", Name: "Design channel", Mode: "ok", Modes: modes, Roles: []playground.RoomRole{{Role: "member", People: []access.PersonID{"playground/mina"}}, {Role: "guest"}}},
		{ID: "website", Name: "Website", Mode: "failing", Modes: modes, Roles: []playground.RoomRole{{Role: "editor", People: []access.PersonID{"playground/ada", "playground/ben"}}}},
		{ID: "team", Name: "Marketing team group", Mode: "ok", Modes: modes, Roles: []playground.RoomRole{{Role: "member"}}},
		{ID: "badge", Name: "Door badge (by hand)", Roles: []playground.RoomRole{{Role: "holder", People: []access.PersonID{"playground/olga"}}}},
	}}
	au := &audit{}
	o.Rooms, o.Audit = rs, au
	end := time.Date(2026, 9, 17, 16, 0, 0, 0, time.UTC)
	card := chat.Card{Summary: "Carla Contreras asks for External contractor", Title: "Carla asks for External contractor", Tone: chat.ToneWaiting,
		Blocks: []chat.Block{
			{Fields: []chat.Fact{{Label: "Who", Value: chat.Text{{Kind: chat.Mention, Text: "Carla Contreras", Person: "playground/carla"}}}, {Label: "Until", Value: chat.Text{{Kind: chat.Moment, At: end, Text: "x"}}}, {Label: "Why", Value: chat.Say("Redesign of the <b>checkout</b> pages with the design team.")}, {Label: "Decides", Value: chat.Say("Olga Petrov, 1 of 1 needed")}}},
			{Heading: "What it gives", Items: []chat.Text{{{Kind: chat.Strong, Text: "member"}, {Kind: chat.Plain, Text: " of the Design channel"}}, {{Kind: chat.Strong, Text: "editor"}, {Kind: chat.Plain, Text: " of the Website"}}}},
			{Small: true, Text: chat.Text{{Kind: chat.Plain, Text: "Times out "}, {Kind: chat.Moment, Style: chat.Relative, At: time.Now().Add(14 * 24 * time.Hour)}, {Kind: chat.Plain, Text: ". Request "}, {Kind: chat.Code, Text: "#1"}}},
		},
		Buttons: []chat.Button{{Label: "Approve", Token: "approve", Style: chat.StylePrimary}, {Label: "Deny", Token: "deny", Style: chat.StyleDanger, Confirm: "Deny this request for good?"}, {Label: "I'm on it", Token: "claim"}}}
	full := func(errs map[string]string, v form.Values) form.Page {
		p := form.Page{Form: "request:contractor", Number: 1, Title: "External contractor", Submit: "Ask for it", Last: true, Errors: errs, Fields: []form.Field{
			{ID: "why", Kind: form.Area, Label: "Why do you need it?", Hint: "The approver reads this.", Required: true},
			{ID: "area", Kind: form.One, Label: "What will you work on?", Required: true, Options: []form.Option{{Value: "web", Label: "Website"}, {Value: "print", Label: "Print"}, {Value: "other", Label: "Something else"}}},
			{ID: "tools", Kind: form.Many, Label: "Which tools?", Options: []form.Option{{Value: "figma", Label: "Figma"}, {Value: "git", Label: "GitHub", Hint: "with the team"}}},
			{ID: "nda", Kind: form.Flag, Label: "Have you signed the agreement?", Required: true},
			{ID: "from", Kind: form.Date, Label: "From"},
			{ID: "contact", Kind: form.Person, Label: "Who is your contact?"},
			{ID: "hours", Kind: form.Number, Label: "Hours per week"},
		}}
		for i, f := range p.Fields {
			p.Fields[i].Value = v[f.ID]
		}
		if len(v["area"]) > 0 && v["area"][0] == "other" {
			p.Fields = slices.Insert(p.Fields, 2, form.Field{ID: "else", Kind: form.Line, Label: "What else?", Required: true, Value: v["else"]})
		}
		return p
	}
	var w *world
	w = open(t, o, func(in chat.Intent) chat.Reply {
		switch in := in.(type) {
		case chat.Invoked:
			au.add(w.a.Now(), "Somebody typed /"+in.Command+" "+in.Text)
			if in.Text == "mine" {
				return chat.Tell{Card: chat.Card{Summary: "You have nothing yet", Title: "My access", Blocks: []chat.Block{{Text: chat.Say("You have nothing yet.")}, {Text: chat.Text{{Kind: chat.Strong, Text: "External contractor"}}, Buttons: []chat.Button{{Label: "Ask for it", Token: "ask"}}}}}}
			}
			return chat.Show{Page: full(nil, nil), Intro: chat.Text{{Kind: chat.Plain, Text: "You ask for "}, {Kind: chat.Strong, Text: "External contractor"}, {Kind: chat.Plain, Text: ". It ends on "}, {Kind: chat.Moment, At: end}, {Kind: chat.Plain, Text: "."}}}
		case chat.Filled:
			if in.Live {
				return chat.Show{Page: full(nil, in.Values)}
			}
			if in.Values["why"] == nil {
				return chat.Show{Page: full(map[string]string{"why": "Please say why.", "area": "Choose one."}, in.Values)}
			}
			_, _ = w.a.Post(t.Context(), chat.EffectID(in.ID), to("playground/olga"), card)
			return chat.Tell{Card: hello("Your request is with Olga.")}
		case chat.Searched:
			return chat.Offer{Options: []form.Option{{Value: "request contractor", Label: "request contractor", Hint: "Ask for External contractor"}, {Value: "mine", Label: "mine", Hint: "What you have"}}}
		}
		return chat.Nothing{}
	})
	go func() {
		for {
			select {
			case w.beats <- time.Now():
			case <-t.Context().Done():
				return
			}
			time.Sleep(300 * time.Millisecond)
		}
	}()
	w.put("a", "playground/olga", card)
	w.put("b", "playground/ada", card)
	w.put("w", "playground/carla", chat.Card{Summary: "Willkommen", Title: "Willkommen", Tone: chat.ToneGood, Blocks: []chat.Block{{Text: chat.Text{{Kind: chat.Plain, Text: "Dein Zugang endet am "}, {Kind: chat.Moment, At: end, Style: chat.DateTime}, {Kind: chat.Plain, Text: ", also "}, {Kind: chat.Moment, At: end, Style: chat.DateOnly}, {Kind: chat.Plain, Text: "."}}}}})
	_, _ = w.a.Post(t.Context(), "ch", chat.Address{Channel: "playground/approvals"}, chat.Card{Summary: "x", Title: "Approved by Ben", Tone: chat.ToneOver, Blocks: []chat.Block{{Text: chat.Say("Nothing left to do.")}}})
	w.post(200, "mina/command", `{"text":"/access mine"}`)
	w.post(200, "carla/command", `{"text":"/access request contractor"}`)
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(w.a.Serve(t.Context(), l))
}
