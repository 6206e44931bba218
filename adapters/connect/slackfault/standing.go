package slackfault

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/usher-dev/usher/core/access"
)

// Users is what it takes to know somebody's place in the workspace.
type Users interface {
	AuthTestContext(ctx context.Context) (*slack.AuthTestResponse, error)
	GetUserInfoContext(ctx context.Context, user string, options ...slack.GetUserInfoOption) (*slack.User, error)
}

// Accounts are the Slack user ids among somebody's accounts that are of the
// chat.
func Accounts(chat string, accounts []access.Account) []string {
	var ids []string
	for _, a := range accounts {
		in, id, _ := strings.Cut(string(a), "/")
		if _, after, named := strings.Cut(id, "-"); named {
			id = after
		}
		if in == chat && id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Colleague is a full member of the workspace.
type Colleague struct {
	ID    string
	Admin bool // Workspace Owner or Admin
}

// Colleagues are those of the accounts that are full members of the workspace: no
// guests, bots, people who left or people of another workspace ("User
// object"). Faults: those of users.info and auth.test.
func Colleagues(ctx context.Context, api Users, chat string, accounts []access.Account, now time.Time) ([]Colleague, error) {
	ids := Accounts(chat, accounts)
	if len(ids) == 0 {
		return nil, nil
	}
	home, err := api.AuthTestContext(ctx)
	if err != nil {
		return nil, Of("auth.test", err, now, nil)
	}
	var members []Colleague
	for _, id := range ids {
		u, err := api.GetUserInfoContext(ctx, id)
		if code := Code(err); code == "user_not_found" || code == "user_not_visible" {
			continue
		}
		if err != nil {
			return nil, Of("users.info", err, now, nil)
		}
		if full(u) && ours(u, home) {
			members = append(members, Colleague{ID: id, Admin: u.IsAdmin || u.IsOwner || u.IsPrimaryOwner})
		}
	}
	return members, nil
}

func full(u *slack.User) bool {
	return !u.Deleted && !u.IsBot && !u.IsRestricted && !u.IsUltraRestricted && !u.IsStranger
}

// ours: in the token's workspace, which people of an organisation share with
// others.
func ours(u *slack.User, home *slack.AuthTestResponse) bool {
	in := append([]string{u.TeamID, u.Enterprise.EnterpriseID}, u.Enterprise.Teams...)
	return u.TeamID == "" || slices.Contains(in, home.TeamID)
}
