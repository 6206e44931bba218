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

// packageDeeds are what can be done to a package that is named.
func packageDeeds() map[string]func(*call, access.PackageID) (chat.Reply, error) {
	return map[string]func(*call, access.PackageID) (chat.Reply, error){
		"edit":   (*call).editPackage,
		"copy":   (*call).copyPackage,
		"hide":   func(c *call, id access.PackageID) (chat.Reply, error) { return c.hidePackage(id, true) },
		"unhide": func(c *call, id access.PackageID) (chat.Reply, error) { return c.hidePackage(id, false) },
		"delete": (*call).deletePackage,

		"policylist": policyDeedOf("policylist"), "policyadd": policyDeedOf("policyadd"), "policyedit": policyDeedOf("policyedit"),
		"policymove": policyDeedOf("policymove"), "policydelete": policyDeedOf("policydelete"), "policyquestions": policyDeedOf("policyquestions"),
	}
}

func (c *call) cmdPackageEdit(in words) (chat.Reply, error)   { return c.packageDeed("edit", in) }
func (c *call) cmdPackageCopy(in words) (chat.Reply, error)   { return c.packageDeed("copy", in) }
func (c *call) cmdPackageHide(in words) (chat.Reply, error)   { return c.packageDeed("hide", in) }
func (c *call) cmdPackageUnhide(in words) (chat.Reply, error) { return c.packageDeed("unhide", in) }
func (c *call) cmdPackageDelete(in words) (chat.Reply, error) { return c.packageDeed("delete", in) }

// packageDeed does something to the package that is named, or asks which.
func (c *call) packageDeed(deed string, in words) (chat.Reply, error) {
	if in.pkg == "" {
		return c.open(c.token(verbPick, deed), nil)
	}
	id, err := c.pickedPackage(in.pkg)
	if err != nil {
		return nil, err
	}
	return packageDeeds()[deed](c, id)
}

// pickedPackage is the package that is meant: one that is under construction,
// or one that they look after or may look at.
func (c *call) pickedPackage(typed string) (access.PackageID, error) {
	begun, err := c.works()
	if err != nil {
		return "", err
	}
	for name := range c.spellings(typed) {
		_, all, err := c.packagesCalled(name, true)
		if err != nil {
			return "", err
		}
		id, ok, err := c.pick(runtime.KindPackage, name, c.withBegun(all, begun, name))
		if ok || err != nil {
			return access.PackageID(id), err
		}
		typed = name
	}
	return "", c.unknownPackage(typed)
}

// withBegun adds the packages under construction that have a name.
func (c *call) withBegun(all []meaning, begun []work, name string) []meaning {
	for _, w := range begun {
		m := meaning{ID: string(w.Package.ID), Name: w.Package.Name, In: c.plain("which.begun")}
		there := slices.ContainsFunc(all, func(p meaning) bool { return p.ID == m.ID })
		if !there && len(alike(strings.TrimPrefix(name, exactly), []meaning{m})) > 0 {
			all = append(all, m)
		}
	}
	return all
}

// pickForm asks which package a deed is meant for.
func (c *call) pickForm(t chat.Token, d *draft) (*sheet, error) {
	deed, ok := packageDeeds()[t.Arg]
	if !ok {
		return nil, access.Refuse(access.Invalid, "unknownButton")
	}
	f, err := c.editableField(d)
	if err != nil {
		return nil, err
	}
	return &sheet{
		form:   form.Form{Title: c.plain("pick.title." + t.Arg), Submit: c.plain("form.next"), Fields: []form.Field{f}},
		search: func(_, query string) ([]form.Option, error) { return c.editable(query, maxOffered) },
		submit: func(v form.Values) (chat.Reply, error) {
			_, p, err := c.chosenPackage(one(v, "package"))
			if err != nil {
				return nil, err
			}
			return deed(c, p.ID)
		},
	}, nil
}

// editableField is a choice among the packages that the person may edit.
func (c *call) editableField(d *draft) (form.Field, error) {
	options, err := c.editable("", maxListed)
	if err == nil && len(options) == 0 {
		err = access.Refuse(access.NotFound, "nothingToEdit")
	}
	return c.chooseAmong(options, d, func(w engine.World, p access.Package) bool {
		return engine.HasRole(w, p.Catalog, c.actor, access.PackageManager)
	}), err
}

// editable are packages that the person may edit, with that in their names.
func (c *call) editable(query string, limit int) ([]form.Option, error) {
	w, ids, err := c.listed(query, limit, true)
	var out []form.Option
	for _, id := range ids {
		if p := w.Packages[id]; engine.HasRole(w, p.Catalog, c.actor, access.PackageManager) {
			out = append(out, form.Option{Value: string(id), Label: p.Name, Hint: c.packageHint(p)})
		}
	}
	return toldApart(out, ofPackages(w)), err
}

// packageCreate begins with a new package. Without a name it first shows what
// is under construction.
func (c *call) packageCreate(in words) (chat.Reply, error) {
	begun, err := c.works()
	if err != nil {
		return nil, err
	}
	for _, w := range begun {
		if sameText(in.pkg, w.Package.Name) && w.fresh() {
			return c.goOn(w)
		}
	}
	if in.pkg == "" && len(begun) > 0 {
		return c.begunCard(begun), nil
	}
	return c.newPackage(in.pkg, "")
}

// startPackage is the button that begins with a new one.
func (c *call) startPackage(chat.Token) (chat.Reply, error) { return c.newPackage("", "") }

// newPackage opens the first form, with what is known.
func (c *call) newPackage(name, from string) (chat.Reply, error) {
	catalogs, err := c.myCatalogs()
	if err != nil {
		return nil, err
	}
	preset := form.Values{}
	if name != "" {
		preset["name"] = []string{cut(oneLine(name), access.MaxName)}
	}
	if from != "" {
		preset["copy"] = []string{from}
	}
	if len(preset) > 0 && len(catalogs) > 1 {
		preset["catalog"] = []string{string(c.catalogFor(from, catalogs))}
	}
	return c.open(c.token(verbStep, ""), preset)
}

// catalogFor is the catalog that a package begins in: that of the one it is
// copied from, where the person may make packages there.
func (c *call) catalogFor(from string, mine []access.Catalog) access.CatalogID {
	if _, p, err := c.lookedAfter(access.PackageID(from)); err == nil && slices.ContainsFunc(mine, func(g access.Catalog) bool { return g.ID == p.Catalog }) {
		return p.Catalog
	}
	return mine[0].ID
}

// begunCard lists what is under construction.
func (c *call) begunCard(begun []work) chat.Reply {
	card := chat.Card{Title: c.plain("begun.title"), Summary: c.plain("begun.title"), Tone: chat.ToneWaiting}
	s := c.blank()
	for _, w := range begun[:min(len(begun), listRows)] {
		key := "begun.changed"
		switch {
		case w.fresh() && w.Step == stepReady:
			key = "begun.ready"
		case w.fresh():
			key = "begun.fresh"
		}
		b := chat.Block{Text: c.text(key, "package", strong(w.Package.Name), "n", min(w.Step, lastStep), "of", lastStep)}
		b.Buttons = s.press(nil, verbWork, "button.begun", chat.StylePrimary, chat.Token{Arg: string(w.Package.ID), Stage: 1})
		b.Buttons = s.button(b.Buttons, verbForget, chat.StylePlain, chat.Token{Arg: string(w.Package.ID)})
		card.Blocks = append(card.Blocks, b)
	}
	card.Buttons = s.button(nil, verbStart, chat.StylePlain, chat.Token{})
	return chat.Tell{Card: fit(card)}
}

func (c *call) editPackage(id access.PackageID) (chat.Reply, error) {
	w, err := c.workOn(id)
	if err != nil {
		return nil, err
	}
	return c.workCard(w, nil)
}

// copyPackage makes a new package of another.
func (c *call) copyPackage(id access.PackageID) (chat.Reply, error) {
	return c.newPackage("", string(id))
}

// hidePackage takes a package off the lists, or puts it back.
func (c *call) hidePackage(id access.PackageID, hidden bool) (chat.Reply, error) {
	w, p, err := c.lookedAfter(id)
	if err == nil {
		err = engine.MayDefine(w, c.actor, p, p)
	}
	if err != nil {
		return nil, err
	}
	base := runtime.Base{Key: runtime.PackageKey(c.from.Tenant, id), Revision: p.Revision}
	p.Hidden = hidden
	return c.propose(proposal{
		Edit: runtime.Edit{Definitions: runtime.Definitions{Packages: []access.Package{p}}, Bases: []runtime.Base{base}},
		Back: c.token(verbPage, string(id)),
	})
}
