package slackfake

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// ackWithin is how long an app has to acknowledge anything, unless
// Options.Within says otherwise.
const ackWithin = 3 * time.Second

// The kinds of deliveries, as Socket Mode names them, and their paths over HTTP.
const (
	slashCommand = "slash_commands"
	interactive  = "interactive"
	eventsAPI    = "events_api"
)

// Where deliveries go over HTTP.
const (
	PathCommands     = "/slack/commands"
	PathInteractions = "/slack/interactions"
	PathEvents       = "/slack/events"
)

// DeliverTo sends everything over HTTP from now on, to the app at a base URL
// ("http://127.0.0.1:4000"); "" goes back to Socket Mode.
func (f *Fake) DeliverTo(base string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.appURL = strings.TrimSuffix(base, "/")
}

// delivery is one thing that Slack hands to the app.
type delivery struct {
	kind    string
	payload object
	retry   int
	reason  string
}

// undelivered says why the app has not taken a delivery: http_timeout,
// http_error or connection_failed, the words of X-Slack-Retry-Reason.
type undelivered struct {
	reason  string
	status  int
	noRetry bool
}

func (u *undelivered) Error() string {
	if u.status != 0 {
		return u.reason + " " + strconv.Itoa(u.status)
	}
	return u.reason
}

// deliver hands something to the app and waits for the answer: at most three
// seconds of the fake's clock.
func (f *Fake) deliver(d delivery) ([]byte, error) {
	return f.within(func(ctx context.Context) ([]byte, error) { return f.carry(ctx, d) })
}

// outcome is what came of a delivery.
type outcome struct {
	body []byte
	err  error
}

// within runs do for as long as the app may take.
func (f *Fake) within(do func(context.Context) ([]byte, error)) ([]byte, error) {
	start := f.clock.Now()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	result := make(chan outcome, 1)
	f.background(func() {
		body, err := do(ctx)
		result <- outcome{body, err}
		f.mu.Lock()
		f.touch()
		f.mu.Unlock()
	})
	r, ok := f.inTime(start, result)
	if !ok || f.clock.Now().Sub(start) > f.opt.Within {
		return nil, &undelivered{reason: "http_timeout"}
	}
	return r.body, r.err
}

// inTime waits for a result until three seconds have passed, or patience is
// at its end.
func (f *Fake) inTime(start time.Time, result <-chan outcome) (outcome, bool) {
	var up <-chan time.Time
	if clock, ok := f.clock.(alarm); ok {
		up = clock.After(f.opt.Within)
	}
	patience := time.NewTimer(f.opt.Patience)
	defer patience.Stop()
	for {
		f.mu.Lock()
		changed := f.changed
		f.mu.Unlock()
		if f.clock.Now().Sub(start) > f.opt.Within {
			return outcome{}, false
		}
		select {
		case r := <-result:
			return r, true
		case <-changed:
		case <-up:
			return outcome{}, false
		case <-patience.C:
			return outcome{}, false
		case <-f.done:
			return outcome{}, false
		}
	}
}

// carry brings a delivery over the transport that is on.
func (f *Fake) carry(ctx context.Context, d delivery) ([]byte, error) {
	f.mu.Lock()
	base := f.appURL
	f.mu.Unlock()
	if base != "" {
		return f.post(ctx, base, d)
	}
	return f.envelope(ctx, d)
}

// envelope sends over one of the connections, waiting for one if there is none.
func (f *Fake) envelope(ctx context.Context, d delivery) ([]byte, error) {
	s := f.pick()
	for s == nil {
		f.mu.Lock()
		changed := f.changed
		f.mu.Unlock()
		if s = f.pick(); s != nil {
			break
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, &undelivered{reason: "connection_failed"}
		}
	}
	e := object{
		"type": d.kind, "envelope_id": envelopeID(), "payload": d.payload, "accepts_response_payload": d.kind != eventsAPI,
	}
	if d.kind == eventsAPI {
		e["retry_attempt"], e["retry_reason"] = d.retry, d.reason
	}
	answer, err := s.send(e)
	if err != nil {
		return nil, &undelivered{reason: "connection_failed"}
	}
	select {
	case body := <-answer:
		return body, nil
	case <-s.gone:
		return nil, &undelivered{reason: "connection_failed"}
	case <-ctx.Done():
		return nil, &undelivered{reason: "http_timeout"}
	}
}

func envelopeID() string {
	s := secret()
	return fmt.Sprintf("%s-%s-%s-%s-%s", s[:8], s[8:12], s[12:16], s[16:20], s[20:])
}

// answer is what came back over HTTP.
type answer struct {
	kind string
	body []byte
}

// post sends over HTTP and reads the answer as Slack does: JSON that says so,
// and for commands a plain text that only the person sees.
func (f *Fake) post(ctx context.Context, base string, d delivery) ([]byte, error) {
	a, err := f.exchange(ctx, base, d)
	switch {
	case err != nil:
		return nil, err
	case strings.HasPrefix(a.kind, "application/json") || len(a.body) == 0:
		return a.body, nil
	case d.kind == slashCommand:
		return json.Marshal(object{"text": string(a.body)})
	case json.Valid(a.body): // JSON that does not say so
		return nil, &undelivered{reason: "http_error", status: http.StatusOK}
	}
	return nil, nil
}

// exchange sends over HTTP, signed.
func (f *Fake) exchange(ctx context.Context, base string, d delivery) (answer, error) {
	path, kind, body := encode(d)
	failed := &undelivered{reason: "connection_failed"}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+path, strings.NewReader(body))
	if err != nil {
		return answer{}, failed
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	Sign(req, f.opt.SigningSecret, f.opt.SignedAt(), []byte(body))
	if d.retry > 0 {
		req.Header.Set("X-Slack-Retry-Num", strconv.Itoa(d.retry))
		req.Header.Set("X-Slack-Retry-Reason", d.reason)
	}
	resp, err := f.http.Do(req)
	if err != nil {
		return answer{}, failed
	}
	defer func() { _ = resp.Body.Close() }()
	got, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return answer{}, failed
	}
	if resp.StatusCode != http.StatusOK {
		return answer{}, &undelivered{reason: "http_error", status: resp.StatusCode, noRetry: resp.Header.Get("X-Slack-No-Retry") == "1"}
	}
	return answer{resp.Header.Get("Content-Type"), got}, nil
}

// encode is the path, the content type and the body of a delivery.
func encode(d delivery) (path, kind, body string) {
	const form = "application/x-www-form-urlencoded"
	switch d.kind {
	case slashCommand:
		values := url.Values{}
		for k, v := range d.payload {
			values.Set(k, fmt.Sprint(v))
		}
		return PathCommands, form, values.Encode()
	case interactive:
		b, _ := json.Marshal(d.payload)
		return PathInteractions, form, url.Values{"payload": {string(b)}}.Encode()
	}
	b, _ := json.Marshal(d.payload)
	return PathEvents, "application/json", string(b)
}

// Sign puts Slack's signature on a request: version v0, HMAC-SHA256 over
// "v0:<timestamp>:<body>".
func Sign(req *http.Request, secret string, at time.Time, body []byte) {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	req.Header.Set("X-Slack-Request-Timestamp", stamp)
	req.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
}
