package slackfake

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"
)

// retryAfter is when an event that was not acknowledged is sent again: nearly
// at once, after a minute, after five (docs.slack.dev/apis/events-api#retries).
// Commands and interactions are sent once.
func retryAfter(attempt int) (time.Duration, bool) {
	waits := []time.Duration{0, time.Minute, 5 * time.Minute}
	if attempt >= len(waits) {
		return 0, false
	}
	return waits[attempt], true
}

type pendingEvent struct {
	delivery
	due time.Time
}

// Event sends an event of any kind. It returns when the app has acknowledged
// it, or with the trouble after the first two attempts; the later ones come
// when the clock has them (see Poke).
func (f *Fake) Event(event map[string]any) error { return f.sendEvent(event, "") }

// Again delivers an event envelope a second time, as Slack does when an
// acknowledgement was lost on its way.
func (f *Fake) Again(envelope map[string]any) error {
	_, err := f.deliver(delivery{kind: eventsAPI, payload: envelope, retry: 1, reason: "http_timeout"})
	return err
}

// Envelope wraps an event as Slack does.
func (f *Fake) Envelope(event map[string]any) map[string]any {
	f.mu.Lock()
	defer f.mu.Unlock()
	return object{
		"token": "legacy", "team_id": f.opt.Team, "context_team_id": f.opt.Team, "api_app_id": AppID, "event": clone(event), "type": "event_callback",
		"event_id": f.id("Ev"), "event_time": f.clock.Now().Unix(), "is_ext_shared_channel": false,
		"authorizations": []any{object{"team_id": f.opt.Team, "user_id": BotUser, "is_bot": true, "is_enterprise_install": false}},
	}
}

// sendEvent sends an event if the token has the scope that it needs.
func (f *Fake) sendEvent(event object, scope string) error {
	f.mu.Lock()
	subscribed := (scope == "" || f.has(scope)) && !f.opt.NoEvents
	f.mu.Unlock()
	if !subscribed {
		return nil
	}
	return f.attempt(delivery{kind: eventsAPI, payload: f.Envelope(event)})
}

// attempt delivers an event; what fails is repeated at once, then planned.
func (f *Fake) attempt(d delivery) error {
	for {
		_, err := f.deliver(d)
		var not *undelivered
		if !errors.As(err, &not) || not.noRetry {
			return err
		}
		wait, more := retryAfter(d.retry)
		if !more {
			return err
		}
		d.retry++
		d.reason = not.reason
		if wait > 0 {
			f.plan(d, wait)
			return err
		}
	}
}

// plan keeps an event for later; a clock that can wake brings it by itself.
func (f *Fake) plan(d delivery, wait time.Duration) {
	f.mu.Lock()
	p := &pendingEvent{delivery: d, due: f.clock.Now().Add(wait)}
	f.waiting = append(f.waiting, p)
	f.touch()
	f.mu.Unlock()
	clock, ok := f.clock.(alarm)
	if !ok {
		return
	}
	f.background(func() {
		select {
		case <-clock.After(wait):
			f.Poke()
		case <-f.done:
		}
	})
}

// sendDue sends the planned events whose time has come. f.mu is held.
func (f *Fake) sendDue() {
	now := f.clock.Now()
	var later []*pendingEvent
	for _, p := range f.waiting {
		if p.due.After(now) {
			later = append(later, p)
			continue
		}
		f.background(func() { _ = f.attempt(p.delivery) })
	}
	f.waiting = later
}

// Unacknowledged is the number of events that wait for their next attempt.
func (f *Fake) Unacknowledged() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.waiting)
}

// VerifyURL does what Slack does when somebody enters the address for events:
// the app has to answer with the challenge (docs.slack.dev/reference/events/
// url_verification). Over HTTP only.
func (f *Fake) VerifyURL() error {
	f.mu.Lock()
	base := f.appURL
	f.mu.Unlock()
	challenge := secret()
	body, err := f.within(func(ctx context.Context) ([]byte, error) {
		a, err := f.exchange(ctx, base, delivery{kind: eventsAPI, payload: object{"type": "url_verification", "token": "legacy", "challenge": challenge}})
		return a.body, err
	})
	if err != nil {
		return err
	}
	var answer struct{ Challenge string }
	if strings.TrimSpace(string(body)) == challenge || (json.Unmarshal(body, &answer) == nil && answer.Challenge == challenge) {
		return nil
	}
	return noSuch("challenge in the answer", string(body))
}
