package discordfake

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// The intents that dispatch looks at by name (Gateway, "List of Intents").
const (
	intentGuilds     = 1 << 0
	intentModeration = 1 << 2
	privileged       = IntentMembers | IntentPresences | IntentContent
)

// allIntents are the bits that mean something; any other is 4013.
func allIntents() int {
	all := 0
	for _, bit := range []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 20, 21, 24, 25} {
		all |= 1 << bit
	}
	return all
}

// intentOf gives the intent that an event needs, 0 for none (Gateway, "List of
// Intents"); direct is for what happens in direct messages.
func intentOf(event string, direct bool) int {
	either := func(server, dm int) int {
		if direct {
			return 1 << dm
		}
		return 1 << server
	}
	switch event {
	case "GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE":
		return IntentMembers
	case "GUILD_AUDIT_LOG_ENTRY_CREATE", "GUILD_BAN_ADD", "GUILD_BAN_REMOVE":
		return intentModeration
	case "MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK":
		return either(9, 12)
	case "CHANNEL_PINS_UPDATE":
		return either(0, 12)
	case "TYPING_START":
		return either(11, 14)
	case "PRESENCE_UPDATE":
		return IntentPresences
	}
	for _, prefix := range []string{"GUILD_ROLE_", "CHANNEL_", "THREAD_"} {
		if strings.HasPrefix(event, prefix) {
			return intentGuilds
		}
	}
	if slices.Contains([]string{"GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE"}, event) {
		return intentGuilds
	}
	return 0
}

// dispatch tells every session of an event: those of the right shard whose
// intents say so, also those whose app is away for a moment. f.mu is held.
func (g *Gateway) dispatch(guild, event string, data object) {
	g.expire()
	if g.hidden(event, data) {
		return
	}
	for _, s := range g.sessions {
		if shardOf(guild, s.shards) == s.shard && g.wants(s, guild, event, data) {
			s.tell(event, g.redact(s, guild, event, data))
		}
	}
}

// hidden: what is written in a channel that the app may not view, and a thread
// there, is none of its business (Permissions, "VIEW_CHANNEL"; Gateway Events,
// "Thread Create").
func (g *Gateway) hidden(event string, data object) bool {
	key := ""
	switch {
	case strings.HasPrefix(event, "MESSAGE_"):
		key = "channel_id"
	case event == "THREAD_CREATE" || event == "THREAD_UPDATE":
		key = "id"
	}
	id, _ := data[key].(string)
	c := g.f.channels[id]
	return c != nil && c.Kind != Direct && !g.f.canSee(c, g.f.opt.AppID)
}

// reach is the number of sessions that an interaction goes to.
func (g *Gateway) reach(guild string) int {
	g.expire()
	n := 0
	for _, s := range g.sessions {
		if shardOf(guild, s.shards) == s.shard {
			n++
		}
	}
	return n
}

// wants: two events about the app itself come without GUILD_MEMBERS (Gateway,
// "Caveats").
func (g *Gateway) wants(s *session, guild, event string, data object) bool {
	switch need := intentOf(event, guild == ""); {
	case event == "GUILD_MEMBER_UPDATE" && g.isSelf(data["user"]):
		return true
	case event == "THREAD_MEMBERS_UPDATE" && s.intents&IntentMembers == 0:
		return s.intents&intentGuilds != 0 && g.movesSelf(data)
	default:
		return need == 0 || s.intents&need != 0
	}
}

func (g *Gateway) isSelf(user any) bool {
	u, ok := user.(object)
	return ok && u["id"] == g.f.opt.AppID
}

// movesSelf: the app itself was added to a thread or removed.
func (g *Gateway) movesSelf(data object) bool {
	var moved struct {
		Added []struct {
			User string `json:"user_id"`
		} `json:"added_members"`
		Removed []string `json:"removed_member_ids"`
	}
	raw, _ := json.Marshal(data)
	_ = json.Unmarshal(raw, &moved)
	for _, m := range moved.Added {
		if m.User == g.f.opt.AppID {
			return true
		}
	}
	return slices.Contains(moved.Removed, g.f.opt.AppID)
}

// redact empties what a person wrote for an app without MESSAGE_CONTENT, but
// not in direct messages, its own messages, and those that mention it (Gateway,
// "Message Content Intent").
func (g *Gateway) redact(s *session, guild, event string, data object) object {
	message := event == "MESSAGE_CREATE" || event == "MESSAGE_UPDATE"
	if !message || guild == "" || s.intents&IntentContent != 0 || g.isSelf(data["author"]) || g.mentions(data) {
		return data
	}
	bare := maps.Clone(data)
	bare["content"] = ""
	for _, key := range []string{"embeds", "attachments", "components"} {
		bare[key] = []any{}
	}
	delete(bare, "poll")
	return bare
}

func (g *Gateway) mentions(data object) bool {
	users, _ := data["mentions"].([]any)
	return slices.ContainsFunc(users, g.isSelf)
}

// members answers Request Guild Members: a user list or a prefix of a name gives
// at most 100; everybody needs GUILD_MEMBERS (Gateway Events, "Request Guild
// Members"). Chunks hold at most 1000.
func (g *Gateway) members(c *conn, d json.RawMessage) {
	r, ok := readMembers(d)
	guild := g.f.guilds[r.guild]
	all := ok && r.users == nil && r.query == "" && r.limit == 0
	switch {
	case !ok || guild == nil || (all && c.session.intents&IntentMembers == 0):
		c.end(CloseUnknownOpcode)
		return
	case !all && (r.limit == 0 || r.limit > 100):
		r.limit = 100
	}
	found := []any{}
	for _, id := range slices.Sorted(maps.Keys(guild.members)) {
		if r.asks(id, g.f.users[id]) && (all || len(found) < r.limit) {
			found = append(found, g.f.memberJSON(guild, id))
		}
	}
	chunks := slices.Collect(slices.Chunk(found, 1000))
	if len(chunks) == 0 {
		chunks = [][]any{{}}
	}
	for i, chunk := range chunks {
		o := object{"guild_id": r.guild, "members": chunk, "chunk_index": i, "chunk_count": len(chunks), "not_found": r.missing(guild)}
		if r.nonce != "" && len(r.nonce) <= 32 {
			o["nonce"] = r.nonce
		}
		c.session.tell("GUILD_MEMBERS_CHUNK", o)
	}
}

// membersRequest is Request Guild Members, with one id or several where the
// documents allow both.
type membersRequest struct {
	guild, query, nonce string
	users               []string // nil: by query
	limit               int
}

func readMembers(d json.RawMessage) (membersRequest, bool) {
	var raw struct {
		Guild json.RawMessage `json:"guild_id"`
		Query *string         `json:"query"`
		Limit int             `json:"limit"`
		Users json.RawMessage `json:"user_ids"`
		Nonce string          `json:"nonce"`
	}
	if json.Unmarshal(d, &raw) != nil {
		return membersRequest{}, false
	}
	guilds, users := oneOrMore(raw.Guild), oneOrMore(raw.Users)
	if len(guilds) != 1 || (raw.Query == nil) == (users == nil) || len(users) > 100 || raw.Limit < 0 {
		return membersRequest{}, false
	}
	r := membersRequest{guild: guilds[0], users: users, limit: raw.Limit, nonce: raw.Nonce}
	if raw.Query != nil {
		r.query = *raw.Query
	}
	return r, true
}

func oneOrMore(raw json.RawMessage) []string {
	var one string
	if json.Unmarshal(raw, &one) == nil && one != "" {
		return []string{one}
	}
	var more []string
	_ = json.Unmarshal(raw, &more)
	return more
}

func (r membersRequest) asks(id string, u *user) bool {
	if r.users != nil {
		return slices.Contains(r.users, id)
	}
	return u != nil && strings.HasPrefix(strings.ToLower(u.Name), strings.ToLower(r.query))
}

func (r membersRequest) missing(g *guild) []any {
	lost := []any{}
	for _, id := range r.users {
		if g.members[id] == nil {
			lost = append(lost, id)
		}
	}
	return lost
}
