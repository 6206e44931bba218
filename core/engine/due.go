package engine

import (
	"time"

	"github.com/usher-dev/usher/core/access"
)

// lookAgain is how often the people of an open stage are looked up anew.
const lookAgain = 24 * time.Hour

// Due lists what the outside world owes the ledger at now, and when to look
// again (zero: never by itself). Effects that were started and are not past
// their time are not listed; nor are those that back off.
func Due(l access.Ledger, w World, now time.Time) ([]Effect, time.Time) {
	d := due{l: &l, w: w, now: now}
	if m, ok := earliest(&l); ok {
		d.at(m.at)
	}
	if followsLate(&l, w) {
		d.at(now)
	}
	d.resolves()
	d.roles()
	d.cards()
	return d.owed, d.next
}

type due struct {
	l    *access.Ledger
	w    World
	now  time.Time
	owed []Effect
	next time.Time
}

// at makes Due look again at t.
func (d *due) at(t time.Time) {
	if d.next.IsZero() || t.Before(d.next) {
		d.next = t
	}
}

// owe lists an effect unless its last attempt is still under way or backs off.
func (d *due) owe(try access.Try, e Effect) {
	if d.now.Before(try.Until) {
		d.at(try.Until)
		return
	}
	d.owed = append(d.owed, e)
	d.at(d.now)
}

func (d *due) resolves() {
	for i := range d.l.Requests {
		r := &d.l.Requests[i]
		if run, n := r.Open(); run != nil {
			for _, ask := range run.Asks {
				d.ask(r, n, ask)
			}
		}
		for n, t := range r.Tell {
			if t.Ask.At.IsZero() {
				d.resolve(ResolveEffect{Request: r.ID, Stage: n, Level: access.AskTell, Subjects: t.Ask.Subjects})
			}
		}
	}
	for _, ref := range sortedRoles(d.l.Roles) {
		if task := d.l.Roles[ref].Task; task != nil && task.People == nil {
			d.resolve(ResolveEffect{Role: ref, Subjects: task.Hands})
		}
	}
}

// ask owes a look-up that was never made, or is a day old.
func (d *due) ask(r *access.Request, n int, ask access.Ask) {
	if len(ask.Subjects) == 0 {
		return
	}
	if again := ask.At.Add(lookAgain); !ask.At.IsZero() && d.now.Before(again) {
		d.at(again)
		return
	}
	d.resolve(ResolveEffect{Request: r.ID, Stage: n, Level: ask.Level, Subjects: ask.Subjects})
}

func (d *due) resolve(e ResolveEffect) {
	try := d.l.Asking[string(e.Key())]
	e.Attempt = try.N + 1
	d.owe(try, e)
}

func (d *due) roles() {
	want := wanted(d.l, d.w)
	for _, ref := range sortedRoles(want) {
		if d.l.Roles[ref] == nil {
			d.owe(access.Try{}, RoleEffect{Attempt: 1, Role: ref, Op: access.OpGrant})
		}
	}
	for _, ref := range sortedRoles(d.l.Roles) {
		h := d.l.Roles[ref]
		op := roleOp(h, want[ref], d.w)
		switch {
		case op != "":
			d.owe(h.Try, RoleEffect{Attempt: h.Try.N + 1, Role: ref, Op: op})
		case want[ref] && h.Had == access.Present && !h.Blind && h.Task == nil:
			d.sweep(ref, h)
		case h.Try.Open && d.now.Before(h.Try.Until):
			d.at(h.Try.Until)
		}
	}
}

// sweep owes the daily look at a role that is held.
func (d *due) sweep(ref access.RoleRef, h *access.Holding) {
	if at := h.Seen.Add(lookAgain); d.now.Before(at) {
		d.at(at)
		return
	}
	d.owe(h.Try, RoleEffect{Attempt: h.Try.N + 1, Role: ref, Op: access.OpVerify})
}

func (d *due) cards() {
	for i := range d.l.Cards {
		c := &d.l.Cards[i]
		if cardOwed(d.l, c) {
			d.owe(c.Try, CardEffect{Attempt: c.Try.N + 1, Card: *c, Face: FaceOf(*d.l, *c)})
		}
	}
}

// start marks every owed effect as started. The commit of this ledger is the
// fence: nothing leaves before it.
func (s *step) start() {
	owed, _ := Due(*s.l, s.w, s.now)
	until := s.now.Add(startedFor)
	for _, e := range owed {
		switch e := e.(type) {
		case ResolveEffect:
			key := string(e.Key())
			try := s.l.Asking[key]
			s.l.Asking[key] = access.Try{N: e.Attempt, Fails: try.Fails, Until: until, Open: true}
		case RoleEffect:
			s.startRole(e, until)
		case CardEffect:
			for i := range s.l.Cards {
				if c := &s.l.Cards[i]; c.Key() == e.Card.Key() {
					c.Try = access.Try{N: e.Attempt, Fails: c.Try.Fails, Until: until, Open: true}
				}
			}
		}
	}
	s.dec.Started = owed
}

// startRole writes that the role is unknown before it is given or taken.
func (s *step) startRole(e RoleEffect, until time.Time) {
	h := s.l.Roles[e.Role]
	if h == nil {
		h = &access.Holding{}
		s.l.Roles[e.Role] = h
	}
	if e.Op == access.OpGrant {
		h.Clear = h.Had == "" || h.Had == access.Absent
	}
	h.Op = e.Op
	h.Try = access.Try{N: e.Attempt, Fails: h.Try.Fails, Error: h.Try.Error, Until: until, Open: true}
	if e.Op != access.OpVerify {
		h.Had, h.Said = access.Unknown, ""
		if main := s.lastGiver(e.Role); main != nil {
			s.note(EventStarted, main, func(ev *Event) { byUsher(ev); ev.Role, ev.Op, ev.Had = &e.Role, e.Op, access.Unknown })
		}
	}
}
