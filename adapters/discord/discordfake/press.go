package discordfake

import (
	"fmt"
	"slices"
	"strings"
)

// seen finds a message that this person sees. f.mu is held.
func (p *Person) seen(m Message) (*message, error) {
	f := p.f
	for _, e := range f.users[p.id].ephemeral {
		if e.id == m.ID {
			return e, nil
		}
	}
	c := f.channels[m.Channel]
	if c == nil || !f.canSee(c, p.id) {
		return nil, noSuch("message in a channel of this person", m.Body)
	}
	if found := f.find(m.Channel, m.ID); found != nil {
		return found, nil
	}
	return nil, noSuch("message", m.Body)
}

// Press presses a button of a message, as the message is now: by its label, or
// its custom id. With near, the first such button behind this text. Disabled
// buttons and links send nothing.
func (p *Person) Press(m Message, name string, near ...string) error {
	return p.use(m, nil, func(components []any) (object, error) { return findButton(components, name, near) }, nil)
}

// PressOld presses a button of the message as this snapshot has it: a click that
// Discord took before the card changed. The app gets the old message with it.
func (p *Person) PressOld(m Message, name string, near ...string) error {
	return p.use(m, &m, func(components []any) (object, error) { return findButton(components, name, near) }, nil)
}

// Select chooses in a select of a message: by its placeholder or custom id; the
// options by label or value, people, roles and channels by name or id.
func (p *Person) Select(m Message, name string, options ...string) error {
	return p.use(m, nil, func(components []any) (object, error) { return findSelect(components, name) }, options)
}

// use sends an interaction of a component.
func (p *Person) use(m Message, old *Message, find func([]any) (object, error), options []string) error {
	at := p.In(m.Channel)
	i, payload, err := at.begin(typeComponent, ViewChannel, func(i *interaction, c *channel) (object, error) {
		source, err := at.seen(m)
		if err != nil {
			return nil, err
		}
		i.source = source
		components := source.components
		if old != nil {
			components = old.components
		}
		o, err := find(components)
		if err != nil {
			return nil, err
		}
		return at.componentData(o, options, c)
	})
	if err != nil {
		return err
	}
	if old != nil {
		payload["message"] = p.f.oldJSON(nested(payload["message"]), old)
	}
	if err := p.f.send(i, payload); err != nil {
		return p.failed(err, shownFailed)
	}
	return nil
}

// oldJSON is a message as it was.
func (f *Fake) oldJSON(now object, old *Message) object {
	now["components"], now["embeds"], now["content"] = append([]any{}, old.components...), append([]any{}, old.embeds...), old.content
	return clone(now)
}

// componentData is the data of a component interaction.
func (p *Person) componentData(o object, options []string, c *channel) (object, error) {
	data := object{"component_type": kindOf(o), "custom_id": o["custom_id"], "id": o["id"]}
	if kindOf(o) == button {
		return data, nil
	}
	resolved := object{}
	values, err := p.chosen(o, options, c, resolved)
	if err != nil {
		return nil, err
	}
	if n := len(values); n < intOf(o["min_values"], 1) || n > intOf(o["max_values"], 1) {
		return nil, noSuch("room for so many choices", fmt.Sprint(options))
	}
	data["values"] = values
	if len(resolved) > 0 {
		data["resolved"] = resolved
	}
	return data, nil
}

// chosen are the values of a select for what a person picks.
func (p *Person) chosen(o object, options []string, c *channel, resolved object) ([]any, error) {
	values := []any{}
	for _, want := range options {
		if kind := kindOf(o); kind != stringSelect && kind != checkboxGroup && kind != radioGroup {
			as := map[int]int{userSelect: userOption, roleSelect: roleOption, mentionableSelect: mentionOption, channelSelect: channelOption}[kind]
			id, err := p.pick(as, want, c, o, resolved)
			if err != nil {
				return nil, err
			}
			values = append(values, id)
			continue
		}
		value, err := pickOption(items(o["options"]), want)
		if err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	return values, nil
}

func pickOption(options []any, want string) (any, error) {
	var names []string
	for _, v := range options {
		o := nested(v)
		if text(o["label"]) == want || text(o["value"]) == want {
			return o["value"], nil
		}
		names = append(names, text(o["label"]))
	}
	return nil, noSuch("option", fmt.Sprintf("%s among %q", want, names))
}

// findButton finds a button that can be pressed.
func findButton(components []any, name string, near []string) (object, error) {
	var found object
	disabled := false
	reached := len(near) == 0
	eachComponent(components, func(o object) {
		if kindOf(o) == textDisplay && !reached {
			reached = strings.Contains(text(o["content"]), near[0])
		}
		if kindOf(o) != button || found != nil || !reached || text(o["label"]) != name && text(o["custom_id"]) != name {
			return
		}
		if o["disabled"] == true || intOf(o["style"], 0) >= styleLink {
			disabled = true
			return
		}
		found = o
	})
	switch {
	case found != nil:
		return found, nil
	case disabled:
		return nil, noSuch("button that can be pressed", name)
	}
	return nil, noSuch("button", name)
}

func findSelect(components []any, name string) (object, error) {
	var found object
	kinds := []int{stringSelect, userSelect, roleSelect, mentionableSelect, channelSelect}
	eachComponent(components, func(o object) {
		if found == nil && slices.Contains(kinds, kindOf(o)) && o["disabled"] != true && (text(o["placeholder"]) == name || text(o["custom_id"]) == name) {
			found = o
		}
	})
	if found == nil {
		return nil, noSuch("select", name)
	}
	return found, nil
}
