package app

import (
	"cmp"
	"context"
	"net/http"
	"time"

	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/connect/slackchannel"
	"github.com/usher-dev/usher/adapters/connect/slackfault"
	"github.com/usher-dev/usher/adapters/connect/slackgroup"
	"github.com/usher-dev/usher/adapters/slack"
	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// openSlack makes a workspace: the chat in it, and a client of its own for what
// is given there, so that one does not hold up the other.
func openSlack(s setting, c config.Chat) (chatAdapter, tools, error) {
	o := slackOptions(s.config, c, s.behind)
	o.Clock, o.Log, o.Channels = s.clock, s.log, s.seen.channels
	adapter, err := slack.New(o)
	if err != nil {
		return nil, tools{}, err
	}
	return adapter, tools{slack: slackClient(s.config, c)}, nil
}

func slackOptions(c config.Config, chat config.Chat, b *behind) slack.Options {
	return slack.Options{
		Name: chat.Name, Tenant: chat.Tenant, Team: chat.Teams,
		BotToken:      slack.Secret(chat.Secrets["bot"]),
		AppToken:      slack.Secret(chat.Secrets["app"]),
		SigningSecret: slack.Secret(chat.Secrets["signing"]),
		APIURL:        c.Slack.APIURL,
		ManagerField:  c.Slack.ManagerField,
		Groups: func(ctx context.Context) ([]access.GroupID, error) {
			world, err := everything(ctx, b.runtime, chat.Tenant)
			return within(namesIn[access.GroupID](world), chat.Name), err
		},
		Scopes: slackScopes(c.Slack),
		Admins: func(ctx context.Context) ([]access.PersonID, error) { return adminsIn(ctx, b.runtime, chat) },
		Once: func(ctx context.Context, name string, while time.Duration) (bool, error) {
			r := b.runtime
			return b.leases.Lease(ctx, name, r.NewID(), r.Clock.Now(), while)
		},
		OnLeft:  func(ctx context.Context, who access.PersonID) { leaver(b.runtime, chat.Tenant)(ctx, who) },
		OnGroup: func(ctx context.Context, group access.GroupID) { regrouper(b.runtime, chat.Tenant)(ctx, group) },
	}
}

// slackClient is the client that connectors use. An address always ends with
// a slash, as the library wants it.
func slackClient(c config.Config, chat config.Chat) *api.Client {
	address := cmp.Or(c.Slack.APIURL, api.APIURL)
	if address[len(address)-1] != '/' {
		address += "/"
	}
	return api.New(chat.Secrets["bot"].Reveal(), api.OptionAPIURL(address), api.OptionHTTPClient(&http.Client{Timeout: 10 * time.Second}))
}

// slackScopes are the permissions that the connectors of Slack need which are
// on.
func slackScopes(c config.Slack) []slack.Scope {
	var all []slackfault.Scope
	if c.Gives(config.SlackChannels) {
		all = append(all, slackchannel.Scopes()...)
	}
	if c.Gives(config.SlackGroups) {
		all = append(all, slackgroup.Scopes()...)
	}
	var out []slack.Scope
	for _, s := range all {
		out = append(out, slack.Scope(s))
	}
	return out
}

// channelConnector and groupConnector are what resources name the connectors of
// a chat by: "slack-channel", "discord-channel" and "slack-group".
func channelConnector(chat string) string { return chat + "-channel" }
func groupConnector(chat string) string   { return chat + "-group" }

// slackConnectors are those of a workspace, for its channels and its user
// groups, unless they are switched off.
func slackConnectors(c config.Config, chat config.Chat, t tools) map[string]runtime.Connector {
	all := map[string]runtime.Connector{}
	if c.Slack.Gives(config.SlackChannels) {
		all[channelConnector(chat.Name)] = slackchannel.New(chat.Name, t.slack, t.clock)
	}
	if c.Slack.Gives(config.SlackGroups) {
		all[groupConnector(chat.Name)] = slackgroup.New(chat.Name, t.slack, t.store, t.clock)
	}
	return all
}

func diagnoseSlack(ctx context.Context, c config.Config, a chatAdapter) []finding {
	var out []finding
	for _, f := range a.(*slack.Adapter).Diagnose(ctx, slackScopes(c.Slack)...) {
		out = append(out, finding{f.OK, f.What, f.Fix})
	}
	return out
}
