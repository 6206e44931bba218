// Package discordchannel is the connector for channels and private threads of
// Discord servers. Resource.Target is the id of the channel or thread. The
// resource roles are
//
//   - "viewer" of a text, announcement or forum channel: sees it, by a
//     permission overwrite for the person that allows View Channel;
//   - "writer" of such a channel: sees it and sends messages, by one that allows
//     View Channel and Send Messages. Threads in it follow its own settings;
//   - "member" of a private thread: is in it. A thread that is archived, as
//     Discord does after some quiet days, is opened for that.
//
// Voice and stage channels, categories, public threads and direct messages are
// refused ("discordKind"): to see a voice channel is not yet to be let into it,
// what a category gives depends on its channels, and a public thread is open to
// all who see its channel. A role of the server serves for those.
//
// An overwrite may be there already. Only the permissions of the resource role
// are allowed in it, and at the end they are again as they were before: denied,
// allowed or neither. What was before is kept in a note in the store.
package discordchannel

import (
	"context"

	"github.com/bwmarrin/discordgo"

	"github.com/usher-dev/usher/adapters/connect/discordfault"
	"github.com/usher-dev/usher/adapters/connect/things"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// The resource roles.
const (
	Viewer = "viewer"
	Writer = "writer"
	Member = "member"
)

// Connector implements runtime.Connector, runtime.Finder and runtime.Keeper.
type Connector struct {
	chat    string
	client  *discordfault.Client
	store   Store
	clock   runtime.Clock
	places  *things.Shelf[[]server]
	members *things.Shelf[*discordgo.Member]
}

// New makes the connector of one chat. chat is the configured name of the chat
// whose accounts it knows, servers are the ids of its servers; none means the
// only one that the bot is in. Replicas share the store.
func New(chat string, servers []string, api discordfault.API, store Store, clock runtime.Clock) *Connector {
	return &Connector{
		chat: chat, client: discordfault.NewClient(api, servers, clock), store: store, clock: clock,
		places: things.NewShelf[[]server](clock), members: things.NewShelf[*discordgo.Member](clock),
	}
}

// Chat implements runtime.InChat.
func (c *Connector) Chat() string { return c.chat }

// Permissions are those that the connector needs in each server. A bot can
// allow to others only what it may do itself ("Channels Resource", Edit Channel
// Permissions).
func Permissions() []discordfault.Permission {
	return []discordfault.Permission{
		{Bit: discordgo.PermissionViewChannel, Name: "View Channels", Reason: "let people see channels", Without: "access to channels is not given, taken or verified"},
		{Bit: discordgo.PermissionSendMessages, Name: "Send Messages", Reason: "let people write in channels", Without: "nobody becomes writer of a channel"},
		{Bit: discordgo.PermissionManageRoles, Name: "Manage Roles", Reason: "change who may see and write in a channel", Without: "access to channels is not given or taken"},
		{Bit: discordgo.PermissionSendMessagesInThreads, Name: "Send Messages in Threads", Reason: "bring people into private threads", Without: "nobody is brought into a private thread"},
		{Bit: discordgo.PermissionManageThreads, Name: "Manage Threads", Reason: "see private threads and take people out of them", Without: "people are taken out only of threads that Usher made"},
	}
}

// way is how one role in one channel is given to one person.
type way interface {
	grant(ctx context.Context) (runtime.Answer, error)
	revoke(ctx context.Context) error
	verify(ctx context.Context) (access.Had, error)
}

// Grant lets the person in. Before says that all of the role was there before
// Usher; of a thread, the repeat of a grant says so as well.
//
// Faults, besides those of discordfault: "discordNotMember",
// "discordPermission", "discordLocked", "discordParent" (human),
// "discordKind", "unknownRole" (never), "busy", "storeFailed" (retry).
func (c *Connector) Grant(ctx context.Context, j runtime.Job) (runtime.Answer, error) {
	w, err := c.open(ctx, j)
	if err != nil {
		return runtime.Answer{}, err
	}
	return w.grant(ctx)
}

// Revoke takes the role, also from somebody who had it before. Who does not
// have it, left, or had it in a channel that is deleted, is no fault. Faults as
// for Grant.
func (c *Connector) Revoke(ctx context.Context, j runtime.Job) (runtime.Answer, error) {
	w, err := c.open(ctx, j)
	if discordfault.Code(err) == discordfault.UnknownChannel {
		return runtime.Answer{}, c.deleted(ctx, j)
	}
	if err != nil {
		return runtime.Answer{}, err
	}
	return runtime.Answer{}, w.revoke(ctx)
}

// Verify reads the overwrite of the person, or whether they are in the thread.
// What else lets them see a channel, a role of theirs, does not count. Nobody is
// in a channel that is deleted.
func (c *Connector) Verify(ctx context.Context, j runtime.Job) (access.Had, error) {
	w, err := c.open(ctx, j)
	if discordfault.Code(err) == discordfault.UnknownChannel {
		if err = c.readable(ctx); err == nil {
			return access.Absent, nil
		}
	}
	if err != nil {
		return access.Unknown, err
	}
	return w.verify(ctx)
}

// open reads the channel and says how the role is given there.
func (c *Connector) open(ctx context.Context, j runtime.Job) (way, error) {
	user, err := discordfault.Check(ctx, c.chat, j, 1, Viewer, Writer, Member)
	if err != nil {
		return nil, err
	}
	channel, err := c.client.Channel(ctx, j.Resource.Target)
	if err != nil {
		return nil, err
	}
	at := spot{c, j, user, channel}
	var w way
	switch {
	case hasOverwrites(channel):
		if bitsOf(j.Role.ID) != 0 {
			w = overwrite{at}
		}
	case channel.Type == discordgo.ChannelTypeGuildPrivateThread:
		if j.Role.ID == Member && channel.ThreadMetadata != nil {
			w = thread{at}
		}
	default:
		return nil, discordfault.Never("discordKind", "channels of this type are not given")
	}
	if w == nil {
		return nil, discordfault.Never("unknownRole", "a channel has viewers and writers, a private thread has members")
	}
	return w, nil
}

// spot is one person and one channel.
type spot struct {
	*Connector
	job     runtime.Job
	user    string
	channel *discordgo.Channel
}

// do changes something in Discord, with the reason of the job.
func (s spot) do(ctx context.Context, method, url string, in any) error {
	return s.client.Do(ctx, discordfault.Call{Method: method, URL: url, In: in, Reason: s.job.Reason}, nil)
}

// server reads the server of the channel, and the bot in it.
func (s spot) server(ctx context.Context) (*discordgo.Guild, *discordgo.Member, error) {
	g, err := s.client.Guild(ctx, s.channel.GuildID)
	if err != nil {
		return nil, nil, err
	}
	bot, err := s.client.Bot(ctx, g.ID)
	return g, bot, err
}

// person reads somebody who is to be let in. Fault: "discordNotMember" (human).
func (s spot) person(ctx context.Context) (*discordgo.Member, error) {
	m, err := s.client.Member(ctx, s.channel.GuildID, s.user)
	if err == nil && m == nil {
		err = discordfault.Human("discordNotMember", "the person is not in the server of the channel")
	}
	return m, err
}

// deleted forgets what is noted of a channel that does not exist any more.
func (c *Connector) deleted(ctx context.Context, j runtime.Job) error {
	if err := c.readable(ctx); err != nil {
		return err
	}
	n, err := c.load(ctx, j)
	if err != nil || n.revision == 0 {
		return err
	}
	return c.keep(ctx, j, note{revision: n.revision})
}

// readable tells a channel that was deleted from a bot that was thrown out.
func (c *Connector) readable(ctx context.Context) error {
	_, err := c.client.Guilds(ctx)
	return err
}
