package slackfake_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
)

func code(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestMessagesAreEditedUntilTheyCannotBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{EditWindow: time.Hour, NoEvents: true})
	channel, ts, err := w.api.PostMessage("CTEAM", append(card("One", "Go"),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "usher_card", EventPayload: map[string]any{"id": "e1"}}))...)
	must(t, err)
	if _, _, _, err := w.api.UpdateMessage(channel, ts, slack.MsgOptionText("Two", false)); err != nil {
		t.Fatal(err)
	}
	m := w.Messages("CTEAM")[0]
	if m.Text != "Two" || m.Body != "One\n[Go]" || m.Metadata["event_type"] != "usher_card" || !m.Edited {
		t.Errorf("what was left out of the edit did not stay: %+v", m)
	}
	if _, _, _, err := w.api.UpdateMessage(channel, ts, slack.MsgOptionText(strings.Repeat("x", 4001), false)); code(err) != "msg_too_long" {
		t.Errorf("4,001 characters in an edit: %v", err)
	}
	history, err := w.api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: channel, IncludeAllMetadata: true})
	if err != nil || len(history.Messages) != 1 || history.Messages[0].Metadata.EventPayload["id"] != "e1" {
		t.Errorf("history: %+v, %v", history, err)
	}
	link, err := w.api.GetPermalink(&slack.PermalinkParameters{Channel: channel, Ts: ts})
	if err != nil || link != "https://demo.slack.com/archives/CTEAM/p"+strings.ReplaceAll(ts, ".", "") {
		t.Errorf("the link is %q, %v", link, err)
	}
	w.clock.forward(time.Hour + time.Second)
	if _, _, _, err := w.api.UpdateMessage(channel, ts, slack.MsgOptionText("Late", false)); code(err) != "edit_window_closed" {
		t.Errorf("after the window: %v", err)
	}
	must(t, w.Person("UMINA").Write("CTEAM", "mine"))
	theirs, err := w.Person("UADA").Read("mine")
	must(t, err)
	if _, _, _, err := w.api.UpdateMessage("CTEAM", theirs.TS, slack.MsgOptionText("x", false)); code(err) != "cant_update_message" {
		t.Errorf("somebody else's message: %v", err)
	}
	w.DeleteMessage(m)
	if _, _, _, err := w.api.UpdateMessage(channel, ts, slack.MsgOptionText("x", false)); code(err) != "message_not_found" {
		t.Errorf("a message that is gone: %v", err)
	}
	w.ChangeChannel("CTEAM", func(c *slackfake.Channel) { c.Archived = true })
	if _, _, _, err := w.api.UpdateMessage("CTEAM", theirs.TS, slack.MsgOptionText("x", false)); code(err) != "is_inactive" {
		t.Errorf("in an archived channel: %v", err)
	}
}

func TestEphemeralMessagesAreForOneAndCannotBeEdited(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{})
	ts, err := w.api.PostEphemeral("CTEAM", "UMINA", slack.MsgOptionText("psst", false))
	must(t, err)
	if _, err := w.Person("UMINA").Read("psst"); err != nil {
		t.Error(err)
	}
	if n := len(w.Person("UADA").See().Messages); n != 0 {
		t.Errorf("Ada sees %d messages", n)
	}
	if _, _, _, err := w.api.UpdateMessage("CTEAM", ts, slack.MsgOptionText("x", false)); code(err) != "message_not_found" {
		t.Errorf("an ephemeral message was edited: %v", err)
	}
}

// listening is an app that acknowledges events and does nothing.
func listening(world) app {
	return app{event: func(map[string]any, int) int { return http.StatusOK }}
}

func TestThreads(t *testing.T) {
	t.Parallel()
	overBoth(t, slackfake.Options{}, listening, func(t *testing.T, w world) {
		channel, ts, err := w.api.PostMessage("CTEAM", slack.MsgOptionText("card", false))
		must(t, err)
		mina := w.Person("UMINA")
		m, err := mina.Read("card")
		must(t, err)
		must(t, mina.ReplyIn(m, "why <b> & for @ada?"))
		replies, _, _, err := w.api.GetConversationReplies(&slack.GetConversationRepliesParameters{ChannelID: channel, Timestamp: ts})
		if err != nil || len(replies) != 2 || replies[1].Text != "why &lt;b&gt; &amp; for @ada?" || replies[1].User != "UMINA" {
			t.Errorf("replies: %+v, %v", replies, err)
		}
		if h, _ := w.api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: channel}); len(h.Messages) != 1 {
			t.Errorf("the history has %d messages: replies are not in it", len(h.Messages))
		}
		if _, err := w.Person("UADA").Read("why <b> & for @ada?"); err != nil {
			t.Error(err)
		}
	})
}

// respond posts to a response_url.
func respond(t *testing.T, to string, body map[string]any) (int, string) {
	t.Helper()
	b, err := json.Marshal(body)
	must(t, err)
	resp, err := http.Post(to, "application/json", bytes.NewReader(b))
	must(t, err)
	defer func() { _ = resp.Body.Close() }()
	var answer struct{ Error string }
	_ = json.NewDecoder(resp.Body).Decode(&answer)
	return resp.StatusCode, answer.Error
}

func TestResponseURLsTakeFiveAnswersInHalfAnHour(t *testing.T) {
	t.Parallel()
	urls := make(chan string, 2)
	w := newWorld(t, slackfake.Options{})
	w.serve(t, app{
		command: func(c slack.SlashCommand) any { urls <- c.ResponseURL; return nil },
		act:     func(i slack.InteractionCallback) any { urls <- i.ResponseURL; return nil },
	})
	mina := w.Person("UMINA")
	must(t, mina.Slash("/access", "", "CTEAM"))
	to := <-urls
	if err := slack.PostWebhook(to, &slack.WebhookMessage{Text: "still working"}); err != nil {
		t.Errorf("slack-go: %v", err)
	}
	for range 4 {
		if status, why := respond(t, to, map[string]any{"text": "more"}); status != http.StatusOK {
			t.Errorf("answered %d %s", status, why)
		}
	}
	if status, why := respond(t, to, map[string]any{"text": "a sixth"}); status != http.StatusNotFound || why != "used_url" {
		t.Errorf("the sixth: %d %s", status, why)
	}
	if m := mina.See().Messages; len(m) != 5 || !m[0].Private {
		t.Errorf("Mina sees %v", mina.See())
	}
	must(t, mina.Slash("/access", ""))
	to = <-urls
	w.clock.forward(30*time.Minute + time.Second)
	if status, why := respond(t, to, map[string]any{"text": "late"}); status != http.StatusNotFound || why != "expired_url" {
		t.Errorf("late: %d %s", status, why)
	}
	_, _, err := w.api.PostMessage("CTEAM", card("Card", "Go")...)
	must(t, err)
	m, err := mina.Read("Card")
	must(t, err)
	must(t, mina.Press(m, "Go"))
	to = <-urls
	if status, why := respond(t, to, map[string]any{"text": "Gone on", "replace_original": true, "blocks": []any{}}); status != http.StatusOK {
		t.Errorf("replace: %d %s", status, why)
	}
	if got := w.Messages("CTEAM"); len(got) != 1 || got[0].Body != "Gone on" {
		t.Errorf("the message is %+v", got)
	}
	if status, _ := respond(t, to, map[string]any{"delete_original": true}); status != http.StatusOK || len(w.Messages("CTEAM")) != 0 {
		t.Error("the message is still there")
	}
}
