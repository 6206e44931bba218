package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"
)

// REST is a session of the library for the connectors of this chat. Its calls
// go where the adapter's own go: to the configured address, no more than
// Discord takes in all, not before the time that it asked to wait for, and none
// at all when too many were refused. What is held back answers like Discord
// when it refuses for the rate (429), so errors are the library's own. Buckets
// of the session sleep: calls bring one of their own (RequestWithLockedBucket).
func (a *Adapter) REST() (*discordgo.Session, error) {
	return a.session(&http.Client{Transport: lent{a.road}, Timeout: a.o.HTTPClient.Timeout})
}

// lent is the road for callers who do not know its errors.
type lent struct{ road *road }

// RoundTrip implements http.RoundTripper.
func (l lent) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := context.WithValue(req.Context(), wayKey{}, wayOf(req.Method, req.URL.Path))
	res, err := l.road.RoundTrip(req.WithContext(ctx))
	s, hold := saidBy(err), (*waits)(nil)
	if errors.As(err, &hold) {
		s = &said{status: http.StatusTooManyRequests, message: hold.why, wait: hold.until.Sub(l.road.clock.Now())}
	}
	if s == nil {
		return res, err
	}
	body, err := json.Marshal(map[string]any{"code": s.code, "message": s.message, "retry_after": s.wait.Seconds()})
	return &http.Response{
		Status: strconv.Itoa(s.status) + " " + http.StatusText(s.status), StatusCode: s.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), Request: req,
	}, err
}

// wayOf is what Discord counts a call under: the method, the path, and of its
// ids the channel's or the server's ("Rate Limits").
func wayOf(method, path string) string {
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, part := range parts {
		if top := i > 0 && (parts[i-1] == "channels" || parts[i-1] == "guilds"); snowflake.MatchString(part) && !top {
			parts[i] = "-"
		}
	}
	return method + " " + strings.Join(parts, "/")
}
