package discordfault_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/usher-dev/usher/adapters/connect/discordfault"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// rest is what discordgo makes of a refusal.
func rest(status, code int) error {
	err := &discordgo.RESTError{
		Request: &http.Request{}, Response: &http.Response{StatusCode: status, Status: "tok-123"}, ResponseBody: []byte("tok-123"),
	}
	if code != 0 {
		err.Message = &discordgo.APIErrorMessage{Code: code, Message: "tok-123 is wrong"}
	}
	return err
}

func TestWhatErrorsMean(t *testing.T) {
	t.Parallel()
	limit := &discordgo.RateLimitError{RateLimit: &discordgo.RateLimit{TooManyRequests: &discordgo.TooManyRequests{RetryAfter: time.Minute}, URL: "http://x/tok-123"}}
	for name, c := range map[string]struct {
		err     error
		failure access.Failure
		code    string
		again   time.Time
		is      error
		says    string
	}{
		"channel gone":        {err: rest(404, 10003), failure: access.FailHuman, code: "discordNoChannel", says: "m: status 404, code 10003"},
		"server unknown":      {err: rest(404, 10004), failure: access.FailHuman, code: "discordNoGuild", says: "m: status 404, code 10004"},
		"member gone":         {err: rest(404, 10007), failure: access.FailHuman, code: "discordNotMember", says: "m: status 404, code 10007"},
		"role gone":           {err: rest(404, 10011), failure: access.FailHuman, code: "discordNoRole", says: "m: status 404, code 10011"},
		"nobody":              {err: rest(404, 10013), failure: access.FailHuman, code: "discordNotMember", says: "m: status 404, code 10013"},
		"thread full":         {err: rest(400, 30033), failure: access.FailHuman, code: "discordThreadFull", says: "m: status 400, code 30033"},
		"no access":           {err: rest(403, 50001), failure: access.FailHuman, code: "discordAccess", says: "m: status 403, code 50001"},
		"no permission":       {err: rest(403, 50013), failure: access.FailHuman, code: "discordPermission", says: "m: status 403, code 50013"},
		"invalid role":        {err: rest(400, 50028), failure: access.FailNever, code: "discordEveryone", says: "m: status 400, code 50028"},
		"thread archived":     {err: rest(400, 50083), failure: access.FailHuman, code: "discordArchived", says: "m: status 400, code 50083"},
		"two factors":         {err: rest(403, 60003), failure: access.FailHuman, code: "discordTwoFactor", says: "m: status 403, code 60003"},
		"thread locked":       {err: rest(400, 160005), failure: access.FailHuman, code: "discordLocked", says: "m: status 400, code 160005"},
		"another 403":         {err: rest(403, 12345), failure: access.FailHuman, code: "discordPermission", says: "m: status 403, code 12345"},
		"403 without a code":  {err: rest(403, 0), failure: access.FailHuman, code: "discordPermission", says: "m: status 403, code 0"},
		"a wrong token":       {err: rest(401, 0), failure: access.FailHuman, code: "discordAuth", says: "m: status 401, code 0"},
		"a bad request":       {err: rest(400, 50035), failure: access.FailHuman, code: "discordRefused", says: "m: status 400, code 50035"},
		"Discord's trouble":   {err: rest(500, 0), failure: access.FailRetry, code: "discordDown", says: "m: status 500, code 0"},
		"a slow request":      {err: rest(408, 0), failure: access.FailRetry, code: "discordDown", says: "m: status 408, code 0"},
		"a rate limit":        {err: limit, failure: access.FailRetry, code: "discordBusy", again: noon.Add(time.Minute), says: "m: rate limited"},
		"502 in words":        {err: errors.New("Exceeded Max retries HTTP 502 Bad Gateway, tok-123"), failure: access.FailRetry, code: "discordDown", says: "m: no answer that can be read"},
		"what cannot be read": {err: &json.SyntaxError{}, failure: access.FailRetry, code: "discordDown", says: "m: no answer that can be read"},
		"the network":         {err: &url.Error{Op: "Get", URL: "http://x/tok-123", Err: errors.New("tok-123")}, failure: access.FailRetry, code: "discordDown", says: "m: no answer that can be read"},
		"the end of time":     {err: &url.Error{Op: "Get", URL: "http://x", Err: context.DeadlineExceeded}, failure: access.FailRetry, code: "timeout", is: context.DeadlineExceeded, says: "m: context deadline exceeded"},
		"given up":            {err: &url.Error{Op: "Get", URL: "http://x", Err: context.Canceled}, failure: access.FailRetry, code: "timeout", is: context.Canceled, says: "m: context canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := discordfault.Of("m", c.err, noon)
			if f.Failure != c.failure || f.Code != c.code || !f.RetryAt.Equal(c.again) {
				t.Errorf("%s %s, again at %s", f.Failure, f.Code, f.RetryAt)
			}
			if f.Err.Error() != c.says || strings.Contains(f.Error(), "tok-") {
				t.Errorf("says %q, want %q", f.Err, c.says)
			}
			if c.is != nil && !errors.Is(f, c.is) {
				t.Errorf("it is not %v", c.is)
			}
			if discordfault.Code(f) != discordfault.Code(c.err) || discordfault.Missing(f) != discordfault.Missing(c.err) {
				t.Error("the code is lost in the fault")
			}
		})
	}
}

func TestThePersonIsMissingWhateverTheCodeIs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status, code int
		missing      bool
	}{{404, 10007, true}, {404, 10013, true}, {404, 0, true}, {404, 10003, false}, {403, 50001, false}, {400, 10007, false}} {
		if got := discordfault.Missing(rest(c.status, c.code)); got != c.missing {
			t.Errorf("%+v: %t", c, got)
		}
	}
}

// The bot stands with its highest role; at the same position the older role is
// the higher one, and the owner stands above all.
func TestWhoStandsAboveARole(t *testing.T) {
	t.Parallel()
	g := &discordgo.Guild{ID: "1", OwnerID: "90", Roles: []*discordgo.Role{
		{ID: "1"}, {ID: "20", Position: 5}, {ID: "99", Position: 5}, {ID: "100", Position: 5}, {ID: "30", Position: 7}, {ID: "40", Position: 1},
	}}
	bot := &discordgo.Member{User: &discordgo.User{ID: "80"}, Roles: []string{"40", "99"}}
	for id, want := range map[string]bool{"1": true, "40": true, "20": false, "99": false, "100": true, "30": false} {
		role := g.Roles[0]
		for _, r := range g.Roles {
			if r.ID == id {
				role = r
			}
		}
		if got := discordfault.Stands(g, bot, role); got != want {
			t.Errorf("above %s: %t", id, got)
		}
	}
	for _, m := range []struct {
		user string
		want bool
	}{{"90", true}, {"80", false}} {
		if got := discordfault.Stands(g, &discordgo.Member{User: &discordgo.User{ID: m.user}}, g.Roles[4]); got != m.want {
			t.Errorf("%s without roles: %t", m.user, got)
		}
	}
}

func TestPowersOfAMember(t *testing.T) {
	t.Parallel()
	const view, send, manage = discordgo.PermissionViewChannel, discordgo.PermissionSendMessages, discordgo.PermissionManageThreads
	g := &discordgo.Guild{ID: "1", OwnerID: "90", Roles: []*discordgo.Role{
		{ID: "1", Permissions: view}, {ID: "2", Permissions: send}, {ID: "3", Permissions: discordgo.PermissionAdministrator},
	}}
	c := &discordgo.Channel{ID: "5", PermissionOverwrites: []*discordgo.PermissionOverwrite{
		{ID: "1", Deny: view}, {ID: "2", Deny: send}, {ID: "80", Type: discordgo.PermissionOverwriteTypeMember, Allow: view},
	}}
	for name, m := range map[string]struct {
		member        discordgo.Member
		there, server int64
	}{
		"with an overwrite": {discordgo.Member{User: &discordgo.User{ID: "80"}, Roles: []string{"2"}}, view, view | send},
		"without":           {discordgo.Member{User: &discordgo.User{ID: "81"}, Roles: []string{"2"}}, 0, view | send},
		"administrator":     {discordgo.Member{User: &discordgo.User{ID: "81"}, Roles: []string{"3"}}, view | send | manage, view | send | manage},
		"owner":             {discordgo.Member{User: &discordgo.User{ID: "90"}}, view | send | manage, view | send | manage},
	} {
		const asked = view | send | manage
		if got := discordfault.Powers(g, c, &m.member) & asked; got != m.there {
			t.Errorf("%s: %b in the channel", name, got)
		}
		if got := discordfault.Powers(g, nil, &m.member) & asked; got != m.server {
			t.Errorf("%s: %b in the server", name, got)
		}
	}
}

func TestTheUserStandsInTheAccount(t *testing.T) {
	t.Parallel()
	role := access.ResourceRole{ID: "member"}
	for _, c := range []struct {
		account access.Account
		user    string
		code    string
	}{
		{"discord/123456789012345678", "123456789012345678", ""}, {"discord/", "", "unknownPerson"}, {"discord/mina", "", "unknownPerson"},
		{"discord/1/2", "", "unknownPerson"}, {"discord/012", "", "unknownPerson"}, {"", "", "unknownPerson"}, {"discord", "", "unknownPerson"},
		{"slack/123", "", "discordOtherChat"}, {"other/123", "", "discordOtherChat"},
	} {
		user, err := discordfault.Check(t.Context(), "discord", runtime.Job{
			Person: access.Profile{Account: c.account}, Resource: access.Resource{Target: "5", Roles: []access.ResourceRole{role}}, Role: role,
		}, 1, "member")
		if user != c.user || (err == nil) != (c.code == "") || err != nil && access.AsFault(err).Code != c.code {
			t.Errorf("%s is the user %q, %v", c.account, user, err)
		}
	}
}
