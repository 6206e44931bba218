package slack

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/slack/slackfake"
)

type quiet struct{}

func (quiet) Handle(context.Context, chat.Intent) chat.Reply { return chat.Nothing{} }

// BenchmarkPress is one press over HTTP, without what the desk and the store
// do; BenchmarkBare is what any handler has to do: check the signature and
// parse the JSON.
func BenchmarkPress(b *testing.B) {
	a, err := New(Options{Name: "slack", Tenant: "demo", Team: []string{"T0DEMO"}, BotToken: "xoxb-1", SigningSecret: "secret"})
	if err != nil {
		b.Fatal(err)
	}
	a.identity.Store(&identity{team: "T0DEMO", bot: "U0USHER"})
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	go func() { _ = a.Run(ctx, quiet{}) }()
	for a.running.Load() == nil {
		runtime.Gosched()
	}
	press(b, a.Handler())
}

func BenchmarkBare(b *testing.B) {
	press(b, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		v, err := api.NewSecretsVerifier(r.Header, "secret")
		_, _ = v.Write(body)
		values, _ := url.ParseQuery(string(body))
		var any map[string]any
		if err != nil || v.Ensure() != nil || json.Unmarshal([]byte(values.Get("payload")), &any) != nil {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
}

func press(b *testing.B, h http.Handler) {
	body := url.Values{"payload": {`{"type":"block_actions",` + from + `,"container":{"type":"message","channel_id":"C1","message_ts":"1.1"},"actions":[{"type":"button","value":"approve~"}]}`}}.Encode()
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/slack/interactions", strings.NewReader(body))
		slackfake.Sign(r, "secret", time.Now(), []byte(body))
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}
