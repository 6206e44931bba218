package engine

import (
	"github.com/usher-dev/usher/core/access"
)

// apply of an Assign: an admin gives a package directly. The holder still
// accepts the terms; nobody approves.
func (c Assign) apply(s *step) error {
	p, ok := s.w.Packages[c.Package]
	if !ok {
		return access.Refuse(access.NotFound, "unknownPackage", "name", string(c.Package)).At("package")
	}
	if !HasRole(s.w, p.Catalog, c.Actor, access.AssignmentManager) {
		return access.Refuse(access.Forbidden, "notAdmin")
	}
	if holds(s.l, c.Actor) {
		return access.Refuse(access.Forbidden, "selfAssign")
	}
	policy, err := assignedPolicy(p, c.Policy)
	if err != nil {
		return err
	}
	if p.Deleting {
		return access.Refuse(access.Refused, "packageGoes", "package", p.Name)
	}
	if err := s.mayHold(p); err != nil {
		return err
	}
	reason, err := reasonOf(c.Reason, false)
	if err != nil {
		return err
	}
	window, err := windowFor(policy.Lifecycle, wish{c.Start, c.End, c.For}, true, s.now)
	if err != nil {
		return err
	}
	r := s.add(access.Request{
		Kind: access.AdminAdd, State: access.Approved, Asker: c.Actor.Person, Via: c.Actor.Account, Package: p.ID,
		Policy: p.Ref(policy), Terms: p.TermsRef(), Justification: reason, Window: window, Roles: p.Roles,
	})
	s.dec.Request = r.ID
	s.note(EventSubmitted, r, func(e *Event) { e.Reason = reason })
	s.dealHolder(r, access.CardRequestor, "")
	s.approved(r)
	return nil
}

// assignedPolicy is the named policy, else the first.
func assignedPolicy(p access.Package, id access.PolicyID) (access.Policy, error) {
	if id == "" && len(p.Policies) > 0 {
		return p.Policies[0], nil
	}
	policy, ok := p.Policy(id)
	if !ok {
		return policy, access.Refuse(access.Invalid, "policyNotFit", "policy", string(id)).At("policy")
	}
	return policy, nil
}
