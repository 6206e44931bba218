package slackfake

import (
	"encoding/json"
	"fmt"
	"maps"
	"time"
)

const (
	stackLimit = 3
	viewBytes  = 250 * 1024
)

type trigger struct {
	user string
	at   time.Time
	used bool
}

type view struct {
	id, user, hash string
	root, previous string
	body           object            // as the app sent it, blocks with their ids
	values         map[string]object // block id → action id → value
	errors         map[string]string // shown at fields, by block id
}

// newTrigger makes a trigger id for a person. f.mu is held.
func (f *Fake) newTrigger(user string) string {
	f.serial++
	id := fmt.Sprintf("%d.%d.%s", 1000000+f.serial, 2000000, secret())
	f.triggers[id] = &trigger{user: user, at: f.clock.Now()}
	return id
}

// spend takes a trigger; the person it is for. It opens one view, within three
// seconds (docs.slack.dev/interactivity/handling-user-interaction#modal_responses)
// or Options.Within.
func (f *Fake) spend(a args) (string, error) {
	t := f.triggers[a.text("trigger_id")]
	switch {
	case t == nil:
		return "", refuse("invalid_trigger_id")
	case t.used:
		return "", refuse("exchanged_trigger_id")
	case a.at.Sub(t.at) > f.opt.Within:
		return "", refuse("expired_trigger_id")
	}
	return t.user, nil
}

func (f *Fake) spent(a args) { f.triggers[a.text("trigger_id")].used = true }

// Trigger makes a trigger id as an interaction of this person would.
func (f *Fake) Trigger(user string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.newTrigger(user)
}

func (f *Fake) viewOpen(a args) (object, error) {
	who, err := f.spend(a)
	if err != nil {
		return nil, err
	}
	v, err := f.readView(a, onModal, nil)
	if err != nil {
		return nil, err
	}
	f.spent(a)
	f.closeAll(who)
	f.show(who, v)
	return object{"view": f.viewJSON(v)}, nil
}

func (f *Fake) viewPush(a args) (object, error) {
	who, err := f.spend(a)
	if err != nil {
		return nil, err
	}
	v, err := f.readView(a, onModal, nil)
	if err != nil {
		return nil, err
	}
	if err := f.mayPush(who); err != nil {
		return nil, err
	}
	f.spent(a)
	f.show(who, v)
	return object{"view": f.viewJSON(v)}, nil
}

func (f *Fake) mayPush(who string) error {
	switch n := len(f.stacks[who]); {
	case n == 0:
		return refuse("not_found")
	case n >= stackLimit:
		return refuse("push_limit_reached")
	}
	return nil
}

// show puts a view on top of a person's stack.
func (f *Fake) show(who string, v *view) {
	v.user, v.root = who, v.id
	if stack := f.stacks[who]; len(stack) > 0 {
		v.root, v.previous = stack[0].id, stack[len(stack)-1].id
	}
	f.stacks[who] = append(f.stacks[who], v)
	f.views[v.id] = v
}

// closeAll closes every modal of a person; closeTop the one on top.
func (f *Fake) closeAll(who string) {
	for _, v := range f.stacks[who] {
		delete(f.views, v.id)
	}
	delete(f.stacks, who)
}

func (f *Fake) closeTop(who string) {
	stack := f.stacks[who]
	if n := len(stack); n > 0 {
		delete(f.views, stack[n-1].id)
		f.stacks[who] = stack[:n-1]
	}
}

func (f *Fake) viewUpdate(a args) (object, error) {
	v := f.views[a.text("view_id")]
	if id := a.text("external_id"); v == nil && id != "" {
		for _, other := range f.views {
			if other.body["external_id"] == id {
				v = other
			}
		}
	}
	if v == nil {
		return nil, refuse("not_found")
	}
	if hash := a.text("hash"); hash != "" && hash != v.hash {
		return nil, refuse("hash_conflict")
	}
	surface := onModal
	if v.body["type"] == "home" {
		surface = onHome
	}
	next, err := f.readView(a, surface, v)
	if err != nil {
		return nil, err
	}
	f.replace(v, next)
	return object{"view": f.viewJSON(v)}, nil
}

// replace shows other content in an open view. What was typed stays where
// block id and action id are the same (docs.slack.dev/reference/views).
func (f *Fake) replace(v, next *view) {
	v.body, v.hash, v.errors = next.body, next.hash, nil
	before := v.values
	v.values = next.values
	for block, actions := range v.values {
		for action, value := range actions {
			if old, ok := before[block][action].(object); ok && old["type"] == value.(object)["type"] {
				actions[action] = old
			}
		}
	}
}

func (f *Fake) viewPublish(a args) (object, error) {
	who := f.users[a.text("user_id")]
	switch {
	case f.opt.NoHomeTab:
		return nil, refuse("not_enabled")
	case who == nil:
		return nil, refuse("invalid_arguments", "[ERROR] user_not_found [json-pointer:/user_id]")
	}
	old := f.homes[who.ID]
	if hash := a.text("hash"); hash != "" && (old == nil || hash != old.hash) {
		return nil, refuse("hash_conflict")
	}
	v, err := f.readView(a, onHome, old)
	if err != nil {
		return nil, err
	}
	if old != nil {
		f.replace(old, v)
		v = old
	}
	v.user, v.root = who.ID, v.id
	f.homes[who.ID], f.views[v.id] = v, v
	return object{"view": f.viewJSON(v)}, nil
}

// readView checks a view that the app sent; old is what it replaces.
func (f *Fake) readView(a args, s surface, old *view) (*view, error) {
	var body object
	if a.decode("view", &body) != nil || body == nil {
		return nil, refuse("invalid_arguments", "[ERROR] must be valid JSON [json-pointer:/view]")
	}
	return f.checkedView(body, s, old)
}

func (f *Fake) checkedView(body object, s surface, old *view) (*view, error) {
	if b, _ := json.Marshal(body); len(b) > viewBytes {
		return nil, refuse("view_too_large")
	}
	if problems := checkView(body, s); len(problems) > 0 {
		return nil, refuse("invalid_arguments", problems...)
	}
	if id, _ := body["external_id"].(string); id != "" {
		for _, other := range f.views {
			if other != old && other.body["external_id"] == id {
				return nil, refuse("duplicate_external_id")
			}
		}
	}
	blocks, _ := body["blocks"].([]any)
	body["blocks"] = f.named(blocks)
	v := &view{id: f.id("V"), hash: fmt.Sprintf("%d.%s", f.clock.Now().Unix(), secret()[:8]), body: body}
	v.values = initialValues(blocks)
	return v, nil
}

// viewJSON is a view as the API and interactions show it.
func (f *Fake) viewJSON(v *view) object {
	o := maps.Clone(v.body)
	for _, name := range []string{"private_metadata", "callback_id", "external_id"} {
		if o[name] == nil {
			o[name] = ""
		}
	}
	for _, name := range []string{"clear_on_close", "notify_on_close"} {
		if o[name] == nil {
			o[name] = false
		}
	}
	for _, name := range []string{"title", "close", "submit"} {
		if o[name] == nil {
			o[name] = nil
		}
	}
	values := object{}
	for block, actions := range v.values {
		values[block] = actions
	}
	var previous any
	if v.previous != "" {
		previous = v.previous
	}
	maps.Copy(o, object{
		"id": v.id, "team_id": f.opt.Team, "app_id": AppID, "bot_id": BotID, "app_installed_team_id": f.opt.Team,
		"hash": v.hash, "root_view_id": v.root, "previous_view_id": previous, "state": object{"values": values},
	})
	return clone(o)
}
