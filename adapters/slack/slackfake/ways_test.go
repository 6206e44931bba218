package slackfake_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
)

// echo tells a person what came of their interaction.
func echo(w world) app {
	tell := func(i slack.InteractionCallback, what string) {
		_, _, _ = w.api.PostMessage(i.User.ID, slack.MsgOptionText(what, false))
	}
	return app{
		act: func(i slack.InteractionCallback) any {
			switch i.Type {
			case slack.InteractionTypeShortcut:
				tell(i, "shortcut "+i.CallbackID)
			case slack.InteractionTypeMessageAction:
				tell(i, "about "+i.Message.Text+" in "+i.Channel.ID+" at "+i.MessageTs)
			case slack.InteractionTypeViewClosed:
				tell(i, "closed "+i.View.CallbackID)
			case slack.InteractionTypeBlockActions:
				a := i.ActionCallback.BlockActions[0]
				tell(i, strings.Join([]string{string(a.Type), a.ActionID, a.Value, a.SelectedOption.Value, a.SelectedUser, i.Container.Type}, "/"))
			case slack.InteractionTypeBlockSuggestion:
				return map[string]any{"options": []any{map[string]any{"text": plain("Found " + i.Value), "value": "found"}}}
			}
			return nil
		},
		event: func(outer map[string]any, _ int) int {
			event := outer["event"].(map[string]any)
			if event["type"] == "app_home_opened" {
				_, _ = w.api.PublishView(event["user"].(string), homeView(), "")
			}
			return http.StatusOK
		},
	}
}

func homeView() slack.HomeTabViewRequest {
	line := func(name string) slack.Block {
		return slack.NewSectionBlock(mrkdwn("*"+name+"*"), nil, slack.NewAccessory(slack.NewButtonBlockElement("extend", name, plain("Extend"))))
	}
	return slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{
		slack.NewHeaderBlock(plain("My access")), line("Design"), line("Research"),
		slack.NewSectionBlock(mrkdwn("Find"), nil, slack.NewAccessory(slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, plain("Search"), "find"))),
	}}}
}

func TestEveryWayIn(t *testing.T) {
	t.Parallel()
	overBoth(t, slackfake.Options{}, echo, func(t *testing.T, w world) {
		mina := w.Person("UMINA")
		reads := func(text string) {
			t.Helper()
			if _, err := mina.Read(text); err != nil {
				t.Error(err)
			}
		}
		must(t, mina.Shortcut("request_access"))
		reads("shortcut request_access")

		must(t, w.Person("UADA").Write("CTEAM", "look at this"))
		m, err := mina.Read("look at this")
		must(t, err)
		must(t, mina.MessageShortcut(m, "ask_about"))
		reads("about look at this in CTEAM at " + m.TS)

		must(t, mina.OpenHome())
		if _, err := mina.ReadHome("*Research*"); err != nil {
			t.Fatal(err)
		}
		must(t, mina.PressAtHome("Extend", "Research"))
		reads("button/extend/Research///view")
		if options, err := mina.Suggest("Search", "abc"); err != nil || len(options) != 1 || options[0] != "Found abc" {
			t.Errorf("the home offers %q, %v", options, err)
		}
		if err := mina.PressAtHome("Extend", "Nothing"); !errors.Is(err, slackfake.ErrNoSuch) {
			t.Errorf("a button that is not there: %v", err)
		}
	})
}

func TestMenusInMessages(t *testing.T) {
	t.Parallel()
	overBoth(t, slackfake.Options{}, echo, func(t *testing.T, w world) {
		menu := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("Pick one"), "pick", slack.NewOptionBlockObject("b", plain("B"), nil))
		people := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plain("Pick somebody"), "who")
		more := slack.NewOverflowBlockElement("more", slack.NewOptionBlockObject("drop", plain("Drop it"), nil))
		find := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, plain("Search"), "find")
		_, _, err := w.api.PostMessage("CTEAM", slack.MsgOptionText("menus", false), slack.MsgOptionBlocks(slack.NewActionBlock("", menu, people, more, find)))
		must(t, err)
		mina := w.Person("UMINA")
		m, err := mina.Read("Pick somebody")
		must(t, err)
		for _, step := range []struct {
			do   func() error
			want string
		}{
			{func() error { return mina.Choose(m, "Pick one", "B") }, "static_select/pick//b//message"},
			{func() error { return mina.Choose(m, "Pick somebody", "Ada Lindqvist") }, "users_select/who///UADA/message"},
			{func() error { return mina.Choose(m, "Search", "Found Found x") }, ""},
			{func() error { return mina.Choose(m, "Search", "found") }, "external_select/find//found//message"},
			{func() error { return mina.Press(m, "Drop it") }, "overflow/more//drop//message"},
		} {
			if err := step.do(); (err != nil) != (step.want == "") {
				t.Errorf("%s: %v", step.want, err)
			}
			if _, err := mina.Read(step.want); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestClosingIsToldIfTheViewWantsIt(t *testing.T) {
	t.Parallel()
	overBoth(t, slackfake.Options{}, echo, func(t *testing.T, w world) {
		view := form("Ask")
		view.NotifyOnClose, view.CallbackID = true, "ask"
		_, err := w.api.OpenView(w.Trigger("UMINA"), view)
		must(t, err)
		mina := w.Person("UMINA")
		must(t, mina.Close())
		if _, err := mina.Read("closed ask"); err != nil {
			t.Error(err)
		}
		if err := mina.Submit(); !errors.Is(err, slackfake.ErrNoSuch) {
			t.Errorf("a modal that is closed was submitted: %v", err)
		}
	})
}

func TestTheRequestURLIsVerified(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{})
	w.DeliverTo(listen(t, func(rw http.ResponseWriter, r *http.Request) {
		var body struct{ Type, Challenge string }
		_ = json.NewDecoder(r.Body).Decode(&body)
		if r.URL.Path == slackfake.PathEvents && body.Type == "url_verification" {
			_, _ = io.WriteString(rw, body.Challenge)
		}
	}))
	must(t, w.VerifyURL())
	w.DeliverTo(listen(t, func(http.ResponseWriter, *http.Request) {}))
	if err := w.VerifyURL(); err == nil {
		t.Error("an answer without the challenge was taken")
	}
}

func TestAnEventCanComeTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{})
	var ids []any
	var attempts []int
	w.serve(t, app{event: func(outer map[string]any, attempt int) int {
		ids, attempts = append(ids, outer["event_id"]), append(attempts, attempt)
		return http.StatusOK
	}})
	envelope := w.Envelope(map[string]any{"type": "user_change", "user": map[string]any{"id": "UMINA", "deleted": true}})
	must(t, w.Again(envelope))
	must(t, w.Again(envelope))
	if len(ids) != 2 || ids[0] != ids[1] || attempts[0] != 1 {
		t.Errorf("ids %v, attempts %v", ids, attempts)
	}
}

// Slack tells an app of its own messages as well.
func TestTheAppHearsItself(t *testing.T) {
	t.Parallel()
	overBoth(t, slackfake.Options{Echo: true}, func(w world) app {
		return app{event: func(outer map[string]any, _ int) int {
			event := outer["event"].(map[string]any)
			if event["type"] == "message" && event["channel"] == "CTEAM" && event["bot_id"] == slackfake.BotID {
				_, _, _ = w.api.PostMessage("CGENERAL", slack.MsgOptionText("heard "+event["text"].(string), false))
			}
			return http.StatusOK
		}}
	}, func(t *testing.T, w world) {
		channel, ts, err := w.api.PostMessage("CTEAM", slack.MsgOptionText("myself", false))
		must(t, err)
		if _, err := w.Person("UMINA").Read("heard myself"); err != nil {
			t.Error(err)
		}
		_, _, _, err = w.api.UpdateMessage(channel, ts, slack.MsgOptionText("anew", false))
		must(t, err)
		_, err = w.api.InviteUsersToConversation("CTEAM", "UCARLA")
		must(t, err)
	})
}
