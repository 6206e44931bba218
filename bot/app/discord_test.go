package app

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/adapters/discord"
	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/storage"
)

// guilds are a workspace in Slack and servers in Discord, all called over HTTP.
func guilds(names ...string) config.Config {
	c := workspaces("slack")
	for _, name := range names {
		c.Chats = append(c.Chats, config.Chat{Name: name, Kind: "discord", Tenant: "of-slack", Secrets: map[string]config.Secret{
			"bot": "MTA.x", "publicKey": config.Secret(strings.Repeat("0123456789abcdef", 4)),
		}})
	}
	return c
}

func TestChatsOfBothKindsAreCalledAtTheRoot(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		names []string
		path  string
		want  int
	}{
		{[]string{"discord"}, "/discord/interactions", http.StatusUnauthorized}, // there, and unsigned
		{[]string{"discord"}, "/slack/commands", http.StatusUnauthorized},
		{[]string{"discord"}, "/chats/discord/discord/interactions", http.StatusUnauthorized},
		{[]string{"discord", "games"}, "/chats/games/discord/interactions", http.StatusUnauthorized},
		{[]string{"discord", "games"}, "/discord/interactions", http.StatusNotFound},
		{[]string{"discord", "games"}, "/slack/commands", http.StatusUnauthorized},
		{nil, "/discord/interactions", http.StatusNotFound},
	} {
		chats, err := openChats(setting{config: guilds(c.names...), clock: realClock{}, log: zerolog.Nop(), behind: &behind{}})
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		deliveries(chats).ServeHTTP(w, httptest.NewRequest(http.MethodPost, c.path, strings.NewReader("")))
		if w.Code != c.want {
			t.Errorf("%v %s: got %d, want %d", c.names, c.path, w.Code, c.want)
		}
	}
}

func TestChatsInWords(t *testing.T) {
	t.Parallel()
	c := guilds("discord", "games")
	c.Chats[2].Secrets = map[string]config.Secret{"bot": "MTA.x"}
	want := "People speak to it in slack (Slack, HTTP), discord (Discord, HTTP), games (Discord, the gateway)."
	if got := chatsInWords(c); got != want {
		t.Errorf("got %q", got)
	}
}

func TestConnectorsOfDiscordAreThoseThatAreOn(t *testing.T) {
	t.Parallel()
	c := guilds("games")
	if got := connectorNames(c, storage.Serve); !slices.Equal(got, []string{"games-channel", "games-role", "manual", "slack-channel", "slack-group"}) {
		t.Errorf("there are %q", got)
	}
	c.Discord.Without = []string{"roles"}
	if got := connectorNames(c, storage.Serve); slices.Contains(got, "games-role") || !slices.Contains(got, "games-channel") {
		t.Errorf("without roles there are %q", got)
	}
}

// Who runs a server is an admin only if the configuration says so.
func TestWhoRunsAServerIsAnAdminIfThatIsWanted(t *testing.T) {
	t.Parallel()
	c := guilds("games")
	if got := serverAdmins(c, "of-slack"); len(got) != 0 {
		t.Errorf("unasked, these are admins: %v", got)
	}
	c.Discord.Administrators = true
	if got := serverAdmins(c, "of-slack"); !slices.Equal(got, []access.Subject{access.SomeGroup(discord.Administrators("games"))}) {
		t.Errorf("the admins are %v", got)
	}
	if got := serverAdmins(c, "other"); len(got) != 0 {
		t.Errorf("in another tenant: %v", got)
	}
}
