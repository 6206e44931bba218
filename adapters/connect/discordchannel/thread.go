package discordchannel

import (
	"context"
	"net/http"

	"github.com/bwmarrin/discordgo"

	"github.com/usher-dev/usher/adapters/connect/discordfault"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// thread is a private thread.
type thread struct{ spot }

func (t thread) url() string { return discordgo.EndpointThreadMember(t.channel.ID, t.user) }

func (t thread) verify(ctx context.Context) (access.Had, error) {
	err := t.client.Do(ctx, discordfault.Call{Method: http.MethodGet, URL: t.url()}, nil)
	switch {
	case discordfault.Missing(err):
		return access.Absent, nil
	case err != nil:
		return access.Unknown, err
	}
	return access.Present, nil
}

func (t thread) grant(ctx context.Context) (runtime.Answer, error) {
	had, err := t.verify(ctx)
	if err != nil || had == access.Present {
		return runtime.Answer{Before: had == access.Present}, err
	}
	return runtime.Answer{}, t.change(ctx, http.MethodPut)
}

func (t thread) revoke(ctx context.Context) error {
	had, err := t.verify(ctx)
	if err != nil || had == access.Absent {
		return err
	}
	return t.change(ctx, http.MethodDelete)
}

// change adds or removes the person ("Channels Resource", Add and Remove Thread
// Member), if they and the bot may, in a thread that is open.
func (t thread) change(ctx context.Context, method string) error {
	g, bot, err := t.server(ctx)
	if err != nil {
		return err
	}
	parent, err := t.client.Channel(ctx, t.channel.ParentID)
	if err != nil {
		return err
	}
	if method == http.MethodPut {
		if err := t.sees(ctx, g, parent); err != nil {
			return err
		}
	}
	if err := t.may(method, discordfault.Powers(g, parent, bot), bot.User.ID); err != nil {
		return err
	}
	if t.channel.ThreadMetadata.Archived {
		if err := t.do(ctx, http.MethodPatch, discordgo.EndpointChannel(t.channel.ID), map[string]any{"archived": false}); err != nil {
			return err
		}
	}
	return t.do(ctx, method, t.url(), nil)
}

// sees: whoever does not see the channel of a thread does not see the thread
// ("Threads", Permissions).
func (t thread) sees(ctx context.Context, g *discordgo.Guild, parent *discordgo.Channel) error {
	person, err := t.person(ctx)
	if err != nil {
		return err
	}
	if discordfault.Powers(g, parent, person)&discordgo.PermissionViewChannel == 0 {
		return discordfault.Human("discordParent", "the person does not see the channel of the thread")
	}
	return nil
}

// may says before Discord does why the bot cannot change who is in the thread:
// who may add and remove people, and who may open and change a locked thread
// ("Threads", Permissions; "Channels Resource", Add and Remove Thread Member).
func (t thread) may(method string, has int64, bot string) error {
	meta := t.channel.ThreadMetadata
	moderates := has&discordgo.PermissionManageThreads != 0
	own := moderates || t.channel.OwnerID == bot
	switch {
	case meta.Locked && !moderates:
		return discordfault.Human("discordLocked", "the thread is locked, and Manage Threads is missing")
	case method == http.MethodDelete && !own:
		return discordfault.Human("discordPermission", "Manage Threads is missing in the channel of the thread")
	case method == http.MethodPut && has&discordgo.PermissionSendMessagesInThreads == 0:
		return discordfault.Human("discordPermission", "Send Messages in Threads is missing in the channel of the thread")
	case method == http.MethodPut && !meta.Invitable && !own:
		return discordfault.Human("discordPermission", "only moderators may add people to the thread, and Manage Threads is missing")
	}
	return nil
}
