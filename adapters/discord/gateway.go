package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/cenkalti/backoff/v5"
	"github.com/gorilla/websocket"

	"github.com/usher-dev/usher/core/access"
)

const (
	// A connection that lasted so long was a good one: the next is opened at
	// once.
	goodAfter = 30 * time.Second
	// One IDENTIFY in 5 seconds ("Gateway", Rate Limiting: max_concurrency).
	identifyGap = 5 * time.Second
	pauseFirst  = 2 * time.Second
	pauseMost   = 30 * time.Second
)

// Intents of the gateway ("Gateway", List of Intents), and the flags that an
// application has when a privileged one is switched on ("Application
// Resource", Application Flags; the second of each pair is for apps in fewer
// than 100 servers).
const (
	intentsAlways  = discordgo.IntentGuilds | discordgo.IntentDirectMessages
	intentsMembers = discordgo.IntentGuildMembers
	intentsContent = discordgo.IntentMessageContent | discordgo.IntentGuildMessages

	flagMembers = 1<<14 | 1<<15
	flagContent = 1<<18 | 1<<19
)

// intentsOf are those that are needed and allowed.
func intentsOf(flags int) discordgo.Intent {
	intents := intentsAlways
	if flags&flagMembers != 0 {
		intents |= intentsMembers
	}
	if flags&flagContent != 0 {
		intents |= intentsContent
	}
	return intents
}

// lineState is how the gateway is.
type lineState string

const (
	lineClosed  lineState = "closed"
	lineOpen    lineState = "open"
	lineStandby lineState = "standby" // another process holds it
)

// hold keeps a session with the gateway until ctx ends. A connection that ends
// is opened again and resumed; a session that cannot be resumed, hangs or says
// nothing any more is replaced by a new one. Only what trying again cannot mend
// is an error.
func (a *Adapter) hold(ctx context.Context) error {
	pause := &backoff.ExponentialBackOff{InitialInterval: pauseFirst, RandomizationFactor: 0.5, Multiplier: 2, MaxInterval: pauseMost}
	var l *line
	defer func() { a.line.Store(lineClosed) }()
	for ctx.Err() == nil {
		good, err := a.once(ctx, &l)
		a.line.Store(lineClosed)
		switch {
		case ctx.Err() != nil:
			return nil
		case isFatal(err):
			return asFault(err)
		case err != nil:
			a.o.Log.Warn().Str("why", a.scrub(err)).Bool("resumes", l != nil).Msg("discord: no gateway at the moment")
		}
		if good {
			pause.Reset()
		} else {
			a.wait(ctx, pause.NextBackOff())
		}
	}
	return nil
}

// once opens the session and watches it until it ends; *l is nil when it
// cannot be resumed. good: it was open for a while.
func (a *Adapter) once(ctx context.Context, l **line) (good bool, err error) {
	if *l == nil {
		if *l, err = a.begin(ctx); err != nil {
			return false, err
		}
	}
	if err = (*l).open(ctx); err == nil {
		a.line.Store(lineOpen)
		since := time.Now()
		err = (*l).watch(ctx)
		good = time.Since(since) >= goodAfter
	}
	if ctx.Err() != nil {
		(*l).abandon()
		return good, nil
	}
	if fault := fatalClose(err); fault != nil {
		return false, fault
	}
	if !(*l).resumable(err) {
		a.count("replaced")
		(*l).abandon()
		*l = nil
	}
	return good, err
}

// begin makes a new session, as soon as one may be started.
func (a *Adapter) begin(ctx context.Context) (*line, error) {
	id, err := a.whoami(ctx)
	if err != nil {
		return nil, err
	}
	address, err := a.turn(ctx)
	if err != nil {
		return nil, err
	}
	l := &line{a: a, lost: make(chan struct{}, 1), address: address}
	if l.s, err = a.session(&http.Client{Transport: l}); err != nil {
		return nil, err
	}
	l.s.SyncEvents = true
	l.s.Identify.Intents = intentsOf(id.flags)
	l.s.Dialer = &websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: 15 * time.Second, NetDialContext: l.dial}
	if !proxied(address) {
		l.s.Dialer.NetDialTLSContext = l.dialTLS
	}
	l.s.AddHandler(l.event)
	l.s.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) { l.end() })
	a.sayWhatIsOff(id)
	return l, nil
}

// proxied reports whether the gateway is reached through a proxy, which is what
// the library dials then.
func proxied(address string) bool {
	req, err := http.NewRequest(http.MethodGet, strings.Replace(address, "ws", "http", 1), nil)
	if err != nil {
		return false
	}
	proxy, err := http.ProxyFromEnvironment(req)
	return proxy != nil || err != nil
}

// sayWhatIsOff names the features that the developer portal has switched off.
func (a *Adapter) sayWhatIsOff(id identity) {
	for flag, off := range map[int]string{
		flagMembers: "leavers are found by the daily look and when they press something (Server Members Intent is off)",
		flagContent: "replies below cards in servers are not kept (Message Content Intent is off)",
	} {
		if id.flags&flag == 0 {
			a.o.Log.Info().Msg("discord: " + off)
		}
	}
}

// turn waits until a session may be started and says where. Discord allows a
// number of starts a day and resets the token of who takes more ("Gateway",
// Identifying), so that a crash loop must not use them up: the last tenth is
// spread over the time that is left.
func (a *Adapter) turn(ctx context.Context) (string, error) {
	a.wait(ctx, time.Until(a.identified.Add(identifyGap)))
	if a.paused.IsZero() { // whoever starts again and again waits too
		a.paused = a.now()
	}
	for ctx.Err() == nil {
		var got discordgo.GatewayBotResponse
		err := a.call(ctx, errand{method: http.MethodGet, url: discordgo.EndpointGatewayBot, way: "gateway"}, &got)
		if err != nil {
			return "", err
		}
		wait := paced(got.SessionStartLimit, a.now().Sub(a.paused))
		if wait <= 0 {
			a.identified, a.paused = time.Now(), a.now()
			return orElse(a.o.GatewayURL, got.URL), nil
		}
		a.o.Log.Warn().Int("left", got.SessionStartLimit.Remaining).Stringer("wait", wait).Msg("discord: few starts of the gateway are left for today")
		a.wait(ctx, wait)
	}
	return "", ctx.Err()
}

// paced is how long to wait for the next start, when since is the time since
// this process last started or waited for one.
func paced(limit discordgo.SessionInformation, since time.Duration) time.Duration {
	left, reset := limit.Remaining, time.Duration(limit.ResetAfter)*time.Millisecond
	if limit.Total == 0 || reset <= 0 || left*10 >= limit.Total {
		return 0
	}
	if left <= 0 {
		return reset
	}
	return reset/time.Duration(left) - since
}

// wait waits, or until ctx ends.
func (a *Adapter) wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	select {
	case <-a.o.After(d):
	case <-ctx.Done():
	}
}

// fatalClose is what to do about a close code after which Discord refuses every
// further try ("Opcodes and Status Codes", Gateway Close Event Codes), or nil.
func fatalClose(err error) *access.Fault {
	var closed *websocket.CloseError
	if !errors.As(err, &closed) {
		return nil
	}
	fix := ""
	code := "discordGateway"
	switch closed.Code {
	case 4004:
		code, fix = "discordAuth", "Discord does not accept the bot token: copy it again (Bot, Reset Token)"
	case 4010, 4011:
		fix = "the bot is in too many servers for one connection, which Usher is not made for"
	case 4012:
		fix = "Discord does not speak this version of the gateway any more: update Usher"
	case 4013:
		fix = "Discord does not know an intent that Usher asks for: update Usher"
	case 4014:
		code, fix = "discordIntents", "Discord refuses a privileged intent: switch on Server Members Intent and Message Content Intent (Bot, Privileged Gateway Intents), or start Usher again to do without"
	default:
		return nil
	}
	return &access.Fault{Failure: access.FailHuman, Code: code, Err: fmt.Errorf("%s (close code %d)", fix, closed.Code)}
}
