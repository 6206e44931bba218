package discord

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
)

// own answers what no handler has to know of; false for all other acts.
func (p painter) own(a act) (response, bool) {
	switch a.Surface {
	case onPing:
		return response{Type: respondPong}, true
	case onNo:
		return response{respondUpdate, p.note("unchanged")}, true
	case onAsk:
		return response{respondMessage, p.question(a.asked).private()}, true
	}
	return response{}, false
}

// question asks whether somebody is sure. Its Yes is a button with the token.
func (p painter) question(q sure) message {
	c := chat.Card{Title: p.words["sure"], Tone: chat.ToneWaiting, Buttons: []chat.Button{
		{Label: p.words["yes"], Token: q.token, Style: chat.StyleDanger}, {Label: p.words["no"], Token: pressNo},
	}}
	if !blank(q.label) {
		before, after, _ := strings.Cut(p.words["sure.what"], "{label}")
		c.Blocks = []chat.Block{{Text: chat.Say(before).Strong(q.label).Say(after)}}
	}
	return p.answer(c)
}

// reply shows the reply as the first answer to what somebody did. Everything is
// private, and nothing but a question with a Yes is drawn over.
func (p painter) reply(a act, r chat.Reply) response {
	if a.Surface == onSearch {
		found, _ := r.(chat.Offer)
		return response{respondComplete, complete(a, found.Options)}
	}
	switch r := r.(type) {
	case chat.Show:
		if a.Surface == onSubmit || p.unread(a, r) {
			return p.say(a, p.waiting(r))
		}
		return response{respondModal, p.form(r)}
	case chat.Tell:
		return p.say(a, p.answer(r.Card))
	}
	if a.Surface == onMessage {
		return response{Type: respondNothing}
	}
	return p.say(a, p.note("done"))
}

// say answers with a message.
func (p painter) say(a act, m message) response {
	if a.Surface == onYes {
		return response{respondUpdate, m}
	}
	return response{respondMessage, m.private()}
}

// later is the first answer when the reply takes longer than Discord waits;
// late is what the answer becomes then.
func (p painter) later(a act) response {
	switch a.Surface {
	case onSearch:
		return response{respondComplete, complete(a, nil)}
	case onYes:
		return response{Type: respondNothing}
	}
	return response{respondLater, deferred{flagPrivate}}
}

// late draws a reply that comes after later, to be put in the place of the
// first answer; false when that one is to be taken away.
func (p painter) late(a act, r chat.Reply) (message, bool) {
	switch r := r.(type) {
	case chat.Show:
		return p.waiting(r), true
	case chat.Tell:
		return p.answer(r.Card), true
	}
	return p.note("done"), a.Surface != onMessage && a.Surface != onSearch
}

// unread reports whether a page has an intro that has no place in the modal and
// was not shown before it: the button below it carries the page's own token.
func (p painter) unread(a act, s chat.Show) bool {
	press, _ := a.Intent.(chat.Pressed)
	return !hasRoom(s) && p.intro(s) != "" && press.Token != s.Continue
}

// waiting is what stands for a page that cannot be opened without a press: the
// next one, one with mistakes, or one that was late.
func (p painter) waiting(s chat.Show) message {
	c := chat.Card{Title: s.Page.Title, Tone: chat.ToneWaiting, Buttons: []chat.Button{
		{Label: p.words["continue"], Token: s.Continue, Style: chat.StylePrimary},
	}}
	say := func(t chat.Text) { c.Blocks = append(c.Blocks, chat.Block{Text: t}) }
	switch {
	case len(s.Page.Errors) > 0:
		say(chat.Say(p.kept("wrong", s.Kept)))
		c.Tone, c.Buttons[0].Label = chat.ToneBad, p.words["correct"]
		c.Blocks = append(c.Blocks, chat.Block{Fields: mistakes(s.Page)})
	case s.Page.Number > 1:
		say(chat.Say(p.kept("next", s.Kept)))
	default:
		if p.intro(s) != "" {
			say(s.Intro)
		}
		say(chat.Say(p.kept("ready", s.Kept)))
	}
	return p.answer(c)
}

// kept is a sentence that says how long what was filled in is kept: for an hour,
// or for days.
func (p painter) kept(key string, d time.Duration) string {
	if days := int(d / (24 * time.Hour)); days > 1 {
		return strings.ReplaceAll(p.words[key+".days"], "{days}", strconv.Itoa(days))
	}
	return p.words[key]
}

// mistakes are what is wrong, in the order of the fields; the rest after them.
func mistakes(page form.Page) []chat.Fact {
	var out []chat.Fact
	left := sortedKeys(page.Errors)
	for _, f := range page.Fields {
		if i := slices.Index(left, f.ID); i >= 0 {
			out = append(out, chat.Fact{Label: orElse(f.Label, f.ID), Value: chat.Say(page.Errors[f.ID])})
			left = slices.Delete(left, i, i+1)
		}
	}
	for _, id := range left {
		out = append(out, chat.Fact{Label: id, Value: chat.Say(page.Errors[id])})
	}
	return out
}

func sortedKeys[T any](m map[string]T) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// complete offers what can be put into an option. The desk completes the whole
// command; the option takes what stands behind what was there before it. What
// Discord would refuse the whole answer for is left out.
func complete(a act, options []form.Option) offered {
	out := offered{Choices: []offer{}}
	in, _ := a.Intent.(chat.Searched)
	before := in.Query[:strings.LastIndexByte(in.Query, ' ')+1]
	seen := map[string]bool{}
	for _, o := range options {
		v := strings.TrimPrefix(o.Value, before)
		if blank(v) || chat.Length(v) > maxChoice || seen[v] || len(out.Choices) == maxChoices {
			continue
		}
		seen[v] = true
		name := orElse(o.Label, v)
		if !blank(o.Hint) {
			name += " – " + o.Hint
		}
		out.Choices = append(out.Choices, offer{Name: plain(name, maxChoice, v), Value: v})
	}
	return out
}
