package slackfake_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
)

// desk is an app that opens a form on a command, posts a card on its
// submission, and edits the card on a press.
func desk(w world) app {
	return app{
		command: func(c slack.SlashCommand) any {
			if c.Text == "help" {
				return map[string]any{"text": "Type `/access request`"}
			}
			if _, err := w.api.OpenView(c.TriggerID, form("Request access")); err != nil {
				return map[string]any{"text": err.Error()}
			}
			return nil
		},
		act: func(i slack.InteractionCallback) any {
			switch i.Type {
			case slack.InteractionTypeBlockSuggestion:
				return map[string]any{"options": []any{map[string]any{"text": plain("Contractor " + i.Value), "value": "contractor"}}}
			case slack.InteractionTypeViewSubmission:
				why := i.View.State.Values["why"]["why"].Value
				if why == "because" {
					return slack.NewErrorsViewSubmissionResponse(map[string]string{"why": "Say more than that."})
				}
				_, _, _ = w.api.PostMessage("CTEAM", card("<@"+i.User.ID+"> asks: "+why, "Approve", "Deny")...)
				return nil
			case slack.InteractionTypeBlockActions:
				action := i.ActionCallback.BlockActions[0]
				_, _, _, _ = w.api.UpdateMessage(i.Channel.ID, i.Message.Timestamp, card(action.Value + " by <@" + i.User.ID + ">")[0],
					slack.MsgOptionBlocks(slack.NewSectionBlock(mrkdwn(action.Value+" by <@"+i.User.ID+">"), nil, nil)))
			}
			return nil
		},
	}
}

func TestAPersonAsksAndAnotherDecides(t *testing.T) {
	t.Parallel()
	overBoth(t, slackfake.Options{}, desk, func(t *testing.T, w world) {
		mina, ada := w.Person("UMINA"), w.Person("UADA")
		must(t, mina.Slash("/access", "help"))
		if _, err := mina.Read("Type `/access request`"); err != nil {
			t.Fatal(err)
		}
		must(t, mina.Slash("/access", "request contractor"))
		if _, err := mina.ReadModal("Request access"); err != nil {
			t.Fatal(err)
		}
		if err := mina.Submit(); !errors.Is(err, slackfake.ErrFields) {
			t.Errorf("an empty form went through: %v", err)
		}
		options, err := mina.Suggest("Package", "ext")
		must(t, err)
		if len(options) != 1 || options[0] != "Contractor ext" {
			t.Errorf("offered are %q", options)
		}
		must(t, mina.Fill(map[string]any{"Package": "contractor", "Justification": "because", "Until": "2026-12-23"}))
		if err := mina.Submit(); !errors.Is(err, slackfake.ErrFields) || !strings.Contains(mina.See().String(), "! Say more than that.") {
			t.Errorf("the answer of the app is not at the field: %v\n%s", err, mina.See())
		}
		must(t, mina.Fill(map[string]any{"Justification": "I paint the team's channel"}))
		must(t, mina.Submit())
		card, err := ada.Read("@Mina Okafor asks: I paint the team's channel")
		must(t, err)
		if mina.See().Modal != nil {
			t.Error("the modal is still open")
		}
		must(t, ada.Press(card, "Approve"))
		after, err := mina.Read("token of Approve by @Ada Lindqvist")
		must(t, err)
		if after.TS != card.TS || !after.Edited || len(after.Buttons) != 0 {
			t.Errorf("the card is %+v", after)
		}
		if err := ada.Press(card, "Approve"); !errors.Is(err, slackfake.ErrNoSuch) {
			t.Errorf("a button that is gone was pressed: %v", err)
		}
	})
}
