package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

const (
	settle       = 500 * time.Millisecond // for an answer over HTTP to be in effect
	patience     = 5 * time.Second        // of an answer when Discord asks to wait
	againAfter   = 100 * time.Millisecond // a first answer that was lost
	firstTries   = 3
	unknownTries = 3 // of an edit that comes before its first answer
)

// callback gives the first answer to an interaction of the gateway ("Create
// Interaction Response"). It does not go through the library, which would keep
// a bucket for each interaction. What got lost is sent again while Discord
// waits; if the first try did arrive, the second is told so, and that is as
// good.
func (a *Adapter) callback(ctx context.Context, in act, r response) error {
	ctx, cancel := context.WithTimeout(ctx, firstWithin)
	defer cancel()
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		err := a.tell(ctx, http.MethodPost, "interactions/"+in.ID+"/"+in.Token+"/callback", r)
		if codeOf(err) == codeAnswered {
			return struct{}{}, nil
		}
		if f := access.AsFault(err); err != nil && f.Failure != access.FailRetry || ctx.Err() != nil {
			err = backoff.Permanent(err)
		}
		return struct{}{}, err
	}, backoff.WithBackOff(backoff.NewConstantBackOff(againAfter)), backoff.WithMaxTries(firstTries))
	return err
}

// afterwards shows a reply that comes after the first answer: in the place of
// that one, or by taking it away.
func (c *call) afterwards(ctx context.Context, reply chat.Reply) error {
	if c.Surface == onSearch {
		return nil
	}
	if err := c.wait(ctx); err != nil {
		return err
	}
	original := "webhooks/" + c.App + "/" + c.Token + "/messages/@original"
	m, ok := c.words.late(c.act, reply)
	if !ok {
		return c.patiently(ctx, func() error { return c.tell(ctx, http.MethodDelete, original, nil) })
	}
	if err := checkMessage(m); err != nil {
		c.o.Log.Error().Err(err).Msg("discord: an answer breaks Discord's limits")
		m = c.words.note("broken")
	}
	return c.patiently(ctx, func() error { return c.tell(ctx, http.MethodPatch, original, m) })
}

// wait waits until the first answer is in effect.
func (c *call) wait(ctx context.Context) error {
	if c.settled == nil {
		return nil
	}
	select {
	case <-c.settled: // it rings once
		c.settled = nil
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// patiently does something again after a short wait that Discord asked for, or
// when the first answer is not there yet. Only answers to people wait so;
// nothing else waits for them.
func (a *Adapter) patiently(ctx context.Context, do func() error) error {
	for try := 1; ; try++ {
		err := do()
		f := access.AsFault(err)
		wait := f.RetryAt.Sub(a.now())
		switch code := codeOf(err); {
		case err == nil:
			return nil
		case (code == codeUnknownWebhook || code == codeUnknownMessage) && try < unknownTries:
			wait = settle
		case f.Code != "discordBusy" || wait > patience:
			return err
		}
		select {
		case <-a.o.After(max(wait, 0)):
		case <-ctx.Done():
			return err
		}
	}
}

// tell makes one call with the token of an interaction, which is all that it
// needs. The context is honoured. Errors are as those of call.
func (a *Adapter) tell(ctx context.Context, method, path string, in any) error {
	err := a.sendQuick(ctx, method, path, in)
	if err != nil {
		return &refusal{Fault: a.faultFrom("answer", err), said: saidBy(err)}
	}
	return nil
}

func (a *Adapter) sendQuick(ctx context.Context, method, path string, in any) error {
	body, kind, err := bodyOf(in)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, apiURL+"/"+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	if in != nil {
		req.Header.Set("Content-Type", kind)
	}
	req.Header.Set("User-Agent", a.rest.UserAgent)
	res, err := a.quick.Do(req)
	if err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, maxAnswer))
	return res.Body.Close()
}

// bodyOf is a body as it is sent: JSON, or a form for a message with files.
func bodyOf(in any) (data []byte, kind string, err error) {
	if in == nil {
		return nil, "", nil
	}
	if p, ok := in.(parcel); ok {
		return p.form()
	}
	data, err = json.Marshal(in)
	return data, "application/json", err
}
