package desk

import (
	"slices"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// showWork shows a package under construction, or one of its policies: that
// with the number t.Face-1. With t.Stage it goes on with what was begun, and
// says what became of it where nothing is any more.
func (c *call) showWork(t chat.Token) (chat.Reply, error) {
	if t.Stage > 0 {
		return c.goOnWork(access.PackageID(t.Arg))
	}
	w, err := c.workOn(access.PackageID(t.Arg))
	if err != nil {
		return nil, err
	}
	if n := t.Face - 1; n >= 0 && n < len(w.Package.Policies) {
		return c.policyCard(w, n)
	}
	return c.workCard(w, nil)
}

// goOnWork goes on with what was begun.
func (c *call) goOnWork(id access.PackageID) (chat.Reply, error) {
	_, begun, err := c.loadWork(id)
	if err != nil {
		return nil, err
	}
	if d, ok := c.finished(c.workName(id)); !begun && ok {
		return chat.Tell{Card: d.Card}, nil
	}
	w, err := c.workOn(id)
	if err != nil {
		return nil, err
	}
	return c.goOn(w)
}

// workCard shows the whole of a package under construction with a button for
// each thing that ends it or edits it, and what is wrong with it.
func (c *call) workCard(w work, wrong *access.Error) (chat.Reply, error) {
	s, err := c.workScene(w)
	if err != nil {
		return nil, err
	}
	card := chat.Card{Title: w.Package.Name, Tone: chat.ToneWaiting, Summary: s.plain("work.summary", "package", w.Package.Name)}
	if wrong != nil {
		card.Tone = chat.ToneBad
		card.Blocks = append(card.Blocks, chat.Block{Text: c.explain(wrong)})
	}
	already, err := c.workTwins(w)
	if err != nil {
		return nil, err
	}
	card.Blocks = append(card.Blocks, s.state()...)
	card.Blocks = append(card.Blocks, already...)
	card.Blocks = append(card.Blocks, s.what()...)
	if len(w.Package.Policies) == 1 {
		card.Blocks = append(card.Blocks, s.policyBlocks(0)...)
	} else {
		card.Blocks = append(card.Blocks, s.policyRows()...)
	}
	card.Blocks = append(card.Blocks, s.terms())
	ends := s.closing()
	card.Buttons = s.button(ends[:len(ends)-1:len(ends)-1], verbPart, chat.StylePlain, partToken(w.Package.ID, 0))
	card.Buttons = append(card.Buttons, ends[len(ends)-1])
	return chat.Tell{Card: fit(card)}, nil
}

// policyCard shows one policy of several.
func (c *call) policyCard(w work, n int) (chat.Reply, error) {
	s, err := c.workScene(w)
	if err != nil {
		return nil, err
	}
	p := w.Package.Policies[n]
	card := chat.Card{Title: p.Name, Tone: chat.ToneWaiting, Summary: s.plain("work.policy", "policy", p.Name, "package", w.Package.Name), Blocks: s.policyBlocks(n)}
	card.Buttons = s.button(nil, verbPart, chat.StylePlain, partToken(w.Package.ID, markOf(p.ID)))
	card.Buttons = s.press(card.Buttons, verbWork, "button.back", chat.StylePlain, chat.Token{Arg: string(w.Package.ID)})
	return chat.Tell{Card: fit(card)}, nil
}

// workScene is what a work is drawn from: with the resources that are made on
// the way as if they were there.
func (c *call) workScene(w work) (workScene, error) {
	var ids []access.ResourceID
	for _, ref := range slices.Concat(w.Package.Roles, w.Before.Roles) {
		ids = append(ids, ref.Resource)
	}
	known, err := c.core.Resources(c.ctx, c.from.Tenant, ids...)
	if err != nil {
		return workScene{}, err
	}
	catalogs, err := c.core.AllCatalogs(c.ctx, c.from.Tenant)
	if err != nil {
		return workScene{}, err
	}
	world := merged(known, catalogs)
	for _, thing := range w.Things {
		world.Resources[thing.ID] = thing
	}
	s := c.scene(viewOf(world), slices.Concat(policyPeople(w.Package), policyPeople(w.Before))...)
	s.admin = true
	return workScene{scene: s, call: c, work: w}, nil
}

type workScene struct {
	scene
	call *call
	work work
}

// press is a button with a label of its own.
func (s scene) press(buttons []chat.Button, verb chat.Verb, label string, style chat.ButtonStyle, t chat.Token) []chat.Button {
	n := len(buttons)
	buttons = s.button(buttons, verb, style, t)
	if len(buttons) > n {
		buttons[n].Label = cut(oneLine(s.plain(label)), chat.MaxButtonLabel)
	}
	return buttons
}

// state says that nothing is done yet, and what would be.
func (s workScene) state() []chat.Block {
	if s.work.fresh() {
		return []chat.Block{{Small: true, Text: s.text("work.fresh")}}
	}
	changes := s.differences(s.work.Before, s.work.Package)
	if len(changes) == 0 {
		return []chat.Block{{Small: true, Text: s.text("work.same")}}
	}
	return []chat.Block{{Heading: s.plain("work.changes"), Items: s.clip(changes, 10)}}
}

// what is what the package is called and gives.
func (s workScene) what() []chat.Block {
	p := s.work.Package
	about := s.text("work.about", "description", p.Description, "catalog", strong(s.catalogName(p.Catalog)))
	return []chat.Block{
		{Text: about},
		s.list(stepGives, s.clip(s.roles(p.Roles), chat.MaxItems), "work.givesNothing"),
	}
}

func (s scene) catalogName(id access.CatalogID) string {
	if g := s.w.Catalogs[id]; g.Name != "" {
		return g.Name
	}
	return string(id)
}

// list is a step with a list of what it says, or a sentence where it says
// nothing.
func (s workScene) list(step int, items []chat.Text, empty string) chat.Block {
	b := chat.Block{Heading: s.plain(stepKey("part.", step)), Items: items}
	switch len(items) {
	case 0:
		b.Text = s.text(empty)
	case 1:
		b.Items, b.Text = nil, items[0]
	}
	return b
}

// policyBlocks are the four steps of a policy.
func (s workScene) policyBlocks(n int) []chat.Block {
	p := s.work.Package.Policies[n]
	return []chat.Block{
		s.list(stepWho, s.whoMayAsk(p), "says.nobody"),
		s.list(stepStages, s.whoDecides(p), "says.noStages"),
		s.list(stepLife, s.howLong(p), "says.noStages"),
		s.list(stepAsked, s.whatIsAsked(p), "says.nothingAsked"),
	}
}

// policyRows are several policies, a line each.
func (s workScene) policyRows() []chat.Block {
	if len(s.work.Package.Policies) == 0 {
		return []chat.Block{{Heading: s.plain("work.policies"), Text: s.text("work.noPolicies")}}
	}
	var rows []chat.Block
	for n, p := range s.work.Package.Policies {
		text := s.text("work.row", "n", n+1, "policy", strong(p.Name), "who", s.join(s.whoMayAsk(p)), "ends", s.ends(lifetime(p.Lifecycle)))
		b := chat.Block{Text: text, Buttons: s.press(nil, verbWork, "button.step.policy", chat.StylePlain, chat.Token{Arg: string(s.work.Package.ID), Face: n + 1})}
		if n == 0 {
			b.Heading = s.plain("work.policies")
		}
		rows = append(rows, b)
	}
	return rows
}

func (s workScene) terms() chat.Block {
	b := chat.Block{Heading: s.plain("part.terms"), Text: s.text("work.noTerms")}
	if terms := s.work.Package.Terms; terms != nil {
		b.Text = chat.Say(cut(terms.Text.For(s.locale), 300))
		if in := s.languages(terms.Text); in != "" {
			b.Text = append(append(b.Text, chat.Span{Kind: chat.Plain, Text: "\n"}), s.text("work.termsIn", "languages", in)...)
		}
	}
	return b
}

// closing are the buttons that end the work.
func (s workScene) closing() []chat.Button {
	t := chat.Token{Arg: string(s.work.Package.ID)}
	label := "button.make.change"
	if s.work.fresh() {
		label = "button.make"
	}
	var out []chat.Button
	if s.work.Step < stepReady {
		on := t
		on.Stage = s.work.Step
		out = s.press(out, verbStep, "button.step.next", chat.StylePrimary, on)
	}
	if s.work.Step == stepReady && (s.work.fresh() || len(s.differences(s.work.Before, s.work.Package)) > 0) {
		out = s.press(out, verbMake, label, chat.StylePrimary, t)
	}
	return s.button(out, verbForget, chat.StylePlain, t)
}

// policyPeople are all whom the policies of a package name.
func policyPeople(p access.Package) []access.PersonID {
	out := subjectPeople(p)
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
