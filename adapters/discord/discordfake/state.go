package discordfake

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// object is a JSON object.
type object = map[string]any

// state is all that this Discord knows. Fake.mu guards it.
type state struct {
	users        map[string]*user
	guilds       map[string]*guild
	channels     map[string]*channel
	messages     map[string][]*message // by channel, in the order of ids
	interactions map[string]*interaction
	tokens       map[string]*interaction // by interaction token
	commands     map[string][]object     // by guild; "" global
	created      map[string][]time.Time  // command creates of the last day, by guild
	nonces       map[string]*message     // the newest message of each, by the bot
	faults       []*Fault
	calls        []Call
	holding      int
	recent       []time.Time // requests that count for the global limit, of the last second
	invalid      []time.Time // answers of 401, 403 and 429, of the last ten minutes
	buckets      map[string][]time.Time
	peak         int
}

func newState() state {
	return state{
		users: map[string]*user{}, guilds: map[string]*guild{}, channels: map[string]*channel{}, messages: map[string][]*message{},
		interactions: map[string]*interaction{}, tokens: map[string]*interaction{}, commands: map[string][]object{},
		created: map[string][]time.Time{}, nonces: map[string]*message{}, buckets: map[string][]time.Time{},
	}
}

// User is a person or a bot. An empty ID is made up, the other fields default
// to Name; Locale to "en-US".
type User struct {
	ID, Name, GlobalName, Locale string
	Bot                          bool
	// DMsClosed: nobody may write to them (50007).
	DMsClosed bool
}

type user struct {
	User
	sees      []string // what Discord told them that went wrong
	ephemeral []*message
	modal     *modal
}

// Guild is a server. An empty Owner is a person made up for it.
type Guild struct {
	ID, Name, Owner, Locale string
	TwoFactor               bool // moderators need two-factor authentication (60003)
	NoBot                   bool // the app is not in it
}

type guild struct {
	Guild
	roles   map[string]*role
	members map[string]*member
	audit   []AuditEntry
}

// Role is a role of a server.
type Role struct {
	Guild, ID, Name string
	Position        int // 0: below all but @everyone that come later
	Managed         bool
	Mentionable     bool
	Permissions     Permissions
}

type role struct{ Role }

// Member is a user in a server. Roles, user and guild are ids; Guild "" is the
// first server.
type Member struct {
	Guild, User   string
	Roles         []string
	Nick          string
	Pending       bool // has not passed membership screening
	TimedOutUntil time.Time
}

type member struct {
	Member
	roles  map[string]bool
	joined time.Time
}

// Kind is the type of a channel (Channel, "Channel Types").
type Kind int

// The types of channels that this fake has.
const (
	Text          Kind = 0
	Direct        Kind = 1
	Voice         Kind = 2
	Category      Kind = 4
	Announcement  Kind = 5
	PublicThread  Kind = 11
	PrivateThread Kind = 12
)

// Overwrite allows or denies permissions to a role or a member in a channel.
type Overwrite struct {
	ID          string
	Member      bool // of a member; else of a role
	Allow, Deny Permissions
}

// Channel is a channel or a thread of a server. Guild "" is the first server.
type Channel struct {
	Guild, ID, Name  string
	Kind             Kind
	Parent           string // of threads: the channel that they are in
	Private          bool   // @everyone may not view it; the bot and Members may
	Members          []string
	Overwrites       []Overwrite
	Owner            string // of threads: who made it
	Archived, Locked bool
	NoInvite         bool // of private threads: only moderators add people
}

type channel struct {
	Channel
	with       string // of direct messages: the person
	overwrites map[string]Overwrite
	people     map[string]time.Time // of threads: members, and since when
	lastID     string
	autoHide   int
}

func (c *channel) isThread() bool { return c.Kind == PublicThread || c.Kind == PrivateThread }

// AuditEntry is one line of a server's audit log.
type AuditEntry struct {
	Guild, ID, By string
	Action        int // Audit Log, "Audit Log Events"
	Target        string
	Reason        string
	Changes       []any
}

// furnish puts the bot and the first server into a new fake.
func (f *Fake) furnish() {
	f.users[f.opt.AppID] = &user{User: User{ID: f.opt.AppID, Name: "Usher", Bot: true, Locale: "en-US"}}
	f.AddGuild(Guild{ID: f.opt.GuildID, Name: f.opt.GuildName})
	f.AddChannel(Channel{Name: "general"})
}

// AddUser adds a person, or replaces one. They are in no server yet.
func (f *Fake) AddUser(u User) *Person {
	f.mu.Lock()
	defer f.mu.Unlock()
	if u.ID == "" {
		u.ID = f.id()
	}
	if u.Locale == "" {
		u.Locale = "en-US"
	}
	f.users[u.ID] = &user{User: u}
	f.touch()
	return &Person{f: f, id: u.ID}
}

// AddGuild adds a server and returns its id. The bot is in it, with a managed
// role of its own at position 1,000.
func (f *Fake) AddGuild(g Guild) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if g.ID == "" {
		g.ID = f.id()
	}
	if g.Owner == "" {
		g.Owner = f.id()
		f.users[g.Owner] = &user{User: User{ID: g.Owner, Name: "owner-of-" + g.Name, Locale: "en-US"}}
	}
	if g.Locale == "" {
		g.Locale = "en-US"
	}
	made := &guild{Guild: g, roles: map[string]*role{}, members: map[string]*member{}}
	made.roles[g.ID] = &role{Role{Guild: g.ID, ID: g.ID, Name: "@everyone", Permissions: DefaultEveryone}}
	f.guilds[g.ID] = made
	f.join(made, Member{User: g.Owner})
	if !g.NoBot {
		f.joinBot(made)
		f.tell(g.ID, "GUILD_CREATE", f.guildCreate(made))
	}
	f.touch()
	return g.ID
}

// joinBot puts the bot into a server. f.mu is held.
func (f *Fake) joinBot(g *guild) {
	own := &role{Role{
		Guild: g.ID, ID: f.id(), Name: "Usher", Position: 1000, Managed: true, Permissions: f.opt.BotPermissions,
	}}
	g.roles[own.ID] = own
	f.join(g, Member{User: f.opt.AppID, Roles: []string{own.ID}})
}

// join makes somebody a member. f.mu is held.
func (f *Fake) join(g *guild, m Member) {
	m.Guild = g.ID
	made := &member{Member: m, roles: map[string]bool{}, joined: f.clock.Now()}
	for _, id := range m.Roles {
		made.roles[id] = true
	}
	g.members[m.User] = made
}

// guild finds a server; "" is the first. f.mu is held.
func (f *Fake) guild(id string) *guild {
	if id == "" {
		id = f.opt.GuildID
	}
	g := f.guilds[id]
	if g == nil {
		panic("discordfake: no server " + id)
	}
	return g
}

// BotRole is the id of the bot's own role in a server.
func (f *Fake) BotRole(guildID string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := f.guild(guildID)
	for id, r := range g.roles {
		if r.Managed && g.members[f.opt.AppID] != nil && g.members[f.opt.AppID].roles[id] {
			return id
		}
	}
	return ""
}

// AddMember puts a user into a server, or replaces the membership.
func (f *Fake) AddMember(m Member) {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := f.guild(m.Guild)
	m.User = f.userID(m.User)
	_, was := g.members[m.User]
	f.join(g, m)
	event := "GUILD_MEMBER_ADD"
	if was {
		event = "GUILD_MEMBER_UPDATE"
	}
	f.tellMember(event, g, m.User)
	f.touch()
}

// AddRole adds a role to a server and returns its id.
func (f *Fake) AddRole(r Role) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := f.guild(r.Guild)
	r.Guild = g.ID
	if r.ID == "" {
		r.ID = f.id()
	}
	if r.Position == 0 {
		r.Position = 1
	}
	g.roles[r.ID] = &role{r}
	f.tellRole("GUILD_ROLE_CREATE", g, r.ID)
	f.touch()
	return r.ID
}

// AddChannel adds a channel or a thread and returns its id.
func (f *Fake) AddChannel(c Channel) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := f.guild(c.Guild)
	c.Guild = g.ID
	if c.ID == "" {
		c.ID = f.id()
	}
	made := newChannel(c)
	if c.Private && !made.isThread() {
		made.hide(g.ID, append(slices.Clone(c.Members), f.opt.AppID))
	}
	if made.isThread() {
		for _, id := range c.Members {
			made.people[f.userID(id)] = f.clock.Now()
		}
	}
	f.channels[c.ID] = made
	event := "CHANNEL_CREATE"
	if made.isThread() {
		event = "THREAD_CREATE"
	}
	f.tell(g.ID, event, f.channelJSON(made))
	f.touch()
	return c.ID
}

// hide shows a channel to these members only.
func (c *channel) hide(everyone string, members []string) {
	c.overwrites[everyone] = Overwrite{ID: everyone, Deny: ViewChannel | c.overwrites[everyone].Deny}
	for _, id := range members {
		c.overwrites[id] = Overwrite{ID: id, Member: true, Allow: ViewChannel | c.overwrites[id].Allow, Deny: c.overwrites[id].Deny}
	}
}

// userID finds a user by id or name. f.mu is held.
func (f *Fake) userID(who string) string {
	if f.users[who] != nil {
		return who
	}
	for _, id := range slices.Sorted(maps.Keys(f.users)) {
		if strings.EqualFold(f.users[id].Name, who) {
			return id
		}
	}
	panic("discordfake: no user " + who)
}
