package slack

import (
	"context"
	"errors"
	"strings"

	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// What a card's metadata says ("Message metadata").
const (
	metadataType   = "usher_card"
	metadataEffect = "effect"
	lookAtMessages = 30
)

// posting is what became of a post of this process: a message, or unknown.
type posting struct{ ref string }

// Post implements chat.Adapter. Posts of the same effect at once are one.
func (a *Adapter) Post(ctx context.Context, id chat.EffectID, to chat.Address, c chat.Card) (string, error) {
	done := a.flight.DoChan("post "+string(id), func() (any, error) {
		return a.post(ctx, string(id), to, c)
	})
	select {
	case res := <-done:
		ref, _ := res.Val.(string)
		if res.Err == nil {
			a.homeLater(userOf(a.o.Name, string(to.Account)))
		}
		return ref, asFault(res.Err)
	case <-ctx.Done():
		return "", a.faultFrom("chat.postMessage", ctx.Err())
	}
}

// asFault shows callers the plain fault.
func asFault(err error) error {
	if err == nil {
		return nil
	}
	return access.AsFault(err)
}

func (a *Adapter) post(ctx context.Context, id string, to chat.Address, c chat.Card) (string, error) {
	blocks, text := a.painter(userOf(a.o.Name, string(to.Account))).card(c, maxMessageBlocks)
	if err := checkBlocks(blocks, maxMessageBlocks); err != nil {
		return "", &access.Fault{Failure: access.FailNever, Code: "badCard", Err: err}
	}
	channel, err := a.place(ctx, to)
	if err != nil {
		return "", err
	}
	ref, err := a.earlier(ctx, channel, id)
	if err != nil {
		return "", err
	}
	if ref != "" {
		// It may show how things were then.
		err := a.Edit(ctx, ref, c)
		if err == nil {
			a.posted.Put(id, posting{ref})
			return ref, nil
		}
		if !errors.Is(err, access.ErrGone) {
			return "", err
		}
	}
	err = a.call(ctx, "chat.postMessage", channel, func(ctx context.Context) error {
		in, ts, err := a.web.PostMessageContext(ctx, channel, cardOptions(blocks, text,
			api.MsgOptionMetadata(api.SlackMetadata{EventType: metadataType, EventPayload: map[string]any{metadataEffect: id}}))...)
		ref = in + "/" + ts
		return err
	})
	if err != nil {
		a.unsure(id, err)
		return "", err
	}
	a.posted.Put(id, posting{ref})
	return ref, nil
}

func cardOptions(blocks []api.Block, text string, more ...api.MsgOption) []api.MsgOption {
	return append([]api.MsgOption{
		api.MsgOptionBlocks(blocks...), api.MsgOptionText(text, false),
		api.MsgOptionDisableLinkUnfurl(), api.MsgOptionDisableMediaUnfurl(),
	}, more...)
}

// unsure remembers a post that may have arrived although it failed here.
func (a *Adapter) unsure(id string, err error) {
	if f := access.AsFault(err); f.Code == "timeout" || f.Code == "slackDown" {
		a.posted.Put(id, posting{})
	}
}

// earlier finds the message that a card was posted as before, or "". An
// attempt of our own without an answer must be looked for among the last
// messages of the place; what this process doesn't know is looked for as long
// as that is cheap.
func (a *Adapter) earlier(ctx context.Context, channel, id string) (string, error) {
	before, unanswered := a.posted.Get(id)
	if before.ref != "" {
		return before.ref, nil
	}
	if !channelForm.MatchString(channel) || !unanswered && !a.looks.AllowN(a.now(), 1) {
		return "", nil
	}
	var got *api.GetConversationHistoryResponse
	err := a.call(ctx, "conversations.history", channel, func(ctx context.Context) (err error) {
		got, err = a.web.GetConversationHistoryContext(ctx, &api.GetConversationHistoryParameters{
			ChannelID: channel, Limit: lookAtMessages, IncludeAllMetadata: true,
		})
		return err
	})
	if err != nil {
		if unanswered && access.AsFault(err).Failure == access.FailRetry {
			return "", err
		}
		a.o.Log.Debug().Str("why", err.Error()).Msg("slack: cannot look whether a card is there already")
		return "", nil
	}
	for _, m := range got.Messages {
		if m.Metadata.EventType == metadataType && m.Metadata.EventPayload[metadataEffect] == id {
			return channel + "/" + m.Timestamp, nil
		}
	}
	return "", nil
}

// place finds the channel of an address. A direct message is opened once and
// remembered.
func (a *Adapter) place(ctx context.Context, to chat.Address) (string, error) {
	if to.Channel != "" && to.Account == "" {
		name, ok := strings.CutPrefix(string(to.Channel), a.o.Name+"/")
		if !ok || name == "" {
			return "", &access.Fault{Failure: access.FailNever, Code: "noSuchPlace"}
		}
		return name, nil
	}
	user := userOf(a.o.Name, string(to.Account))
	if user == "" {
		return "", &access.Fault{Failure: access.FailNever, Code: "noSuchPlace"}
	}
	if channel, ok := a.places.Get(user); ok {
		return channel, nil
	}
	var opened *api.Channel
	err := a.call(ctx, "conversations.open", "", func(ctx context.Context) (err error) {
		opened, _, _, err = a.web.OpenConversationContext(ctx, &api.OpenConversationParameters{Users: []string{user}, ReturnIM: true})
		return err
	})
	if err != nil {
		return "", err
	}
	if opened == nil || opened.ID == "" {
		return "", &access.Fault{Failure: access.FailRetry, Code: "slackDown", Err: errors.New("conversations.open: no channel in the answer")}
	}
	a.places.Put(user, opened.ID)
	a.owners.Put(opened.ID, user)
	return opened.ID, nil
}

// Edit implements chat.Adapter.
func (a *Adapter) Edit(ctx context.Context, ref string, c chat.Card) error {
	channel, ts, _ := strings.Cut(ref, "/")
	if refOf(channel, ts) == "" {
		return access.ErrGone
	}
	reader, _ := a.owners.Get(channel)
	blocks, text := a.painter(reader).card(c, maxMessageBlocks)
	if err := checkBlocks(blocks, maxMessageBlocks); err != nil {
		return &access.Fault{Failure: access.FailNever, Code: "badCard", Err: err}
	}
	err := a.call(ctx, "chat.update", channel, func(ctx context.Context) error {
		_, _, _, err := a.web.UpdateMessageContext(ctx, channel, ts, cardOptions(blocks, text)...)
		return err
	})
	if isGone(slackCode(err)) {
		return access.ErrGone
	}
	if err == nil {
		a.homeLater(reader)
	}
	return asFault(err)
}
