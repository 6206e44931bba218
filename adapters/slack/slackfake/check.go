package slackfake

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"unicode/utf16"
)

// surface is where blocks are shown.
type surface string

const (
	onMessage surface = "message"
	onModal   surface = "modal"
	onHome    surface = "home"
)

// length counts characters as UTF-16 units.
func length(s string) int { return len(utf16.Encode([]rune(s))) }

// check looks at a value; path is its JSON pointer.
type check func(c *checker, v any, path string)

// checker collects what is wrong, in Slack's wording of
// response_metadata.messages.
type checker struct {
	surface  surface
	problems []string
	blockIDs map[string]bool
	focused  int
}

func (c *checker) wrong(path, format string, more ...any) {
	c.problems = append(c.problems, "[ERROR] "+fmt.Sprintf(format, more...)+" [json-pointer:"+path+"]")
}

// shape is an object: which fields must be there, and how each looks. A field
// that is not named is refused.
type shape struct {
	must   []string
	fields map[string]check
	also   func(c *checker, o object, path string)
}

func (s shape) check(c *checker, v any, path string) {
	o, ok := v.(object)
	if !ok {
		c.wrong(path, "must provide an object")
		return
	}
	for _, name := range s.must {
		if o[name] == nil {
			c.wrong(path, "missing required field: %s", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o)) {
		field, known := s.fields[name]
		switch {
		case name == "type":
		case !known:
			c.wrong(path, "no more than 0 additional properties allowed: %s", name)
		case o[name] == nil:
			c.wrong(path+"/"+name, "must not be null")
		default:
			field(c, o[name], path+"/"+name)
		}
	}
	if s.also != nil {
		s.also(c, o, path)
	}
}

// words is a string of 1 to most characters.
func words(most int) check { return wordsFrom(1, most) }

func wordsFrom(least, most int) check {
	return func(c *checker, v any, path string) {
		s, ok := v.(string)
		switch n := length(s); {
		case !ok:
			c.wrong(path, "must provide a string")
		case n < least:
			c.wrong(path, "must be more than %d characters", least-1)
		case n > most:
			c.wrong(path, "must be less than %d characters", most+1)
		}
	}
}

func oneOf(values ...string) check {
	return func(c *checker, v any, path string) {
		if s, ok := v.(string); !ok || !slices.Contains(values, s) {
			c.wrong(path, "must be one of: %v", values)
		}
	}
}

func truth(c *checker, v any, path string) {
	if _, ok := v.(bool); !ok {
		c.wrong(path, "must be a boolean")
	}
}

func number(least, most float64) check {
	return func(c *checker, v any, path string) {
		n, ok := v.(float64)
		if !ok || n < least || n > most {
			c.wrong(path, "must be a number from %v to %v", least, most)
		}
	}
}

// pattern is a string that parse takes.
func pattern(what string, parse func(string) error) check {
	return func(c *checker, v any, path string) {
		if s, ok := v.(string); !ok || parse(s) != nil {
			c.wrong(path, "must be %s", what)
		}
	}
}

// list is an array of least to most items.
func list(least, most int, each check) check {
	return func(c *checker, v any, path string) {
		items, ok := v.([]any)
		switch n := len(items); {
		case !ok:
			c.wrong(path, "must be an array")
		case n < least:
			c.wrong(path, "no less than %d items", least)
		case n > most:
			c.wrong(path, "no more than %d items allowed", most)
		}
		for i, item := range items {
			each(c, item, path+"/"+strconv.Itoa(i))
		}
	}
}

// plain is a plain_text object of 1 to most characters, anyText also mrkdwn
// (docs.slack.dev/reference/block-kit/composition-objects/text-object).
func plain(most int) check   { return textObject(most, "plain_text") }
func anyText(most int) check { return textObject(most, "plain_text", "mrkdwn") }

func textObject(most int, kinds ...string) check {
	return func(c *checker, v any, path string) {
		o, _ := v.(object)
		kind, _ := o["type"].(string)
		if !slices.Contains(kinds, kind) {
			c.wrong(path+"/type", "must be one of: %v", kinds)
			return
		}
		fields := map[string]check{"text": words(most), "emoji": truth}
		if kind == "mrkdwn" {
			fields = map[string]check{"text": words(most), "verbatim": truth}
		}
		shape{must: []string{"text"}, fields: fields}.check(c, o, path)
	}
}

// checkBlocks reports what is wrong with the blocks of a message.
func checkBlocks(blocks []any, s surface, path string) []string {
	c := &checker{surface: s, blockIDs: map[string]bool{}}
	most := 50
	if s != onMessage {
		most = 100
	}
	list(0, most, block)(c, blocks, path)
	if c.focused > 1 {
		c.wrong(path, "only one element may have focus_on_load")
	}
	return c.problems
}

// checkView reports what is wrong with a view
// (docs.slack.dev/reference/views/modal-views and home-tab-views).
func checkView(v object, s surface) []string {
	c := &checker{surface: s}
	fields := map[string]check{
		"blocks": func(*checker, any, string) {}, "private_metadata": wordsFrom(0, 3000), "callback_id": wordsFrom(0, 255), "external_id": wordsFrom(0, 255),
	}
	must := []string{"type", "blocks"}
	if s == onModal {
		maps.Copy(fields, map[string]check{
			"title": plain(24), "close": plain(24), "submit": plain(24), "clear_on_close": truth, "notify_on_close": truth, "submit_disabled": truth,
		})
		must = append(must, "title")
	}
	if v["type"] != string(s) {
		c.wrong("/view/type", "must be %s", s)
	}
	shape{must: must, fields: fields}.check(c, v, "/view")
	blocks, ok := v["blocks"].([]any)
	if !ok {
		c.wrong("/view/blocks", "must be an array")
	}
	if s == onModal && v["submit"] == nil && slices.ContainsFunc(blocks, func(b any) bool { return kindOf(b) == "input" }) {
		c.wrong("/view", "missing required field: submit, for there is an input block")
	}
	return append(c.problems, checkBlocks(blocks, s, "/view/blocks")...)
}

// kindOf is the type of a block, an element or an object.
func kindOf(v any) string {
	o, _ := v.(object)
	s, _ := o["type"].(string)
	return s
}
