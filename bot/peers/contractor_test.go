//go:build peers

package peers

import "testing"

const ask = "Request: External contractor"

// opened is a workspace in which Usher serves the packages.
func opened(t *testing.T, without ...string) *workspace {
	t.Helper()
	t.Parallel()
	w := newWorkspace(t, without...)
	w.define()
	w.serve()
	return w
}

func TestTheContractorsStory(t *testing.T) {
	w := opened(t)
	carla, olga := w.person("carla"), w.person("olga")

	form := carla.asks("request contractor")
	if err := w.slack.keeps(form.ID, form.Hash); err != nil {
		t.Error(err)
	}
	form.fill("Why is it needed?", "The new website")
	if a := form.submit(); a.Action != "errors" || len(a.Errors) != 1 {
		t.Errorf("without an answer: %+v", a)
	}
	form.fill("What will you mostly work on?", "A campaign")
	form.goesThrough()

	asked := olga.card("Approve", ask, "Carla Contreras", "A campaign", "The new website")
	reason := olga.sees("views.open", func() { olga.press(asked, "Approve") })
	if a := reason.submit(); a.Action != "errors" || len(a.Errors) != 1 {
		t.Errorf("without a reason: %+v", a)
	}
	reason.fill("Reason", "Known from the last project")
	reason.goesThrough()

	terms := carla.card("Read the terms", "External contractor")
	w.waitIn(carla, false, false) // not before the terms
	w.accepts(carla, terms)
	w.waitIn(carla, true, true)
	w.onOneCard(olga, asked, "The access is on", "Known from the last project")

	home := carla.sees("views.publish", func() {
		carla.happen("Ev0HOME", object{"type": "app_home_opened", "user": carla.id, "tab": "home"})
	})
	if _, err := button(home.Blocks, "Give back"); err != nil {
		t.Errorf("the home: %v", err)
	}

	w.givesBack(carla)
	w.waitIn(carla, false, false)
	w.onOneCard(olga, asked, "Given back by")
	w.noTwins(carla)
	if err := w.metric(`usher_slack_deliveries_total{chat="slack",result="taken"}`); err != nil {
		t.Error(err)
	}
}

// contract is the same story in short: Carla gets access and gives it back.
func (w *workspace) contract(carla, olga *person) {
	w.t.Helper()
	form := carla.asks("request contractor")
	form.fill("Why is it needed?", "The new website")
	form.fill("What will you mostly work on?", "The website")
	form.goesThrough()
	asked := olga.card("Approve", ask)
	reason := olga.sees("views.open", func() { olga.press(asked, "Approve") })
	reason.fill("Reason", "Known")
	reason.goesThrough()
	w.accepts(carla, carla.card("Read the terms", "External contractor"))
	w.waitIn(carla, true, true)
	w.onOneCard(olga, asked, "The access is on")
	w.givesBack(carla)
	w.waitIn(carla, false, false)
	w.onOneCard(olga, asked, "Given back by")
	olga.card("", "External contractor", "is over") // the last that is said
	w.noTwins(carla)
}

// accepts reads the terms and accepts them.
func (w *workspace) accepts(p *person, card message) {
	w.t.Helper()
	shown := p.hears(func() { p.press(card, "Read the terms") })
	p.press(shown, "Accept")
}

// givesBack gives back what the card of the request says.
func (w *workspace) givesBack(p *person) {
	w.t.Helper()
	p.press(p.card("Give back", "External contractor"), "Give back")
}

// onOneCard waits until the card that was posted shows something, and checks
// that it was edited, not posted anew.
func (w *workspace) onOneCard(p *person, posted message, words ...string) {
	w.t.Helper()
	now := p.card("", append(words, ask)...)
	if now.TS != posted.TS || now.Edited == nil {
		w.t.Errorf("the card was posted as %s, now there is %+v", posted.TS, now)
	}
	w.noTwins(p)
}

// noTwins checks that no message is there twice.
func (w *workspace) noTwins(p *person) {
	w.t.Helper()
	seen := map[string]string{}
	for _, m := range w.slack.messages(p.id) {
		effect := m.Metadata.Payload.Effect
		if effect == "" || seen[effect] != "" {
			w.t.Errorf("the message %s is there as %s and as %s", effect, m.TS, seen[effect])
		}
		seen[effect] = m.TS
	}
}
