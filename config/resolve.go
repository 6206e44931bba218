package config

import (
	"cmp"
	"maps"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/usher-dev/usher/core/access"
)

// config checks what was written and resolves what it refers to.
func (l *loading) config(w written) Config {
	c := Config{
		Tenant: l.tenant("tenant", w.Tenant),
		HTTP:   Listen{l.addr("http.addr", w.HTTP.Addr)},
		Health: Listen{l.addr("health.addr", w.Health.Addr)},
		Log:    Log{w.Log.Level},
	}
	if !slices.Contains([]string{"trace", "debug", "info", "warn", "error"}, w.Log.Level) {
		l.refuse("log.level", "configLevel", "value", w.Log.Level)
	}
	c.Storage = Storage{l.redis(w.Storage.Redis), w.Storage.Data, w.Storage.AllowUnsafe}
	if w.Storage.Redis != "" && w.Storage.Data != "" {
		l.refuse("storage.data", "configTwoStores")
	}
	c.Slack = Slack{l.webAddress("slack.api", w.Slack.API, "https", "http"), w.Slack.ManagerField, w.Slack.Without}
	l.given("slack.without", "Slack", w.Slack.Without, SlackGives())
	c.Discord = l.discord(w)
	c.Chats = l.chats(w)
	c.Admins = l.admins(w.Admins, c.Chats)
	return c
}

func (l *loading) tenant(key, value string) access.TenantID {
	t := access.TenantID(value)
	if t.Validate() != nil {
		l.refuse(key, "configTenant", "value", value, "max", access.MaxTenant)
	}
	return t
}

func (l *loading) addr(key, value string) string {
	if value == "" {
		return ""
	}
	_, port, err := net.SplitHostPort(value)
	if n, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil || n > 65535 {
		l.refuse(key, "configAddr", "value", value)
	}
	return value
}

// webAddress checks the address of something that is called: with one of the
// schemes, of which the first is the usual one.
func (l *loading) webAddress(key, value string, schemes ...string) string {
	u, err := url.Parse(value)
	if value != "" && (err != nil || !slices.Contains(schemes, u.Scheme) || u.Host == "" || u.RawQuery != "") {
		l.refuse(key, "configURL", "scheme", schemes[0])
	}
	return value
}

// given checks that what is switched off is given in a kind of chat.
func (l *loading) given(key, kind string, without, gives []string) {
	for _, what := range without {
		if !slices.Contains(gives, what) {
			l.refuse(key, "configWithout", "value", what, "chat", kind, "want", strings.Join(gives, ", "))
		}
	}
}

// discord reads what chats in Discord have in common.
func (l *loading) discord(w written) Discord {
	l.given("discord.without", "Discord", w.Discord.Without, DiscordGives())
	return Discord{
		APIURL:     l.webAddress("discord.api", w.Discord.API, "https", "http"),
		GatewayURL: l.webAddress("discord.gateway", w.Discord.Gateway, "wss", "ws"),
		Threads:    w.Discord.Threads, PerServer: w.Discord.PerServer, Administrators: w.Discord.Administrators,
		Without: w.Discord.Without,
	}
}

// onlyDiscord gives the only chat in Discord the servers and the fallback that
// stand beside the chats, unless it has some of its own.
func (l *loading) onlyDiscord(w written, chats []Chat) {
	key := ""
	switch {
	case len(w.Discord.Servers) > 0:
		key = "discord.servers"
	case w.Discord.Fallback != "":
		key = "discord.fallback"
	default:
		return
	}
	var own []*Chat
	for i := range chats {
		if chats[i].Kind == "discord" {
			own = append(own, &chats[i])
		}
	}
	if len(own) != 1 {
		l.refuse(key, "configDiscordOne")
		return
	}
	kind, _ := findKind("discord")
	if len(own[0].Teams) == 0 {
		own[0].Teams = l.teams("discord.servers", kind, w.Discord.Servers)
	}
	own[0].Fallback = cmp.Or(own[0].Fallback, l.fallback("discord.fallback", kind, w.Discord.Fallback))
}

// teams checks the ids of a chat's workspaces or servers.
func (l *loading) teams(key string, kind chatKind, ids []string) []string {
	for i, id := range ids {
		switch {
		case !kind.team.MatchString(id):
			l.refuse(key, "configTeam", "value", id)
		case slices.Contains(ids[:i], id):
			l.refuse(key, "duplicate", "value", id)
		}
	}
	return ids
}

func (l *loading) fallback(key string, kind chatKind, id string) string {
	if id != "" && (kind.name != "discord" || !kind.team.MatchString(id)) {
		l.refuse(key, "configFallback", "value", id)
	}
	return id
}

// redisSchemes are those that storage/redis reads: one server (with TLS, on a
// socket), a Cluster, Sentinel. Their queries are checked when it is opened.
func redisSchemes() []string {
	return []string{"redis", "rediss", "unix", "redis+cluster", "rediss+cluster", "redis+sentinel", "rediss+sentinel"}
}

// redis takes the URL itself or a reference. Neither is shown in a problem.
func (l *loading) redis(value string) Secret {
	if value == "" {
		return ""
	}
	if isRef(value) {
		value = l.reference("storage.redis", value)
		if value == "" {
			return ""
		}
	}
	u, err := url.Parse(value)
	if err != nil || !slices.Contains(redisSchemes(), u.Scheme) || u.Host+u.Path == "" {
		l.refuse("storage.redis", "configRedis")
	}
	return Secret(value)
}

func isRef(value string) bool {
	return strings.HasPrefix(value, "env:") || strings.HasPrefix(value, "file:")
}

// reference resolves env:NAME or file:/path; empty when it cannot.
func (l *loading) reference(key, ref string) string {
	kind, name, _ := strings.Cut(ref, ":")
	switch kind {
	case "env":
		value, ok := l.env[name]
		if !ok {
			l.refuse(key, "configEnvUnset", "name", name)
		}
		return value
	case "file":
		where := Problem{}
		if l.source != nil {
			where = l.source.problem(l.source.token(key), access.Refuse(access.Invalid, ""))
		}
		value, _ := l.secretFile(where, key, name)
		return value
	}
	l.refuse(key, "configRef")
	return ""
}

func (l *loading) chats(w written) []Chat {
	var chats []Chat
	seen := map[string]bool{}
	for i, doc := range w.Chats {
		at := path("chats[%d]", i)
		kind, ok := findKind(doc.Kind)
		if !ok {
			l.refuse(at+".kind", "configChatKind", "value", doc.Kind)
			continue
		}
		chat := Chat{
			Name: cmp.Or(doc.Name, doc.Kind), Kind: doc.Kind,
			Tenant:   l.tenant(at+".tenant", cmp.Or(doc.Tenant, w.Tenant)),
			Teams:    l.teams(at+".teams", kind, doc.Teams),
			Fallback: l.fallback(at+".fallback", kind, doc.Fallback),
			Secrets:  l.secrets(at+".secrets", kind, doc.Secrets),
		}
		switch {
		case access.ValidateSlug(chat.Name) != nil || len(chat.Name) > access.MaxTenant:
			l.refuse(at+".name", "configChatName", "value", chat.Name, "max", access.MaxTenant)
		case seen[chat.Name]:
			l.refuse(at+".name", "duplicate", "value", chat.Name)
		}
		seen[chat.Name] = true
		chats = append(chats, chat)
	}
	for _, kind := range chatKinds() {
		if !slices.ContainsFunc(w.Chats, func(c writtenChat) bool { return c.Kind == kind.name }) {
			chats = append(chats, l.shortChat(kind, access.TenantID(w.Tenant))...)
		}
	}
	l.onlyDiscord(w, chats)
	return chats
}

func (l *loading) secrets(at string, kind chatKind, refs map[string]string) map[string]Secret {
	secrets := map[string]Secret{}
	for _, name := range sortedKeys(refs) {
		key := at + "." + name
		if !slices.Contains(kind.secretNames(), name) {
			l.refuse(key, "configRefKey", "value", name, "want", strings.Join(kind.secretNames(), ", "))
			continue
		}
		secrets[name] = Secret(l.reference(key, refs[name]))
	}
	for _, s := range kind.secrets {
		if _, ok := secrets[s.name]; s.required && !ok {
			l.refuse(at, "configRefMissing", "value", s.name)
		}
	}
	return secrets
}

// shortChat is the chat that the environment alone describes.
func (l *loading) shortChat(kind chatKind, tenant access.TenantID) []Chat {
	secrets := map[string]Secret{}
	for _, s := range kind.secrets {
		if value, ok := l.secretVariable(s.variable); ok {
			secrets[s.name] = Secret(value)
		}
	}
	if secrets[kind.secrets[0].name] == "" {
		l.halfOf(kind, secrets)
		return nil
	}
	return []Chat{{Name: kind.name, Tenant: tenant, Kind: kind.name, Secrets: secrets}}
}

// halfOf refuses the secrets of a chat without its bot token: whoever set them
// means a chat.
func (l *loading) halfOf(kind chatKind, secrets map[string]Secret) {
	for _, s := range kind.secrets {
		if secrets[s.name] != "" {
			l.report = append(l.report, Problem{Source: s.variable, Err: access.Refuse(access.Invalid, kind.half)})
			return
		}
	}
}

var (
	slackTeam = regexp.MustCompile(`^[TE][A-Z0-9]{2,}$`)
	slackUser = regexp.MustCompile(`^([TE][A-Z0-9]{2,})/([UW][A-Z0-9]{2,})$`)
	discordID = regexp.MustCompile(`^[1-9][0-9]{4,19}$`)
)

func (l *loading) admins(list []string, chats []Chat) []access.Account {
	var admins []access.Account
	for i, text := range list {
		key := path("admins[%d]", i)
		if name, ok := l.from["admins"]; ok {
			l.from[key] = name
		}
		account, team, code := admin(text, chats)
		switch {
		case code != "":
			l.refuse(key, code, "value", text)
		case slices.Contains(admins, account):
			l.refuse(key, "duplicate", "value", text)
		default:
			admins = append(admins, account)
			addTeam(chats, account, team)
		}
	}
	return admins
}

// addTeam notes that a chat of Slack is of a team.
func addTeam(chats []Chat, admin access.Account, team string) {
	name, _, _ := strings.Cut(string(admin), "/")
	i := slices.IndexFunc(chats, func(c Chat) bool { return c.Name == name })
	if team != "" && i >= 0 && !slices.Contains(chats[i].Teams, team) {
		chats[i].Teams = append(chats[i].Teams, team)
	}
}

// admin reads "<chat>:<user>". A user of Slack is written with the team, which
// is no part of the account: one chat is one workspace. The chat is named by its name, or by its kind
// when there is one of that kind; with no chat of the kind, the kind is what
// its name will be.
func admin(text string, chats []Chat) (account access.Account, team, code string) {
	prefix, user, ok := strings.Cut(text, ":")
	if !ok {
		return "", "", "configAdmin"
	}
	var found []Chat
	for _, c := range chats {
		if c.Name == prefix {
			found = []Chat{c}
			break
		}
		if c.Kind == prefix {
			found = append(found, c)
		}
	}
	kind, known := findKind(prefix)
	name, kindName := prefix, kind.name
	switch {
	case len(found) == 1:
		name, kindName = found[0].Name, found[0].Kind
	case len(found) > 1, !known && prefix != "playground":
		return "", "", "configAdminChat"
	}
	switch m := slackUser.FindStringSubmatch(user); {
	case kindName == "slack" && m == nil, kindName == "discord" && !discordID.MatchString(user):
		return "", "", "configAdmin"
	case kindName == "slack":
		team, user = m[1], m[2]
	}
	account = access.Account(name + "/" + user)
	if account.Validate() != nil {
		return "", "", "configAdmin"
	}
	return account, team, ""
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
