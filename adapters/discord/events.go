package discord

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/bwmarrin/discordgo"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// event takes one event of the gateway, in the goroutine that reads the
// connection: what takes time goes on in the background ("Gateway Events").
func (l *line) event(s *discordgo.Session, e *discordgo.Event) {
	defer l.a.survive("event")
	switch e.Type {
	case "READY":
		l.begin(s, "identified")
		l.ready(e.RawData)
	case "RESUMED":
		l.begin(s, "resumed")
	default:
		l.a.event(e.Type, e.RawData)
	}
}

// begin notes that the session goes on, and lets the library answer an op 9 in
// the middle of it.
func (l *line) begin(s *discordgo.Session, how string) {
	s.ShardID, s.ShardCount = 0, 1
	l.begun.Store(true)
	l.known.Store(true)
	l.a.count(how)
	l.a.o.Log.Info().Msg("discord: " + how)
}

// ready reads where the session is to be resumed and where the bot is.
func (l *line) ready(data json.RawMessage) {
	var in struct {
		Resume string                `json:"resume_gateway_url"`
		Guilds []struct{ ID string } `json:"guilds"`
	}
	if json.Unmarshal(data, &in) != nil {
		l.a.count("malformed")
		return
	}
	l.mu.Lock()
	if l.a.o.GatewayURL == "" {
		l.resume = in.Resume
	}
	l.mu.Unlock()
	for _, g := range in.Guilds {
		l.a.arrived(g.ID)
	}
}

// arrived leaves a server that is not configured.
func (a *Adapter) arrived(guild string) {
	if id := a.identity.Load(); id != nil && snowflake.MatchString(guild) && !slices.Contains(id.guilds, guild) {
		a.leave(context.Background(), guild)
	}
}

// event carries out an event in the background.
func (a *Adapter) event(kind string, data json.RawMessage) {
	do := map[string]func(context.Context, json.RawMessage){
		"INTERACTION_CREATE":  a.interacted,
		"MESSAGE_CREATE":      a.written,
		"GUILD_CREATE":        a.joined,
		"GUILD_MEMBER_REMOVE": a.removed,
		"GUILD_MEMBER_UPDATE": a.changed,
		"GUILD_ROLE_UPDATE":   a.roleChanged,
		"GUILD_ROLE_DELETE":   a.roleChanged,
	}[kind]
	run := a.running.Load()
	if do == nil || run == nil {
		return
	}
	a.turns <- struct{}{}
	started := a.jobs.Start(func() {
		defer func() { <-a.turns }()
		defer a.survive(kind)
		do(context.WithoutCancel(run.ctx), data)
	})
	if !started {
		<-a.turns
	}
}

// interacted takes an interaction over the gateway.
func (a *Adapter) interacted(ctx context.Context, data json.RawMessage) {
	a.receive(ctx, data, func(in act, r response) error { return a.callback(ctx, in, r) })
}

func (a *Adapter) joined(_ context.Context, data json.RawMessage) {
	var in struct{ ID string }
	if json.Unmarshal(data, &in) == nil {
		a.arrived(in.ID)
	}
}

// memberEvent is what the events about members have in common.
type memberEvent struct {
	Guild string `json:"guild_id"`
	member
}

// about reads an event about a member of one of the tenant's servers.
func (a *Adapter) about(data json.RawMessage) (memberEvent, bool) {
	var in memberEvent
	id := a.identity.Load()
	ok := json.Unmarshal(data, &in) == nil && id != nil && slices.Contains(id.guilds, in.Guild) && snowflake.MatchString(in.User.ID)
	return in, ok
}

// removed tells of somebody who is in none of the tenant's servers any more
// ("Guild Member Remove"; needs the intent for members).
func (a *Adapter) removed(ctx context.Context, data json.RawMessage) {
	in, ok := a.about(data)
	if !ok || in.User.Bot {
		return
	}
	a.forget(in.Guild, in.User.ID)
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	left, err := a.memberships(ctx, in.User.ID)
	if err != nil {
		a.o.Log.Warn().Str("why", a.scrub(err)).Msg("discord: cannot find out whether somebody left altogether")
		return
	}
	if len(left) == 0 && a.o.OnLeft != nil {
		a.o.OnLeft(ctx, access.PersonID(accountOf(a.o.Name, in.User.ID)))
		return
	}
	a.tellGroups(ctx, in.Guild)
}

// changed tells of the roles that somebody got or lost ("Guild Member Update").
// Those from before are known if the member was read before; else all that they
// have now are told of.
func (a *Adapter) changed(ctx context.Context, data json.RawMessage) {
	in, ok := a.about(data)
	if !ok {
		return
	}
	before, known := a.members.Get(in.Guild + "/" + in.User.ID)
	a.lists.Forget(in.Guild)
	a.members.Put(in.Guild+"/"+in.User.ID, knownMember{at: a.now(), member: &in.member})
	var roles []string
	if known && before.member != nil {
		roles = before.member.Roles
	}
	a.tellGroups(ctx, difference(roles, in.Roles)...)
}

// roleChanged tells of a role that was changed or is gone.
func (a *Adapter) roleChanged(ctx context.Context, data json.RawMessage) {
	var in struct {
		Guild string `json:"guild_id"`
		ID    string `json:"role_id"`
	}
	if json.Unmarshal(data, &in) != nil {
		return
	}
	a.roles.Forget(in.Guild)
	if in.ID != "" {
		a.tellGroups(ctx, in.ID)
	}
}

func (a *Adapter) tellGroups(ctx context.Context, roles ...string) {
	for _, role := range roles {
		if a.o.OnGroup != nil && snowflake.MatchString(role) {
			a.o.OnGroup(ctx, access.GroupID(a.o.Name+"/"+role))
		}
	}
}

// difference is what is in one of two lists only.
func difference(one, two []string) (out []string) {
	for _, pair := range [][2][]string{{one, two}, {two, one}} {
		for _, x := range pair[0] {
			if !slices.Contains(pair[1], x) {
				out = append(out, x)
			}
		}
	}
	return out
}

// Kinds of messages and channels ("Message Types", "Channel Types").
const (
	messagePlain = 0
	messageReply = 19

	channelPublicThread  = 11
	channelPrivateThread = 12
)

// wrote is a message of somebody, as far as it is read.
type wrote struct {
	ID        string `json:"id"`
	Channel   string `json:"channel_id"`
	Guild     string `json:"guild_id"`
	Type      int    `json:"type"`
	Content   string `json:"content"`
	Webhook   string `json:"webhook_id"`
	Author    user   `json:"author"`
	Reference struct {
		Message string `json:"message_id"`
		Channel string `json:"channel_id"`
	} `json:"message_reference"`
}

// written keeps what people write below a card: in its thread, or as a reply to
// it. Without the intent for contents there is nothing to read in servers.
func (a *Adapter) written(ctx context.Context, data json.RawMessage) {
	run, id := a.running.Load(), a.identity.Load()
	var in wrote
	if json.Unmarshal(data, &in) != nil || run == nil || id == nil {
		return
	}
	person := !in.Author.Bot && in.Webhook == "" && snowflake.MatchString(in.Author.ID)
	here := in.Guild == "" || slices.Contains(id.guilds, in.Guild)
	if !person || !here || in.Content == "" || in.Type != messagePlain && in.Type != messageReply {
		return
	}
	ref := a.below(ctx, in)
	if ref == "" || !a.seen.First("message "+in.ID, true) {
		return
	}
	who := chat.Who{Tenant: a.o.Tenant, Account: accountOf(a.o.Name, in.Author.ID)}
	if in.Guild == "" && a.admitDirect(ctx, act{User: in.Author.ID}) != "" {
		return
	}
	a.ask(ctx, run.handler, chat.Replied{Who: who, ID: in.ID, Ref: ref, Text: in.Content}, "")
}

// below is the card that a message stands below, or "". A thread has the id of
// the message that it hangs on ("Start Thread from Message").
func (a *Adapter) below(ctx context.Context, in wrote) string {
	if in.Guild != "" {
		if parent := a.parentOf(ctx, in.Channel); parent != "" {
			return refOf(parent, in.Channel)
		}
	}
	if in.Type == messageReply {
		return refOf(orElse(in.Reference.Channel, in.Channel), in.Reference.Message)
	}
	return ""
}

// parentOf is the channel that a public thread is in; "" for all other places.
func (a *Adapter) parentOf(ctx context.Context, channel string) string {
	if parent, ok := a.parents.Get(channel); ok {
		return parent
	}
	var got struct {
		Type   int    `json:"type"`
		Parent string `json:"parent_id"`
	}
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	err := a.call(ctx, errand{method: http.MethodGet, url: discordgo.EndpointChannel(channel), way: "channel " + channel}, &got)
	if err != nil {
		return ""
	}
	if got.Type != channelPublicThread {
		got.Parent = ""
	}
	a.parents.Put(channel, got.Parent)
	return got.Parent
}
