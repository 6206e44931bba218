package engine

import (
	"strings"
	"unicode/utf8"

	"github.com/usher-dev/usher/core/access"
)

// apply of a Submit: the package can be seen, a policy fits, nothing of the
// kind is held or pending, everything that is asked is answered.
func (c Submit) apply(s *step) error {
	target := c.Target
	if c.Actor.Person == s.l.Person {
		target = c.Actor
	}
	p, ok := s.w.Packages[c.Package]
	if !ok || !MaySee(p, s.w, c.Actor) {
		return access.Refuse(access.NotFound, "unknownPackage", "name", string(c.Package)).At("package")
	}
	if p.Deleting {
		return access.Refuse(access.Refused, "packageGoes", "package", p.Name)
	}
	policy, err := choosePolicy(p, c.Policy, target, c.Actor)
	if err != nil {
		return err
	}
	if err := s.mayHold(p); err != nil {
		return err
	}
	answers, err := asked(policy, c.Justification, c.Answers)
	if err != nil {
		return err
	}
	window, err := windowFor(policy.Lifecycle, wish{c.Start, c.End, c.For}, false, s.now)
	if err != nil {
		return err
	}
	kind := access.UserAdd
	if c.Actor.Person != s.l.Person {
		kind = access.OnBehalfAdd
	}
	r := s.add(access.Request{
		Kind: kind, State: access.PendingApproval, Asker: c.Actor.Person, Via: c.Actor.Account, Package: p.ID,
		Policy: p.Ref(policy), Terms: p.TermsRef(), Justification: strings.TrimSpace(c.Justification),
		Answers: answers, Window: window, Link: c.Link, Roles: p.Roles,
	})
	s.dec.Request = r.ID
	s.note(EventSubmitted, r, func(e *Event) { e.Reason = r.Justification })
	s.dealAskers(r, access.CardRequestor, "")
	s.route(r, policy, len(policy.Stages) > 0)
	return nil
}

// choosePolicy finds the policy that counts: the chosen one if it may be
// chosen, else the first that fits.
func choosePolicy(p access.Package, chosen access.PolicyID, target, asker access.Actor) (access.Policy, error) {
	fitting := Fitting(p, target, asker)
	if len(fitting) == 0 {
		return access.Policy{}, whyNone(p, target, asker)
	}
	if chosen == "" {
		return fitting[0], nil
	}
	for _, policy := range fitting {
		if policy.ID == chosen {
			return policy, nil
		}
	}
	return access.Policy{}, access.Refuse(access.Invalid, "policyNotFit", "policy", string(chosen)).At("policy")
}

// whyNone says why no policy fits.
func whyNone(p access.Package, target, asker access.Actor) error {
	for _, policy := range p.Policies {
		if policy.Closed && policy.Requestors.Fits(target) {
			return access.Refuse(access.Refused, "newRequestsOff", "package", p.Name)
		}
	}
	if target.Person != asker.Person {
		return access.Refuse(access.Forbidden, "notOnBehalf", "package", p.Name).At("person")
	}
	return access.Refuse(access.Forbidden, "notRequestable", "package", p.Name)
}

// mayHold refuses a second request for what is held or pending, and whatever
// is incompatible with something held or pending.
func (s *step) mayHold(p access.Package) error {
	for i := range s.l.Requests {
		r := &s.l.Requests[i]
		if !r.Kind.Adds() || !s.counts(r) {
			continue
		}
		if r.Package == p.ID {
			if r.State.Waiting() {
				return access.Refuse(access.Refused, "alreadyPending", "package", p.Name, "request", int(r.ID))
			}
			return access.Refuse(access.Refused, "alreadyHeld", "package", p.Name, "window", r.Window)
		}
		other := s.w.Packages[r.Package]
		if contains(p.Incompatible, r.Package) || contains(other.Incompatible, p.ID) {
			return access.Refuse(access.Refused, "incompatible", "package", p.Name, "other", other.Name)
		}
	}
	return nil
}

// counts reports whether an adding request is pending, or its assignment is
// scheduled or on. One that is ending does not stand in the way.
func (s *step) counts(r *access.Request) bool {
	if a := s.l.Assignment(r.ID); a != nil {
		return a.State.On() || a.State == access.AssignmentScheduled
	}
	return r.State.Waiting()
}

func contains[T comparable](list []T, x T) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}

// MaxReason is the largest length of a reason or justification, in characters.
const MaxReason = 3000

// asked checks the justification and the answers against a policy.
func asked(policy access.Policy, justification string, given access.Answers) (access.Answers, error) {
	if policy.Justification && strings.TrimSpace(justification) == "" {
		return nil, access.Refuse(access.Invalid, "justificationRequired").At("justification")
	}
	if utf8.RuneCountInString(justification) > MaxReason {
		return nil, access.Refuse(access.Invalid, "tooLong", "max", MaxReason).At("justification")
	}
	answers, problems := access.CheckAnswers(policy.Questions, given)
	if len(problems) > 0 {
		return nil, problems[0]
	}
	return answers, nil
}

// route sends a request to its first stage, or on when it needs no approval.
// A policy without approval that the requestor was the last to edit goes to
// the other owners.
func (s *step) route(r *access.Request, policy access.Policy, approval bool) {
	own := policy.EditedBy != "" && (s.m.Actor.Is(policy.EditedBy) || mine(s.l, policy.EditedBy))
	switch {
	case approval:
		s.openStage(r, false)
	case own:
		s.openStage(r, true)
	default:
		s.approved(r)
	}
}
