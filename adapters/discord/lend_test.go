package discord

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
)

func TestConnectorsShareTheAdaptersRoad(t *testing.T) {
	t.Parallel()
	f := furnish(t, "gateway", discordfake.Options{}, func(o *Options) { o.Clock = &clock{at: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)} })
	rest, err := f.a.REST()
	if err != nil {
		t.Fatal(err)
	}
	get := func(url string) error {
		_, err := rest.RequestWithLockedBucket(http.MethodGet, url, "", nil, discordgo.NewRatelimiter().LockBucket(url), 0,
			discordgo.WithRetryOnRatelimit(false), discordgo.WithRestRetries(0))
		return err
	}
	here, elsewhere := discordgo.EndpointGuildMember(f.fake.GuildID(), f.people[0]), discordgo.EndpointGuild("5")
	if err := get(here); err != nil {
		t.Fatal(err)
	}
	var refused *discordgo.RESTError
	if err := get(elsewhere); !errors.As(err, &refused) || refused.Message.Code != 10004 || refused.Response.StatusCode != 404 {
		t.Errorf("a refusal is %v", err)
	}
	limited := func(url string, wait time.Duration) {
		t.Helper()
		var l *discordgo.RateLimitError
		if err := get(url); !errors.As(err, &l) || l.RetryAfter != wait {
			t.Errorf("%s: %v, want to wait %s", url, err, wait)
		}
	}
	f.fake.Fail(discordfake.Fault{Status: 429, HTML: true, RetryAfter: 7 * time.Second})
	limited(here, 7*time.Second)
	called := len(f.fake.Calls(""))
	limited(discordgo.EndpointGuildMember(f.fake.GuildID(), f.people[1]), 7*time.Second) // counted together
	if got := len(f.fake.Calls("")); got != called {
		t.Errorf("%d calls were made before the time", got-called)
	}
	if err := get(elsewhere); !errors.As(err, &refused) {
		t.Errorf("another server waits as well: %v", err)
	}
	f.fake.Fail(discordfake.Fault{Status: 429, Scope: "global", RetryAfter: 3 * time.Second})
	if err := f.a.call(t.Context(), errand{method: http.MethodGet, url: discordgo.EndpointUser("@me"), way: "user"}, nil); err == nil {
		t.Fatal("the adapter's call was not limited")
	}
	limited(elsewhere, 3*time.Second)
}
