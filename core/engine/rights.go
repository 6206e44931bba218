package engine

import (
	"slices"

	"github.com/usher-dev/usher/core/access"
)

// TenantAdmin reports whether the actor is an admin of the tenant.
func TenantAdmin(w World, a access.Actor) bool { return matchesAny(w.Settings.Admins, a) }

// Auditor reports whether the actor may read everything.
func Auditor(w World, a access.Actor) bool { return matchesAny(w.Settings.Auditors, a) }

func matchesAny(subjects []access.Subject, a access.Actor) bool {
	return slices.ContainsFunc(subjects, func(s access.Subject) bool { return matches(s, a) })
}

// matches reports whether the actor is the person or in the group of a
// subject. Relations (manager, owners) are not answered here.
func matches(s access.Subject, a access.Actor) bool {
	if !a.Standing.Human() {
		return false
	}
	switch s.Kind {
	case access.SubjectPerson:
		return a.Owns(s.Person)
	case access.SubjectGroup:
		return a.In(s.Group)
	}
	return false
}

// HasRole reports whether the actor has one of the roles in the catalog.
// Owners have every role; tenant admins are owners everywhere.
func HasRole(w World, c access.CatalogID, a access.Actor, roles ...access.CatalogRole) bool {
	if TenantAdmin(w, a) {
		return true
	}
	for _, holder := range w.Catalogs[c].Roles {
		if (holder.Role == access.CatalogOwner || contains(roles, holder.Role)) && matches(holder.Who, a) {
			return true
		}
	}
	return false
}

// AnyRole reports whether the actor has any role in the catalog.
func AnyRole(w World, c access.CatalogID, a access.Actor) bool {
	return HasRole(w, c, a, access.CatalogReader, access.PackageManager, access.AssignmentManager)
}

// Fitting lists the policies of a package through which target may get it, in
// order, when asker (target itself, or somebody on behalf) asks. The first is
// the one that counts; after it come only those that may be chosen. Empty: not
// allowed.
func Fitting(p access.Package, target, asker access.Actor) []access.Policy {
	var fitting []access.Policy
	self := asker.Owns(target.Person)
	for _, policy := range p.Policies {
		if policy.Closed || !policy.Requestors.Fits(target) || !self && !policy.OnBehalf.Allows(asker) {
			continue
		}
		if len(fitting) == 0 || policy.Choosable {
			fitting = append(fitting, policy)
		}
	}
	return fitting
}

// MaySee reports whether the actor may know that the package exists, when they
// come by its name; a package that is not hidden is also listed to them.
func MaySee(p access.Package, w World, a access.Actor) bool {
	if AnyRole(w, p.Catalog, a) || Auditor(w, a) {
		return true
	}
	for _, policy := range p.Policies {
		if policy.Requestors.Fits(a) || policy.OnBehalf.Allows(a) ||
			policy.OnBehalf.Managers && a.Standing == access.Member {
			return true
		}
	}
	return false
}

// MayRead reports whether the actor may read a request: requestor, asker,
// approvers so far, the catalog's roles, tenant admins and auditors.
func MayRead(l access.Ledger, w World, r access.Request, a access.Actor) bool {
	return MayRemark(l, w, r, a) || Auditor(w, a)
}

// MayRemark reports whether what the actor writes below the request's card is
// kept with it: of everybody who may read it but those who do so as auditors
// alone, since an auditor changes nothing.
func MayRemark(l access.Ledger, w World, r access.Request, a access.Actor) bool {
	if a.Owns(l.Person) || a.Owns(r.Asker) {
		return true
	}
	if !a.Standing.Human() {
		return false
	}
	return AnyRole(w, w.Packages[r.Package].Catalog, a) || askedBefore(len(r.Stages), r, w, a)
}

// askedBefore reports whether the actor was asked, or decided, in one of the
// first n stages of a request.
func askedBefore(n int, r access.Request, w World, a access.Actor) bool {
	for _, run := range r.Stages[:n] {
		if decidedBy(&run, a.Owns) {
			return true
		}
		for _, ask := range run.Asks {
			if inAsk(w, r, ask, a) {
				return true
			}
		}
	}
	return false
}

// inAsk reports whether the actor is one of those asked, as they stand at this
// moment: a member of a group must still be in it, an owner still be owner.
func inAsk(w World, r access.Request, ask access.Ask, a access.Actor) bool {
	catalog := w.Packages[r.Package].Catalog
	for _, s := range ask.Subjects {
		switch s.Kind {
		case access.SubjectPerson, access.SubjectGroup:
			if matches(s, a) {
				return true
			}
		case access.SubjectManager:
			for _, f := range ask.Found {
				if f.Subject.Kind == s.Kind && slices.ContainsFunc(f.People, a.Owns) {
					return true
				}
			}
		case access.SubjectCatalogOwners:
			if HasRole(w, catalog, a) {
				return true
			}
		case access.SubjectPackageOwner:
			if HasRole(w, catalog, a, access.PackageManager) {
				return true
			}
		case access.SubjectTenantAdmins:
			if TenantAdmin(w, a) {
				return true
			}
		}
	}
	return false
}

// approvedBy reports whether the actor approved the request.
func approvedBy(r *access.Request, a access.Actor) bool {
	for _, run := range r.Stages {
		for _, d := range run.Decisions {
			if a.Owns(d.By) && d.Verdict == access.Approve && d.Void == "" {
				return true
			}
		}
	}
	return false
}
