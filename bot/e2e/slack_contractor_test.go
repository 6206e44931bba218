package e2e

import (
	"testing"
	"time"
)

func TestTheContractorsStoryInSlack(t *testing.T) {
	inSlack(t, func(t *testing.T, o *office) { o.contractor(func() {}) })
}

// Buttons and terms that were posted before a restart work after it.
func TestTheContractorsStoryInSlackWithRestarts(t *testing.T) {
	inSlack(t, func(t *testing.T, o *office) {
		o.contractor(func() {
			o.stop()
			o.start()
		})
	})
}

// contractor is the whole story; between is done between any two steps.
func (o *office) contractor(between func()) {
	o.t.Helper()
	carla, olga := o.person("carla"), o.person("olga")
	carla.ask("contractor", "External contractor", map[string]any{
		"What will you mostly work on?": "A campaign", "Why is it needed?": "The new website",
	})
	asked := olga.card("Request: External contractor", "[Approve]")
	for _, want := range []string{"Carla Contreras", "A campaign", "The new website", "Read and write in the design channel"} {
		if !asked.Has(want) {
			o.t.Errorf("the approver's card is without %q:\n%s", want, asked.Body)
		}
	}
	between()

	// A reason is wanted.
	olga.press(asked, "Approve")
	if _, err := olga.ReadModal(""); err != nil {
		o.t.Fatal(err)
	}
	if err := olga.Submit(); err == nil {
		o.t.Error("a decision without a reason went through")
	}
	olga.fill("", map[string]any{"Reason": "Known from the last project"})
	terms := carla.card("External contractor", "[Read the terms]")
	o.waitIn("U0CARLA") // not before the terms
	between()

	carla.press(terms, "Read the terms")
	shown, err := carla.Read("[Accept]")
	carla.must(err)
	carla.press(shown, "Accept")
	o.waitIn("U0CARLA", "C0DESIGN", "C0SITE")
	carla.card("External contractor", "[Give back]")
	olga.card("Request: External contractor", "The access is on")
	between()

	carla.must(carla.OpenHome())
	_, err = carla.ReadHome("[Give back]")
	carla.must(err)

	o.forward(32 * 24 * time.Hour)
	o.waitIn("U0CARLA")
	carla.card("Your access to", "External contractor", "is over")
	if late := olga.card("Request: External contractor", "The access ended on"); late.Has("[Approve]") {
		o.t.Error("the approver's card still has its button")
	}
	if err := o.asks("/metrics", `usher_slack_deliveries_total{chat="slack",result="taken"}`); err != nil {
		o.t.Error(err)
	}
}
