//go:build peers

package peers

import (
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

// attempts checks, also in the journal, how often Usher tried what it did: of
// what failed, which failing says is to be so, each once more; nothing that
// Slack had done was done again.
func (w *workspace) attempts(failing bool) {
	w.t.Helper()
	for _, method := range []string{"chat.postMessage", "conversations.invite", "conversations.kick"} {
		things, failed := map[string]bool{}, 0
		for _, call := range w.front.exchanges(method) {
			things[call.thing()] = true
			if !call.ok() {
				failed++
			}
		}
		if n := w.arrived(method); n != len(things)+failed || (failed > 0) != failing || len(things) < 2 {
			w.t.Errorf("%s was called %d times for %d things, and failed %d times", method, n, len(things), failed)
		}
	}
}

// Slack asks for more time than Usher waits by itself after a failure.
func TestTheStoryWhileSlackIsBusy(t *testing.T) {
	w := told(t, func(w *workspace, method string) {
		w.fails(method, object{
			"status": http.StatusTooManyRequests, "headers": object{"Retry-After": "12"}, "jsonBody": object{"ok": false, "error": "ratelimited"},
		})
	})
	w.attempts(true)
	for _, method := range changes {
		w.waited(method, 12*time.Second)
	}
}

// waited checks that a method was refused, and that nothing was tried again
// before the time that Slack gave was over.
func (w *workspace) waited(method string, wait time.Duration) {
	w.t.Helper()
	refused := map[string]time.Time{}
	for _, call := range w.front.exchanges(method) {
		thing := call.thing()
		if at, ok := refused[thing]; ok && call.began.Before(at.Add(wait)) {
			w.t.Errorf("%s was called again after %v", method, call.began.Sub(at))
		}
		if call.status == http.StatusTooManyRequests {
			refused[thing] = call.at
		}
	}
	if len(refused) == 0 {
		w.t.Errorf("%s was never refused", method)
	}
}

func TestTheStoryWhileSlackIsBroken(t *testing.T) {
	w := told(t, func(w *workspace, method string) {
		w.fails(method, object{"status": http.StatusInternalServerError, "body": "<html>Something went wrong</html>"})
	})
	w.attempts(true)
}

func TestTheStoryWithConnectionsThatBreakOff(t *testing.T) {
	w := told(t, func(w *workspace, method string) { w.fails(method, object{"fault": "CONNECTION_RESET_BY_PEER"}) })
	w.attempts(true)
}

func TestTheStoryWithHalfAnAnswer(t *testing.T) {
	w := told(t, func(w *workspace, method string) {
		w.fails(method, object{"status": http.StatusOK, "headers": object{"Content-Type": "application/json"}, "body": `{"ok":true,"channel":{"id":"C0`})
	})
	w.attempts(true)
}

// Slack does it, and its answer gets lost: Usher looks and does not do it
// again.
func TestTheStoryWithAnswersThatGetLost(t *testing.T) {
	w := told(t, func(w *workspace, method string) { w.front.losing(method, 1) })
	w.attempts(false)
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
