package desk

import (
	"maps"
	"slices"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// cmdSimulate says what would come of a request, or asks of which.
func (c *call) cmdSimulate(in words) (chat.Reply, error) {
	preset, err := c.adminPreset(in)
	if err != nil {
		return nil, err
	}
	if len(preset) == 2 {
		return c.simulated(preset)
	}
	return c.openChecked(c.token(verbSimulate, ""), preset)
}

func (c *call) simulateForm(t chat.Token, d *draft) (*sheet, error) {
	presetPackage(t, d)
	pkg, err := c.packageField(d)
	if err != nil {
		return nil, err
	}
	who := c.personField()
	who.Label = c.plain("simulate.who")
	return &sheet{
		form: form.Form{Title: c.plain("simulate.title"), Submit: c.plain("button.simulate"), Fields: []form.Field{
			who, pkg,
			{ID: "holder", Kind: form.Person, Label: c.plain("field.forWhom"), Hint: c.plain("simulate.forHint")},
		}},
		intro: c.text("simulate.intro"),
		check: func(v form.Values) map[string]*access.Error {
			out := map[string]*access.Error{}
			for _, field := range []string{"person", "holder"} {
				c.checkPersonAt(field, v, out)
			}
			return out
		},
		submit: c.simulated,
	}, nil
}

// checkPersonAt finds out early that nobody is called what a field says.
func (c *call) checkPersonAt(field string, v form.Values, out map[string]*access.Error) {
	if typed := one(v, field); typed != "" {
		if _, _, err := c.person(typed); err != nil {
			out[field] = at(err, field)
		}
	}
}

// simulateWay simulates once more, through another policy: the token's stage
// is its place among those that fit.
func (c *call) simulateWay(t chat.Token) (chat.Reply, error) {
	return c.simulate(runtime.Wish{Asker: access.Account(t.Person), Package: access.PackageID(t.Arg)}, t.Stage)
}

// simulated carries out the form.
func (c *call) simulated(v form.Values) (chat.Reply, error) {
	asker, _, err := c.person(one(v, "person"))
	if err != nil {
		return nil, err
	}
	w := runtime.Wish{Asker: asker.Account, Package: access.PackageID(one(v, "package"))}
	if other := one(v, "holder"); other != "" {
		holder, _, err := c.person(other)
		if e, ok := access.AsError(err); ok {
			return nil, e.At("holder")
		}
		if err != nil {
			return nil, err
		}
		w.Holder = holder.Person
	}
	return c.simulate(w, 0)
}

// simulate shows what would come of a request through the way-th policy that
// fits. Nothing is stored, nobody is told.
func (c *call) simulate(w runtime.Wish, way int) (chat.Reply, error) {
	_, p, err := c.lookedAfter(w.Package)
	if err != nil {
		return nil, err
	}
	sim, err := c.core.Simulate(c.ctx, c.from.Tenant, w)
	if err == nil && way > 0 && way < len(sim.Fitting) {
		w.Policy = sim.Fitting[way].ID
		sim, err = c.core.Simulate(c.ctx, c.from.Tenant, w)
	}
	if err != nil {
		return nil, err
	}
	asker, _, err := c.person(string(w.Asker))
	if err != nil {
		return nil, err
	}
	if w.Holder == "" {
		w.Holder = asker.Person
	}
	sim.Ledger.Person = w.Holder
	s := c.scene(runtime.View{Ledger: sim.Ledger, World: merged(sim.World, sim.World)}, simulatedPeople(sim, asker.Person)...)
	view := simulation{scene: s, sim: sim, p: p, asker: asker.Person}
	card := view.card()
	if w.Holder == asker.Person {
		card.Buttons = view.ways(c, w, way)
	}
	return chat.Tell{Card: fit(card)}, nil
}

func simulatedPeople(sim runtime.Simulation, asker access.PersonID) []access.PersonID {
	out := []access.PersonID{asker}
	for _, stage := range sim.Stages {
		out = append(out, stage.LeftOut...)
		out = append(out, slices.Sorted(maps.Keys(stage.Unable))...)
		for _, place := range stage.Places[:min(len(stage.Places), 2*shownPeople)] {
			out = append(out, place.Person)
		}
	}
	for _, policy := range sim.Fitting {
		for _, stage := range policy.Stages {
			addSubjects(func(ids ...access.PersonID) { out = append(out, ids...) }, stage.Alternates)
		}
	}
	return out
}

// simulation is what one would come to, as it is shown.
type simulation struct {
	scene
	sim   runtime.Simulation
	p     access.Package
	asker access.PersonID
}

func (v simulation) card() chat.Card {
	key := "simulate.card"
	if v.asker != v.l.Person {
		key = "simulate.cardFor"
	}
	title := v.plain(key, "asker", v.name(v.asker), "person", v.name(v.l.Person), "package", v.p.Name)
	card := chat.Card{Title: title, Summary: title, Tone: chat.ToneGood, Blocks: []chat.Block{{Text: v.may()}}}
	if v.sim.Refused != nil {
		card.Tone = chat.ToneBad
	}
	r := v.l.Request(v.sim.Request)
	if r != nil {
		if v.sim.Supposed {
			card.Blocks = append(card.Blocks, chat.Block{Text: v.text("simulate.supposed")})
		}
		card.Blocks = append(card.Blocks, facts(v.facts(*r))...)
		card.Blocks = append(card.Blocks, v.stages(*r)...)
	}
	card.Blocks = append(card.Blocks, chat.Block{Small: true, Text: v.text("simulate.nothing")})
	return card
}

// may says whether they may ask, and what stands in the way.
func (v simulation) may() chat.Text {
	e := v.sim.Refused
	if e == nil {
		return v.text("simulate.may", "asker", v.who(v.asker))
	}
	key := "simulate.not." + e.Code
	if !v.has(key) {
		key = "simulate.not"
	}
	var window chat.Text
	if w, ok := e.Data["window"].(access.Window); ok {
		window = v.ends(w)
	}
	return v.text(key, "asker", v.who(v.asker), "person", v.who(v.l.Person), "package", strong(v.p.Name), "other", e.Data["other"], "end", e.Data["end"], "window", window)
}

// facts are the policy, what the form asks, from when until when, and whether
// terms have to be accepted.
func (v simulation) facts(r access.Request) []chat.Fact {
	policy := v.policyOf(r)
	out := v.fact("simulate.policy", chat.Text{strong(first(policy.Name, string(policy.ID)))})
	var others []chat.Text
	for _, other := range v.sim.Fitting {
		if other.ID != policy.ID {
			others = append(others, chat.Text{strong(first(other.Name, string(other.ID)))})
		}
	}
	out = append(out, v.fact("simulate.others", v.join(others))...)
	asked := v.text("simulate.nothingAsked")
	if list := v.whatIsAsked(policy); len(list) > 0 {
		asked = inLine(v.clip(list, chat.MaxItems))
	}
	out = append(out, v.fact("show.asked", asked)...)
	out = append(out, v.fact("label.from", v.starts(r.Window))...)
	out = append(out, v.fact("label.ends", v.ends(r.Window))...)
	terms := v.text("simulate.noTerms")
	if r.Terms.Version > 0 {
		terms = v.text("simulate.terms", "person", v.who(v.l.Person))
	}
	return append(out, v.fact("label.terms", terms)...)
}

// stages are a block for each stage.
func (v simulation) stages(r access.Request) []chat.Block {
	if len(v.sim.Stages) == 0 {
		return []chat.Block{{Heading: v.plain("show.decides"), Text: v.text("simulate.nobodyDecides")}}
	}
	var out []chat.Block
	for n, stage := range v.sim.Stages {
		heading := v.plain("show.decides")
		if name := v.stageName(r, n); name != nil {
			heading += ": " + v.flat(name)
		}
		out = append(out, chat.Block{Heading: heading, Items: v.stage(r, n, stage)})
	}
	if last := v.sim.Stages[len(v.sim.Stages)-1]; !last.Passes && v.stageCount(r) > len(v.sim.Stages) {
		out = append(out, chat.Block{Text: v.text("simulate.laterStages")})
	}
	return out
}

// stage says who is asked, where, and until when they have to decide.
func (v simulation) stage(r access.Request, n int, stage runtime.SimulatedStage) []chat.Text {
	policy := v.stagePolicy(r, n)
	var out []chat.Text
	say := func(what chat.Text) {
		if len(what) > 0 {
			out = append(out, what)
		}
	}
	if stage.Run.Owners {
		say(v.text("simulate.owners"))
	}
	out = append(out, v.places(stage)...)
	say(v.count("simulate.needs", policy.Needs()))
	due := v.text("simulate.within", "within", stage.Run.Due.Sub(stage.Run.Opened))
	if n == 0 || stage.Run.Due.Equal(r.Window.End) {
		due = v.text("simulate.due", "due", stage.Run.Due)
	}
	say(due)
	if len(policy.Alternates) > 0 {
		say(v.text("simulate.alternates", "who", v.subjects(policy.Alternates), "after", policy.AskAlternatesAfter()))
	}
	out = append(out, v.troubles(stage)...)
	if !stage.Passes {
		say(v.text("simulate.stuck"))
	}
	return out
}

// places say where the cards go: to whom directly, and into which channels.
func (v simulation) places(stage runtime.SimulatedStage) []chat.Text {
	var people []access.PersonID
	var channels []access.Channel
	for _, place := range stage.Places {
		if place.Person != "" {
			people = append(people, place.Person)
		} else {
			channels = append(channels, place.Channel)
		}
	}
	var out []chat.Text
	if len(people) > 0 {
		out = append(out, v.text("simulate.direct", "people", v.people(people)))
	}
	if len(channels) > 0 {
		out = append(out, v.text("simulate.channels", "channels", v.channels(channels)))
	}
	for _, ask := range stage.Run.Asks {
		for _, f := range ask.Found {
			if f.Whole {
				out = append(out, v.text("simulate.whole", "who", v.subject(f.Subject)))
			}
		}
	}
	if len(stage.Places) == 0 {
		out = append(out, v.text("simulate.nowhere"))
	}
	return out
}

// troubles are who is left out, who cannot be found, who could not decide, and
// who is asked because of that.
func (v simulation) troubles(stage runtime.SimulatedStage) []chat.Text {
	var out []chat.Text
	if len(stage.LeftOut) > 0 {
		out = append(out, v.text("simulate.leftOut", "people", v.people(stage.LeftOut)))
	}
	for _, p := range slices.Sorted(maps.Keys(stage.Unable)) {
		key := "simulate.unable." + stage.Unable[p]
		if !v.has(key) {
			key = "simulate.unable"
		}
		out = append(out, v.text(key, "person", v.who(p)))
	}
	for _, ask := range stage.Run.Asks {
		if key := "simulate.level." + string(ask.Level); v.has(key) {
			out = append(out, v.text(key, "who", v.subjects(ask.Subjects)))
		}
		for _, f := range ask.Found {
			if len(f.People) == 0 && !f.Whole {
				out = append(out, v.text("simulate.unreachable", "who", v.subject(f.Subject)))
			}
		}
	}
	return out
}

// ways are buttons for the other policies that may be chosen.
func (v simulation) ways(c *call, w runtime.Wish, way int) []chat.Button {
	var out []chat.Button
	for n, policy := range v.sim.Fitting {
		if n == way || len(out) == 4 {
			continue
		}
		before := len(out)
		out = c.blank().button(out, verbSimWay, chat.StylePlain, chat.Token{Person: access.PersonID(w.Asker), Arg: string(w.Package), Stage: n})
		if len(out) > before {
			out[before].Label = cut(oneLine(v.plain("simulate.way", "policy", first(policy.Name, string(policy.ID)))), chat.MaxButtonLabel)
		}
	}
	return out
}
