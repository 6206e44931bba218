package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/usher-dev/usher/adapters/desk"
	"github.com/usher-dev/usher/adapters/slack"
	"github.com/usher-dev/usher/config"
)

// ManifestOptions are those of SlackManifest.
type ManifestOptions struct {
	Common
	Config  config.Config
	HTTP    string // public address ("https://usher.example.org"); empty: Socket Mode
	Name    string // of the app in Slack; empty: Usher
	Manager bool   // managers are read from profiles, also when Config does not say so
}

// SlackManifest prints the manifest to make the app in Slack from: the
// commands of the desk, and the permissions of the adapter and of the
// connectors that are on, with the reason for each.
func SlackManifest(o ManifestOptions) error {
	text, err := slack.ManifestYAML(slackCommands(), slack.ManifestOptions{
		Name: o.Name, BaseURL: o.HTTP, Scopes: slackScopes(o.Config.Slack), Manager: o.Manager || o.Config.Slack.ManagerField != "",
	})
	if err != nil {
		return trouble(err, "The manifest cannot be made: %s.", strings.TrimPrefix(plain(err), "slack: "))
	}
	_, err = o.Out.Write(text)
	return err
}

// slackCommands are the slash commands of the desk's table, with what may be
// typed after them.
func slackCommands() []slack.Command {
	about := map[string]string{
		desk.Access:      "Ask for access, see what you have, and decide",
		desk.AccessAdmin: "Give, take away and look after access",
	}
	var all []slack.Command
	group := "" // "package" of the command before: "package list"
	for _, c := range desk.Commands() {
		i := slices.IndexFunc(all, func(s slack.Command) bool { return s.Name == c.Root })
		if i < 0 {
			i = len(all)
			all = append(all, slack.Command{Name: c.Root, Description: about[c.Root]})
		}
		first, rest, grouped := strings.Cut(c.Name, " ")
		switch {
		case grouped && first == group:
			all[i].Usage += "|" + rest
			continue
		case all[i].Usage != "":
			all[i].Usage += " | "
		}
		if group = ""; grouped {
			group = first
			all[i].Usage += c.Name
			continue
		}
		all[i].Usage += usage(c)
	}
	return all
}

// usage is what a command looks like when it is typed in full.
func usage(c desk.Command) string {
	words := []string{c.Name}
	for _, arg := range c.Args {
		like := map[desk.ArgKind]string{
			desk.ArgPackage: "package", desk.ArgPerson: "@person", desk.ArgUntil: "until date", desk.ArgPlace: "#channel",
			desk.ArgCode: "code",
		}[arg.Kind]
		if like == "" {
			like = string(arg.Kind)
		}
		if arg.Kind == desk.ArgPerson && arg.Name == "for" {
			like = "for " + like
		}
		words = append(words, fmt.Sprintf("[%s]", like))
	}
	return strings.Join(words, " ")
}
