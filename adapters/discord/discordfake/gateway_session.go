package discordfake

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

const (
	resumePath = "/resume"
	// A session keeps so many events that the app has not confirmed by a
	// heartbeat. Discord does not say how many; who lags further starts anew.
	keptEvents = 1000
	startsEach = 24 * time.Hour
	startsGap  = 5 * time.Second
	maxGuilds  = 2500 // of one shard (Gateway, "Sharding")
)

// session is one gateway session; it outlives its connection.
type session struct {
	id            string
	conn          *conn     // nil while the app is away
	left          time.Time // since when
	intents       int
	shard, shards int
	seq           int64
	kept          []kept // the events that a RESUME brings again
}

type kept struct {
	seq  int64
	data []byte
}

// identify is IDENTIFY (Gateway Events, "Identify Structure").
type identify struct {
	Token      string          `json:"token"`
	Properties json.RawMessage `json:"properties"`
	Compress   bool            `json:"compress"`
	Large      *int            `json:"large_threshold"`
	Shard      *[2]int         `json:"shard"`
	Intents    *int            `json:"intents"`
}

type resume struct {
	Token   string `json:"token"`
	Session string `json:"session_id"`
	Seq     int64  `json:"seq"`
}

// receive takes one payload of the app.
func (g *Gateway) receive(c *conn, text bool, data []byte) {
	g.f.mu.Lock()
	defer g.f.mu.Unlock()
	var p struct {
		Op *int            `json:"op"`
		D  json.RawMessage `json:"d"`
	}
	switch {
	case c.closing:
	case c.tooMany(g.opt.Clock.Now()):
		c.end(CloseRateLimited)
	case !text || len(data) > maxPayload || json.Unmarshal(data, &p) != nil || p.Op == nil:
		c.end(CloseDecodeError)
	default:
		g.obey(c, *p.Op, p.D)
	}
}

// obey does what a payload asks for. Only heartbeats, IDENTIFY and RESUME may
// come without a session. f.mu is held.
func (g *Gateway) obey(c *conn, op int, d json.RawMessage) {
	switch op {
	case opHeartbeat:
		g.heartbeat(c, d)
	case opIdentify:
		g.identify(c, d)
	case opResume:
		g.resume(c, d)
	case opPresence, opVoiceState, opRequestMembers, opRequestSounds:
		if c.session == nil {
			c.end(CloseNotAuthenticated)
		} else if op == opRequestMembers {
			g.members(c, d)
		}
	default:
		c.end(CloseUnknownOpcode)
	}
}

// heartbeat takes a heartbeat and forgets the events that it confirms.
func (g *Gateway) heartbeat(c *conn, d json.RawMessage) {
	var seq *int64
	if json.Unmarshal(d, &seq) != nil {
		c.end(CloseDecodeError)
		return
	}
	c.heard = g.opt.Clock.Now()
	g.stats.Heartbeats++
	if s := c.session; s != nil && seq != nil {
		s.kept = slices.DeleteFunc(s.kept, func(k kept) bool { return k.seq <= *seq })
	}
	if g.silence&SilentAcks == 0 {
		c.send(frame{Op: opHeartbeatAck})
	}
	g.f.touch()
}

// identify starts a session, or refuses to.
func (g *Gateway) identify(c *conn, d json.RawMessage) {
	now := g.opt.Clock.Now()
	var id identify
	switch {
	case c.session != nil:
		c.end(CloseAlreadyAuthenticated)
		return
	case json.Unmarshal(d, &id) != nil || len(id.Properties) == 0 || (id.Large != nil && (*id.Large < 50 || *id.Large > 250)):
		c.end(CloseDecodeError)
		return
	}
	g.stats.Identifies++
	if code := g.refuse(id, now); code != 0 {
		c.end(code)
		return
	}
	if g.tooFast(now) {
		c.send(frame{Op: opInvalidSession, D: false})
		return
	}
	if id.Compress && c.stream == nil {
		c.packer = newPacker()
	}
	g.begin(c, id)
}

// refuse gives the close code for an IDENTIFY, or 0. One with a good token is
// counted, whatever comes of it.
func (g *Gateway) refuse(id identify, now time.Time) int {
	switch {
	case !g.good(id.Token) || !g.spend(now):
		return CloseAuthenticationFailed
	case id.Intents == nil || *id.Intents&^allIntents() != 0:
		return CloseInvalidIntents
	case *id.Intents&privileged&^g.f.opt.Intents != 0:
		return CloseDisallowedIntents
	case id.Shard != nil && (id.Shard[0] < 0 || id.Shard[0] >= id.Shard[1]):
		return CloseInvalidShard
	}
	shard, shards := id.place()
	of := 0
	for _, guild := range g.f.botGuilds() {
		if shardOf(guild, shards) == shard {
			of++
		}
	}
	if of > maxGuilds {
		return CloseShardingRequired
	}
	return 0
}

func (id identify) place() (shard, shards int) {
	if id.Shard == nil {
		return 0, 1
	}
	return id.Shard[0], id.Shard[1]
}

// shardOf is the shard that a server's events go to; what belongs to no server
// goes to the first (Gateway, "Sharding").
func shardOf(guild string, shards int) int {
	n, _ := strconv.ParseInt(guild, 10, 64)
	return int((n >> 22) % int64(shards))
}

func (g *Gateway) good(token string) bool {
	return bearer(token) == g.f.opt.BotToken
}

// budget is how many IDENTIFY calls are left, and when the count begins anew.
func (g *Gateway) budget(now time.Time) (left int, after time.Duration) {
	if g.starts == 0 || now.Sub(g.since) >= startsEach {
		return g.opt.Starts, 0
	}
	return max(g.opt.Starts-g.starts, 0), g.since.Add(startsEach).Sub(now)
}

// spend counts an IDENTIFY. One too many ends all sessions and resets the token
// (Gateway, "Identifying").
func (g *Gateway) spend(now time.Time) bool {
	if g.starts == 0 || now.Sub(g.since) >= startsEach {
		g.since, g.starts = now, 0
	}
	g.starts++
	if g.starts <= g.opt.Starts {
		return true
	}
	g.stats.TokenResets++
	g.f.opt.BotToken = secret() + "." + secret()
	for _, c := range slices.Clone(g.conns) {
		if c.session != nil {
			c.end(CloseAuthenticationFailed)
		}
	}
	clear(g.sessions)
	return false
}

// tooFast counts the IDENTIFY calls of five seconds.
func (g *Gateway) tooFast(now time.Time) bool {
	g.started = slices.DeleteFunc(g.started, func(at time.Time) bool { return now.Sub(at) >= startsGap })
	if g.opt.StrictStarts && len(g.started) >= g.opt.MaxConcurrency {
		return true
	}
	g.started = append(g.started, now)
	return false
}

// begin makes the session: READY with the servers as unavailable, then a
// GUILD_CREATE for each (Gateway Events, "Ready").
func (g *Gateway) begin(c *conn, id identify) {
	s := &session{id: secret(), intents: *id.Intents}
	s.shard, s.shards = id.place()
	g.sessions[s.id] = s
	g.attach(s, c)
	if g.silence&SilentReady != 0 {
		return
	}
	guilds := []any{}
	var mine []string
	for _, guild := range g.f.botGuilds() {
		if shardOf(guild, s.shards) == s.shard {
			mine = append(mine, guild)
			guilds = append(guilds, object{"id": guild, "unavailable": true})
		}
	}
	ready := object{
		"v": c.version, "user": g.f.userJSON(g.f.opt.AppID), "guilds": guilds, "session_id": s.id, "session_type": "normal",
		"resume_gateway_url": g.URL() + resumePath, "private_channels": []any{}, "user_settings": object{}, "relationships": []any{},
		"application": object{"id": g.f.opt.AppID, "flags": g.f.appFlags()},
	}
	if id.Shard != nil {
		ready["shard"] = []int{s.shard, s.shards}
	}
	s.tell("READY", ready)
	for _, guild := range mine {
		if s.intents&intentGuilds != 0 {
			s.tell("GUILD_CREATE", g.f.guildCreate(g.f.guilds[guild]))
		}
	}
}

func (g *Gateway) attach(s *session, c *conn) {
	s.conn, c.session = c, s
	g.stats.Most = max(g.stats.Most, g.open())
	g.f.touch()
}

// detach leaves a session without a connection, or ends it.
func (g *Gateway) detach(s *session, resumable bool) {
	s.conn, s.left = nil, g.opt.Clock.Now()
	if !resumable {
		delete(g.sessions, s.id)
	}
}

// open is the number of sessions that have a connection.
func (g *Gateway) open() int {
	n := 0
	for _, s := range g.sessions {
		if s.conn != nil {
			n++
		}
	}
	return n
}

// resume goes on with a session: the events that were missed, then RESUMED
// (Gateway, "Resuming").
func (g *Gateway) resume(c *conn, d json.RawMessage) {
	var r resume
	switch {
	case c.session != nil:
		c.end(CloseAlreadyAuthenticated)
		return
	case json.Unmarshal(d, &r) != nil:
		c.end(CloseDecodeError)
		return
	}
	g.stats.Resumes++
	if c.resumes {
		g.stats.AtResumeURL++
	}
	g.expire()
	s := g.sessions[r.Session]
	switch {
	case !g.good(r.Token):
		c.end(CloseAuthenticationFailed)
	case g.disturb(c):
	case s == nil:
		c.send(frame{Op: opInvalidSession, D: false})
	case r.Seq < 0 || r.Seq > s.seq:
		delete(g.sessions, s.id)
		c.end(CloseInvalidSeq)
	case s.seq-r.Seq > int64(len(s.kept)):
		delete(g.sessions, s.id)
		c.send(frame{Op: opInvalidSession, D: false})
	default:
		g.goOn(s, c, r.Seq)
	}
	g.f.touch()
}

// goOn gives a session a new connection. Whoever had it until now is out: the
// documents do not name the code for that; 4003 is the one for a session that is
// no longer the connection's.
func (g *Gateway) goOn(s *session, c *conn, seq int64) {
	if old := s.conn; old != nil {
		old.session = nil
		old.end(CloseNotAuthenticated)
	}
	g.attach(s, c)
	g.stats.Resumed++
	for _, k := range s.kept {
		if k.seq > seq {
			c.sendBytes(k.data)
		}
	}
	s.tell("RESUMED", object{"_trace": []any{}})
}

// expire ends the sessions whose app stayed away for too long.
func (g *Gateway) expire() {
	now := g.opt.Clock.Now()
	for id, s := range g.sessions {
		if s.conn == nil && now.Sub(s.left) > g.opt.Resumable {
			delete(g.sessions, id)
		}
	}
}

// tell sends an event and keeps it for a RESUME. f.mu is held.
func (s *session) tell(event string, d any) {
	s.seq++
	seq := s.seq
	data, _ := json.Marshal(frame{Op: opDispatch, D: d, S: &seq, T: &event})
	s.kept = append(s.kept, kept{seq, data})
	if len(s.kept) > keptEvents {
		s.kept = slices.Delete(s.kept, 0, len(s.kept)-keptEvents)
	}
	if s.conn != nil {
		s.conn.sendBytes(data)
	}
}
