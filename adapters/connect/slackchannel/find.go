package slackchannel

import (
	"context"

	"github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/connect/slackfault"
	"github.com/usher-dev/usher/adapters/connect/things"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// maxPages is how many pages one list is read of, 999 channels each: half of
// what conversations.list allows in a minute ("Rate limits", Tier 2).
const maxPages = 10

// Find lists public channels that Usher is in, and private ones that Usher and
// one of the accounts are in. Left out are channels without Usher, which could
// not be given, archived ones, and the one of everybody, which nobody can be
// taken out of ("conversations.invite" and "conversations.kick"). Of a
// workspace with more than 9,990 public channels the rest is left out as well.
// What is listed is up to a minute old.
//
// Faults are those of slackfault.
func (c *Connector) Find(ctx context.Context, _ access.TenantID, accounts []access.Account, query string, max int) ([]runtime.Thing, error) {
	all, err := c.found.Get(ctx, "", c.public)
	if err != nil {
		return nil, err
	}
	for _, user := range slackfault.Accounts(c.chat, accounts) {
		own, err := c.found.Get(ctx, user, func(ctx context.Context) ([]runtime.Thing, error) { return c.private(ctx, user) })
		if err != nil {
			return nil, err
		}
		all = merged(all, own)
	}
	return things.Pick(all, query, max), nil
}

// merged is both lists, with what is in both once; neither is changed.
func merged(a, b []runtime.Thing) []runtime.Thing {
	out := append([]runtime.Thing(nil), a...)
	seen := map[string]bool{}
	for _, t := range a {
		seen[t.Target] = true
	}
	for _, t := range b {
		if !seen[t.Target] {
			out = append(out, t)
		}
	}
	return out
}

func (c *Connector) public(ctx context.Context) ([]runtime.Thing, error) {
	params := &slack.GetConversationsParameters{Types: []string{"public_channel"}, ExcludeArchived: true, Limit: pageSize}
	return c.pages(func() (page []slack.Channel, next string, err error) {
		page, next, err = c.api.GetConversationsContext(ctx, params)
		params.Cursor = next
		if err != nil {
			err = c.fault("conversations.list", err)
		}
		return page, next, err
	})
}

// private are the private channels that somebody shares with Usher: Slack lists
// no others of them ("users.conversations").
func (c *Connector) private(ctx context.Context, user string) ([]runtime.Thing, error) {
	params := &slack.GetConversationsForUserParameters{UserID: user, Types: []string{"private_channel"}, ExcludeArchived: true, Limit: pageSize}
	return c.pages(func() (page []slack.Channel, next string, err error) {
		page, next, err = c.api.GetConversationsForUserContext(ctx, params)
		params.Cursor = next
		if slackfault.Code(err) == "user_not_found" {
			return nil, "", nil
		}
		if err != nil {
			err = c.fault("users.conversations", err)
		}
		return page, next, err
	})
}

func (c *Connector) pages(read func() ([]slack.Channel, string, error)) (found []runtime.Thing, err error) {
	for range maxPages {
		page, next, err := read()
		if err != nil {
			return nil, err
		}
		for _, ch := range page {
			if !ch.IsArchived && !ch.IsGeneral && (ch.IsPrivate || ch.IsMember) {
				found = append(found, thing(ch))
			}
		}
		if next == "" {
			break
		}
	}
	return found, nil
}

func thing(ch slack.Channel) runtime.Thing {
	name := "#" + ch.Name
	return runtime.Thing{
		Target: ch.ID, Name: name, Kind: "channel",
		Roles: []access.ResourceRole{things.Role(slackfault.Member, "Member", "Read and write in "+name, "In "+name+" lesen und schreiben")},
	}
}
