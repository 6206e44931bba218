package e2e

import "testing"

// Usher is killed while cards wait to be pressed: their buttons work after it.
func TestButtonsFromBeforeAKillWorkInChats(t *testing.T) {
	tell(t, func(t *testing.T, o venue) {
		carla, olga := o.person("carla"), o.person("olga")
		o.stop()
		kill := o.launch()
		carla.ask("contractor", "External contractor", map[string]any{
			"What will you mostly work on?": "The website", "Why is it needed?": "The new website",
		})
		asked := olga.card("Request: External contractor", "[Approve]")
		kill()

		kill = o.launch()
		olga.decide(asked, "Approve", "Known")
		terms := carla.card("External contractor", "[Read the terms]")
		kill()

		o.launch()
		carla.press(terms, "Read the terms")
		carla.press(carla.read("[Accept]"), "Accept")
		o.waitHas("carla", "design", "site")
		carla.card("External contractor", "[Give back]")
	})
}
