package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/words"
)

// Discord waits 3 seconds for the first answer; further ones may follow for 15
// minutes ("Receiving and Responding to Interactions").
const (
	waitAnswer   = 2500 * time.Millisecond // then Discord gets its first answer in any case
	firstWithin  = 3 * time.Second         // of the first answer
	handleWithin = 30 * time.Second        // of the handler
	answerWithin = 10 * time.Second        // of what is sent to Discord afterwards
	memberWithin = time.Second             // of finding out who is a member
)

// receive understands an interaction and carries it out. It returns when
// Discord has its first answer, or is to get none. first gives that answer; it
// is called at most once. The word says why an interaction was not taken.
func (a *Adapter) receive(ctx context.Context, data []byte, first func(act, response) error) string {
	p, err := a.parser(ctx)
	if err != nil {
		a.o.Log.Warn().Str("why", a.scrub(err)).Msg("discord: cannot find out who the bot is")
		return "unknown"
	}
	in, err := p.interaction(data)
	words := a.painter(in.User, in.Locale)
	if err == nil && in.Surface == onPing {
		pong, _ := words.own(in)
		a.say(in, first, pong)
		return ""
	}
	why := a.admit(ctx, in, err)
	if why == "" {
		a.take(in, words, first)
		return ""
	}
	a.count(why)
	if key := sentenceFor(why); key != "" {
		a.say(in, first, words.reply(in, chat.Tell{Card: sentence(words.words[key])}))
	}
	return why
}

// admit says why an interaction is not taken: "otherGuild", "malformed",
// "ignored", "repeated", "notMember" or "unknown"; "" when it is.
func (a *Adapter) admit(ctx context.Context, in act, err error) string {
	switch {
	case errors.Is(err, errGuild):
		a.leave(ctx, in.Guild)
		return "otherGuild"
	case err != nil:
		return "malformed"
	case !a.seen.First("interaction "+in.ID, true):
		return "repeated"
	case in.Ignored != "":
		a.o.Log.Debug().Str("why", in.Ignored).Msg("discord: an interaction is ignored")
		return "ignored"
	}
	if in.Locale != "" {
		a.locales.Put(in.User, in.Locale)
	}
	if in.Guild != "" {
		a.members.Put(in.Guild+"/"+in.User, knownMember{at: a.now(), member: in.Member})
		return ""
	}
	return a.admitDirect(ctx, in)
}

// admitDirect looks whether somebody who writes to the bot directly is a member
// of one of the tenant's servers at this moment.
func (a *Adapter) admitDirect(ctx context.Context, in act) string {
	ctx, cancel := context.WithTimeout(ctx, memberWithin)
	defer cancel()
	found, err := a.memberships(ctx, in.User)
	switch {
	case err != nil:
		a.o.Log.Warn().Str("why", a.scrub(err)).Msg("discord: cannot find out whether somebody is a member")
		return "unknown"
	case len(found) == 0:
		return "notMember"
	}
	return ""
}

// sentenceFor is the key of what somebody reads whose interaction was not
// taken; "" when they read nothing.
func sentenceFor(why string) string {
	switch why {
	case "otherGuild":
		return "notHere"
	case "notMember":
		return "notMember"
	case "unknown":
		return "broken"
	case "ignored":
		return "unchanged"
	}
	return ""
}

func sentence(s string) chat.Card {
	return chat.Card{Summary: s, Tone: chat.ToneBad, Blocks: []chat.Block{{Text: chat.Say(s)}}}
}

// say gives an answer that needs no handler.
func (a *Adapter) say(in act, first func(act, response) error, r response) {
	if err := first(in, r); err != nil {
		a.o.Log.Warn().Str("why", a.scrub(err)).Msg("discord: an answer did not arrive")
	}
}

// painter writes for a person whose language may be known.
func (a *Adapter) painter(user, locale string) painter {
	if locale == "" {
		locale, _ = a.locales.Get(user)
	}
	return painter{chat: a.o.Name, words: words.In(a.words, orElse(locale, a.o.Locale))}
}

// take carries out what somebody did and returns when Discord has its first
// answer. A late result goes on in the background and ends in an edit. What is
// under way when Run ends is finished.
func (a *Adapter) take(in act, words painter, first func(act, response) error) {
	c := &call{Adapter: a, act: in, words: words, first: first, answered: make(chan struct{})}
	run := a.running.Load()
	started := run != nil && a.jobs.Start(func() {
		ctx := context.WithoutCancel(run.ctx)
		defer func() { c.give(words.reply(c.act, chat.Tell{Card: sentence(words.words["broken"])})) }()
		defer a.survive("answer")
		c.carryOut(ctx, run.handler)
	})
	if !started {
		c.give(words.reply(in, chat.Tell{Card: sentence(words.words["starting"])}))
		return
	}
	a.count("taken")
	select {
	case <-c.answered:
	case <-a.o.After(waitAnswer):
		c.late()
	}
}

// call is one thing that somebody did, on its way to its answer.
type call struct {
	*Adapter
	act
	words    painter
	first    func(act, response) error
	answered chan struct{} // Discord has its first answer, or cannot get it

	mu      sync.Mutex
	given   bool
	settled <-chan time.Time // the first answer is in effect, so that it can be edited
}

// give gives Discord its first answer; false when it has one already.
func (c *call) give(r response) bool { return c.giveCounted(r, "") }

// giveCounted is give, for an answer that is counted if it is the first. It is
// counted before Discord has it, so whoever saw the answer sees the count.
func (c *call) giveCounted(r response, as string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.given {
		return false
	}
	c.given = true
	if as != "" {
		c.count(as)
	}
	defer close(c.answered)
	if err := c.first(c.act, c.sound(r)); err != nil {
		c.o.Log.Warn().Str("why", c.scrub(err)).Str("on", string(c.Surface)).Msg("discord: an answer did not arrive")
		if codeOf(err) == codeUnknownInteraction {
			c.count("expired")
		}
	}
	return true
}

// late gives the first answer before there is a reply.
func (c *call) late() {
	c.settle()
	c.giveCounted(c.words.later(c.act), "late")
}

// settle notes when a first answer that is given now can be edited.
func (c *call) settle() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.key != nil && c.settled == nil { // the answer goes the other way than its edit
		c.settled = c.o.After(settle)
	}
}

// sound replaces an answer that Discord would refuse.
func (c *call) sound(r response) response {
	var err error
	switch data := r.Data.(type) {
	case message:
		err = checkMessage(data)
	case modal:
		err = checkModal(data)
	}
	if err == nil {
		return r
	}
	c.o.Log.Error().Err(err).Msg("discord: an answer breaks Discord's limits")
	return c.words.say(c.act, c.words.note("broken"))
}

// ask gives an intent to the handler. It always returns a reply.
func (a *Adapter) ask(ctx context.Context, h chat.Handler, in chat.Intent, broken string) (out chat.Reply) {
	defer func() {
		if panicked := recover(); panicked != nil {
			a.count("panic")
			a.o.Log.Error().Str("panic", a.hide(fmt.Sprint(panicked))).Str("intent", fmt.Sprintf("%T", in)).Msg("discord: the handler broke")
			out = chat.Tell{Card: sentence(broken)}
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, handleWithin)
	defer cancel()
	if out = h.Handle(ctx, in); out == nil {
		return chat.Nothing{}
	}
	return out
}

func (c *call) carryOut(ctx context.Context, h chat.Handler) {
	if own, ok := c.words.own(c.act); ok {
		c.give(own)
		return
	}
	reply := c.ask(ctx, h, c.Intent, c.words.words["broken"])
	if tell, ok := reply.(chat.Tell); ok && len(tell.Files) > 0 {
		c.withFiles(ctx, tell)
		return
	}
	if c.give(c.words.reply(c.act, reply)) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	if err := c.afterwards(ctx, reply); err != nil {
		c.o.Log.Warn().Str("why", c.scrub(err)).Str("on", string(c.Surface)).Msg("discord: a late answer did not arrive")
	}
}

// leave lets the bot leave a server that is not configured. It is tried once
// while it is remembered; another event of that server tries again later.
func (a *Adapter) leave(ctx context.Context, guild string) {
	if !a.seen.First("leave "+guild, true) {
		return
	}
	ctx = context.WithoutCancel(ctx)
	a.jobs.Start(func() {
		defer a.survive("leave")
		ctx, cancel := context.WithTimeout(ctx, answerWithin)
		defer cancel()
		err := a.call(ctx, errand{method: http.MethodDelete, url: discordgo.EndpointUserGuild("@me", guild), way: "leave"}, nil)
		if err != nil {
			a.seen.Forget("leave " + guild)
			a.o.Log.Warn().Str("guild", guild).Str("why", a.scrub(err)).Msg("discord: cannot leave a server that is not configured")
			return
		}
		a.count("left")
		a.o.Log.Info().Str("guild", guild).Msg("discord: left a server that is not configured")
	})
}

// encoded is a response as it is sent.
func encoded(r response) ([]byte, error) { return json.Marshal(r) }
