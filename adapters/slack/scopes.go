package slack

import (
	"slices"
	"strings"
)

// Scope is a permission of the bot, with its reason and what does not work
// without it.
type Scope struct {
	Name    string
	Reason  string
	Without string
}

// Scopes is every permission that the adapter needs; connectors add theirs.
// manager: people's managers are read from their profiles.
func Scopes(manager bool) []Scope {
	out := []Scope{
		{"commands", "/access, /access-admin and the two shortcuts", "nobody can ask for anything"},
		{"chat:write", "post and redraw cards", "no card is ever posted"},
		{"im:write", "open the direct message that a card goes to", "nobody gets a card of their own"},
		{"files:write", "reports as tables and pictures, in the direct message of whoever asked for them", "reports come without their tables and pictures"},
		{"users:read", "tell members, guests, bots and people who left; names, languages and time zones", "nobody can act, since nobody is known"},
		{"users:read.email", "see that two accounts are one person, so that nobody approves for themselves", "the same person in two chats is not noticed"},
		{"usergroups:read", "user groups as approvers and requestors", "user groups have no members"},
		{"channels:read", "members of public channels as approvers and requestors", "public channels are no groups"},
		{"groups:read", "members of private channels as approvers and requestors", "private channels are no groups"},
		{"channels:history", "replies below a card in a public channel; find a card whose answer was lost", "replies in public channels are not kept, and a card may be there twice"},
		{"groups:history", "the same in private channels", "replies in private channels are not kept, and a card may be there twice"},
		{"im:history", "the same in direct messages", "replies in direct messages are not kept, and a card may be there twice"},
	}
	if manager {
		out = append(out, Scope{"users.profile:read", "find a person's manager in their profile", "nobody has a manager"})
	}
	return out
}

// each is every scope once.
func each(scopes []Scope) []Scope {
	var out []Scope
	for _, s := range scopes {
		if !slices.ContainsFunc(out, func(o Scope) bool { return o.Name == s.Name }) {
			out = append(out, s)
		}
	}
	return out
}

// missing are the scopes that a list of granted ones does not have.
func missing(needed []Scope, granted string) []Scope {
	has := map[string]bool{}
	for name := range strings.SplitSeq(granted, ",") {
		has[strings.TrimSpace(name)] = true
	}
	var out []Scope
	for _, s := range needed {
		if !has[s.Name] {
			out = append(out, s)
		}
	}
	return out
}
