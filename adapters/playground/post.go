package playground

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// named makes a short name that is always the same for the same parts.
func named(prefix string, parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return prefix + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}

// Post implements chat.Adapter. The message's ref is made of the effect's id,
// so a repeat finds the first message, in whichever process, and changes
// nothing.
func (a *Adapter) Post(ctx context.Context, id chat.EffectID, to chat.Address, c chat.Card) (string, error) {
	effect := string(id)
	if effect == "" {
		effect = a.IDs()
	}
	ref := named("m-", a.Options.Name, effect)
	if _, ok, err := a.vault.Message(ctx, ref); err != nil {
		return "", access.AsFault(err)
	} else if ok {
		return ref, nil
	}
	place, err := a.place(ctx, to)
	if err != nil {
		return "", err
	}
	now := a.Now()
	err = a.change(ctx, "", ref, func(d *Draft) error {
		if d.Message != nil {
			return errUnchanged
		}
		d.Message = &Message{Ref: ref, Seq: d.Seq, Place: place, At: now, Version: 1, Card: c}
		d.About = place
		return nil
	})
	if err != nil {
		return "", access.AsFault(err)
	}
	return ref, nil
}

// place finds where an address leads to.
func (a *Adapter) place(ctx context.Context, to chat.Address) (string, error) {
	nowhere := &access.Fault{Failure: access.FailNever, Code: "noSuchPlace"}
	if to.Channel != "" {
		if name, ok := a.own(string(to.Channel)); ok && slices.Contains(a.Channels, name) {
			return "channel/" + name, nil
		}
		return "", nowhere
	}
	id, ok := a.own(string(to.Account))
	if !ok {
		return "", nowhere
	}
	p, ok, err := a.vault.Person(ctx, id)
	if err != nil {
		return "", access.AsFault(err)
	}
	if !ok {
		return "", nowhere
	}
	if p.Standing == access.Gone {
		return "", &access.Fault{Failure: access.FailNever, Code: "personGone"}
	}
	return "person/" + id, nil
}

// Edit implements chat.Adapter. A card that is as it should be is left alone.
func (a *Adapter) Edit(ctx context.Context, ref string, c chat.Card) error {
	now := a.Now()
	err := a.change(ctx, "", ref, func(d *Draft) error {
		if d.Message == nil || d.Message.Deleted {
			return access.ErrGone
		}
		if sameCard(d.Message.Card, c) {
			return errUnchanged
		}
		d.Message.Past = pastTokens(d.Message.Past, d.Message.Card)
		d.Message.Card, d.Message.Edited = c, now
		d.Message.Version++
		d.About = d.Message.Place
		return nil
	})
	if err == nil || errors.Is(err, access.ErrGone) {
		return err
	}
	return access.AsFault(err)
}

// keptTokens is how many buttons of earlier drawings a message remembers.
const keptTokens = 64

// pastTokens adds the buttons of a drawing that is replaced.
func pastTokens(past []string, old chat.Card) []string {
	for _, b := range allButtons(old) {
		if !slices.Contains(past, b.Token) {
			past = append(past, b.Token)
		}
	}
	return past[max(0, len(past)-keptTokens):]
}

// Delete takes a message away for good, as if somebody had deleted it in the
// chat. Only those who see it can.
func (a *Adapter) Delete(ctx context.Context, person, ref string) error {
	p, ok, err := a.vault.Person(ctx, person)
	if err != nil {
		return err
	}
	if !ok {
		return unknownPerson(person)
	}
	return a.change(ctx, "", ref, func(d *Draft) error {
		if d.Message == nil || d.Message.Deleted || !slices.Contains(a.places(p), d.Message.Place) {
			return access.Refuse(access.NotFound, "unknownMessage").At("message")
		}
		d.Message.Deleted = true
		d.About = d.Message.Place
		return nil
	})
}

// sameCard compares cards as they are stored: a moment is the same in every
// zone.
func sameCard(a, b chat.Card) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
