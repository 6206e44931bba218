package playground

import (
	"context"
	"slices"
)

// keptSent is how many forms that somebody sent are remembered.
const keptSent = 8

// sent finds the page of a form that was sent in an intent and went through.
func (p Person) sent(intent, form string) (Sent, bool) {
	for _, s := range p.Sent {
		if s.ID == intent && s.Form == form {
			return s, true
		}
	}
	return Sent{}, false
}

// remember keeps that a page of a form went through: whoever did not get the
// answer sends it again. A page that came back with errors is not done with.
func remember(p *Person, do act) {
	if do.filled == nil || do.live {
		return
	}
	if p.Open != nil && p.Open.Page.Form == do.filled.Form && p.Open.Page.Number == do.filled.Number {
		return
	}
	p.Sent = append(p.Sent, Sent{ID: do.id, Form: do.filled.Form, Answer: p.Answer})
	p.Sent = p.Sent[max(0, len(p.Sent)-keptSent):]
}

// answerAgain shows what answered a form that was sent before.
func (a *Adapter) answerAgain(ctx context.Context, person string, was Sent) error {
	return a.changePerson(ctx, person, func(d *Draft) error {
		there := was.Answer == "" || slices.ContainsFunc(d.Person.Private, func(m Private) bool { return m.ID == was.Answer })
		if d.Person.Answer == was.Answer || !there {
			return errUnchanged
		}
		d.Person.Answer = was.Answer
		return nil
	})
}
