package engine_test

import (
	"testing"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// open is mina's request for production, waiting for ada and ben.
func open(t *testing.T) *play {
	t.Helper()
	p := newPlay("mina")
	if _, err := p.step(engine.Submit{Meta: p.meta(cast("mina")), Package: "production"}); err != nil {
		t.Fatal(err)
	}
	p.work()
	return p
}

func TestWhoMayDecide(t *testing.T) {
	t.Parallel()
	p := open(t)
	left, bot, stranger, twin := cast("ada"), cast("ada"), cast("ada"), cast("ada")
	left.Groups = nil
	bot.Standing = access.Bot
	stranger.Standing = access.External
	twin.SameAs = []access.PersonID{"mina"}
	for name, c := range map[string]struct {
		who  access.Actor
		code string
	}{
		"a member of the group":            {cast("ben"), ""},
		"who left the group":               {left, "notApprover"},
		"a program in the group":           {bot, "notApprover"},
		"a stranger in the group":          {stranger, "notApprover"},
		"the requestor":                    {cast("mina"), "ownRequest"},
		"the requestor's second identity":  {twin, "ownRequest"},
		"an owner before they are asked":   {cast("olga"), "notApprover"},
		"a tenant admin":                   {cast("root"), "notApprover"},
		"an alternate before they are due": {cast("ida"), "notApprover"},
		"somebody":                         {cast("kim"), "notApprover"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := engine.MayDecide(p.l, p.w, p.l.Requests[0], c.who)
			if c.code == "" && err != nil || c.code != "" && !access.IsCode(err, c.code) {
				t.Errorf("got %v, want %q", err, c.code)
			}
		})
	}
}

func TestWhoMayRead(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.w.Settings.Auditors = []access.Subject{access.SomePerson("kim")}
	for who, may := range map[string]bool{
		"mina": true, "ada": true, "ben": true, "olga": true, "max": true, "root": true, "kim": true,
		"ida": false, "carla": false,
	} {
		if got := engine.MayRead(p.l, p.w, p.l.Requests[0], cast(who)); got != may {
			t.Errorf("%s: %v, want %v", who, got, may)
		}
	}
}

func TestWhoMaySeeAPackage(t *testing.T) {
	t.Parallel()
	w := world()
	for who, want := range map[string]map[access.PackageID]bool{
		"mina":  {"production": true, "contractor": false, "wiki": true},
		"carla": {"production": false, "contractor": true, "wiki": true},
		"max":   {"production": true, "contractor": true},
	} {
		for id, may := range want {
			if got := engine.MaySee(w.Packages[id], w, cast(who)); got != may {
				t.Errorf("%s and %s: %v, want %v", who, id, got, may)
			}
		}
	}
}

// A refused attempt to decide is kept; a form that lacks its reason is not.
func TestRefusedAttemptsAreKept(t *testing.T) {
	t.Parallel()
	p := open(t)
	try := engine.Decide{Meta: p.meta(cast("kim")), Request: 1, Verdict: access.Approve}
	_, err := engine.Step(p.l, try, p.w)
	event, kept := engine.RefusedEvent(p.l, try, err)
	if !kept || event.By != "kim" || event.Code != "notApprover" || event.Request != 1 || event.Command != try.ID {
		t.Errorf("%+v, %v", event, kept)
	}
	if _, kept := engine.RefusedEvent(p.l, try, access.Refuse(access.Invalid, "reasonRequired")); kept {
		t.Error("a form without its reason is no attempt to decide")
	}
	if _, kept := engine.RefusedEvent(p.l, engine.Withdraw{}, err); kept {
		t.Error("a refused withdrawal is no attempt to decide")
	}
}
