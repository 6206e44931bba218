package playground

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

const (
	answerWithin = 10 * time.Second // of the handler
	keptPrivate  = 12               // private messages of one person
)

// commands are the slash commands that the chat knows.
var commands = []string{"access", "access-admin"}

var (
	clientID  = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
	mentioned = regexp.MustCompile(`(^|\s)@([a-z0-9][a-z0-9-]*)\b`)
)

// act is one thing that a person does, on its way to the handler.
type act struct {
	person Person
	who    chat.Who
	id     string // of the intent; the same when it is repeated
	asked  string // the command, for a private answer
	filled *form.Page
	live   bool // the form was not sent, only changed
}

// begin finds out who acts. id is the client's own id for it, or empty.
func (a *Adapter) begin(ctx context.Context, person, id string) (act, error) {
	if id == "" {
		id = a.IDs()
	}
	if !clientID.MatchString(id) {
		return act{}, access.Refuse(access.Invalid, "badID").At("id")
	}
	p, ok, err := a.vault.Person(ctx, person)
	if err != nil {
		return act{}, err
	}
	if !ok {
		return act{}, unknownPerson(person)
	}
	if p.Standing == access.Gone {
		return act{}, access.Refuse(access.Forbidden, "leftChat", "name", p.Name)
	}
	return act{person: p, who: a.who(p), id: person + "/" + id}, nil
}

func (a *Adapter) who(p Person) chat.Who {
	return chat.Who{Tenant: a.Tenant, Account: access.Account(a.account(p.ID)), Locale: p.Locale, Zone: p.Zone}
}

// ask gives an intent to the handler.
func (a *Adapter) ask(ctx context.Context, in chat.Intent) (reply chat.Reply, err error) {
	h := a.handler.Load()
	if h == nil {
		return nil, access.Refuse(access.Unavailable, "noHandler")
	}
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	defer func() {
		if broken := recover(); broken != nil {
			a.Log.Error().Interface("panic", broken).Str("intent", fmt.Sprintf("%T", in)).Msg("playground: the handler broke")
			err = access.Refuse(access.Unavailable, "internal")
		}
	}()
	return (*h).Handle(ctx, in), nil
}

// Command carries out what a person typed.
func (a *Adapter) Command(ctx context.Context, person, text, id string) error {
	do, err := a.begin(ctx, person, id)
	if err != nil {
		return err
	}
	name, rest, err := splitCommand(text)
	if err != nil {
		return err
	}
	if rest, err = a.mentions(ctx, rest); err != nil {
		return err
	}
	do.asked = strings.TrimSpace(text)
	reply, err := a.ask(ctx, chat.Invoked{Who: do.who, ID: do.id, Command: name, Text: rest})
	if err != nil {
		return err
	}
	return a.answer(ctx, do, reply)
}

func splitCommand(text string) (name, rest string, err error) {
	name, slashed := strings.CutPrefix(strings.TrimSpace(text), "/")
	if !slashed {
		return "", "", access.Refuse(access.Invalid, "notACommand").At("text")
	}
	name, rest, _ = strings.Cut(name, " ")
	if !slices.Contains(commands, name) {
		return "", "", access.Refuse(access.Invalid, "unknownCommand", "command", "/"+name).At("text")
	}
	return name, strings.TrimSpace(rest), nil
}

// mentions turns "@ada" into "@playground/ada" if there is such a person.
func (a *Adapter) mentions(ctx context.Context, text string) (string, error) {
	if !mentioned.MatchString(text) {
		return text, nil
	}
	all, err := a.vault.People(ctx)
	if err != nil {
		return "", err
	}
	return mentioned.ReplaceAllStringFunc(text, func(m string) string {
		before, id, _ := strings.Cut(m, "@")
		if slices.ContainsFunc(all, func(p Person) bool { return p.ID == id }) {
			return before + "@" + a.account(id)
		}
		return m
	}), nil
}

// Press presses a button that a message which the person sees has, or had
// before it was redrawn.
func (a *Adapter) Press(ctx context.Context, person, message, token, id string) error {
	do, err := a.begin(ctx, person, id)
	if err != nil {
		return err
	}
	m, err := a.visible(ctx, do.person, message)
	if err != nil {
		return err
	}
	if !hasButton(m, token) {
		return access.Refuse(access.NotFound, "unknownButton").At("token")
	}
	reply, err := a.ask(ctx, chat.Pressed{Who: do.who, ID: do.id, Token: token, Ref: message})
	if err != nil {
		return err
	}
	return a.answer(ctx, do, reply)
}

// visible finds a message if the person may see it.
func (a *Adapter) visible(ctx context.Context, p Person, message string) (Message, error) {
	unknown := access.Refuse(access.NotFound, "unknownMessage").At("message")
	for _, m := range p.Private {
		if m.ID == message {
			return Message{Ref: m.ID, Card: m.Card}, nil
		}
	}
	m, ok, err := a.vault.Message(ctx, message)
	if err != nil {
		return Message{}, err
	}
	if !ok || m.Deleted || !slices.Contains(a.places(p), m.Place) {
		return Message{}, unknown
	}
	return m, nil
}

func hasButton(m Message, token string) bool {
	is := func(b chat.Button) bool { return b.Token == token }
	return slices.ContainsFunc(allButtons(m.Card), is) || slices.Contains(m.Past, token)
}

// allButtons are the buttons of a card and of its blocks.
func allButtons(c chat.Card) []chat.Button {
	all := slices.Clone(c.Buttons)
	for _, b := range c.Blocks {
		all = append(all, b.Buttons...)
	}
	return all
}

// Submission is a page of a form as it was filled in.
type Submission struct {
	Form   string
	Page   int // 0: the one that is open
	Values form.Values
	Live   bool // not sent yet: a field changed that others may depend on
}

// Submit sends the page of a form that the person has open. The repeat of one
// that went through is answered as it was, also when the form is long closed.
func (a *Adapter) Submit(ctx context.Context, person string, s Submission, id string) error {
	do, err := a.begin(ctx, person, id)
	if err != nil {
		return err
	}
	if was, ok := do.person.sent(do.id, s.Form); ok {
		return a.answerAgain(ctx, person, was)
	}
	page, err := s.on(do.person.Open)
	if err != nil {
		return err
	}
	page.Fields = a.filledIn(page.Fields, s.Values)
	do.filled, do.live = &page, s.Live
	in := chat.Filled{Who: do.who, ID: do.id, Form: s.Form, Page: page.Number, Values: s.Values, Live: s.Live}
	reply, err := a.ask(ctx, in)
	if err != nil {
		return err
	}
	if _, quiet := reply.(chat.Nothing); quiet && s.Live {
		reply = chat.Show{Page: page, Intro: do.person.Open.Intro}
	}
	return a.answer(ctx, do, reply)
}

// on finds the page that was filled in: it must be open, and must have every
// field that is answered. A change that is not sent yet may have answers to
// fields that are gone: they don't count.
func (s Submission) on(open *OpenForm) (form.Page, error) {
	if open == nil || open.Page.Form != s.Form {
		return form.Page{}, access.Refuse(access.TooLate, "unknownForm").At("form")
	}
	if s.Page != 0 && s.Page != open.Page.Number {
		return form.Page{}, access.Refuse(access.TooLate, "unknownPage").At("page")
	}
	for _, id := range slices.Sorted(maps.Keys(s.Values)) {
		if slices.ContainsFunc(open.Page.Fields, func(f form.Field) bool { return f.ID == id }) {
			continue
		}
		if !s.Live {
			return form.Page{}, access.Refuse(access.Invalid, "unknownField", "field", id).At(id)
		}
		delete(s.Values, id)
	}
	return open.Page, nil
}

// filledIn are the fields with what was typed into them. A person may be
// named by id, "@id" or account.
func (a *Adapter) filledIn(fields []form.Field, values form.Values) []form.Field {
	out := slices.Clone(fields)
	for i, f := range out {
		if f.Kind == form.Person && len(values[f.ID]) == 1 {
			id := strings.TrimPrefix(values[f.ID][0], "@")
			if slug.MatchString(id) {
				id = a.account(id)
			}
			values[f.ID] = []string{id}
		}
		out[i].Value = values[f.ID]
	}
	return out
}

// answer puts a reply before the person.
func (a *Adapter) answer(ctx context.Context, do act, reply chat.Reply) error {
	now := a.Now()
	var notes []FileNote
	if r, ok := reply.(chat.Tell); ok && len(r.Files) > 0 {
		r.Card, notes = a.shelve(do, r)
		reply = r
	}
	return a.changePerson(ctx, do.person.ID, func(d *Draft) error {
		p := d.Person
		p.Answer = ""
		switch r := reply.(type) {
		case chat.Show:
			a.show(d, do, r, now)
		case chat.Tell:
			closeForm(p, do)
			tell(d, do, r.Card, now)
			p.Private[len(p.Private)-1].Files = notes
		default:
			closeForm(p, do)
		}
		remember(p, do)
		return nil
	})
}

// closeForm closes a form that was sent.
func closeForm(p *Person, do act) {
	if do.filled != nil && !do.live {
		p.Open = nil
	}
}

// show opens a page. With pages of five, another page than the one that was
// just sent cannot be opened at once, be it of the same form or of one that
// follows it: a private message with a Continue button comes first.
func (a *Adapter) show(d *Draft, do act, r chat.Show, now time.Time) {
	follows := do.filled != nil && r.Page.Form != do.filled.Form
	next := do.filled != nil && (follows || r.Page.Number > do.filled.Number) && len(r.Page.Errors) == 0
	if next && r.Continue != "" && d.Person.Forms == FormsPages {
		d.Person.Open = nil
		words := a.readerFor(*d.Person)
		text := words.say("pages.text", "n", do.filled.Number, "title", r.Page.Title)
		if follows {
			text = words.say("pages.follows", "title", r.Page.Title)
		}
		tell(d, do, chat.Card{
			Summary: text, Title: words.say("pages.title"), Tone: chat.ToneWaiting,
			Blocks:  []chat.Block{{Text: chat.Say(text)}},
			Buttons: []chat.Button{{Label: words.say("pages.continue"), Token: r.Continue, Style: chat.StylePrimary}},
		}, now)
		return
	}
	page := r.Page
	if do.filled != nil && !follows && page.Number == do.filled.Number {
		page.Fields = keepTyped(page.Fields, do.filled.Fields)
	}
	d.Person.Open = &OpenForm{Seq: d.Seq, Page: page, Intro: r.Intro}
}

// keepTyped keeps what was typed where the handler left it out.
func keepTyped(fields, typed []form.Field) []form.Field {
	out := slices.Clone(fields)
	for i, f := range out {
		for _, t := range typed {
			if t.ID == f.ID && len(f.Value) == 0 {
				out[i].Value = t.Value
			}
		}
	}
	return out
}

// tell adds a private message; a repeat of the same intent adds none.
func tell(d *Draft, do act, c chat.Card, now time.Time) {
	p := d.Person
	m := Private{ID: privateID(do), Seq: d.Seq, At: now, Asked: do.asked, Card: c}
	p.Answer = m.ID
	p.Private = slices.DeleteFunc(p.Private, func(old Private) bool { return old.ID == m.ID })
	p.Private = append(p.Private, m)
	if extra := len(p.Private) - keptPrivate; extra > 0 {
		p.Private = p.Private[extra:]
	}
}

// privateID names the private message that answers an intent.
func privateID(do act) string { return named("p-", do.id) }

// Dismiss takes away a private message or closes the open form.
func (a *Adapter) Dismiss(ctx context.Context, person, message, formID string) error {
	return a.changePerson(ctx, person, func(d *Draft) error {
		p := d.Person
		if formID != "" {
			if p.Open == nil || p.Open.Page.Form != formID {
				return access.Refuse(access.TooLate, "unknownForm").At("form")
			}
			p.Open = nil
			return nil
		}
		before := len(p.Private)
		p.Private = slices.DeleteFunc(p.Private, func(m Private) bool { return m.ID == message })
		if len(p.Private) == before {
			return access.Refuse(access.NotFound, "unknownMessage").At("message")
		}
		if p.Answer == message {
			p.Answer = ""
		}
		return nil
	})
}
