package desk

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// call is one intent under way: who did it, what they may read it in, when.
type call struct {
	*Desk
	tongue
	ctx   context.Context
	from  chat.Who
	id    engine.CommandID
	actor access.Actor
	now   time.Time
	ref   string            // of the message whose button was pressed
	admin bool              // it is a command, a button or a form of those who look after something
	meant map[string]string // ids that were chosen for names that fit several, by meantKey
}

// Handle implements chat.Handler.
func (d *Desk) Handle(ctx context.Context, in chat.Intent) (reply chat.Reply) {
	who, id := origin(in)
	c := &call{Desk: d, ctx: ctx, from: who, now: d.clock.Now(), tongue: d.texts.in(who.Zone, who.Locale)}
	defer func() {
		if r := recover(); r != nil {
			d.log.Error().Str("intent", fmt.Sprintf("%T", in)).Str("panic", fmt.Sprint(r)).Bytes("stack", debug.Stack()).Msg("an intent broke the desk")
			reply = c.refuse(in, access.Refuse(access.Unavailable, "internal"))
		}
	}()
	c.id = engine.CommandID(chatOf(who.Account) + ":" + id)
	if err := c.greet(in); err != nil {
		return c.refuse(in, err)
	}
	reply, err := c.handle(in)
	if err != nil {
		reply, err = c.again(in, err)
	}
	if err != nil {
		return c.refuse(in, err)
	}
	if reply == nil {
		return chat.Nothing{}
	}
	return reply
}

// origin is who did it, and the platform's id for it.
func origin(in chat.Intent) (chat.Who, string) {
	switch in := in.(type) {
	case chat.Invoked:
		return in.Who, in.ID
	case chat.Pressed:
		return in.Who, in.ID
	case chat.Filled:
		return in.Who, in.ID
	case chat.Searched:
		return in.Who, ""
	case chat.Replied:
		return in.Who, in.ID
	default:
		return chat.Who{}, ""
	}
}

// greet finds out how to speak to the person and, unless the engine is asked
// at once anyway, who they are: a click on a warm path costs one look less.
func (c *call) greet(in chat.Intent) error {
	if _, ok := in.(chat.Replied); ok {
		return nil
	}
	press, ok := in.(chat.Pressed)
	if !ok || !c.direct(press.Token) {
		err := c.meet()
		if access.IsCode(err, "accountUnlinked") && c.linking(in) {
			return c.hello()
		}
		return err
	}
	profile, err := c.core.Profile(c.ctx, c.from.Tenant, access.PersonID(c.from.Account))
	if err != nil {
		return c.meet()
	}
	c.speak(profile)
	return nil
}

// hello finds out how to speak to an account that stands for nobody.
func (c *call) hello() error {
	profile, err := c.core.Profile(c.ctx, c.from.Tenant, access.PersonID(c.from.Account))
	if err == nil {
		c.speak(profile)
	}
	return err
}

func (c *call) direct(token string) bool {
	t, err := chat.ParseToken(token)
	return err == nil && c.routes[t.Verb].direct
}

func (c *call) speak(p access.Profile) {
	c.tongue = c.texts.in(first(c.from.Zone, p.Zone), c.from.Locale, p.Locale)
}

// meet finds out who it is at this moment.
func (c *call) meet() error {
	if c.actor.Person != "" {
		return nil
	}
	profile, actor, err := c.core.Who(c.ctx, c.from.Tenant, c.from.Account)
	if err != nil {
		return err
	}
	c.speak(profile)
	if !actor.Standing.Human() {
		return access.Refuse(access.Forbidden, "notHuman")
	}
	c.actor = actor
	return nil
}

// first is the first string that is not empty.
func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

func (c *call) handle(in chat.Intent) (chat.Reply, error) {
	switch in := in.(type) {
	case chat.Invoked:
		return c.invoked(in)
	case chat.Pressed:
		return c.pressed(in)
	case chat.Filled:
		return c.filled(in)
	case chat.Searched:
		return c.searched(in)
	case chat.Replied:
		return c.remark(in)
	default:
		return nil, fmt.Errorf("unknown intent %T", in)
	}
}

// pressed carries out a button.
func (c *call) pressed(in chat.Pressed) (chat.Reply, error) {
	c.ref = in.Ref
	t, r, err := c.address(in.Token)
	if err != nil {
		return nil, err
	}
	if verb, ok := strings.CutPrefix(string(t.Verb), more); ok {
		t.Verb = chat.Verb(verb)
		return c.resume(t)
	}
	if verb, ok := strings.CutPrefix(string(t.Verb), sure); ok {
		t.Verb = chat.Verb(verb)
		return c.sent(t)
	}
	if r.press != nil {
		return r.press(c, t)
	}
	return c.open(t, nil)
}

// address reads a token and finds what its verb does. A token names a place
// and grants nothing, but it has to be of this tenant.
func (c *call) address(token string) (chat.Token, route, error) {
	t, err := chat.ParseToken(token)
	if err != nil {
		return t, route{}, access.Refuse(access.Invalid, "unknownButton")
	}
	r, ok := c.routes[verbOf(t.Verb)]
	if !ok {
		return t, route{}, access.Refuse(access.Invalid, "unknownButton")
	}
	c.admin = !slices.Contains([]chat.Verb{verbRequest, verbPackage}, verbOf(t.Verb))
	if t.Tenant != c.from.Tenant {
		return t, route{}, access.Refuse(access.NotFound, "unknownRequest")
	}
	return t, r, nil
}

// token makes the address of something of this tenant.
func (c *call) token(verb chat.Verb, arg string) chat.Token {
	return chat.Token{Verb: verb, Tenant: c.from.Tenant, Arg: arg}
}

// refuse turns an error into a private sentence. What is no refusal goes to
// the log; nothing of it is shown.
func (c *call) refuse(in chat.Intent, err error) chat.Reply {
	e, ok := access.AsError(err)
	if !ok {
		ev := c.log.Error()
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			ev = c.log.Warn()
		}
		ev.Err(err).Str("intent", fmt.Sprintf("%T", in)).Str("command", string(c.id)).Msg("an intent failed")
		e = access.Refuse(access.Unavailable, "tryAgain")
	}
	if _, ok := in.(chat.Replied); ok {
		c.log.Info().Str("code", e.Code).Str("account", string(c.from.Account)).Str("command", string(c.id)).Msg("what was written below a card is not kept")
		return chat.Nothing{}
	}
	if _, ok := in.(chat.Searched); ok {
		return chat.Offer{}
	}
	return c.sorry(e)
}

// sorry is the sentence of a refusal as a private card.
func (c *call) sorry(e *access.Error) chat.Reply {
	return c.tell(chat.ToneBad, c.explain(e))
}

// say is a private sentence that went well.
func (c *call) say(key string, data ...any) chat.Reply {
	return c.tell(chat.ToneGood, c.text(key, data...))
}

func (c *call) tell(tone chat.Tone, t chat.Text) chat.Reply {
	return chat.Tell{Card: fit(chat.Card{Summary: c.flat(t), Tone: tone, Blocks: []chat.Block{{Text: t}}})}
}

// explain puts a refusal into words. Its data may name people, packages,
// moments and windows.
func (c *call) explain(e *access.Error) chat.Text {
	key := "error." + e.Code
	if !c.has(key) {
		c.log.Error().Str("code", e.Code).Msg("a refusal has no text")
		key = "error.internal"
	}
	data := c.likeSoon()
	for name, v := range e.Data {
		data = append(data, name, c.datum(name, v))
	}
	if e.Code == "unknownPackage" && c.admin {
		data = append(data, "list", code("/"+AccessAdmin+" package list"))
	}
	return c.text(key, data...)
}

// datum makes a value of a refusal presentable.
func (c *call) datum(name string, v any) any {
	switch v := v.(type) {
	case access.PersonID:
		return c.mention(v)
	case access.PackageID:
		return strong(string(v))
	case access.Window:
		return c.ends(v)
	case access.Verdict:
		return c.text("verdict." + string(v))
	case access.RequestState:
		return c.state(string(v))
	case access.AssignmentState:
		return c.state(string(v))
	case []access.PersonID:
		var items []chat.Text
		for _, p := range v {
			items = append(items, c.mention(p))
		}
		return c.join(items)
	case string:
		switch name {
		case "package", "other", "name":
			return strong(v)
		case "value", "pattern":
			return code(v)
		case "verdict":
			return c.text("verdict." + v)
		case "state":
			return c.state(v)
		}
		return v
	default:
		return v
	}
}

// state says the state of a request or an assignment in words, nothing for one
// that has none.
func (g tongue) state(name string) chat.Text {
	for _, key := range []string{"state." + name, "standing." + name} {
		if g.has(key) {
			return g.text(key)
		}
	}
	return nil
}

// mention names a person who is looked up now.
func (c *call) mention(p access.PersonID) chat.Text {
	return c.scene(runtime.View{}, p).who(p)
}

// scene is what screens of a view are drawn from, in the caller's language.
func (c *call) scene(v runtime.View, more ...access.PersonID) scene {
	v.Ledger.Tenant = c.from.Tenant
	s := c.Desk.scene(c.ctx, c.tongue, v.Ledger, v.World, c.now, c.actor.Person, more...)
	s.also = c.actor.Also
	return s
}

// scene resolves the names of everybody whom a screen may mention. A name that
// can't be read is replaced by the id: that is no reason not to draw.
func (d *Desk) scene(ctx context.Context, g tongue, l access.Ledger, w engine.World, now time.Time, me access.PersonID, more ...access.PersonID) scene {
	s := scene{tongue: g, l: l, w: w, now: now, me: me, names: map[access.PersonID]string{}}
	for _, p := range mentioned(l, w, more...) {
		if profile, err := d.core.Profile(ctx, l.Tenant, p); err == nil {
			s.names[p] = profile.Name
		}
	}
	return s
}
