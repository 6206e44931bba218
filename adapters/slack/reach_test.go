package slack

import (
	"errors"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/core/access"
)

func TestWhereCardsCanGo(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "http")
	f.fake.AddChannel(slackfake.Channel{ID: "C0ALONE", Name: "alone"})
	f.fake.AddChannel(slackfake.Channel{ID: "C0OLD", Name: "old", Archived: true, Bot: true})
	f.fake.AddChannel(slackfake.Channel{ID: "C0SECRET", Name: "secret", Private: true})
	for ch, want := range map[access.Channel]error{
		"slack/C0GENERAL": nil, "slack/C0ALONE": chat.ErrKeptOut, "slack/C0OLD": chat.ErrKeptOut,
		"slack/C0SECRET": chat.ErrNoPlace, "slack/C0NONE": chat.ErrNoPlace, "slack/general": chat.ErrNoPlace, "other/C0GENERAL": chat.ErrNoPlace,
	} {
		if err := f.a.Reach(t.Context(), ch); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", ch, err, want)
		}
	}
	f.fake.Fail(slackfake.Fault{Method: "conversations.info", Status: 500})
	if err := f.a.Reach(t.Context(), "slack/C0GENERAL"); access.AsFault(err).Code != "slackDown" {
		t.Errorf("while Slack is down: %v", err)
	}
}
