package discordfake

import (
	"maps"
	"strings"
)

// Message flags (Message, "Message Flags").
const (
	flagSuppressEmbeds = 1 << 2
	flagHasThread      = 1 << 5
	flagEphemeral      = 1 << 6
	flagLoading        = 1 << 7
	flagSilent         = 1 << 12
	flagV2             = 1 << 15
)

// door is an endpoint that takes messages: which fields and flags it takes, and
// what it pings when allowed_mentions is absent.
type door struct {
	edit    bool
	webhook bool // interaction responses and followups
	prefix  string
	files   map[string]File // that came with it, by number
}

// flags that may be set (Message, "Create Message" and "Edit Message";
// Interactions: Receiving and Responding, "Messages").
func (d door) flags() int {
	switch {
	case d.edit:
		return flagSuppressEmbeds | flagV2
	case d.webhook:
		return flagSuppressEmbeds | flagEphemeral | flagSilent | flagV2
	}
	return flagSuppressEmbeds | flagSilent | flagV2
}

func (d door) shape() shape {
	fields := map[string]check{
		"content": atMost(2000), "embeds": embeds, "allowed_mentions": allowedMentions, "components": ignored,
		"attachments": list(0, 10, attachmentShape().check), "flags": number(0, 1<<31-1),
	}
	if !d.edit {
		maps.Copy(fields, map[string]check{"tts": truth, "sticker_ids": list(0, 0, ignored)})
	}
	if d.prefix != "" {
		// Every response may say tts, an update too (Interactions: Receiving and
		// Responding, "Messages").
		fields["tts"] = truth
	}
	if !d.edit && !d.webhook {
		maps.Copy(fields, map[string]check{
			"nonce": nonce, "enforce_nonce": truth, "message_reference": ignored,
		})
	}
	if d.edit && !d.webhook {
		// discordgo's MessageEdit sends its own two fields along; Discord
		// ignores them.
		fields["ID"], fields["Channel"] = ignored, ignored
	}
	return shape{fields: fields}
}

func nonce(c *checker, v any, path string) {
	s, isText := v.(string)
	if _, isNumber := whole(v); !isText && !isNumber {
		c.wrong(path, "NONCE_TYPE_INVALID", "Must be an integer or a string")
	}
	if length(s) > 25 {
		c.wrong(path, "NONCE_TYPE_TOO_LONG", "Nonce must be 25 characters or fewer.")
	}
}

// compose puts what a body says into a message, or refuses it and leaves the
// message as it was. f.mu is held.
func (f *Fake) compose(m *message, body object, d door) error {
	next := *m
	c := newChecker()
	d.shape().check(c, body, d.prefix)
	flags, given := whole(body["flags"])
	if given && !d.edit && int(flags)&^d.flags() != 0 {
		c.wrong(d.prefix+"/flags", "MESSAGE_FLAGS_INVALID", "Only %d can be set", d.flags())
	}
	if given && d.edit && m.flags&flagV2 != 0 && flags&flagV2 == 0 {
		c.wrong(d.prefix+"/flags", "MESSAGE_COMPONENTS_V2_CANNOT_BE_REMOVED", "IS_COMPONENTS_V2 cannot be removed from a message")
	}
	if given {
		next.flags = m.flags&^(d.flags()&^flagV2) | int(flags)&d.flags()
	}
	next.take(body)
	if err := next.attach(c, body, d); err != nil {
		return err
	}
	c.v2 = next.flags&flagV2 != 0
	if c.v2 {
		next.noLegacy(c, d.prefix)
	}
	if body["components"] != nil {
		c.checkComponents(body["components"], d.prefix+"/components")
	} else if m.flags&flagV2 == 0 && c.v2 {
		c.checkComponents(next.components, d.prefix+"/components")
	}
	next.findAttached(c, d.prefix)
	if err := form(c.problems); err != nil {
		return err
	}
	if next.empty() {
		return refuse(emptyMessage)
	}
	next.components = numbered(next.components)
	next.mentions = f.pings(&next, body["allowed_mentions"], d)
	*m = next
	return nil
}

// take copies the fields that a body has. What is left out stays; null empties.
func (m *message) take(body object) {
	if v, ok := body["content"]; ok {
		m.content = text(v)
	}
	if v, ok := body["embeds"]; ok {
		m.embeds = items(v)
	}
	if v, ok := body["components"]; ok {
		m.components = items(v)
	}
}

// noLegacy refuses what a message of components cannot have: whatever was used
// before has to be emptied in the edit that switches it over.
func (m *message) noLegacy(c *checker, prefix string) {
	if m.content != "" {
		c.wrong(prefix+"/content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2")
	}
	if len(m.embeds) > 0 {
		c.wrong(prefix+"/embeds", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "The 'embeds' field cannot be used when using MessageFlags.IS_COMPONENTS_V2")
	}
}

func (m *message) empty() bool {
	return strings.TrimSpace(m.content) == "" && len(m.embeds) == 0 && len(m.components) == 0
}

// embeds are up to ten, 6,000 characters together (Message, "Embed Limits").
func embeds(c *checker, v any, path string) {
	list(0, 10, embed().check)(c, v, path)
	total := 0
	for _, e := range items(v) {
		total += embedLength(nested(e))
	}
	if total > 6000 {
		c.wrong(path, "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
	}
}

func embed() shape {
	media := shape{must: []string{"url"}, fields: map[string]check{"url": words(1, 2048), "height": ignored, "width": ignored, "proxy_url": ignored}}.check
	return shape{fields: map[string]check{
		"type": ignored, "title": trimmed(256), "description": trimmed(4096), "url": link, "timestamp": words(1, 64), "color": number(0, 0xFFFFFF),
		"footer":    shape{must: []string{"text"}, fields: map[string]check{"text": trimmed(2048), "icon_url": words(1, 2048)}}.check,
		"image":     media,
		"thumbnail": media,
		"author": shape{must: []string{"name"}, fields: map[string]check{
			"name": trimmed(256), "url": link, "icon_url": words(1, 2048),
		}}.check,
		"fields": list(0, 25, shape{must: []string{"name", "value"}, fields: map[string]check{
			"name": trimmed(256), "value": trimmed(1024), "inline": truth,
		}}.check),
	}}
}

// trimmed is a string whose length counts without white space around it.
func trimmed(most int) check {
	return func(c *checker, v any, path string) {
		if s, ok := v.(string); ok {
			v = strings.TrimSpace(s)
		}
		words(1, most)(c, v, path)
	}
}

func embedLength(e object) int {
	n := length(text(e["title"])) + length(text(e["description"])) + length(text(nested(e["footer"])["text"])) + length(text(nested(e["author"])["name"]))
	for _, field := range items(e["fields"]) {
		n += length(text(nested(field)["name"])) + length(text(nested(field)["value"]))
	}
	return n
}

// numbered gives components without an id one, as Discord does. The list is
// copied.
func numbered(components []any) []any {
	copied := items(clone(object{"c": components})["c"])
	used := map[int]bool{}
	eachComponent(copied, func(o object) { used[intOf(o["id"], 0)] = true })
	next := 1
	eachComponent(copied, func(o object) {
		if intOf(o["id"], 0) != 0 {
			return
		}
		for used[next] {
			next++
		}
		o["id"] = next
		used[next] = true
	})
	return copied
}

// eachComponent walks through components in the order in which they are read.
func eachComponent(components []any, do func(object)) {
	for _, v := range components {
		o := nested(v)
		if o == nil {
			continue
		}
		do(o)
		eachComponent(items(o["components"]), do)
		for _, name := range []string{"accessory", "component"} {
			if o[name] != nil {
				eachComponent([]any{o[name]}, do)
			}
		}
	}
}

// words of a message that people read: the content, or its text displays.
func (m *message) words() string {
	parts := []string{m.content}
	eachComponent(m.components, func(o object) {
		if kindOf(o) == textDisplay {
			parts = append(parts, text(o["content"]))
		}
	})
	return strings.TrimPrefix(strings.Join(parts, "\n"), "\n")
}
