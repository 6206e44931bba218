package slack

import (
	"context"
	"fmt"
	"slices"
	"strings"

	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/core/access"
)

// Finding is one thing that Diagnose looked at. OK ones are there as well, so
// that people see what was looked at.
type Finding struct {
	OK   bool
	What string // what was looked at, or found
	Fix  string // what to do about it, when it is not OK
}

func fine(what string, args ...any) Finding {
	return Finding{OK: true, What: fmt.Sprintf(what, args...)}
}

func wrong(fix, what string, args ...any) Finding {
	return Finding{What: fmt.Sprintf(what, args...), Fix: fix}
}

// Diagnose looks at everything that an installation gets wrong: the kinds of
// the tokens, the workspace, scopes, Socket Mode, and whether the bot is in
// the channels that it posts to. extra are the scopes of the connectors. It
// changes nothing in Slack.
func (a *Adapter) Diagnose(ctx context.Context, extra ...Scope) []Finding {
	out := a.diagnoseTokens()
	var got *api.AuthTestResponse
	err := a.call(ctx, "auth.test", "", func(ctx context.Context) (err error) {
		got, err = a.web.AuthTestContext(ctx)
		return err
	})
	if err != nil && !isFatal(slackCode(err)) {
		return append(out, wrong("Look whether this machine reaches Slack, and try again", "Slack does not answer (%v)", err))
	}
	if err != nil {
		return append(out, wrong("Copy the bot token again from \"OAuth & Permissions\"", "Slack refuses the bot token (%v)", err))
	}
	out = append(out, fine("the bot token belongs to %s (%s)", got.Team, got.TeamID))
	if len(a.o.Team) > 0 && !slices.Contains(a.o.Team, got.TeamID) && !slices.Contains(a.o.Team, got.EnterpriseID) {
		out = append(out, wrong("Configure the workspace that the token is of", "the bot token is of %s, which is not configured", got.TeamID))
	}
	out = append(out, a.diagnoseScopes(got, extra)...)
	out = append(out, a.diagnoseWayIn(ctx)...)
	for _, channel := range a.o.Channels {
		out = append(out, a.diagnoseChannel(ctx, channel))
	}
	return out
}

func (a *Adapter) diagnoseTokens() []Finding {
	var out []Finding
	if !strings.HasPrefix(string(a.o.BotToken), "xoxb-") {
		out = append(out, wrong("Use the \"Bot User OAuth Token\"", "the bot token does not begin with xoxb-"))
	}
	if a.o.AppToken != "" && !strings.HasPrefix(string(a.o.AppToken), "xapp-") {
		out = append(out, wrong("Use an \"App-Level Token\" with connections:write", "the app token does not begin with xapp-"))
	}
	return out
}

func (a *Adapter) diagnoseScopes(got *api.AuthTestResponse, extra []Scope) []Finding {
	granted := got.Header.Get("X-OAuth-Scopes")
	if granted == "" {
		return []Finding{wrong("Look at \"OAuth & Permissions\"", "Slack does not tell which scopes the bot has")}
	}
	needed := each(append(Scopes(a.o.ManagerField != ""), extra...))
	var out []Finding
	for _, s := range missing(needed, granted) {
		fix := "Add the scope under \"OAuth & Permissions\" and install the app again"
		out = append(out, wrong(fix, "the scope %s is missing (%s): %s", s.Name, s.Reason, s.Without))
	}
	if len(out) == 0 {
		out = append(out, fine("all %d scopes are granted", len(needed)))
	}
	return out
}

func (a *Adapter) diagnoseWayIn(ctx context.Context) []Finding {
	if a.o.AppToken == "" {
		return []Finding{fine("commands, buttons and events come over HTTP, at /slack/commands, /slack/interactions and /slack/events")}
	}
	err := a.call(ctx, "apps.connections.open", "", func(ctx context.Context) error {
		_, _, err := a.web.StartSocketModeContext(ctx)
		return err
	})
	if err != nil {
		return []Finding{wrong("Switch Socket Mode on, and make an app-level token with connections:write", "Socket Mode cannot be opened (%v)", err)}
	}
	return []Finding{fine("Socket Mode can be opened")}
}

func (a *Adapter) diagnoseChannel(ctx context.Context, channel access.Channel) Finding {
	id, own := strings.CutPrefix(string(channel), a.o.Name+"/")
	if !own || !channelForm.MatchString(id) {
		return wrong("Write the channel's id: "+a.o.Name+"/C…", "%q is no channel of this chat", channel)
	}
	var info *api.Channel
	err := a.call(ctx, "conversations.info", "", func(ctx context.Context) (err error) {
		info, err = a.web.GetConversationInfoContext(ctx, &api.GetConversationInfoInput{ChannelID: id})
		return err
	})
	invite := "Invite the bot into the channel: /invite @Usher"
	switch {
	case err != nil:
		return wrong(invite, "the channel %s cannot be read (%v)", id, err)
	case info.IsArchived:
		return wrong("Choose another channel", "the channel #%s is archived", info.Name)
	case !info.IsMember:
		return wrong(invite, "the bot is not in #%s", info.Name)
	}
	return fine("the bot is in #%s", info.Name)
}
