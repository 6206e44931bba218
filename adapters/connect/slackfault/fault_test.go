package slackfault_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/connect/slackfault"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestWhatErrorsMean(t *testing.T) {
	t.Parallel()
	own := map[string]slackfault.Meaning{"user_not_found": {Failure: access.FailHuman, Code: "mine"}}
	for name, test := range map[string]struct {
		err     error
		failure access.Failure
		code    string
		again   time.Time
		is      error
		says    string
	}{
		"own meanings go first": {err: slack.SlackErrorResponse{Err: "user_not_found"}, failure: access.FailHuman, code: "mine", says: "m: user_not_found"},
		"a common one":          {err: slack.SlackErrorResponse{Err: "token_revoked"}, failure: access.FailHuman, code: "slackAuth", says: "m: token_revoked"},
		"Slack's own trouble":   {err: slack.SlackErrorResponse{Err: "fatal_error"}, failure: access.FailRetry, code: "slackDown", says: "m: fatal_error"},
		"one that nobody knows": {err: slack.SlackErrorResponse{Err: "moon_is_full"}, failure: access.FailHuman, code: "slackRefused", says: "m: moon_is_full"},
		"the scope is named":    {err: slack.SlackErrorResponse{Err: "missing_scope", Needed: "users:read"}, failure: access.FailHuman, code: "slackScope", says: "m: missing_scope, needed is users:read"},
		"a scope that is none":  {err: slack.SlackErrorResponse{Err: "missing_scope", Needed: "xoxb-123"}, failure: access.FailHuman, code: "slackScope", says: "m: missing_scope"},
		"a code that is none":   {err: slack.SlackErrorResponse{Err: "xoxb-123 is wrong"}, failure: access.FailHuman, code: "slackRefused", says: "m: a refusal without a proper code"},
		"a rate limit":          {err: &slack.RateLimitedError{RetryAfter: time.Minute}, failure: access.FailRetry, code: "slackBusy", again: noon.Add(time.Minute), says: "m: rate limited"},
		"a status":              {err: slack.StatusCodeError{Code: 502, Status: "502 xoxb-123"}, failure: access.FailRetry, code: "slackDown", says: "m: status 502"},
		"the network":           {err: &url.Error{Op: "Post", URL: "http://x/?token=xoxb-123", Err: errors.New("xoxb-123")}, failure: access.FailRetry, code: "slackDown", says: "m: no answer that can be read"},
		"the end of time":       {err: &url.Error{Op: "Post", URL: "http://x/", Err: context.DeadlineExceeded}, failure: access.FailRetry, code: "timeout", is: context.DeadlineExceeded, says: "m: context deadline exceeded"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := slackfault.Of("m", test.err, noon, own)
			if f.Failure != test.failure || f.Code != test.code || !f.RetryAt.Equal(test.again) {
				t.Errorf("%s %s, again at %s", f.Failure, f.Code, f.RetryAt)
			}
			if f.Err.Error() != test.says || strings.Contains(f.Error(), "xoxb") {
				t.Errorf("says %q, want %q", f.Err, test.says)
			}
			if test.is != nil && !errors.Is(f, test.is) {
				t.Errorf("it is not %v", test.is)
			}
		})
	}
}

func TestTheUserStandsInTheAccount(t *testing.T) {
	t.Parallel()
	role := access.ResourceRole{ID: "member"}
	for account, want := range map[access.Account]string{"slack/U012": "U012", "slack/T1-U012": "U012", "slack/": "", "slack": "", "other/U012": ""} {
		user, err := slackfault.Check(t.Context(), "slack", runtime.Job{
			Person: access.Profile{Account: account}, Resource: access.Resource{Target: "C1", Roles: []access.ResourceRole{role}}, Role: role,
		})
		if user != want || (err == nil) != (want != "") {
			t.Errorf("%s is the user %q, %v", account, user, err)
		}
	}
}
