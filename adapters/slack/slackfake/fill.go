package slackfake

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Fill fills in the open modal: label → what to type or choose, a string, or
// a []string where several are chosen. People and channels are chosen by name
// or id, days as YYYY-MM-DD. Fields that the app shows after a change of
// another are waited for.
func (p *Person) Fill(values map[string]any) error {
	left := maps.Clone(values)
	for len(left) > 0 {
		var at field
		var name string
		err := p.f.Await(fmt.Sprintf("fields %q in the modal of %s", slices.Sorted(maps.Keys(left)), p.id), func() bool {
			var ok bool
			at, name, ok = p.nextField(left)
			return ok
		})
		if err != nil {
			return fmt.Errorf("%w: %w", ErrNoSuch, err)
		}
		if err := p.fillOne(at, left[name]); err != nil {
			return err
		}
		delete(left, name)
	}
	return nil
}

// nextField is the first field of the modal that is still to be filled.
func (p *Person) nextField(left map[string]any) (field, string, bool) {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	v := p.top()
	if v == nil {
		return field{}, "", false
	}
	blocks, _ := v.body["blocks"].([]any)
	for _, at := range p.f.fieldsOf(blocks) {
		for _, name := range slices.Sorted(maps.Keys(left)) {
			if at.called(name) {
				return at, name, true
			}
		}
	}
	return field{}, "", false
}

func (p *Person) fillOne(at field, want any) error {
	value, err := p.valueFor(at, want, nil)
	if err != nil {
		return err
	}
	p.f.mu.Lock()
	v := p.top()
	if v == nil || v.values[at.blockID()] == nil {
		p.f.mu.Unlock()
		return noSuch("field", at.blockID())
	}
	v.values[at.blockID()][at.actionID()] = value
	delete(v.errors, at.blockID())
	p.f.touch()
	if !at.dispatches() {
		p.f.mu.Unlock()
		return nil
	}
	payload := p.viewAction(v, at.action(value))
	p.f.mu.Unlock()
	return p.send(payload)
}

// valueFor is the value of a field when a person types or chooses want.
func (p *Person) valueFor(at field, want any, context object) (object, error) {
	wants, isList := want.([]string)
	if !isList {
		wants = []string{fmt.Sprint(want)}
	}
	if at.many() != isList && len(wants) != 1 {
		return nil, noSuch("single answer", fmt.Sprint(want))
	}
	var chosen []any
	for _, w := range wants {
		if w == "" {
			continue
		}
		one, err := p.oneValue(at, w, context)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, one)
	}
	value := at.empty()
	if at.many() {
		if most, ok := at.element["max_selected_items"].(float64); ok && len(chosen) > int(most) {
			return nil, noSuch("room for so many", fmt.Sprint(want))
		}
		value[at.slot()] = append([]any{}, chosen...)
	} else if len(chosen) == 1 {
		value[at.slot()] = chosen[0]
	}
	return value, nil
}

func (p *Person) oneValue(at field, want string, context object) (any, error) {
	switch kind := at.kind(); kind {
	case "static_select", "multi_static_select", "radio_buttons", "checkboxes":
		return pickOption(optionsOf(at.element), want)
	case "external_select", "multi_external_select":
		options, err := p.suggest(at, want, context)
		if err != nil {
			return nil, err
		}
		return pickOption(options, want)
	case "users_select", "multi_users_select":
		return p.f.pickUser(want)
	case "channels_select", "multi_channels_select", "conversations_select", "multi_conversations_select":
		return p.f.pickChannel(want)
	case "datepicker":
		_, err := time.Parse(time.DateOnly, want)
		return want, err
	case "timepicker":
		_, err := time.Parse("15:04", want)
		return want, err
	case "datetimepicker":
		at, err := time.Parse(time.RFC3339, want)
		return at.Unix(), err
	}
	return want, nil
}

func pickOption(options []any, want string) (any, error) {
	var names []string
	for _, op := range options {
		o, _ := op.(object)
		if textOf(o["text"]) == want || o["value"] == want {
			return op, nil
		}
		names = append(names, textOf(o["text"]))
	}
	return nil, noSuch("option", fmt.Sprintf("%s among %q", want, names))
}

func (f *Fake) pickUser(want string) (any, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(f.users)) {
		if u := f.users[id]; id == want || u.Name == want || u.RealName == want || u.DisplayName == want {
			return id, nil
		}
	}
	return nil, noSuch("user", want)
}

func (f *Fake) pickChannel(want string) (any, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(f.channels)) {
		if id == want || f.channels[id].Name == strings.TrimPrefix(want, "#") {
			return id, nil
		}
	}
	return nil, noSuch("channel", want)
}

// Suggest types into a menu of the open modal, or of the home if none is
// open, that asks the app for options; the texts that it offers.
func (p *Person) Suggest(name, query string) ([]string, error) {
	p.f.mu.Lock()
	v := p.top()
	if v == nil {
		v = p.f.homes[p.id]
	}
	var at field
	ok := false
	if v != nil {
		blocks, _ := v.body["blocks"].([]any)
		at, ok = p.f.called(blocks, name)
	}
	p.f.mu.Unlock()
	if !ok || !strings.HasSuffix(at.kind(), "external_select") {
		return nil, noSuch("menu that asks", name)
	}
	options, err := p.suggest(at, query, nil)
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, op := range options {
		texts = append(texts, textOf(op.(object)["text"]))
	}
	return texts, nil
}

// suggest asks the app for options: block_suggestion.
func (p *Person) suggest(at field, query string, context object) ([]any, error) {
	if least, ok := at.element["min_query_length"].(float64); ok && length(query) < int(least) {
		return nil, nil
	}
	payload := p.interaction("block_suggestion", false)
	p.f.mu.Lock()
	maps.Copy(payload, object{"action_id": at.actionID(), "block_id": at.blockID(), "value": query})
	if m, ok := context["message"].(Message); ok {
		if source, c, err := p.message(m); err == nil {
			maps.Copy(payload, p.f.around(source, c))
		}
	} else {
		v := p.top()
		if v == nil {
			v = p.f.homes[p.id]
		}
		if v == nil {
			p.f.mu.Unlock()
			return nil, noSuch("view", at.blockID())
		}
		payload["container"], payload["view"] = object{"type": "view", "view_id": v.id}, p.f.viewJSON(v)
	}
	p.f.mu.Unlock()
	body, err := p.f.deliver(delivery{kind: interactive, payload: clone(payload)})
	if err != nil {
		return nil, p.trouble("No results", err)
	}
	var answer object
	if json.Unmarshal(body, &answer) != nil {
		return nil, p.trouble("No results", noSuch("options in the answer", string(body)))
	}
	c := &checker{}
	shape{fields: map[string]check{
		"options": list(0, 100, option(false, false)), "option_groups": list(0, 100, optionGroup),
	}}.check(c, answer, "/"+at.actionID())
	if len(c.problems) > 0 || (answer["options"] == nil) == (answer["option_groups"] == nil) {
		return nil, p.trouble("No results", fmt.Errorf("options that Slack does not take: %v", c.problems))
	}
	return optionsOf(answer), nil
}
