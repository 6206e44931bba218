package e2e

import (
	"fmt"
	"testing"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
	"github.com/usher-dev/usher/bot/app"
	"github.com/usher-dev/usher/config"
)

// inBoth tells a story in one organisation with a workspace in Slack and a
// server in Discord, which one process serves.
func inBoth(t *testing.T, story func(t *testing.T, o *office, s *server)) {
	t.Helper()
	t.Parallel()
	for _, kind := range []string{"bolt", "redis"} {
		for _, way := range []string{"outwards", "http"} {
			t.Run(kind+"/"+way, func(t *testing.T) {
				t.Parallel()
				o := newWorkspace(t, "slack", "T0DEMO", &movable{})
				s := newGuild(t, "discord", o.clock, discordfake.Options{})
				o.env = []string{
					"USHER_TENANT=acme", "USHER_ADMINS=slack:T0DEMO/U0OLGA", "USHER_HEALTH_ADDR=127.0.0.1:0", stored(t, kind),
					"SLACK_BOT_TOKEN=" + o.fake.BotToken(), "USHER_SLACK_API_URL=" + o.fake.URL, "USHER_SLACK_MANAGER_FIELD=Manager",
					"DISCORD_BOT_TOKEN=" + s.fake.BotToken(), "USHER_DISCORD_API_URL=" + s.fake.URL, "USHER_DISCORD_SERVERS=" + discordGuild,
				}
				if way == "http" {
					o.env = append(o.env, "SLACK_SIGNING_SECRET="+o.fake.SigningSecret(), "DISCORD_PUBLIC_KEY="+s.fake.PublicKey(), "USHER_HTTP_ADDR=127.0.0.1:0")
				} else {
					o.env = append(o.env, "SLACK_APP_TOKEN="+o.fake.AppToken())
				}
				var err error
				if o.conf, err = app.LoadConfig(config.Sources{Env: o.env}); err != nil {
					t.Fatal(err)
				}
				s.conf = o.conf
				inSlack := o.reachable
				o.reachable = func(http string) error {
					if err := inSlack(http); err != nil {
						return err
					}
					return s.reachable(http)
				}
				o.start()
				s.run = o.run
				if err := s.fake.Await("the commands", func() bool { return len(s.fake.Commands("")) > 0 }); err != nil {
					t.Fatal(err)
				}
				o.defineFrom("both.yaml")
				story(t, o, s)
			})
		}
	}
}

// Asked in Discord, cards in a channel of Slack and in one of Discord, decided
// in Slack: both cards show it, access is given in Discord, where the account
// is, and the requestor hears there.
func TestAskedInDiscordDecidedInSlack(t *testing.T) {
	inBoth(t, func(t *testing.T, o *office, s *server) {
		if err := o.run.Runtime.Confirm(t.Context(), "acme", "slack/U0OLGA", "slack/U0NORA", "confirm"); err != nil {
			t.Fatal(err)
		}
		if err := o.fake.Join("C0GATE", "U0NORA"); err != nil {
			t.Fatal(err)
		}
		mina, nora, ada := s.member("mina"), o.person("nora"), s.member("ada")
		mina.ask("both", "Both", map[string]any{"Why is it needed?": "The new website"})
		here := nora.card("Request: Both", "Mina Okafor", "The new website", "[Approve]")
		there := ada.card("Request: Both", "Mina Okafor", "The new website", "[Approve]")

		// An account that nobody vouched for decides nothing, wherever it is.
		ada.press(there, "Approve")
		ada.hears("Usher does not know yet whether you have another account")

		nora.press(here, "Approve")
		s.waitHas("mina", "oncall")
		nora.card("Request: Both", "Nora Quinn", "The access is on")
		ada.card("Request: Both", "Nora Quinn", "The access is on")
		mina.card("You now have", "Both")
		o.person("mina").without("You now have") // her namesake in Slack is somebody else
		if err := ada.pressOld(there, "Approve"); err != nil {
			t.Fatal(err)
		}
		ada.hears("Nora Quinn")
		for chat, n := range map[string]int{"slack": o.counted()["taken"], "discord": s.counted()["taken"]} {
			if n == 0 {
				t.Error(fmt.Sprint("nothing is counted of ", chat))
			}
		}
		if err := o.asks("/readyz", "ready"); err != nil {
			t.Error(err)
		}
	})
}
