//go:build peers

package peers

import (
	"fmt"
	"testing"
)

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

	w.givesBack(carla)
	w.waitIn(carla, false, false)
	w.onOneCard(olga, asked, "given back")
	if err := w.metric(`usher_slack_deliveries_total{chat="slack",result="taken"}`); err != nil {
		t.Error(err)
	}
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
// that it is the only one: it was edited, not posted anew.
func (w *workspace) onOneCard(p *person, posted message, words ...string) {
	w.t.Helper()
	now := p.card("", append(words, ask)...)
	if now.TS != posted.TS || now.Edited == nil || now.Metadata.Payload.Effect == "" {
		w.t.Errorf("the card was posted as %s, now there is %+v", posted.TS, now)
	}
	n := 0
	for _, m := range w.slack.messages(p.id) {
		if contains(m.Text+fmt.Sprint(m.Metadata), posted.Metadata.Payload.Effect) {
			n++
		}
	}
	if n != 1 {
		w.t.Errorf("the card is there %d times", n)
	}
}
