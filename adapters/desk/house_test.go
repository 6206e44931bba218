package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

const (
	tenant = access.TenantID("demo")
	carla  = access.PersonID("play/carla")
	mina   = access.PersonID("play/mina")
	ada    = access.PersonID("play/ada")
	ben    = access.PersonID("play/ben")
	olga   = access.PersonID("play/olga")
	rita   = access.PersonID("play/rita") // carries out tasks
	robot  = access.PersonID("play/robot")
)

// house is the desk in its surroundings: a Core of the real engine in memory,
// that works at once through all that is owed, a chat, a clock and a scratch.
type house struct {
	Definer  // nobody edits here
	Reporter // of the test that looks at reports
	t        *testing.T
	desk     *Desk
	chat     *chattest.Chat
	// there is a second chat of the tenant, in which people have other accounts.
	there  *chattest.Chat
	chance counter
	log    *bytes.Buffer

	mu      sync.Mutex
	at      time.Time
	people  map[access.PersonID]access.Profile
	w       engine.World
	ledgers map[access.PersonID]access.Ledger
	cases   []access.Case
	audit   []runtime.Line
	seen    map[engine.CommandID]bool
	scratch map[string][]byte
	expires map[string]time.Time      // of scratch
	broken  error                     // what Core answers while it is down
	rooms   map[access.RoleRef]string // failure codes of roles
	n       int
	// linked are the accounts of people who have several, unproven those who
	// might have, unlinked the accounts that stand for nobody.
	linked   [][]access.Account
	unproven map[access.PersonID]bool
	unlinked map[access.Account]bool
}

func newHouse(t *testing.T, caps form.Caps) *house {
	t.Helper()
	h := &house{
		t: t, log: &bytes.Buffer{}, at: time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC), people: cast(), w: sampleWorld(),
		ledgers: map[access.PersonID]access.Ledger{}, seen: map[engine.CommandID]bool{}, scratch: map[string][]byte{}, expires: map[string]time.Time{},
		rooms: map[access.RoleRef]string{}, unproven: map[access.PersonID]bool{}, unlinked: map[access.Account]bool{},
	}
	h.chat = chattest.NewChat("play", caps, []access.Channel{"play/all", "play/approvals"})
	h.there = chattest.NewChat("games", caps, nil)
	d, err := New(Parts{
		Export:  config.WriteDefinitions,
		Scratch: scratch{h}, Clock: h, Chats: []chat.Adapter{h.chat, h.there}, Log: zerolog.New(h.log), Chance: &h.chance, Texts: sharedTexts(t),
		Tenants: map[string]access.TenantID{"play": tenant, "games": tenant},
	})
	if err != nil {
		t.Fatal(err)
	}
	d.Use(h)
	h.desk = d
	return h
}

func (h *house) Now() time.Time { return h.at }

// pass moves the clock on, looking at every ledger whenever it wants to be.
func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	until := h.at.Add(d)
	for {
		var first time.Time
		for _, l := range h.ledgers {
			if _, next := engine.Due(l, h.w, h.at); !next.IsZero() && !next.After(until) && (first.IsZero() || next.Before(first)) {
				first = next
			}
		}
		if first.IsZero() {
			h.at = until
			return
		}
		h.at = first
		for _, p := range slices.Sorted(maps.Keys(h.ledgers)) {
			h.work(p)
		}
	}
}

func (h *house) Do(_ context.Context, _ access.TenantID, who access.Account, holder access.PersonID, id engine.CommandID, make func(engine.Meta) engine.Command) (runtime.View, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.broken != nil {
		return runtime.View{}, h.broken
	}
	actor := h.actor(access.PersonID(who))
	if holder == "" {
		holder = actor.Person
	}
	if h.seen[id] {
		return runtime.View{Ledger: h.ledger(holder), World: h.w, Actor: actor}, nil
	}
	if err := h.moved(holder); err != nil {
		return runtime.View{}, err
	}
	actor.ManagerOf = h.people[holder].Manager == actor.Person
	cmd := make(engine.Meta{ID: id, At: h.at, Actor: actor})
	if s, ok := cmd.(engine.Submit); ok && !actor.Owns(holder) {
		s.Target = h.actor(holder)
		cmd = s
	}
	d, err := engine.Step(h.ledger(holder), cmd, h.w)
	if err != nil {
		if ev, kept := engine.RefusedEvent(h.ledger(holder), cmd, err); kept {
			h.note(ev)
		}
		return runtime.View{}, err
	}
	h.seen[id] = true
	h.keep(holder, d)
	h.work(holder)
	return runtime.View{Ledger: h.ledger(holder), World: h.w, Actor: actor, Request: d.Request}, nil
}

func (h *house) ledger(p access.PersonID) access.Ledger {
	if l, ok := h.ledgers[p]; ok {
		return l
	}
	return engine.New(tenant, p)
}

func (h *house) keep(p access.PersonID, d engine.Decision) {
	h.ledgers[p] = d.Next
	h.cases = append(h.cases, d.Archived...)
	for _, e := range d.Events {
		h.note(e)
	}
}

func (h *house) note(e engine.Event) {
	h.audit = append(h.audit, runtime.Line{ID: int64(len(h.audit) + 1), Event: e})
}

// work does all that a ledger is owed at this moment.
func (h *house) work(p access.PersonID) {
	for range 200 {
		owed, next := engine.Due(h.ledgers[p], h.w, h.at)
		if len(owed) == 0 && (next.IsZero() || next.After(h.at)) {
			return
		}
		h.n++
		meta := engine.Meta{ID: engine.CommandID(fmt.Sprint("tick", h.n)), At: h.at, Actor: access.SystemActor()}
		d, err := engine.Step(h.ledgers[p], engine.Tick{Meta: meta}, h.w)
		if err != nil {
			h.t.Fatal(err)
		}
		h.keep(p, d)
		for _, e := range d.Started {
			h.n++
			meta.ID = engine.CommandID(fmt.Sprint("done", h.n))
			d, err := engine.Step(h.ledgers[p], engine.Done{Meta: meta, Results: []engine.Result{h.perform(p, e)}}, h.w)
			if err != nil {
				h.t.Fatal(err)
			}
			h.keep(p, d)
		}
	}
	h.t.Fatal("the worker never comes to rest")
}

func (h *house) perform(p access.PersonID, e engine.Effect) engine.Result {
	r := engine.Result{Key: e.Key(), Attempt: e.AttemptN()}
	switch e := e.(type) {
	case engine.ResolveEffect:
		for _, s := range e.Subjects {
			r.Found = append(r.Found, access.Found{Subject: s, People: h.found(p, s)})
		}
	case engine.CardEffect:
		r.Face = e.Face
		in := runtime.Delivery{ID: string(r.Key), Tenant: tenant, Ledger: h.ledgers[p], World: h.w, Card: e.Card, Now: h.at}
		var err error
		if r.Ref = e.Card.Ref; r.Ref == "" {
			r.Ref, err = h.desk.Post(context.Background(), in)
		} else {
			err = h.desk.Edit(context.Background(), r.Ref, in)
		}
		if err != nil {
			h.t.Errorf("card %s for %s: %v", e.Card.Kind, e.Card.Place.Person, err)
			r.Fail, r.Code = access.FailNever, access.AsFault(err).Code
		}
	case engine.RoleEffect:
		switch code := h.rooms[e.Role]; {
		case code != "":
			r.Fail, r.Code = access.FailHuman, code
		case e.Op == access.OpVerify:
			r.Had = access.Unknown
		case e.Role.Resource == "badge":
			r.Task = true
		}
	}
	return r
}

func (h *house) found(p access.PersonID, s access.Subject) []access.PersonID {
	switch s.Kind {
	case access.SubjectPerson:
		return []access.PersonID{s.Person}
	case access.SubjectManager:
		return []access.PersonID{h.people[p].Manager}
	case access.SubjectGroup:
		var out []access.PersonID
		for _, id := range slices.Sorted(maps.Keys(h.people)) {
			if slices.Contains(h.people[id].Groups, s.Group) {
				out = append(out, id)
			}
		}
		return out
	default:
		return []access.PersonID{olga}
	}
}

func (h *house) actor(p access.PersonID) access.Actor {
	profile, all := h.people[p], h.accounts(access.Account(p))
	a := access.Actor{
		Person: access.PersonID(all[0]), Account: access.Account(p), Standing: profile.Standing, Groups: profile.Groups,
		Unproven: h.unproven[p],
	}
	for _, other := range all[1:] {
		a.Also = append(a.Also, access.PersonID(other))
	}
	return a
}

func (h *house) Who(_ context.Context, _ access.TenantID, who access.Account) (access.Profile, access.Actor, error) {
	if h.broken != nil {
		return access.Profile{}, access.Actor{}, h.broken
	}
	p, ok := h.people[access.PersonID(who)]
	if !ok {
		return access.Profile{}, access.Actor{}, access.Refuse(access.Forbidden, "accountGone")
	}
	if h.unlinked[who] {
		return access.Profile{}, access.Actor{}, access.Refuse(access.Forbidden, "accountUnlinked")
	}
	actor := h.actor(p.Person)
	p.Person = actor.Person
	return p, actor, nil
}

func (h *house) Profile(_ context.Context, _ access.TenantID, p access.PersonID) (access.Profile, error) {
	if profile, ok := h.people[p]; ok {
		return profile, nil
	}
	return access.Profile{}, access.Refuse(access.NotFound, "unknownPerson")
}

func (h *house) SearchPeople(_ context.Context, _ access.TenantID, query string, max int) ([]access.Profile, error) {
	var out []access.Profile
	for _, id := range slices.Sorted(maps.Keys(h.people)) {
		if p := h.people[id]; p.Standing.Human() && strings.Contains(strings.ToLower(p.Name), strings.ToLower(query)) && len(out) < max {
			out = append(out, p)
		}
	}
	return out, nil
}

func (h *house) Ledger(_ context.Context, _ access.TenantID, who access.Actor, p access.PersonID) (runtime.View, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.broken != nil {
		return runtime.View{}, h.broken
	}
	return runtime.View{Ledger: h.ledger(p), World: h.w, Actor: who}, h.moved(p)
}

// World gives all there is.
func (h *house) World(context.Context, access.TenantID, ...access.PackageID) (engine.World, error) {
	return h.w, nil
}

func (h *house) Packages(_ context.Context, _ access.TenantID, query string, after access.PackageID, max int) (engine.World, []access.PackageID, error) {
	var out []access.PackageID
	for _, id := range slices.Sorted(maps.Keys(h.w.Packages)) {
		name := strings.ToLower(string(id) + " " + h.w.Packages[id].Name)
		if id > after && strings.Contains(name, strings.ToLower(query)) && len(out) < max {
			out = append(out, id)
		}
	}
	return h.w, out, nil
}

func (h *house) items(keep func(access.Ledger, access.Request) bool) []runtime.Item {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []runtime.Item
	for _, p := range slices.Sorted(maps.Keys(h.ledgers)) {
		for _, r := range h.ledgers[p].Requests {
			if keep(h.ledgers[p], r) {
				out = append(out, runtime.Item{View: runtime.View{Ledger: h.ledgers[p], World: h.w}, Request: r.ID})
			}
		}
	}
	return out
}

func (h *house) Waiting(_ context.Context, _ access.TenantID, a access.Actor, _ int) ([]runtime.Item, error) {
	a.Unproven = false
	return h.items(func(l access.Ledger, r access.Request) bool { return engine.MayDecide(l, h.w, r, a) == nil }), nil
}

func (h *house) Asked(_ context.Context, _ access.TenantID, a access.Actor, _ int) ([]runtime.Item, error) {
	return h.items(func(l access.Ledger, r access.Request) bool {
		return a.Owns(r.Asker) && !a.Owns(l.Person) && r.State.Waiting()
	}), nil
}

func (h *house) Open(_ context.Context, _ access.TenantID, max int, keep func(runtime.View, access.Request) bool) ([]runtime.Item, error) {
	found := h.items(func(l access.Ledger, r access.Request) bool {
		a := l.Assignment(r.ID)
		open := a != nil && a.State == access.AssignmentEnding || r.State.Waiting() || r.State == access.DeliveryFailed || r.State == access.PartiallyDelivered
		return open && keep(runtime.View{Ledger: l, World: h.w}, r)
	})
	return found[:min(len(found), max)], nil
}

func (h *house) Case(_ context.Context, _ access.TenantID, p access.PersonID, id access.RequestID) (access.Case, error) {
	for _, c := range h.cases {
		if c.Person == p && c.Request(id) != nil {
			return c, nil
		}
		for _, f := range h.ledger(p).Former {
			if c.Person == f.Person && c.Request(id-f.Shift) != nil {
				return engine.TakenOver(c, p, f.Shift), nil
			}
		}
	}
	return access.Case{}, access.Refuse(access.NotFound, "unknownRequest")
}

func (h *house) Audit(_ context.Context, _ access.TenantID, p access.PersonID, _ int64, _ bool, max int) ([]runtime.Line, error) {
	var out []runtime.Line
	for _, line := range slices.Backward(h.audit) {
		if (p == "" || line.Event.Person == p) && len(out) < max {
			out = append(out, line)
		}
	}
	return out, nil
}

func (h *house) CardOf(_ context.Context, _ access.TenantID, ref string) (access.PersonID, access.RequestID, bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, l := range h.ledgers {
		for _, key := range engine.Indexes(l) {
			if key.Index == engine.IndexCards && strings.HasPrefix(key.Member, engine.CardPrefix(ref)) {
				p, id, ok := engine.ParseCardMember(key.Member)
				return p, id, ok, h.broken
			}
		}
	}
	return "", 0, false, h.broken
}

// scratch keeps drafts for an hour, where packages were shared for longer, and
// what has to do with linking for ten minutes at most.
type scratch struct{ h *house }

func (s scratch) Put(_ context.Context, name string, data []byte, _ time.Time, ttl time.Duration) error {
	shared := strings.HasPrefix(name, "shared/") && ttl == sharedTTL
	if link := strings.HasPrefix(name, "link/"); !link && !shared && ttl != time.Hour || link && (ttl <= 0 || ttl > 10*time.Minute) || !json.Valid(data) {
		s.h.t.Errorf("draft of %v: %s", ttl, data)
	}
	s.h.mu.Lock()
	defer s.h.mu.Unlock()
	s.h.scratch[name], s.h.expires[name] = data, s.h.at.Add(ttl)
	return nil
}

func (s scratch) Get(_ context.Context, name string, _ time.Time) ([]byte, error) {
	s.h.mu.Lock()
	defer s.h.mu.Unlock()
	if !s.h.at.Before(s.h.expires[name]) {
		return nil, s.h.broken
	}
	return s.h.scratch[name], nil
}

func (s scratch) Drop(_ context.Context, name string) error {
	s.h.mu.Lock()
	defer s.h.mu.Unlock()
	delete(s.h.scratch, name)
	return nil
}
