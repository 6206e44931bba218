package e2e

import (
	"testing"
	"time"
)

func TestTheContractorsStoryInChats(t *testing.T) {
	tell(t, func(t *testing.T, o venue) { contractor(t, o, func() {}) })
}

// Buttons and terms that were posted before a restart work after it.
func TestTheContractorsStoryInChatsWithRestarts(t *testing.T) {
	tell(t, func(t *testing.T, o venue) {
		contractor(t, o, func() {
			o.stop()
			o.start()
		})
	})
}

// contractor is the whole story; between is done between any two steps.
func contractor(t *testing.T, o venue, between func()) {
	t.Helper()
	carla, olga := o.person("carla"), o.person("olga")
	carla.ask("contractor", "External contractor", map[string]any{
		"What will you mostly work on?": "A campaign", "Why is it needed?": "The new website",
	})
	asked := olga.card("Request: External contractor", "[Approve]")
	for _, want := range []string{"Carla Contreras", "A campaign", "The new website", "Read and write in the design channel"} {
		if !asked.has(want) {
			t.Errorf("the approver's card is without %q:\n%s", want, asked.body)
		}
	}
	between()

	// A reason is wanted.
	if olga.sendsEmpty(asked, "Approve") {
		t.Error("a decision without a reason went through")
	}
	olga.fill("", map[string]any{"Reason": "Known from the last project"})
	terms := carla.card("External contractor", "[Read the terms]")
	o.waitHas("carla") // not before the terms
	between()

	carla.press(terms, "Read the terms")
	carla.press(carla.read("[Accept]"), "Accept")
	o.waitHas("carla", "design", "site")
	carla.card("External contractor", "[Give back]")
	olga.card("Request: External contractor", "The access is on")
	between()

	carla.home("[Give back]")
	o.forward(32 * 24 * time.Hour)
	o.waitHas("carla")
	carla.card("Your access to", "External contractor", "is over")
	if late := olga.card("Request: External contractor", "The access ended on"); late.has("[Approve]") {
		t.Error("the approver's card still has its button")
	}
	if o.counted()["taken"] == 0 {
		t.Error("nothing of it is counted")
	}
}
