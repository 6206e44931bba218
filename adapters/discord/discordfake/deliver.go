package discordfake

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	typePing = 1
	// After so many interactions, and when an address is entered, a request with
	// a wrong signature is sent. Discord does so too, without saying how often
	// (Overview of Interactions, "Validating Security Request Headers").
	probeEvery = 50
)

var (
	errNobody = errors.New("discordfake: no session to send to")
	// ErrNotVerified: the app does not answer PING as it has to, or takes a wrong
	// signature.
	ErrNotVerified = errors.New("discordfake: the specified interactions endpoint url could not be verified")
)

// DeliverTo is the Interactions Endpoint URL: interactions go there over signed
// HTTP from now on, and no longer over the gateway; "" goes back. As Discord
// does, it first sends a PING, which has to be answered with a PONG, and others
// with wrong signatures, which have to be refused with 401. If not, it returns
// ErrNotVerified and all stays as it was.
func (f *Fake) DeliverTo(endpoint string) error {
	if endpoint != "" {
		ctx, cancel := context.WithTimeout(context.Background(), f.opt.Patience)
		defer cancel()
		if err := f.out.verify(ctx, endpoint); err != nil {
			return err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.out.endpoint = endpoint
	return nil
}

// Sign puts Discord's signature on a request: Ed25519 over the timestamp and
// the body (Overview of Interactions, "Validating Security Request Headers").
func (f *Fake) Sign(req *http.Request, at time.Time, body []byte) {
	stamp := strconv.FormatInt(at.Unix(), 10)
	req.Header.Set("X-Signature-Timestamp", stamp)
	req.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(f.key, append([]byte(stamp), body...))))
}

// verify does what Discord does before it takes an address.
func (tr *transport) verify(ctx context.Context, endpoint string) error {
	a, err := tr.exchange(ctx, endpoint, tr.ping(), nil)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotVerified, err)
	}
	var pong struct{ Type int }
	if a.status != http.StatusOK || !a.isJSON() || json.Unmarshal(a.body, &pong) != nil || pong.Type != typePing {
		return fmt.Errorf("%w: PING was answered with %d %.100q", ErrNotVerified, a.status, a.body)
	}
	return tr.probe(ctx, endpoint)
}

// probe sends wrong signatures.
func (tr *transport) probe(ctx context.Context, endpoint string) error {
	for name, spoil := range map[string]func(*http.Request){
		"of another key": func(r *http.Request) {
			r.Header.Set("X-Signature-Ed25519", strings.Repeat("0123456789abcdef", 8))
		},
		"of another time": func(r *http.Request) {
			r.Header.Set("X-Signature-Timestamp", strconv.FormatInt(tr.f.opt.SignedAt().Unix()+1, 10))
		},
	} {
		a, err := tr.exchange(ctx, endpoint, tr.ping(), spoil)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrNotVerified, err)
		}
		if a.status != http.StatusUnauthorized {
			return fmt.Errorf("%w: a signature %s was answered with %d", ErrNotVerified, name, a.status)
		}
	}
	return nil
}

// ping is what Discord sends to see whether anybody is there.
func (tr *transport) ping() object {
	tr.f.mu.Lock()
	defer tr.f.mu.Unlock()
	return object{
		"id": tr.f.id(), "application_id": tr.f.opt.AppID, "type": typePing, "token": secret(), "version": 1, "entitlements": []any{},
		"user": tr.f.userJSON(tr.f.guilds[tr.f.opt.GuildID].Owner), "authorizing_integration_owners": object{},
	}
}

// answer is what came back over HTTP.
type answer struct {
	status int
	kind   string
	body   []byte
}

func (a answer) isJSON() bool { return strings.HasPrefix(a.kind, "application/json") }

// post delivers over HTTP. 200 carries the response; 202 without a body means
// that the app answers by itself (Receiving and Responding, "Interaction
// Callback"); anything else is a failure.
func (tr *transport) post(ctx context.Context, payload object) ([]byte, error) {
	tr.f.mu.Lock()
	endpoint := tr.endpoint
	tr.carried++
	due := tr.carried%probeEvery == 0
	tr.f.mu.Unlock()
	if due {
		if err := tr.inspect(ctx, endpoint); err != nil {
			return nil, err
		}
	}
	a, err := tr.exchange(ctx, endpoint, payload, nil)
	switch {
	case err != nil:
		return nil, err
	case a.status == http.StatusOK && a.isJSON() && len(a.body) > 0:
		return a.body, nil
	case a.status == http.StatusAccepted && len(a.body) == 0:
		return nil, nil
	}
	return nil, fmt.Errorf("discordfake: the app answered %d %s %.200q", a.status, a.kind, a.body)
}

// inspect is the routine check: an app that takes a wrong signature loses its
// address.
func (tr *transport) inspect(ctx context.Context, endpoint string) error {
	err := tr.probe(ctx, endpoint)
	if err == nil || ctx.Err() != nil {
		return ctx.Err()
	}
	tr.f.mu.Lock()
	defer tr.f.mu.Unlock()
	tr.endpoint = ""
	tr.f.t.Errorf("%v", err)
	return err
}

// exchange sends a signed payload, spoilt if asked for, and reads the answer.
func (tr *transport) exchange(ctx context.Context, endpoint string, payload object, spoil func(*http.Request)) (answer, error) {
	body, err := json.Marshal(payload)
	if err != nil {
		return answer{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Discord-Interactions/1.0 (+https://discord.com)")
	tr.f.Sign(req, tr.f.opt.SignedAt(), body)
	if spoil != nil {
		spoil(req)
	}
	resp, err := tr.f.http.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	got, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	return answer{resp.StatusCode, resp.Header.Get("Content-Type"), got}, err
}
