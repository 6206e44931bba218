package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// world is the cast and the packages that stories and the model play with.
func world() engine.World {
	day := 24 * time.Hour
	person := func(names ...string) []access.Subject {
		var s []access.Subject
		for _, n := range names {
			s = append(s, access.SomePerson(access.PersonID(n)))
		}
		return s
	}
	role := func(r string) access.RoleRef {
		resource, name, _ := strings.Cut(r, "/")
		return access.RoleRef{Resource: access.ResourceID(resource), Role: name}
	}
	packages := []access.Package{
		{
			ID: "contractor", Name: "External contractor", Roles: []access.RoleRef{role("team/member"), role("chat/guest"), role("site/reader")},
			Terms: &access.Terms{Version: 1, Text: access.Say("Behave.")},
			Policies: []access.Policy{{
				ID: "outside", Version: 1, Requestors: access.Scope{Outsiders: true}, Justification: true,
				Questions: []access.Question{{
					ID: "country", Kind: access.Choice, Required: true, Label: access.Say("Country"), Editable: true,
					Options: []access.Option{{Value: "de", Label: access.Say("Germany")}, {Value: "jp", Label: access.Say("Japan")}},
				}},
				Stages:    []access.Stage{{Approvers: person("olga"), ReasonRequired: true}},
				Lifecycle: access.Lifecycle{Ends: access.EndsOnDate, On: date("2026-10-01 00:00")},
			}},
		},
		{
			ID: "production", Name: "Production", Roles: []access.RoleRef{role("prod/operator")}, Incompatible: []access.PackageID{"audit"},
			Policies: []access.Policy{{
				ID: "members", Version: 1, Requestors: access.Scope{Members: true},
				Stages: []access.Stage{
					{Approvers: []access.Subject{access.SomeGroup("security")}, Quorum: 2, Within: 4 * day, Alternates: person("ida"), AlternatesAfter: day},
					{Approvers: []access.Subject{{Kind: access.SubjectCatalogOwners}}, Within: 2 * day},
				},
				ExtensionApproval: true,
				Lifecycle:         access.Lifecycle{Ends: access.EndsDuration, For: 20 * day, OwnTimes: true, Extend: true},
			}},
		},
		{
			ID: "wiki", Name: "Wiki", Roles: []access.RoleRef{role("site/reader"), role("wiki/editor")},
			Policies: []access.Policy{{
				ID: "all", Version: 1, Requestors: access.Scope{Members: true, Outsiders: true}, OnBehalf: access.OnBehalf{Managers: true},
				Lifecycle: access.Lifecycle{Ends: access.EndsDuration, For: 10 * day, OwnTimes: true, Extend: true}, EditedBy: "ben",
			}},
		},
		{
			ID: "audit", Name: "Audit", Roles: []access.RoleRef{role("site/reader"), role("log/reader")},
			Policies: []access.Policy{{
				ID: "managed", Version: 1, Requestors: access.Scope{Members: true},
				Stages:    []access.Stage{{Approvers: []access.Subject{{Kind: access.SubjectManager}}, Within: 3 * day, Fallbacks: person("ghost")}},
				Lifecycle: access.Lifecycle{Ends: access.EndsNever},
			}},
		},
		{
			ID: "badge", Name: "Badge", Roles: []access.RoleRef{role("badge/holder")},
			Policies: []access.Policy{{ID: "all", Version: 1, Requestors: access.Scope{Members: true}, Lifecycle: access.Lifecycle{Ends: access.EndsDuration, For: 5 * day}}},
		},
	}
	w := engine.World{
		Settings: access.Settings{Admins: person("root")},
		Catalogs: map[access.CatalogID]access.Catalog{access.General: {ID: access.General, Roles: []access.RoleHolder{
			{Role: access.CatalogOwner, Who: access.SomePerson("olga")},
			{Role: access.AssignmentManager, Who: access.SomePerson("max")},
		}}},
		Resources: map[access.ResourceID]access.Resource{}, Packages: map[access.PackageID]access.Package{},
		Policies: map[access.PolicyRef]access.Policy{}, Terms: map[access.TermsRef]access.Terms{},
	}
	for _, p := range packages {
		p.Catalog, p.Revision = access.General, 1
		put(&w, p)
	}
	return w
}

// put defines a package as a commit of the shell would.
func put(w *engine.World, p access.Package) {
	w.Packages[p.ID] = p
	for _, policy := range p.Policies {
		w.Policies[p.Ref(policy)] = policy
	}
	if p.Terms != nil {
		w.Terms[p.TermsRef()] = *p.Terms
	}
	for _, r := range p.Roles {
		resource := w.Resources[r.Resource]
		resource.ID, resource.Name, resource.Catalog = r.Resource, string(r.Resource), access.General
		if r.Resource == "badge" {
			resource.Connector, resource.Hands = "manual", []access.Subject{access.SomePerson("ben")}
		}
		if _, known := resource.Role(r.Role); !known {
			resource.Roles = append(resource.Roles, access.ResourceRole{ID: r.Role, Name: r.Role})
		}
		w.Resources[r.Resource] = resource
	}
}

func date(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, time.UTC)
	if err != nil {
		panic(err)
	}
	return t
}

// cast is who everybody is; carla and kim come from outside.
func cast(name string) access.Actor {
	a := access.Actor{Person: access.PersonID(name), Account: access.Account(name), Standing: access.Member}
	switch name {
	case "carla", "kim":
		a.Standing = access.External
	case "ada", "ben":
		a.Groups = []access.GroupID{"security"}
	}
	return a
}

// outside is the world that effects act on: groups, resources and messages.
type outside struct {
	name   string                       // of its messages
	people map[string][]access.PersonID // by Subject.String
	held   map[access.RoleRef]bool
	own    map[access.RoleRef]bool // there before Usher
	// same is what a role is in truth, if not itself; by is whose grant gave it.
	same, by map[access.RoleRef]access.RoleRef
	mode     map[access.RoleRef]string // failing, broken, lying, losing, pending, blind, stuck
	posts    map[engine.EffectKey]int  // messages by the card they show
	drawn    map[string]int            // face by message
	gone     map[string]bool
}

func newOutside() *outside {
	return &outside{
		people: map[string][]access.PersonID{
			"group security": {"ada", "ben"}, "manager": {"max"}, "catalogOwners": {"olga"}, "tenantAdmins": {"root"},
		},
		same: map[access.RoleRef]access.RoleRef{}, by: map[access.RoleRef]access.RoleRef{},
		held: map[access.RoleRef]bool{}, own: map[access.RoleRef]bool{}, mode: map[access.RoleRef]string{},
		posts: map[engine.EffectKey]int{}, drawn: map[string]int{}, gone: map[string]bool{},
	}
}

// do carries out one attempt as the shell would.
func (o *outside) do(e engine.Effect) engine.Result {
	r := engine.Result{Key: e.Key(), Attempt: e.AttemptN()}
	switch e := e.(type) {
	case engine.ResolveEffect:
		for _, s := range e.Subjects {
			f := access.Found{Subject: s, People: o.people[s.String()]}
			if s.Kind == access.SubjectPerson && s.Person != "ghost" {
				f.People = []access.PersonID{s.Person}
			}
			r.Found = append(r.Found, f)
		}
	case engine.CardEffect:
		r.Face, r.Ref = e.Face, e.Card.Ref
		if e.Card.Ref == "" {
			o.posts[r.Key] = 1 // a repeat with the same key is the same message
			r.Ref = o.name + string(r.Key)
		} else if o.gone[e.Card.Ref] {
			r.Gone = true
			return r
		}
		o.drawn[r.Ref] = e.Face
	case engine.RoleEffect:
		o.role(e, &r)
	}
	return r
}

// truly is what a role is in truth.
func (o *outside) truly(r access.RoleRef) access.RoleRef {
	if same, ok := o.same[r]; ok {
		return same
	}
	return r
}

func (o *outside) role(e engine.RoleEffect, r *engine.Result) {
	mode := o.mode[e.Role]
	if e.Role.Resource == "badge" {
		mode = "manual"
	}
	switch {
	case mode == "manual" && e.Op != access.OpVerify:
		r.Task = true
		return
	case mode == "manual", mode == "blind" && e.Op == access.OpVerify:
		r.Had = access.Unknown
		return
	case mode == "failing":
		r.Fail, r.Code = access.FailRetry, "unreachable"
		return
	case mode == "broken" && e.Op != access.OpVerify:
		r.Fail, r.Code = access.FailHuman, "forbidden"
		return
	}
	role := o.truly(e.Role)
	switch e.Op {
	case access.OpVerify:
		r.Had = access.Absent
		if o.held[role] {
			r.Had = access.Present
		}
	case access.OpGrant:
		r.Before = o.held[role] && (o.own[role] || o.by[role] != e.Role)
		if !o.held[role] && mode != "lying" {
			o.held[role], o.by[role] = true, e.Role
		}
	case access.OpRevoke:
		o.held[role] = o.held[role] && mode == "lying"
	}
	if mode == "losing" && e.Op != access.OpVerify {
		r.Fail, r.Code = access.FailRetry, "replyLost"
	}
}

// play is one ledger with its world, its clock and what came of it.
type play struct {
	l        access.Ledger
	w        engine.World
	now      time.Time
	out      *outside
	n        int
	events   []engine.Event
	archived []access.Case
	lines    []string
}

func newPlay(person string) *play {
	return &play{l: engine.New("demo", access.PersonID(person)), w: world(), now: date("2026-09-01 09:00"), out: newOutside()}
}

func (p *play) meta(actor access.Actor) engine.Meta {
	p.n++
	return engine.Meta{ID: engine.CommandID(fmt.Sprintf("c%d", p.n)), At: p.now, Actor: actor}
}

// step applies a command and keeps what it decided. The ledger that went in
// must come out of it unchanged, and the one that came out must hold.
func (p *play) step(c engine.Command) (engine.Decision, error) {
	before, _ := engine.Encode(p.l)
	d, err := engine.Step(p.l, c, p.w)
	if after, _ := engine.Encode(p.l); string(before) != string(after) {
		panic(fmt.Sprintf("%T changed the ledger that it was given", c))
	}
	if err != nil {
		return d, err
	}
	if err := engine.Check(d.Next); err != nil {
		panic(fmt.Sprintf("after %T: %v", c, err))
	}
	p.l = d.Next
	p.events = append(p.events, d.Events...)
	p.archived = append(p.archived, d.Archived...)
	for _, e := range d.Events {
		p.lines = append(p.lines, say(e))
	}
	return d, nil
}

// tick starts what is owed and returns it.
func (p *play) tick() []engine.Effect {
	d, err := p.step(engine.Tick{Meta: p.meta(access.SystemActor())})
	if err != nil {
		panic(err)
	}
	return d.Started
}

func (p *play) done(results ...engine.Result) {
	if _, err := p.step(engine.Done{Meta: p.meta(access.SystemActor()), Results: results}); err != nil {
		panic(err)
	}
}

// work lets the worker run until nothing is owed at this moment.
func (p *play) work() {
	for range 100 {
		owed, next := engine.Due(p.l, p.w, p.now)
		if len(owed) == 0 && (next.IsZero() || next.After(p.now)) {
			return
		}
		for _, e := range p.tick() {
			if !p.dailyLook(e) {
				p.lines = append(p.lines, "      "+tell(e))
			}
			p.done(p.out.do(e))
		}
	}
	panic("the worker never comes to rest")
}

// dailyLook reports whether an effect only looks whether a role is still there.
func (p *play) dailyLook(e engine.Effect) bool {
	r, ok := e.(engine.RoleEffect)
	return ok && r.Op == access.OpVerify && p.l.Roles[r.Role].Had == access.Present
}

// until moves the clock on, working whenever the ledger wants to be looked at.
func (p *play) until(t time.Time) {
	for range 10000 {
		p.work()
		_, next := engine.Due(p.l, p.w, p.now)
		if next.IsZero() || next.After(t) {
			p.now = t
			p.work()
			return
		}
		p.now = next
	}
	panic("time stands still")
}

// say puts an event into one line that a product person can read.
func say(e engine.Event) string {
	b := []string{e.At.Format("Jan 2 15:04"), string(e.By), string(e.Type), fmt.Sprint(e.Request)}
	add := func(format string, v ...any) { b = append(b, fmt.Sprintf(format, v...)) }
	if e.Stage > 0 {
		add("stage %d", e.Stage)
	}
	if e.Decision != nil {
		add("%s", e.Decision.Verdict)
	}
	if e.Role != nil {
		add("%s %s: %s", e.Op, e.Role, e.Had)
	}
	if e.Level != "" {
		add("%s", e.Level)
	}
	if len(e.People) > 0 {
		add("%v", e.People)
	}
	if e.Reason != "" {
		add("%q", e.Reason)
	}
	if e.Code != "" {
		add("(%s)", e.Code)
	}
	state := string(e.State)
	if e.Standing != "" {
		state += "/" + string(e.Standing)
	}
	return "  " + strings.Join(b, " ") + " → " + state + window(e.Window)
}

func window(w *access.Window) string {
	switch {
	case w == nil:
		return ""
	case w.Never():
		return ", does not end"
	case w.Open():
		return ", for " + w.For.String() + " from delivery"
	}
	return ", until " + w.End.Format("2006-01-02 15:04")
}

func tell(e engine.Effect) string {
	switch e := e.(type) {
	case engine.ResolveEffect:
		return fmt.Sprintf("look up %v", e.Subjects)
	case engine.RoleEffect:
		return fmt.Sprintf("%s %s (attempt %d)", e.Op, e.Role, e.Attempt)
	case engine.CardEffect:
		verb := "post"
		if e.Card.Ref != "" {
			verb = "redraw"
		}
		return fmt.Sprintf("%s %s card of %d for %s%s", verb, e.Card.Kind, e.Card.Request, e.Card.Place.Person, e.Card.Place.Channel)
	}
	return "?"
}

// summary is the ledger in a few lines.
func (p *play) summary() []string {
	var out []string
	for _, r := range p.l.Requests {
		line := fmt.Sprintf("  = request %d %s of %s: %s%s", r.ID, r.Kind, r.Package, r.State, window(&r.Window))
		out = append(out, line)
	}
	for _, a := range p.l.Assignments {
		out = append(out, fmt.Sprintf("  = assignment %d of %s: %s%s", a.ID, a.Package, a.State, window(&a.Window)))
	}
	for _, c := range p.archived {
		out = append(out, fmt.Sprintf("  = archived: case %d with %d requests", c.ID, len(c.Requests)))
	}
	var held []string
	for ref, has := range p.out.held {
		if has {
			held = append(held, ref.String())
		}
	}
	slices.Sort(held)
	return append(out, "  = outside: "+strings.Join(held, ", "))
}
