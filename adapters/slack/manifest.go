package slack

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/chat"
)

// Command is one slash command of the manifest.
type Command struct {
	Name        string // "access"
	Description string // one line; Slack shows it while people type
	Usage       string
}

// ManifestOptions says what app the manifest describes.
type ManifestOptions struct {
	Name string // shown in Slack; "Usher" by default
	// BaseURL is the public address ("https://usher.example.org") for HTTP;
	// empty: Socket Mode.
	BaseURL string
	// Scopes are those of the connectors that are on, besides Scopes.
	Scopes  []Scope
	Manager bool // managers are read from profiles
}

// botName is what the name of a bot must not have ("App manifest reference").
var botName = regexp.MustCompile(`[^A-Za-z0-9_.-]+`)

// Manifest describes the app for "Create an app from a manifest" ("App
// manifest reference").
func Manifest(commands []Command, o ManifestOptions) (*api.Manifest, error) {
	if o.BaseURL != "" && !strings.HasPrefix(o.BaseURL, "https://") {
		return nil, errors.New("slack: the public address must begin with https://")
	}
	name := chat.Cut(orElse(o.Name, "Usher"), 35)
	m := &api.Manifest{
		Metadata: api.ManifestMetadata{MajorVersion: 1, MinorVersion: 1},
		Display: api.Display{
			Name: name, Description: "Access packages: ask, decide and give back, right here", BackgroundColor: "#2c3e50",
		},
		Features: api.Features{
			AppHome:       api.AppHome{HomeTabEnabled: true, MessagesTabEnabled: true},
			BotUser:       api.BotUser{DisplayName: botName.ReplaceAllString(name, "-"), AlwaysOnline: true},
			Shortcuts:     shortcuts(),
			SlashCommands: slashCommands(commands, o.url("commands")),
		},
		OAuthConfig: api.OAuthConfig{Scopes: api.OAuthScopes{Bot: names(o.scopes())}},
		Settings: api.Settings{
			SocketModeEnabled:  o.BaseURL == "",
			EventSubscriptions: &api.EventSubscriptions{RequestUrl: o.url("events"), BotEvents: botEvents()},
			Interactivity: &api.Interactivity{
				IsEnabled: true, RequestUrl: o.url("interactions"), MessageMenuOptionsUrl: o.url("interactions"),
			},
		},
	}
	return m, nil
}

func (o ManifestOptions) url(path string) string {
	if o.BaseURL == "" {
		return ""
	}
	return strings.TrimSuffix(o.BaseURL, "/") + "/slack/" + path
}

// scopes are all that are needed, each once, with its first reason.
func (o ManifestOptions) scopes() []Scope { return each(append(Scopes(o.Manager), o.Scopes...)) }

func names(scopes []Scope) []string {
	var out []string
	for _, s := range scopes {
		out = append(out, s.Name)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// botEvents are what the adapter listens to; each is covered by a scope.
func botEvents() []string {
	return []string{
		"app_home_opened", "member_joined_channel", "member_left_channel", "message.channels", "message.groups", "message.im",
		"subteam_members_changed", "subteam_updated", "user_change",
	}
}

func shortcuts() []api.Shortcut {
	return []api.Shortcut{
		{Name: "Request access", CallbackID: shortcutRequest, Description: "Ask for an access package", Type: api.GlobalShortcut},
		{Name: "Ask for access about this", CallbackID: shortcutMessage, Description: "Ask, with a link to this message", Type: api.MessageShortcut},
	}
}

func slashCommands(commands []Command, url string) []api.ManifestSlashCommand {
	var out []api.ManifestSlashCommand
	for _, c := range commands {
		out = append(out, api.ManifestSlashCommand{
			Command: "/" + c.Name, Description: chat.Cut(c.Description, 200), UsageHint: chat.Cut(c.Usage, 1000), Url: url, ShouldEscape: true,
		})
	}
	return out
}

// ManifestYAML writes the manifest with the reason for each scope as comments.
func ManifestYAML(commands []Command, o ManifestOptions) ([]byte, error) {
	m, err := Manifest(commands, o)
	if err != nil {
		return nil, err
	}
	out := []byte("# Why each permission is needed:\n")
	for _, s := range o.scopes() {
		out = fmt.Appendf(out, "#   %s: %s\n", s.Name, s.Reason)
	}
	body, err := yaml.Marshal(m)
	return append(out, body...), err
}
