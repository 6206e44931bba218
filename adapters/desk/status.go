package desk

import (
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// status says in one sentence where a request stands, and the mood of it. It
// is the same on every card.
func (s scene) status(r access.Request) (chat.Tone, chat.Text) {
	if a := s.assignmentOf(r); a != nil && !r.State.WithoutAccess() && r.Kind != access.UserExtend {
		if tone, text := s.standing(r, *a); text != nil {
			return tone, text
		}
	}
	switch r.State {
	case access.PendingApproval, access.Approved:
		return chat.ToneWaiting, s.waiting(r)
	case access.PendingTerms:
		return chat.ToneWaiting, s.text(assigned(r, s.mine("status.pendingTerms")), "person", s.who(s.l.Person), "due", r.TermsDue)
	case access.Scheduled:
		return chat.ToneGood, s.text(assigned(r, "status.scheduled"), "start", r.Window.Start)
	case access.Delivering:
		return chat.ToneWaiting, s.text(assigned(r, "status.delivering"))
	case access.Delivered:
		if a := s.assignmentOf(r); a != nil && a.State.Over() && r.Kind == access.UserExtend {
			tone, over := s.standing(r, *a)
			return tone, s.text("status.extendedOver", "status", over)
		}
		return chat.ToneGood, s.text("status."+deliveredKey(r), "ends", s.ends(s.windowOf(r)))
	case access.PartiallyDelivered:
		return chat.ToneBad, s.text("status.partiallyDelivered")
	case access.DeliveryFailed:
		return chat.ToneBad, s.text("status.deliveryFailed")
	default:
		return s.ended(r)
	}
}

// assigned is the key of a sentence about what an admin gave without being
// asked: nobody approved it.
func assigned(r access.Request, key string) string {
	if r.Kind == access.AdminAdd {
		return key + ".assigned"
	}
	return key
}

func deliveredKey(r access.Request) string {
	if r.Kind == access.UserExtend {
		return "extended"
	}
	return "active"
}

// mine is the key of a sentence to the holder, when the holder reads it.
func (s scene) mine(key string) string {
	if s.is(s.l.Person) {
		return key + ".you"
	}
	return key
}

// standing says where the assignment stands, once that says more than the
// request.
func (s scene) standing(r access.Request, a access.Assignment) (chat.Tone, chat.Text) {
	removal := s.l.Request(a.Removal)
	var by access.PersonID
	var reason string
	if removal != nil {
		by, reason = removal.Asker, removal.Justification
	}
	if a.State.Over() && a.First.IsZero() {
		if removal != nil && removal.Kind == access.SystemRemove {
			by = ""
		}
		return chat.ToneOver, s.text("status.neverSetUp", "by", s.who(by), "at", a.Ended, "reason", reason)
	}
	switch a.State {
	case access.AssignmentEnding:
		if removal != nil && removal.Kind == access.UserRemove {
			return chat.ToneWaiting, s.text("status.endingBack")
		}
		return chat.ToneWaiting, s.text("status.ending")
	case access.AssignmentExpired:
		return chat.ToneOver, s.text("status.expired", "at", expiredAt(a))
	case access.AssignmentReleased:
		return chat.ToneOver, s.text("status.released", "by", s.who(s.l.Person), "at", a.Ended, "reason", reason)
	case access.AssignmentRevoked:
		if removal != nil && removal.Kind == access.SystemRemove {
			by = ""
		}
		return chat.ToneOver, s.text("status.revoked", "by", s.who(by), "at", a.Ended, "reason", reason)
	case access.AssignmentActive:
		if r.State == access.Delivered {
			return chat.ToneGood, s.text("status.active", "ends", s.ends(a.Window))
		}
	}
	return "", nil
}

// expiredAt is when an expired assignment ended: at the end that every card
// showed before, however long the removal took. An assignment whose delivery
// was given up may have none, or one that never came.
func expiredAt(a access.Assignment) time.Time {
	if a.Window.End.IsZero() || a.Window.End.After(a.Ended) {
		return a.Ended
	}
	return a.Window.End
}

// waiting says whose decision a request waits for.
func (s scene) waiting(r access.Request) chat.Text {
	stage, n := r.Open()
	if stage == nil {
		return s.text("status.delivering")
	}
	people := s.knownDeciders(r, *stage)
	if len(people) == 0 {
		return s.text("status.pendingNobody", "stage", s.stageName(r, n))
	}
	return s.text("status.pendingApproval", "people", people, "stage", s.stageName(r, n), "due", stage.Due)
}

// ended says how a request came to nothing.
func (s scene) ended(r access.Request) (chat.Tone, chat.Text) {
	if r.EndCode != "" && s.has("end."+r.EndCode) {
		return chat.ToneOver, merge(append(s.text("end."+r.EndCode, "by", s.who(r.EndedBy), "at", r.Ended), s.askAgain(r)...))
	}
	switch r.State {
	case access.Denied:
		d, _ := r.Denial()
		return chat.ToneBad, s.text("status.denied", "by", s.who(d.By), "at", d.At, "reason", d.Reason)
	case access.TimedOut:
		return chat.ToneOver, merge(append(s.text("status.timedOut", "at", r.Ended), s.askAgain(r)...))
	case access.Withdrawn:
		return chat.ToneOver, s.text("status.withdrawn", "by", s.who(r.EndedBy), "at", r.Ended, "reason", r.EndReason)
	default:
		return chat.ToneOver, s.text("status.canceled", "by", s.who(r.EndedBy), "at", r.Ended, "reason", r.EndReason)
	}
}

// askAgain tells whoever asked that a request which timed out can be made
// again; one whose time is over cannot.
func (s scene) askAgain(r access.Request) chat.Text {
	if r.State != access.TimedOut || r.EndCode == "endPassed" || r.EndCode == "endBeforeTerms" || r.EndCode == "assignmentEnded" || !s.is(r.Asker) {
		return nil
	}
	if r.Kind == access.UserExtend {
		return s.text("show.extendAgain")
	}
	return s.text("show.askAgain")
}
