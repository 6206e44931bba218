package slackfake

import (
	"encoding/json"
	"maps"
	"math"
	"time"
)

// The fields that many elements share.
func base() map[string]check  { return map[string]check{"action_id": words(255), "confirm": confirm} }
func focus() map[string]check { return map[string]check{"focus_on_load": truth} }
func hint() map[string]check  { return map[string]check{"placeholder": plain(150)} }

func elementShapes() map[string]shape {
	all := choiceShapes()
	maps.Copy(all, inputShapes())
	maps.Copy(all, menuShapes())
	return all
}

// choiceShapes are buttons and lists that are open.
func choiceShapes() map[string]shape {
	return map[string]shape{
		"image": imageElement(),
		"button": {must: []string{"text"}, fields: with(base(), map[string]check{
			"text": plain(75), "url": words(3000), "value": words(2000), "style": oneOf("primary", "danger"), "accessibility_label": words(75),
		})},
		"overflow": {must: []string{"options"}, fields: with(base(), map[string]check{"options": list(1, 5, option(false, true))})},
		"checkboxes": {must: []string{"options"}, also: initialAmongOptions, fields: with(base(), focus(), map[string]check{
			"options": list(1, 10, option(true, false)), "initial_options": list(1, 10, option(true, false)),
		})},
		"radio_buttons": {must: []string{"options"}, also: initialAmongOptions, fields: with(base(), focus(), map[string]check{
			"options": list(1, 10, option(true, false)), "initial_option": option(true, false),
		})},
	}
}

// inputShapes are what people type into.
func inputShapes() map[string]shape {
	typed := with(base(), focus(), hint(), map[string]check{"dispatch_action_config": anything, "initial_value": words(3000)})
	return map[string]shape{
		"plain_text_input": {also: rangeOf("min_length", "max_length"), fields: with(typed, map[string]check{
			"initial_value": wordsFrom(0, 3000), "multiline": truth, "min_length": number(0, 3000), "max_length": number(1, 3000),
		})},
		"number_input": {must: []string{"is_decimal_allowed"}, fields: with(typed, map[string]check{
			"is_decimal_allowed": truth, "min_value": words(3000), "max_value": words(3000),
		})},
		"email_text_input": {fields: typed},
		"url_text_input":   {fields: typed},
		"datepicker": {fields: with(base(), focus(), hint(), map[string]check{
			"initial_date": pattern("a date YYYY-MM-DD", func(s string) error { _, err := time.Parse(time.DateOnly, s); return err }),
		})},
		"timepicker": {fields: with(base(), focus(), hint(), map[string]check{
			"initial_time": pattern("a time HH:mm", func(s string) error { _, err := time.Parse("15:04", s); return err }), "timezone": words(100),
		})},
		"datetimepicker": {fields: with(base(), focus(), map[string]check{"initial_date_time": number(1e9, 1e10-1)})},
	}
}

// menuShapes are select menus, for one and for many.
func menuShapes() map[string]shape {
	id := words(255)
	single := func(more ...map[string]check) shape {
		return shape{fields: with(append(more, base(), focus(), hint())...)}
	}
	multi := func(more ...map[string]check) shape {
		s := single(more...)
		s.fields["max_selected_items"] = number(1, math.MaxInt32)
		return s
	}
	one := map[string]check{"initial_option": option(false, false)}
	many := map[string]check{"initial_options": list(1, 100, option(false, false))}
	static := map[string]check{"options": list(1, 100, option(false, false)), "option_groups": list(1, 100, optionGroup)}
	external := map[string]check{"min_query_length": number(0, 255)}
	conversations := map[string]check{"default_to_current_conversation": truth, "filter": anything}
	answers := map[string]check{"response_url_enabled": truth}
	staticOne, staticMany := single(static, one), multi(static, many)
	staticOne.also, staticMany.also = staticOptions, staticOptions
	return map[string]shape{
		"static_select":              staticOne,
		"multi_static_select":        staticMany,
		"external_select":            single(external, one),
		"multi_external_select":      multi(external, many),
		"users_select":               single(map[string]check{"initial_user": id}),
		"multi_users_select":         multi(map[string]check{"initial_users": list(1, 100, id)}),
		"channels_select":            single(answers, map[string]check{"initial_channel": id}),
		"multi_channels_select":      multi(map[string]check{"initial_channels": list(1, 100, id)}),
		"conversations_select":       single(answers, conversations, map[string]check{"initial_conversation": id}),
		"multi_conversations_select": multi(conversations, map[string]check{"initial_conversations": list(1, 100, id)}),
	}
}

// confirm: docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object.
func confirm(c *checker, v any, path string) {
	shape{
		must: []string{"title", "text", "confirm", "deny"},
		fields: map[string]check{
			"title": plain(100), "text": anyText(300), "confirm": plain(30), "deny": plain(30), "style": oneOf("primary", "danger"),
		},
	}.check(c, v, path)
}

// option: docs.slack.dev/reference/block-kit/composition-objects/option-object.
// Only radio buttons and checkboxes may have mrkdwn, only overflow a url.
func option(markup, link bool) check {
	text := plain(75)
	if markup {
		text = anyText(75)
	}
	fields := map[string]check{"text": text, "value": words(150), "description": plain(75)}
	if markup {
		fields["description"] = anyText(75)
	}
	if link {
		fields["url"] = words(3000)
	}
	return shape{must: []string{"text", "value"}, fields: fields}.check
}

func optionGroup(c *checker, v any, path string) {
	shape{
		must:   []string{"label", "options"},
		fields: map[string]check{"label": plain(75), "options": list(1, 100, option(false, false))},
	}.check(c, v, path)
}

func staticOptions(c *checker, o object, path string) {
	if (o["options"] == nil) == (o["option_groups"] == nil) {
		c.wrong(path, "must provide one of: options, option_groups")
	}
	initialAmongOptions(c, o, path)
}

// initialAmongOptions: an initial option must match one of the options exactly.
func initialAmongOptions(c *checker, o object, path string) {
	known := map[string]bool{}
	for _, op := range optionsOf(o) {
		known[compact(op)] = true
	}
	var initial []any
	if v := o["initial_option"]; v != nil {
		initial = append(initial, v)
	}
	if v, ok := o["initial_options"].([]any); ok {
		initial = append(initial, v...)
	}
	for _, v := range initial {
		if !known[compact(v)] {
			c.wrong(path, "initial option must match one of the options")
		}
	}
}

// optionsOf lists the options of an element or an answer, also those in groups.
func optionsOf(o object) []any {
	options, _ := o["options"].([]any)
	groups, _ := o["option_groups"].([]any)
	all := append([]any{}, options...)
	for _, g := range groups {
		if group, ok := g.(object); ok {
			inside, _ := group["options"].([]any)
			all = append(all, inside...)
		}
	}
	return all
}

// compact is the identity of an option: its text's text and its value.
func compact(v any) string {
	o, _ := v.(object)
	text, _ := o["text"].(object)
	b, _ := json.Marshal([]any{text["text"], o["value"]})
	return string(b)
}

func rangeOf(least, most string) func(*checker, object, string) {
	return func(c *checker, o object, path string) {
		low, hasLow := o[least].(float64)
		high, hasHigh := o[most].(float64)
		if hasLow && hasHigh && low > high {
			c.wrong(path, "%s must not be greater than %s", least, most)
		}
	}
}
