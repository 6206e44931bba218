package desk

import (
	"errors"
	"slices"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// routingFields ask where the cards of approvers go.
func (c *call) routingFields(r access.Routing, hint string) []form.Field {
	f := form.Field{ID: "channels", Kind: form.Many, Open: true, Label: c.plain("field.channels"), Hint: c.plain(hint)}
	for _, ch := range r.Channels {
		f.Options = append(f.Options, form.Option{Value: string(ch), Label: channelName(ch)})
		f.Value = append(f.Value, string(ch))
	}
	only := form.Field{
		ID: "only", Kind: form.Flag, Label: c.plain("field.only"), Hint: c.plain("hint.only"), Value: []string{yesNo(r.ChannelOnly)},
		Options: []form.Option{{Value: "yes", Label: c.plain("answer.yes")}, {Value: "no", Label: c.plain("answer.no")}},
	}
	return []form.Field{f, only}
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// routingField is the form's field for a field of a routing in a refusal.
func routingField(field string) string {
	field = strings.TrimPrefix(field, "routing.")
	if at := strings.IndexByte(field, '['); at >= 0 {
		field = field[:at]
	}
	if field == "channelOnly" {
		return "only"
	}
	return field
}

// listedChannels are the channels of the tenant's chats that connectors list.
func (c *call) listedChannels(query string, max int) []runtime.Thing {
	return slices.DeleteFunc(c.core.ThingsFor(c.ctx, c.from.Tenant, c.from.Account, strings.TrimPrefix(query, "#"), max), func(thing runtime.Thing) bool {
		return thing.Chat == "" || thing.Kind != "channel"
	})
}

func channelOf(thing runtime.Thing) access.Channel {
	return access.Channel(thing.Chat + "/" + thing.Target[strings.LastIndexByte(thing.Target, '/')+1:])
}

// channelOptions offers channels; what is typed is offered as well where no
// channel of that name is listed.
func (c *call) channelOptions(query string) []form.Option {
	var out []form.Option
	for _, thing := range c.listedChannels(query, maxOffered) {
		out = append(out, form.Option{Value: string(channelOf(thing)), Label: "#" + strings.TrimPrefix(thing.Name, "#"), Hint: thing.Chat})
	}
	if ch, ok := c.typedChannel(query); ok && len(out) == 0 {
		out = append(out, form.Option{Value: string(ch), Label: channelName(ch), Hint: chatOf(ch)})
	}
	return out
}

// typedChannel is a channel as it was typed: "#name", "name", or with its chat
// before it.
func (c *call) typedChannel(typed string) (access.Channel, bool) {
	name := strings.TrimPrefix(strings.TrimSpace(typed), "#")
	ch := access.Channel(name)
	if !strings.Contains(name, "/") {
		ch = access.Channel(chatOf(c.from.Account) + "/" + name)
	}
	_, known := c.chats[chatOf(ch)]
	return ch, known && c.here(chatOf(ch)) && len(ch.Validate()) == 0
}

// readRouting reads where cards go. A channel that stands in it already need
// not be found any more.
func (c *call) readRouting(v form.Values, before access.Routing) (access.Routing, *access.Error) {
	out := access.Routing{ChannelOnly: one(v, "only") == "yes"}
	for _, typed := range v["channels"] {
		ch, e := c.readChannel(typed, before)
		if e != nil {
			return out, e.At("channels")
		}
		if !slices.Contains(out.Channels, ch) {
			out.Channels = append(out.Channels, ch)
		}
	}
	return out, nil
}

// readChannel finds the channel that is meant. One that is new there has to be
// one that cards can be posted to.
func (c *call) readChannel(typed string, before access.Routing) (access.Channel, *access.Error) {
	for _, ch := range before.Channels {
		if typed == string(ch) || sameText(typed, channelName(ch)) {
			return ch, nil
		}
	}
	for _, thing := range c.listedChannels(typed, maxListed) {
		if sameText(strings.TrimPrefix(typed, "#"), strings.TrimPrefix(thing.Name, "#")) {
			return channelOf(thing), c.reach(channelOf(thing), thing.Name)
		}
	}
	if ch, ok := c.typedChannel(typed); ok {
		return ch, c.reach(ch, typed)
	}
	return "", access.Refuse(access.Invalid, "unknownChannel", "value", cut(typed, 60))
}

// reach refuses a channel that its chat says no card can be posted to.
func (c *call) reach(ch access.Channel, typed string) *access.Error {
	scout, ok := c.chats[chatOf(ch)].(chat.Scout)
	if !ok {
		return nil
	}
	err := scout.Reach(c.ctx, ch)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, chat.ErrNoPlace):
		return access.Refuse(access.Invalid, "unknownChannel", "value", cut(typed, 60))
	case errors.Is(err, chat.ErrKeptOut):
		return access.Refuse(access.Refused, "channelKeepsOut", "value", cut(typed, 60))
	}
	c.log.Warn().Str("code", access.AsFault(err).Code).Str("channel", string(ch)).Msg("it cannot be asked whether a channel can be written to")
	return access.Refuse(access.Unavailable, "channelUnknownNow", "value", cut(typed, 60))
}
