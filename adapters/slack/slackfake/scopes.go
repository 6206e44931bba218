package slackfake

import (
	"slices"
	"strings"
)

// AllScopes are the bot scopes that the methods of the fake ask for.
func AllScopes() []string {
	return []string{
		"channels:history", "channels:join", "channels:manage", "channels:read", "chat:write", "chat:write.public", "commands",
		"files:write",
		"groups:history", "groups:read", "groups:write", "im:history", "im:read", "im:write", "team:read",
		"usergroups:read", "usergroups:write", "users.profile:read", "users:read", "users:read.email",
	}
}

// SetScopes changes what the bot token may do, as a new installation would.
func (f *Fake) SetScopes(scopes ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.scopes = slices.Clone(scopes)
}

// DropScope takes one scope away from the bot token.
func (f *Fake) DropScope(scope string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.scopes = slices.DeleteFunc(slices.Clone(f.scopes), func(s string) bool { return s == scope })
}

// has reports whether the token has one of the scopes. f.mu is held.
func (f *Fake) has(anyOf ...string) bool {
	return len(anyOf) == 0 || slices.ContainsFunc(anyOf, func(s string) bool { return slices.Contains(f.scopes, s) })
}

// need is nil if the token has one of the scopes, and the refusal that names
// the first of them if not.
func (f *Fake) need(anyOf ...string) error {
	if f.has(anyOf...) {
		return nil
	}
	return &apiError{code: "missing_scope", extra: object{"needed": anyOf[0], "provided": strings.Join(f.scopes, ",")}}
}

// readScope, manageScope and historyScope are the scopes for a kind of
// conversation (docs.slack.dev/reference/scopes).
func (c *channel) readScope() string    { return c.family() + ":read" }
func (c *channel) historyScope() string { return c.family() + ":history" }

func (c *channel) manageScope() string {
	if c.kind() == kindPublic {
		return "channels:manage"
	}
	return c.family() + ":write"
}

func (c *channel) family() string {
	switch c.kind() {
	case kindPrivate:
		return "groups"
	case kindDirect:
		return "im"
	}
	return "channels"
}
