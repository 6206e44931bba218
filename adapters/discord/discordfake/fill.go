package discordfake

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ErrFields: the client does not send the form; the messages are at its fields
// and See shows them.
var ErrFields = errors.New("discordfake: the form has messages at its fields")

// field is an input of a modal.
type field struct {
	label string
	input object
	outer object // its label or row
}

func (at field) id() string { return text(at.input["custom_id"]) }

// fields of a modal, in their order.
func (m *modal) fields() []field {
	var out []field
	for _, v := range items(m.body["components"]) {
		o := nested(v)
		switch kindOf(o) {
		case label:
			out = append(out, field{text(o["label"]), nested(o["component"]), o})
		case actionRow:
			for _, input := range items(o["components"]) {
				out = append(out, field{text(nested(input)["label"]), nested(input), o})
			}
		}
	}
	return out
}

// Fill fills in the open modal: label or custom id → what to type or choose: a
// string, a []string where several are chosen, a bool for a checkbox. "" empties.
func (p *Person) Fill(values map[string]any) error {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	m := p.f.users[p.id].modal
	if m == nil {
		return noSuch("modal", p.id)
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		i := slices.IndexFunc(m.fields(), func(at field) bool { return at.label == name || at.id() == name })
		if i < 0 {
			return noSuch("field", name)
		}
		at := m.fields()[i]
		value, err := p.typed(at, values[name], p.f.channels[m.via.channel])
		if err != nil {
			return err
		}
		m.values[at.id()] = value
		delete(m.errors, at.id())
	}
	p.f.touch()
	return nil
}

// typed is the value of a field: a string, a bool or a list of values.
func (p *Person) typed(at field, want any, c *channel) (any, error) {
	switch kind := kindOf(at.input); kind {
	case textInput:
		return fmt.Sprint(want), nil
	case checkbox:
		b, ok := want.(bool)
		if !ok {
			return nil, noSuch("state of a checkbox", fmt.Sprint(want))
		}
		return b, nil
	}
	list, ok := want.([]string)
	if !ok && fmt.Sprint(want) != "" {
		list = []string{fmt.Sprint(want)}
	}
	return p.chosen(at.input, list, c, object{})
}

// value is what a field holds now: what was put in, or its default.
func (m *modal) value(at field) any {
	if v, ok := m.values[at.id()]; ok {
		return v
	}
	switch kindOf(at.input) {
	case textInput:
		return text(at.input["value"])
	case checkbox:
		return at.input["default"] == true
	}
	values := []any{}
	for _, v := range items(at.input["options"]) {
		if nested(v)["default"] == true {
			values = append(values, nested(v)["value"])
		}
	}
	for _, v := range items(at.input["default_values"]) {
		values = append(values, nested(v)["id"])
	}
	return values
}

// complaint is what the client says about a field, "" when it is fine.
func (m *modal) complaint(at field) string {
	required := at.input["required"] != false
	switch v := m.value(at).(type) {
	case string:
		n := length(v)
		switch {
		case n == 0 && required:
			return "This field is required"
		case n > 0 && n < intOf(at.input["min_length"], 0), n > intOf(at.input["max_length"], 4000):
			return "Must be between the lengths that are asked for"
		}
	case []any:
		most := intOf(at.input["max_values"], 1)
		if kindOf(at.input) == checkboxGroup {
			most = intOf(at.input["max_values"], len(items(at.input["options"])))
		}
		switch n := len(v); {
		case n == 0 && required:
			return "This field is required"
		case n > 0 && n < intOf(at.input["min_values"], 1), n > most:
			return "Choose as many as are asked for"
		}
	}
	return ""
}

// Submit fills in the open modal (nil: as it is) and sends it. The client looks
// at required fields and lengths itself, as does this: ErrFields. The modal
// closes when the app has answered.
func (p *Person) Submit(values map[string]any) error {
	if err := p.Fill(values); err != nil {
		return err
	}
	f := p.f
	f.mu.Lock()
	m := f.users[p.id].modal
	m.errors = map[string]string{}
	for _, at := range m.fields() {
		if s := m.complaint(at); s != "" {
			m.errors[at.id()] = s
		}
	}
	f.touch()
	f.mu.Unlock()
	if len(m.errors) > 0 {
		return fmt.Errorf("%w: %v", ErrFields, m.errors)
	}
	at := p.In(m.via.channel)
	i, payload, err := at.begin(typeModal, ViewChannel, func(i *interaction, c *channel) (object, error) {
		i.source, i.opened = m.via.source, m.via
		return at.modalData(m, c)
	})
	if err != nil {
		return err
	}
	if err := f.send(i, payload); err != nil {
		return p.failed(err, shownModal)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.users[p.id].modal == m {
		f.users[p.id].modal = nil
	}
	f.touch()
	return nil
}

// Close closes the modal. The app is not told.
func (p *Person) Close() error {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	u := p.f.users[p.id]
	if u.modal == nil {
		return noSuch("modal", p.id)
	}
	u.modal = nil
	p.f.touch()
	return nil
}

// modalData is the data of a modal submit. f.mu is held.
func (p *Person) modalData(m *modal, c *channel) (object, error) {
	resolved := object{}
	var parts []any
	for _, v := range items(m.body["components"]) {
		o := nested(v)
		part := object{"type": kindOf(o), "id": o["id"]}
		for _, at := range m.fields() {
			if intOf(at.outer["id"], 0) != intOf(o["id"], 0) {
				continue
			}
			answer, err := p.answer(m, at, c, resolved)
			if err != nil {
				return nil, err
			}
			if kindOf(o) == label {
				part["component"] = answer
			} else {
				part["components"] = []any{answer}
			}
		}
		parts = append(parts, part)
	}
	data := object{"custom_id": m.body["custom_id"], "components": parts}
	if len(resolved) > 0 {
		data["resolved"] = resolved
	}
	return data, nil
}

// answer is the response structure of an input (Component Reference).
func (p *Person) answer(m *modal, at field, c *channel, resolved object) (object, error) {
	kind, value := kindOf(at.input), m.value(at)
	o := object{"type": kind, "id": at.input["id"], "custom_id": at.id()}
	switch kind {
	case textInput, checkbox:
		o["value"] = value
		return o, nil
	case radioGroup:
		o["value"] = nil
		if chosen := items(value); len(chosen) > 0 {
			o["value"] = chosen[0]
		}
		return o, nil
	}
	var wants []string
	for _, v := range items(value) {
		wants = append(wants, text(v))
	}
	values, err := p.chosen(at.input, wants, c, resolved)
	o["values"] = values
	return o, err
}

// readModal is what people read in a modal.
func (f *Fake) readModal(m *modal) string {
	var lines []string
	for _, v := range items(m.body["components"]) {
		if kindOf(v) == textDisplay {
			lines = append(lines, f.readMarkup(text(nested(v)["content"])))
			continue
		}
		for _, at := range m.fields() {
			if intOf(at.outer["id"], 0) == intOf(nested(v)["id"], 0) {
				lines = append(lines, f.readField(m, at)...)
			}
		}
	}
	return strings.Join(lines, "\n")
}

func (f *Fake) readField(m *modal, at field) []string {
	line := at.label
	if at.input["required"] == false {
		line += " (optional)"
	}
	line += ": {" + f.readValue(at, m.value(at)) + "}"
	var choices []string
	for _, v := range items(at.input["options"]) {
		choices = append(choices, text(nested(v)["label"]))
	}
	if len(choices) > 0 {
		line += " of " + strings.Join(choices, " | ")
	} else if m.value(at) == "" && at.input["placeholder"] != nil {
		line += " " + text(at.input["placeholder"])
	}
	lines := []string{line}
	if d := text(at.outer["description"]); d != "" {
		lines = append(lines, "  "+d)
	}
	if e := m.errors[at.id()]; e != "" {
		lines = append(lines, "  ! "+e)
	}
	return lines
}

func (f *Fake) readValue(at field, value any) string {
	var parts []string
	for _, v := range items(value) {
		shown := text(v)
		for _, o := range items(at.input["options"]) {
			if nested(o)["value"] == v {
				shown = text(nested(o)["label"])
			}
		}
		if u := f.users[shown]; u != nil {
			shown = "@" + u.shown("")
		}
		parts = append(parts, shown)
	}
	if b, ok := value.(bool); ok && b {
		parts = append(parts, "x")
	}
	return text(value) + strings.Join(parts, ", ")
}
