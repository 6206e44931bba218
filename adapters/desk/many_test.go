package desk

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// counting counts how often names are looked up.
type counting struct {
	*house
	looks int
}

func (c *counting) Profile(ctx context.Context, t access.TenantID, p access.PersonID) (access.Profile, error) {
	c.looks++
	return c.house.Profile(ctx, t, p)
}

func TestAListOfManyLooksUpOnlyWhomItShows(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	for i := range 60 {
		p := access.PersonID(fmt.Sprintf("play/p%02d", i))
		h.people[p] = access.Profile{Person: p, Account: access.Account(p), Name: fmt.Sprintf("Person %02d", i), Standing: access.Member, Locale: "en"}
		h.fills(p, h.types(p, "/access request production"), form.Values{"justification": val("x")})
	}
	c := &counting{house: h}
	h.desk.Use(c)
	for who, cmd := range map[access.PersonID]string{olga: "/access-admin pending", ada: "/access approvals", ben: "/access"} {
		c.looks = 0
		text := cardText(h.told(h.types(who, cmd)))
		if c.looks > 60 {
			t.Errorf("%s looks up %d names", cmd, c.looks)
		}
		if strings.Contains(text, "Person 59") || !strings.Contains(text, "Person 00") {
			t.Errorf("%s:\n%s", cmd, text)
		}
	}
	if text := cardText(h.told(h.types(olga, "/access-admin pending"))); !strings.Contains(text, "1 to 6 of 60, oldest first") {
		t.Errorf("the rest is not counted:\n%s", text)
	}
}
