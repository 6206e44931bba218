package slackfake

import (
	"maps"
	"slices"
)

// block checks one block: docs.slack.dev/reference/block-kit/blocks. Blocks
// that no text here names are refused.
func block(c *checker, v any, path string) {
	o, _ := v.(object)
	kind := kindOf(v)
	s, ok := blockShapes()[kind]
	if !ok || (kind == "markdown" && c.surface != onMessage) {
		c.wrong(path, "unsupported type: %s", kind)
		return
	}
	s.fields["block_id"] = words(255)
	s.check(c, o, path)
	if id, _ := o["block_id"].(string); id != "" {
		if c.blockIDs[id] {
			c.wrong(path+"/block_id", "block_id already exists: %s", id)
		}
		c.blockIDs[id] = true
	}
}

func blockShapes() map[string]shape {
	return map[string]shape{
		"section": {
			fields: map[string]check{"text": anyText(3000), "fields": list(1, 10, anyText(2000)), "accessory": element(inSection), "expand": truth},
			also: func(c *checker, o object, path string) {
				if o["text"] == nil && o["fields"] == nil {
					c.wrong(path, "missing required field: text or fields")
				}
			},
		},
		"actions": {
			must: []string{"elements"}, fields: map[string]check{"elements": list(1, 25, element(inActions))},
			also: uniqueActions,
		},
		"context": {must: []string{"elements"}, fields: map[string]check{"elements": list(1, 10, contextElement)}},
		"divider": {fields: map[string]check{}},
		"header":  {must: []string{"text"}, fields: map[string]check{"text": plain(150)}},
		"image": {
			must:   []string{"alt_text"},
			fields: map[string]check{"image_url": words(3000), "alt_text": words(2000), "title": plain(2000), "slack_file": anything},
			also:   hasImage,
		},
		"input": {
			must:   []string{"label", "element"},
			fields: map[string]check{"label": plain(2000), "element": element(inInput), "dispatch_action": truth, "hint": plain(2000), "optional": truth},
		},
		"markdown":  {must: []string{"text"}, fields: map[string]check{"text": words(12_000)}},
		"rich_text": {must: []string{"elements"}, fields: map[string]check{"elements": list(1, 100, anything)}},
	}
}

func anything(*checker, any, string) {}

func hasImage(c *checker, o object, path string) {
	if (o["image_url"] == nil) == (o["slack_file"] == nil) {
		c.wrong(path, "must provide one of: image_url, slack_file")
	}
}

// contextElement is text or a small image.
func contextElement(c *checker, v any, path string) {
	if kindOf(v) == "image" {
		imageElement().check(c, v, path)
		return
	}
	anyText(3000)(c, v, path)
}

func imageElement() shape {
	return shape{
		must: []string{"alt_text"}, also: hasImage,
		fields: map[string]check{"image_url": words(3000), "alt_text": words(2000), "slack_file": anything},
	}
}

// uniqueActions: an action_id is unique in its block.
func uniqueActions(c *checker, o object, path string) {
	elements, _ := o["elements"].([]any)
	seen := map[string]bool{}
	for _, e := range elements {
		el, _ := e.(object)
		id, _ := el["action_id"].(string)
		if id != "" && seen[id] {
			c.wrong(path+"/elements", "action_id already exists: %s", id)
		}
		seen[id] = true
	}
}

// place is what an element is part of.
type place string

const (
	inSection place = "section"
	inActions place = "actions"
	inInput   place = "input"
)

// element checks one element in its place: docs.slack.dev/reference/
// block-kit/block-elements has the table of which goes where.
func element(where place) check {
	return func(c *checker, v any, path string) {
		kind := kindOf(v)
		s, ok := elementShapes()[kind]
		if !ok || !slices.Contains(places(kind), where) || !shownOn(kind, c.surface) {
			c.wrong(path, "unsupported type: %s in %s of a %s", kind, where, c.surface)
			return
		}
		s.check(c, v, path)
		if o, _ := v.(object); o["focus_on_load"] == true {
			c.focused++
		}
	}
}

func places(kind string) []place {
	switch kind {
	case "image":
		return []place{inSection}
	case "button", "overflow":
		return []place{inSection, inActions}
	case "plain_text_input", "number_input", "email_text_input", "url_text_input":
		return []place{inInput}
	case "datetimepicker":
		return []place{inActions, inInput}
	case "multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select", "multi_channels_select":
		return []place{inSection, inInput}
	}
	return []place{inSection, inActions, inInput}
}

// shownOn is the column "available in surfaces" of the same table.
func shownOn(kind string, s surface) bool {
	switch kind {
	case "number_input", "email_text_input", "url_text_input":
		return s == onModal
	case "datetimepicker":
		return s != onHome
	}
	return true
}

// with joins fields.
func with(sets ...map[string]check) map[string]check {
	all := map[string]check{}
	for _, s := range sets {
		maps.Copy(all, s)
	}
	return all
}
