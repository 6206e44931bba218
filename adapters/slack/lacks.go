package slack

import (
	"context"
	"slices"
	"strconv"
	"time"

	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// scopesHeader is where Slack tells which scopes a token has ("Installing with
// OAuth", inspecting scopes).
const scopesHeader = "X-OAuth-Scopes"

// lackAgain is when admins are told again about a scope that still is missing.
const lackAgain = 24 * time.Hour

// lacks are the scopes that the app is known not to have.
func (a *Adapter) lacks() []Scope {
	if known := a.lacking.Load(); known != nil {
		return *known
	}
	return nil
}

// learn takes what auth.test tells of scopes. Where Slack tells nothing,
// nothing is known to be missing.
func (a *Adapter) learn(got *api.AuthTestResponse) {
	var lacks []Scope
	if granted := got.Header.Get(scopesHeader); granted != "" {
		lacks = missing(each(append(Scopes(a.o.ManagerField != ""), a.o.Scopes...)), granted)
	}
	a.lacking.Store(&lacks)
	for _, s := range lacks {
		a.o.Log.Warn().Str("scope", s.Name).Str("without", s.Without).Msg("slack: a scope is missing")
	}
	if len(lacks) > 0 {
		a.jobs.Start(func() {
			defer a.survive("scopes")
			a.tellAdmins(lacks)
		})
	}
}

// lookAgain asks which scopes there are, at most once a minute: a call was
// refused for one, or an admin looks who was told of one.
func (a *Adapter) lookAgain() {
	if !a.scopeLooks.AllowN(a.now(), 1) {
		return
	}
	a.jobs.Start(func() {
		defer a.survive("scopes")
		ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
		defer cancel()
		var got *api.AuthTestResponse
		err := a.call(ctx, "auth.test", "", func(ctx context.Context) (err error) {
			got, err = a.web.AuthTestContext(ctx)
			return err
		})
		if err != nil {
			a.o.Log.Warn().Str("why", a.scrub(err)).Msg("slack: cannot ask which scopes there are")
			return
		}
		a.learn(got)
	})
}

// tellAdmins sends each admin one message about the scopes that none was told
// of for a day. That they are told is written before the first one leaves: if
// Usher ends in between, the App Home still says it, and the next day.
func (a *Adapter) tellAdmins(lacks []Scope) {
	if a.o.Admins == nil || a.o.Once == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
	defer cancel()
	fresh := slices.DeleteFunc(slices.Clone(lacks), func(s Scope) bool {
		first, err := a.o.Once(ctx, "slack/scope/"+a.o.Name+"/"+s.Name, lackAgain)
		return err != nil || !first
	})
	if len(fresh) == 0 {
		return
	}
	admins, err := a.o.Admins(ctx)
	if err != nil {
		a.o.Log.Warn().Err(err).Msg("slack: it is not known whom to tell about missing scopes")
	}
	id := chat.EffectID("scopes/" + strconv.FormatInt(a.now().UnixNano(), 36))
	for _, p := range admins {
		if _, err := a.Profile(ctx, a.o.Tenant, p); err != nil { // for their language
			a.o.Log.Debug().Err(err).Msg("slack: an admin is not known here")
			continue
		}
		user := userOf(a.o.Name, string(p))
		if _, err := a.Post(ctx, id+"/"+chat.EffectID(user), chat.Address{Account: access.Account(p)}, a.painter(user).lacks(fresh)); err != nil {
			a.o.Log.Warn().Err(err).Msg("slack: an admin could not be told about missing scopes")
		}
	}
}

// lacks is the card that names missing scopes, with what does not work.
func (p painter) lacks(scopes []Scope) chat.Card {
	var items []chat.Text
	for _, s := range scopes {
		items = append(items, chat.Text{}.Code(s.Name).Say(": "+orElse(p.words["without."+s.Name], s.Without)))
	}
	return chat.Card{
		Title: p.words["lacks.title"], Summary: p.words["lacks.title"], Tone: chat.ToneBad,
		Blocks: []chat.Block{{Heading: p.words["lacks.heading"], Items: items}, {Text: chat.Say(p.words["lacks.fix"])}},
	}
}

// withLacks puts what is missing above the home of an admin, and looks whether
// it still is, for the next time.
func (c *call) withLacks(ctx context.Context, card chat.Card) chat.Card {
	lacks := c.lacks()
	if len(lacks) == 0 || c.o.Admins == nil {
		return card
	}
	admins, err := c.o.Admins(ctx)
	if err != nil || !slices.Contains(admins, access.PersonID(accountOf(c.o.Name, c.User))) {
		return card
	}
	c.lookAgain()
	card.Blocks = append(c.painter(c.User).lacks(lacks).Blocks, card.Blocks...)
	return card
}
