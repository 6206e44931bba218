package discordfake_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
)

// definitions are a slash command with autocomplete and the two menus.
func definitions() []object {
	return []object{
		{"name": "access", "description": "Ask for access", "options": []any{
			object{"type": 1, "name": "request", "description": "Ask for a package", "options": []any{
				object{"type": 3, "name": "package", "description": "Which", "autocomplete": true, "required": true},
				object{"type": 6, "name": "for", "description": "For whom"},
			}},
			object{"type": 1, "name": "help", "description": "What there is"},
		}},
		{"name": "Request access", "type": 2, "contexts": []any{0}, "integration_types": []any{0}},
		{"name": "Ask about this", "type": 3},
	}
}

// form is a modal with most kinds of inputs.
func form() object {
	label := func(text string, component object) object {
		return object{"type": 18, "label": text, "component": component}
	}
	option := func(s string) object { return object{"label": s, "value": "v:" + s} }
	return object{"type": 9, "data": object{"custom_id": "request", "title": "Request access", "components": []any{
		object{"type": 10, "content": "Tell **why**."},
		label("Why?", object{"type": 4, "custom_id": "why", "style": 2, "min_length": 5}),
		label("Days", object{"type": 21, "custom_id": "days", "options": []any{option("One"), option("Ten")}}),
		label("Places", object{"type": 22, "custom_id": "places", "options": []any{option("Shop"), option("Studio")}, "required": false, "min_values": 0}),
		label("Manager", object{"type": 5, "custom_id": "manager", "required": false}),
	}}}
}

// desk is an app that shows a form, posts a card and updates it.
func (w world) desk(i object) any {
	data := i["data"]
	switch i["type"] {
	case 4.0:
		return object{"type": 8, "data": object{"choices": []any{object{"name": "Contractor", "value": "contractor"}}}}
	case 2.0:
		if dig(data, "options", 0, "name") == "help" {
			return object{"type": 4, "data": object{"content": "Type /access request", "flags": 64}}
		}
		return form()
	case 5.0:
		why := dig(data, "components", 1, "component", "value")
		days := dig(data, "components", 2, "component", "value")
		places := dig(data, "components", 3, "component", "values")
		manager := dig(data, "components", 4, "component", "values", 0)
		w.do("POST", "/channels/"+w.general+"/messages", card(fmt.Sprintf("<@%s> asks: %s, %s, %s, <@%s>", dig(i, "member", "user", "id"), why, days, places, manager), "Approve", "Deny"))
		return object{"type": 4, "data": object{"content": "Sent.", "flags": 64}}
	}
	return object{"type": 7, "data": card(fmt.Sprintf("%s by <@%s>", dig(data, "custom_id"), dig(i, "member", "user", "id")))}
}

func TestAPersonAsksAndAnotherDecides(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(world, app){
		"HTTP, in the body": world.serve,
		"HTTP, by a call":   func(w world, a app) { w.serve(w.byCall(a)) },
		"gateway":           world.connect,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, discordfake.Options{})
			w.register(definitions()...)
			start(w, w.desk)
			mina, ada := w.Person("mina"), w.Person("ada")
			must(t, mina.Slash("access help"))
			if m, err := mina.Read("Type /access request"); err != nil || !m.Private {
				t.Fatalf("%v: %+v", err, m)
			}
			if strings.Contains(ada.See().String(), "Type /access") || len(w.Messages("general")) != 0 {
				t.Error("an ephemeral message is seen by another")
			}
			choices, err := mina.Autocomplete("access request", "package", "con")
			must(t, err)
			if len(choices) != 1 || choices[0].Value != "contractor" {
				t.Errorf("offered are %v", choices)
			}
			if err := mina.Slash("access request"); !errors.Is(err, discordfake.ErrNoSuch) {
				t.Errorf("a required option was left out: %v", err)
			}
			must(t, mina.Slash("access request", discordfake.Opt{Name: "package", Value: "contractor"}, discordfake.Opt{Name: "for", Value: "carla"}))
			if _, err := mina.ReadModal("Tell **why**."); err != nil {
				t.Fatal(err)
			}
			if err := mina.Submit(map[string]any{"Why?": "no"}); !errors.Is(err, discordfake.ErrFields) || len(mina.See().Modal.Errors) != 2 {
				t.Errorf("a form with errors went through: %v", err)
			}
			must(t, mina.Submit(map[string]any{"Why?": "I paint", "Days": "Ten", "Places": []string{"Studio"}, "Manager": "Ada Lindqvist"}))
			card, err := ada.Read("@Mina Okafor asks: I paint, v:Ten, [v:Studio], @Ada Lindqvist")
			must(t, err)
			if mina.See().Modal != nil || len(card.Pinged) != 0 || !slices.Equal(card.Buttons, []string{"Approve", "Deny"}) {
				t.Errorf("the card is %+v", card)
			}
			must(t, ada.Press(card, "Approve"))
			after, err := mina.Read("token of Approve by @Ada Lindqvist")
			must(t, err)
			if after.ID != card.ID || !after.Edited || len(after.Buttons) != 0 {
				t.Errorf("the card is %+v", after)
			}
			if err := ada.Press(card, "Approve"); !errors.Is(err, discordfake.ErrNoSuch) {
				t.Errorf("a button that is gone was pressed: %v", err)
			}
		})
	}
}
