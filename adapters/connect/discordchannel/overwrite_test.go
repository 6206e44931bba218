package discordchannel_test

import (
	"errors"
	"testing"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

const files = discordfake.AttachFiles

// Only what Usher allowed is taken back; what was there before is there again.
func TestAnOverwriteIsAgainWhatItWas(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		role                   string
		allow, deny            discordfake.Permissions // before
		givenAllow, givenDeny  discordfake.Permissions // while it is held
		before                 bool
		finallyAllow, lastDeny discordfake.Permissions
	}{
		"none":                  {role: "writer", givenAllow: view | send},
		"something else":        {role: "writer", allow: files, deny: discordfake.AddReactions, givenAllow: view | send | files, givenDeny: discordfake.AddReactions, finallyAllow: files, lastDeny: discordfake.AddReactions},
		"half of it":            {role: "writer", allow: view, givenAllow: view | send, finallyAllow: view},
		"half of it denied":     {role: "writer", allow: view, deny: send, givenAllow: view | send, finallyAllow: view, lastDeny: send},
		"all of it denied":      {role: "writer", deny: view | send, givenAllow: view | send, lastDeny: view | send},
		"viewer, writing off":   {role: "viewer", deny: send, givenAllow: view, givenDeny: send, lastDeny: send},
		"more of it, by hand":   {role: "viewer", allow: view | send, givenAllow: view | send, before: true, finallyAllow: send},
		"all of it, by hand":    {role: "writer", allow: view | send, givenAllow: view | send, before: true},
		"all and more, by hand": {role: "writer", allow: view | send | files, givenAllow: view | send | files, before: true, finallyAllow: files},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, discordfake.Options{BotPermissions: asked() | files | discordfake.AddReactions})
			w.SetOverwrite(w.hidden, discordfake.Overwrite{ID: w.mina, Member: true, Allow: c.allow, Deny: c.deny})
			j := job(w.mina, w.hidden, c.role)
			for range 2 {
				if answer := w.grant(j); answer != (runtime.Answer{Before: c.before}) {
					t.Errorf("Grant = %+v", answer)
				}
				w.wantRights("while held", c.givenAllow, c.givenDeny)
			}
			for range 2 {
				w.revoke(j)
				w.wantRights("at the end", c.finallyAllow, c.lastDeny)
			}
			if len(w.store.records) != 0 {
				t.Errorf("a note is left: %v", w.store.records)
			}
		})
	}
}

// Two packages, one of which gives more: the end of one leaves the other.
func TestTwoRolesInOneChannel(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		first, second string // given
		over          string // taken first
		left          discordfake.Permissions
	}{
		"writer over, viewer first": {"viewer", "writer", "writer", view},
		"writer over, writer first": {"writer", "viewer", "writer", view},
		"viewer over, viewer first": {"viewer", "writer", "viewer", view | send},
		"viewer over, writer first": {"writer", "viewer", "viewer", view | send},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, discordfake.Options{})
			w.SetOverwrite(w.hidden, discordfake.Overwrite{ID: w.mina, Member: true, Deny: send})
			for _, role := range []string{c.first, c.second} {
				if answer := w.grant(job(w.mina, w.hidden, role)); answer.Before {
					t.Errorf("%s was there before", role)
				}
			}
			w.wantRights("both", view|send, 0)
			w.revoke(job(w.mina, w.hidden, c.over))
			deny := discordfake.Permissions(0)
			if c.left == view {
				deny = send
			}
			w.wantRights("one", c.left, deny)
			last := map[string]string{"viewer": "writer", "writer": "viewer"}[c.over]
			w.revoke(job(w.mina, w.hidden, last))
			w.wantRights("none", 0, send)
			if len(w.store.records) != 0 {
				t.Errorf("a note is left: %v", w.store.records)
			}
		})
	}
}

// Somebody could see the channel before Usher let them write, and the tenant
// wants what was there before to be taken as well.
func TestWhatWasThereBeforeIsTakenBesideWhatUsherGives(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	w.SetOverwrite(w.hidden, discordfake.Overwrite{ID: w.mina, Member: true, Allow: view})
	viewer, writer := job(w.mina, w.hidden, "viewer"), job(w.mina, w.hidden, "writer")
	if answer := w.grant(viewer); !answer.Before {
		t.Error("viewer was not there before")
	}
	w.grant(writer)
	w.revoke(viewer)
	w.wantRights("writer", view|send, 0)
	w.revoke(writer)
	w.wantRights("none", 0, 0)
	if len(w.store.records) != 0 {
		t.Errorf("a note is left: %v", w.store.records)
	}
}

// Another replica gives the other role between our note and our overwrite: one
// of the two repeats, and both are there.
func TestTwoReplicasAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	viewer, writer := job(w.mina, w.hidden, "viewer"), job(w.mina, w.hidden, "writer")
	other := w.made()
	w.store.after = func() {
		_, err := other.Grant(t.Context(), writer)
		w.must(err)
	}
	_, err := w.connector.Grant(t.Context(), viewer)
	want(t, "overtaken", err, access.FailRetry, "busy")
	w.grant(viewer)
	w.wantRights("both", view|send, 0)
	// One takes writer, and is slow; the other takes viewer meanwhile.
	slow := func(method string, meanwhile func()) {
		t.Helper()
		gate, done := make(chan struct{}), make(chan error, 1)
		w.Fail(discordfake.Fault{Path: method, Hold: gate})
		go func() { _, err := other.Revoke(t.Context(), writer); done <- err }()
		w.must(w.Await("the slow one to write", func() bool { return w.Holding() == 1 }))
		meanwhile()
		close(gate)
		want(t, "overtaken", <-done, access.FailRetry, "busy")
		_, err := other.Revoke(t.Context(), writer)
		w.must(err)
	}
	slow("PUT ", func() { w.revoke(viewer) })
	w.wantRights("none", 0, 0)
	// One takes writer, and is slow; the other gives viewer meanwhile.
	w.connector, other = w.made(), w.made() // with fifty calls a second of their own
	w.grant(writer)
	slow("DELETE ", func() { w.grant(viewer) })
	w.wantRights("viewer", view, 0)
	w.revoke(viewer)
	if len(w.store.records) != 0 {
		t.Errorf("a note is left: %v", w.store.records)
	}
}

// Nothing is changed in Discord before what was there is on record.
func TestNothingLeavesWithoutANote(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	w.store.down = errors.New("no store")
	for _, do := range []func() error{
		func() error { _, err := w.connector.Grant(t.Context(), job(w.mina, w.hidden, "viewer")); return err },
		func() error { _, err := w.connector.Revoke(t.Context(), job(w.mina, w.hidden, "viewer")); return err },
	} {
		want(t, "without a store", do(), access.FailRetry, "storeFailed")
	}
	if n := len(w.Calls("PUT ")) + len(w.Calls("DELETE ")); n != 0 {
		t.Errorf("%d changes were made", n)
	}
}
