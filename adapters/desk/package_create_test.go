package desk

import (
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// inWorkshops runs a test in a live chat and in one with pages.
func inWorkshops(t *testing.T, test func(*testing.T, *workshop)) {
	t.Helper()
	for name, caps := range map[string]form.Caps{"live": chattest.Modal(), "pages": chattest.Pages()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, openWorkshop(t, caps))
		})
	}
}

// Only what has no default is said: the rest is sensible.
func TestEnterEnterEnterMakesAWorkingPackage(t *testing.T) {
	t.Parallel()
	inWorkshops(t, func(t *testing.T, w *workshop) {
		r := w.types(olga, "/access-admin package create Wiki writers")
		r = w.through(olga, r, nil)
		r = w.through(olga, r, form.Values{"gives": val("design-team/member")})
		for range stepTerms - stepWho + 1 {
			r = w.through(olga, r, nil)
		}
		r = w.taps(olga, r, "Create")
		w.says(r, "The package Wiki writers is there.")
		p := w.pack("wiki-writers")
		policy := p.Policies[0]
		if !policy.Requestors.Members || policy.Requestors.Outsiders || len(policy.Stages) != 1 || policy.Stages[0].Approvers[0] != access.SomePerson(olga) ||
			policy.Lifecycle != (access.Lifecycle{Ends: access.EndsDuration, For: 30 * 24 * time.Hour}) || p.Terms != nil || len(p.Roles) != 1 {
			t.Errorf("%+v", p)
		}
	})
}
