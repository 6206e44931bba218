package discordchannel_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/connect/connecttest"
	"github.com/usher-dev/usher/adapters/discord/discordfake"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

func (w *world) fixture(channel, role string) connecttest.Fixture {
	j := job(w.mina, channel, role)
	nobody, other, nothing, name, elsewhere, noRole, wizard, wrong := j, j, j, j, j, j, j, j
	foreign := w.AddGuild(discordfake.Guild{Name: "Foreign"})
	nobody.Person.Account = ""
	other.Person.Account = "slack/U1"
	nothing.Resource.Target = ""
	name.Resource.Target = "general"
	elsewhere.Resource.Target = w.AddChannel(discordfake.Channel{Guild: foreign})
	noRole.Role.ID = "owner"
	wizard.Role.ID = "wizard"
	wrong.Role.ID = map[string]string{"viewer": "member", "writer": "member", "member": "viewer"}[role]
	never := func(j runtime.Job, code string) connecttest.Bad {
		return connecttest.Bad{Job: j, Failure: access.FailNever, Code: code}
	}
	return connecttest.Fixture{
		Connector: w.connector, Job: j, Other: job(w.ada, channel, role), Look: w.look, Remembers: role != "member",
		Give: func(_ *testing.T, j runtime.Job) {
			if role == "member" {
				w.JoinThread(channel, userOf(j))
				return
			}
			w.SetOverwrite(channel, discordfake.Overwrite{ID: userOf(j), Member: true, Allow: bits(role)})
		},
		Fail:    func(*testing.T) { w.Fail(discordfake.Fault{Times: -1, Status: 500}) },
		Secrets: []string{w.BotToken()},
		Bad: map[string]connecttest.Bad{
			"person": never(nobody, "unknownPerson"), "other chat": never(other, "discordOtherChat"),
			"no target": never(nothing, "unknownResource"), "a name": never(name, "unknownResource"),
			"other server": {Job: elsewhere, Failure: access.FailHuman, Code: "discordNoGuild"},
			"role":         never(noRole, "unknownRole"), "role of theirs": never(wizard, "unknownRole"), "role of another kind": never(wrong, "unknownRole"),
		},
	}
}

func TestChannels(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		role string
		kind discordfake.Kind
	}{
		"viewer": {"viewer", discordfake.Text}, "writer": {"writer", discordfake.Text}, "writer of announcements": {"writer", discordfake.Announcement},
		"member": {"member", discordfake.PrivateThread},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			connecttest.Run(t, func(t *testing.T) connecttest.Fixture {
				w := newWorld(t, discordfake.Options{})
				return w.fixture(w.AddChannel(discordfake.Channel{Kind: c.kind, Parent: w.ChannelID("general")}), c.role)
			})
		})
	}
}

func TestRefusalsAreNamedBeforeDiscordRefuses(t *testing.T) {
	t.Parallel()
	const human, never = access.FailHuman, access.FailNever
	lock := func(w *world) { w.ChangeChannel(w.thread, func(c *discordfake.Channel) { c.Locked = true }) }
	without := func(p discordfake.Permissions) discordfake.Options {
		return discordfake.Options{BotPermissions: asked() &^ p}
	}
	moderator := without(discordfake.ManageThreads)
	for name, c := range map[string]struct {
		opt     discordfake.Options
		in      func(w *world) string // the hidden channel
		role    string                // viewer
		before  func(*world)
		failure access.Failure
		code    string
		seen    bool // reading it is a refusal already
		revoke  bool // taking away is refused
	}{
		"voice":             {in: of(discordfake.Voice), failure: never, code: "discordKind"},
		"a category":        {in: of(discordfake.Category), failure: never, code: "discordKind"},
		"a public thread":   {in: of(discordfake.PublicThread), role: "member", failure: never, code: "discordKind"},
		"viewer of threads": {in: threadOf, failure: never, code: "unknownRole"},
		"member of text":    {role: "member", failure: never, code: "unknownRole"},
		"deleted":           {before: func(w *world) { w.DeleteChannel(w.hidden) }, failure: human, code: "discordNoChannel"},
		"not seen": {before: func(w *world) {
			w.SetOverwrite(w.hidden, discordfake.Overwrite{ID: w.AppID(), Member: true})
		}, failure: human, code: "discordAccess", seen: true},
		"the person left":        {before: left, failure: human, code: "discordNotMember"},
		"no right":               {opt: without(discordfake.ManageRoles), failure: human, code: "discordPermission"},
		"no right, taken":        {opt: without(discordfake.ManageRoles), revoke: true, failure: human, code: "discordPermission"},
		"the bot was removed":    {before: func(w *world) { w.RemoveBot("") }, failure: human, code: "discordNoChannel"},
		"the bot, taken":         {before: func(w *world) { w.RemoveBot("") }, revoke: true, failure: human, code: "discordNoGuild"},
		"left, thread":           {in: threadOf, role: "member", before: left, failure: human, code: "discordNotMember"},
		"locked":                 {opt: moderator, in: ours, role: "member", before: lock, failure: human, code: "discordLocked"},
		"locked, taken":          {opt: moderator, in: ours, role: "member", before: lock, revoke: true, failure: human, code: "discordLocked"},
		"a thread of others":     {opt: moderator, in: joined, role: "member", revoke: true, failure: human, code: "discordPermission"},
		"only moderators invite": {opt: moderator, in: closed, role: "member", failure: human, code: "discordPermission"},
		"no right in threads":    {opt: without(discordfake.SendInThreads), in: threadOf, role: "member", before: mute, failure: human, code: "discordPermission"},
		"behind a hidden channel": {in: func(w *world) string {
			return w.AddChannel(discordfake.Channel{Kind: discordfake.PrivateThread, Parent: w.hidden})
		}, role: "member", failure: human, code: "discordParent"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, c.opt)
			channel, role := w.hidden, "viewer"
			if c.in != nil {
				channel = c.in(w)
			}
			if c.role != "" {
				role = c.role
			}
			j, do := job(w.mina, channel, role), w.connector.Grant
			if c.revoke {
				do = w.connector.Revoke
				w.fixture(channel, role).Give(t, j)
			}
			if c.before != nil {
				c.before(w)
			}
			_, err := do(t.Context(), j)
			want(t, name, err, c.failure, c.code)
			if refused := w.Rates().Invalid; !c.seen && refused != 0 {
				t.Errorf("Discord had to refuse %d calls", refused)
			}
			if len(w.store.records) != 0 {
				t.Errorf("a note is left: %v", w.store.records)
			}
		})
	}
}

func of(kind discordfake.Kind) func(*world) string {
	return func(w *world) string {
		return w.AddChannel(discordfake.Channel{Kind: kind, Parent: w.ChannelID("general")})
	}
}

func threadOf(w *world) string { return w.thread }

// ours is a thread that the bot made; joined one that it is only in; closed one
// where moderators alone add people.
func ours(w *world) string {
	w.thread = w.AddChannel(discordfake.Channel{Kind: discordfake.PrivateThread, Parent: w.ChannelID("general"), Owner: w.AppID(), Members: []string{w.AppID()}})
	return w.thread
}

func joined(w *world) string {
	return w.AddChannel(discordfake.Channel{Kind: discordfake.PrivateThread, Parent: w.ChannelID("general"), Owner: w.ada, Members: []string{w.AppID()}})
}

func closed(w *world) string {
	return w.AddChannel(discordfake.Channel{Kind: discordfake.PrivateThread, Parent: w.ChannelID("general"), Owner: w.ada, Members: []string{w.AppID()}, NoInvite: true})
}

func mute(w *world) {
	w.ChangeRole("", w.GuildID(), func(r *discordfake.Role) { r.Permissions &^= discordfake.SendInThreads })
}

func left(w *world) { w.RemoveMember("", "mina") }

// What Discord says although it was looked at before. Each is asked once, and
// what was refused leaves no note.
func TestRefusalsOfDiscordHaveTheirOwnCodes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		role, path string
		discords   int
		code       string
	}{
		{"viewer", "PUT /channels/*/permissions/", 50013, "discordPermission"}, {"viewer", "PUT /channels/*/permissions/", 60003, "discordTwoFactor"},
		{"viewer", "PUT /channels/*/permissions/", 10003, "discordNoChannel"}, {"viewer", "PUT /channels/*/permissions/", 50001, "discordAccess"},
		{"member", "PUT /channels/*/thread-members/", 50083, "discordArchived"}, {"member", "PUT /channels/*/thread-members/", 160005, "discordLocked"},
		{"member", "PUT /channels/*/thread-members/", 30033, "discordThreadFull"}, {"member", "PUT /channels/*/thread-members/", 10007, "discordNotMember"},
	} {
		w := newWorld(t, discordfake.Options{})
		w.Fail(discordfake.Fault{Path: c.path, Code: c.discords, Times: -1})
		channel := map[string]string{"viewer": w.hidden, "member": w.thread}[c.role]
		_, err := w.connector.Grant(t.Context(), job(w.mina, channel, c.role))
		want(t, c.path, err, access.FailHuman, c.code)
		if n := len(w.Calls("PUT ")); n != 1 {
			t.Errorf("%d: asked %d times", c.discords, n)
		}
		if len(w.store.records) != 0 {
			t.Errorf("%d: a note is left", c.discords)
		}
	}
}

func TestWhoIsNotThereNeedsNoRemoval(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	gone := w.AddChannel(discordfake.Channel{})
	w.grant(job(w.mina, gone, "writer"))
	w.DeleteChannel(gone)
	for _, j := range []runtime.Job{
		job(w.mina, w.hidden, "viewer"), job(w.stranger, w.hidden, "writer"), job(w.mina, w.thread, "member"), job(w.stranger, w.thread, "member"),
		job("5", w.thread, "member"), job(w.mina, gone, "writer"), job(w.mina, "5", "member"),
	} {
		w.revoke(j)
		if had, err := w.connector.Verify(t.Context(), j); err != nil || had != access.Absent {
			t.Errorf("%s: Verify = %s, %v", j.ID, had, err)
		}
	}
	if len(w.Calls("DELETE ")) != 0 || len(w.store.records) != 0 {
		t.Errorf("calls %v, notes %v", w.Calls("DELETE "), w.store.records)
	}
	// Somebody who left keeps their overwrite in Discord until it is taken.
	w.grant(job(w.mina, w.hidden, "writer"))
	w.RemoveMember("", "mina")
	w.revoke(job(w.mina, w.hidden, "writer"))
	w.wantRights("after leaving", 0, 0)
}

// A thread that went to sleep is woken: the end of an assignment does not wait
// for somebody to write there.
func TestAnArchivedThreadIsOpened(t *testing.T) {
	t.Parallel()
	for _, opt := range []discordfake.Options{{}, {BotPermissions: asked() &^ discordfake.ManageThreads}} {
		w := newWorld(t, opt)
		thread := ours(w)
		j := job(w.mina, thread, "member")
		for _, do := range []func(runtime.Job){func(j runtime.Job) { w.grant(j) }, w.revoke} {
			w.ChangeChannel(thread, func(c *discordfake.Channel) { c.Archived = true })
			do(j)
		}
		if got := w.ThreadMembers(thread); !slices.Equal(got, []string{w.AppID()}) {
			t.Errorf("in the thread are %v", got)
		}
		if got := w.AuditReasons(""); !slices.Equal(got, []string{why, why}) {
			t.Errorf("the audit log has %q", got)
		}
	}
}

func TestTheReasonIsInDiscordsAuditLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	w.grant(job(w.mina, w.hidden, "viewer"))
	w.grant(job(w.mina, w.hidden, "writer"))
	w.revoke(job(w.mina, w.hidden, "writer"))
	w.revoke(job(w.mina, w.hidden, "viewer"))
	if got := w.AuditReasons(""); !slices.Equal(got, []string{why, why, why, why}) {
		t.Errorf("the audit log has %q", got)
	}
}

func TestVerifySeesWhatIsDoneByHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	channel, thread := job(w.mina, w.hidden, "writer"), job(w.mina, w.thread, "member")
	set := func(allow, deny discordfake.Permissions) func() {
		return func() {
			w.SetOverwrite(w.hidden, discordfake.Overwrite{ID: w.mina, Member: true, Allow: allow, Deny: deny})
		}
	}
	for i, step := range []struct {
		j   runtime.Job
		do  func()
		had access.Had
	}{
		{channel, func() { w.grant(channel) }, access.Present},
		{channel, set(0, 0), access.Absent},
		{channel, func() { w.grant(channel) }, access.Present}, // given again
		{channel, set(view, send), access.Absent},
		{channel, set(view, 0), access.Absent},
		{channel, set(view|send, discordfake.AttachFiles), access.Present},
		{thread, func() { w.grant(thread) }, access.Present},
		{thread, func() { w.LeaveThread(w.thread, "mina") }, access.Absent},
		{thread, func() { w.JoinThread(w.thread, "mina") }, access.Present},
		{thread, func() { w.RemoveMember("", "mina") }, access.Absent},
		{thread, func() { w.DeleteChannel(w.thread) }, access.Absent},
	} {
		step.do()
		if had, err := w.connector.Verify(t.Context(), step.j); err != nil || had != step.had {
			t.Errorf("step %d: Verify = %s, %v; want %s", i, had, err, step.had)
		}
	}
}

func TestARateLimitSaysWhen(t *testing.T) {
	t.Parallel()
	for _, role := range []string{"viewer", "member"} {
		w := newWorld(t, discordfake.Options{})
		j := job(w.mina, map[string]string{"viewer": w.hidden, "member": w.thread}[role], role)
		w.Fail(discordfake.Fault{Path: "PUT ", Status: http.StatusTooManyRequests, RetryAfter: 64 * time.Second})
		_, err := w.connector.Grant(t.Context(), j)
		if f := access.AsFault(err); f.Failure != access.FailRetry || f.Code != "discordBusy" || !f.RetryAt.Equal(noon.Add(64*time.Second)) {
			t.Errorf("%s: %v, again at %s", role, err, f.RetryAt)
		}
		w.connector = w.made()
		if answer := w.grant(j); answer != (runtime.Answer{}) || w.look(t, j) != access.Present {
			t.Errorf("%s, again: %+v", role, answer)
		}
	}
}

// A reply that is lost after Discord did it: the repeat finds it done.
func TestALostReplyDoesNoHarm(t *testing.T) {
	t.Parallel()
	for _, role := range []string{"writer", "member"} {
		w := newWorld(t, discordfake.Options{})
		j := job(w.mina, map[string]string{"writer": w.hidden, "member": w.thread}[role], role)
		for _, step := range []struct {
			method string
			do     func() error
			had    access.Had
		}{
			{"PUT ", func() error { _, err := w.connector.Grant(t.Context(), j); return err }, access.Present},
			{"DELETE ", func() error { _, err := w.connector.Revoke(t.Context(), j); return err }, access.Absent},
		} {
			for _, fault := range []discordfake.Fault{{Drop: true}, {Status: http.StatusBadGateway}, {Drop: true, After: true}} {
				fault.Path = step.method
				w.Fail(fault)
				want(t, step.method, step.do(), access.FailRetry, "discordDown")
			}
			w.must(step.do())
			if had := w.look(t, j); had != step.had {
				t.Errorf("after %s it is %s", step.method, had)
			}
		}
		if len(w.store.records) != 0 {
			t.Errorf("%s: a note is left", role)
		}
	}
}
