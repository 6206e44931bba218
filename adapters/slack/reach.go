package slack

import (
	"context"
	"strings"

	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

var _ chat.Scout = (*Adapter)(nil)

// Reach implements chat.Scout: a bot writes where it is a member. A private
// channel without it is "channel_not_found" ("conversations.info").
func (a *Adapter) Reach(ctx context.Context, ch access.Channel) error {
	id, own := strings.CutPrefix(string(ch), a.o.Name+"/")
	if !own || !channelForm.MatchString(id) {
		return chat.ErrNoPlace
	}
	var info *api.Channel
	err := a.call(ctx, "conversations.info", "", func(ctx context.Context) (err error) {
		info, err = a.web.GetConversationInfoContext(ctx, &api.GetConversationInfoInput{ChannelID: id})
		return err
	})
	switch {
	case slackCode(err) == "channel_not_found":
		return chat.ErrNoPlace
	case err != nil:
		return asFault(err)
	case info.IsArchived || !info.IsMember:
		return chat.ErrKeptOut
	}
	return nil
}
