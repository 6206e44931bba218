package discord

import (
	"context"
	"crypto/ed25519"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/rs/zerolog"
	"golang.org/x/sync/singleflight"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/adapters/chat/jobs"
	"github.com/usher-dev/usher/adapters/chat/memory"
	"github.com/usher-dev/usher/adapters/chat/words"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// Options says what a chat in Discord is made of. Name, Tenant and BotToken are
// needed.
type Options struct {
	Name   string
	Tenant access.TenantID
	// Guilds are the servers of the tenant, by id. The bot leaves all others.
	// Empty: the only server that the bot is in; Run refuses to choose.
	Guilds   []string
	BotToken Secret
	// PublicKey of the application, in hex. With it interactions are taken over
	// HTTP, at Handler; without it the gateway is held.
	PublicKey  Secret
	APIURL     string // empty: Discord's own
	GatewayURL string // empty: the one that Discord names
	Log        zerolog.Logger
	Clock      runtime.Clock // nil: the real time
	// Locale is the language of what the adapter says by itself where the
	// reader's is not known: "en" by default.
	Locale string
	// Commands are sent to Discord when they differ from what it has.
	Commands []Command
	// PerServer registers the commands in each server, where a change is seen
	// at once: for development. Else they are registered for all of them.
	PerServer bool
	// Threads opens a thread below each card that is posted to a channel.
	Threads bool
	// Fallback is the channel of a person whose direct messages are closed to
	// Usher: their cards go to a private thread of theirs there. Empty: they
	// get none, and the fault says so.
	Fallback access.Channel
	// Administrators lets there be the group of that name, of those who run the
	// servers.
	Administrators bool
	// Channels that cards are posted to and Roles that are given, for Diagnose.
	Channels []access.Channel
	Roles    []access.GroupID
	// Leases elects, by the name Holder, who of several processes holds the
	// gateway. nil: this process does.
	Leases runtime.Leases
	Holder string
	// OnLeft and OnGroup are told at once about somebody who is in none of the
	// tenant's servers any more and about a role whose members changed. Both
	// may be nil; neither blocks for long.
	OnLeft     func(context.Context, access.PersonID)
	OnGroup    func(context.Context, access.GroupID)
	HTTPClient *http.Client
	// After replaces time.After, for tests.
	After func(time.Duration) <-chan time.Time
	// Dial replaces the dialer of the gateway's connections, for tests.
	Dial dialer
}

//go:embed locale/*.json
var localeFiles embed.FS

// Adapter is one chat in Discord. It implements chat.Adapter,
// runtime.Directory and runtime.Searcher; Handler takes interactions over HTTP.
type Adapter struct {
	o      Options
	key    ed25519.PublicKey
	road   *road
	rest   *discordgo.Session // for calls only; never opened
	quick  *http.Client       // for answers to people
	words  map[string]words.Words
	flight singleflight.Group
	jobs   jobs.Group

	identity atomic.Pointer[identity]
	running  atomic.Pointer[running]
	line     atomic.Value  // lineState: how the gateway is
	turns    chan struct{} // events that are worked on at the same time
	// When the gateway was begun last, and when that was last allowed; only for
	// the goroutine that holds it.
	identified, paused time.Time
	seen               memory.Map[bool]        // ids of interactions and messages that were taken
	direct             memory.Map[string]      // user → direct message channel, or fallback thread
	owners             memory.Map[string]      // the other way round
	posted             memory.Map[posting]     // effect → what became of it
	locales            memory.Map[string]      // user → locale
	members            memory.Map[knownMember] // guild and user → who they are there
	lists              memory.Map[knownList]   // guild → all its members
	roles              memory.Map[knownRoles]  // guild → its roles
	heads              memory.Map[knownOwner]  // guild → whose it is
	parents            memory.Map[string]      // thread → the channel that it is in

	countMu sync.Mutex
	counts  map[string]int64
}

// identity is who the bot token belongs to, and where the bot is at home.
type identity struct {
	app, bot string
	flags    int
	guilds   []string
}

// running is the handler, while Run runs.
type running struct {
	ctx     context.Context
	handler chat.Handler
}

var (
	_ chat.Adapter      = (*Adapter)(nil)
	_ runtime.Directory = (*Adapter)(nil)
	_ runtime.Searcher  = (*Adapter)(nil)
)

// library is what is set in discordgo, once: the version of the gateway. It is
// a variable of the library. Addresses are not set there, since road leads
// every call to its own.
var library = sync.OnceValue(func() string {
	discordgo.APIVersion = "10"
	return discordgo.APIVersion
})

// New makes the adapter; it calls nobody. An empty or mixed-up secret is
// refused.
func New(o Options) (*Adapter, error) {
	if o.Name == "" || o.Tenant == "" {
		return nil, errors.New("discord: a name and a tenant are needed")
	}
	for _, g := range o.Guilds {
		if !snowflake.MatchString(g) {
			return nil, fmt.Errorf("discord: %q is not the id of a server (a long number)", g)
		}
	}
	key, err := o.checkSecrets()
	if err != nil {
		return nil, err
	}
	all, err := words.Load(localeFiles)
	if err != nil {
		return nil, err
	}
	o = o.withDefaults()
	base, err := url.Parse(o.APIURL)
	if err != nil || base.Host == "" {
		return nil, errors.New("discord: the address of the API is not a web address")
	}
	a := &Adapter{o: o, key: key, words: all, counts: map[string]int64{}, turns: make(chan struct{}, eventsAtOnce)}
	a.road = newRoad(base, o.HTTPClient.Transport, o.Clock, a.count)
	a.quick = &http.Client{Transport: a.road, Timeout: answerWithin}
	a.line.Store(lineClosed)
	a.rest, err = a.session(&http.Client{Transport: a.road, Timeout: o.HTTPClient.Timeout})
	return a, err
}

// session is a session of the library as Usher uses it: quiet, without a state
// of its own, and never waiting by itself.
func (a *Adapter) session(client *http.Client) (*discordgo.Session, error) {
	library()
	s, err := discordgo.New("Bot " + string(a.o.BotToken))
	if err != nil {
		return nil, err
	}
	s.Client, s.LogLevel = client, -1
	s.StateEnabled, s.Compress = false, false
	s.ShouldReconnectOnError, s.ShouldRetryOnRateLimit, s.MaxRestRetries = false, false, 0
	s.UserAgent = "DiscordBot (https://github.com/usher-dev/usher, 1)"
	return s, nil
}

func (o Options) checkSecrets() (ed25519.PublicKey, error) {
	token := strings.TrimSpace(string(o.BotToken))
	switch {
	case token == "":
		return nil, errors.New("discord: the bot token is empty")
	case token != string(o.BotToken), strings.HasPrefix(token, "Bot "):
		return nil, errors.New("discord: the bot token is to be given alone, without \"Bot \" and without blanks")
	case o.PublicKey == "":
		return nil, nil
	}
	key, err := hex.DecodeString(string(o.PublicKey))
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil, errors.New("discord: the public key is not one: it has 64 digits from 0 to 9 and a to f (\"General Information\")")
	}
	return key, nil
}

func (o Options) withDefaults() Options {
	o.APIURL = strings.TrimSuffix(orElse(o.APIURL, apiURL), "/")
	if o.Clock == nil {
		o.Clock = realClock{}
	}
	if o.HTTPClient == nil {
		o.HTTPClient = &http.Client{Timeout: 10 * time.Second}
	}
	if o.After == nil {
		o.After = time.After
	}
	return o
}

type realClock struct{}

// Now implements runtime.Clock.
func (realClock) Now() time.Time { return time.Now() }

func (a *Adapter) now() time.Time { return a.o.Clock.Now() }

// Name implements chat.Adapter.
func (a *Adapter) Name() string { return a.o.Name }

// Caps implements chat.Adapter: everybody has the same modals.
func (a *Adapter) Caps(access.Account) form.Caps { return caps() }

// Run takes intents until ctx ends; without a public key it holds the gateway.
// It ends with an error only when trying again cannot help: the error says what
// to do. What is under way when ctx ends is finished and answered first.
func (a *Adapter) Run(ctx context.Context, h chat.Handler) error {
	a.jobs.Begin()
	defer a.jobs.End()
	a.running.Store(&running{ctx: ctx, handler: h})
	defer a.running.Store(nil)
	if _, err := a.whoami(ctx); isFatal(err) {
		return inWords(err)
	}
	a.jobs.Start(func() {
		defer a.survive("commands")
		a.register(ctx)
	})
	if a.key == nil {
		return a.listen(ctx)
	}
	<-ctx.Done()
	return nil
}

// inWords says of an error that ends Run what to do.
func inWords(err error) error {
	if f := access.AsFault(err); f.Code == "discordAuth" {
		return &access.Fault{Failure: f.Failure, Code: f.Code, Err: errors.New("the bot token is refused by Discord: copy it again (Bot, Reset Token)")}
	}
	return asFault(err)
}

// isFatal reports whether an error is about the token or the configuration, so
// that another try cannot help.
func isFatal(err error) bool {
	return err != nil && access.AsFault(err).Failure == access.FailHuman
}

// eventsAtOnce is how many events are worked on at the same time.
const eventsAtOnce = 256

// whoamiWithin is how long the bot may take to find out who it is.
const whoamiWithin = 2 * time.Second

// whoami asks once who the bot is. Everybody who needs it shares the question,
// and nobody waits long: people are waiting behind it.
func (a *Adapter) whoami(ctx context.Context) (identity, error) {
	if known := a.identity.Load(); known != nil {
		return *known, nil
	}
	asked, err, _ := a.flight.Do("whoami", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), whoamiWithin)
		defer cancel()
		id, err := a.introduce(ctx)
		if err == nil {
			a.identity.Store(&id)
		}
		return id, err
	})
	return asked.(identity), err
}

// introduce asks Discord who the bot is ("Get Current Application") and, when
// no servers are configured, where it is.
func (a *Adapter) introduce(ctx context.Context) (identity, error) {
	var app struct {
		ID    string `json:"id"`
		Flags int    `json:"flags"`
		Bot   *user  `json:"bot"`
	}
	if err := a.call(ctx, errand{method: http.MethodGet, url: discordgo.EndpointApplications + "/@me", way: "application"}, &app); err != nil {
		return identity{}, err
	}
	id := identity{app: app.ID, bot: app.ID, flags: app.Flags, guilds: a.o.Guilds}
	if app.Bot != nil {
		id.bot = app.Bot.ID
	}
	if len(id.guilds) > 0 {
		return id, nil
	}
	var in []struct{ ID string }
	if err := a.call(ctx, errand{method: http.MethodGet, url: discordgo.EndpointUserGuilds("@me"), way: "own servers"}, &in); err != nil {
		return identity{}, err
	}
	if len(in) != 1 {
		return identity{}, &access.Fault{Failure: access.FailHuman, Code: "discordServers", Err: fmt.Errorf(
			"the bot is in %d servers: invite it into yours (usher discord invite), and if there are several, configure which are yours", len(in))}
	}
	id.guilds = []string{in[0].ID}
	return id, nil
}

// parser knows whose interactions are taken. Without configured servers it
// needs to ask once.
func (a *Adapter) parser(ctx context.Context) (parser, error) {
	id, err := a.whoami(ctx)
	if err != nil && len(a.o.Guilds) == 0 {
		return parser{}, err
	}
	p := parser{chat: a.o.Name, tenant: a.o.Tenant, guilds: a.o.Guilds, app: id.app}
	if len(id.guilds) > 0 {
		p.guilds = id.guilds
	}
	return p, nil
}

// count counts what is worth a metric.
func (a *Adapter) count(what string) {
	a.countMu.Lock()
	defer a.countMu.Unlock()
	a.counts[what]++
}

// Counts is how often what happened since the start: "taken" and, of what was
// not, "unsigned", "stale", "malformed", "tooBig", "otherGuild", "notMember",
// "ignored" and "repeated"; "late" answers and answers that came too late to be
// seen ("expired"), "panic"s of the handler, "limited" calls, "closed" the
// times that all calls were stopped; of the gateway "identified", "resumed" and
// "replaced" sessions.
func (a *Adapter) Counts() map[string]int64 {
	a.countMu.Lock()
	defer a.countMu.Unlock()
	out := make(map[string]int64, len(a.counts))
	for k, v := range a.counts {
		out[k] = v
	}
	return out
}

// survive keeps a panic from ending the process.
func (a *Adapter) survive(where string) {
	if broken := recover(); broken != nil {
		a.count("panic")
		a.o.Log.Error().Str("panic", a.hide(fmt.Sprint(broken))).Str("where", where).Msg("discord: something broke")
	}
}
