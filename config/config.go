package config

import (
	"regexp"
	"slices"

	"github.com/usher-dev/usher/core/access"
)

// Config is the configuration of one process. Load fills it.
type Config struct {
	Tenant  access.TenantID // default "main"
	Admins  []access.Account
	Chats   []Chat
	Storage Storage
	HTTP    Listen // for calls from chats; default: none
	Slack   Slack
	Discord Discord
	Health  Listen // /livez, /readyz, /metrics; default 127.0.0.1:8081
	Log     Log
}

// Chat is one connected workspace or server.
type Chat struct {
	Name   string          // first part of its accounts; default: the kind
	Tenant access.TenantID // default: Config.Tenant
	Kind   string          // "slack" or "discord"
	// Teams are the workspaces and organisations (T…, E…) of Slack that the
	// admins of this chat are named with, or the servers of Discord, by id;
	// empty: that of its token, the only server that the bot is in.
	Teams []string
	// Fallback is the channel in Discord, by id, where people get a private
	// thread whose direct messages are closed to the bot; empty: none do.
	Fallback string
	Secrets  map[string]Secret
}

// Slack is what every chat of Slack has in common.
type Slack struct {
	APIURL string // of the Web API; empty: Slack's own
	// ManagerField names the profile field that holds a person's manager;
	// empty: nobody has one.
	ManagerField string
	// Without names what is not given in Slack, of SlackGives: its connectors
	// are not there, and the app needs none of their permissions.
	Without []string
}

// Gives reports whether Usher may give something of SlackGives.
func (s Slack) Gives(what string) bool { return !slices.Contains(s.Without, what) }

// What Usher gives in Slack.
const (
	SlackChannels = "channels"
	SlackGroups   = "groups"
)

// SlackGives is everything that Usher gives in Slack.
func SlackGives() []string { return []string{SlackChannels, SlackGroups} }

// Discord is what every chat of Discord has in common.
type Discord struct {
	APIURL     string // of the REST API; empty: Discord's own
	GatewayURL string // empty: the one that the API names
	// Threads opens a thread below each card in a channel.
	Threads bool
	// PerServer registers the commands in each server instead of for all of
	// them: a change is seen at once, as development wants it.
	PerServer bool
	// Administrators makes owners of the servers, and whoever has the
	// permission Administrator there, tenant admins.
	Administrators bool
	// Without names what is not given in Discord, of DiscordGives: its
	// connectors are not there, and the bot needs none of their permissions.
	Without []string
}

// Gives reports whether Usher may give something of DiscordGives.
func (d Discord) Gives(what string) bool { return !slices.Contains(d.Without, what) }

// What Usher gives in Discord.
const (
	DiscordRoles    = "roles"
	DiscordChannels = "channels"
)

// DiscordGives is everything that Usher gives in Discord.
func DiscordGives() []string { return []string{DiscordRoles, DiscordChannels} }

// Storage says where the state is kept: in a Redis, or in a directory.
type Storage struct {
	Redis Secret // a URL: it may hold a password
	Data  string
	// AllowUnsafe takes a Redis that keeps nothing on disk or may evict keys.
	AllowUnsafe bool
}

// Listen is an address to listen on, "host:port"; empty: not at all.
type Listen struct{ Addr string }

// Log says how much is logged: trace, debug, info (default), warn or error.
type Log struct{ Level string }

// CheckServe wants what serve cannot do without: a tenant admin, one place for
// data, and for each chat a way in. Errors are a Report of sentences for the operator.
func (c Config) CheckServe() error {
	var r Report
	noAdmins, noStore := len(c.Admins) == 0 && !c.runByServers(), c.Storage.Redis == "" && c.Storage.Data == ""
	switch {
	case noAdmins && noStore: // as on the very first try: one sentence for both
		r = append(r, Problem{Err: access.Refuse(access.Invalid, "configNothing")})
	case noAdmins:
		r = append(r, Problem{Err: access.Refuse(access.Invalid, "configNoAdmins")})
	case noStore:
		r = append(r, Problem{Err: access.Refuse(access.Invalid, "configNoStore")})
	}
	for _, chat := range c.Chats {
		if code := chat.noWayIn(c.HTTP); code != "" {
			r = append(r, Problem{Err: access.Refuse(access.Invalid, code, "name", chat.Name)})
		}
	}
	return r.err()
}

// runByServers reports whether those who run a server of Discord are admins.
func (c Config) runByServers() bool {
	return c.Discord.Administrators && slices.ContainsFunc(c.Chats, func(one Chat) bool { return one.Kind == "discord" })
}

// noWayIn is why people could not speak to Usher in a chat; "" when they can.
// Discord's gateway needs no more than the bot token.
func (c Chat) noWayIn(http Listen) string {
	switch {
	case c.Kind == "slack" && c.Secrets["app"] == "" && c.Secrets["signing"] == "":
		return "configSlackWay"
	case c.Kind == "slack" && c.Secrets["app"] == "" && http.Addr == "":
		return "configSlackAddr"
	case c.Kind == "discord" && c.Secrets["publicKey"] != "" && http.Addr == "":
		return "configDiscordAddr"
	}
	return ""
}

// Subjects are the admins as settings name them.
func (c Config) Subjects() []access.Subject {
	subjects := make([]access.Subject, len(c.Admins))
	for i, a := range c.Admins {
		subjects[i] = access.SomePerson(access.PersonID(a))
	}
	return subjects
}

// chatKind is what the configuration knows of a kind of chat: its secrets,
// the variables that are their short forms, and how its accounts are written.
type chatKind struct {
	name    string
	half    string         // what is said when only other secrets than the first are set
	team    *regexp.Regexp // what the id of a workspace or server looks like
	secrets []chatSecret
}

type chatSecret struct {
	name, variable string
	required       bool
}

func chatKinds() []chatKind {
	return []chatKind{
		{"slack", "configSlackBot", slackTeam, []chatSecret{
			{"bot", "SLACK_BOT_TOKEN", true},
			{"app", "SLACK_APP_TOKEN", false},          // Socket Mode
			{"signing", "SLACK_SIGNING_SECRET", false}, // HTTP
		}},
		{"discord", "configDiscordBot", discordID, []chatSecret{
			{"bot", "DISCORD_BOT_TOKEN", true},
			{"publicKey", "DISCORD_PUBLIC_KEY", false}, // HTTP
		}},
	}
}

func findKind(name string) (chatKind, bool) {
	for _, k := range chatKinds() {
		if k.name == name {
			return k, true
		}
	}
	return chatKind{}, false
}

func (k chatKind) secretNames() []string {
	var names []string
	for _, s := range k.secrets {
		names = append(names, s.name)
	}
	slices.Sort(names)
	return names
}
