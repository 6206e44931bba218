package slackfault

import (
	"context"
	"fmt"
	"strings"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// Member is the only role on what Slack has: being in it.
const Member = "member"

// Check refuses a job that could not be done whatever Slack says, and returns
// the Slack user id of the person: the part of the account after the slash,
// without the workspace if it is named there ("slack/U1", "slack/T1-U1").
// With a chat, accounts of other chats are refused. Faults: "timeout"
// (retry), "unknownPerson", "slackOtherChat", "unknownResource", "unknownRole"
// (never).
func Check(ctx context.Context, chat string, j runtime.Job) (user string, err error) {
	if err := ctx.Err(); err != nil {
		return "", &access.Fault{Failure: access.FailRetry, Code: "timeout", Err: err}
	}
	never := func(code string) error {
		return &access.Fault{Failure: access.FailNever, Code: code, Err: fmt.Errorf("job %q", j.ID)}
	}
	in, user, ok := strings.Cut(string(j.Person.Account), "/")
	if _, after, named := strings.Cut(user, "-"); named {
		user = after
	}
	if !ok || user == "" {
		return "", never("unknownPerson")
	}
	if chat != "" && in != chat {
		return "", never("slackOtherChat")
	}
	if j.Resource.Target == "" {
		return "", never("unknownResource")
	}
	if _, ok := j.Resource.Role(j.Role.ID); !ok || j.Role.ID != Member {
		return "", never("unknownRole")
	}
	return user, nil
}
