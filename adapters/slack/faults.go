package slack

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// fault is what may be done about an error code of Slack. Codes without a
// line here count as refused: a human has to look, and nothing is repeated.
type fault struct {
	failure access.Failure
	code    string
}

func faultOf(code string) fault {
	switch code {
	case "ratelimited", "rate_limited", "message_limit_exceeded":
		return fault{access.FailRetry, "slackBusy"}
	case "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org":
		return fault{access.FailRetry, "slackDown"}
	case "missing_scope":
		return fault{access.FailHuman, "slackScope"}
	case "not_in_channel":
		return fault{access.FailHuman, "slackNotInChannel"}
	case "is_archived":
		return fault{access.FailHuman, "slackArchived"}
	case "invalid_auth", "not_authed", "token_revoked", "token_expired", "no_permission", "not_allowed_token_type", "org_login_required", "ekm_access_denied":
		return fault{access.FailHuman, "slackAuth"}
	case "restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel", "restricted_action_non_threadable_channel":
		return fault{access.FailHuman, "slackRestricted"}
	case "user_not_found", "users_not_found", "user_not_visible", "users_list_not_supplied":
		return fault{access.FailNever, "unknownPerson"}
	case "account_inactive", "user_disabled", "messages_tab_disabled", "cannot_dm_bot":
		return fault{access.FailNever, "personGone"}
	case "channel_not_found":
		return fault{access.FailNever, "noSuchPlace"}
	case "invalid_blocks", "invalid_blocks_format", "msg_too_long", "msg_blocks_too_long", "no_text", "too_many_attachments", "invalid_arguments", "metadata_too_large", "invalid_metadata_format":
		return fault{access.FailNever, "badCard"}
	}
	return fault{access.FailHuman, "slackRefused"}
}

// goneCodes mean that a message cannot be edited any more: it is posted anew.
func isGone(code string) bool {
	switch code {
	case "edit_window_closed", "cant_update_message", "message_not_found", "channel_not_found", "is_archived":
		return true
	}
	return false
}

// codeOf is the error code in an answer of Slack, or "".
func codeOf(err error) string {
	var refused api.SlackErrorResponse
	if errors.As(err, &refused) {
		return refused.Err
	}
	return ""
}

// faultFrom turns an error of the library into a fault. What it says is
// scrubbed: neither addresses nor tokens.
func (a *Adapter) faultFrom(method string, err error) *access.Fault {
	said := fmt.Errorf("%s: %s", method, a.scrub(err))
	var limited *api.RateLimitedError
	var status api.StatusCodeError
	var refused api.SlackErrorResponse
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return &access.Fault{Failure: access.FailRetry, Code: "timeout", Err: said}
	case errors.As(err, &limited):
		return &access.Fault{Failure: access.FailRetry, Code: "slackBusy", RetryAt: a.now().Add(limited.RetryAfter), Err: said}
	case errors.As(err, &status) && status.Code < 500 && status.Code != 429:
		return &access.Fault{Failure: access.FailHuman, Code: "slackRefused", Err: said}
	case errors.As(err, &refused):
		f := faultOf(refused.Err)
		if refused.Needed != "" {
			said = fmt.Errorf("%s: %s: needs the scope %s", method, a.scrub(err), a.hide(refused.Needed))
		}
		return &access.Fault{Failure: f.failure, Code: f.code, Err: said}
	}
	return &access.Fault{Failure: access.FailRetry, Code: "slackDown", Err: said}
}

// scrub is what an error says without the address that was called, which may
// be a secret by itself (a response_url), and without our secrets.
func (a *Adapter) scrub(err error) string {
	var where *url.Error
	if errors.As(err, &where) {
		err = where.Err
	}
	return a.hide(err.Error())
}

func (a *Adapter) hide(s string) string {
	for _, secret := range []Secret{a.o.BotToken, a.o.AppToken, a.o.SigningSecret} {
		if secret != "" {
			s = strings.ReplaceAll(s, string(secret), "***")
		}
	}
	return chat.Cut(s, 300)
}

// call does one call of the Web API and answers with an *access.Fault. Slack
// counts each method by itself, and posts by channel; a method that is
// to wait is not called before its time, and no other waits for it. Nothing is
// repeated here.
func (a *Adapter) call(ctx context.Context, method, channel string, do func(context.Context) error) error {
	key := method
	if method == "chat.postMessage" || method == "response_url" {
		key += " " + channel
	}
	if at, held := a.holds.Of(key, a.now()); held {
		return &access.Fault{Failure: access.FailRetry, Code: "slackBusy", RetryAt: at, Err: fmt.Errorf("%s: Slack asked to wait", method)}
	}
	if err := ctx.Err(); err != nil {
		return a.faultFrom(method, err)
	}
	err := do(ctx)
	if err == nil {
		return nil
	}
	f := a.faultFrom(method, err)
	if f.Code == "slackScope" {
		a.lookAgain()
	}
	if f.Code == "slackBusy" {
		if f.RetryAt.IsZero() {
			f.RetryAt = a.now().Add(30 * time.Second)
		}
		a.holds.Put(key, f.RetryAt)
		a.count("limited")
	}
	return &refusal{Fault: f, slack: codeOf(err)}
}

// refusal is a fault with the code that Slack gave, for the few places that
// act upon it.
type refusal struct {
	*access.Fault
	slack string
}

// Unwrap makes the fault visible to errors.As.
func (r *refusal) Unwrap() error { return r.Fault }

// slackCode is Slack's own code in an error of call, or "".
func slackCode(err error) string {
	var r *refusal
	if errors.As(err, &r) {
		return r.slack
	}
	return ""
}
