package slack

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
	api "github.com/slack-go/slack"
	"golang.org/x/sync/singleflight"
	"golang.org/x/time/rate"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/adapters/chat/holds"
	"github.com/usher-dev/usher/adapters/chat/jobs"
	"github.com/usher-dev/usher/adapters/chat/memory"
	"github.com/usher-dev/usher/adapters/chat/words"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// Options says what a Slack chat is made of. Name, Tenant, BotToken and one of
// AppToken (Socket Mode) and SigningSecret (HTTP) are needed.
type Options struct {
	Name   string
	Tenant access.TenantID
	// Team are the workspaces (T…) and organisations (E…) whose payloads are
	// taken; empty: the one that the bot token belongs to.
	Team          []string
	BotToken      Secret
	AppToken      Secret
	SigningSecret Secret
	APIURL        string // ends with a slash; empty: Slack's own
	Log           zerolog.Logger
	Clock         runtime.Clock // nil: the real time
	// Locale is the language of what the adapter says by itself where the
	// reader's is not known: "en" by default.
	Locale string
	// ManagerField names the profile field that holds a person's manager: its
	// id (Xf…) or its label. Empty: nobody has a manager.
	ManagerField string
	// Channels that cards are posted to, for Diagnose.
	Channels []access.Channel
	// Groups lists the groups that definitions name at this moment. With it,
	// the members of those channels are read, each at most once in groupAge,
	// however many people act. Without it, everybody's channels are asked for
	// one by one, which Slack allows about 50 times a minute.
	Groups func(context.Context) ([]access.GroupID, error)
	// OnLeft and OnGroup are told at once about somebody who was deactivated
	// and about a group whose members changed. Both may be nil; neither blocks
	// for long.
	OnLeft  func(context.Context, access.PersonID)
	OnGroup func(context.Context, access.GroupID)
	// Scopes are those of the connectors that are on, besides the adapter's.
	Scopes []Scope
	// Admins lists the people of this chat who are told when one is missing.
	// Once says yes to one caller in a while, of all processes and restarts, and
	// remembers it before it answers. Without both nobody is told.
	Admins     func(context.Context) ([]access.PersonID, error)
	Once       func(ctx context.Context, name string, while time.Duration) (bool, error)
	HTTPClient *http.Client
	// After replaces time.After, for tests.
	After func(time.Duration) <-chan time.Time
}

//go:embed locale/*.json
var localeFiles embed.FS

// Adapter is one chat in Slack. It implements chat.Adapter, runtime.Directory
// and runtime.Searcher; Handler takes deliveries over HTTP.
type Adapter struct {
	o     Options
	web   *api.Client
	words map[string]words.Words
	holds holds.Holds
	looks *rate.Limiter // of the history, for repeated posts
	// scopeLooks is how often it is asked which scopes there are.
	scopeLooks *rate.Limiter
	flight     singleflight.Group

	identity atomic.Pointer[identity]
	running  atomic.Pointer[running]
	online   atomic.Bool // the Socket Mode connection is open
	jobs     jobs.Group
	places   memory.Map[string]  // user → direct message channel
	owners   memory.Map[string]  // the other way round
	posted   memory.Map[posting] // effect → what became of it
	homes    memory.Map[bool]    // people whose App Home this process drew
	lacking  atomic.Pointer[[]Scope]
	redraws  sync.Map           // people whose home is about to be drawn again
	events   memory.Map[bool]   // ids of events that are done
	locales  memory.Map[string] // user → locale
	mails    memory.Map[mailed] // e-mail address → who has it
	groups   groupCache
	people   peopleCache

	countMu sync.Mutex
	counts  map[string]int64
}

// identity is who the bot token belongs to.
type identity struct{ team, enterprise, bot string }

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

// New makes the adapter; it calls nobody. An empty or mixed-up secret is
// refused.
func New(o Options) (*Adapter, error) {
	if o.Name == "" || o.Tenant == "" {
		return nil, errors.New("slack: a name and a tenant are needed")
	}
	if err := o.checkSecrets(); err != nil {
		return nil, err
	}
	for _, t := range o.Team {
		if !teamForm.MatchString(t) {
			return nil, fmt.Errorf("slack: %q is not the id of a workspace (T…) or an organisation (E…)", t)
		}
	}
	all, err := words.Load(localeFiles)
	if err != nil {
		return nil, err
	}
	o = o.withDefaults()
	a := &Adapter{o: o, words: all, looks: rate.NewLimiter(rate.Every(1500*time.Millisecond), 20), scopeLooks: rate.NewLimiter(rate.Every(time.Minute), 1), counts: map[string]int64{}}
	a.web = api.New(string(o.BotToken), api.OptionAPIURL(o.APIURL), api.OptionHTTPClient(o.HTTPClient), api.OptionAppLevelToken(string(o.AppToken)))
	return a, nil
}

func (o Options) checkSecrets() error {
	switch {
	case strings.TrimSpace(string(o.BotToken)) == "":
		return errors.New("slack: the bot token is empty")
	case strings.HasPrefix(string(o.BotToken), "xapp-"):
		return errors.New("slack: the bot token is an app token (xapp-…); the bot token begins with xoxb-")
	case strings.HasPrefix(string(o.AppToken), "xoxb-"):
		return errors.New("slack: the app token is a bot token (xoxb-…); the app token begins with xapp-")
	case o.AppToken == "" && strings.TrimSpace(string(o.SigningSecret)) == "":
		return errors.New("slack: an app token (Socket Mode) or a signing secret (HTTP) is needed")
	}
	return nil
}

func (o Options) withDefaults() Options {
	if o.APIURL == "" {
		o.APIURL = api.APIURL
	}
	if !strings.HasSuffix(o.APIURL, "/") {
		o.APIURL += "/"
	}
	if o.Clock == nil {
		o.Clock = realClock{}
	}
	if o.HTTPClient == nil {
		o.HTTPClient = newHTTPClient()
	}
	if o.After == nil {
		o.After = time.After
	}
	return o
}

// whoamiWithin is how long the bot may take to find out who it is.
const whoamiWithin = 2 * time.Second

type realClock struct{}

// Now implements runtime.Clock.
func (realClock) Now() time.Time { return time.Now() }

func (a *Adapter) now() time.Time { return a.o.Clock.Now() }

// Name implements chat.Adapter.
func (a *Adapter) Name() string { return a.o.Name }

// Caps implements chat.Adapter: everybody has the same modals.
func (a *Adapter) Caps(access.Account) form.Caps { return caps() }

// Run takes intents until ctx ends; with an app token it holds the Socket Mode
// connection. It ends with an error only when a token is refused. What is
// under way when ctx ends is finished and answered first.
func (a *Adapter) Run(ctx context.Context, h chat.Handler) error {
	a.jobs.Begin()
	defer a.jobs.End()
	a.running.Store(&running{ctx: ctx, handler: h})
	defer a.running.Store(nil)
	if _, err := a.whoami(ctx); isFatal(slackCode(err)) {
		return asFault(err)
	}
	if a.o.AppToken == "" {
		<-ctx.Done()
		return nil
	}
	return a.listen(ctx)
}

// whoami asks once who the bot is. Everybody who needs it shares the question,
// and nobody waits long: people are waiting behind it.
func (a *Adapter) whoami(ctx context.Context) (identity, error) {
	if known := a.identity.Load(); known != nil {
		return *known, nil
	}
	asked, err, _ := a.flight.Do("whoami", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), whoamiWithin)
		defer cancel()
		var got *api.AuthTestResponse
		err := a.call(ctx, "auth.test", "", func(ctx context.Context) (err error) {
			got, err = a.web.AuthTestContext(ctx)
			return err
		})
		if err != nil {
			return identity{}, err
		}
		id := identity{team: got.TeamID, enterprise: got.EnterpriseID, bot: got.UserID}
		a.identity.Store(&id)
		a.learn(got)
		return id, nil
	})
	return asked.(identity), err
}

// parser knows whose payloads are taken. Without configured teams it needs
// auth.test once.
func (a *Adapter) parser(ctx context.Context) (parser, error) {
	p := parser{chat: a.o.Name, tenant: a.o.Tenant, teams: a.o.Team}
	id, err := a.whoami(ctx)
	if err != nil && len(a.o.Team) == 0 {
		return parser{}, err
	}
	p.bot = id.bot
	if len(p.teams) == 0 {
		p.teams = []string{id.team}
	}
	return p, nil
}

// ours reports whether a team is one of the configured ones.
func (a *Adapter) ours(teams ...string) bool {
	own := slices.Clone(a.o.Team)
	if id := a.identity.Load(); id != nil {
		own = append(own, id.team)
	}
	for _, t := range teams {
		if t != "" && slices.Contains(own, t) {
			return true
		}
	}
	return false
}

// painter writes for a person whose language may be known.
func (a *Adapter) painter(user string) painter {
	locale, _ := a.locales.Get(user)
	return painter{chat: a.o.Name, words: words.In(a.words, orElse(locale, a.o.Locale))}
}

// count counts what is worth a metric.
func (a *Adapter) count(what string) {
	a.countMu.Lock()
	defer a.countMu.Unlock()
	a.counts[what]++
}

// Counts is how often what happened since the start: "taken" and, of what was
// not, "unsigned", "stale", "malformed", "tooBig", "otherTeam", "ignored" and
// "repeated"; "late" answers, "panic"s of the handler, "limited" calls.
func (a *Adapter) Counts() map[string]int64 {
	a.countMu.Lock()
	defer a.countMu.Unlock()
	out := make(map[string]int64, len(a.counts))
	for k, v := range a.counts {
		out[k] = v
	}
	return out
}
