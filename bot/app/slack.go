package app

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/rs/zerolog"
	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/connect/slackchannel"
	"github.com/usher-dev/usher/adapters/connect/slackfault"
	"github.com/usher-dev/usher/adapters/connect/slackgroup"
	"github.com/usher-dev/usher/adapters/slack"
	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// slackKind is the kind of chats that are in Slack.
const slackKind = "slack"

// slackChat is one workspace: the chat in it, and a client of its own for
// what is given there, so that one does not hold up the other.
type slackChat struct {
	config.Chat
	gives   config.Slack
	adapter *slack.Adapter
	web     *api.Client
}

// behind is what a chat needs of the runtime, which is made after the chats.
type behind struct {
	runtime *runtime.Runtime
	leases  runtime.Leases
}

// slackChats makes the chats of a configuration that are in Slack. It calls
// nobody. log is for all of them; channels are those that doctor looks at.
func slackChats(c config.Config, clock runtime.Clock, log zerolog.Logger, b *behind, channels ...access.Channel) ([]slackChat, error) {
	var all []slackChat
	for _, chat := range c.Chats {
		if chat.Kind != slackKind {
			continue
		}
		o := slackOptions(c, chat, b)
		o.Clock, o.Log = clock, log.With().Str("chat", chat.Name).Logger()
		o.Channels = within(channels, chat.Name)
		adapter, err := slack.New(o)
		if err != nil {
			return nil, trouble(err, "The Slack chat %q cannot be opened: %s.", chat.Name, plain(err))
		}
		all = append(all, slackChat{chat, c.Slack, adapter, slackClient(c, chat)})
	}
	return all, nil
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

// adminsIn are the people of a chat who are tenant admins at this moment.
func adminsIn(ctx context.Context, r *runtime.Runtime, chat config.Chat) ([]access.PersonID, error) {
	world, err := r.World(ctx, chat.Tenant)
	if err != nil {
		return nil, err
	}
	var all []access.PersonID
	for _, s := range world.Settings.Admins {
		people := []access.PersonID{s.Person}
		if s.Kind == access.SubjectGroup {
			if people, err = r.Directory.Members(ctx, chat.Tenant, s.Group); err != nil {
				return nil, err
			}
		}
		all = append(all, people...)
	}
	slices.Sort(all)
	return slices.Compact(within(all, chat.Name)), nil
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

// channelConnector and groupConnector are what resources name the connectors
// of a chat by: "slack-channel" and "slack-group" of the chat "slack".
func channelConnector(chat string) string { return chat + "-channel" }
func groupConnector(chat string) string   { return chat + "-group" }
