package slack

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"time"

	api "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"github.com/usher-dev/usher/core/access"
)

const (
	socketAtOnce  = 256     // payloads that are worked on at the same time
	socketMessage = 1 << 20 // bytes of one payload
	socketAgain   = 5 * time.Second
	socketFlush   = 100 * time.Millisecond // the last answers leave in
)

// envelope is a message of Slack over Socket Mode.
type envelope struct {
	ID      string
	Kind    string // of socketmode's request types
	Payload json.RawMessage
}

// listen holds the Socket Mode connection until ctx ends. The library connects
// again by itself; what it gives up on is tried again here, unless Slack says
// that the token is no good.
func (a *Adapter) listen(ctx context.Context) error {
	for {
		err := a.connect(ctx)
		if ctx.Err() != nil {
			return nil
		}
		f := a.faultFrom("apps.connections.open", err)
		if isFatal(codeOf(err)) {
			return f
		}
		a.o.Log.Warn().Str("why", f.Error()).Msg("slack: the connection ended, it is opened again")
		select {
		case <-ctx.Done():
			return nil
		case <-a.o.After(socketAgain):
		}
	}
}

// connect holds one connection. When ctx ends, nothing more is taken, and the
// connection is let go when what is under way has its answer.
func (a *Adapter) connect(ctx context.Context) error {
	client := socketmode.New(a.web, socketmode.OptionReadLimit(socketMessage), socketmode.OptionLog(log.New(io.Discard, "", 0)))
	held, drop := context.WithCancel(context.WithoutCancel(ctx))
	defer drop()
	ended := make(chan error, 1)
	go func() { ended <- client.RunContext(held) }()
	serving, stop := context.WithCancel(ctx)
	served := make(chan struct{})
	go func() {
		defer close(served)
		a.serveSocket(serving, held, client)
	}()
	defer func() {
		stop()
		<-served
		a.online.Store(false)
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		a.jobs.End()
		<-a.o.After(socketFlush)
		drop()
		return <-ended
	}
}

// isFatal reports whether an error code is about the token itself, so that
// another try cannot help.
func isFatal(code string) bool {
	switch code {
	case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type", "missing_scope":
		return true
	}
	return false
}

// serveSocket takes the payloads of a connection until ctx ends; held ends
// with the connection.
func (a *Adapter) serveSocket(ctx, held context.Context, client *socketmode.Client) {
	turns := make(chan struct{}, socketAtOnce)
	for {
		select {
		case <-ctx.Done():
			return
		case evt := <-client.Events:
			e, ok := a.envelopeOf(evt)
			if !ok {
				continue
			}
			turns <- struct{}{}
			a.jobs.Start(func() {
				defer func() { <-turns }()
				defer a.survive("socket")
				a.receive(held, e, func(payload any) {
					err := client.SendCtx(held, socketmode.Response{EnvelopeID: e.ID, Payload: payload})
					if err != nil {
						a.o.Log.Warn().Str("why", a.scrub(err)).Msg("slack: an answer could not be sent")
					}
				})
			})
		}
	}
}

// envelopeOf finds the payload of an event of the library; also of one that
// the library could not decode, since Usher reads less of it.
func (a *Adapter) envelopeOf(evt socketmode.Event) (envelope, bool) {
	switch data := evt.Data.(type) {
	case *socketmode.ErrorBadMessage:
		var req socketmode.Request
		if json.Unmarshal(data.Message, &req) != nil || req.EnvelopeID == "" {
			a.count("malformed")
			return envelope{}, false
		}
		return envelope{req.EnvelopeID, req.Type, req.Payload}, true
	case *socketmode.ErrorWriteFailed:
		a.o.Log.Warn().Str("why", a.scrub(data.Cause)).Msg("slack: an answer was lost with its connection")
	}
	switch evt.Type {
	case socketmode.EventTypeConnected:
		a.online.Store(true)
		a.o.Log.Info().Msg("slack: connected")
	case socketmode.EventTypeConnecting, socketmode.EventTypeDisconnect:
		a.online.Store(false)
	}
	if evt.Request == nil || evt.Request.EnvelopeID == "" {
		return envelope{}, false
	}
	return envelope{evt.Request.EnvelopeID, evt.Request.Type, evt.Request.Payload}, true
}

// receive understands a payload and carries it out.
func (a *Adapter) receive(ctx context.Context, e envelope, reply func(any)) {
	p, err := a.parser(ctx)
	if err != nil {
		a.o.Log.Warn().Str("why", err.Error()).Msg("slack: cannot find out who the bot is")
		reply(nil)
		return
	}
	var in act
	switch e.Kind {
	case socketmode.RequestTypeSlashCommands:
		var c command
		if err = json.Unmarshal(e.Payload, &c); err == nil {
			in, err = p.command(c)
		}
	case socketmode.RequestTypeInteractive:
		in, err = p.interaction(e.Payload)
	case socketmode.RequestTypeEventsAPI:
		in, err = p.event(e.Payload)
	default:
		in = ignore("envelope %.40q", e.Kind)
	}
	in, why := a.admit(ctx, in, err)
	if why != "" {
		reply(a.notHere(in, why))
		return
	}
	a.take(in, reply)
}

// admit lets an act through, or counts it and says why it is not taken:
// "otherTeam", "malformed", "ignored" or "repeated".
func (a *Adapter) admit(ctx context.Context, in act, err error) (act, string) {
	if err == errTeam && a.shared(ctx, in) {
		in, err = *in.stranger, nil
	}
	why := ""
	switch {
	case err == errTeam:
		why = "otherTeam"
	case err != nil:
		why = "malformed"
	case in.Ignored != "":
		why = "ignored"
		a.o.Log.Debug().Str("why", in.Ignored).Msg("slack: a payload is ignored")
	case in.EventID != "":
		if _, seen := a.events.Get(in.EventID); seen {
			why = "repeated"
		}
		a.events.Put(in.EventID, true)
	}
	if why != "" {
		a.count(why)
	}
	return in, why
}

// notHere is the sentence that a command gets in a workspace that is not
// configured; nil for everything else that is not taken.
func (a *Adapter) notHere(in act, why string) any {
	if why != "otherTeam" || in.Surface != onCommand {
		return nil
	}
	text := escape(a.painter("").words["notHere"])
	return api.Msg{ResponseType: api.ResponseTypeEphemeral, Text: text}
}

// shared reports whether a press of somebody of another workspace is one on a
// card in a channel that is shared with it (Slack Connect): then our own
// workspace knows the person, as a stranger. They may press, and the engine
// decides what comes of it; commands and shortcuts of ours they do not have.
func (a *Adapter) shared(ctx context.Context, in act) bool {
	if in.stranger == nil || in.stranger.Intent == nil || in.Surface != onMessage {
		return false
	}
	user, err := a.user(ctx, in.User)
	return err == nil && a.standing(*user) == access.External
}
