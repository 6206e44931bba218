package discord

import (
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
)

func slicesOf[T any](n int, f func(int) T) (out []T) {
	for i := range n {
		out = append(out, f(i))
	}
	return out
}

func TestCheckFindsWhatDiscordWouldRefuse(t *testing.T) {
	t.Parallel()
	x := func(n int) string { return strings.Repeat("x", n) }
	say := func(s string) component { return component{Type: kindText, Content: s} }
	button := func(id, label string) component {
		return component{Type: kindButton, CustomID: id, Label: label, Style: stylePrimary}
	}
	row := func(b ...component) component { return component{Type: kindRow, Components: b} }
	press := button("a", "b")
	for want, list := range map[string][]component{
		"message: 0 components in all, not 1 to 40":                                                    nil,
		"message: 41 components in all, not 1 to 40":                                                   slicesOf(41, func(int) component { return say("x") }),
		"message: 4001 characters in all, not 1 to 4000":                                               {say(x(4000)), say("x")},
		"message.components[0]: text is empty":                                                         {say(" \u200b")},
		"message.components[0]: type 18 does not belong here":                                          {{Type: kindLabel}},
		"message.components[0]: type 2 does not belong here":                                           {press},
		"message.components[0]: 6 buttons, not 1 to 5":                                                 {row(slicesOf(6, func(i int) component { return button(x(i+1), "b") })...)},
		"message.components[0].components[0]: custom_id has 101 characters, at most 100":               {row(button(x(101), "b"))},
		"message.components[0].components[1]: its custom_id is empty or there twice":                   {row(press, press)},
		"message.components[0].components[0]: label has 81 characters, at most 80":                     {row(button("a", x(81)))},
		"message.components[0].components[0]: label is empty":                                          {row(button("a", ""))},
		"message.components[0].components[0]: 5 style, not 1 to 4":                                     {row(component{Type: kindButton, CustomID: "a", Label: "b", Style: 5})},
		"message.components[0]: has no accessory":                                                      {{Type: kindSection, Components: []component{say("x")}}},
		"message.components[0]: 4 texts, not 1 to 3":                                                   {{Type: kindSection, Components: slicesOf(4, func(int) component { return say("x") }), Accessory: &press}},
		"message.components[0].components[0]: type 17 does not belong here":                            {{Type: kindContainer, Components: []component{{Type: kindContainer}}}},
		"message.components[0].components[0].components[0]: custom_id has 101 characters, at most 100": {{Type: kindContainer, Components: []component{row(button(x(101), "b"))}}},
	} {
		m := message{Flags: flagComponentsV2, Components: list, Mentions: allowedMentions{Parse: []string{}}}
		if err := checkMessage(m); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	for _, m := range []message{{Components: []component{say("x")}, Mentions: allowedMentions{Parse: []string{}}}, {Flags: flagComponentsV2, Components: []component{say("x")}}} {
		if err := checkMessage(m); err == nil || err.Error() != "message: is not one of components, or may call people" {
			t.Errorf("%+v: %v", m, err)
		}
	}
}

func TestCheckFindsModalsThatDiscordWouldRefuse(t *testing.T) {
	t.Parallel()
	x := func(n int) string { return strings.Repeat("x", n) }
	label := func(e component) component { return component{Type: kindLabel, Label: "l", Component: &e} }
	line := component{Type: kindTextInput, CustomID: "a", Style: styleShort}
	options := func(n int) []choice {
		return slicesOf(n, func(i int) choice { return choice{Value: x(i + 1), Label: "l"} })
	}
	with := func(kind kind, list []choice) []component {
		return []component{label(component{Type: kind, CustomID: "a", Options: list})}
	}
	chosen := options(3)
	chosen[0].Default, chosen[1].Default = true, true
	zero, yes := 0, true
	at := "modal.components[0].component[0]: "
	for want, list := range map[string][]component{
		"modal: 0 components, not 1 to 5":                                         nil,
		"modal: 6 components, not 1 to 5":                                         slicesOf(6, func(i int) component { return component{Type: kindText, Content: "x"} }),
		"modal.components[0]: label has 46 characters, at most 45":                {{Type: kindLabel, Label: x(46), Component: &line}},
		"modal.components[0]: description has 101 characters, at most 100":        {{Type: kindLabel, Label: "l", Description: x(101), Component: &line}},
		"modal.components[0]: has no component":                                   {{Type: kindLabel, Label: "l"}},
		"modal.components[0]: type 1 does not belong here":                        {{Type: kindRow}},
		"modal.components[1].component[0]: its custom_id is empty or there twice": {label(line), label(line)},
		at + "type 2 does not belong here":                                        {label(component{Type: kindButton})},
		at + "value has 4001 characters, at most 4000":                            {label(component{Type: kindTextInput, CustomID: "a", Style: 1, Value: x(4001)})},
		at + "placeholder has 101 characters, at most 100":                        {label(component{Type: kindTextInput, CustomID: "a", Style: 1, Placeholder: x(101)})},
		at + "4001 characters at most, not 1 to 4000":                             {label(component{Type: kindTextInput, CustomID: "a", Style: 1, MaxLength: 4001})},
		at + "0 style, not 1 to 2":                                                {label(component{Type: kindTextInput, CustomID: "a"})},
		at + "placeholder has 151 characters, at most 150":                        {label(component{Type: kindUserSelect, CustomID: "a", Placeholder: x(151)})},
		at + "26 options, not 1 to 25":                                            with(kindStringSelect, options(26)),
		at + "1 options, not 2 to 10":                                             with(kindRadio, options(1)),
		at + "11 options, not 2 to 10":                                            with(kindRadio, options(11)),
		at + "11 options, not 1 to 10":                                            with(kindCheckboxes, options(11)),
		at + "2 options chosen, not 0 to 1":                                       with(kindRadio, chosen),
		at + "option has 101 characters, at most 100":                             with(kindRadio, []choice{{Value: "a", Label: x(101)}, {Value: "b", Label: "b"}}),
		at + "value has 101 characters, at most 100":                              with(kindRadio, []choice{{Value: x(101), Label: "a"}, {Value: "b", Label: "b"}}),
		at + "an option's value is empty or there twice":                          with(kindRadio, []choice{{Value: "b", Label: "a"}, {Value: "b", Label: "b"}}),
		at + "is required and may have none":                                      {label(component{Type: kindUserSelect, CustomID: "a", MinValues: &zero, Required: &yes})},
		at + "2 people chosen, not 0 to 1":                                        {label(component{Type: kindUserSelect, CustomID: "a", Defaults: make([]defaultValue, 2)})},
	} {
		if err := checkModal(modal{CustomID: "f", Title: "t", Components: list}); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	for want, m := range map[string]modal{
		"modal: title has 46 characters, at most 45":       {CustomID: "f", Title: x(46), Components: []component{label(line)}},
		"modal: title is empty":                            {CustomID: "f", Components: []component{label(line)}},
		"modal: its custom_id is empty or there twice":     {Title: "t", Components: []component{label(line)}},
		"modal: custom_id has 101 characters, at most 100": {CustomID: x(101), Title: "t", Components: []component{label(line)}},
	} {
		if err := checkModal(m); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestCutCountsAsDiscordDoes(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"short": "short", "exactly ten": "exactly t…", "🟡🟡🟡🟡🟡": "🟡🟡🟡🟡🟡", "🟡🟡🟡🟡🟡x": "🟡🟡🟡🟡…"} {
		if got := chat.Cut(in, 10); got != want || chat.Length(got) > 10 {
			t.Errorf("%q became %q", in, got)
		}
	}
}

// rows is a card of n blocks with a button each and texts and lines between,
// and more buttons below.
func rows(n, more int) chat.Card {
	c := chat.Card{Summary: "Long", Title: "Long"}
	for i := range n {
		c.Blocks = append(c.Blocks,
			chat.Block{Divider: true, Heading: "A heading"}, chat.Block{Text: chat.Say("before")},
			chat.Block{Text: chat.Say("row"), Buttons: []chat.Button{{Label: "Press", Token: strings.Repeat("t", 90) + string(rune('a'+i))}}})
	}
	c.Blocks = append(c.Blocks, chat.Block{Text: chat.Say("the end")})
	for i := range more {
		c.Buttons = append(c.Buttons, chat.Button{Label: "Press", Token: strings.Repeat("u", 99) + string(rune('a'+i))})
	}
	return c
}

func TestACardWithTooManyPartsDoesWithoutLines(t *testing.T) {
	t.Parallel()
	p := paint(t, "en")
	for n := range chat.MaxRows + 1 {
		for more := 0; more+n <= chat.MaxButtons && more <= chat.MaxCardButtons; more++ {
			m := p.message(rows(n, more))
			said, ids := see(m)
			if err := checkMessage(m); err != nil || len(ids) != n+more || !strings.HasSuffix(said, "the end\n") || strings.Count(said, "before") != n {
				t.Fatalf("%d rows and %d buttons: %v, %q with %q", n, more, err, said, ids)
			}
		}
	}
}

func TestATooLongCardKeepsItsButtons(t *testing.T) {
	t.Parallel()
	c := rows(5, 10)
	c.Blocks[1].Text = chat.Say(strings.Repeat("*many* _marks_ ", 200)).Strong(strings.Repeat("| ", 200))
	c.Blocks = append(c.Blocks, chat.Block{Text: chat.Say(strings.Repeat("\\", 3000))})
	m := paint(t, "de").message(c)
	said, ids := see(m)
	if err := checkMessage(m); err != nil || len(ids) != 15 || strings.Count(said, "… mehr") == 0 {
		t.Errorf("%v, %d buttons, %q", err, len(ids), said)
	}
	for _, id := range ids {
		if len(id) != 91 && len(id) != 100 {
			t.Errorf("a token was cut to %q", id)
		}
	}
	if rest := escaped.ReplaceAllString(said, ""); strings.Contains(rest, `\`) {
		t.Errorf("a mark is torn: %q", rest)
	}
}

func TestButtonsWithTheSameTokenAreToldApart(t *testing.T) {
	t.Parallel()
	b := chat.Button{Label: "Press", Token: "details~demo~"}
	long := chat.Button{Label: "Press", Token: strings.Repeat("t", 100)}
	c := chat.Card{Summary: "x", Blocks: []chat.Block{{Text: chat.Say("x"), Buttons: []chat.Button{b}}, {Text: chat.Say("y"), Buttons: []chat.Button{long}}, {Text: chat.Say("z"), Buttons: []chat.Button{long}}}, Buttons: []chat.Button{b, b, long}}
	m := paint(t, "en").message(c)
	said, ids := see(m)
	if err := checkMessage(m); err != nil || strings.Join(ids, " ") != "details~demo~ "+long.Token+" details~demo~|2 details~demo~|3" || !strings.Contains(said, "z") {
		t.Errorf("%v, %q, %q", err, ids, said)
	}
	for _, id := range ids {
		if token := tokenOf(id); token != b.Token && token != long.Token {
			t.Errorf("%q is the token %q", id, token)
		}
	}
}

func TestAnEmptyCardIsStillAMessage(t *testing.T) {
	t.Parallel()
	p := paint(t, "en")
	for _, c := range []chat.Card{{}, {Summary: "\u200b"}, {Title: " "}, {Summary: "x", Blocks: []chat.Block{{Divider: true}, {Text: chat.Say(" ")}}}, {Buttons: []chat.Button{{Token: "a", Label: "\u200b"}}}} {
		for _, m := range []message{p.message(c), p.answer(c)} {
			if err := checkMessage(m); err != nil {
				t.Errorf("%+v: %v", c, err)
			}
		}
	}
}
