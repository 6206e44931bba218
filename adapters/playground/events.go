package playground

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/usher-dev/usher/core/access"
)

const (
	maxWatchers = 100
	keepAlive   = 15 * time.Second
)

// news is one event of the stream: what changed, to be asked for anew.
type news struct {
	Seq     int64    `json:"seq"`
	Changed []string `json:"changed"`
}

// getEvents is a stream of server-sent events named "changed".
func (a *Adapter) getEvents(streams context.Context) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		woken, ok := a.hub.subscribe(maxWatchers)
		if !ok {
			a.fail(w, r, access.Refuse(access.Unavailable, "tooManyWatchers"))
			return
		}
		defer a.hub.unsubscribe(woken)
		s := stream{w: w, out: http.NewResponseController(w), hub: a.hub}
		s.seq = from(a.hub.pulse().Seq, r.Header.Get("Last-Event-ID"), r.FormValue("since"))
		s.audit = from(a.hub.auditHead(), r.FormValue("audit"))
		if err := s.out.SetReadDeadline(time.Time{}); err != nil {
			a.fail(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		if err := s.write(": this is for trying out\nretry: 1000\n\n"); err != nil {
			return
		}
		ticker := time.NewTicker(keepAlive)
		defer ticker.Stop()
		for {
			if err := s.tell(); err != nil {
				return
			}
			select {
			case <-woken:
			case <-ticker.C:
				if err := s.write(": still here\n\n"); err != nil {
					return
				}
			case <-r.Context().Done():
				return
			case <-streams.Done():
				return
			}
		}
	}
}

// from is the first of the numbers that is one, or else the present one. One
// that is ahead is of another store, or this process is behind: then 0.
func from(present int64, numbers ...string) int64 {
	for _, text := range numbers {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil && n > present {
			return 0
		} else if err == nil {
			return n
		}
	}
	return present
}

// stream is what one watcher was told.
type stream struct {
	w     http.ResponseWriter
	out   *http.ResponseController
	hub   *hub
	seq   int64
	audit int64
}

// tell sends what changed since the last time, if anything did.
func (s *stream) tell() error {
	p, head := s.hub.pulse(), s.hub.auditHead()
	changed := p.since(s.seq)
	if head > s.audit {
		changed = append(changed, "audit")
	}
	s.seq, s.audit = max(s.seq, p.Seq), head
	if len(changed) == 0 {
		return nil
	}
	data, err := json.Marshal(news{Seq: s.seq, Changed: changed})
	if err != nil {
		return err
	}
	return s.write(fmt.Sprintf("event: changed\nid: %d\ndata: %s\n\n", s.seq, data))
}

func (s *stream) write(text string) error {
	if err := s.out.SetWriteDeadline(time.Now().Add(2 * keepAlive)); err != nil {
		return err
	}
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.out.Flush()
}
