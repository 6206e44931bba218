package desk

import (
	"slices"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// cmdWhy says why somebody has something, or asks about whom and what.
func (c *call) cmdWhy(in words) (chat.Reply, error) {
	values := form.Values{}
	if in.person != "" {
		values["person"] = []string{in.person}
	}
	if in.pkg != "" {
		values["resource"] = []string{in.pkg}
	}
	if len(values) == 2 {
		return c.why(values)
	}
	return c.openChecked(c.token(verbWhy, ""), values)
}

// whyForm asks whose access to what is to be explained.
func (c *call) whyForm(chat.Token, *draft) (*sheet, error) {
	if _, _, err := c.looked(); err != nil {
		return nil, err
	}
	return &sheet{
		form: form.Form{Title: c.plain("why.form"), Submit: c.plain("why.submit"), Fields: []form.Field{
			c.personField(),
			{ID: "resource", Kind: form.Line, Label: c.plain("field.reportResource"), Hint: c.plain("hint.report.resource"), Required: true, Max: 100},
		}},
		check: func(v form.Values) map[string]*access.Error {
			_, wrong := c.inquire(v)
			return wrong
		},
		submit: c.why,
	}, nil
}

// why lists every assignment that gives a person a role of a resource, as far
// as the reader may know of it, with who approved it and until when.
func (c *call) why(v form.Values) (chat.Reply, error) {
	about, wrong := c.inquire(v)
	for _, field := range []string{"person", "resource"} {
		if e := wrong[field]; e != nil {
			return nil, e
		}
	}
	view, err := c.core.Ledger(c.ctx, c.from.Tenant, c.actor, about.person)
	if err != nil {
		return nil, err
	}
	known, err := c.core.Resources(c.ctx, c.from.Tenant, about.resource)
	if err != nil {
		return nil, err
	}
	s, res := c.scene(view, about.person), known.Resources[about.resource]
	card := chat.Card{Title: c.plain("why.title"), Summary: c.plain("why.title"), Tone: chat.ToneNeutral}
	rows := s.giving(c.actor, res)
	said := "why.about"
	if len(rows) == 0 {
		said = c.whyNothing(s, known)
	}
	card.Blocks = []chat.Block{{Text: c.text(said, "person", s.who(about.person), "resource", strong(res.Name))}}
	for _, a := range rows[:min(len(rows), listRows)] {
		card.Blocks = append(card.Blocks, s.reason(a, res))
	}
	if n := len(rows) - listRows; n > 0 {
		card.Blocks = append(card.Blocks, chat.Block{Small: true, Text: c.count("list.rest", n)})
	}
	if found := s.found(res); engine.AnyRole(known, res.Catalog, c.actor) || engine.Auditor(known, c.actor) {
		card.Blocks = append(card.Blocks, found...)
	}
	return chat.Tell{Card: fit(card)}, nil
}

// whyNothing is what to say when no assignment gives it: only who may know all
// is told that there is none, or that the person has nothing at all.
func (c *call) whyNothing(s scene, w engine.World) string {
	switch {
	case !engine.TenantAdmin(w, c.actor) && !engine.Auditor(w, c.actor):
		return "why.nothingSeen"
	case slices.ContainsFunc(s.l.Assignments, func(a access.Assignment) bool { return !a.State.Over() }):
		return "why.nothing"
	}
	return "why.nothingAtAll"
}

// giving are the assignments that give a role of a resource and of which the
// reader may know.
func (s scene) giving(a access.Actor, res access.Resource) []access.Assignment {
	var out []access.Assignment
	for _, held := range s.l.Assignments {
		r := s.l.Request(held.ID)
		if held.State.Over() || r == nil || len(s.given(held, res)) == 0 || !engine.MayRead(s.l, s.w, *r, a) {
			continue
		}
		out = append(out, held)
	}
	return out
}

// given are the roles of a resource that an assignment gives: what its
// package has in it now, and, at its end, what it gave.
func (s scene) given(a access.Assignment, res access.Resource) []access.RoleRef {
	roles := s.w.Packages[a.Package].Roles
	if a.State == access.AssignmentEnding {
		roles = a.Roles
	}
	return slices.DeleteFunc(slices.Clone(roles), func(ref access.RoleRef) bool { return ref.Resource != res.ID })
}

// reason says what one assignment gives, until when, and who said yes to it.
func (s scene) reason(a access.Assignment, res access.Resource) chat.Block {
	var roles []chat.Text
	for _, ref := range s.given(a, res) {
		role, _ := res.Role(ref.Role)
		roles = append(roles, chat.Text{strong(first(role.Name, ref.Role))})
	}
	b := chat.Block{Heading: cut(oneLine(first(s.w.Packages[a.Package].Name, string(a.Package))), chat.MaxHeading)}
	fact := func(key string, v chat.Text) {
		b.Fields = append(b.Fields, chat.Fact{Label: s.plain(key), Value: v})
	}
	fact("why.gives", s.join(roles))
	fact("why.state", append(s.state(string(a.State)), append(chat.Say(", "), s.ends(a.Window)...)...))
	for i := range s.l.Requests {
		if r := &s.l.Requests[i]; r.Assignment == a.ID && !r.Kind.Removes() && !r.State.WithoutAccess() {
			fact("why.kind."+string(r.Kind), s.approvals(r))
		}
	}
	b.Buttons = s.button(nil, verbDetails, chat.StylePlain, s.at(*s.l.Request(a.ID)))
	return b
}

// approvals are who approved a request, when and why; a policy, or an admin,
// where nobody was asked.
func (s scene) approvals(r *access.Request) chat.Text {
	var all []chat.Text
	for _, run := range r.Stages {
		for _, d := range run.Decisions {
			if d.Void == "" && d.Verdict == access.Approve {
				all = append(all, s.text("why.approved", "by", s.who(d.By), "at", d.At, "reason", d.Reason))
			}
		}
	}
	switch {
	case len(all) > 0:
		return s.join(all)
	case r.State == access.PendingApproval:
		return s.text("why.waits", "at", r.At)
	case r.Kind == access.AdminAdd:
		return s.text("why.assigned", "by", s.who(r.Asker), "at", r.At, "reason", r.Justification)
	}
	return s.text("why.byPolicy", "at", r.At)
}

// found says which roles of a resource Usher only found, and does not take
// away.
func (s scene) found(res access.Resource) []chat.Block {
	var items []chat.Text
	for _, role := range res.Roles {
		h := s.l.Roles[access.RoleRef{Resource: res.ID, Role: role.ID}]
		if h != nil && h.Before {
			items = append(items, s.text("why.before", "role", strong(first(role.Name, role.ID)), "at", h.Since))
		}
	}
	if len(items) == 0 {
		return nil
	}
	return []chat.Block{{Heading: s.plain("why.found"), Items: s.clip(items, chat.MaxItems)}}
}
