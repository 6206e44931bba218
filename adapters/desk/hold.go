package desk

import (
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// withdraw takes a request back.
func (c *call) withdraw(t chat.Token) (chat.Reply, error) {
	v, err := c.act(t, func(m engine.Meta) engine.Command { return engine.Withdraw{Meta: m, Request: t.Request} })
	if err != nil {
		return nil, err
	}
	return c.quiet(v, "done.withdraw"), nil
}

// termsPage is how many characters of the terms stand on one card.
const termsPage = 2800

// terms shows the text that the request pins, whole: in parts when it is long,
// with Accept and Refuse under the last one. The token's stage is the part.
func (c *call) terms(t chat.Token) (chat.Reply, error) {
	v, r, err := c.find(t)
	if err != nil {
		return nil, err
	}
	if !c.actor.Owns(v.Ledger.Person) {
		return nil, access.Refuse(access.Forbidden, "notYours")
	}
	if r.State != access.PendingTerms {
		if !r.TermsAccepted.IsZero() {
			return nil, access.Refuse(access.TooLate, "termsAccepted")
		}
		return nil, access.Refuse(access.TooLate, "termsNotAsked")
	}
	s := c.scene(v)
	parts := pages(v.World.Terms[r.Terms].Text.For(c.locale), termsPage)
	n := min(max(t.Stage, 0), len(parts)-1)
	title := c.plain("terms.title", "package", s.packageName(r.Package))
	card := chat.Card{Summary: title, Title: title, Tone: chat.ToneWaiting, Blocks: []chat.Block{{Text: chat.Say(parts[n])}}}
	if n+1 < len(parts) {
		card.Buttons = s.button(nil, verbTerms, chat.StylePrimary, chat.Token{Person: t.Person, Request: r.ID, Stage: n + 1})
		card.Buttons[0].Label = c.plain("button.read", "n", n+2, "of", len(parts))
		return chat.Tell{Card: card}, nil
	}
	card.Blocks = append(card.Blocks, chat.Block{Small: true, Text: c.text("terms.due", "due", r.TermsDue, "ends", s.ends(s.windowOf(r)))})
	card.Buttons = s.button(nil, verbAccept, chat.StylePrimary, s.at(r))
	card.Buttons = s.button(card.Buttons, verbRefuse, chat.StyleDanger, s.at(r))
	return chat.Tell{Card: card}, nil
}

// pages cuts a text into parts, at line ends or spaces where possible.
func pages(text string, size int) []string {
	if strings.TrimSpace(text) == "" {
		return []string{"–"}
	}
	var out []string
	rest := []rune(text)
	for len(rest) > size {
		n := size
		for _, sep := range []string{"\n", " "} {
			if i := strings.LastIndex(string(rest[:size]), sep); i > 0 {
				n = len([]rune(string(rest[:size])[:i]))
				break
			}
		}
		out = append(out, string(rest[:n]))
		rest = []rune(strings.TrimLeft(string(rest[n:]), " \n"))
	}
	return append(out, string(rest))
}

func (c *call) accept(t chat.Token) (chat.Reply, error) { return c.answerTerms(t, true) }
func (c *call) refuseTerms(t chat.Token) (chat.Reply, error) {
	return c.answerTerms(t, false)
}

func (c *call) answerTerms(t chat.Token, yes bool) (chat.Reply, error) {
	_, err := c.act(t, func(m engine.Meta) engine.Command {
		return engine.AnswerTerms{Meta: m, Request: t.Request, Accept: yes}
	})
	switch {
	case err != nil:
		return nil, err
	case yes:
		return c.say("done.accept"), nil
	default:
		return c.say("done.refuse"), nil
	}
}

// release gives an assignment back.
func (c *call) release(t chat.Token) (chat.Reply, error) {
	name := c.named(t)
	v, err := c.act(t, func(m engine.Meta) engine.Command { return engine.Release{Meta: m, Assignment: t.Request} })
	if err != nil {
		return nil, err
	}
	return c.quiet(v, "done.release", "package", name), nil
}

// extendForm asks until when, and why.
func (c *call) extendForm(t chat.Token, _ *draft) (*sheet, error) {
	v, r, err := c.find(t)
	if err != nil {
		return nil, err
	}
	if !c.actor.Owns(v.Ledger.Person) {
		return nil, access.Refuse(access.Forbidden, "notYours")
	}
	a := v.Ledger.Assignment(t.Request)
	if a == nil {
		return nil, access.Refuse(access.NotFound, "unknownAssignment")
	}
	if err := c.mayExtend(t, v.Ledger, v.World); err != nil {
		return nil, err
	}
	x := &extension{call: c, t: t, a: *a, policy: presentPolicy(v.World, r)}
	return &sheet{
		form: form.Form{
			Title: c.plain("extend.title", "package", c.scene(v).packageName(a.Package)), Submit: c.plain("extend.submit"),
			Fields: x.fields(),
		},
		intro:  c.text("extend.intro", "package", c.scene(v).pkg(a.Package), "ends", c.ends(a.Window)),
		check:  x.check,
		times:  x.understood,
		submit: x.submit,
	}, nil
}

// presentPolicy is the version of a request's policy that counts now.
func presentPolicy(w engine.World, r access.Request) access.Policy {
	if policy, ok := w.Packages[r.Package].Policy(r.Policy.Policy); ok {
		return policy
	}
	return w.Policies[r.Policy]
}

// mayExtend tries the extension without its answers, so that what would be
// refused anyway is said before somebody fills in a form.
func (c *call) mayExtend(t chat.Token, l access.Ledger, w engine.World) error {
	e := c.refusal(runtime.View{Ledger: l, World: w}, func(m engine.Meta) engine.Command {
		return engine.Extend{Meta: m, Assignment: t.Request}
	})
	if e != nil {
		return e
	}
	return nil
}

// extension is a wish for more time that is being written.
type extension struct {
	*call
	t      chat.Token
	a      access.Assignment
	policy access.Policy
}

func (x *extension) fields() []form.Field {
	hint := x.plain("hint.extend." + string(x.policy.Lifecycle.Ends))
	if x.policy.Lifecycle.Ends == access.EndsDuration {
		hint = x.plain("hint.extend.duration", "duration", x.policy.Lifecycle.For)
	}
	if x.policy.Lifecycle.Ends == access.EndsOnDate {
		hint = x.plain("hint.extend.date", "end", x.policy.Lifecycle.On)
	}
	return []form.Field{
		{ID: "end", Kind: form.Moment, Label: x.plain("field.newEnd"), Hint: hint, Max: 60},
		{
			ID: "justification", Kind: form.Area, Label: x.plain("field.justification"),
			Required: x.policy.Justification, Max: access.MaxLongText,
		},
	}
}

func (x *extension) check(v form.Values) map[string]*access.Error {
	out := map[string]*access.Error{}
	if _, err := x.until(v); err != nil {
		out["end"] = at(err, "end")
	}
	return out
}

// until is the new end: a date, or a duration counted from the present end.
func (x *extension) until(v form.Values) (access.Window, error) {
	typed := one(v, "end")
	if typed == "" {
		return access.Window{}, nil
	}
	w, err := access.ParseUntil(typed, x.now, x.zone)
	if err == nil && w.For > 0 {
		w = access.Window{End: x.a.Window.End.Add(w.For)}
	}
	return w, err
}

// understood is the new end, as typed.
func (x *extension) understood(v form.Values) []chat.Fact {
	until, _ := x.until(v)
	return x.readMoment("field.newEnd", until.End)
}

func (x *extension) submit(v form.Values) (chat.Reply, error) {
	until, err := x.until(v)
	if err != nil {
		return nil, at(err, "end")
	}
	after, err := x.act(x.t, func(m engine.Meta) engine.Command {
		return engine.Extend{Meta: m, Assignment: x.t.Request, Justification: one(v, "justification"), End: until.End}
	})
	if err != nil {
		return nil, err
	}
	if made := after.Ledger.Request(after.Request); made != nil && made.State == access.Delivered {
		if a := after.Ledger.Assignment(x.t.Request); a != nil {
			return x.say("done.extended", "ends", x.ends(a.Window)), nil
		}
	}
	return x.say("done.extend"), nil
}

// done says that a task was carried out.
func (c *call) done(t chat.Token) (chat.Reply, error) { return c.task(t, true, "") }

// cannotForm asks why a task can't be carried out.
func (c *call) cannotForm(t chat.Token, _ *draft) (*sheet, error) {
	v, role, err := c.roleOf(t)
	if err != nil {
		return nil, err
	}
	e := c.refusal(v, func(m engine.Meta) engine.Command {
		return engine.TaskAnswer{Meta: m, Role: role, Op: taskOp(t.Stage), Done: true}
	})
	if e != nil {
		return nil, c.untoldTask(t, role, e)
	}
	return &sheet{
		form: form.Form{
			Title: c.plain("cannot.title"), Submit: c.plain("button.cannot"),
			Fields: []form.Field{c.reason(true, "hint.cannot")},
		},
		submit: func(v form.Values) (chat.Reply, error) { return c.task(t, false, one(v, "reason")) },
	}, nil
}

// roleOf finds the role that a task is about. The token names it by its digest
// and the operation by its stage.
func (c *call) roleOf(t chat.Token) (v runtime.View, role access.RoleRef, err error) {
	v, err = c.core.Ledger(c.ctx, c.from.Tenant, c.actor, t.Person)
	for _, card := range v.Ledger.Cards { // of tasks that were taken back, too
		if card.Kind == access.CardTask && chat.Digest(card.Role.String()) == t.Arg {
			role = card.Role
		}
	}
	for ref := range v.Ledger.Roles {
		if chat.Digest(ref.String()) == t.Arg {
			role = ref
		}
	}
	return v, role, err
}

// untoldTask is untold for tasks: whoever did not press on a task's card is
// told the same as if there were none.
func (c *call) untoldTask(t chat.Token, role access.RoleRef, refusal error) error {
	if !access.IsCode(refusal, "notYourTask") {
		return refusal
	}
	on, err := c.onCard(t, func(card access.Card) bool { return card.Role == role })
	switch {
	case err != nil:
		return err
	case on:
		return refusal
	}
	return access.Refuse(access.TooLate, "noTask")
}

// task answers a task.
func (c *call) task(t chat.Token, done bool, reason string) (chat.Reply, error) {
	_, role, err := c.roleOf(t)
	if err != nil {
		return nil, err
	}
	after, err := c.do(t.Person, func(m engine.Meta) engine.Command {
		return engine.TaskAnswer{Meta: m, Role: role, Op: taskOp(t.Stage), Done: done, Reason: reason}
	})
	if err != nil {
		return nil, c.untoldTask(t, role, err)
	}
	if done {
		return c.quiet(after, "done.done"), nil
	}
	return c.quiet(after, "done.cannot"), nil
}

// A task's token carries its operation as a number.
const (
	taskGrant  = 1
	taskRevoke = 2
)

func taskOp(n int) access.Op {
	if n == taskRevoke {
		return access.OpRevoke
	}
	return access.OpGrant
}
