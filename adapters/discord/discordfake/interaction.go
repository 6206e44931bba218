package discordfake

import (
	"context"
	"errors"
	"maps"
	"time"
)

// Interaction types (Interactions: Receiving and Responding).
const (
	typeCommand      = 2
	typeComponent    = 3
	typeAutocomplete = 4
	typeModal        = 5
)

// How long an interaction waits for its first response, and how long its token
// is good afterwards.
const (
	answerWithin = 3 * time.Second
	tokenLasts   = 15 * time.Minute
)

// interaction is one that was sent to the app.
type interaction struct {
	id, token string
	kind      int
	name      string // of a command, with its subcommands
	command   int    // its type
	target    string // of a menu: the user or the message
	user      string
	channel   string
	guild     string
	at        time.Time
	source    *message // for components, and modals that came from one
	opened    *interaction

	response int      // the type of the first response; 0: none yet
	original *message // what @original is
	choices  []Choice
	failed   error // what was wrong with the response, or that nobody took it
	over     bool  // the three seconds are up
}

// modal is a form that a person has before them.
type modal struct {
	body   object
	values map[string]any // by custom id
	errors map[string]string
	via    *interaction
}

// message is a message, ephemeral ones too.
type message struct {
	id, channel, author string
	content             string
	embeds, components  []any
	flags               int
	mentions            mentions
	nonce               string
	edited              time.Time
	only                string // ephemeral: the one person who sees it
	via                 *interaction
	follows             string // of a followup: the original response
	reply               string
	files               []File
}

// mentions are those that ping.
type mentions struct {
	everyone     bool
	users, roles []string
}

// Choice is a suggestion of autocomplete.
type Choice struct {
	Name  string
	Value any
}

// newInteraction begins an interaction of a person in a channel. f.mu is held.
func (f *Fake) newInteraction(kind int, user string, c *channel) *interaction {
	i := &interaction{
		id: f.id(), token: secret() + secret(), kind: kind, user: user, channel: c.ID, guild: c.Guild, at: f.clock.Now(),
	}
	f.interactions[i.id], f.tokens[i.token] = i, i
	return i
}

// payload is the interaction object. f.mu is held.
func (f *Fake) payload(i *interaction, data object) object {
	c, u := f.channels[i.channel], f.users[i.user]
	channel := f.channelJSON(c)
	channel["permissions"] = f.permissions(c, i.user).String()
	o := object{
		"id": i.id, "application_id": f.opt.AppID, "type": i.kind, "data": data, "token": i.token, "version": 1, "channel_id": c.ID, "channel": channel,
		"locale": u.Locale, "entitlements": []any{}, "entitlement_sku_ids": []any{}, "attachment_size_limit": 10 << 20,
		"app_permissions": f.permissions(c, f.opt.AppID).String(),
	}
	g := f.guilds[c.Guild]
	if g == nil {
		maps.Copy(o, object{
			"user": f.userJSON(i.user), "context": 1, "authorizing_integration_owners": object{"0": "0"},
			"app_permissions": (AttachFiles | EmbedLinks | MentionEveryone | f.directPermissions(c, f.opt.AppID)).String(),
		})
	} else {
		member := f.memberJSON(g, i.user)
		member["permissions"] = f.permissions(c, i.user).String()
		maps.Copy(o, object{
			"guild_id": g.ID, "guild": object{"id": g.ID, "locale": g.Locale, "features": []any{}}, "guild_locale": g.Locale, "member": member,
			"context": 0, "authorizing_integration_owners": object{"0": g.ID},
		})
	}
	if i.source != nil {
		o["message"] = f.messageJSON(i.source)
	}
	return clone(o)
}

var (
	errLate    = errors.New("discordfake: no response within three seconds")
	errEnded   = errors.New("discordfake: the test is over")
	errNoReply = errors.New("discordfake: nobody answers")
)

// send hands an interaction to the app and waits for its first response: at
// most three seconds of the fake's clock.
func (f *Fake) send(i *interaction, payload object) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	f.background(func() {
		body, err := f.out.deliver(ctx, payload)
		f.mu.Lock()
		defer f.mu.Unlock()
		if err != nil && i.response == 0 {
			i.failed = errors.Join(i.failed, err)
		} else if len(body) > 0 {
			f.inline(i, body)
		}
		f.touch()
	})
	err := f.awaitResponse(i)
	f.mu.Lock()
	defer f.mu.Unlock()
	i.over = true
	if i.response == 0 && err == nil {
		err = errLate
	}
	return err
}

// awaitResponse waits until an interaction has its first response, or cannot
// get one any more.
func (f *Fake) awaitResponse(i *interaction) error {
	var up <-chan time.Time
	if clock, ok := f.clock.(alarm); ok {
		up = clock.After(f.opt.Within)
	}
	patience := time.NewTimer(f.opt.Patience)
	defer patience.Stop()
	for {
		f.mu.Lock()
		changed, answered, failed := f.changed, i.response != 0, i.failed
		late := f.clock.Now().Sub(i.at) > f.opt.Within
		f.mu.Unlock()
		switch {
		case answered:
			return nil
		case failed != nil:
			return failed
		case late:
			return errLate
		}
		select {
		case <-changed:
		case <-up:
			return errLate
		case <-patience.C:
			return errNoReply
		case <-f.done:
			return errEnded
		}
	}
}

// inline takes a response that came in the body of a signed HTTP delivery. f.mu
// is held.
func (f *Fake) inline(i *interaction, body []byte) {
	noted := Call{Method: "RESPONSE", Path: "/interactions/" + i.id, Body: string(body), At: f.clock.Now(), Status: 200}
	v, err := decode(body)
	if err == nil {
		err = f.respond(i, nested(v), noted.At)
	}
	var refused *refusal
	if errors.As(err, &refused) {
		noted.Status, noted.Code = refused.status, refused.code
	}
	if err != nil {
		noted.Error, i.failed = err.Error(), err
	}
	f.calls = append(f.calls, noted)
}

// viaJSON is what a message that answers an interaction has besides (Message,
// "Message Interaction Metadata Object").
func (f *Fake) viaJSON(m *message) object {
	i := m.via
	o := object{"webhook_id": f.opt.AppID, "application_id": f.opt.AppID, "interaction_metadata": f.metadata(i, m.follows)}
	switch {
	case i.kind == typeCommand && m.follows == "":
		o["type"] = typeChatInput
		if i.command != chatInput {
			o["type"] = typeContextMenu
		}
		o["interaction"] = object{"id": i.id, "type": i.kind, "name": i.name, "user": f.userJSON(i.user)}
	case i.source != nil:
		o["type"] = typeReply
		o["message_reference"] = object{"type": 0, "message_id": i.source.id, "channel_id": i.channel}
	}
	return o
}

func (f *Fake) metadata(i *interaction, follows string) object {
	owners := object{"0": i.guild}
	if i.guild == "" {
		owners["0"] = "0"
	}
	o := object{"id": i.id, "type": i.kind, "user": f.userJSON(i.user), "authorizing_integration_owners": owners}
	if follows != "" {
		o["original_response_message_id"] = follows
	}
	switch {
	case i.kind == typeComponent:
		o["interacted_message_id"] = i.source.id
	case i.kind == typeModal:
		o["triggering_interaction_metadata"] = f.metadata(i.opened, "")
	case i.command == userMenu:
		o["target_user"] = f.userJSON(i.target)
	case i.command == messageMenu:
		o["target_message_id"] = i.target
	}
	return o
}
