package desk

import (
	"slices"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// cmdAssign opens the form in which an admin gives a package directly.
func (c *call) cmdAssign(in words) (chat.Reply, error) {
	if err := c.acts(access.AssignmentManager); err != nil {
		return nil, err
	}
	in, err := c.untilApart(in)
	if err != nil {
		return nil, err
	}
	preset, err := c.adminPreset(in, access.AssignmentManager)
	if err != nil {
		return nil, err
	}
	if in.until != "" {
		preset["end"] = []string{in.until}
	}
	return c.openChecked(c.token(verbAssign, ""), preset)
}

// cmdRemove opens the form in which an admin takes a package away.
func (c *call) cmdRemove(in words) (chat.Reply, error) {
	if err := c.acts(access.AssignmentManager); err != nil {
		return nil, err
	}
	preset, err := c.adminPreset(in, access.AssignmentManager)
	if err != nil {
		return nil, err
	}
	return c.openChecked(c.token(verbRemove, ""), preset)
}

// untilApart takes an end that was typed without "until" off the package's
// name: what comes after the longest name that there is.
func (c *call) untilApart(in words) (words, error) {
	typed := strings.Fields(in.pkg)
	if in.until != "" || len(typed) < 2 {
		return in, nil
	}
	w, ids, err := c.listed("", maxListed, true)
	if err != nil {
		return in, err
	}
	for n := len(typed); n > 0; n-- {
		name := strings.Join(typed[:n], " ")
		for _, id := range ids {
			if sameText(string(id), strings.TrimPrefix(name, exactly)) || sameText(w.Packages[id].Name, name) {
				until := strings.Join(typed[n:], " ")
				if _, err := access.ParseUntil(until, c.now, c.zone); err != nil {
					if apart, ok, err := c.personApart(in); ok || err != nil {
						return apart, err
					}
				}
				in.pkg, in.until = name, until
				return in, nil
			}
		}
	}
	return in, nil
}

// adminPreset fills in what was typed. A package has to be in a catalog that
// the person has one of the roles in; without roles, one that they may look at.
func (c *call) adminPreset(in words, roles ...access.CatalogRole) (form.Values, error) {
	preset := form.Values{}
	if in.person != "" {
		preset["person"] = []string{c.meantAccount(in.person)}
	}
	if in.pkg == "" {
		return preset, nil
	}
	for name := range c.spellings(in.pkg) {
		_, all, err := c.packagesCalled(name, true)
		if err != nil {
			return nil, err
		}
		id, ok, err := c.pick(runtime.KindPackage, name, all)
		if err != nil {
			return nil, err
		}
		if ok {
			preset["package"] = []string{id}
			return preset, c.actsOn(access.PackageID(id), roles...)
		}
		in.pkg = name
	}
	in, ok, err := c.personApart(in)
	if err != nil {
		return nil, err
	}
	if ok {
		return form.Values{"person": {in.person}, "package": {in.pkg}}, c.actsOn(access.PackageID(in.pkg), roles...)
	}
	return nil, c.unknownPackage(in.pkg)
}

// meantAccount is the account that is meant by what was typed as one; what
// nobody is called stays as it is, to be told at its field.
func (c *call) meantAccount(typed string) string {
	if profile, _, err := c.person(typed); err == nil {
		return string(accountFor(profile))
	}
	return typed
}

// personField asks for a person of the chat.
func (c *call) personField() form.Field {
	return form.Field{ID: "person", Kind: form.Person, Label: c.plain("field.person"), Required: true}
}

// checkPerson finds out early that nobody is called that.
func (c *call) checkPerson(v form.Values, out map[string]*access.Error) {
	if typed := one(v, "person"); typed != "" {
		if _, _, err := c.person(typed); err != nil {
			out["person"] = at(err, "person")
		}
	}
}

func (c *call) assignForm(t chat.Token, d *draft) (*sheet, error) {
	pkg, err := c.actField(t, d, access.AssignmentManager)
	if err != nil {
		return nil, err
	}
	return &sheet{
		form: form.Form{Title: c.plain("assign.title"), Submit: c.plain("assign.submit"), Fields: []form.Field{
			c.personField(), pkg,
			{ID: "start", Kind: form.Moment, Label: c.plain("field.start"), Hint: c.plain("hint.start", c.likeSoon()...), Max: 60},
			{ID: "end", Kind: form.Moment, Label: c.plain("field.end"), Hint: c.plain("hint.endAdmin", c.likeSoon()...), Max: 60},
			c.reason(false, "hint.assign"),
		}},
		check: func(v form.Values) map[string]*access.Error {
			out := map[string]*access.Error{}
			c.checkPerson(v, out)
			_, _, errs := c.times(v)
			for _, e := range errs {
				out[e.Field] = e
			}
			return out
		},
		times:  c.understood,
		search: c.actSearch(access.AssignmentManager),
		submit: c.assign,
	}, nil
}

// assign gives a package directly.
func (c *call) assign(v form.Values) (chat.Reply, error) {
	profile, _, err := c.person(one(v, "person"))
	if err != nil {
		return nil, err
	}
	start, until, errs := c.times(v)
	if len(errs) > 0 {
		return nil, errs[0]
	}
	view, err := c.do(profile.Person, func(m engine.Meta) engine.Command {
		return engine.Assign{
			Meta: m, Package: access.PackageID(one(v, "package")), Start: start, End: until.End, For: until.For,
			Reason: one(v, "reason"),
		}
	})
	if err != nil {
		return nil, c.ofOther(err, profile)
	}
	s := c.scene(view, profile.Person)
	return c.say("done.assign", "package", s.pkg(access.PackageID(one(v, "package"))), "person", s.who(profile.Person)), nil
}

// ofOther names the person whom a refusal is about to an admin who acts for
// them, and leads to where admins see what is open.
func (c *call) ofOther(err error, p access.Profile) error {
	e, ok := access.AsError(err)
	if !ok || c.actor.Owns(p.Person) {
		return err
	}
	switch e.Code {
	case "alreadyHeld":
		return access.Refuse(e.Kind, "alreadyHeldBy", "person", p.Person, "package", e.Data["package"], "window", e.Data["window"]).At(e.Field)
	case "alreadyPending":
		list := "/" + AccessAdmin + " pending " + c.spoken(string(accountFor(p)))
		return access.Refuse(e.Kind, "alreadyPendingFor", "person", p.Person, "package", e.Data["package"], "list", code(list)).At(e.Field)
	}
	return err
}

func (c *call) removeForm(t chat.Token, d *draft) (*sheet, error) {
	pkg, err := c.actField(t, d, access.AssignmentManager)
	if err != nil {
		return nil, err
	}
	return &sheet{
		form: form.Form{Title: c.plain("remove.title"), Submit: c.plain("remove.submit"), Fields: []form.Field{
			c.personField(), pkg, c.reason(false, "hint.revoke"),
		}},
		check: func(v form.Values) map[string]*access.Error {
			out := map[string]*access.Error{}
			c.checkPerson(v, out)
			return out
		},
		search: c.actSearch(access.AssignmentManager),
		submit: c.remove,
	}, nil
}

// remove takes away what a person holds of a package. Only who may read the
// assignment learns whether there is one.
func (c *call) remove(v form.Values) (chat.Reply, error) {
	profile, _, err := c.person(one(v, "person"))
	if err != nil {
		return nil, err
	}
	id := access.PackageID(one(v, "package"))
	view, err := c.core.Ledger(c.ctx, c.from.Tenant, c.actor, profile.Person)
	if err != nil {
		return nil, err
	}
	held := view.Ledger.Holds(id)
	if held == nil || !engine.HasRole(view.World, view.World.Packages[id].Catalog, c.actor, access.AssignmentManager) {
		return nil, access.Refuse(access.NotFound, "notHeld", "person", profile.Person).At("package")
	}
	return c.revoke(chat.Token{Person: profile.Person, Request: held.ID}, one(v, "reason"))
}

// revokeForm asks for the reason for taking an assignment away.
func (c *call) revokeForm(t chat.Token, _ *draft) (*sheet, error) {
	return c.reasonForm(t, "revoke", c.revoke, func(m engine.Meta) engine.Command {
		return engine.Revoke{Meta: m, Assignment: t.Request}
	})
}

func (c *call) revoke(t chat.Token, reason string) (chat.Reply, error) {
	name := c.named(t)
	_, err := c.act(t, func(m engine.Meta) engine.Command {
		return engine.Revoke{Meta: m, Assignment: t.Request, Reason: reason}
	})
	if err != nil {
		return nil, err
	}
	return c.say("done.revoke", "package", name, "person", c.mention(t.Person)), nil
}

// cancelForm asks for the reason for ending a request.
func (c *call) cancelForm(t chat.Token, _ *draft) (*sheet, error) {
	return c.reasonForm(t, "cancel", func(t chat.Token, reason string) (chat.Reply, error) {
		name := c.named(t)
		_, err := c.act(t, func(m engine.Meta) engine.Command {
			return engine.Cancel{Meta: m, Request: t.Request, Reason: reason}
		})
		if err != nil {
			return nil, err
		}
		return c.say("done.cancel", "package", name, "person", c.mention(t.Person)), nil
	}, func(m engine.Meta) engine.Command { return engine.Cancel{Meta: m, Request: t.Request} })
}

// reasonForm asks for an optional reason before something (would) is done to a
// request that the person may read. Whoever may not do it gets no form.
func (c *call) reasonForm(t chat.Token, name string, then func(chat.Token, string) (chat.Reply, error), would func(engine.Meta) engine.Command) (*sheet, error) {
	v, r, err := c.find(t)
	if err != nil {
		return nil, err
	}
	if e := c.refusal(v, would); e != nil && e.Kind == access.Forbidden {
		return nil, e
	}
	s := c.scene(v)
	return &sheet{
		form: form.Form{
			Title: c.plain(name + ".title"), Submit: c.plain("button." + name),
			Fields: []form.Field{c.reason(false, "hint."+name)},
		},
		intro:  s.text(name+".intro", "package", s.pkg(r.Package), "person", s.who(t.Person), "ends", s.ends(s.windowOf(r))),
		submit: func(v form.Values) (chat.Reply, error) { return then(t, one(v, "reason")) },
	}, nil
}

// retry makes what failed due at once.
func (c *call) retry(t chat.Token) (chat.Reply, error) {
	_, r, err := c.find(t)
	if err != nil {
		return nil, err
	}
	id := t.Request
	if r.Assignment > 0 {
		id = r.Assignment
	}
	v, err := c.act(t, func(m engine.Meta) engine.Command { return engine.Retry{Meta: m, Assignment: id} })
	if err != nil {
		return nil, err
	}
	return c.quiet(v, "done.retry"), nil
}

// adminItems are open requests and failed deliveries of the catalogs that the
// person manages assignments in, only those of the person and package that were
// typed.
func (c *call) adminItems(in words, keep func(scene, access.Request) bool) ([]runtime.Item, []any, error) {
	if err := c.acts(access.AssignmentManager); err != nil {
		return nil, nil, err
	}
	preset, err := c.adminPreset(in, access.AssignmentManager)
	if err != nil {
		return nil, nil, err
	}
	id := access.PackageID(one(preset, "package"))
	w, err := c.core.World(c.ctx, c.from.Tenant, id)
	if err != nil {
		return nil, nil, err
	}
	var whose access.PersonID
	if who := one(preset, "person"); who != "" {
		profile, _, err := c.person(who)
		if err != nil {
			return nil, nil, err
		}
		whose = profile.Person
	}
	mine, err := c.core.Open(c.ctx, c.from.Tenant, maxListed, func(v runtime.View, r access.Request) bool {
		mine := engine.HasRole(v.World, v.World.Packages[r.Package].Catalog, c.actor, access.AssignmentManager)
		meant := (id == "" || r.Package == id) && (whose == "" || v.Ledger.Person == whose)
		return mine && meant && keep(scene{tongue: c.tongue, l: v.Ledger, w: v.World}, r)
	})
	named := c.packageTitle(w, id)
	if whose != "" && id == "" {
		named = []any{"person", c.mention(whose)}
	}
	return mine, named, err
}

func pending(_ scene, r access.Request) bool { return !r.Kind.Removes() }

// adminCancel opens the form of the only request that is meant, or lists them.
func (c *call) adminCancel(in words) (chat.Reply, error) {
	items, named, err := c.adminItems(in, pending)
	if err != nil {
		return nil, err
	}
	if len(items) == 1 && len(named) > 0 {
		t := c.token(verbCancel, "")
		t.Person, t.Request = items[0].View.Ledger.Person, items[0].Request
		return c.open(t, nil)
	}
	return c.list("pending.title", "pending.none", c.itemRows(items, scene.pendingRow), listRows, named...), nil
}

// pendingRow is an open request as admins see it.
func (s scene) pendingRow(r access.Request) chat.Block {
	_, status := s.status(r)
	b := s.button(nil, verbDetails, chat.StylePlain, s.at(r))
	return chat.Block{
		Text:    s.text("row.pending", "asks", s.asks(r), "status", status),
		Buttons: s.button(b, verbCancel, chat.StyleDanger, s.at(r)),
	}
}

// adminFailed lists what failed; the only one that is meant is tried again at
// once.
func (c *call) adminFailed(in words) (chat.Reply, error) {
	items, named, err := c.adminItems(in, func(s scene, r access.Request) bool { return len(s.failures(r)) > 0 })
	if err != nil {
		return nil, err
	}
	if len(items) == 1 && len(named) > 0 {
		return c.retry(chat.Token{Tenant: c.from.Tenant, Person: items[0].View.Ledger.Person, Request: items[0].Request})
	}
	return c.list("failed.title", "failed.none", c.itemRows(items, scene.failedRow), listRows, named...), nil
}

func (s scene) failedRow(r access.Request) chat.Block {
	failed := s.clip(s.failures(r), 3)
	return chat.Block{
		Text:    s.text("row.failed", "person", s.who(s.l.Person), "package", s.pkg(r.Package), "failed", s.join(failed)),
		Buttons: s.button(nil, verbRetry, chat.StylePrimary, s.at(r)),
	}
}

// auditLines is how many lines of the audit one card shows.
const auditLines = 20

// auditSearched is how many of the newest lines are looked through for a
// package.
const auditSearched = 1000

// adminAudit shows the newest lines of the audit, of everybody or of one
// person, to tenant admins and auditors.
func (c *call) adminAudit(in words) (chat.Reply, error) {
	w, err := c.core.World(c.ctx, c.from.Tenant)
	if err != nil {
		return nil, err
	}
	if !engine.TenantAdmin(w, c.actor) && !engine.Auditor(w, c.actor) {
		return nil, access.Refuse(access.Forbidden, "notAdmin")
	}
	var whose access.PersonID
	if in.person != "" {
		profile, _, err := c.person(in.person)
		if err != nil {
			return nil, err
		}
		whose = profile.Person
	}
	id, err := c.meantPackage(in, w)
	if err != nil {
		return nil, err
	}
	most := auditLines
	if id != "" {
		most = auditSearched
	}
	lines, err := c.core.Audit(c.ctx, c.from.Tenant, whose, 0, true, most)
	if err != nil {
		return nil, err
	}
	lines = slices.DeleteFunc(lines, func(line runtime.Line) bool { return id != "" && line.Event.Package != id })
	lines = lines[:min(len(lines), auditLines)]
	card := chat.Card{Summary: c.plain("audit.title"), Title: c.plain("audit.title"), Tone: chat.ToneNeutral}
	if len(lines) == 0 {
		card.Blocks = []chat.Block{{Text: c.text("audit.none")}}
		return chat.Tell{Card: card}, nil
	}
	card.Blocks = c.auditBlocks(lines)
	return chat.Tell{Card: fit(card)}, nil
}

func (c *call) auditItems(lines []runtime.Line) []chat.Text {
	var packages []access.PackageID
	var people []access.PersonID
	for _, line := range lines {
		people = append(append(people, line.Event.By, line.Event.Person), line.Event.People...)
		if line.Event.Package != "" {
			packages = append(packages, line.Event.Package)
		}
	}
	w, err := c.core.World(c.ctx, c.from.Tenant, packages...)
	if err != nil {
		c.log.Warn().Err(err).Msg("packages of the audit cannot be read")
	}
	c.addGone(w, packages)
	s := c.scene(viewOf(w), people...)
	var out []chat.Text
	for _, line := range lines {
		out = append(out, s.event(line.Event))
	}
	return out
}
