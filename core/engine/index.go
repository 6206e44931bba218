package engine

import (
	"slices"
	"strconv"
	"strings"

	"github.com/usher-dev/usher/core/access"
)

// Names of the indexes that a ledger appears in. Members are
// "<person>#<request>", of IndexHeld "<person>", of IndexCards CardMember.
const (
	IndexWaiting      = "waiting/"      // + person: open requests that wait for this person
	IndexWaitingGroup = "waitingGroup/" // + group: open requests that wait for a group left whole
	IndexAsks         = "asks/"         // + group: open requests whose approvers are found through the group
	IndexDecided      = "decided/"      // + person: open requests that this person decided in
	IndexHeld         = "held/"         // + package: ledgers that refer to it
	IndexAsked        = "asked/"        // + person: requests made for others
	IndexOpen         = "open"          // requests that are not delivered, and failed ones
	IndexCards        = "cards"         // posted cards of requests that can still be talked about
)

// IndexKey is one member of one index that a ledger belongs to.
type IndexKey struct{ Index, Member string }

// MemberOf names a request in an index.
func MemberOf(p access.PersonID, id access.RequestID) string {
	return string(p) + "#" + strconv.Itoa(int(id))
}

// ParseMember is the inverse of MemberOf.
func ParseMember(m string) (access.PersonID, access.RequestID, bool) {
	person, number, ok := strings.Cut(m, "#")
	id, err := strconv.Atoi(number)
	return access.PersonID(person), access.RequestID(id), ok && err == nil
}

// CardMember names a request behind the message that shows it:
// "<ref> <person>#<request>". CardPrefix begins every member of a message.
func CardMember(ref string, p access.PersonID, id access.RequestID) string {
	return CardPrefix(ref) + MemberOf(p, id)
}

// CardPrefix is what the members of a message begin with.
func CardPrefix(ref string) string { return ref + " " }

// ParseCardMember is the inverse of CardMember.
func ParseCardMember(m string) (access.PersonID, access.RequestID, bool) {
	return ParseMember(m[strings.LastIndexByte(m, ' ')+1:])
}

// Indexes lists the index members of a ledger, each once and in order. What
// changed between two revisions is the difference between their lists.
func Indexes(l access.Ledger) []IndexKey {
	var keys []IndexKey
	add := func(index, member string) { keys = append(keys, IndexKey{index, member}) }
	for i := range l.Requests {
		r := &l.Requests[i]
		member := MemberOf(l.Person, r.ID)
		add(IndexHeld+string(r.Package), string(l.Person))
		if r.Kind == access.OnBehalfAdd {
			add(IndexAsked+string(r.Asker), member)
		}
		if stuck(&l, r) {
			add(IndexOpen, member)
		}
		for _, d := range decisionsOf(r) {
			add(IndexDecided+string(d.By), member)
		}
		run, _ := r.Open()
		if run == nil {
			continue
		}
		for _, p := range run.People() {
			if p != l.Person && p != r.Asker && !decided(run, p) {
				add(IndexWaiting+string(p), member)
			}
		}
		for _, ask := range run.Asks {
			for _, f := range ask.Found {
				if f.Whole {
					add(IndexWaitingGroup+string(f.Subject.Group), member)
				}
			}
			for _, g := range groupsOf(ask) {
				add(IndexAsks+string(g), member)
			}
		}
	}
	for i := range l.Cards {
		if c := &l.Cards[i]; talkedAbout(&l, c) {
			add(IndexCards, CardMember(c.Ref, l.Person, c.Request))
		}
	}
	slices.SortFunc(keys, func(a, b IndexKey) int {
		if c := strings.Compare(a.Index, b.Index); c != 0 {
			return c
		}
		return strings.Compare(a.Member, b.Member)
	})
	return slices.Compact(keys)
}

// decisionsOf are what was decided on a request that waits.
func decisionsOf(r *access.Request) []access.Decision {
	if !r.State.Waiting() {
		return nil
	}
	var all []access.Decision
	for _, run := range r.Stages {
		all = append(all, run.Decisions...)
	}
	return all
}

// groupsOf are the groups whose change makes what was found out of date, and
// until something is found those that are named. It goes by what was found
// where it can, so that a ledger written before Through existed joins the index
// when its people are looked up the next time, a day later at most.
func groupsOf(ask access.Ask) []access.GroupID {
	var groups []access.GroupID
	for _, f := range ask.Found {
		groups = append(groups, f.Through...)
	}
	if ask.At.IsZero() {
		for _, s := range ask.Subjects {
			if s.Kind == access.SubjectGroup {
				groups = append(groups, s.Group)
			}
		}
	}
	return groups
}

// talkedAbout reports whether what is written below a card is kept: it shows
// a request that still waits.
func talkedAbout(l *access.Ledger, c *access.Card) bool {
	if c.Ref == "" || c.Kind != access.CardApprover && c.Kind != access.CardRequestor {
		return false
	}
	r := l.Request(c.Request)
	return r != nil && r.State.Waiting()
}

// stuck reports whether an admin may want to know of the request: it waits, is
// being delivered, or failed and is not over.
func stuck(l *access.Ledger, r *access.Request) bool {
	if r.Kind.Removes() {
		return r.State != access.Delivered
	}
	a := l.Assignment(r.Assignment)
	over := a != nil && a.State.Over()
	return !r.State.Final() || !over && (r.State == access.DeliveryFailed || r.State == access.PartiallyDelivered)
}
