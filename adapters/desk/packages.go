package desk

import (
	"slices"
	"strings"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

func sameText(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) }

// packageCard says what a package is and gives, and how it is got. It is also
// the package's link: whoever sees it can press Request.
func (s scene) packageCard(p access.Package) chat.Card {
	c := chat.Card{Title: p.Name, Tone: chat.ToneNeutral, Summary: s.plain("package.summary", "package", p.Name)}
	if p.Description != "" {
		c.Blocks = append(c.Blocks, chat.Block{Text: chat.Say(p.Description)})
	}
	if items := s.roles(p.Roles); len(items) > 0 {
		c.Blocks = append(c.Blocks, chat.Block{Heading: s.plain("heading.gives"), Items: s.clip(items, chat.MaxItems)})
	}
	var list []chat.Fact
	open := slices.DeleteFunc(slices.Clone(p.Policies), func(policy access.Policy) bool { return policy.Closed || policy.Requestors.Empty() })
	over := len(open) > 0 && len(lasting(open, s.now)) == 0
	for _, policy := range lasting(open, s.now) {
		label := s.plain("label.howLong")
		if len(p.Policies) > 1 && policy.Name != "" {
			label = policy.Name
		}
		list = append(list, chat.Fact{Label: cut(oneLine(label), chat.MaxFactLabel), Value: s.text("package.policy",
			"ends", s.ends(lifetime(policy.Lifecycle)), "approval", s.approval(policy))})
	}
	if p.Terms != nil {
		list = append(list, s.fact("label.terms", s.text("package.terms"))...)
	}
	c.Blocks = append(c.Blocks, facts(list)...)
	if len(c.Blocks) == 0 {
		c.Blocks = []chat.Block{{Text: chat.Text{strong(p.Name)}}}
	}
	if p.Deleting {
		c.Tone = chat.ToneOver
		c.Blocks = append(c.Blocks, chat.Block{Text: s.text("show.deleting")})
		return c
	}
	if unaskable(p) {
		c.Blocks = append(c.Blocks, chat.Block{Text: s.text("show.nobodyCanAsk")})
		return c
	}
	if over {
		c.Tone = chat.ToneOver
		c.Blocks = append(c.Blocks, chat.Block{Text: s.text("show.over", "end", latestEnd(open))})
		return c
	}
	c.Buttons = s.button(nil, verbRequest, chat.StylePrimary, chat.Token{Arg: string(p.ID)})
	return c
}

// unaskable reports whether nobody can ask for a package: admins assign it.
func unaskable(p access.Package) bool {
	return !slices.ContainsFunc(p.Policies, func(policy access.Policy) bool { return !policy.Requestors.Empty() })
}

// latestEnd is the last of the fixed ends of policies that all have one.
func latestEnd(policies []access.Policy) time.Time {
	var end time.Time
	for _, policy := range policies {
		if policy.Lifecycle.On.After(end) {
			end = policy.Lifecycle.On
		}
	}
	return end
}

// approval says who decides, stage by stage.
func (s scene) approval(policy access.Policy) chat.Text {
	if len(policy.Stages) == 0 {
		return s.text("package.noApproval")
	}
	var stages []chat.Text
	for _, stage := range policy.Stages {
		stages = append(stages, s.subjects(stage.Approvers))
	}
	return s.count("package.approval", len(stages), "people", s.then(stages))
}

// then joins stages that follow each other.
func (s scene) then(items []chat.Text) chat.Text {
	var out chat.Text
	for i, item := range items {
		if i > 0 {
			out = append(out, s.text("list.then")...)
		}
		out = append(out, item...)
	}
	return merge(out)
}

// subjectPeople are the people whom a package's policies name.
func subjectPeople(p access.Package) []access.PersonID {
	var out []access.PersonID
	for _, policy := range p.Policies {
		for _, stage := range policy.Stages {
			addSubjects(func(ids ...access.PersonID) { out = append(out, ids...) }, stage.Approvers)
		}
	}
	return out
}

// cmdShow shows a package, or asks which.
func (c *call) cmdShow(in words) (chat.Reply, error) {
	if in.pkg == "" {
		return c.packageMenu()
	}
	w, p, err := c.packageNamed(in.pkg)
	if err != nil {
		return nil, err
	}
	return chat.Tell{Card: fit(c.scene(viewOf(w), subjectPeople(p)...).packageCard(p))}, nil
}

// showPackage is the same, by a button.
func (c *call) showPackage(t chat.Token) (chat.Reply, error) {
	return c.cmdShow(words{pkg: exactly + t.Arg})
}

// packageMenu lists packages with a button each.
func (c *call) packageMenu() (chat.Reply, error) { return c.menuFrom("") }

// mostMenu is how many packages a menu goes through at most.
const mostMenu = 1000

func (c *call) menuFrom(after string) (chat.Reply, error) {
	w, ids, err := c.listed("", mostMenu, false)
	if err != nil {
		return nil, err
	}
	return c.paged(listing{kind: listMenu, title: "packages.title", ids: idsAs[string](ids), rows: func(ids []string) ([]chat.Block, error) {
		return c.packageRows(w, idsAs[access.PackageID](ids), verbPackage), nil
	}}, after)
}

func (c *call) packageRows(w engine.World, ids []access.PackageID, show chat.Verb) []chat.Block {
	var rows []chat.Block
	for _, id := range ids {
		p := w.Packages[id]
		var hidden chat.Text
		if p.Hidden {
			hidden = c.text("row.hidden")
		}
		rows = append(rows, chat.Block{
			Text:    c.text("row.package", "package", strong(p.Name), "id", code(string(id)), "hidden", hidden, "description", c.short(p.Description, p.Deleting)),
			Buttons: c.blank().button(nil, show, chat.StylePlain, chat.Token{Arg: string(id)}),
		})
	}
	return rows
}

// packageList lists what an admin looks after, hidden packages as well.
func (c *call) packageList(words) (chat.Reply, error) { return c.packagesFrom("") }

func (c *call) packagesFrom(after string) (chat.Reply, error) {
	ids, err := c.lookedIn(runtime.KindPackage)
	if err != nil {
		return nil, err
	}
	return c.paged(listing{kind: runtime.KindPackage, title: "packages.title", ids: ids, rows: func(ids []string) ([]chat.Block, error) {
		of := idsAs[access.PackageID](ids)
		w, err := c.core.World(c.ctx, c.from.Tenant, of...)
		return c.packageRows(w, of, verbPage), err
	}}, after)
}

// cmdPost puts a package's card somewhere, or asks where.
func (c *call) cmdPost(in words) (chat.Reply, error) {
	if err := c.acts(access.PackageManager, access.AssignmentManager); err != nil {
		return nil, err
	}
	if in.pkg == "" && in.person != "" {
		in.pkg, in.place = in.place, ""
	}
	preset, err := c.adminPreset(words{pkg: in.pkg}, access.PackageManager, access.AssignmentManager)
	if err != nil {
		return nil, err
	}
	place := in.place
	if who := first(in.person, one(preset, "person")); place == "" && who != "" {
		place = "@" + who
	}
	delete(preset, "person")
	if err := c.shareable(access.PackageID(one(preset, "package"))); err != nil {
		return nil, err
	}
	if place != "" {
		preset["place"] = []string{place}
	}
	if len(preset) == 2 {
		return c.post(access.PackageID(preset["package"][0]), place)
	}
	return c.open(c.token(verbPost, ""), preset)
}

// postForm asks which package to show where.
func (c *call) postForm(t chat.Token, d *draft) (*sheet, error) {
	f, err := c.actField(t, d, access.PackageManager, access.AssignmentManager)
	if err == nil {
		err = c.shareable(access.PackageID(t.Arg))
	}
	if err != nil {
		return nil, err
	}
	return &sheet{
		form: form.Form{Title: c.plain("post.title"), Submit: c.plain("post.submit"), Fields: []form.Field{
			f, {ID: "place", Kind: form.Line, Label: c.plain("field.place"), Hint: c.plain("hint.place"), Required: true, Max: 100},
		}},
		search: c.actSearch(access.PackageManager, access.AssignmentManager),
		submit: func(v form.Values) (chat.Reply, error) {
			return c.post(access.PackageID(one(v, "package")), one(v, "place"))
		},
	}, nil
}

// packageField is a choice among the packages that an admin looks after.
func (c *call) packageField(d *draft) (form.Field, error) {
	options, err := c.packageOptions("", maxListed, true)
	if err != nil {
		return form.Field{}, err
	}
	if len(options) == 0 {
		return form.Field{}, access.Refuse(access.Forbidden, "notAdmin")
	}
	return c.chooseField(options, d), nil
}

// shareable refuses to show a package around that nobody can ask for; "" is
// none yet.
func (c *call) shareable(id access.PackageID) error {
	if id == "" {
		return nil
	}
	w, err := c.core.World(c.ctx, c.from.Tenant, id)
	if p, ok := w.Packages[id]; err == nil && ok && unaskable(p) {
		return access.Refuse(access.Refused, "nobodyAsks", "package", p.Name).At("package")
	}
	return err
}

// post puts the card into a channel or sends it to a person. Only who looks
// after the package may; the card is in the reader's language.
func (c *call) post(id access.PackageID, place string) (chat.Reply, error) {
	w, err := c.core.World(c.ctx, c.from.Tenant, id)
	if err != nil {
		return nil, err
	}
	p, ok := w.Packages[id]
	if !ok || !engine.AnyRole(w, p.Catalog, c.actor) && !engine.Auditor(w, c.actor) {
		return nil, access.Refuse(access.NotFound, "unknownPackage", "name", string(id)).At("package")
	}
	if !engine.HasRole(w, p.Catalog, c.actor, access.PackageManager, access.AssignmentManager) {
		return nil, access.Refuse(access.Forbidden, "notAdmin")
	}
	if err := c.shareable(id); err != nil {
		return nil, err
	}
	to, reached, g, err := c.place(place, w)
	if err != nil {
		return nil, err
	}
	a, err := c.chatFor(c.from.Tenant, to)
	if err != nil {
		return nil, access.Refuse(access.Invalid, "unknownPlace", "value", cut(place, 60)).At("place")
	}
	s := c.Desk.scene(c.ctx, g, access.Ledger{Tenant: c.from.Tenant}, w, c.now, "", subjectPeople(p)...)
	ref, err := a.Post(c.ctx, chat.EffectID(string(c.id)), to, fit(s.packageCard(p)))
	if err != nil {
		c.log.Warn().Str("code", access.AsFault(err).Code).Msg("a package card could not be posted")
		return nil, access.Refuse(access.Invalid, "unknownPlace", "value", cut(place, 60)).At("place")
	}
	c.noteShared(ref, p.ID)
	warning := c.cannotAsk(p, to, reached)
	if to.Account != "" {
		return c.warned(c.say("post.doneTo", "package", strong(p.Name), "place", c.mention(reached)), warning), nil
	}
	_, channel, _ := strings.Cut(string(to.Channel), "/")
	return c.warned(c.say("post.done", "package", strong(p.Name), "place", code("#"+channel)), warning), nil
}

// place reads "#channel" or "@person", and says which person that is.
func (c *call) place(typed string, w engine.World) (chat.Address, access.PersonID, tongue, error) {
	if name, ok := strings.CutPrefix(typed, "#"); ok && name != "" {
		name, _, _ = strings.Cut(name, "|") // a mention with the channel's name
		if !strings.Contains(name, "/") {
			name = chatOf(c.from.Account) + "/" + name
		}
		return chat.Address{Channel: access.Channel(name)}, "", c.texts.in(w.Settings.Zone, w.Settings.Locale), nil
	}
	if !strings.HasPrefix(typed, "@") {
		return chat.Address{}, "", tongue{}, access.Refuse(access.Invalid, "unknownPlace", "value", cut(typed, 60)).At("place")
	}
	p, _, err := c.person(c.accountOf(typed))
	if e, ok := access.AsError(err); ok {
		return chat.Address{}, "", tongue{}, e.At("place")
	}
	account := p.Account
	if account == "" {
		account = access.Account(p.Person)
	}
	return chat.Address{Account: account}, p.Person, c.texts.in(p.Zone, p.Locale, w.Settings.Locale), err
}

// help lists the commands of a person.
func (c *call) help(words) (chat.Reply, error) { return c.helpCard(Access), nil }

// adminHelp lists the commands of admins.
func (c *call) adminHelp(words) (chat.Reply, error) { return c.helpCard(AccessAdmin), nil }

func (c *call) helpCard(root string) chat.Reply {
	card := chat.Card{Summary: c.plain("help.title." + root), Title: c.plain("help.title." + root), Tone: chat.ToneNeutral}
	card.Blocks = []chat.Block{{Items: c.helpItems(root)}, {Small: true, Text: c.text("help.more." + root)}}
	return chat.Tell{Card: fit(card)}
}

// helpItems are the commands with what they are for; those of two words share
// one line.
func (c *call) helpItems(root string) []chat.Text {
	var items []chat.Text
	groups := map[string]int{}
	for _, cmd := range Commands() {
		if cmd.Root != root {
			continue
		}
		what, usage := c.plain(cmd.Help()), c.usage(cmd)
		group, deed, grouped := strings.Cut(cmd.Name, " ")
		if at, there := groups[group]; there {
			items[at][0].Text += " | " + deed
			continue
		}
		if key := "help.group." + group; grouped && c.has(key) {
			groups[group] = len(items)
			what, usage = c.plain(key), "/"+root+" "+cmd.Name
		}
		items = append(items, slices.Concat(chat.Text{code(usage)}, chat.Say(" – "+what)))
	}
	return items
}

// usage is how a command is written.
func (c *call) usage(cmd Command) string {
	out := "/" + cmd.Root + " " + cmd.Name
	for _, a := range cmd.Args {
		switch a.Kind {
		case ArgPerson:
			word := "@" + c.plain("arg.person")
			if a.Name == "for" {
				word = "for " + word
			}
			out += " [" + word + "]"
		case ArgUntil:
			out += " [until " + c.plain("arg.until") + "]"
		default:
			out += " [" + c.plain("arg."+string(a.Kind)) + "]"
		}
	}
	return out
}
