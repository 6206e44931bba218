package slackfake

import (
	"strconv"
	"strings"
)

// field is one thing to fill in: an element with its block.
type field struct {
	f       *Fake
	block   object
	element object
}

func (at field) kind() string     { return kindOf(at.element) }
func (at field) blockID() string  { s, _ := at.block["block_id"].(string); return s }
func (at field) actionID() string { s, _ := at.element["action_id"].(string); return s }

// called reports whether people would call the field so: by its label, its
// text, its placeholder, or for tests by its ids.
func (at field) called(name string) bool {
	for _, s := range []string{
		textOf(at.block["label"]), textOf(at.element["placeholder"]), at.actionID(), at.blockID(), at.f.renderText(at.block["text"]),
	} {
		if s != "" && (s == name || strings.TrimSuffix(s, " (optional)") == name) {
			return true
		}
	}
	return false
}

// dispatches reports whether a change is sent to the app at once: always
// outside of input blocks, in them with dispatch_action.
func (at field) dispatches() bool {
	return at.block["type"] != "input" || at.block["dispatch_action"] == true
}

// action is what block_actions says of a change.
func (at field) action(value object) object {
	a := clone(value)
	a["block_id"], a["action_id"] = at.blockID(), at.actionID()
	return a
}

// fieldsOf lists the fields of blocks, in their order.
func (f *Fake) fieldsOf(blocks []any) []field {
	var out []field
	for _, b := range blocks {
		o, _ := b.(object)
		for _, e := range elementsOf(o) {
			if k := kindOf(e); k != "button" && k != "overflow" && k != "image" {
				out = append(out, field{f, o, e})
			}
		}
	}
	return out
}

// called finds the field that people would call so. f.mu is held.
func (f *Fake) called(blocks []any, name string) (field, bool) {
	for _, at := range f.fieldsOf(blocks) {
		if at.called(name) {
			return at, true
		}
	}
	return field{}, false
}

// initialValues is the state of blocks before anybody typed: an entry for
// each element that has one.
func initialValues(blocks []any) map[string]object {
	values := map[string]object{}
	for _, at := range (*Fake)(nil).fieldsOf(blocks) {
		v := at.empty()
		for _, of := range []struct{ from, to string }{
			{"initial_value", "value"}, {"initial_option", "selected_option"}, {"initial_options", "selected_options"}, {"initial_date", "selected_date"},
			{"initial_time", "selected_time"}, {"initial_date_time", "selected_date_time"}, {"initial_user", "selected_user"},
			{"initial_users", "selected_users"}, {"initial_channel", "selected_channel"}, {"initial_channels", "selected_channels"},
			{"initial_conversation", "selected_conversation"}, {"initial_conversations", "selected_conversations"},
		} {
			if at.element[of.from] != nil {
				v[of.to] = at.element[of.from]
			}
		}
		if values[at.blockID()] == nil {
			values[at.blockID()] = object{}
		}
		values[at.blockID()][at.actionID()] = v
	}
	return values
}

// slot is the name of an element's value in state.values.
func (at field) slot() string {
	switch kind := at.kind(); kind {
	case "checkboxes", "multi_static_select", "multi_external_select":
		return "selected_options"
	case "static_select", "external_select", "radio_buttons":
		return "selected_option"
	case "datepicker":
		return "selected_date"
	case "timepicker":
		return "selected_time"
	case "datetimepicker":
		return "selected_date_time"
	case "users_select", "channels_select", "conversations_select":
		return "selected_" + strings.TrimSuffix(strings.TrimSuffix(kind, "_select"), "s")
	case "multi_users_select", "multi_channels_select", "multi_conversations_select":
		return "selected_" + strings.TrimSuffix(strings.TrimPrefix(kind, "multi_"), "_select")
	}
	return "value"
}

func (at field) many() bool {
	return at.kind() == "checkboxes" || strings.HasPrefix(at.kind(), "multi_")
}

// empty is the value of an element that nobody touched.
func (at field) empty() object {
	v := object{"type": at.kind(), at.slot(): nil}
	if at.many() {
		v[at.slot()] = []any{}
	}
	return v
}

// isEmpty reports whether nothing is typed or chosen.
func (at field) isEmpty(value object) bool {
	switch v := value[at.slot()].(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(v) == ""
	case []any:
		return len(v) == 0
	}
	return false
}

// complaint is what Slack's own client says before it submits; "" if nothing.
func (at field) complaint(value object) string {
	if at.isEmpty(value) {
		if at.block["optional"] == true {
			return ""
		}
		return "Please complete this required field."
	}
	s, _ := value[at.slot()].(string)
	switch at.kind() {
	case "plain_text_input":
		most, ok := at.element["max_length"].(float64)
		if !ok {
			most = 3000
		}
		least, _ := at.element["min_length"].(float64)
		if n := length(s); n > int(most) || n < int(least) {
			return "This is " + strconv.Itoa(n) + " characters long."
		}
	case "number_input":
		return at.badNumber(s)
	case "email_text_input":
		if name, host, ok := strings.Cut(s, "@"); !ok || name == "" || !strings.Contains(host, ".") {
			return "Enter a valid email address."
		}
	case "url_text_input":
		if !strings.Contains(s, "://") {
			return "Enter a valid URL."
		}
	}
	return ""
}

func (at field) badNumber(s string) string {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || (at.element["is_decimal_allowed"] == false && strings.ContainsAny(s, ".eE")) {
		return "Enter a valid number."
	}
	if low, err := strconv.ParseFloat(str(at.element["min_value"]), 64); err == nil && n < low {
		return "Enter a number of at least " + str(at.element["min_value"]) + "."
	}
	if high, err := strconv.ParseFloat(str(at.element["max_value"]), 64); err == nil && n > high {
		return "Enter a number of at most " + str(at.element["max_value"]) + "."
	}
	return ""
}

func str(v any) string { s, _ := v.(string); return s }
