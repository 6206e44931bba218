package discord

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// posting is what became of a post of this process: a message, or unknown.
type posting struct{ ref string }

// olderThan is how much older than a post its message must be to be one from
// before: clocks differ a little.
const olderThan = 5 * time.Second

// codeNotOurs: a message of somebody else.
const codeNotOurs = 50005

// Post implements chat.Adapter. Posts of the same effect at once are one. A
// repeat is recognised by its nonce, for the "few minutes" that Discord
// remembers it ("Create Message", enforce_nonce), and by this process as long
// as it runs; after a restart some minutes later there may be a twin.
func (a *Adapter) Post(ctx context.Context, id chat.EffectID, to chat.Address, c chat.Card) (string, error) {
	done := a.flight.DoChan("post "+string(id), func() (any, error) {
		return a.post(ctx, string(id), to, c)
	})
	select {
	case res := <-done:
		ref, _ := res.Val.(string)
		return ref, asFault(res.Err)
	case <-ctx.Done():
		return "", a.faultFrom("post", ctx.Err())
	}
}

func (a *Adapter) post(ctx context.Context, id string, to chat.Address, c chat.Card) (string, error) {
	user := userOf(a.o.Name, string(to.Account))
	m := a.painter(user, "").message(c)
	if err := checkMessage(m); err != nil {
		return "", &access.Fault{Failure: access.FailNever, Code: "badCard", Err: err}
	}
	before, unsure := a.posted.Get(id)
	if before.ref != "" {
		// It may show how things were then.
		err := a.Edit(ctx, before.ref, c)
		if err == nil || !errors.Is(err, access.ErrGone) {
			return before.ref, err
		}
	}
	m.Nonce, m.EnforceNonce = nonceOf(id), true
	ref, err := a.postTo(ctx, to, user, m)
	if err != nil {
		a.unsure(id, err)
		return "", err
	}
	a.posted.Put(id, posting{ref})
	if to.Channel != "" && a.o.Threads {
		a.openThread(ctx, ref, c)
	}
	if unsure && before.ref == "" || a.isOlder(ref) {
		return ref, a.Edit(ctx, ref, c)
	}
	return ref, nil
}

// nonceOf is the same for each attempt at an effect, in 22 of the 25 characters
// that there are.
func nonceOf(id string) string {
	sum := sha256.Sum256([]byte(id))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// isOlder reports whether a message was there before this moment: an id tells
// its time ("API Reference", Snowflakes).
func (a *Adapter) isOlder(ref string) bool {
	_, message, _ := strings.Cut(ref, "/")
	n, err := strconv.ParseUint(message, 10, 64)
	const epoch = 1420070400000 // the first second of 2015
	return err == nil && a.now().Sub(time.UnixMilli(int64(n>>22)+epoch)) > olderThan
}

// postTo posts into a channel, or to a person.
func (a *Adapter) postTo(ctx context.Context, to chat.Address, user string, m message) (string, error) {
	if to.Account != "" {
		if user == "" || to.Channel != "" {
			return "", &access.Fault{Failure: access.FailNever, Code: "noSuchPlace"}
		}
		return a.postDirect(ctx, user, m)
	}
	channel, own := strings.CutPrefix(string(to.Channel), a.o.Name+"/")
	if !own || !snowflake.MatchString(channel) {
		return "", &access.Fault{Failure: access.FailNever, Code: "noSuchPlace"}
	}
	return a.create(ctx, channel, m)
}

// create posts a message into a channel of any kind.
func (a *Adapter) create(ctx context.Context, channel string, m message) (string, error) {
	var got struct{ ID string }
	err := a.call(ctx, errand{method: http.MethodPost, url: discordgo.EndpointChannelMessages(channel), way: "messages " + channel, in: m}, &got)
	if err != nil {
		return "", err
	}
	ref := refOf(channel, got.ID)
	if ref == "" {
		return "", &access.Fault{Failure: access.FailRetry, Code: "discordDown", Err: fmt.Errorf("messages: no message in the answer")}
	}
	return ref, nil
}

// unsure remembers a post that may have arrived although it failed here.
func (a *Adapter) unsure(id string, err error) {
	if f := access.AsFault(err); f.Code == "timeout" || f.Code == "discordDown" {
		a.posted.Put(id, posting{})
	}
}

// Edit implements chat.Adapter.
func (a *Adapter) Edit(ctx context.Context, ref string, c chat.Card) error {
	channel, id, _ := strings.Cut(ref, "/")
	if refOf(channel, id) == "" {
		return access.ErrGone
	}
	reader, _ := a.owners.Get(channel)
	m := a.painter(reader, "").message(c)
	if err := checkMessage(m); err != nil {
		return &access.Fault{Failure: access.FailNever, Code: "badCard", Err: err}
	}
	err := a.edit(ctx, channel, id, m)
	if codeOf(err) == codeArchived {
		if err = a.wake(ctx, channel); err == nil {
			err = a.edit(ctx, channel, id, m)
		}
	}
	switch codeOf(err) {
	case codeUnknownMessage, codeUnknownChannel, codeNotOurs:
		return access.ErrGone
	}
	return asFault(err)
}

func (a *Adapter) edit(ctx context.Context, channel, id string, m message) error {
	return a.call(ctx, errand{method: http.MethodPatch, url: discordgo.EndpointChannelMessage(channel, id), way: "message " + channel, in: m}, nil)
}
