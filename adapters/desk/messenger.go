package desk

import (
	"context"
	"fmt"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// Post implements runtime.Messenger: it draws the card in the reader's
// language and puts it into the reader's chat.
func (d *Desk) Post(ctx context.Context, in runtime.Delivery) (string, error) {
	to, g, err := d.reader(ctx, in)
	if err != nil {
		return "", err
	}
	a, err := d.chatFor(in.Tenant, to)
	if err != nil {
		return "", err
	}
	card, err := d.render(ctx, in, g)
	if err != nil {
		return "", err
	}
	return a.Post(ctx, chat.EffectID(in.ID), to, card)
}

// Edit implements runtime.Messenger.
func (d *Desk) Edit(ctx context.Context, ref string, in runtime.Delivery) error {
	to, g, err := d.reader(ctx, in)
	if err != nil {
		return err
	}
	a, err := d.chatFor(in.Tenant, to)
	if err != nil {
		return err
	}
	card, err := d.render(ctx, in, g)
	if err != nil {
		return err
	}
	return a.Edit(ctx, ref, card)
}

// chatFor finds the chat of an address, which has to be one of the tenant's.
func (d *Desk) chatFor(t access.TenantID, to chat.Address) (chat.Adapter, error) {
	name := chatOf(to.Account)
	if to.Channel != "" {
		name = chatOf(to.Channel)
	}
	a, ok := d.chats[name]
	if !ok || d.tenants != nil && d.tenants[name] != t {
		return nil, &access.Fault{Failure: access.FailHuman, Code: "noChat", Err: fmt.Errorf("no chat of the tenant is called %q", name)}
	}
	return a, nil
}

// reader finds where a card goes and in which language it is read. A channel
// reads the tenant's.
func (d *Desk) reader(ctx context.Context, in runtime.Delivery) (chat.Address, tongue, error) {
	s := in.World.Settings
	if in.Card.Place.Channel != "" {
		return chat.Address{Channel: in.Card.Place.Channel}, d.texts.in(s.Zone, s.Locale), nil
	}
	p, err := d.core.Profile(ctx, in.Tenant, in.Card.Place.Person)
	if e, ok := access.AsError(err); ok && e.Kind == access.NotFound {
		return chat.Address{}, tongue{}, &access.Fault{Failure: access.FailNever, Code: "unknownPerson", Err: err}
	}
	if err != nil {
		return chat.Address{}, tongue{}, &access.Fault{Failure: access.FailRetry, Code: "directory", Err: err}
	}
	account := p.Account
	if account == "" {
		account = access.Account(p.Person)
	}
	return chat.Address{Account: account}, d.texts.in(first(p.Zone, s.Zone), p.Locale, s.Locale), nil
}

// render draws the card. Who reads it may have several accounts, where there
// are several chats.
func (d *Desk) render(ctx context.Context, in runtime.Delivery, g tongue) (chat.Card, error) {
	l, me := in.Ledger, in.Card.Place.Person
	l.Tenant = in.Tenant
	s := d.scene(ctx, g, l, in.World, in.Now, me)
	if me != "" && len(d.tenants) > 1 {
		accounts, err := d.core.Accounts(ctx, in.Tenant, access.Account(me))
		if err != nil {
			return chat.Card{}, &access.Fault{Failure: access.FailRetry, Code: "storeFailed", Err: err}
		}
		for _, a := range accounts {
			s.also = append(s.also, access.PersonID(a))
		}
	}
	return s.draw(in.Card), nil
}
