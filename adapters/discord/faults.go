package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/bwmarrin/discordgo"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/secret"
	"github.com/usher-dev/usher/core/access"
)

// Codes that Discord refuses with, as far as they are acted upon ("Opcodes and
// Status Codes", JSON Error Codes).
const (
	codeUnknownChannel     = 10003
	codeUnknownGuild       = 10004
	codeUnknownMember      = 10007
	codeUnknownMessage     = 10008
	codeUnknownRole        = 10011
	codeUnknownUser        = 10013
	codeUnknownWebhook     = 10015
	codeUnknownInteraction = 10062
	codeThreadsFull        = 30033
	codeUnauthorized       = 40001
	codeAnswered           = 40060
	codeAccess             = 50001
	codeCannotDM           = 50007
	codePermission         = 50013
	codeBadForm            = 50035
	codeArchived           = 50083
	codeTwoFactor          = 60003
	codeNoSharedGuild      = 50278
	codeLocked             = 160005
)

// faultOf says what may be done about a refusal. Codes without a line here
// count as refused: a human has to look, and nothing is repeated.
func faultOf(s *said) (access.Failure, string) {
	switch s.code {
	case codeUnknownChannel:
		return access.FailNever, "noSuchPlace"
	case codeUnknownUser:
		return access.FailNever, "unknownPerson"
	case codeUnknownMember:
		return access.FailNever, "personGone"
	case codeCannotDM, codeNoSharedGuild:
		return access.FailNever, "discordNoDM"
	case codeBadForm:
		return access.FailNever, "badCard"
	case codeAccess:
		return access.FailHuman, "discordAccess"
	case codePermission:
		return access.FailHuman, "discordPermission"
	case codeTwoFactor:
		return access.FailHuman, "discordTwoFactor"
	case codeArchived, codeLocked, codeThreadsFull:
		return access.FailHuman, "discordThread"
	case codeUnauthorized:
		return access.FailHuman, "discordAuth"
	}
	switch {
	case s.status == http.StatusTooManyRequests:
		return access.FailRetry, "discordBusy"
	case s.status == http.StatusUnauthorized:
		return access.FailHuman, "discordAuth"
	case s.status >= http.StatusInternalServerError, s.status == http.StatusRequestTimeout:
		return access.FailRetry, "discordDown"
	}
	return access.FailHuman, "discordRefused"
}

// faultFrom turns an error of a call into a fault. What it says is scrubbed:
// neither addresses nor tokens.
func (a *Adapter) faultFrom(what string, err error) *access.Fault {
	out := &access.Fault{Failure: access.FailRetry, Code: "discordDown", Err: fmt.Errorf("%s: %s", what, a.scrub(err))}
	var hold *waits
	s := saidBy(err)
	switch {
	case errors.As(err, &hold):
		out.Code, out.RetryAt = "discordBusy", hold.until
	case s != nil:
		out.Failure, out.Code = faultOf(s)
		if s.status == http.StatusTooManyRequests {
			out.RetryAt = a.now().Add(s.wait)
		}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		out.Code = "timeout"
	}
	return out
}

// scrub is what an error says without the address that was called, which may
// hold the token of an interaction, and without our secrets.
func (a *Adapter) scrub(err error) string {
	var where *url.Error
	if errors.As(err, &where) {
		err = where.Err
	}
	return a.hide(err.Error())
}

func (a *Adapter) hide(s string) string {
	return chat.Cut(secret.Hide(s, a.o.BotToken, a.o.PublicKey), 300)
}

// refusal is a fault with the code that Discord gave, for the few places that
// act upon it.
type refusal struct {
	*access.Fault
	said *said
}

// Unwrap makes the fault visible to errors.As.
func (r *refusal) Unwrap() error { return r.Fault }

// codeOf is Discord's own code in an error of call, or 0.
func codeOf(err error) int {
	var r *refusal
	if errors.As(err, &r) && r.said != nil {
		return r.said.code
	}
	return 0
}

// statusOf is the status in an error of call, or 0.
func statusOf(err error) int {
	var r *refusal
	if errors.As(err, &r) && r.said != nil {
		return r.said.status
	}
	return 0
}

// asFault shows callers the plain fault.
func asFault(err error) error {
	if err == nil {
		return nil
	}
	return access.AsFault(err)
}

// errand is one call of the REST API.
type errand struct {
	method string
	url    string // of discordgo's endpoints
	// way is what Discord counts the call under: what it does, and the channel
	// or server where.
	way    string
	in     any    // nil: without a body
	reason string // for the server's audit log
}

// call does one call and answers with an *access.Fault. out may be nil. It goes
// through the library with a bucket of its own: those of the library sleep,
// also when the caller has given up, and are kept for ever. Nothing is repeated
// and nothing waited out here.
func (a *Adapter) call(ctx context.Context, e errand, out any) error {
	data, err := a.send(ctx, e)
	if err == nil && out != nil {
		err = json.Unmarshal(data, out)
	}
	if err != nil {
		return &refusal{Fault: a.faultFrom(e.way, err), said: saidBy(err)}
	}
	return nil
}

func (a *Adapter) send(ctx context.Context, e errand) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var body []byte
	if e.in != nil {
		var err error
		if body, err = json.Marshal(e.in); err != nil {
			return nil, err
		}
	}
	options := []discordgo.RequestOption{
		discordgo.WithContext(context.WithValue(ctx, wayKey{}, e.method+" "+e.way)),
		discordgo.WithRetryOnRatelimit(false), discordgo.WithRestRetries(0),
	}
	if e.reason != "" {
		options = append(options, discordgo.WithAuditLogReason(url.PathEscape(e.reason)))
	}
	bucket := discordgo.NewRatelimiter().LockBucket(e.way)
	return a.rest.RequestWithLockedBucket(e.method, e.url, "application/json", body, bucket, 0, options...)
}
