package engine

import (
	"cmp"
	"strconv"
	"time"

	"github.com/usher-dev/usher/core/access"
)

// giveUpCards is the number of failures in a row after which a card is given
// up: about half a day.
const giveUpCards = 20

// deal makes sure that a card exists for a person. It is posted, and redrawn
// when its face changes, because Due finds it owed.
func (s *step) deal(r *access.Request, kind access.CardKind, to access.PersonID, mark string) {
	s.dealCard(access.Card{Kind: kind, Request: r.ID, Place: access.Place{Person: to}, Mark: mark})
}

// dealHolder makes sure that the holder has a card: at the account that they
// asked from, where they asked themselves.
func (s *step) dealHolder(r *access.Request, kind access.CardKind, mark string) {
	to := s.l.Person
	if r.Asker == to && r.Via != "" {
		to = access.PersonID(r.Via)
	}
	s.deal(r, kind, to, mark)
}

// dealAskers makes sure that the holder has a card, and whoever asked for them.
func (s *step) dealAskers(r *access.Request, kind access.CardKind, mark string) {
	s.dealHolder(r, kind, mark)
	if r.Asker != s.l.Person {
		s.deal(r, kind, access.PersonID(cmp.Or(string(r.Via), string(r.Asker))), mark)
	}
}

func (s *step) dealCard(c access.Card) {
	if c.Place.Person == access.SystemActor().Person {
		return
	}
	for i := range s.l.Cards {
		if s.l.Cards[i].Key() == c.Key() {
			return
		}
	}
	s.l.Cards = append(s.l.Cards, c)
}

// tellResult deals the notice about what became of a request. The person who
// ended it, or who asked for it, learns it from the living card.
func (s *step) tellResult(r *access.Request) {
	s.dealAskers(r, access.CardResult, string(r.State))
}

// tell owes a card to the owners of the package's catalog; false when it was
// owed before.
func (s *step) tell(r *access.Request, kind access.CardKind, role access.RoleRef, mark string) bool {
	for _, t := range r.Tell {
		if t.Kind == kind && t.Role == role && t.Mark == mark {
			return false
		}
	}
	r.Tell = append(r.Tell, access.Telling{Kind: kind, Role: role, Mark: mark, Ask: access.Ask{
		Level: access.AskTell, Subjects: []access.Subject{{Kind: access.SubjectCatalogOwners}},
	}})
	return true
}

// Faces of cards that have only two: what they ask for can be done, or not any
// more.
const (
	faceAsks  = 1
	faceSpent = 2
)

// FaceOf is the face that a card shows of the ledger as it is.
func FaceOf(l access.Ledger, c access.Card) int {
	if asks, two := asksStill(&l, &c); two {
		if asks {
			return faceAsks
		}
		return faceSpent
	}
	if r := l.Request(c.Request); r != nil {
		return r.Face
	}
	return c.Drawn
}

// asksStill reports whether what a task or notice asks for can still be done;
// two is false for cards that follow the face of their request.
func asksStill(l *access.Ledger, c *access.Card) (asks, two bool) {
	r := l.Request(c.Request)
	switch c.Kind {
	case access.CardTask:
		h := l.Roles[c.Role]
		return h != nil && h.Task != nil && h.Task.Mark == c.Mark, true
	case access.CardReminder, access.CardNobody:
		if r == nil {
			return false, true
		}
		run, n := r.Open()
		open := run != nil && strconv.Itoa(n+1) == c.Mark
		return open && !decided(run, c.Place.Person), true
	case access.CardResult:
		waits := c.Mark == string(access.PendingTerms)
		return waits && r != nil && r.State == access.PendingTerms, true
	case access.CardEndsSoon:
		a := l.Assignment(c.Request)
		near := a != nil && a.State.On() && a.Warned.Format(markTime) == c.Mark && soon(a, a.Warned)
		return near && extension(l, a.ID) == nil, true
	case access.CardReady, access.CardOver, access.CardLeft:
		return true, true
	}
	return false, false
}

// soon reports whether the end is near a notice at t: an extension moves it
// away.
func soon(a *access.Assignment, t time.Time) bool {
	return !a.Window.End.IsZero() && a.Window.End.Sub(t) <= firstNotice
}

// pointless reports whether a card that nobody has seen has nothing to say any
// more.
func pointless(l *access.Ledger, c *access.Card) bool {
	if c.Ref != "" || c.Try.Open || c.Try.Fails > 0 {
		return false
	}
	switch c.Kind {
	case access.CardApprover:
		run, n := (*access.StageRun)(nil), -1
		if r := l.Request(c.Request); r != nil {
			run, n = r.Open()
		}
		return run == nil || strconv.Itoa(n+1) != c.Mark
	case access.CardTask, access.CardReminder, access.CardNobody, access.CardEndsSoon:
		return FaceOf(*l, *c) == faceSpent
	}
	return false
}

// cardOwed reports whether a card has to be posted or redrawn.
func cardOwed(l *access.Ledger, c *access.Card) bool {
	if c.Done || pointless(l, c) {
		return false
	}
	return c.Ref == "" || c.Drawn != FaceOf(*l, *c)
}

// cardDone takes the result of a post or an edit.
func (s *step) cardDone(result Result) {
	for i := range s.l.Cards {
		c := &s.l.Cards[i]
		if cardKey(*c) != result.Key {
			continue
		}
		current := c.Try.Open && c.Try.N == result.Attempt
		switch {
		case result.Fail == access.FailNone && !result.Gone:
			s.cardShown(c, result, current)
		case !current:
		case result.Gone:
			s.cardGone(c)
		default:
			s.failed(&c.Try, result)
			c.Done = result.Fail != access.FailRetry || c.Try.Fails >= giveUpCards
			if r := s.l.Request(c.Request); r != nil && c.Done {
				s.cardLost(r, *c, result.Code)
			}
		}
		return
	}
}

// cardLost is a card that cannot be brought to its place. When it asked for a
// decision, others may have to be asked.
func (s *step) cardLost(r *access.Request, c access.Card, code string) {
	s.note(EventFailed, r, func(e *Event) {
		byUsher(e)
		e.Code = code
		if c.Place.Person != "" {
			e.People = []access.PersonID{c.Place.Person}
		}
	})
	if run, n := r.Open(); run != nil && c.Kind == access.CardApprover {
		s.reach(r, n)
	}
}

// askedInVain reports whether an approver of a stage has no card that they
// could decide on: theirs cannot be brought to them, nor to any channel.
func (s *step) askedInVain(r *access.Request, p access.PersonID, n int) bool {
	lost := false
	for i := range s.l.Cards {
		c := &s.l.Cards[i]
		if c.Kind != access.CardApprover || c.Request != r.ID || c.Mark != strconv.Itoa(n+1) || c.Place.Person != p && c.Place.Channel == "" {
			continue
		}
		if !c.Done || c.Ref != "" {
			return false
		}
		lost = true
	}
	return lost
}

// cardShown keeps the message and the face it was drawn with. A late result
// brings the message, but not a face older than the one that is known.
func (s *step) cardShown(c *access.Card, result Result, current bool) {
	if c.Ref == "" {
		c.Ref = result.Ref
	}
	c.Drawn = max(c.Drawn, result.Face)
	c.Done = c.Kind.Notice() && !asksLater(s.l, c)
	if current {
		c.Try = access.Try{N: c.Try.N}
	}
}

// asksLater reports whether a notice will have to be redrawn: it asks for
// something that can be done until something happens.
func asksLater(l *access.Ledger, c *access.Card) bool {
	switch c.Kind {
	case access.CardReminder, access.CardNobody, access.CardEndsSoon, access.CardResult:
		asks, _ := asksStill(l, c)
		return asks || c.Drawn == faceAsks
	}
	return false
}

// cardGone forgets a message that vanished. It is posted anew while it still
// has something to say.
func (s *step) cardGone(c *access.Card) {
	c.Ref, c.Drawn, c.Try = "", 0, access.Try{N: c.Try.N}
	c.Round++
	r := s.l.Request(c.Request)
	c.Done = c.Kind.Notice() || c.Kind == access.CardTask && FaceOf(*s.l, *c) == faceSpent ||
		c.Kind == access.CardApprover && (r == nil || r.State != access.PendingApproval)
}
