package slackfake

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// ErrFields: the form did not go through; the messages are at its fields and
// See shows them.
var ErrFields = errors.New("slackfake: the form has messages at its fields")

const troubleConnecting = "We had some trouble connecting. Try again?"

// Submit presses the submit button of the open modal. Slack's client looks at
// required fields and lengths itself, as does this. ErrFields says that the
// form shows messages at fields.
func (p *Person) Submit() error {
	if err := p.able(); err != nil {
		return err
	}
	f := p.f
	f.mu.Lock()
	v := p.top()
	if v == nil || v.body["submit"] == nil {
		f.mu.Unlock()
		return noSuch("modal with a submit button", p.id)
	}
	if complaints := f.complaints(v); len(complaints) > 0 {
		v.errors = complaints
		f.touch()
		f.mu.Unlock()
		return fmt.Errorf("%w: %v", ErrFields, complaints)
	}
	payload := p.interactionLocked("view_submission", true)
	maps.Copy(payload, object{"view": f.viewJSON(v), "response_urls": []any{}})
	delete(payload, "action_ts")
	f.mu.Unlock()
	body, err := f.deliver(delivery{kind: interactive, payload: payload})
	if err != nil {
		return p.trouble(troubleConnecting, err)
	}
	return p.submitted(v, body)
}

func (f *Fake) complaints(v *view) map[string]string {
	complaints := map[string]string{}
	blocks, _ := v.body["blocks"].([]any)
	for _, at := range f.fieldsOf(blocks) {
		if at.block["type"] != "input" {
			continue
		}
		value, _ := v.values[at.blockID()][at.actionID()].(object)
		if s := at.complaint(value); s != "" {
			complaints[at.blockID()] = s
		}
	}
	return complaints
}

// submitted does what the app answered: docs.slack.dev/surfaces/modals
// #handling_submissions.
func (p *Person) submitted(v *view, body []byte) error {
	var answer struct {
		Action string            `json:"response_action"`
		View   object            `json:"view"`
		Errors map[string]string `json:"errors"`
	}
	if len(body) > 0 && json.Unmarshal(body, &answer) != nil {
		return p.trouble(troubleConnecting, noSuch("valid answer", string(body)))
	}
	f := p.f
	f.mu.Lock()
	err := p.follow(v, answer.Action, answer.View, answer.Errors)
	f.touch()
	f.mu.Unlock()
	if errors.Is(err, ErrFields) || err == nil {
		return err
	}
	return p.trouble(troubleConnecting, err)
}

// follow carries out a response_action. f.mu is held.
func (p *Person) follow(v *view, action string, body object, fields map[string]string) error {
	f := p.f
	open := f.views[v.id] == v
	switch action {
	case "":
		if open && p.top() == v {
			f.closeTop(p.id)
		}
		return nil
	case "clear":
		f.closeAll(p.id)
		return nil
	case "errors":
		return f.showErrors(v, fields)
	case "update", "push":
		if !open {
			return refuse("not_found")
		}
		old := v
		if action == "push" {
			old = nil
		}
		next, err := f.checkedView(body, onModal, old)
		if err != nil {
			return fmt.Errorf("%w: %v", err, problemsOf(err))
		}
		if action == "update" {
			f.replace(v, next)
			return nil
		}
		if err := f.mayPush(p.id); err != nil {
			return err
		}
		f.show(p.id, next)
		return nil
	}
	return refuse("invalid_response_action")
}

// showErrors puts messages at fields. Only block ids of input blocks will do.
func (f *Fake) showErrors(v *view, fields map[string]string) error {
	blocks, _ := v.body["blocks"].([]any)
	for id, text := range fields {
		known := slices.ContainsFunc(blocks, func(b any) bool {
			o, _ := b.(object)
			return o["type"] == "input" && o["block_id"] == id
		})
		if !known || text == "" {
			return noSuch("input block for an error", id)
		}
	}
	if len(fields) == 0 {
		return noSuch("error in the answer", v.id)
	}
	v.errors = fields
	return fmt.Errorf("%w: %v", ErrFields, fields)
}

func problemsOf(err error) []string {
	var refused *apiError
	if errors.As(err, &refused) {
		return refused.messages
	}
	return nil
}

// Close closes the modal on top (all, if it says clear_on_close). The app is
// told by view_closed if the view asked for that.
func (p *Person) Close() error {
	f := p.f
	f.mu.Lock()
	v := p.top()
	if v == nil {
		f.mu.Unlock()
		return noSuch("modal", p.id)
	}
	cleared := v.body["clear_on_close"] == true
	payload := p.interactionLocked("view_closed", false)
	maps.Copy(payload, object{"view": f.viewJSON(v), "is_cleared": cleared})
	if cleared {
		f.closeAll(p.id)
	} else {
		f.closeTop(p.id)
	}
	f.touch()
	f.mu.Unlock()
	if v.body["notify_on_close"] != true {
		return nil
	}
	return p.send(payload)
}
