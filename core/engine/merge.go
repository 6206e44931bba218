package engine

import (
	"slices"
	"time"

	"github.com/usher-dev/usher/core/access"
)

// Merged is what two ledgers of one human became.
type Merged struct {
	// Kept has everything; its decision is like that of a Step.
	Kept Decision
	// Gone are the other ledger, and those that were merged into it before:
	// nothing in them but where everything went, in one hop.
	Gone []access.Ledger
}

// Merge joins the ledger of somebody who turned out to be the same human as
// keep's person. Neither argument is changed. Requests of gone get new
// numbers: their own and Forward.Shift. Decisions that the human made on what
// turns out to be their own open requests are void; where one of them closed
// a stage, the request is canceled.
//
// Somebody who was linked before and unlinked left their ledger where it went:
// a gone that is a Forward brings nothing along, and stays as it is.
//
// It is refused (*access.Error) with linkBusy while an effect of either is
// under way, linkTwice when both hold or await the same package, linkApart when
// they hold or await packages that are incompatible, linkRole when both were
// given the same resource role.
func Merge(keep, gone access.Ledger, m Meta, w World) (Merged, error) {
	if keep.Forward != nil || keep.Person == gone.Person {
		return Merged{}, access.Refuse(access.Refused, "linkedAlready")
	}
	left := gone.Forward != nil
	if left {
		gone = New(gone.Tenant, gone.Person)
	}
	a, b := stepOn(keep, m, w), stepOn(gone, m, w)
	until := later(a.until, b.until)
	a.until, b.until = until, until
	a.elapse()
	b.elapse()
	if err := joinable(a.l, b.l, w, until); err != nil {
		return Merged{}, err
	}
	shift := a.l.Next - 1
	a.dec.Events = append(a.dec.Events, renumbered(b.dec.Events, a.l.Person, shift)...)
	a.dec.Archived = append(a.dec.Archived, b.dec.Archived...)
	a.takeOver(b.l, shift)
	a.voidOwn()
	a.retryAccounts()
	_ = Refresh{}.apply(a)
	a.settle()
	a.l.Last, a.dec.Next = a.now, *a.l
	a.dec.Events = append(a.dec.Events, Event{
		At: a.now, Type: EventLinked, By: m.Actor.Person, Command: m.ID, Person: a.l.Person, People: []access.PersonID{b.l.Person},
	})
	if left {
		return Merged{Kept: a.dec}, nil
	}
	return Merged{Kept: a.dec, Gone: forwards(a.l, a.l.Former[len(keep.Former):])}, nil
}

// forwards are the ledgers of those whom a ledger took over just now.
func forwards(l *access.Ledger, taken []access.Former) []access.Ledger {
	var all []access.Ledger
	for _, f := range taken {
		all = append(all, access.Ledger{
			Schema: access.LedgerSchema, Tenant: l.Tenant, Person: f.Person, Last: l.Last, Next: f.Last + 1,
			Forward: &access.Forward{To: l.Person, Shift: f.Shift},
		})
	}
	return all
}

// Anew is the ledger of somebody whose own was merged into that of a person
// whom they do not belong to any more: empty, and with new numbers.
func Anew(forward access.Ledger) access.Ledger {
	l := New(forward.Tenant, forward.Person)
	l.Last, l.Next = forward.Last, forward.Next
	return l
}

// retryAccounts tries again what could not be given because the human had no
// account in that chat.
func (s *step) retryAccounts() {
	for i := range s.l.Assignments {
		a := &s.l.Assignments[i]
		if s.retry(a, func(h *access.Holding) bool { return h.Failed == NoAccount }) > 0 {
			s.note(EventRetried, s.l.Request(a.ID), byUsher)
		}
	}
}

// NoAccount is the code of a delivery to somebody who has no account in the
// chat that the resource is in.
const NoAccount = "noAccount"

// joinable is nil when two ledgers can become one now.
func joinable(a, b *access.Ledger, w World, now time.Time) error {
	if underWay(a, now) || underWay(b, now) {
		return access.Refuse(access.Unavailable, "linkBusy")
	}
	s := &step{l: a, w: w}
	for i := range b.Requests {
		r := &b.Requests[i]
		if !r.Kind.Adds() || !(&step{l: b, w: w}).counts(r) {
			continue
		}
		p, known := w.Packages[r.Package]
		if !known {
			p = access.Package{ID: r.Package, Name: string(r.Package)}
		}
		if err, refused := access.AsError(s.mayHold(p)); refused {
			if err.Code == "incompatible" {
				return access.Refuse(access.Refused, "linkApart", "package", p.Name, "other", err.Data["other"])
			}
			return access.Refuse(access.Refused, "linkTwice", "package", p.Name)
		}
	}
	for _, ref := range sortedRoles(b.Roles) {
		if a.Roles[ref] != nil {
			return access.Refuse(access.Refused, "linkRole", "resource", w.Resources[ref.Resource].Name)
		}
	}
	return nil
}

// underWay reports whether the result of an effect is awaited.
func underWay(l *access.Ledger, now time.Time) bool {
	open := func(t access.Try) bool { return t.Open && now.Before(t.Until) }
	for _, try := range l.Asking {
		if open(try) {
			return true
		}
	}
	for _, h := range l.Roles {
		if open(h.Try) {
			return true
		}
	}
	return slices.ContainsFunc(l.Cards, func(c access.Card) bool { return open(c.Try) })
}

// takeOver moves everything of another ledger into this one, with new numbers.
// b is a copy of its own.
func (s *step) takeOver(b *access.Ledger, shift access.RequestID) {
	t := taking{b.Person, s.l.Person, shift}
	for _, r := range b.Requests {
		r = t.request(r)
		touch(&r) // its cards are drawn anew, with the new address
		s.l.Requests = append(s.l.Requests, r)
	}
	for _, a := range b.Assignments {
		s.l.Assignments = append(s.l.Assignments, t.assignment(a))
	}
	for ref, h := range b.Roles {
		if h.Account == "" {
			h.Account = access.Account(b.Person)
		}
		if h.Task != nil {
			h.Task.Request += shift
		}
		s.l.Roles[ref] = h
	}
	for _, c := range b.Cards {
		c.Request += shift
		s.l.Cards = append(s.l.Cards, c)
	}
	former := []access.Former{{Person: b.Person, Last: b.Next - 1}}
	s.l.Former = slices.Clone(s.l.Former)
	for _, f := range append(former, b.Former...) {
		s.l.Former = append(s.l.Former, access.Former{Person: f.Person, Shift: f.Shift + shift, Last: f.Last, At: s.now})
	}
	s.l.Next += b.Next - 1
}

// taking gives what was somebody's a new holder and new numbers.
type taking struct {
	from, to access.PersonID
	shift    access.RequestID
}

func (t taking) request(r access.Request) access.Request {
	r.ID += t.shift
	if r.Assignment != 0 {
		r.Assignment += t.shift
	}
	if r.Asker == t.from {
		r.Asker = t.to
	}
	return r
}

func (t taking) assignment(a access.Assignment) access.Assignment {
	a.ID += t.shift
	if a.Removal != 0 {
		a.Removal += t.shift
	}
	return a
}

// TakenOver is an archived case of somebody whose ledger was merged into to's,
// as what it is there.
func TakenOver(c access.Case, to access.PersonID, shift access.RequestID) access.Case {
	t := taking{c.Person, to, shift}
	c.Person, c.ID = to, c.ID+shift
	c.Requests = slices.Clone(c.Requests)
	for i, r := range c.Requests {
		c.Requests[i] = t.request(r)
	}
	if c.Assignment != nil {
		a := t.assignment(*c.Assignment)
		c.Assignment = &a
	}
	c.Cards = slices.Clone(c.Cards)
	for i := range c.Cards {
		c.Cards[i].Request += shift
	}
	return c
}

// renumbered are events of one ledger as events of the one that took it over.
func renumbered(events []Event, p access.PersonID, shift access.RequestID) []Event {
	for i := range events {
		e := &events[i]
		e.Person, e.Request = p, e.Request+shift
		if e.Assignment != 0 {
			e.Assignment += shift
		}
	}
	return events
}
