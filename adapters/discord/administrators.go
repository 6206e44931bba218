package discord

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/usher-dev/usher/core/access"
)

// Administrators is the group of those who run the servers of a chat: the
// owners, and whoever has the permission Administrator. It is there only with
// Options.Administrators; else nobody is in it.
func Administrators(chat string) access.GroupID { return access.GroupID(chat + "/administrators") }

// knownOwner is whose a server is.
type knownOwner struct {
	at    time.Time
	owner string
}

// ownerOf is the user id of a server's owner.
func (a *Adapter) ownerOf(ctx context.Context, guild string) (string, error) {
	if known, ok := a.heads.Get(guild); ok && a.fresh(known.at, listAge) {
		return known.owner, nil
	}
	at := a.now()
	var got struct {
		Owner string `json:"owner_id"`
	}
	err := a.call(ctx, errand{method: http.MethodGet, url: discordgo.EndpointGuild(guild), way: "server " + guild}, &got)
	if err == nil {
		a.heads.Put(guild, knownOwner{at, got.Owner})
	}
	return got.Owner, err
}

// administrates reports whether a member runs a server ("Permissions",
// Permission Overwrites: Administrator allows everything, and so does owning).
func (a *Adapter) administrates(ctx context.Context, guild string, m member) (bool, error) {
	if !a.o.Administrators || !a.standing(m).Decides() {
		return false, nil
	}
	roles, err := a.rolesOf(ctx, guild)
	if err != nil {
		return false, err
	}
	if has, _ := powers(guild, m, roles); has&permitAdministrator != 0 {
		return true, nil
	}
	owner, err := a.ownerOf(ctx, guild)
	return owner != "" && owner == m.User.ID, err
}

// administrators lists those who run the servers. Like every list of members
// it needs the Server Members Intent.
func (a *Adapter) administrators(ctx context.Context) ([]access.PersonID, error) {
	p, err := a.parser(ctx)
	if err != nil {
		return nil, asFault(err)
	}
	out := []access.PersonID{}
	for _, guild := range p.guilds {
		all, err := a.everybody(ctx, guild)
		if err != nil {
			return nil, unlisted(err)
		}
		for _, m := range all {
			runs, err := a.administrates(ctx, guild, m)
			if err != nil {
				return nil, asFault(err)
			}
			if runs {
				out = append(out, access.PersonID(accountOf(a.o.Name, m.User.ID)))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
