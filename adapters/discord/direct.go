package discord

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/usher-dev/usher/core/access"
)

// postDirect posts to a person: into their direct messages, or, when those are
// closed to Usher, into a private thread of theirs.
func (a *Adapter) postDirect(ctx context.Context, user string, m message) (string, error) {
	channel, err := a.directOf(ctx, user)
	if err == nil {
		var ref string
		ref, err = a.create(ctx, channel, m)
		if err == nil {
			return ref, nil
		}
	}
	if !noWay(err) {
		return "", err
	}
	a.direct.Forget(user)
	thread, failed := a.threadOf(ctx, user, err)
	if failed != nil {
		return "", failed
	}
	return a.create(ctx, thread, m)
}

// noWay reports whether a person cannot be written to directly: their direct
// messages are closed, or the thread that stands in for them is gone.
func noWay(err error) bool {
	switch codeOf(err) {
	case codeCannotDM, codeNoSharedGuild, codeUnknownChannel, codeLocked:
		return true
	}
	return false
}

// directOf finds the channel of a person's direct messages ("Create DM"). It is
// opened once and remembered.
func (a *Adapter) directOf(ctx context.Context, user string) (string, error) {
	if channel, ok := a.direct.Get(user); ok {
		return channel, nil
	}
	var got struct{ ID string }
	in := map[string]string{"recipient_id": user}
	if err := a.call(ctx, errand{method: http.MethodPost, url: discordgo.EndpointUserChannels("@me"), way: "direct messages", in: in}, &got); err != nil {
		return "", err
	}
	if !snowflake.MatchString(got.ID) {
		return "", &access.Fault{Failure: access.FailRetry, Code: "discordDown", Err: fmt.Errorf("direct messages: no channel in the answer")}
	}
	a.belongs(user, got.ID)
	return got.ID, nil
}

// belongs remembers whose place a channel is.
func (a *Adapter) belongs(user, channel string) {
	a.direct.Put(user, channel)
	a.owners.Put(channel, user)
}

// threadOf finds or opens the private thread of a person whose direct messages
// are closed, and lets them in. why is what closed them.
func (a *Adapter) threadOf(ctx context.Context, user string, why error) (string, error) {
	parent, own := strings.CutPrefix(string(a.o.Fallback), a.o.Name+"/")
	if !own || !snowflake.MatchString(parent) {
		return "", &access.Fault{Failure: access.FailNever, Code: "discordNoDM", Err: why}
	}
	name, err := a.threadName(ctx, user)
	if err != nil {
		return "", err
	}
	thread, err := a.findThread(ctx, parent, name)
	if err == nil && thread == "" {
		thread, err = a.makeThread(ctx, parent, name)
	}
	if err != nil {
		return "", err
	}
	err = a.call(ctx, errand{method: http.MethodPut, url: discordgo.EndpointThreadMember(thread, user), way: "thread members " + thread}, nil)
	if err != nil {
		return "", err
	}
	a.belongs(user, thread)
	return thread, nil
}

// threadName is the same for a person each time. User names are unique.
func (a *Adapter) threadName(ctx context.Context, user string) (string, error) {
	found, err := a.memberships(ctx, user)
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", &access.Fault{Failure: access.FailNever, Code: "personGone"}
	}
	return plain("Usher – "+orElse(found[0].User.Name, user), maxThreadName, "Usher – "+user), nil
}

// aThread is a thread as far as it is read ("Channel Object").
type aThread struct {
	ID     string `json:"id"`
	Type   int    `json:"type"`
	Parent string `json:"parent_id"`
	Name   string `json:"name"`
	Owner  string `json:"owner_id"`
}

// findThread looks for a private thread of ours that was opened before, also by
// another process, or "".
func (a *Adapter) findThread(ctx context.Context, parent, name string) (string, error) {
	id, err := a.whoami(ctx)
	if err != nil {
		return "", err
	}
	var place struct {
		Guild string `json:"guild_id"`
	}
	if err := a.call(ctx, errand{method: http.MethodGet, url: discordgo.EndpointChannel(parent), way: "channel " + parent}, &place); err != nil {
		return "", err
	}
	if !slices.Contains(id.guilds, place.Guild) {
		return "", &access.Fault{Failure: access.FailHuman, Code: "noSuchPlace"}
	}
	var active struct {
		Threads []aThread `json:"threads"`
	}
	if err := a.call(ctx, errand{method: http.MethodGet, url: discordgo.EndpointGuildActiveThreads(place.Guild), way: "active threads " + place.Guild}, &active); err != nil {
		return "", err
	}
	for _, t := range active.Threads {
		if t.Parent == parent && t.Type == channelPrivateThread && t.Name == name && t.Owner == id.bot {
			return t.ID, nil
		}
	}
	return "", nil
}

func (a *Adapter) makeThread(ctx context.Context, parent, name string) (string, error) {
	var got aThread
	in := map[string]any{"name": name, "type": channelPrivateThread, "invitable": false, "auto_archive_duration": hideAfter}
	err := a.call(ctx, errand{method: http.MethodPost, url: discordgo.EndpointChannelThreads(parent), way: "threads " + parent, in: in}, &got)
	return got.ID, err
}
