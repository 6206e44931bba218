//go:build peers

package peers

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"time"
)

// changes are the methods with which Usher changes something in Slack.
var changes = [...]string{"chat.postMessage", "chat.update", "conversations.invite", "conversations.kick"}

// told is the story with something going wrong at one call of each method that
// changes something. It ends as ever; each card and each membership is there
// once, however often Usher had to try.
func told(t *testing.T, wrong func(w *workspace, method string)) (w *workspace) {
	t.Helper()
	w = opened(t)
	for _, method := range changes {
		wrong(w, method)
	}
	w.contract(w.person("carla"), w.person("olga"))
	return w
}

// attempts checks in the journal how often Usher tried what it did: once for
// each card, channel and person, and so often more.
func (w *workspace) attempts(more int) {
	w.t.Helper()
	cards := map[string]bool{}
	for _, call := range w.front.exchanges("chat.postMessage") {
		cards[effectOf(w.t, call)] = true
	}
	for method, want := range map[string]int{
		"chat.postMessage": len(cards) + more, "conversations.invite": 2 + more, "conversations.kick": 2 + more,
	} {
		if n := w.arrived(method); n != want {
			w.t.Errorf("%s was called %d times, want %d", method, n, want)
		}
	}
}

// effectOf is what the metadata of a post says it is.
func effectOf(t *testing.T, call exchange) string {
	t.Helper()
	var m message
	if err := json.Unmarshal([]byte(call.form.Get("metadata")), &m.Metadata); err != nil || m.Metadata.Payload.Effect == "" {
		t.Fatalf("a post without its effect: %v %v", call.form, err)
	}
	return m.Metadata.Payload.Effect
}

func TestTheStoryWhileSlackIsBusy(t *testing.T) {
	w := told(t, func(w *workspace, method string) {
		w.fails(method, object{
			"status": http.StatusTooManyRequests, "headers": object{"Retry-After": "2"}, "jsonBody": object{"ok": false, "error": "ratelimited"},
		})
	})
	w.attempts(1)
	for _, method := range changes {
		w.waited(method, 2*time.Second)
	}
}

// waited checks that a method was refused once, and was not called for the
// same channel before the time that Slack gave was over.
func (w *workspace) waited(method string, wait time.Duration) {
	w.t.Helper()
	var refused exchange
	for _, call := range w.front.exchanges(method) {
		if call.form.Get("channel") == refused.form.Get("channel") && call.at.Before(refused.at.Add(wait)) {
			w.t.Errorf("%s was called again after %v", method, call.at.Sub(refused.at))
		}
		if call.status == http.StatusTooManyRequests {
			refused = call
		}
	}
	if refused.at.IsZero() {
		w.t.Errorf("%s was never refused", method)
	}
}

func TestTheStoryWhileSlackIsBroken(t *testing.T) {
	w := told(t, func(w *workspace, method string) {
		w.fails(method, object{"status": http.StatusInternalServerError, "body": "<html>Something went wrong</html>"})
	})
	w.attempts(1)
}

func TestTheStoryWithConnectionsThatBreakOff(t *testing.T) {
	w := told(t, func(w *workspace, method string) { w.fails(method, object{"fault": "CONNECTION_RESET_BY_PEER"}) })
	w.attempts(1)
}

func TestTheStoryWithHalfAnAnswer(t *testing.T) {
	w := told(t, func(w *workspace, method string) {
		w.fails(method, object{"status": http.StatusOK, "headers": object{"Content-Type": "application/json"}, "body": `{"ok":true,"channel":{"id":"C0`})
	})
	w.attempts(1)
}

// Slack does it, and its answer gets lost: Usher looks and does not do it
// again.
func TestTheStoryWithAnswersThatGetLost(t *testing.T) {
	w := told(t, func(w *workspace, method string) { w.front.losing(method, 1) })
	w.attempts(0)
}

// A workspace without user groups, and one in which people change members by
// hand: whoever was taken out can still give back.
func TestTheStoryWithoutUserGroupsAndWithHands(t *testing.T) {
	w := opened(t)
	w.stub(object{"priority": 1, "request": w.route("usergroups.list"), "response": object{"status": http.StatusNotFound}})
	carla, olga := w.person("carla"), w.person("olga")
	form := carla.asks("request contractor")
	form.fill("Why is it needed?", "The new website")
	form.fill("What will you mostly work on?", "The website")
	form.goesThrough()
	reason := olga.sees("views.open", func() { olga.press(olga.card("Approve", ask), "Approve") })
	reason.fill("Reason", "Known")
	reason.goesThrough()
	w.accepts(carla, carla.card("Read the terms", "External contractor"))
	w.waitIn(carla, true, true)
	olga.card("", ask, "The access is on")
	w.slack.call(olgasToken, "conversations.kick", object{"channel": w.design, "user": carla.id}, nil)
	w.givesBack(carla)
	w.waitIn(carla, false, false)
	olga.card("", ask, "Given back by")
	if got := w.front.errors("conversations.kick"); !slices.Equal(got, []string{"user_not_in_channel"}) {
		t.Errorf("emulate answers %q", got)
	}
	for _, call := range w.front.exchanges("chat.update") {
		if contains(call.form.Get("blocks"), "Not in order") {
			t.Errorf("Olga was told that something is not in order: %s", call.form.Get("blocks"))
		}
	}
}
