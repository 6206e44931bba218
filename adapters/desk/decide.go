package desk

import (
	"slices"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// find reads the request that a token names, in the ledger or the archive, if
// the person may read it. To everybody else it does not exist.
func (c *call) find(t chat.Token) (runtime.View, access.Request, error) {
	unknown := access.Refuse(access.NotFound, "unknownRequest")
	if err := c.meet(); err != nil {
		return runtime.View{}, access.Request{}, err
	}
	v, err := c.core.Ledger(c.ctx, c.from.Tenant, c.actor, t.Person)
	if err != nil {
		return v, access.Request{}, err
	}
	r := v.Ledger.Request(t.Request)
	if r == nil {
		if v, err = c.archived(t); err != nil {
			return v, access.Request{}, err
		}
		r = v.Ledger.Request(t.Request)
	}
	if r == nil || !engine.MayRead(v.Ledger, v.World, *r, c.actor) {
		return v, access.Request{}, unknown
	}
	return v, *r, nil
}

// archived makes a view of the archived case that a request is in.
func (c *call) archived(t chat.Token) (runtime.View, error) {
	past, err := c.core.Case(c.ctx, c.from.Tenant, t.Person, t.Request)
	if err != nil {
		return runtime.View{}, err
	}
	var packages []access.PackageID
	for _, r := range past.Requests {
		packages = append(packages, r.Package)
	}
	w, err := c.core.World(c.ctx, c.from.Tenant, packages...)
	if err != nil {
		return runtime.View{}, err
	}
	l := access.Ledger{Tenant: past.Tenant, Person: past.Person, Last: past.Closed, Requests: past.Requests}
	if past.Assignment != nil {
		l.Assignments = []access.Assignment{*past.Assignment}
	}
	return runtime.View{Ledger: l, World: w, Actor: c.actor}, nil
}

// act carries out what a button about a request asks for. What is archived
// gets an answer that says what became of it.
func (c *call) act(t chat.Token, make func(engine.Meta) engine.Command) (runtime.View, error) {
	v, err := c.do(t.Person, make)
	e, ok := access.AsError(err)
	switch {
	case !ok || e.Kind == access.Unavailable:
		return v, err
	case e.Kind == access.NotFound && t.Request > 0:
		return v, c.past(t, e)
	}
	return v, c.untold(t, err)
}

// untold is a refusal as it may be told. Who may not read the request learns no
// more than of one that is not there, unless they pressed on its card: they see
// that, so the plain sentence tells them nothing new. Chats vouch for the
// message that a button was on; what its token says is anybody's.
func (c *call) untold(t chat.Token, refusal error) error {
	_, _, err := c.find(t)
	if !access.IsCode(err, "unknownRequest") {
		return refusal
	}
	on, lost := c.onCard(t, func(card access.Card) bool { return card.Request == t.Request })
	switch {
	case lost != nil:
		return lost
	case on:
		return refusal
	}
	return err
}

// onCard reports whether the button was on a card of the ledger that the token
// names, one that is meant.
func (c *call) onCard(t chat.Token, meant func(access.Card) bool) (bool, error) {
	if c.ref == "" {
		return false, nil
	}
	v, err := c.core.Ledger(c.ctx, c.from.Tenant, c.actor, t.Person)
	return slices.ContainsFunc(v.Ledger.Cards, func(card access.Card) bool { return card.Ref == c.ref && meant(card) }), err
}

// past says what became of an archived request, to whoever may read it.
func (c *call) past(t chat.Token, unknown *access.Error) error {
	v, r, err := c.find(t)
	if err != nil {
		if _, ok := access.AsError(err); ok {
			return unknown
		}
		return err
	}
	s := c.scene(v)
	_, status := s.status(r)
	decided := s.verdict(r)
	if r.State == access.Denied {
		decided = nil // the status says it
	}
	return access.Refuse(access.TooLate, "archived", "package", s.packageName(r.Package), "status", status, "decided", decided)
}

// named is the package of the request that a token names, for the sentence
// after it was carried out: by then the request may be archived.
func (c *call) named(t chat.Token) chat.Text {
	v, r, err := c.find(t)
	if err != nil {
		return nil
	}
	return chat.Text{c.scene(v).pkg(r.Package)}
}

// verdict says who decided last, and how.
func (s scene) verdict(r access.Request) chat.Text {
	for _, stage := range slices.Backward(r.Stages) {
		for _, d := range slices.Backward(stage.Decisions) {
			if d.Void == "" {
				return s.text("decided."+string(d.Verdict), "by", s.who(d.By), "at", d.At)
			}
		}
	}
	return nil
}

// stageVerdict says who decided in one stage.
func (s scene) stageVerdict(r access.Request, n int) chat.Text {
	if n < 0 || n >= len(r.Stages) {
		return nil
	}
	return s.verdict(access.Request{Stages: r.Stages[n : n+1]})
}

// decide carries out a verdict. Whoever comes second is told who was first.
func (c *call) decide(t chat.Token, verdict access.Verdict, reason string) (chat.Reply, error) {
	v, err := c.act(t, func(m engine.Meta) engine.Command {
		return engine.Decide{Meta: m, Request: t.Request, Stage: t.Stage, Face: t.Face, Verdict: verdict, Reason: reason}
	})
	for _, late := range []string{"stageOver", "changedSince", "alreadyDecided", "requestOver", "decidedByYou"} {
		if access.IsCode(err, late) {
			return nil, c.beaten(t, err)
		}
	}
	if err != nil {
		return nil, err
	}
	if c.living(v) {
		return chat.Nothing{}, nil
	}
	return c.say("done."+string(verdict), "person", c.mention(t.Person)), nil
}

// beaten adds to a refusal who decided in the stage that the button was for.
func (c *call) beaten(t chat.Token, err error) error {
	e, _ := access.AsError(err)
	v, r, missing := c.find(t)
	if missing != nil {
		return err
	}
	if t.Stage < len(r.Stages) && t.Verb != verbClaim {
		for _, d := range r.Stages[t.Stage].Decisions {
			if c.actor.Owns(d.By) && d.Void == "" {
				return access.Refuse(access.TooLate, "decidedByYou", "verdict", d.Verdict, "at", d.At)
			}
		}
	}
	if e.Code != "stageOver" && e.Code != "changedSince" {
		return err
	}
	told := access.Refuse(e.Kind, e.Code)
	told.Data = map[string]any{"decided": c.scene(v).stageVerdict(r, t.Stage)}
	return told
}

// quiet answers a press: with nothing when the card that was pressed shows it
// by itself, else with a sentence.
func (c *call) quiet(v runtime.View, key string, data ...any) chat.Reply {
	if c.living(v) {
		return chat.Nothing{}
	}
	return c.say(key, data...)
}

// living reports whether the card that was pressed is one that is redrawn.
func (c *call) living(v runtime.View) bool {
	return slices.ContainsFunc(v.Ledger.Cards, func(card access.Card) bool {
		return card.Ref != "" && card.Ref == c.ref && !card.Kind.Notice()
	})
}

// approve decides at once. When the stage wants a reason, the engine says so,
// and the reason is asked for.
func (c *call) approve(t chat.Token) (chat.Reply, error) {
	reply, err := c.decide(t, access.Approve, "")
	if access.IsCode(err, "reasonRequired") {
		return c.open(t, nil)
	}
	return reply, err
}

// deny asks for the reason. Whoever may not decide gets no form: the engine
// refuses them, and the attempt is in the audit.
func (c *call) deny(t chat.Token) (chat.Reply, error) {
	v, r, err := c.find(t)
	if _, n := r.Open(); err == nil && n == t.Stage && c.mayDecide(v, r) {
		return c.open(t, nil)
	}
	return c.decide(t, access.Deny, "")
}

// mayDecide reports whether a verdict of this person would be taken now.
func (c *call) mayDecide(v runtime.View, r access.Request) bool {
	stage, _ := r.Open()
	if engine.MayDecide(v.Ledger, v.World, r, c.actor) != nil {
		return false
	}
	return !slices.ContainsFunc(stage.Decisions, func(d access.Decision) bool { return c.actor.Owns(d.By) && d.Void == "" })
}

// decideForm asks for the reason of a verdict.
func (c *call) decideForm(t chat.Token, _ *draft) (*sheet, error) {
	verdict := access.Verdict(t.Verb)
	v, r, err := c.find(t)
	if err != nil {
		return nil, err
	}
	s := c.scene(v)
	needed := t.Stage < len(r.Stages) && s.stagePolicy(r, t.Stage).ReasonRequired
	return &sheet{
		form: form.Form{Title: c.plain("button." + string(t.Verb)), Submit: c.plain("button." + string(t.Verb)), Fields: []form.Field{
			c.reason(needed, "hint."+string(t.Verb)),
		}},
		intro: s.text("decide.intro", "asks", s.asks(r), "ends", s.ends(s.windowOf(r)), "why", r.Justification),
		submit: func(v form.Values) (chat.Reply, error) {
			return c.decide(t, verdict, one(v, "reason"))
		},
	}, nil
}

// attempted asks the engine to refuse the form of a verdict that could not even
// be drawn, since the person may not read the request: an attempt to decide is
// in the audit, however it was made.
func (c *call) attempted(t chat.Token, in chat.Filled, refusal error) error {
	if t.Verb != verbApprove && t.Verb != verbDeny || in.Live || !access.IsCode(refusal, "unknownRequest") {
		return refusal
	}
	_, err := c.decide(t, access.Verdict(t.Verb), one(in.Values, "reason"))
	return err
}

// reason is the field for a reason.
func (c *call) reason(required bool, hint string) form.Field {
	f := form.Field{ID: "reason", Kind: form.Area, Label: c.plain("field.reason"), Required: required, Max: access.MaxLongText}
	if c.has(hint) {
		f.Hint = c.plain(hint)
	}
	return f
}

// claim says "I'm on it", or lets go.
func (c *call) claim(t chat.Token) (chat.Reply, error) {
	v, err := c.act(t, func(m engine.Meta) engine.Command {
		return engine.Claim{Meta: m, Request: t.Request, Stage: t.Stage}
	})
	if access.IsCode(err, "stageOver") {
		return nil, c.beaten(t, err)
	}
	if err != nil {
		return nil, err
	}
	return c.quiet(v, "done.claim"), nil
}

// details shows one request as an approver sees it, privately.
func (c *call) details(t chat.Token) (chat.Reply, error) {
	v, r, err := c.find(t)
	if err != nil {
		return nil, err
	}
	s := c.scene(v)
	if c.actor.Owns(v.Ledger.Person) || c.actor.Owns(r.Asker) {
		return chat.Tell{Card: fit(s.requestor(r))}, nil
	}
	card := s.approver(r, access.Card{})
	stage, _ := r.Open()
	if stage == nil && c.refusal(v, func(m engine.Meta) engine.Command { return engine.Revoke{Meta: m, Assignment: r.ID} }) != nil {
		card.Buttons = nil
	}
	if stage != nil && !c.mayDecide(v, r) {
		card.Buttons = nil
		if engine.HasRole(v.World, v.World.Packages[r.Package].Catalog, c.actor, access.AssignmentManager) {
			card.Buttons = s.button(nil, verbCancel, chat.StyleDanger, s.at(r))
		}
	}
	return chat.Tell{Card: fit(card)}, nil
}
