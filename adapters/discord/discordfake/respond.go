package discordfake

import (
	"slices"
	"time"
)

// Callback types (Interactions: Receiving and Responding, "Interaction Callback
// Type").
const (
	callMessage       = 4
	callDeferMessage  = 5
	callDeferUpdate   = 6
	callUpdate        = 7
	callAutocomplete  = 8
	callModal         = 9
	responsePrefix    = "data"
	maxAutocompletion = 25
)

// callback is "Create Interaction Response".
func (f *Fake) callback(c *call) (any, error) {
	i := f.interactions[c.id("interaction")]
	if i == nil {
		return nil, refuse(unknownInteraction)
	}
	if i.token != c.id("token") {
		return nil, refuse(badWebhookToken)
	}
	if err := f.respond(i, c.body, c.at); err != nil {
		return nil, err
	}
	if !c.flag("with_response") {
		return nil, nil
	}
	about := object{"id": i.id, "type": i.kind}
	answer := object{"interaction": about, "resource": object{"type": i.response}}
	if m := i.original; m != nil && (i.response == callMessage || i.response == callDeferMessage || i.response == callUpdate) {
		about["response_message_id"], about["response_message_ephemeral"] = m.id, m.only != ""
		about["response_message_loading"] = m.flags&flagLoading != 0
		answer["resource"] = object{"type": i.response, "message": f.messageJSON(m)}
	}
	return answer, nil
}

// mayRespond are the callback types that an interaction takes: 6 and 7 are for
// components only, and a modal does not follow upon a modal.
func mayRespond(kind int) []int64 {
	switch kind {
	case typeCommand:
		return []int64{callMessage, callDeferMessage, callModal}
	case typeComponent:
		return []int64{callMessage, callDeferMessage, callDeferUpdate, callUpdate, callModal}
	case typeAutocomplete:
		return []int64{callAutocomplete}
	}
	return []int64{callMessage, callDeferMessage}
}

// respond takes the first response to an interaction: once, and within three
// seconds. f.mu is held.
func (f *Fake) respond(i *interaction, body object, now time.Time) error {
	switch {
	case i.response != 0:
		return refuse(alreadyAnswered)
	case i.over || now.Sub(i.at) > f.opt.Within:
		return refuse(unknownInteraction)
	}
	look := newChecker()
	shape{must: []string{"type"}, fields: map[string]check{"type": oneOf(mayRespond(i.kind)...), "data": ignored}}.check(look, body, "")
	if err := form(look.problems); err != nil {
		return err
	}
	kind, data := intOf(body["type"], 0), nested(body["data"])
	if err := f.carryOut(i, kind, data, now); err != nil {
		return err
	}
	i.response = kind
	return nil
}

func (f *Fake) carryOut(i *interaction, kind int, data object, now time.Time) error {
	if f.channels[i.channel] == nil {
		return refuse(unknownChannel)
	}
	switch kind {
	case callMessage:
		return f.respondMessage(i, data)
	case callDeferMessage:
		return f.respondLater(i, data)
	case callDeferUpdate:
		i.original = i.source
		return nil
	case callUpdate:
		return f.respondUpdate(i, data, now)
	case callAutocomplete:
		return i.suggest(data)
	}
	if err := form(checkModal(data)); err != nil {
		return err
	}
	body := clone(data)
	body["components"] = numbered(items(data["components"]))
	f.users[i.user].modal = &modal{body: body, values: map[string]any{}, via: i}
	return nil
}

func (f *Fake) respondMessage(i *interaction, data object) error {
	m := &message{channel: i.channel, author: f.opt.AppID, via: i}
	if err := f.compose(m, data, door{webhook: true, prefix: responsePrefix}); err != nil {
		return err
	}
	f.present(m)
	i.original = m
	return nil
}

// respondLater shows "… is thinking"; only EPHEMERAL may be set.
func (f *Fake) respondLater(i *interaction, data object) error {
	look := newChecker()
	shape{fields: map[string]check{"flags": oneOf(0, flagEphemeral)}}.check(look, orEmpty(data), responsePrefix)
	if err := form(look.problems); err != nil {
		return err
	}
	m := &message{channel: i.channel, author: f.opt.AppID, via: i, flags: flagLoading | intOf(data["flags"], 0)}
	f.present(m)
	i.original = m
	return nil
}

func orEmpty(o object) object {
	if o == nil {
		return object{}
	}
	return o
}

func (f *Fake) respondUpdate(i *interaction, data object, now time.Time) error {
	if f.anywhere(i, i.source.id) == nil {
		return refuse(unknownMessage)
	}
	if err := f.compose(i.source, orEmpty(data), door{edit: true, webhook: true, prefix: responsePrefix}); err != nil {
		return err
	}
	i.original = i.source
	f.changedMessage(i.source, now)
	return nil
}

// present puts a new message of an interaction where it is seen: in its
// channel, or before the one person.
func (f *Fake) present(m *message) {
	if m.flags&flagEphemeral == 0 {
		f.keep(m)
		return
	}
	m.id, m.only = f.id(), m.via.user
	f.users[m.only].ephemeral = append(f.users[m.only].ephemeral, m)
}

func (f *Fake) changedMessage(m *message, now time.Time) {
	m.edited = now
	f.tellMessage("MESSAGE_UPDATE", m)
}

// suggest takes the choices of autocomplete.
func (i *interaction) suggest(data object) error {
	look := newChecker()
	shape{must: []string{"choices"}, fields: map[string]check{
		"choices": list(0, maxAutocompletion, choice(i.command)),
	}}.check(look, orEmpty(data), responsePrefix)
	if err := form(look.problems); err != nil {
		return err
	}
	i.choices = []Choice{}
	for _, v := range items(data["choices"]) {
		i.choices = append(i.choices, Choice{Name: text(nested(v)["name"]), Value: nested(v)["value"]})
	}
	return nil
}

// byToken finds the interaction of a webhook call: answered, and its token not
// older than 15 minutes.
func (f *Fake) byToken(c *call) (*interaction, error) {
	i := f.tokens[c.id("token")]
	switch {
	case c.id("app") != f.opt.AppID || i == nil:
		return nil, refuse(unknownWebhook)
	case c.at.Sub(i.at) > tokenLasts || i.response == 0 && (i.over || c.at.Sub(i.at) > f.opt.Within):
		return nil, refuse(badWebhookToken)
	case i.response == 0 || i.kind == typeAutocomplete || f.channels[i.channel] == nil:
		return nil, refuse(unknownWebhook)
	}
	return i, nil
}

// response finds the message that a webhook call is about.
func (f *Fake) response(c *call) (*interaction, *message, error) {
	i, err := f.byToken(c)
	if err != nil {
		return nil, nil, err
	}
	if id := c.id("message"); id != "@original" {
		m := f.anywhere(i, id)
		if m == nil || m.via != i && i.original != m {
			return nil, nil, refuse(unknownMessage)
		}
		return i, m, nil
	}
	if i.original == nil || f.anywhere(i, i.original.id) == nil {
		return nil, nil, refuse(unknownMessage)
	}
	return i, i.original, nil
}

// anywhere finds a message in the channel of an interaction or among what only
// its person sees.
func (f *Fake) anywhere(i *interaction, id string) *message {
	if m := f.find(i.channel, id); m != nil {
		return m
	}
	for _, m := range f.users[i.user].ephemeral {
		if m.id == id {
			return m
		}
	}
	return nil
}

func (f *Fake) getResponse(c *call) (any, error) {
	_, m, err := f.response(c)
	if err != nil {
		return nil, err
	}
	return f.messageJSON(m), nil
}

// editResponse is "Edit Original Interaction Response" and "Edit Followup
// Message". A loading message becomes what it was waited for.
func (f *Fake) editResponse(c *call) (any, error) {
	_, m, err := f.response(c)
	if err != nil {
		return nil, err
	}
	if err := f.compose(m, c.body, door{edit: true, webhook: true, files: c.files}); err != nil {
		return nil, err
	}
	m.flags &^= flagLoading
	f.changedMessage(m, c.at)
	return f.messageJSON(m), nil
}

func (f *Fake) deleteResponse(c *call) (any, error) {
	i, m, err := f.response(c)
	if err != nil {
		return nil, err
	}
	if m.only == "" {
		f.forget(m)
		return nil, nil
	}
	u := f.users[i.user]
	u.ephemeral = slices.DeleteFunc(u.ephemeral, func(x *message) bool { return x == m })
	return nil, nil
}

// followUp is "Create Followup Message". After a deferred message the first one
// fills that in, and the ephemeral flag is not looked at.
func (f *Fake) followUp(c *call) (any, error) {
	i, err := f.byToken(c)
	if err != nil {
		return nil, err
	}
	if m := i.original; m != nil && m.flags&flagLoading != 0 {
		if err := f.compose(m, c.body, door{webhook: true, files: c.files}); err != nil {
			return nil, err
		}
		m.flags &^= flagLoading
		if m.only != "" {
			m.flags |= flagEphemeral
		} else {
			m.flags &^= flagEphemeral
		}
		f.changedMessage(m, c.at)
		return f.messageJSON(m), nil
	}
	m := &message{channel: i.channel, author: f.opt.AppID, via: i}
	if i.original != nil {
		m.follows = i.original.id
	}
	if err := f.compose(m, c.body, door{webhook: true, files: c.files}); err != nil {
		return nil, err
	}
	f.present(m)
	return f.messageJSON(m), nil
}
