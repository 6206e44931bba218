// Package slackfault says what the refusals of Slack's Web API mean for the
// connectors that work on Slack.
package slackfault

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/slack-go/slack"

	"github.com/usher-dev/usher/core/access"
)

// Meaning is what may be done about one error code of Slack, and the code of
// the sentence for people.
type Meaning struct {
	Failure access.Failure
	Code    string
}

// words is what an error code of Slack looks like. Anything else in its place
// may carry what we sent, a token among it, and is not repeated.
var words = regexp.MustCompile(`^[a-z_]{1,64}$`)

// Code is the error code in Slack's answer; "" when Slack did not refuse.
func Code(err error) string {
	var refused slack.SlackErrorResponse
	if errors.As(err, &refused) {
		return refused.Err
	}
	return ""
}

// Of makes a fault of an error of slack-go. Own meanings go before the common
// ones; what neither knows needs a human ("slackRefused"). A rate limit says
// when to try again. The error in the fault names the method, Slack's code and
// the missing scope, and carries no secret.
func Of(method string, err error, now time.Time, own map[string]Meaning) *access.Fault {
	var limited *slack.RateLimitedError
	var status slack.StatusCodeError
	var refused slack.SlackErrorResponse
	retry := func(code string, why error) *access.Fault {
		return &access.Fault{Failure: access.FailRetry, Code: code, Err: fmt.Errorf("%s: %w", method, why)}
	}
	switch {
	case errors.Is(err, context.Canceled):
		return retry("timeout", context.Canceled)
	case errors.Is(err, context.DeadlineExceeded):
		return retry("timeout", context.DeadlineExceeded)
	case errors.As(err, &limited):
		f := retry("slackBusy", errors.New("rate limited"))
		f.RetryAt = now.Add(limited.RetryAfter)
		return f
	case errors.As(err, &status):
		return retry("slackDown", fmt.Errorf("status %d", status.Code))
	case errors.As(err, &refused):
		return refusal(method, refused, own)
	}
	return retry("slackDown", errors.New("no answer that can be read"))
}

func refusal(method string, refused slack.SlackErrorResponse, own map[string]Meaning) *access.Fault {
	m, known := own[refused.Err]
	if !known {
		m = common(refused.Err)
	}
	said := "a refusal without a proper code"
	if words.MatchString(refused.Err) {
		said = refused.Err
	}
	if refused.Err == "missing_scope" && scope.MatchString(refused.Needed) {
		said += ", needed is " + refused.Needed
	}
	return &access.Fault{Failure: m.Failure, Code: m.Code, Err: fmt.Errorf("%s: %s", method, said)}
}

var scope = regexp.MustCompile(`^[a-z.:,]{1,200}$`)

// common are the codes that every method may answer with
// (docs.slack.dev/reference/methods).
func common(code string) Meaning {
	switch code {
	case "ratelimited", "rate_limited":
		return Meaning{access.FailRetry, "slackBusy"}
	case "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org", "external_channel_migrating":
		return Meaning{access.FailRetry, "slackDown"}
	case "missing_scope":
		return Meaning{access.FailHuman, "slackScope"}
	case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type", "no_permission",
		"org_login_required", "ekm_access_denied", "access_denied", "two_factor_setup_required", "team_access_not_granted":
		return Meaning{access.FailHuman, "slackAuth"}
	case "restricted_action":
		return Meaning{access.FailHuman, "slackRestricted"}
	case "user_not_found", "users_not_found", "user_not_visible":
		return Meaning{access.FailNever, "unknownPerson"}
	}
	return Meaning{access.FailHuman, "slackRefused"}
}
