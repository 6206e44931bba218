package discordfake

import (
	"regexp"
	"slices"
	"strings"
)

// mentioned is a mention of a user or a role (API Reference, "Message
// Formatting"). Code is not looked for: what stands in code blocks pings here,
// although it does not on Discord, so that nobody relies on it.
var mentioned = regexp.MustCompile(`<@(!|&)?([0-9]+)>`)

// allowedMentions checks the object (Message, "Allowed Mentions Object").
func allowedMentions(c *checker, v any, path string) {
	shape{fields: map[string]check{
		"parse": list(0, 3, oneWord("users", "roles", "everyone")),
		"users": list(0, 100, aSnowflake), "roles": list(0, 100, aSnowflake), "replied_user": truth,
	}, also: func(c *checker, o object, path string) {
		for _, kind := range []string{"users", "roles"} {
			if slices.Contains(items(o["parse"]), any(kind)) && len(items(o[kind])) > 0 {
				c.wrong(path+"/parse", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", `parse:["%s"] and %s: [ids...] are mutually exclusive.`, kind, kind)
			}
		}
	}}.check(c, v, path)
}

// pings are the mentions of a message that notify somebody: what its text
// mentions, as far as it is allowed to. f.mu is held.
func (f *Fake) pings(m *message, allowed any, d door) mentions {
	ch := f.channels[m.channel]
	rule := nested(allowed)
	parse := items(rule["parse"])
	if allowed == nil {
		parse = []any{"users", "roles", "everyone"}
		if d.webhook {
			parse = []any{"users"}
		}
	}
	may := f.permissions(ch, m.author).Has(MentionEveryone)
	var out mentions
	words := m.words()
	for _, found := range mentioned.FindAllStringSubmatch(words, -1) {
		kind, id := "users", found[2]
		if found[1] == "&" {
			kind = "roles"
		}
		if !slices.Contains(parse, any(kind)) && !slices.Contains(items(rule[kind]), any(id)) {
			continue
		}
		if kind == "users" && f.users[id] != nil {
			out.users = appendNew(out.users, id)
		}
		if r := f.roleIn(ch, id); kind == "roles" && r != nil && (r.Mentionable || may) {
			out.roles = appendNew(out.roles, id)
		}
	}
	everyone := strings.Contains(words, "@everyone") || strings.Contains(words, "@here")
	out.everyone = everyone && may && slices.Contains(parse, any("everyone")) && ch.Kind != Direct
	return out
}

func (f *Fake) roleIn(c *channel, id string) *role {
	if g := f.guilds[c.Guild]; g != nil {
		return g.roles[id]
	}
	return nil
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
