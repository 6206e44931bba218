package desk

import (
	"unicode/utf8"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// draw makes the card that a place is to show of the ledger as it is. A
// request that is not in the ledger makes a card that says so.
func (s scene) draw(card access.Card) chat.Card {
	r := s.l.Request(card.Request)
	if r == nil && card.Kind != access.CardTask && card.Kind != access.CardLeft {
		return s.gone()
	}
	switch card.Kind {
	case access.CardRequestor:
		return fit(s.requestor(*r))
	case access.CardApprover:
		return fit(s.approver(*r, card))
	case access.CardTask:
		return fit(s.task(card))
	case access.CardFailure:
		return fit(s.failure(*r))
	default:
		return fit(s.notice(r, card))
	}
}

// gone is drawn for what is not there any more.
func (s scene) gone() chat.Card {
	t := s.text("error.unknownRequest")
	return chat.Card{Summary: s.flat(t), Tone: chat.ToneOver, Blocks: []chat.Block{{Text: t}}}
}

// button makes a button about a request. One whose address does not fit is
// left out: everything can be reached by a command as well.
func (s scene) button(buttons []chat.Button, verb chat.Verb, style chat.ButtonStyle, t chat.Token) []chat.Button {
	t.Verb, t.Tenant = verb, s.l.Tenant
	address, err := t.Encode()
	if err != nil {
		return buttons
	}
	b := chat.Button{Label: s.plain("button." + string(verb)), Token: address, Style: style}
	if key := "confirm." + string(verb); s.has(key) {
		b.Confirm = s.plain(key)
	}
	return append(buttons, b)
}

// at is the address of a request as it is shown now.
func (s scene) at(r access.Request) chat.Token {
	t := chat.Token{Person: s.l.Person, Request: r.ID, Face: r.Face}
	if _, n := r.Open(); n >= 0 {
		t.Stage = n
	}
	return t
}

func (s scene) fact(label string, value chat.Text) []chat.Fact {
	if len(value) == 0 {
		return nil
	}
	return []chat.Fact{{Label: s.plain(label), Value: value}}
}

// facts is a block of labelled values, or several when there are many.
func facts(list []chat.Fact) []chat.Block {
	var out []chat.Block
	for len(list) > 0 {
		n := min(len(list), chat.MaxFacts)
		out = append(out, chat.Block{Fields: list[:n]})
		list = list[n:]
	}
	return out
}

// why is what the asker gave as reason, and the answers to the questions.
func (s scene) why(r access.Request) []chat.Fact {
	out := s.fact("label.justification", said(r.Justification))
	for _, q := range s.policyOf(r).Questions {
		if answer := s.answer(q, r.Answers[q.ID]); len(answer) > 0 {
			out = append(out, chat.Fact{Label: cut(q.Label.For(s.locale), chat.MaxFactLabel), Value: answer})
		}
	}
	return out
}

// said is what a person typed.
func said(s string) chat.Text {
	if s == "" {
		return nil
	}
	return chat.Say(s)
}

// gives lists what the holder is able to do.
func (s scene) gives(r access.Request) []chat.Block {
	items := s.roles(s.rolesOf(r))
	if len(items) == 0 {
		return nil
	}
	return []chat.Block{{Heading: s.plain("heading.gives"), Items: s.clip(items, chat.MaxItems)}}
}

// clip keeps a list short and says how much is left out.
func (s scene) clip(items []chat.Text, limit int) []chat.Text {
	if len(items) <= limit {
		return items
	}
	rest := len(items) - limit + 1
	return append(items[:limit-1:limit-1], s.count("people.more", rest))
}

// history says what earlier stages, and this one so far, decided and why.
func (s scene) history(r access.Request) []chat.Block {
	var items []chat.Text
	for n, stage := range r.Stages {
		for _, d := range stage.Decisions {
			key := "history." + string(d.Verdict)
			if d.Void != "" {
				key = "history.void"
			}
			items = append(items, s.text(key, "by", s.who(d.By), "at", d.At, "stage", s.stageName(r, n), "reason", d.Reason))
		}
		if r.State == access.TimedOut && !stage.Closed.IsZero() && len(stage.Decisions) == 0 {
			items = append(items, s.text("history.silent", "stage", s.stageName(r, n), "at", stage.Closed))
		}
	}
	if len(items) == 0 {
		return nil
	}
	return []chat.Block{{Heading: s.plain("heading.history"), Items: s.clip(items, chat.MaxItems)}}
}

// remarks are what was written below the request's cards, the latest of them.
func (s scene) remarks(r access.Request) []chat.Block {
	var items []chat.Text
	for _, remark := range r.Remarks[max(len(r.Remarks)-chat.MaxItems, 0):] {
		items = append(items, s.text("history.remark", "by", s.who(remark.By), "at", remark.At, "text", remark.Text))
	}
	if len(items) == 0 {
		return nil
	}
	return []chat.Block{{Heading: s.plain("heading.remarks"), Items: items}}
}

// stageName is "stage 1 of 2", or nothing when there is only one.
func (s scene) stageName(r access.Request, n int) chat.Text {
	if s.stageCount(r) < 2 {
		return nil
	}
	return s.text("stage.name", "n", n+1, "of", s.stageCount(r))
}

// cut shortens a plain string.
func cut(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit-1]) + "…"
}

// fit makes a card one that every chat takes: long texts are cut, longest
// first, and what is too much is left out from the end.
func fit(c chat.Card) chat.Card {
	c.Summary, c.Title = cut(oneLine(c.Summary), chat.MaxSummary), cut(c.Title, chat.MaxTitle)
	for _, limit := range []int{chat.MaxText, 1500, 800, 400, 200, 100, 50} {
		if cutTexts(&c, limit); chat.Check(c) == nil {
			return c
		}
	}
	for len(c.Blocks) > 1 && chat.Check(c) != nil {
		c.Blocks = c.Blocks[:len(c.Blocks)-1]
	}
	return c
}

// oneLine joins lines with spaces.
func oneLine(s string) string {
	out := []rune(s)
	for i, r := range out {
		if r == '\n' || r == '\r' {
			out[i] = ' '
		}
	}
	return string(out)
}

func cutTexts(c *chat.Card, limit int) {
	blocks := make([]chat.Block, len(c.Blocks))
	for i, b := range c.Blocks {
		b.Text = b.Text.Cut(limit)
		fields := make([]chat.Fact, len(b.Fields))
		for j, f := range b.Fields {
			f.Label, f.Value = cut(oneLine(f.Label), chat.MaxFactLabel), f.Value.Cut(limit)
			fields[j] = f
		}
		items := make([]chat.Text, len(b.Items))
		for j, item := range b.Items {
			items[j] = item.Cut(limit)
		}
		if len(fields) > 0 {
			b.Fields = fields
		}
		if len(items) > 0 {
			b.Items = items
		}
		blocks[i] = b
	}
	c.Blocks = blocks
}

// needs is how many approvals a stage needs.
func (s scene) needs(r access.Request, n int) int { return s.stagePolicy(r, n).Needs() }
