package main

import (
	"bytes"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
)

// inGuild sets the environment for a server in Discord, and nothing else.
func inGuild(t *testing.T, fake *discordfake.Fake) {
	t.Helper()
	t.Setenv("REDIS_URL", "")
	t.Setenv("USHER_DATA", t.TempDir())
	t.Setenv("USHER_ADMINS", "discord:100000000000000001")
	t.Setenv("DISCORD_BOT_TOKEN", fake.BotToken())
	t.Setenv("USHER_DISCORD_API_URL", fake.URL)
}

func ran(args ...string) (said string, code int) {
	var out, errs bytes.Buffer
	code = run(args, &out, &errs)
	return out.String() + errs.String(), code
}

func TestDoctorLooksAtDiscord(t *testing.T) {
	fake := discordfake.New(t, discordfake.Options{Intents: discordfake.IntentMembers | discordfake.IntentContent})
	inGuild(t, fake)
	low, high := fake.AddRole(discordfake.Role{Name: "Designer"}), fake.AddRole(discordfake.Role{Name: "Chief", Position: 2000})
	file := filepath.Join(t.TempDir(), "roles.yaml")
	roles := "resources:\n"
	for i, target := range []string{low, fake.GuildID() + "/" + high, "999999999999999999"} {
		roles += "  - {id: r" + strconv.Itoa(i) + ", name: R, connector: discord-role, target: '" + target + "', roles: [{id: member, name: M, can: Read}]}\n"
	}
	packages := "packages: [{id: p, name: P, roles: [r0/member, r1/member, r2/member], cards: {channels: [discord/" + fake.ChannelID("general") + "]},\n" +
		"  policies: [{id: all, name: All, requestors: [members], ends: never}]}]\n"
	if err := os.WriteFile(file, []byte(roles+packages), 0o600); err != nil {
		t.Fatal(err)
	}
	said, code := ran("doctor", file)
	if code != 0 || strings.Contains(said, "NOT IN ORDER") {
		t.Errorf("all is well, and it ended with %d:\n%s", code, said)
	}
	wants(t, said, "discord (Discord, the gateway)", "Discord chat discord: the gateway can be opened", "3 resource(s)",
		"the Server Members Intent is on", "the commands will be registered when Usher serves")

	if said, code = ran("apply", file); code != 0 {
		t.Fatal(said)
	}
	said, code = ran("doctor")
	if code != 1 {
		t.Errorf("roles are out of reach, and it ended with %d", code)
	}
	wants(t, said, "the role Designer stands below the bot's", "NOT IN ORDER: the role Chief stands above the bot's: it cannot be given",
		"NOT IN ORDER: the role 999999999999999999 is in none of the servers", "the bot may write into #general")

	t.Setenv("DISCORD_BOT_TOKEN", "MTA.hush")
	if said, code = ran("doctor"); code != 1 || strings.Contains(said, "hush") {
		t.Errorf("it ended with %d: %s", code, said)
	}
	wants(t, said, "Discord refuses the bot token")
}

// What an installation can do without is said, and is no fault.
func TestDoctorNamesTheIntentsThatAreOff(t *testing.T) {
	inGuild(t, discordfake.New(t, discordfake.Options{}))
	said, code := ran("doctor")
	if code != 0 {
		t.Errorf("nothing essential is missing, and it ended with %d:\n%s", code, said)
	}
	wants(t, said, "the Server Members Intent is off", "the Message Content Intent is off", "Privileged Gateway Intents")
}

// The link asks for what is on and never for everything, and is printed before
// the bot is in any server.
func TestDiscordInvite(t *testing.T) {
	fake := discordfake.New(t, discordfake.Options{})
	fake.RemoveBot("")
	inGuild(t, fake)
	bits := func() uint64 {
		t.Helper()
		said, code := ran("discord", "invite")
		if code != 0 {
			t.Fatal(said)
		}
		for _, line := range strings.Split(said, "\n") {
			if !strings.HasPrefix(line, "https://discord.com/oauth2/authorize?") {
				continue
			}
			u, err := url.Parse(line)
			if err != nil || u.Query().Get("client_id") != fake.AppID() || u.Query().Get("scope") != "bot applications.commands" {
				t.Fatalf("%v: %s", err, line)
			}
			n, err := strconv.ParseUint(u.Query().Get("permissions"), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		t.Fatalf("there is no link in %s", said)
		return 0
	}
	const administrator, roles, threads = 1 << 3, 1 << 28, 1 << 35
	if b := bits(); b&administrator != 0 || b&roles == 0 || b&threads != 0 {
		t.Errorf("it asks for %b", b)
	}
	said, _ := ran("discord", "invite")
	wants(t, said, "  Manage Roles: to give people roles and take them away; to change who may see and write in a channel", "never asks for Administrator")
	t.Setenv("USHER_DISCORD_WITHOUT", "roles,channels")
	t.Setenv("USHER_DISCORD_THREADS", "true")
	if b := bits(); b&roles != 0 || b&threads == 0 {
		t.Errorf("without roles and with threads it asks for %b", b)
	}
	t.Setenv("DISCORD_BOT_TOKEN", "")
	wants(t, usher(t, "discord", "invite"), "DISCORD_BOT_TOKEN")
}

func TestHalfADiscordChatIsOneSentence(t *testing.T) {
	fake := discordfake.New(t, discordfake.Options{})
	for env, words := range map[string][]string{
		"DISCORD_PUBLIC_KEY=" + fake.PublicKey(): {"USHER_HTTP_ADDR", "DISCORD_PUBLIC_KEY"},
		"DISCORD_BOT_TOKEN=Bot hush":             {"bot token", "without \"Bot \""},
		"USHER_DISCORD_SERVERS=Acme":             {"server"},
	} {
		t.Run(strings.SplitN(env, "=", 2)[0], func(t *testing.T) {
			inGuild(t, fake)
			name, value, _ := strings.Cut(env, "=")
			t.Setenv(name, value)
			said := usher(t, "serve", "--data", t.TempDir(), "--health-addr", "127.0.0.1:0")
			wants(t, said, words...)
			if strings.Contains(said, "hush") {
				t.Errorf("%q gives the token away", said)
			}
		})
	}
}

func TestAWrongTokenOfDiscordEndsServe(t *testing.T) {
	inGuild(t, discordfake.New(t, discordfake.Options{}))
	t.Setenv("DISCORD_BOT_TOKEN", "MTA.hush")
	said, code := ran("serve", "--health-addr", "127.0.0.1:0")
	if code != 1 || strings.Contains(said, "hush") {
		t.Errorf("it ended with %d: %s", code, said)
	}
	wants(t, said, "usher: Usher broke off: the bot token is refused by Discord: copy it again (Bot, Reset Token)")
}
