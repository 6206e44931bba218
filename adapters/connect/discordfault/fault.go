// Package discordfault is what the connectors that work on Discord have in
// common: one call of the REST API and what its refusals mean, the servers
// that are a chat's, and the check of a job.
package discordfault

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/usher-dev/usher/core/access"
)

// Meaning is what may be done about a refusal of Discord, and the code of the
// sentence for people.
type Meaning struct {
	Failure access.Failure
	Code    string
}

// Codes that Discord refuses with, as far as the connectors act upon them
// ("Opcodes and Status Codes", JSON Error Codes).
const (
	UnknownChannel   = 10003
	UnknownMember    = 10007
	UnknownOverwrite = 10009
	UnknownRole      = 10011

	unknownGuild = 10004
	unknownUser  = 10013
	threadFull   = 30033
	accessLacks  = 50001
	permission   = 50013
	invalidRole  = 50028
	archived     = 50083
	twoFactor    = 60003
	locked       = 160005
)

// Code is Discord's own code in an error of Call; 0 when there is none.
func Code(err error) int {
	var refused *discordgo.RESTError
	if errors.As(err, &refused) && refused.Message != nil {
		return refused.Message.Code
	}
	return 0
}

// Missing reports whether Discord knows the person there not. It names no code
// for that ("Channels Resource", Get Thread Member), so every 404 that is not
// about the channel counts.
func Missing(err error) bool {
	var refused *discordgo.RESTError
	return errors.As(err, &refused) && refused.Response.StatusCode == http.StatusNotFound && Code(err) != UnknownChannel
}

// Of makes a fault of an error of discordgo. A rate limit says when to try
// again; what nobody knows needs a human ("discordRefused"), and so does every
// 403. The error in the fault names the call, the status and Discord's code,
// nothing that Discord or anybody in between wrote.
func Of(call string, err error, now time.Time) *access.Fault {
	var limited *discordgo.RateLimitError
	var refused *discordgo.RESTError
	retry := func(code string, why error) *access.Fault {
		return &access.Fault{Failure: access.FailRetry, Code: code, Err: fmt.Errorf("%s: %w", call, why)}
	}
	switch {
	case errors.Is(err, context.Canceled):
		return retry("timeout", context.Canceled)
	case errors.Is(err, context.DeadlineExceeded):
		return retry("timeout", context.DeadlineExceeded)
	case errors.As(err, &limited):
		f := retry("discordBusy", errors.New("rate limited"))
		f.RetryAt = now.Add(limited.RetryAfter)
		return f
	case errors.As(err, &refused):
		m := meaning(refused.Response.StatusCode, Code(err))
		return &access.Fault{Failure: m.Failure, Code: m.Code, Err: &refusal{
			said: fmt.Sprintf("%s: status %d, code %d", call, refused.Response.StatusCode, Code(err)), of: refused,
		}}
	}
	return retry("discordDown", errors.New("no answer that can be read"))
}

// refusal hides what Discord wrote, and keeps its code within reach of Code.
type refusal struct {
	said string
	of   *discordgo.RESTError
}

func (r *refusal) Error() string { return r.said }

func (r *refusal) As(target any) bool {
	out, ok := target.(**discordgo.RESTError)
	if ok {
		*out = r.of
	}
	return ok
}

func meaning(status, code int) Meaning {
	if m, known := meanings()[code]; known {
		return m
	}
	switch {
	case status == http.StatusUnauthorized:
		return Meaning{access.FailHuman, "discordAuth"}
	case status == http.StatusForbidden:
		return Meaning{access.FailHuman, "discordPermission"}
	case status >= http.StatusInternalServerError, status == http.StatusRequestTimeout:
		return Meaning{access.FailRetry, "discordDown"}
	}
	return Meaning{access.FailHuman, "discordRefused"}
}

func meanings() map[int]Meaning {
	return map[int]Meaning{
		UnknownChannel: {access.FailHuman, "discordNoChannel"},
		unknownGuild:   {access.FailHuman, "discordNoGuild"},
		UnknownMember:  {access.FailHuman, "discordNotMember"},
		unknownUser:    {access.FailHuman, "discordNotMember"},
		UnknownRole:    {access.FailHuman, "discordNoRole"},
		threadFull:     {access.FailHuman, "discordThreadFull"},
		accessLacks:    {access.FailHuman, "discordAccess"},
		permission:     {access.FailHuman, "discordPermission"},
		invalidRole:    {access.FailNever, "discordEveryone"},
		archived:       {access.FailHuman, "discordArchived"},
		twoFactor:      {access.FailHuman, "discordTwoFactor"},
		locked:         {access.FailHuman, "discordLocked"},
	}
}

// Human and Never are faults that the connectors find before Discord does.
func Human(code, why string) *access.Fault {
	return &access.Fault{Failure: access.FailHuman, Code: code, Err: errors.New(why)}
}

// Never is a fault that no repeat and no human in Discord can mend.
func Never(code, why string) *access.Fault {
	return &access.Fault{Failure: access.FailNever, Code: code, Err: errors.New(why)}
}
