package config

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/usher-dev/usher/core/access"
)

// disk is a ReadFile for tests.
func disk(files map[string]string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		if text, ok := files[name]; ok {
			return []byte(text), nil
		}
		return nil, errors.New("no such file")
	}
}

const whole = `
tenant: acme
admins: [slack:T012AB3CD/U045EF6GH, discord:123456789012345678, playground:olga]
chats:
  - kind: slack
    secrets: {bot: env:ACME_SLACK, app: file:/run/app}
  - name: guild
    tenant: games
    kind: discord
    teams: ["234567890123456789", "345678901234567890"]
    fallback: "456789012345678901"
    secrets:
      bot: file:/run/discord
storage: {redis: env:REDIS_ADDRESS, allowUnsafe: true}
http: {addr: 0.0.0.0:8080}
health: {addr: ":9090"}
discord: {threads: true, without: [roles]}
log: {level: debug}
`

func TestLoadFile(t *testing.T) {
	t.Parallel()
	got, err := Load(Sources{
		File: "usher.yaml", Data: []byte(whole),
		Env:      []string{"ACME_SLACK=xoxb-1", "REDIS_ADDRESS=rediss://user:hush@db:6379/1", "HOME=/root", "USHER_SERVICE_HOST=10.0.0.1", "USHER_PORT_80_TCP=tcp://10.0.0.1:80"},
		ReadFile: disk(map[string]string{"/run/app": "xapp-1\n", "/run/discord": "discord-token\r\n"}),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Tenant: "acme", Admins: []access.Account{"slack/U045EF6GH", "guild/123456789012345678", "playground/olga"},
		Chats: []Chat{
			{Name: "slack", Tenant: "acme", Kind: "slack", Teams: []string{"T012AB3CD"}, Secrets: map[string]Secret{"bot": "xoxb-1", "app": "xapp-1"}},
			{Name: "guild", Tenant: "games", Kind: "discord", Teams: []string{"234567890123456789", "345678901234567890"}, Fallback: "456789012345678901", Secrets: map[string]Secret{"bot": "discord-token"}},
		},
		Storage: Storage{Redis: "rediss://user:hush@db:6379/1", AllowUnsafe: true},
		Discord: Discord{Threads: true, Without: []string{"roles"}},
		HTTP:    Listen{"0.0.0.0:8080"}, Health: Listen{":9090"}, Log: Log{"debug"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %#v\nwant %#v", got, want)
	}
	if err := got.CheckServe(); err != nil {
		t.Error(err)
	}
}

func TestLoadShortForms(t *testing.T) {
	t.Parallel()
	got, err := Load(Sources{
		Env: []string{
			"USHER_ADMINS=slack:T012AB3CD/U045EF6GH, discord:123456789012345678", "USHER_TENANT=acme", "USHER_ALLOW_UNSAFE=1", "USHER_DATA=",
			"REDIS_URL_FILE=/run/redis", "SLACK_BOT_TOKEN_FILE=/run/slack", "SLACK_SIGNING_SECRET=sign",
			"DISCORD_BOT_TOKEN=MTA.x", "DISCORD_PUBLIC_KEY=0123", "USHER_DISCORD_API_URL=http://127.0.0.1:9/api/v10", "USHER_DISCORD_GATEWAY_URL=ws://127.0.0.1:9",
			"USHER_DISCORD_SERVERS=234567890123456789, 345678901234567890", "USHER_DISCORD_FALLBACK=456789012345678901", "USHER_DISCORD_THREADS=true",
			"USHER_DISCORD_PER_SERVER=1", "USHER_DISCORD_ADMINISTRATORS=true", "USHER_DISCORD_WITHOUT=channels",
			"USHER_HTTP_ADDR=:8080", "USHER_HEALTH_ADDR=localhost:8081", "USHER_LOG_LEVEL=warn", "USHER_CONFIG=usher.yaml", "USHER_SLACK_API_URL=http://127.0.0.1:9/api/", "USHER_SLACK_MANAGER_FIELD=Manager",
			"USHER_SLACK_WITHOUT=channels, groups",
		},
		ReadFile: disk(map[string]string{"/run/redis": "redis://db:6379\n", "/run/slack": "xoxb-2"}),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Tenant: "acme", Admins: []access.Account{"slack/U045EF6GH", "discord/123456789012345678"},
		Chats: []Chat{
			{Name: "slack", Tenant: "acme", Kind: "slack", Teams: []string{"T012AB3CD"}, Secrets: map[string]Secret{"bot": "xoxb-2", "signing": "sign"}},
			{
				Name: "discord", Tenant: "acme", Kind: "discord", Teams: []string{"234567890123456789", "345678901234567890"}, Fallback: "456789012345678901",
				Secrets: map[string]Secret{"bot": "MTA.x", "publicKey": "0123"},
			},
		},
		Storage: Storage{Redis: "redis://db:6379", AllowUnsafe: true},
		Slack:   Slack{"http://127.0.0.1:9/api/", "Manager", []string{"channels", "groups"}},
		Discord: Discord{"http://127.0.0.1:9/api/v10", "ws://127.0.0.1:9", true, true, true, []string{"channels"}},
		HTTP:    Listen{":8080"}, Health: Listen{"localhost:8081"}, Log: Log{"warn"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %#v\nwant %#v", got, want)
	}
	if subjects := got.Subjects(); len(subjects) != 2 || subjects[1] != access.SomePerson("discord/123456789012345678") {
		t.Errorf("got %v", subjects)
	}
}

func TestLoadLayers(t *testing.T) {
	t.Parallel()
	got, err := Load(Sources{})
	if want := (Config{Tenant: "main", Health: Listen{"127.0.0.1:8081"}, Log: Log{"info"}}); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("without anything: %#v, %v", got, err)
	}
	got, err = Load(Sources{
		File: "usher.yaml", Data: []byte("tenant: file\nlog: {level: debug}\nstorage: {data: /file}\nadmins: [playground:olga]"),
		Env:   []string{"USHER_LOG_LEVEL=warn", "USHER_DATA=/env", "USHER_ADMINS=playground:ada"},
		Flags: map[string]any{"storage.data": "/flag"},
	})
	want := Config{Tenant: "file", Admins: []access.Account{"playground/ada"}, Storage: Storage{Data: "/flag"}, Health: Listen{"127.0.0.1:8081"}, Log: Log{"warn"}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("in layers: %#v, %v", got, err)
	}
	if _, err := Load(Sources{Flags: map[string]any{"storage.dta": "/x"}}); err == nil {
		t.Error("a flag for a key that is not known is taken")
	}
}

func TestLoadTakesEveryKindOfRedis(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"redis://:hush@db:6379/1", "rediss://db", "unix:///run/redis.sock",
		"redis+cluster://db1:6379?addr=db2:6379", "rediss+cluster://db1:6379",
		"redis+sentinel://s1:26379?master_name=m", "rediss+sentinel://s1:26379?master_name=m&addr=s2:26379",
	} {
		got, err := Load(Sources{Env: []string{"REDIS_URL=" + url}})
		if err != nil || got.Storage.Redis.Reveal() != url {
			t.Errorf("%s: got %q, %v", url, got.Storage.Redis.Reveal(), err)
		}
	}
	for _, url := range []string{"cluster://db", "unix+cluster:///run/redis.sock", "redis+ring://db", "redis+cluster:", "redis+sentinel"} {
		if _, err := Load(Sources{Env: []string{"REDIS_URL=" + url}}); err == nil {
			t.Errorf("%s is taken", url)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	const admins = `known are USHER_CONFIG, USHER_TENANT, USHER_ADMINS, USHER_DATA, USHER_ALLOW_UNSAFE, USHER_HTTP_ADDR, USHER_HEALTH_ADDR, USHER_LOG_LEVEL, USHER_SLACK_API_URL, USHER_SLACK_MANAGER_FIELD, USHER_SLACK_WITHOUT, ` +
		`USHER_DISCORD_API_URL, USHER_DISCORD_GATEWAY_URL, USHER_DISCORD_SERVERS, USHER_DISCORD_FALLBACK, USHER_DISCORD_THREADS, USHER_DISCORD_PER_SERVER, USHER_DISCORD_ADMINISTRATORS, USHER_DISCORD_WITHOUT, REDIS_URL`
	for name, c := range map[string]struct {
		file string
		env  []string
		want []string
	}{
		"unknown key":     {"tenat: x", nil, []string{`u.yaml:1:1: "tenat" is not known here`}},
		"deep key":        {"log:\n  levl: x", nil, []string{`u.yaml:2:3: "levl" is not known here`}},
		"not a list":      {"admins: me", nil, []string{`u.yaml:1:9: a list is expected here`}},
		"not YAML":        {"storage:\n  redis: 'redis://:hush@x\n", nil, []string{`u.yaml:2:10: this is not valid YAML`}},
		"unknown env":     {"", []string{"USHER_ADMIN=x"}, []string{`environment: USHER_ADMIN is not a known variable; ` + admins}},
		"secret twice":    {"", []string{"REDIS_URL=redis://x", "REDIS_URL_FILE=/x"}, []string{`environment: REDIS_URL and REDIS_URL_FILE are both set; choose one`}},
		"secret missing":  {"", []string{"REDIS_URL_FILE=/x"}, []string{`environment: the file that REDIS_URL_FILE names cannot be read`}},
		"secret empty":    {"", []string{"DISCORD_BOT_TOKEN_FILE=/empty"}, []string{`environment: the secret that DISCORD_BOT_TOKEN_FILE names is empty`}},
		"truth":           {"", []string{"USHER_ALLOW_UNSAFE=maybe"}, []string{`USHER_ALLOW_UNSAFE: "maybe" is neither true nor false`}},
		"two stores":      {"storage: {data: /x}", []string{"REDIS_URL=redis://x"}, []string{`u.yaml:1:17: both a Redis and a data directory are set; choose one (storage.data)`}},
		"redis":           {"storage: {redis: 'http://:hush@x'}", nil, []string{`u.yaml:1:18: this is not an address of a Redis; write redis://host:6379/0, redis+cluster://host:6379 or redis+sentinel://host:26379?master_name=NAME (storage.redis)`}},
		"redis from env":  {"", []string{"REDIS_URL=db:hush"}, []string{`REDIS_URL: this is not an address of a Redis; write redis://host:6379/0, redis+cluster://host:6379 or redis+sentinel://host:26379?master_name=NAME`}},
		"level":           {"log: {level: loud}", nil, []string{`u.yaml:1:14: "loud" is not a level of the log: trace, debug, info, warn or error (log.level)`}},
		"address":         {"http: {addr: 8080}", []string{"USHER_HEALTH_ADDR=x:99999"}, []string{`u.yaml:1:14: "8080" is not an address: write host:port, for example 127.0.0.1:8080 (http.addr)`, `USHER_HEALTH_ADDR: "x:99999" is not an address: write host:port, for example 127.0.0.1:8080`}},
		"tenant":          {"tenant: Acme Inc", nil, []string{`u.yaml:1:9: "Acme Inc" is not a name for a tenant: use a-z, 0-9 and dashes between them, at most 24 bytes (tenant)`}},
		"admin":           {"admins: [olga, 'slack:olga', 'discord:olga', 'moon:olga', 'playground:ol ga']", nil, []string{`u.yaml:1:10: "olga" is not an account: write slack:T…/U…, discord:… or playground:… (admins[0])`, `u.yaml:1:16: "slack:olga" is not an account: write slack:T…/U…, discord:… or playground:… (admins[1])`, `u.yaml:1:30: "discord:olga" is not an account: write slack:T…/U…, discord:… or playground:… (admins[2])`, `u.yaml:1:46: "moon:olga" names a chat that is not configured (admins[3])`, `u.yaml:1:59: "playground:ol ga" is not an account: write slack:T…/U…, discord:… or playground:… (admins[4])`}},
		"admin twice":     {"", []string{"USHER_ADMINS=playground:olga,playground:olga"}, []string{`USHER_ADMINS: "playground:olga" is here twice`}},
		"kind of chat":    {"chats: [{kind: irc}]", nil, []string{`u.yaml:1:16: "irc" is not a kind of chat: slack or discord (chats[0].kind)`}},
		"token in file":   {"chats:\n  - kind: slack\n    secrets: {bot: xoxb-hush}", nil, []string{`u.yaml:3:20: a secret is not written into the file: write env:NAME or file:/path (chats[0].secrets.bot)`}},
		"token unset":     {"chats:\n  - kind: slack\n    secrets: {bot: env:NOPE}", nil, []string{`u.yaml:3:20: the variable NOPE is not set (chats[0].secrets.bot)`}},
		"token's file":    {"chats:\n  - kind: slack\n    secrets: {bot: file:/x}", nil, []string{`u.yaml:3:20: the file that chats[0].secrets.bot names cannot be read`}},
		"token missing":   {"chats:\n  - kind: slack\n    secrets: {}", nil, []string{`u.yaml:3:14: a secret named "bot" is needed (chats[0].secrets)`}},
		"unknown token":   {"chats:\n  - kind: discord\n    secrets: {bot: env:A, app: env:A}", []string{"A=1"}, []string{`u.yaml:3:32: "app" is not a secret of this kind of chat; known are bot, publicKey (chats[0].secrets.app)`}},
		"chat twice":      {"chats:\n  - {kind: slack, secrets: {bot: env:A}}\n  - {kind: slack, secrets: {bot: env:A}}", []string{"A=1"}, []string{`u.yaml:3:5: "slack" is here twice (chats[1].name)`}},
		"name of a chat":  {"chats: [{name: My Chat, kind: slack, secrets: {bot: env:A}}]", []string{"A=1"}, []string{`u.yaml:1:16: "My Chat" is not a name for a chat: use a-z, 0-9 and dashes between them, at most 24 bytes (chats[0].name)`}},
		"which of two":    {"admins: ['slack:T01/U01']\nchats:\n  - {name: a, kind: slack, secrets: {bot: env:A}}\n  - {name: b, kind: slack, secrets: {bot: env:A}}", []string{"A=1"}, []string{`u.yaml:1:10: "slack:T01/U01" names a chat that is not configured (admins[0])`}},
		"tenant of chat":  {"chats: [{tenant: A B, kind: slack, secrets: {bot: env:A}}]", []string{"A=1"}, []string{`u.yaml:1:18: "A B" is not a name for a tenant: use a-z, 0-9 and dashes between them, at most 24 bytes (chats[0].tenant)`}},
		"half of Slack":   {"", []string{"SLACK_APP_TOKEN=xapp-hush"}, []string{`SLACK_APP_TOKEN: there is no bot token to go with it. Set SLACK_BOT_TOKEN`}},
		"nothing given":   {"slack: {without: [groups, rooms]}", nil, []string{`u.yaml:1:18: "rooms" is nothing that is given in Slack. It is one of: channels, groups (slack.without)`}},
		"half of Discord": {"", []string{"DISCORD_PUBLIC_KEY=hush"}, []string{`DISCORD_PUBLIC_KEY: there is no bot token to go with it. Set DISCORD_BOT_TOKEN`}},
		"none given":      {"discord: {without: [groups]}", nil, []string{`u.yaml:1:20: "groups" is nothing that is given in Discord. It is one of: roles, channels (discord.without)`}},
		"no server":       {"", []string{"DISCORD_BOT_TOKEN=x", "USHER_DISCORD_SERVERS=Acme"}, []string{`USHER_DISCORD_SERVERS: "Acme" is not the id of a workspace (T…) or of a server (a long number)`}},
		"server of none":  {"", []string{"USHER_DISCORD_SERVERS=234567890123456789"}, []string{`USHER_DISCORD_SERVERS: this is for one chat in Discord. Write "teams" and "fallback" at each chat instead, and set DISCORD_BOT_TOKEN if there is none yet`}},
		"server of two": {"discord: {fallback: '456789012345678901'}\nchats:\n  - {name: a, kind: discord, secrets: {bot: env:A}}\n  - {name: b, kind: discord, secrets: {bot: env:A}}", []string{"A=1"},
			[]string{`u.yaml:1:21: this is for one chat in Discord. Write "teams" and "fallback" at each chat instead, and set DISCORD_BOT_TOKEN if there is none yet (discord.fallback)`}},
		"teams of a chat": {"chats: [{kind: discord, teams: [T012], secrets: {bot: env:A}}, {kind: slack, teams: [T01, T01], fallback: '456789012345678901', secrets: {bot: env:A}}]", []string{"A=1"},
			[]string{
				`u.yaml:1:32: "T012" is not the id of a workspace (T…) or of a server (a long number) (chats[0].teams)`,
				`u.yaml:1:85: "T01" is here twice (chats[1].teams)`,
				`u.yaml:1:107: "456789012345678901" is not the id of a channel in Discord (a long number); no other chat needs one (chats[1].fallback)`,
			}},
		"address of API":  {"slack: {api: slack}", nil, []string{`u.yaml:1:14: this is not an address of an API: write https://host/path (slack.api)`}},
		"gateway":         {"", []string{"USHER_DISCORD_GATEWAY_URL=https://gateway"}, []string{`USHER_DISCORD_GATEWAY_URL: this is not an address of an API: write wss://host/path`}},
		"several at once": {"tenant: A\nlog: {level: x}", []string{"USHER_X=1"}, []string{`environment: USHER_X is not a known variable; ` + admins, `u.yaml:1:9: "A" is not a name for a tenant: use a-z, 0-9 and dashes between them, at most 24 bytes (tenant)`, `u.yaml:2:14: "x" is not a level of the log: trace, debug, info, warn or error (log.level)`}},
	} {
		s := Sources{Env: c.env, ReadFile: disk(map[string]string{"/empty": "\n"})}
		if c.file != "" {
			s.File, s.Data = "u.yaml", []byte(c.file)
		}
		got, err := Load(s)
		if err == nil {
			t.Errorf("%s: nothing is said", name)
			continue
		}
		if err.Error() != strings.Join(c.want, "\n") {
			t.Errorf("%s: got\n%v\nwant\n%s", name, err, strings.Join(c.want, "\n"))
		}
		if strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: the secret is in %v", name, err)
		}
		if !reflect.DeepEqual(got, Config{}) {
			t.Errorf("%s: something was taken from it", name)
		}
	}
}

func TestServeNeedsAWayIntoEachChat(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ env, want string }{
		"no way in":  {"", `the Slack chat "slack" has a bot token but no way in. Set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)`},
		"no address": {"SLACK_SIGNING_SECRET=x", `the Slack chat "slack" is called over HTTP, but there is no address to listen on. Set USHER_HTTP_ADDR, for example 0.0.0.0:8080, or SLACK_APP_TOKEN for Socket Mode`},
		"socket":     {"SLACK_APP_TOKEN=x", ""},
		"a key":      {"SLACK_APP_TOKEN=x DISCORD_BOT_TOKEN=x DISCORD_PUBLIC_KEY=x", `the Discord chat "discord" is called over HTTP, since it has a public key, but there is no address to listen on. Set USHER_HTTP_ADDR, for example 0.0.0.0:8080, or leave DISCORD_PUBLIC_KEY out for the gateway`},
		"gateway":    {"SLACK_APP_TOKEN=x DISCORD_BOT_TOKEN=x", ""},
	} {
		got, err := Load(Sources{Env: append([]string{"USHER_ADMINS=slack:T012AB3CD/U045EF6GH", "USHER_DATA=/x", "SLACK_BOT_TOKEN=xoxb-1"}, strings.Fields(c.env)...)})
		if err != nil {
			t.Fatal(err)
		}
		said := ""
		if err := got.CheckServe(); err != nil {
			said = err.Error()
		}
		if said != c.want {
			t.Errorf("%s: got %q, want %q", name, said, c.want)
		}
	}
}

func TestServeNeedsAdminsAndAStore(t *testing.T) {
	t.Parallel()
	data := Storage{Data: "/x"}
	for want, c := range map[string]Config{
		"two settings are missing: who the first admins are (USHER_ADMINS, for example slack:T012AB3CD/U045EF6GH) and where the data is kept (REDIS_URL, or --data with a directory)":                        {},
		`no tenant admin is set, so nobody could define packages. Set USHER_ADMINS, for example USHER_ADMINS=slack:T012AB3CD/U045EF6GH or discord:123456789012345678, or "admins" in the configuration file`: {Storage: data},
		"no place for data is set. Set REDIS_URL, or --data to a directory": {Admins: []access.Account{"slack/U1"}},
	} {
		if err := c.CheckServe(); err == nil || err.Error() != want {
			t.Errorf("got %v", err)
		}
	}
	servers := Config{Discord: Discord{Administrators: true}, Storage: data}
	if err := servers.CheckServe(); !access.IsCode(err, "configNoAdmins") {
		t.Errorf("without a chat in Discord: %v", err)
	}
	servers.Chats = []Chat{{Kind: "discord"}}
	if err := servers.CheckServe(); err != nil {
		t.Errorf("those who run the server are admins: %v", err)
	}
	if err := (Config{}).CheckServe(); !access.IsCode(err, "configNothing") {
		t.Error("its code is not found")
	}
}
