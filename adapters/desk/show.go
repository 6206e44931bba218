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

// How far the page of a package looks, and how many it names.
const (
	pageLedgers = 500
	pageNames   = 4
)

// cmdPage shows a package as those read it who look after it, or lists them.
func (c *call) cmdPage(in words) (chat.Reply, error) {
	if in.pkg == "" {
		return c.packageList(in)
	}
	id, err := c.adminPackage(in.pkg)
	if err != nil {
		return nil, err
	}
	return c.packagePage(id)
}

// showPage is the same, by a button.
func (c *call) showPage(t chat.Token) (chat.Reply, error) {
	return c.packagePage(access.PackageID(t.Arg))
}

// adminPackage finds the package that is meant by an id or a name, among those
// that the person looks after or may look at.
func (c *call) adminPackage(typed string) (access.PackageID, error) {
	preset, err := c.adminPreset(words{pkg: typed})
	if err != nil {
		return "", err
	}
	return access.PackageID(one(preset, "package")), nil
}

// lookedAfter reads a package for whoever has a role in its catalog, tenant
// admins and auditors; for everybody else it is not there.
func (c *call) lookedAfter(id access.PackageID) (engine.World, access.Package, error) {
	w, err := c.core.World(c.ctx, c.from.Tenant, id)
	if err != nil {
		return w, access.Package{}, err
	}
	p, ok := w.Packages[id]
	if !ok || !engine.AnyRole(w, p.Catalog, c.actor) && !engine.Auditor(w, c.actor) {
		return w, p, access.Refuse(access.NotFound, "unknownPackage", "name", string(id)).At("package")
	}
	return w, p, nil
}

// packagePage is the page of one package.
func (c *call) packagePage(id access.PackageID) (chat.Reply, error) {
	w, p, err := c.lookedAfter(id)
	if err != nil {
		return nil, err
	}
	w, err = c.withNames(w, p)
	if err != nil {
		return nil, err
	}
	s := c.scene(viewOf(w), pagePeople(p)...)
	s.admin = true
	views, err := c.core.LedgersOf(c.ctx, c.from.Tenant, id, pageLedgers)
	if err != nil {
		return nil, err
	}
	going, err := c.deletion(p)
	if err != nil {
		return nil, err
	}
	card := chat.Card{Title: p.Name, Tone: chat.ToneNeutral, Summary: s.plain("package.summary", "package", p.Name)}
	card.Blocks = slices.Concat(going, s.aboutPackage(p), s.contents(p), s.policyBlocks(p), s.packageFacts(p), c.holders(s, p, views), c.waiting(s, p, views), s.written(p))
	card.Buttons = c.pageButtons(w, p)
	return chat.Tell{Card: fit(card)}, nil
}

// withNames adds the packages that a package does not go together with.
func (c *call) withNames(w engine.World, p access.Package) (engine.World, error) {
	if len(p.Incompatible) == 0 {
		return w, nil
	}
	others, err := c.core.World(c.ctx, c.from.Tenant, p.Incompatible...)
	return merged(others, w), err
}

// pagePeople are all whom the page of a package may name beside its holders.
func pagePeople(p access.Package) []access.PersonID {
	out := append(subjectPeople(p), p.CreatedBy, p.EditedBy)
	add := func(ids ...access.PersonID) { out = append(out, ids...) }
	for _, policy := range p.Policies {
		add(policy.Requestors.People...)
		add(policy.OnBehalf.People...)
		for _, stage := range policy.Stages {
			addSubjects(add, stage.Alternates)
			addSubjects(add, stage.Fallbacks)
		}
	}
	return out
}

func (s scene) aboutPackage(p access.Package) []chat.Block {
	var out []chat.Block
	if p.Description != "" {
		out = append(out, chat.Block{Text: chat.Say(p.Description)})
	}
	name := first(s.w.Catalogs[p.Catalog].Name, string(p.Catalog))
	return append(out, chat.Block{Small: true, Text: s.text("show.where", "id", code(string(p.ID)), "catalog", name)})
}

func (s scene) contents(p access.Package) []chat.Block {
	if len(p.Roles) == 0 {
		return []chat.Block{{Heading: s.plain("heading.gives"), Text: s.text("show.givesNothing")}}
	}
	return []chat.Block{{Heading: s.plain("heading.gives"), Items: s.clip(s.roles(p.Roles), 10)}}
}

// policyBlocks are the policies in order, as sentences.
func (s scene) policyBlocks(p access.Package) []chat.Block {
	if len(p.Policies) == 0 {
		return []chat.Block{{Heading: s.plain("show.policies"), Text: s.text("show.noPolicy")}}
	}
	var out []chat.Block
	for n, policy := range p.Policies {
		heading := s.plain("show.policy", "n", n+1, "name", first(policy.Name, string(policy.ID)))
		out = append(out, chat.Block{Heading: cut(oneLine(heading), chat.MaxHeading), Items: s.clip(s.policyItems(policy, n), 12)})
	}
	return out
}

func (s scene) policyItems(policy access.Policy, n int) []chat.Text {
	var out []chat.Text
	line := func(label string, what chat.Text) {
		out = append(out, s.text("show.line", "label", strong(s.plain(label)), "what", what))
	}
	who := s.whoMayAsk(policy)
	if len(who) == 0 {
		who = []chat.Text{s.text("show.nobodyAsks")}
	}
	line("show.who", inLine(who))
	if n > 0 && policy.Choosable {
		out = append(out, s.text("show.choosable"))
	}
	decides := s.whoDecides(policy)
	if len(decides) == 0 {
		decides = []chat.Text{s.text("package.noApproval")}
	}
	for _, stage := range decides {
		line("show.decides", stage)
	}
	line("show.howLong", inLine(s.howLong(policy)))
	if asked := s.whatIsAsked(policy); len(asked) > 0 {
		line("show.asked", inLine(asked))
	}
	if len(lasting([]access.Policy{policy}, s.now)) == 0 {
		out = append(out, s.text("show.policyOver"))
	}
	return out
}

// inLine puts several things into one line.
func inLine(items []chat.Text) chat.Text {
	var out chat.Text
	for i, item := range items {
		if i > 0 {
			out = append(out, chat.Span{Kind: chat.Plain, Text: " · "})
		}
		out = append(out, item...)
	}
	return merge(out)
}

// packageFacts are terms, what it does not go together with, whether it is
// hidden, and where cards go.
func (s scene) packageFacts(p access.Package) []chat.Block {
	var list []chat.Fact
	if p.Terms != nil {
		list = s.fact("label.terms", s.text("show.terms", "text", cut(strings.TrimSpace(oneLine(p.Terms.Text.For(s.locale))), 200)))
	}
	var others []chat.Text
	for _, id := range p.Incompatible {
		others = append(others, chat.Text{s.pkg(id)})
	}
	list = append(list, s.fact("show.incompatible", s.join(others))...)
	if p.Hidden {
		list = append(list, s.fact("show.listed", s.text("show.hidden"))...)
	}
	list = append(list, s.fact("show.cards", s.cardsGo(p))...)
	return facts(list)
}

// cardsGo says where the cards to decide on go, and who said so.
func (s scene) cardsGo(p access.Package) chat.Text {
	for _, from := range []struct {
		of string
		r  access.Routing
	}{{"", p.Routing}, {"show.fromCatalog", s.w.Catalogs[p.Catalog].Routing}, {"show.fromTenant", s.w.Settings.Routing}} {
		if len(from.r.Channels) == 0 {
			continue
		}
		key, of := "show.cardsBoth", ""
		if from.r.ChannelOnly {
			key = "show.cardsChannel"
		}
		if from.of != "" {
			of = s.plain(from.of)
		}
		return s.text(key, "channels", s.channels(from.r.Channels), "from", of)
	}
	return s.text("show.cardsDirect")
}

func (s scene) channels(list []access.Channel) chat.Text {
	var items []chat.Text
	for _, channel := range list {
		_, name, _ := strings.Cut(string(channel), "/")
		items = append(items, chat.Text{code("#" + name)})
	}
	return s.join(items)
}

// holders says how many have a package, and names the first few with their
// ends.
func (c *call) holders(s scene, p access.Package, views []runtime.View) []chat.Block {
	n := 0
	var items []chat.Text
	for _, v := range views {
		a := v.Ledger.Holds(p.ID)
		if a == nil {
			continue
		}
		if n++; len(items) < pageNames {
			items = append(items, s.text("row.access."+string(a.State), "package", c.mention(v.Ledger.Person), "ends", s.ends(a.Window), "start", a.Window.Start))
		}
	}
	return s.counted("show.holders", items, n, views)
}

// waiting says which requests for a package are open.
func (c *call) waiting(s scene, p access.Package, views []runtime.View) []chat.Block {
	n := 0
	var items []chat.Text
	for _, v := range views {
		for _, r := range v.Ledger.Requests {
			if r.Package != p.ID || r.Kind.Removes() || !r.State.Waiting() {
				continue
			}
			if n++; len(items) < pageNames {
				of := c.scene(runtime.View{Ledger: v.Ledger, World: s.w})
				_, status := of.status(r)
				items = append(items, s.text("show.request", "asks", of.asks(r), "status", status))
			}
		}
	}
	return s.counted("show.pending", items, n, views)
}

// counted is a heading with a number over the first few.
func (s scene) counted(key string, items []chat.Text, n int, views []runtime.View) []chat.Block {
	heading := s.plain(key, "count", n)
	if len(views) == pageLedgers {
		heading = s.plain(key, "count", s.plain("show.atLeast", "count", n))
	}
	if n == 0 {
		return []chat.Block{{Heading: heading, Text: s.text(key + "None")}}
	}
	if n > len(items) {
		items = append(items, s.count("people.more", n-len(items)))
	}
	return []chat.Block{{Heading: heading, Items: items}}
}

// written says who made a package and who edited it last.
func (s scene) written(p access.Package) []chat.Block {
	text := s.text("show.created", "by", s.who(p.CreatedBy), "at", p.CreatedAt)
	if !p.EditedAt.IsZero() {
		text = append(text, s.text("show.edited", "by", s.who(p.EditedBy), "at", p.EditedAt)...)
	}
	if p.ManagedBy == access.ManagedByFile {
		text = append(text, s.text("show.byFile")...)
	}
	return []chat.Block{{Small: true, Text: merge(text)}}
}

// pageButtons are what the reader can do with a package. What a file manages is
// edited there.
func (c *call) pageButtons(w engine.World, p access.Package) []chat.Button {
	var out []chat.Button
	t := chat.Token{Arg: string(p.ID)}
	if engine.HasRole(w, p.Catalog, c.actor, access.PackageManager) && p.ManagedBy != access.ManagedByFile && !p.Deleting {
		out = c.blank().button(out, verbPart, chat.StylePlain, t)
	}
	if p.Deleting && engine.HasRole(w, p.Catalog, c.actor, access.PackageManager) && p.ManagedBy != access.ManagedByFile {
		out = c.blank().button(out, verbKeep, chat.StylePrimary, t)
	}
	if !p.Deleting && engine.HasRole(w, p.Catalog, c.actor, access.PackageManager, access.AssignmentManager) {
		out = c.blank().button(out, verbPost, chat.StylePlain, t)
	}
	return c.blank().button(out, verbSimulate, chat.StylePlain, t)
}

// presetPackage fills in the package of a button.
func presetPackage(t chat.Token, d *draft) {
	if t.Arg != "" && len(d.Values["package"]) == 0 {
		if d.Values == nil {
			d.Values = form.Values{}
		}
		d.Values["package"] = []string{t.Arg}
	}
}
