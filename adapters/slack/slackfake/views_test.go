package slackfake_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
)

func TestATriggerOpensOneViewWithinThreeSeconds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{})
	trigger := w.Trigger("UMINA")
	if _, err := w.api.OpenView(trigger, form(strings.Repeat("x", 25))); code(err) != "invalid_arguments" {
		t.Errorf("a title of 25 characters: %v", err)
	}
	if _, err := w.api.OpenView(trigger, form("First")); err != nil {
		t.Fatalf("a refused view uses the trigger up: %v", err)
	}
	if _, err := w.api.OpenView(trigger, form("Second")); code(err) != "exchanged_trigger_id" {
		t.Errorf("the same trigger again: %v", err)
	}
	late := w.Trigger("UMINA")
	w.clock.forward(3 * time.Second)
	if _, err := w.api.OpenView(late, form("Just so")); err != nil {
		t.Errorf("after 3 s: %v", err)
	}
	late = w.Trigger("UMINA")
	w.clock.forward(3*time.Second + time.Millisecond)
	if _, err := w.api.OpenView(late, form("Late")); code(err) != "expired_trigger_id" {
		t.Errorf("after more than 3 s: %v", err)
	}
	if m := w.Person("UMINA").See().Modal; m == nil || m.Title != "Just so" {
		t.Errorf("Mina sees %+v", m)
	}
}

func TestThreeViewsInAStack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{})
	if _, err := w.api.PushView(w.Trigger("UMINA"), form("Nothing below")); code(err) != "not_found" {
		t.Errorf("push without a modal: %v", err)
	}
	root, err := w.api.OpenView(w.Trigger("UMINA"), form("One"))
	must(t, err)
	two, err := w.api.PushView(w.Trigger("UMINA"), form("Two"))
	must(t, err)
	if two.RootViewID != root.ID || two.PreviousViewID != root.ID {
		t.Errorf("the second view's root is %s, previous %s; the first is %s", two.RootViewID, two.PreviousViewID, root.ID)
	}
	_, err = w.api.PushView(w.Trigger("UMINA"), form("Three"))
	must(t, err)
	if _, err := w.api.PushView(w.Trigger("UMINA"), form("Four")); code(err) != "push_limit_reached" {
		t.Errorf("the fourth: %v", err)
	}
	mina := w.Person("UMINA")
	must(t, mina.Close())
	if m := mina.See().Modal; m.Title != "Two" || m.Depth != 2 {
		t.Errorf("after closing the third: %+v", m)
	}
}

func TestAHashTellsWhoWasOvertaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{})
	v, err := w.api.OpenView(w.Trigger("UMINA"), form("One"))
	must(t, err)
	if _, err := w.api.UpdateView(form("Two"), "", v.Hash, v.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.api.UpdateView(form("Three"), "", v.Hash, v.ID); code(err) != "hash_conflict" {
		t.Errorf("an old hash: %v", err)
	}
	if _, err := w.api.UpdateView(form("Four"), "", "", v.ID); err != nil {
		t.Errorf("without a hash: %v", err)
	}
	home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewHeaderBlock(plain("My access"))}}}
	first, err := w.api.PublishView("UMINA", home, "")
	must(t, err)
	if _, err := w.api.PublishView("UMINA", home, first.Hash); err != nil {
		t.Error(err)
	}
	if _, err := w.api.PublishView("UMINA", home, first.Hash); code(err) != "hash_conflict" {
		t.Errorf("an old hash of the home: %v", err)
	}
	if text, err := w.Person("UMINA").ReadHome("# My access"); err != nil {
		t.Errorf("%q: %v", text, err)
	}
	if _, err := w.api.PublishView("UMINA", slack.HomeTabViewRequest{Type: slack.VTModal}, ""); code(err) != "invalid_arguments" {
		t.Errorf("a modal as the home: %v", err)
	}
}

func TestTypedTextSurvivesAnUpdateOfTheSameFields(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{NoEvents: true})
	v, err := w.api.OpenView(w.Trigger("UMINA"), form("One"))
	must(t, err)
	mina := w.Person("UMINA")
	must(t, mina.Fill(map[string]any{"Justification": "typed"}))
	_, err = w.api.UpdateView(form("Two"), "", "", v.ID)
	must(t, err)
	if m, err := mina.ReadModal("Two"); err != nil || !strings.Contains(m.Body, "Justification: {typed}") {
		t.Errorf("the form shows %q, %v", m.Body, err)
	}
	other := form("Three")
	other.Blocks.BlockSet[1].(*slack.InputBlock).BlockID = "why2"
	_, err = w.api.UpdateView(other, "", "", v.ID)
	must(t, err)
	if m, _ := mina.ReadModal("Three"); strings.Contains(m.Body, "typed") {
		t.Errorf("the other field shows %q", m.Body)
	}
}

func TestWhatTheAppAnswersToASubmission(t *testing.T) {
	t.Parallel()
	tooLong := form(strings.Repeat("x", 25))
	next := form("Next")
	for name, test := range map[string]struct {
		answer any
		title  string // of the modal afterwards; "" when it is closed
		depth  int
		fails  bool
	}{
		"nothing closes it":           {},
		"clear closes all":            {answer: slack.NewClearViewSubmissionResponse()},
		"update":                      {answer: slack.NewUpdateViewSubmissionResponse(&next), title: "Next", depth: 1},
		"push":                        {answer: slack.NewPushViewSubmissionResponse(&next), title: "Next", depth: 2},
		"errors at a field":           {answer: slack.NewErrorsViewSubmissionResponse(map[string]string{"why": "No."}), title: "Ask", depth: 1, fails: true},
		"errors at an unknown field":  {answer: slack.NewErrorsViewSubmissionResponse(map[string]string{"what": "No."}), title: "Ask", depth: 1, fails: true},
		"errors at none":              {answer: slack.NewErrorsViewSubmissionResponse(nil), title: "Ask", depth: 1, fails: true},
		"a view that is refused":      {answer: slack.NewUpdateViewSubmissionResponse(&tooLong), title: "Ask", depth: 1, fails: true},
		"an action that is not known": {answer: map[string]any{"response_action": "dance"}, title: "Ask", depth: 1, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			overBoth(t, slackfake.Options{}, func(world) app {
				return app{act: func(i slack.InteractionCallback) any {
					if i.Type == slack.InteractionTypeBlockSuggestion {
						return map[string]any{"options": []any{map[string]any{"text": plain("A"), "value": "a"}}}
					}
					return test.answer
				}}
			}, func(t *testing.T, w world) {
				_, err := w.api.OpenView(w.Trigger("UMINA"), form("Ask"))
				must(t, err)
				mina := w.Person("UMINA")
				must(t, mina.Fill(map[string]any{"Package": "A", "Justification": "because"}))
				if err := mina.Submit(); (err != nil) != test.fails {
					t.Errorf("Submit: %v", err)
				}
				m := mina.See().Modal
				switch {
				case test.title == "" && m != nil:
					t.Errorf("still open is %q", m.Title)
				case test.title != "" && (m == nil || m.Title != test.title || m.Depth != test.depth):
					t.Errorf("open is %+v, want %q at %d", m, test.title, test.depth)
				}
			})
		})
	}
}

func TestOptionsThatSlackDoesNotTake(t *testing.T) {
	t.Parallel()
	many := []any{}
	for range 101 {
		many = append(many, map[string]any{"text": plain("x"), "value": "x"})
	}
	for name, answer := range map[string]any{
		"101 options": map[string]any{"options": many},
		"long text":   map[string]any{"options": []any{map[string]any{"text": plain(strings.Repeat("x", 76)), "value": "x"}}},
		"long value":  map[string]any{"options": []any{map[string]any{"text": plain("x"), "value": strings.Repeat("x", 151)}}},
		"neither":     map[string]any{"choices": []any{}},
		"nothing":     nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			overBoth(t, slackfake.Options{}, func(world) app {
				return app{act: func(slack.InteractionCallback) any { return answer }}
			}, func(t *testing.T, w world) {
				_, err := w.api.OpenView(w.Trigger("UMINA"), form("Ask"))
				must(t, err)
				if options, err := w.Person("UMINA").Suggest("Package", "x"); err == nil {
					t.Errorf("Slack shows %q", options)
				}
			})
		})
	}
}

// A field with dispatch_action tells the app at once, and the app may show
// other fields then; Fill waits for them.
func TestAFieldThatBringsAnother(t *testing.T) {
	t.Parallel()
	view := func(more ...slack.Block) slack.ModalViewRequest {
		kind := slack.NewInputBlock("kind", plain("Kind"), nil, slack.NewRadioButtonsBlockElement("kind",
			slack.NewOptionBlockObject("days", plain("Days"), nil), slack.NewOptionBlockObject("date", plain("Date"), nil)))
		kind.DispatchAction = true
		return slack.ModalViewRequest{
			Type: slack.VTModal, Title: plain("How long"), Submit: plain("Send"), Blocks: slack.Blocks{BlockSet: append([]slack.Block{kind}, more...)},
		}
	}
	overBoth(t, slackfake.Options{}, func(w world) app {
		return app{act: func(i slack.InteractionCallback) any {
			if i.Type == slack.InteractionTypeBlockActions && i.ActionCallback.BlockActions[0].SelectedOption.Value == "date" {
				go func() {
					_, _ = w.api.UpdateView(view(slack.NewInputBlock("until", plain("Until"), nil, slack.NewDatePickerBlockElement("until"))), "", i.View.Hash, i.View.ID)
				}()
			}
			return nil
		}}
	}, func(t *testing.T, w world) {
		_, err := w.api.OpenView(w.Trigger("UMINA"), view())
		must(t, err)
		mina := w.Person("UMINA")
		must(t, mina.Fill(map[string]any{"Until": "2026-12-23", "Kind": "Date"}))
		if m := mina.See().Modal; m.Body != "Kind: {Date} of Days | Date\nUntil: {2026-12-23}" {
			t.Errorf("the form is %q", m.Body)
		}
		must(t, mina.Submit())
	})
}

func TestEveryKindOfFieldSaysWhatSlackSays(t *testing.T) {
	t.Parallel()
	type state = map[string]map[string]map[string]any
	got := make(chan state, 2)
	w := newWorld(t, slackfake.Options{})
	blocks := `[
		{"type":"input","block_id":"n","label":{"type":"plain_text","text":"Number"},"element":{"type":"number_input","action_id":"n","is_decimal_allowed":false,"min_value":"1","max_value":"9"}},
		{"type":"input","block_id":"m","label":{"type":"plain_text","text":"Mail"},"element":{"type":"email_text_input","action_id":"m"}},
		{"type":"input","block_id":"c","label":{"type":"plain_text","text":"Boxes"},"element":{"type":"checkboxes","action_id":"c","options":[
			{"text":{"type":"plain_text","text":"A"},"value":"a"},{"text":{"type":"plain_text","text":"B"},"value":"b"},{"text":{"type":"plain_text","text":"C"},"value":"c"}]}},
		{"type":"input","block_id":"p","label":{"type":"plain_text","text":"People"},"element":{"type":"multi_users_select","action_id":"p"}},
		{"type":"input","block_id":"w","label":{"type":"plain_text","text":"Where"},"element":{"type":"conversations_select","action_id":"w"}},
		{"type":"input","block_id":"t","label":{"type":"plain_text","text":"Time"},"element":{"type":"timepicker","action_id":"t","initial_time":"08:00"}},
		{"type":"input","block_id":"o","optional":true,"label":{"type":"plain_text","text":"Other"},"element":{"type":"static_select","action_id":"o","options":[
			{"text":{"type":"plain_text","text":"A"},"value":"a"}]}}]`
	answer, _ := w.raw(t, "views.open", w.BotToken(), map[string][]string{
		"trigger_id": {w.Trigger("UMINA")},
		"view":       {`{"type":"modal","title":{"type":"plain_text","text":"All"},"submit":{"type":"plain_text","text":"Send"},"blocks":` + blocks + `}`},
	})
	if answer["ok"] != true {
		t.Fatalf("refused: %v", answer)
	}
	mina := w.Person("UMINA")
	must(t, mina.Fill(map[string]any{
		"Number": "12", "Mail": "no mail", "Boxes": []string{"A", "C"}, "People": []string{"Ada Lindqvist", "carla"}, "Where": "#team",
	}))
	if err := mina.Submit(); err == nil || len(mina.See().Modal.Errors) != 2 {
		t.Errorf("Slack's client looks at numbers and addresses: %v\n%s", err, mina.See())
	}
	must(t, mina.Fill(map[string]any{"Number": "7", "Mail": "mina@example.org"}))
	w.DeliverTo(stateServer(t, got))
	must(t, mina.Submit())
	want := `{"c":{"c":{"selected_options":[{"text":{"text":"A","type":"plain_text"},"value":"a"},{"text":{"text":"C","type":"plain_text"},"value":"c"}],"type":"checkboxes"}},` +
		`"m":{"m":{"type":"email_text_input","value":"mina@example.org"}},"n":{"n":{"type":"number_input","value":"7"}},` +
		`"o":{"o":{"selected_option":null,"type":"static_select"}},"p":{"p":{"selected_users":["UADA","UCARLA"],"type":"multi_users_select"}},` +
		`"t":{"t":{"selected_time":"08:00","type":"timepicker"}},"w":{"w":{"selected_conversation":"CTEAM","type":"conversations_select"}}}`
	b, err := json.Marshal(<-got)
	must(t, err)
	if string(b) != want {
		t.Errorf("the state is\n%s\nwant\n%s", b, want)
	}
}

// stateServer is an app that hands on the state of what is submitted.
func stateServer(t *testing.T, got chan<- map[string]map[string]map[string]any) string {
	t.Helper()
	return serveForms(t, func(payload string) {
		var submission struct {
			View struct {
				State struct {
					Values map[string]map[string]map[string]any
				}
			}
		}
		if err := json.Unmarshal([]byte(payload), &submission); err != nil {
			t.Error(err)
		}
		got <- submission.View.State.Values
	})
}

func serveForms(t *testing.T, take func(payload string)) string {
	t.Helper()
	return listen(t, func(rw http.ResponseWriter, r *http.Request) { take(r.PostFormValue("payload")) })
}
