package discordfake

import (
	"slices"
)

// GatewayStats are what the gateway has seen so far, and what is now.
type GatewayStats struct {
	Connections int // websockets that are open
	Sessions    int // sessions with a connection
	Resumable   int // sessions whose app is away
	Most        int // the most sessions with a connection at once
	Opened      int // websockets so far
	Identifies  int
	Resumes     int // RESUME payloads
	Resumed     int // those that went on with their session
	AtResumeURL int // those that came to resume_gateway_url
	Heartbeats  int
	TokenResets int
	Closed      []int // the codes that the gateway closed with
	HungUp      []int // the codes that apps closed with
}

// Stats tells what the gateway has seen.
func (g *Gateway) Stats() GatewayStats {
	g.f.mu.Lock()
	defer g.f.mu.Unlock()
	g.expire()
	s := g.stats
	s.Closed, s.HungUp = slices.Clone(s.Closed), slices.Clone(s.HungUp)
	s.Connections, s.Sessions = len(g.conns), g.open()
	s.Resumable = len(g.sessions) - s.Sessions
	return s
}

// AwaitSessions waits until n sessions have a connection.
func (g *Gateway) AwaitSessions(n int) error {
	return g.f.Await("gateway sessions", func() bool { return g.Stats().Sessions == n })
}

// Await waits until what the gateway has seen is as cond wants it.
func (g *Gateway) Await(what string, cond func(GatewayStats) bool) error {
	return g.f.Await(what, func() bool { return cond(g.Stats()) })
}

// Silence is what the gateway keeps to itself.
type Silence uint8

// What can be withheld.
const (
	SilentAcks  Silence = 1 << iota // heartbeats are not answered
	SilentHello                     // a new connection hears nothing
	SilentReady                     // IDENTIFY gets no READY, RESUME no RESUMED
)

// Withhold keeps these from now on, and says all others again. Withhold(0) is
// the gateway in order.
func (g *Gateway) Withhold(s Silence) {
	g.f.mu.Lock()
	defer g.f.mu.Unlock()
	g.silence = s
}

// ResumeAnswer is what a RESUME is answered with instead of the missed events.
type ResumeAnswer int

// Answers to a RESUME.
const (
	// ResumeReconnect is op 7 as the first thing said, which "can occur at any
	// point in the connection's lifecycle" (Gateway Events, "Reconnect").
	ResumeReconnect ResumeAnswer = 1 + iota
	ResumeInvalid                // op 9 with false: the session is over
	ResumeLater                  // op 9 with true: the session can be resumed
)

// AnswerResume says how the next RESUMEs are answered, one each.
func (g *Gateway) AnswerResume(answers ...ResumeAnswer) {
	g.f.mu.Lock()
	defer g.f.mu.Unlock()
	g.resumes = append(g.resumes, answers...)
}

// TurnAway answers the next n connections with op 7 in place of HELLO (Gateway
// Events, "Reconnect").
func (g *Gateway) TurnAway(n int) {
	g.f.mu.Lock()
	defer g.f.mu.Unlock()
	g.turned = n
}

// disturb answers a RESUME as AnswerResume and Withhold have it. f.mu is held.
func (g *Gateway) disturb(c *conn) bool {
	if len(g.resumes) == 0 {
		return g.silence&SilentReady != 0
	}
	answer := g.resumes[0]
	g.resumes = g.resumes[1:]
	switch answer {
	case ResumeReconnect:
		c.send(frame{Op: opReconnect})
	case ResumeInvalid:
		clear(g.sessions)
		c.send(frame{Op: opInvalidSession, D: false})
	case ResumeLater:
		c.send(frame{Op: opInvalidSession, D: true})
	}
	return true
}

// each does something with every connection.
func (g *Gateway) each(do func(*conn)) {
	g.f.mu.Lock()
	defer g.f.mu.Unlock()
	for _, c := range slices.Clone(g.conns) {
		do(c)
	}
}

// Reconnect asks all apps to reconnect and resume (op 7). The connections stay
// until the app hangs up.
func (g *Gateway) Reconnect() {
	g.each(func(c *conn) { c.send(frame{Op: opReconnect}) })
}

// Invalidate tells all apps that their session is no longer valid (op 9), and
// whether it can be resumed.
func (g *Gateway) Invalidate(resumable bool) {
	g.each(func(c *conn) {
		c.send(frame{Op: opInvalidSession, D: resumable})
		c.leave(resumable)
	})
}

// AskHeartbeat asks all apps for a heartbeat at once (op 1).
func (g *Gateway) AskHeartbeat() {
	g.each(func(c *conn) { c.send(frame{Op: opHeartbeat}) })
}

// Close closes all connections with a code. Sessions can be resumed, unless the
// code says that they are over.
func (g *Gateway) Close(code int) {
	g.each(func(c *conn) { c.end(code) })
}

// Cut breaks all connections without a close frame, as a network does.
func (g *Gateway) Cut() {
	g.each(func(c *conn) {
		c.closing = true
		c.leave(true)
		_ = c.ws.UnderlyingConn().Close()
	})
}

// Down takes the gateway away, or brings it back: connections break, new ones
// are refused.
func (g *Gateway) Down(down bool) {
	g.f.mu.Lock()
	g.down = down
	g.f.mu.Unlock()
	if down {
		g.Cut()
	}
}

// Spend uses up IDENTIFY calls, as a crash loop did before.
func (g *Gateway) Spend(n int) {
	g.f.mu.Lock()
	defer g.f.mu.Unlock()
	for range n {
		g.spend(g.opt.Clock.Now())
	}
}

// Tell sends an event of any name and content, known to anybody or not, to the
// sessions that a server's events go to ("" for none's).
func (g *Gateway) Tell(guild, event string, data map[string]any) {
	g.f.mu.Lock()
	defer g.f.mu.Unlock()
	g.dispatch(guild, event, data)
}

// Say sends bytes as they are to all apps: what no gateway should say.
func (g *Gateway) Say(data string) {
	g.each(func(c *conn) { c.sendBytes([]byte(data)) })
}
