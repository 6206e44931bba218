package desk_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/desk"
	"github.com/usher-dev/usher/adapters/playground"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/bolt"
)

// page is the desk between the real runtime and the real playground.
type page struct {
	t    *testing.T
	http http.Handler
	r    *runtime.Runtime
}

// seen is what a person sees on the page, as far as these tests care.
type seen struct {
	Messages []struct {
		ID      string `json:"id"`
		Channel string `json:"channel"`
		Card    struct {
			Summary string `json:"summary"`
			Text    string `json:"text"`
		} `json:"card"`
		Buttons []struct {
			Label string `json:"label"`
			Token string `json:"token"`
		} `json:"buttons"`
	} `json:"messages"`
	Form *struct {
		ID string `json:"id"`
	} `json:"form"`
}

// in are the texts of what the person reads in a channel, or ("") elsewhere.
func (s seen) in(channel string) []string {
	var out []string
	for _, m := range s.Messages {
		if m.Channel == channel {
			out = append(out, m.Card.Text)
		}
	}
	return out
}

func openPage(t *testing.T) *page {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "usher.db"), bolt.Options{Mode: storage.Demo})
	if err != nil {
		t.Fatal(err)
	}
	a, err := playground.New(t.Context(), playground.Options{Store: store, Tenant: "demo", Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	r := runtime.New(runtime.Options{Store: store, Directory: a, Clock: a, Log: zerolog.Nop()})
	d, err := desk.New(desk.Parts{Scratch: store, Clock: a, Chats: []chat.Adapter{a}, Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	d.Use(r)
	r.SetMessenger(d)
	a.Wire(playground.Ports{OnLeft: func(ctx context.Context, who access.PersonID) {
		if err := r.Left(ctx, "demo", who); err != nil {
			t.Error(err)
		}
	}})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 2)
	go func() { ended <- r.Run(ctx) }()
	go func() { ended <- a.Run(ctx, d) }()
	t.Cleanup(func() {
		stop()
		for range 2 {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	synctest.Wait()
	p := &page{t: t, http: a.Handler(ctx), r: r}
	p.define()
	return p
}

// define makes one package whose cards go to the channel alone, another whose
// cards go to Ada and Ben as well.
func (p *page) define() {
	p.t.Helper()
	olga := access.SomePerson("playground/olga")
	pack := func(id access.PackageID, to access.Routing) access.Package {
		return access.Package{
			ID: id, Catalog: access.General, Name: "Package " + string(id), Routing: to,
			Roles: []access.RoleRef{{Resource: "lab", Role: "member"}},
			Policies: []access.Policy{{
				ID: "all", Name: "All", Requestors: access.Scope{Members: true, Outsiders: true}, Lifecycle: access.Lifecycle{Ends: access.EndsNever},
				Stages: []access.Stage{{Approvers: []access.Subject{access.SomePerson("playground/ada"), access.SomePerson("playground/ben")}}},
			}},
		}
	}
	approvals := []access.Channel{"playground/approvals"}
	_, err := p.r.Apply(p.t.Context(), "demo", "playground/olga", "define", runtime.Definitions{
		Settings: &access.Settings{Name: "Demo", Admins: []access.Subject{olga}, Locale: "de", Zone: "Europe/Berlin"},
		Resources: []access.Resource{{
			ID: "lab", Catalog: access.General, Name: "Lab", Connector: "none", Target: "lab",
			Roles: []access.ResourceRole{{ID: "member", Name: "Member", Can: access.Say("come in")}},
		}},
		Packages: []access.Package{
			pack("quiet", access.Routing{Channels: approvals, ChannelOnly: true}),
			pack("loud", access.Routing{Channels: approvals}),
		},
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// call asks the page and waits until all that follows is done.
func (p *page) call(method, path string, body any) seen {
	p.t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		p.t.Fatal(err)
	}
	req := httptest.NewRequestWithContext(p.t.Context(), method, "http://127.0.0.1:8080/api/people/"+path, strings.NewReader(string(data)))
	req.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	p.http.ServeHTTP(rec, req)
	<-time.After(time.Second) // of the bubble: a conflict is tried again in milliseconds
	synctest.Wait()
	var v seen
	if err := json.Unmarshal(rec.Body.Bytes(), &v); err != nil || rec.Code != http.StatusOK {
		p.t.Fatalf("%s %s: %d %v\n%s", method, path, rec.Code, err, rec.Body)
	}
	return v
}

func (p *page) sees(who string) seen {
	p.t.Helper()
	return p.call("GET", who+"/messages", nil)
}

// asks fills in the form of a package.
func (p *page) asks(who, pack string) {
	p.t.Helper()
	v := p.call("POST", who+"/command", map[string]string{"text": "/access request " + pack})
	if v.Form == nil {
		p.t.Fatalf("no form: %+v", v)
	}
	p.call("POST", who+"/submit", map[string]any{"form": v.Form.ID, "answers": map[string]string{"justification": "Because."}})
}

// presses presses a button of the newest message that has one so called.
func (p *page) presses(who, channel, label string) {
	p.t.Helper()
	v := p.sees(who)
	for i := len(v.Messages) - 1; i >= 0; i-- {
		for _, b := range v.Messages[i].Buttons {
			if b.Label == label && v.Messages[i].Channel == channel {
				p.call("POST", who+"/press", map[string]string{"message": v.Messages[i].ID, "token": b.Token})
				return
			}
		}
	}
	p.t.Fatalf("%s sees no button %q in %q: %+v", who, label, channel, v)
}

func (p *page) request(who access.PersonID) access.Request {
	p.t.Helper()
	v, err := p.r.Ledger(p.t.Context(), "demo", access.Actor{}, who)
	if err != nil || len(v.Ledger.Requests) == 0 {
		p.t.Fatalf("%s has no request: %v", who, err)
	}
	return v.Ledger.Requests[0]
}

func TestThePageShowsCardsOfAChannelToMembers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := openPage(t)
		p.asks("carla", "quiet")
		for _, who := range []string{"ada", "ben", "olga", "mina"} {
			got := p.sees(who)
			texts := got.in("approvals")
			if len(texts) != 1 || !strings.Contains(texts[0], "Wer entscheidet: Ada Lindqvist und Ben Tanaka") {
				t.Errorf("%s reads in the channel: %q", who, texts)
			}
			if rest := append(got.in(""), got.in("general")...); len(rest) != 0 {
				t.Errorf("%s has more: %q", who, rest)
			}
		}
		if got := p.sees("carla").in("approvals"); len(got) != 0 {
			t.Errorf("somebody from outside reads the channel: %q", got)
		}
		p.presses("mina", "approvals", "Genehmigen")
		if got := p.sees("mina").in(""); len(got) != 1 || !strings.Contains(got[0], "You cannot decide this request.") {
			t.Errorf("mina is told %q", got)
		}
		p.presses("ben", "approvals", "Genehmigen")
		if got := p.request("playground/carla"); got.State == access.PendingApproval || got.Stages[0].Decisions[0].By != "playground/ben" {
			t.Errorf("the request is %s", got.State)
		}
		for _, m := range p.sees("ada").Messages {
			for _, b := range m.Buttons {
				if b.Label == "Genehmigen" {
					t.Error("the card in the channel was not redrawn")
				}
			}
		}
	})
}

func TestThePageShowsBothWhenTheChannelIsNotTheOnlyPlace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := openPage(t)
		p.asks("carla", "loud")
		ada := p.sees("ada")
		if len(ada.in("approvals")) != 1 || len(ada.in("")) != 1 || !strings.Contains(ada.in("")[0], "Who decides: ") {
			t.Errorf("ada reads %q and %q", ada.in("approvals"), ada.in(""))
		}
	})
}

func TestWhoLeavesThePageLosesAllAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := openPage(t)
		p.asks("mina", "loud")
		p.asks("carla", "loud")
		p.call("POST", "ada/profile", map[string]bool{"leave": true})
		if got := p.request("playground/carla").Stages[0].People(); len(got) != 1 || got[0] != "playground/ben" {
			t.Errorf("%v are asked", got)
		}
		p.call("POST", "mina/profile", map[string]bool{"leave": true})
		past, err := p.r.Case(t.Context(), "demo", "playground/mina", 1)
		if err != nil || past.Requests[0].State != access.Canceled || past.Requests[0].EndCode != "personLeft" {
			t.Errorf("mina's request: %+v, %v", past.Requests, err)
		}
		lines, err := p.r.Audit(t.Context(), "demo", "playground/mina", 0, false, 100)
		left := 0
		for _, l := range lines {
			if l.Event.Type == engine.EventLeft {
				left++
			}
		}
		if err != nil || left != 1 {
			t.Errorf("the audit says %d times that she left, %v", left, err)
		}
	})
}
