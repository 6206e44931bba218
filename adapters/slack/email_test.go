package slack

import (
	"slices"
	"testing"
	"time"

	"github.com/usher-dev/usher/core/access"
)

func TestByEmail(t *testing.T) {
	t.Parallel()
	now := &clock{at: time.Now()}
	w := crowd(t, func(a *Adapter) { a.o.Clock = now })
	ask := func(tenant access.TenantID, email string) []access.PersonID {
		t.Helper()
		found, err := w.a.ByEmail(t.Context(), tenant, email)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	ben := []access.PersonID{"slack/U0BEN"}
	if got := ask("demo", " BEN@example.org"); !slices.Equal(got, ben) {
		t.Errorf("ben is %v", got)
	}
	for _, nobody := range []string{"x@example.org", ""} {
		if got := ask("demo", nobody); got != nil {
			t.Errorf("%q is %v", nobody, got)
		}
	}
	if got := ask("other", "ben@example.org"); got != nil {
		t.Errorf("another tenant learns of %v", got)
	}

	// For a minute the answers count; then an error is one, and no answer.
	w.fake.DropScope("users:read.email")
	if got := ask("demo", "ben@example.org"); !slices.Equal(got, ben) {
		t.Errorf("asked again: %v", got)
	}
	if got := ask("demo", "x@example.org"); got != nil {
		t.Errorf("asked again: %v", got)
	}
	now.move(mailAge)
	for range 2 {
		if got, err := w.a.ByEmail(t.Context(), "demo", "ben@example.org"); err == nil || access.AsFault(err).Code != "slackScope" {
			t.Errorf("a minute later: %v, %v", got, err)
		}
	}
}
