package engine

import (
	"strconv"
	"strings"

	"github.com/usher-dev/usher/core/access"
)

// Kinds of effect keys. A key is "<kind> <parts…>", parts separated by blanks,
// which occur in none of them.
const (
	keyCard = "card"
	keyRole = "role"
	keyAsk  = "ask"  // the people of a stage
	keyTell = "tell" // the owners to be told something
	keyTask = "task" // the people of a task
)

type effectKey struct {
	kind    string
	request access.RequestID
	stage   int
	level   access.AskLevel
	role    access.RoleRef
}

// Key implements Effect.
func (e CardEffect) Key() EffectKey { return cardKey(e.Card) }

// Key implements Effect.
func (e RoleEffect) Key() EffectKey { return EffectKey(keyRole + " " + e.Role.String()) }

// Key implements Effect.
func (e ResolveEffect) Key() EffectKey {
	switch {
	case e.Request == 0:
		return EffectKey(keyTask + " " + e.Role.String())
	case e.Level == access.AskTell:
		return EffectKey(keyTell + " " + strconv.Itoa(int(e.Request)) + " " + strconv.Itoa(e.Stage))
	}
	return askKey(e.Request, e.Stage, e.Level)
}

func askKey(id access.RequestID, stage int, level access.AskLevel) EffectKey {
	return EffectKey(strings.Join([]string{keyAsk, strconv.Itoa(int(id)), strconv.Itoa(stage), string(level)}, " "))
}

// cardKey names a card with its round, so that a card that is posted anew is
// not taken for the one that vanished.
func cardKey(c access.Card) EffectKey {
	place := string(c.Place.Person)
	if place == "" {
		place = "#" + string(c.Place.Channel)
	}
	role := "-"
	if c.Role.Resource != "" {
		role = c.Role.String()
	}
	return EffectKey(strings.Join([]string{
		keyCard, string(c.Kind), strconv.Itoa(int(c.Request)), role, place, c.Mark + "." + strconv.Itoa(c.Round),
	}, " "))
}

// parseKey reads the parts of a key that the engine needs; an unknown key has
// no kind.
func parseKey(key EffectKey) effectKey {
	parts := strings.Split(string(key), " ")
	k := effectKey{kind: parts[0]}
	switch {
	case k.kind == keyCard:
	case (k.kind == keyRole || k.kind == keyTask) && len(parts) == 2:
		if k.role.UnmarshalText([]byte(parts[1])) != nil {
			return effectKey{}
		}
	case k.kind == keyTell && len(parts) == 3, k.kind == keyAsk && len(parts) == 4:
		id, _ := strconv.Atoi(parts[1])
		k.request = access.RequestID(id)
		k.stage, _ = strconv.Atoi(parts[2])
		if k.kind == keyAsk {
			k.level = access.AskLevel(parts[3])
		}
	default:
		return effectKey{}
	}
	return k
}
