package slack

import (
	"context"
	"strings"
	"time"

	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/core/access"
)

// mailAge is how old the answer may be to who has an e-mail address.
const mailAge = time.Minute

// mailed is who has an e-mail address.
type mailed struct {
	at  time.Time
	who []access.PersonID
}

// ByEmail lists whoever has an e-mail address in this workspace: nobody, or
// one ("users.lookupByEmail"; the address counts in either case). An answer is
// at most a minute old. It needs users:read.email.
func (a *Adapter) ByEmail(ctx context.Context, t access.TenantID, email string) ([]access.PersonID, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	if t != a.o.Tenant || email == "" {
		return nil, nil
	}
	if known, ok := a.mails.Get(email); ok {
		if age := a.now().Sub(known.at); age >= 0 && age < mailAge {
			return known.who, nil
		}
	}
	found := mailed{at: a.now()}
	var user *api.User
	err := a.call(ctx, "users.lookupByEmail", "", func(ctx context.Context) (err error) {
		user, err = a.web.GetUserByEmailContext(ctx, email)
		return err
	})
	if err != nil && slackCode(err) != "users_not_found" {
		return nil, asFault(err)
	}
	if err == nil {
		found.who = []access.PersonID{access.PersonID(accountOf(a.o.Name, user.ID))}
	}
	a.mails.Put(email, found)
	return found.who, nil
}
