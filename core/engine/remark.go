package engine

import (
	"strings"

	"github.com/usher-dev/usher/core/access"
)

// Limits of what is kept of the talk below a card.
const (
	MaxRemarks = 50
	MaxRemark  = 1000 // bytes; what is longer is cut
)

// apply of a Remark: kept while the request is open, from whoever may read it.
// Auditors are told that theirs are not: they read everything, change nothing.
func (c Remark) apply(s *step) error {
	r := s.l.Request(c.Request)
	if r == nil {
		return access.Refuse(access.NotFound, "unknownRequest")
	}
	if !MayRead(*s.l, s.w, *r, c.Actor) {
		return access.Refuse(access.Forbidden, "notYours")
	}
	if !MayRemark(*s.l, s.w, *r, c.Actor) {
		return access.Refuse(access.Forbidden, "auditorReads")
	}
	text := strings.TrimSpace(c.Text)
	if text == "" || len(r.Remarks) >= MaxRemarks {
		return access.Refuse(access.Invalid, "remarkNotKept")
	}
	if len(text) > MaxRemark {
		text = strings.ToValidUTF8(text[:MaxRemark], "") + "…"
	}
	r.Remarks = append(r.Remarks[:len(r.Remarks):len(r.Remarks)], access.Remark{By: c.Actor.Person, At: s.now, Text: text})
	touch(r)
	s.note(EventRemarked, r, func(e *Event) { e.Reason = text })
	return nil
}

// apply of a Left: the person is gone, so nothing of theirs goes on.
func (c Left) apply(s *step) error {
	for i := range s.l.Requests {
		if r := &s.l.Requests[i]; r.State.Waiting() {
			r.EndCode = "personLeft"
			s.dropScheduled(r, access.AssignmentRevoked)
			s.end(r, access.Canceled, EventLeft, func(e *Event) { e.Code = r.EndCode })
		}
	}
	for i := range s.l.Assignments {
		if a := &s.l.Assignments[i]; a.State.On() {
			s.remove(a.ID, access.SystemRemove, access.AssignmentRevoked, "")
		}
	}
	return nil
}
