package slackfake

import (
	"regexp"
	"strings"
)

// marked is one <…> of mrkdwn (docs.slack.dev/messaging/formatting-message-text).
var marked = regexp.MustCompile(`<([^<>]*)>`)

// renderText is a text object as people read it, without markup for names.
func (f *Fake) renderText(v any) string {
	o, _ := v.(object)
	s, _ := o["text"].(string)
	if o["type"] != "mrkdwn" {
		return s
	}
	return f.renderMarkup(s)
}

// renderMarkup shows names for ids, labels for links and fallbacks for dates.
// f.mu is held.
func (f *Fake) renderMarkup(s string) string {
	s = marked.ReplaceAllStringFunc(s, func(m string) string {
		target, label, labelled := strings.Cut(m[1:len(m)-1], "|")
		switch {
		case strings.HasPrefix(target, "@"):
			if u := f.users[target[1:]]; u != nil {
				return "@" + u.DisplayName
			}
		case strings.HasPrefix(target, "#"):
			if c := f.channels[target[1:]]; c != nil {
				return "#" + c.Name
			}
		case strings.HasPrefix(target, "!subteam^"):
			if g := f.groups[strings.TrimPrefix(target, "!subteam^")]; g != nil {
				return "@" + g.Handle
			}
		case strings.HasPrefix(target, "!date^"):
			return label
		case strings.HasPrefix(target, "!"):
			return "@" + target[1:]
		case labelled:
			return label + " (" + target + ")"
		}
		return target
	})
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

// renderBlocks is what people read, a line or more for each block.
func (f *Fake) renderBlocks(blocks []any, v *view) string {
	var lines []string
	for _, b := range blocks {
		if o, ok := b.(object); ok {
			lines = append(lines, f.renderBlock(o, v))
		}
	}
	return strings.Join(lines, "\n")
}

func (f *Fake) renderBlock(o object, v *view) string {
	switch o["type"] {
	case "divider":
		return "---"
	case "header":
		return "# " + f.renderText(o["text"])
	case "image":
		return "(image: " + str(o["alt_text"]) + ")"
	case "markdown":
		return str(o["text"])
	case "input":
		return f.renderInput(o, v)
	case "actions":
		return f.renderElements(elementsOf(o), v, o)
	case "context":
		var parts []string
		elements, _ := o["elements"].([]any)
		for _, e := range elements {
			if kindOf(e) == "image" {
				parts = append(parts, "(image: "+str(e.(object)["alt_text"])+")")
			} else {
				parts = append(parts, f.renderText(e))
			}
		}
		return strings.Join(parts, " ")
	case "rich_text":
		return plainWords(o)
	}
	return f.renderSection(o, v)
}

func (f *Fake) renderSection(o object, v *view) string {
	var lines []string
	if o["text"] != nil {
		lines = append(lines, f.renderText(o["text"]))
	}
	fields, _ := o["fields"].([]any)
	for _, field := range fields {
		lines = append(lines, f.renderText(field))
	}
	if elements := elementsOf(o); len(elements) > 0 {
		lines = append(lines, f.renderElements(elements, v, o))
	}
	return strings.Join(lines, "\n")
}

func (f *Fake) renderInput(o object, v *view) string {
	line := f.renderText(o["label"])
	if o["optional"] == true {
		line += " (optional)"
	}
	line += ": " + f.renderElements(elementsOf(o), v, o)
	if o["hint"] != nil {
		line += "\n  " + f.renderText(o["hint"])
	}
	if v != nil {
		if e := v.errors[str(o["block_id"])]; e != "" {
			line += "\n  ! " + e
		}
	}
	return line
}

func (f *Fake) renderElements(elements []object, v *view, block object) string {
	var parts []string
	for _, e := range elements {
		switch kindOf(e) {
		case "button":
			parts = append(parts, "["+f.renderText(e["text"])+"]")
		case "overflow":
			for _, op := range optionsOf(e) {
				parts = append(parts, "["+textOf(op.(object)["text"])+"]")
			}
		case "image":
			parts = append(parts, "(image: "+str(e["alt_text"])+")")
		default:
			parts = append(parts, f.renderField(field{f, block, e}, v))
		}
	}
	return strings.Join(parts, " ")
}

// renderField shows what is typed or chosen, and what there is to choose.
func (f *Fake) renderField(at field, v *view) string {
	value := at.empty()
	if v != nil {
		if typed, ok := v.values[at.blockID()][at.actionID()].(object); ok {
			value = typed
		}
	}
	shown := f.shown(value[at.slot()])
	var choices []string
	for _, op := range optionsOf(at.element) {
		choices = append(choices, f.renderText(op.(object)["text"]))
	}
	out := "{" + shown + "}"
	if len(choices) > 0 {
		out += " of " + strings.Join(choices, " | ")
	} else if shown == "" && at.element["placeholder"] != nil {
		out += " " + f.renderText(at.element["placeholder"])
	}
	return out
}

func (f *Fake) shown(v any) string {
	switch v := v.(type) {
	case string:
		if u := f.users[v]; u != nil {
			return "@" + u.DisplayName
		}
		if c := f.channels[v]; c != nil {
			return "#" + c.Name
		}
		return v
	case object:
		return f.renderText(v["text"])
	case []any:
		var parts []string
		for _, one := range v {
			parts = append(parts, f.shown(one))
		}
		return strings.Join(parts, ", ")
	}
	return ""
}

// plainWords collects all texts of a rich_text block.
func plainWords(v any) string {
	switch v := v.(type) {
	case object:
		if s, ok := v["text"].(string); ok {
			return s
		}
		return plainWords(v["elements"])
	case []any:
		var b strings.Builder
		for _, one := range v {
			b.WriteString(plainWords(one))
		}
		return b.String()
	}
	return ""
}
