package discordchannel

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/bwmarrin/discordgo"

	"github.com/usher-dev/usher/adapters/connect/discordfault"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// overwrite is a person's permission overwrite in a channel.
type overwrite struct{ spot }

// bitsOf are the permissions that roles allow in an overwrite.
func bitsOf(roles ...string) (bits int64) {
	for _, r := range roles {
		switch r {
		case Viewer:
			bits |= discordgo.PermissionViewChannel
		case Writer:
			bits |= discordgo.PermissionViewChannel | discordgo.PermissionSendMessages
		}
	}
	return bits
}

// rights are what an overwrite allows and denies.
type rights struct{ allow, deny int64 }

func (o overwrite) now() rights {
	for _, w := range o.channel.PermissionOverwrites {
		if w.Type == discordgo.PermissionOverwriteTypeMember && w.ID == o.user {
			return rights{w.Allow, w.Deny}
		}
	}
	return rights{}
}

func (r rights) has(roles ...string) bool { return r.allow&bitsOf(roles...) == bitsOf(roles...) }

// with are the rights with all that roles allow.
func (r rights) with(roles ...string) rights {
	return rights{r.allow | bitsOf(roles...), r.deny &^ bitsOf(roles...)}
}

func (o overwrite) verify(context.Context) (access.Had, error) {
	if o.now().has(o.job.Role.ID) {
		return access.Present, nil
	}
	return access.Absent, nil
}

// grant notes what was there, allows what is missing, and looks whether another
// role was given or taken meanwhile: then this overwrite may be without it.
func (o overwrite) grant(ctx context.Context) (runtime.Answer, error) {
	role, now := o.job.Role.ID, o.now()
	n, err := o.load(ctx, o.job)
	if err != nil {
		return runtime.Answer{}, err
	}
	if len(n.Roles) == 0 {
		n.Allow, n.Deny = now.allow, now.deny
	}
	given := n.gives(role)
	if given && now.has(n.Roles...) || !given && now.has(role) && (rights{n.Allow, n.Deny}).has(role) {
		return runtime.Answer{Before: !given}, nil
	}
	if _, err := o.person(ctx); err != nil {
		return runtime.Answer{}, err
	}
	if err := o.may(ctx); err != nil {
		return runtime.Answer{}, err
	}
	return runtime.Answer{}, o.give(ctx, n, now)
}

func (o overwrite) give(ctx context.Context, n note, now rights) error {
	role := o.job.Role.ID
	next := n
	if !n.gives(role) {
		next = n.with(role)
		if err := o.keep(ctx, o.job, next); err != nil {
			return err
		}
		next.revision++
	}
	if err := o.put(ctx, now.with(next.Roles...)); err != nil {
		if access.AsFault(err).Failure != access.FailRetry && !n.gives(role) {
			n.revision = next.revision
			err = errors.Join(err, o.keep(ctx, o.job, n)) // nothing was given
		}
		return err
	}
	switch after, err := o.load(ctx, o.job); {
	case err != nil:
		return err
	case after.revision != next.revision:
		return o.overtaken()
	}
	return nil
}

// revoke takes away what no other role of the note needs, and puts back what
// was there before; of a role that was there before Usher, all of it.
func (o overwrite) revoke(ctx context.Context) error {
	role, now := o.job.Role.ID, o.now()
	n, err := o.load(ctx, o.job)
	if err != nil {
		return err
	}
	given, rest := n.gives(role), n.without(role)
	if !given && !now.has(role) {
		return nil
	}
	bits := bitsOf(role)
	next := rights{now.allow &^ bits, now.deny}
	if given {
		next = rights{next.allow | now.allow&bits&n.Allow, now.deny | bits&n.Deny}
	} else {
		rest.Allow &^= bits
	}
	next = next.with(rest.Roles...)
	if next != now {
		if err := o.may(ctx); err != nil {
			return err
		}
		if err := o.put(ctx, next); err != nil {
			return err
		}
	}
	if len(n.Roles) == 0 {
		return nil
	}
	return o.keep(ctx, o.job, rest)
}

// put writes the overwrite; one that says nothing is deleted ("Channels
// Resource", Edit Channel Permissions and Delete Channel Permission).
func (o overwrite) put(ctx context.Context, r rights) error {
	url := discordgo.EndpointChannelPermission(o.channel.ID, o.user)
	if r != (rights{}) {
		return o.do(ctx, http.MethodPut, url, map[string]any{
			"type": discordgo.PermissionOverwriteTypeMember, "allow": strconv.FormatInt(r.allow, 10), "deny": strconv.FormatInt(r.deny, 10),
		})
	}
	err := o.do(ctx, http.MethodDelete, url, nil)
	if discordfault.Code(err) == discordfault.UnknownOverwrite {
		return nil
	}
	return err
}

// may says before Discord does that the bot cannot change overwrites here: each
// refusal counts towards a ban ("Rate Limits", Invalid Request Limit).
func (o overwrite) may(ctx context.Context) error {
	g, bot, err := o.server(ctx)
	if err != nil {
		return err
	}
	if discordfault.Powers(g, o.channel, bot)&discordgo.PermissionManageRoles == 0 {
		return discordfault.Human("discordPermission", "Manage Roles is missing in the channel")
	}
	return nil
}
