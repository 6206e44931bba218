package desk

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// maxListed is how many packages a menu lists; a chat that can search offers
// the rest.
const maxListed = 100

// requestForm asks for a package; without one in the token it asks which.
func (c *call) requestForm(t chat.Token, d *draft) (*sheet, error) {
	if t.Arg == "" {
		return c.chooseForm(d)
	}
	q, err := c.wish(access.PackageID(t.Arg), d)
	if err != nil {
		return nil, c.untoldPackage(access.PackageID(t.Arg), err)
	}
	return &sheet{
		form:   form.Form{Title: c.plain("request.title", "package", q.p.Name), Submit: c.plain("request.submit"), Fields: q.fields()},
		intro:  q.intro(),
		check:  q.check,
		times:  q.understood,
		alias:  q.fieldFor,
		submit: q.submit,
	}, nil
}

// chooseForm asks which package, then goes on to its form.
func (c *call) chooseForm(d *draft) (*sheet, error) {
	options, err := c.packageOptions("", maxListed, false)
	if err != nil {
		return nil, err
	}
	if len(options) == 0 {
		return nil, access.Refuse(access.NotFound, "nothingToRequest")
	}
	return &sheet{
		form: form.Form{Title: c.plain("choose.title"), Submit: c.plain("form.next"), Fields: []form.Field{
			c.chooseField(options, d),
		}},
		submit: func(v form.Values) (chat.Reply, error) {
			_, p, err := c.chosenPackage(one(v, "package"))
			if err != nil {
				return nil, err
			}
			preset := form.Values{}
			if who := d.value("person"); who != "" {
				preset["person"] = []string{who}
			}
			return c.open(c.token(verbRequest, string(p.ID)), preset)
		},
	}, nil
}

// chooseField lists packages; when there are more than a list can hold, they
// are searched, and the one that is chosen is known by its name.
func (c *call) chooseField(options []form.Option, d *draft) form.Field {
	return c.chooseAmong(options, d, func(w engine.World, p access.Package) bool { return engine.MaySee(p, w, c.actor) })
}

// chooseAmong is chooseField among the packages that may says yes to.
func (c *call) chooseAmong(options []form.Option, d *draft, may func(engine.World, access.Package) bool) form.Field {
	f := form.Field{ID: "package", Kind: form.One, Label: c.plain("field.package"), Required: true, Options: options}
	if len(options) < maxListed {
		return f
	}
	f.Open = true
	id := access.PackageID(d.value("package"))
	if slices.ContainsFunc(options, func(o form.Option) bool { return o.Value == string(id) }) {
		return f
	}
	w, err := c.core.World(c.ctx, c.from.Tenant, id)
	if p, ok := w.Packages[id]; err == nil && ok && may(w, p) {
		f.Options = append(f.Options, form.Option{Value: string(id), Label: p.Name})
	}
	return f
}

// packageOptions lists packages that the person can ask for and that are not
// hidden; for an admin all that they look after.
func (c *call) packageOptions(query string, limit int, admin bool) ([]form.Option, error) {
	w, list, err := c.listed(query, limit, admin)
	if err != nil {
		return nil, err
	}
	var out []form.Option
	for _, id := range list {
		p := w.Packages[id]
		if !admin && !c.requestable(p) {
			continue
		}
		out = append(out, form.Option{Value: string(id), Label: p.Name, Hint: c.packageHint(p)})
	}
	return toldApart(out, ofPackages(w)), nil
}

// listed are the packages that the person may see: without the hidden ones and
// those that are to be deleted, unless an admin asks.
func (c *call) listed(query string, limit int, admin bool) (engine.World, []access.PackageID, error) {
	return c.listedWhere(query, limit, func(w engine.World, p access.Package) bool {
		see := engine.MaySee(p, w, c.actor) && (!p.Hidden && !p.Deleting || admin)
		return see && (!admin || engine.AnyRole(w, p.Catalog, c.actor) || engine.Auditor(w, c.actor))
	})
}

// listedWhere are packages that keep says yes to, in the order of their ids.
func (c *call) listedWhere(query string, limit int, keep func(engine.World, access.Package) bool) (engine.World, []access.PackageID, error) {
	var out []access.PackageID
	var world engine.World
	after := access.PackageID("")
	for len(out) < limit {
		w, ids, err := c.core.Packages(c.ctx, c.from.Tenant, query, after, maxListed)
		if err != nil {
			return w, nil, err
		}
		world = merged(world, w)
		for _, id := range ids {
			if p, ok := w.Packages[id]; ok && len(out) < limit && keep(w, p) {
				out = append(out, id)
			}
		}
		if len(ids) < maxListed {
			break
		}
		after = ids[len(ids)-1]
	}
	return world, out, nil
}

// merged puts two worlds together; the settings are the second's.
func merged(a, b engine.World) engine.World {
	out := engine.World{
		Settings: b.Settings,
		Catalogs: map[access.CatalogID]access.Catalog{}, Resources: map[access.ResourceID]access.Resource{},
		Packages: map[access.PackageID]access.Package{},
		Policies: map[access.PolicyRef]access.Policy{}, Terms: map[access.TermsRef]access.Terms{},
	}
	for _, w := range []engine.World{a, b} {
		maps.Copy(out.Catalogs, w.Catalogs)
		maps.Copy(out.Resources, w.Resources)
		maps.Copy(out.Packages, w.Packages)
		maps.Copy(out.Policies, w.Policies)
		maps.Copy(out.Terms, w.Terms)
	}
	return out
}

// wish is a request that is being written.
type wish struct {
	*call
	p       access.Package
	w       engine.World
	fitting []access.Policy
	policy  access.Policy // that counts as things stand
	target  access.Actor
	other   bool // for somebody else
	behalf  bool // asking for others is possible
	// blame is what is wrong with the person named; it is shown at the field.
	blame *access.Error
}

// wish finds out what may be asked for, by whom and through which policies. It
// refuses at once what the engine would refuse whatever is typed.
func (c *call) wish(id access.PackageID, d *draft) (*wish, error) {
	w, err := c.core.World(c.ctx, c.from.Tenant, id)
	if err != nil {
		return nil, err
	}
	p, ok := w.Packages[id]
	if !ok || !engine.MaySee(p, w, c.actor) {
		return nil, access.Refuse(access.NotFound, "unknownPackage", "name", string(id)).At("package")
	}
	if p.Deleting {
		return nil, access.Refuse(access.Refused, "packageGoes", "package", p.Name)
	}
	q := &wish{call: c, p: p, w: w, target: c.actor, behalf: c.mayAskForOthers(p)}
	if err := q.choosePerson(d.value("person")); err != nil {
		return nil, err
	}
	if len(q.fitting) == 0 { // only for others, and nobody is named yet
		q.fitting = behalfPolicies(p)
	}
	if len(q.fitting) == 0 {
		return nil, access.Refuse(access.Forbidden, "notRequestable", "package", p.Name)
	}
	q.policy = q.fitting[0]
	for _, policy := range q.fitting {
		if string(policy.ID) == d.value("policy") {
			q.policy = policy
		}
	}
	if len(lasting(q.fitting, c.now)) == 0 {
		return nil, access.Refuse(access.Refused, "policyOver", "package", p.Name, "end", q.policy.Lifecycle.On)
	}
	return q, nil
}

// choosePerson finds the policies for whoever is to get it. What is wrong with
// a person who is named by the asker is kept for the field.
func (q *wish) choosePerson(account string) error {
	asker := q.actor
	if account != "" {
		profile, target, err := q.person(account)
		if e, ok := access.AsError(err); ok && q.behalf {
			q.blame = e.At("person")
			return nil
		}
		if err != nil {
			return err
		}
		q.target, q.other = target, target.Person != q.actor.Person
		asker.ManagerOf = q.other && profile.Manager != "" && q.actor.Owns(profile.Manager)
	}
	q.fitting = engine.Fitting(q.p, q.target, asker)
	if open := lasting(q.fitting, q.now); len(open) > 0 {
		q.fitting = open
	}
	if q.other && !q.behalf {
		return access.Refuse(access.Forbidden, "notOnBehalf", "package", q.p.Name, "person", q.target.Person)
	}
	err := q.refused(asker)
	if e, ok := access.AsError(err); ok && q.other {
		if e.Code == "notOnBehalf" {
			e = access.Refuse(e.Kind, e.Code, "package", q.p.Name, "person", q.target.Person)
		}
		q.blame, q.fitting = e.At("person"), nil
		return nil
	}
	return err
}

// person finds who an account, or a name that only one person has, stands for.
func (c *call) person(typed string) (access.Profile, access.Actor, error) {
	profile, actor, err := c.core.Who(c.ctx, c.from.Tenant, access.Account(typed))
	if e, ok := access.AsError(err); ok && e.Kind != access.Unavailable {
		return c.someone(typed)
	}
	return profile, actor, err
}

// spoken is an account as people of the same chat write it: "@name".
func (c *call) spoken(account string) string {
	if name, ok := strings.CutPrefix(account, chatOf(c.from.Account)+"/"); ok {
		return "@" + name
	}
	return account
}

// mayAskForOthers reports whether some policy may let the person ask for
// somebody else.
func (c *call) mayAskForOthers(p access.Package) bool { return mayAskForOthers(p, c.actor, c.now) }

func mayAskForOthers(p access.Package, who access.Actor, now time.Time) bool {
	return slices.ContainsFunc(lasting(behalfPolicies(p), now), func(policy access.Policy) bool {
		return policy.OnBehalf.Managers && who.Standing == access.Member || policy.OnBehalf.Allows(who)
	})
}

func behalfPolicies(p access.Package) []access.Policy {
	return slices.DeleteFunc(slices.Clone(p.Policies), func(policy access.Policy) bool {
		b := policy.OnBehalf
		return policy.Closed || !b.Managers && len(b.People) == 0 && len(b.Groups) == 0
	})
}

// refused tries the request without its answers: what would be refused anyway
// is said before somebody fills in a form. Nothing is written.
func (q *wish) refused(asker access.Actor) error {
	if len(q.fitting) == 0 && q.behalf && !q.other {
		return nil
	}
	v, err := q.core.Ledger(q.ctx, q.from.Tenant, q.actor, q.target.Person)
	if err != nil {
		return err
	}
	l := v.Ledger
	if l.Person == "" {
		l = engine.New(q.from.Tenant, q.target.Person)
	}
	_, err = engine.Step(l, engine.Submit{
		Meta: engine.Meta{ID: "look", At: q.now, Actor: asker}, Package: q.p.ID, Policy: q.first(), Target: q.target,
	}, merged(v.World, q.w))
	if e, ok := access.AsError(err); ok && e.Kind != access.Invalid {
		if q.behalf && !q.other && e.Kind != access.NotFound {
			return nil // may still be asked for somebody else
		}
		if a := l.Holds(q.p.ID); e.Code == "alreadyHeld" && a != nil && !q.other {
			if s := q.scene(runtime.View{Ledger: l, World: merged(v.World, q.w)}); a.State == access.AssignmentActive && s.mayExtend(*a) {
				return access.Refuse(e.Kind, e.Code, "package", q.p.Name, "window", a.Window, "extend", code("/access extend"))
			}
		}
		return e
	}
	return nil
}

// first is the policy that counts unless another is chosen; "" where none fits.
func (q *wish) first() access.PolicyID {
	if len(q.fitting) == 0 {
		return ""
	}
	return q.fitting[0].ID
}

// requestable reports whether the person can ask for a package as things
// stand: for themselves through a policy whose time is not over, or perhaps
// for somebody else.
func (c *call) requestable(p access.Package) bool {
	return !p.Deleting && (len(lasting(engine.Fitting(p, c.actor, c.actor), c.now)) > 0 || c.mayAskForOthers(p))
}

// lasting are the policies whose fixed end has not passed.
func lasting(policies []access.Policy, now time.Time) []access.Policy {
	return slices.DeleteFunc(slices.Clone(policies), func(policy access.Policy) bool {
		l := policy.Lifecycle
		return l.Ends == access.EndsOnDate && !l.On.After(now)
	})
}

// intro says what is being asked for, what it gives, and how long it lasts.
func (q *wish) intro() chat.Text {
	var roles chat.Text
	for _, role := range q.scene(viewOf(q.w)).roles(q.p.Roles) {
		roles = append(append(roles, chat.Span{Kind: chat.Plain, Text: "\n• "}), role...)
	}
	return q.text("request.intro", "package", strong(q.p.Name), "description", q.p.Description,
		"roles", merge(roles), "ends", q.ends(lifetime(q.policy.Lifecycle)))
}

// lifetime is the window that a lifecycle gives when nobody asks for less.
func lifetime(l access.Lifecycle) access.Window {
	switch l.Ends {
	case access.EndsOnDate:
		return access.Window{End: l.On}
	case access.EndsDuration:
		return access.Window{For: l.For}
	default:
		return access.Window{}
	}
}

// fields are what is asked. Questions of a policy that may be chosen are asked
// only when it is.
func (q *wish) fields() []form.Field {
	var out []form.Field
	if q.behalf {
		out = append(out, form.Field{
			ID: "person", Kind: form.Person, Label: q.plain("field.forWhom"),
			Hint: q.plain("hint.forWhom"), Required: len(engine.Fitting(q.p, q.actor, q.actor)) == 0,
		})
	}
	if len(q.fitting) > 1 {
		out = append(out, q.policyField())
	}
	hint := "hint.justification"
	if len(q.policy.Stages) == 0 {
		hint = "hint.assign" // nobody approves it
	}
	out = append(out, form.Field{
		ID: "justification", Kind: form.Area, Label: q.plain("field.justification"),
		Hint: q.plain(hint), Required: q.policy.Justification, Max: access.MaxLongText,
	})
	for n, policy := range q.fitting {
		for _, question := range policy.Questions {
			f := q.question(question)
			f.ID = q.answerField(n, question.ID)
			f.When = q.only(policy)
			out = append(out, f)
		}
	}
	return append(out, q.timeFields()...)
}

// only is the branch of a policy, if there is a choice.
func (q *wish) only(policies ...access.Policy) *form.When {
	if len(q.fitting) < 2 {
		return nil
	}
	w := &form.When{Field: "policy"}
	for _, p := range policies {
		w.In = append(w.In, string(p.ID))
	}
	return w
}

func (q *wish) policyField() form.Field {
	f := form.Field{ID: "policy", Kind: form.One, Label: q.plain("field.policy"), Required: true, Value: []string{string(q.fitting[0].ID)}}
	for _, policy := range q.fitting {
		f.Options = append(f.Options, form.Option{Value: string(policy.ID), Label: policy.Name, Hint: cut(oneLine(policy.Description), 100)})
	}
	return f
}

// timeFields ask for own times, where a policy allows them.
func (q *wish) timeFields() []form.Field {
	own := slices.DeleteFunc(slices.Clone(q.fitting), func(p access.Policy) bool { return !p.Lifecycle.OwnTimes })
	if len(own) == 0 {
		return nil
	}
	limit := q.flat(q.ends(lifetime(own[0].Lifecycle)))
	return []form.Field{
		{ID: "start", Kind: form.Moment, Label: q.plain("field.start"), Hint: q.plain("hint.start", q.likeSoon()...), When: q.only(own...), Max: 60},
		{ID: "end", Kind: form.Moment, Label: q.plain("field.end"), Hint: q.plain("hint.end", q.likeSoon("limit", limit)...), When: q.only(own...), Max: 60},
	}
}

// answerField is the form's field for a question of the n-th fitting policy.
func (q *wish) answerField(n int, question string) string {
	if len(q.fitting) < 2 {
		return access.AnswerField(question)
	}
	return fmt.Sprintf("answer%d.%s", n, question)
}

// fieldFor is the form's field for a field of a refusal.
func (q *wish) fieldFor(field string) string {
	n := slices.IndexFunc(q.fitting, func(p access.Policy) bool { return p.ID == q.policy.ID })
	for _, question := range q.policy.Questions {
		if field == access.AnswerField(question.ID) {
			return q.answerField(n, question.ID)
		}
	}
	return field
}

// question is the field for a policy's question.
func (c *call) question(q access.Question) form.Field {
	f := form.Field{Label: q.Label.For(c.locale), Required: q.Required}
	switch q.Kind {
	case access.ShortText:
		f.Kind, f.Max = form.Line, access.MaxShortText
	case access.LongText:
		f.Kind, f.Max = form.Area, access.MaxLongText
	case access.Choice, access.Choices:
		f.Kind = form.One
		if q.Kind == access.Choices {
			f.Kind = form.Many
		}
		for _, o := range q.Options {
			f.Options = append(f.Options, form.Option{Value: o.Value, Label: o.Label.For(c.locale)})
		}
	case access.YesNo:
		f.Kind = form.Flag
		f.Options = []form.Option{{Value: "yes", Label: c.plain("answer.yes")}, {Value: "no", Label: c.plain("answer.no")}}
	case access.Number:
		f.Kind = form.Number
	case access.Date:
		f.Kind, f.Hint = form.Date, c.plain("hint.date", c.likeSoon()...)
	case access.PersonAsk:
		f.Kind = form.Person
	default:
		f.Kind = form.Line
	}
	return f
}
