package discordfault

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// snowflake is what an id looks like ("API Reference", Snowflakes).
var snowflake = regexp.MustCompile(`^[1-9][0-9]{0,19}$`)

// Check refuses a job that could not be done whatever Discord says, and
// returns the Discord user id of the person: the part of the account after the
// slash. The target must be ids divided by slashes, at most as many as parts;
// roles are those that the connector knows. Faults: "timeout" (retry),
// "unknownPerson", "discordOtherChat", "unknownResource", "unknownRole"
// (never).
func Check(ctx context.Context, chat string, j runtime.Job, parts int, roles ...string) (user string, err error) {
	if err := ctx.Err(); err != nil {
		return "", &access.Fault{Failure: access.FailRetry, Code: "timeout", Err: err}
	}
	why := fmt.Sprintf("job %q", j.ID)
	in, user, _ := strings.Cut(string(j.Person.Account), "/")
	if in != chat && in != "" {
		return "", Never("discordOtherChat", why)
	}
	if in == "" || !snowflake.MatchString(user) {
		return "", Never("unknownPerson", why)
	}
	ids := strings.Split(j.Resource.Target, "/")
	if len(ids) > parts || slices.ContainsFunc(ids, func(id string) bool { return !snowflake.MatchString(id) }) {
		return "", Never("unknownResource", why)
	}
	if _, ok := j.Resource.Role(j.Role.ID); !ok || !slices.Contains(roles, j.Role.ID) {
		return "", Never("unknownRole", why)
	}
	return user, nil
}
