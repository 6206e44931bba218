package playground

import (
	"context"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// maxOptions is how many options a chat offers at once.
const maxOptions = 25

// Complete offers ways to go on with what a person is typing. The value of an
// option is the whole line.
func (a *Adapter) Complete(ctx context.Context, person, text string) ([]form.Option, error) {
	do, err := a.begin(ctx, person, "")
	if err != nil {
		return nil, err
	}
	text = strings.TrimLeft(text, " ")
	typed, rest, spaced := strings.Cut(text, " ")
	out := []form.Option{}
	if !spaced {
		for _, c := range commands {
			if typed != "" && strings.HasPrefix("/"+c, typed) {
				out = append(out, form.Option{Value: "/" + c + " ", Label: "/" + c})
			}
		}
		return out, nil
	}
	name, _, err := splitCommand(text)
	if err != nil {
		return out, nil
	}
	if at := strings.LastIndexByte(rest, '@'); at >= 0 && !strings.Contains(rest[at:], " ") {
		return a.completePerson(ctx, text[:len(text)-len(rest)+at], rest[at+1:])
	}
	reply, err := a.ask(ctx, chat.Searched{Who: do.who, Command: name, Query: rest})
	if err != nil {
		return nil, err
	}
	offer, _ := reply.(chat.Offer)
	for _, o := range offer.Options[:min(len(offer.Options), maxOptions)] {
		o.Value = "/" + name + " " + o.Value
		out = append(out, o)
	}
	return out, nil
}

func (a *Adapter) completePerson(ctx context.Context, before, query string) ([]form.Option, error) {
	found, err := a.Search(ctx, a.Tenant, query, maxOptions)
	out := []form.Option{}
	for _, p := range found {
		id, _ := a.own(string(p.Account))
		out = append(out, form.Option{Value: before + "@" + id + " ", Label: "@" + id, Hint: p.Name})
	}
	return out, err
}

// SearchOptions searches the options of a field of the open form.
func (a *Adapter) SearchOptions(ctx context.Context, person, formID, field, query string) ([]form.Option, error) {
	do, err := a.begin(ctx, person, "")
	if err != nil {
		return nil, err
	}
	if do.person.Open == nil || do.person.Open.Page.Form != formID {
		return nil, access.Refuse(access.TooLate, "unknownForm").At("form")
	}
	reply, err := a.ask(ctx, chat.Searched{Who: do.who, Form: formID, Field: field, Query: query})
	if err != nil {
		return nil, err
	}
	offer, _ := reply.(chat.Offer)
	return append([]form.Option{}, offer.Options[:min(len(offer.Options), maxOptions)]...), nil
}
