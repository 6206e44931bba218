package desk

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// Trail says events of the audit, one plain line each in the order given, in
// the words of `/access-admin audit` and in the first of the locales that
// there are texts in, else in English. A line does not say when it was: pages
// show that in their own way. A name that can't be read is replaced by the id.
func (d *Desk) Trail(ctx context.Context, t access.TenantID, events []engine.Event, locales ...string) []string {
	c := &call{Desk: d, ctx: ctx, from: chat.Who{Tenant: t}, now: d.clock.Now(), tongue: d.texts.in("", locales...)}
	lines := make([]runtime.Line, len(events))
	for i, e := range events {
		e.At = time.Time{}
		lines[i].Event = e
	}
	out := make([]string, len(events))
	for i, item := range c.auditItems(lines) {
		out[i] = c.flat(item)
	}
	return out
}

// addGone adds packages that were deleted to what is known, by their last names.
func (c *call) addGone(w engine.World, told []access.PackageID) {
	missing := slices.DeleteFunc(slices.Clone(told), func(id access.PackageID) bool {
		_, there := w.Packages[id]
		return there
	})
	if len(missing) == 0 || w.Packages == nil {
		return
	}
	slices.Sort(missing)
	gone, err := c.core.Gone(c.ctx, c.from.Tenant, slices.Compact(missing)...)
	if err != nil {
		c.log.Warn().Err(err).Msg("names of deleted packages cannot be read")
	}
	maps.Copy(w.Packages, gone)
}

// event says one line of the audit.
func (s scene) event(e engine.Event) chat.Text {
	var verdict, role chat.Text
	if e.Decision != nil {
		verdict = s.text("verdict." + string(e.Decision.Verdict))
	}
	if e.Role != nil {
		role = chat.Text{code(e.Role.String())}
	}
	var ends, failed chat.Text
	if e.Window != nil {
		ends = s.ends(*e.Window)
	}
	if e.Type == engine.EventFailed {
		failed = s.failureText(access.Holding{Failed: e.Code})
	}
	what := s.text(s.eventKey(e), "verdict", verdict, "role", role, "state", s.stateName(e), "stage", e.Stage, "ends", ends, "failed", failed, "people", s.people(e.People))
	var pkg chat.Text
	if e.Type == engine.EventDefined {
		what = s.defined(e)
	} else if e.Package != "" {
		pkg = chat.Text{s.pkg(e.Package)}
	}
	by, person := e.By, s.who(e.Person)
	if e.Type == engine.EventStageOpened { // nobody's doing, whoever pressed last
		by = access.SystemActor().Person
	}
	if e.Person == by {
		person = nil
	}
	return s.text("audit.line", "at", e.At, "by", s.who(by), "what", what, "person", person, "package", pkg, "reason", e.Reason)
}

// eventKey is the text for an event: the most telling one that there is.
func (s scene) eventKey(e engine.Event) string {
	key := "event." + string(e.Type)
	byHand := e.By != access.SystemActor().Person
	switch {
	case e.Type == engine.EventRefused && slices.Contains([]string{"decidedByYou", "alreadyDecided", "stageOver", "changedSince", "requestOver"}, e.Code):
		return "event.refused.late"
	case e.Type == engine.EventFailed && len(e.People) > 0:
		return "event.undelivered"
	case e.Type == engine.EventSubmitted && e.Kind == access.AdminAdd:
		return "event.assigned"
	case e.Type == engine.EventSubmitted && e.Kind == access.UserExtend:
		return "event.extension"
	case e.Type == engine.EventSubmitted && e.Kind.Removes():
		return "event." + string(e.Kind)
	case e.Type == engine.EventState && e.Kind == access.UserExtend && e.State == access.Delivered:
		return "event.state.extended"
	case e.Type == engine.EventState && (e.State == "" || e.State == access.Delivered && e.Standing != "" || endsAccess(e)):
		return "event.state.standing"
	case e.Type == engine.EventStarted && s.has(key+"."+string(e.Op)):
		return key + "." + string(e.Op)
	case e.Type == engine.EventRole && byHand && e.Code != "":
		return "event.hand.cannot"
	case e.Type == engine.EventRole && byHand && s.has("event.hand."+string(e.Op)):
		return "event.hand." + string(e.Op)
	case e.Type == engine.EventRole && s.has(key+"."+string(e.Had)):
		return key + "." + string(e.Had)
	}
	return key
}

// endsAccess reports whether an event tells how an assignment ends, and not what
// came of its request: that was told before. Only by hand a request and what is
// planned for it end at once.
func endsAccess(e engine.Event) bool {
	return e.Standing == access.AssignmentEnding || e.Standing.Over() && e.By == access.SystemActor().Person
}

func (s scene) stateName(e engine.Event) chat.Text {
	switch {
	case e.State != "" && s.eventKey(e) != "event.state.standing":
		return s.state(string(e.State))
	case e.Standing != "":
		return s.state(string(e.Standing))
	}
	return nil
}
