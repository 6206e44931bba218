package access

import "slices"

// Standing says what a person is to the tenant. It decides which policies fit
// and whether the person may decide anything.
type Standing string

const (
	Member   Standing = "member"   // belongs to the organisation
	Guest    Standing = "guest"    // invited into the chat, limited there
	External Standing = "external" // belongs to another organisation, or to none
	Limited  Standing = "limited"  // a member who may decide nothing for now: not let in yet, or silenced
	Bot      Standing = "bot"      // a program: never requests, never decides
	Gone     Standing = "gone"     // deactivated or left: never requests, never decides
)

// Outside reports whether policies for "guests and outside people" speak of
// this standing.
func (s Standing) Outside() bool { return s == Guest || s == External }

// Human reports whether somebody of this standing may act at all.
func (s Standing) Human() bool { return s.Decides() || s == External || s == Limited }

// Decides reports whether somebody of this standing may decide on requests.
func (s Standing) Decides() bool { return s == Member || s == Guest }

// Profile is what a chat's directory knows of a person at a moment.
type Profile struct {
	Person   PersonID  `json:"person"`
	Account  Account   `json:"account"`
	Name     string    `json:"name"`
	Standing Standing  `json:"standing"`
	Locale   string    `json:"locale,omitempty"` // BCP 47, e.g. "de" or "en-GB"
	Zone     string    `json:"zone,omitempty"`   // IANA, e.g. "Europe/Berlin"
	Email    string    `json:"email,omitempty"`
	Manager  PersonID  `json:"manager,omitempty"`
	Groups   []GroupID `json:"groups,omitempty"`
	// SameAs are accounts in other chats with the same e-mail address.
	SameAs []PersonID `json:"sameAs,omitempty"`
}

// Actor is who stands behind a command, as the shell found them at that
// moment. The engine trusts it; nothing in it comes from a button or a form.
type Actor struct {
	Person   PersonID  `json:"person"`
	Account  Account   `json:"account,omitempty"`
	Standing Standing  `json:"standing,omitempty"`
	Groups   []GroupID `json:"groups,omitempty"`
	// ManagerOf is the manager relation of the ledger's person: true when the
	// actor is that person's manager now. Needed for asking on behalf.
	ManagerOf bool `json:"managerOf,omitempty"`
	// Also are persons that were linked with this one later: accounts of the
	// same human. They count as this one in everything.
	Also []PersonID `json:"also,omitempty"`
	// SameAs are other persons that count as this one when something is to be
	// refused (the same e-mail in two chats), never when it is to be granted.
	SameAs []PersonID `json:"sameAs,omitempty"`
	// Unproven: the tenant has several chats, and this account is neither
	// linked with others nor confirmed to be its human's only one. It may ask,
	// and decides nothing.
	Unproven bool `json:"unproven,omitempty"`
	// System marks Usher itself: clocks, deliveries, files applied.
	System bool `json:"system,omitempty"`
}

// System is the actor of everything that Usher does by itself.
func SystemActor() Actor { return Actor{Person: "usher", System: true} }

// Owns reports whether the actor is p, by whichever of their accounts.
func (a Actor) Owns(p PersonID) bool { return a.Person == p || slices.Contains(a.Also, p) }

// Is reports whether the actor is p, or must count as p when refusing.
func (a Actor) Is(p PersonID) bool { return a.Owns(p) || slices.Contains(a.SameAs, p) }

// In reports whether the actor belongs to group g at this moment.
func (a Actor) In(g GroupID) bool {
	for _, own := range a.Groups {
		if own == g {
			return true
		}
	}
	return false
}

// SubjectKind says how a Subject finds its people.
type SubjectKind string

const (
	SubjectPerson        SubjectKind = "person"        // Person
	SubjectGroup         SubjectKind = "group"         // everybody in Group at that moment
	SubjectManager       SubjectKind = "manager"       // the manager of the person who gets the access
	SubjectPackageOwner  SubjectKind = "packageOwners" // package managers and owners of the package's catalog
	SubjectCatalogOwners SubjectKind = "catalogOwners" // owners of the package's catalog
	SubjectTenantAdmins  SubjectKind = "tenantAdmins"  // admins of the tenant
)

// Subject is one entry of a list of people: a person, a group, or a relation.
type Subject struct {
	Kind   SubjectKind `json:"kind"`
	Person PersonID    `json:"person,omitempty"`
	Group  GroupID     `json:"group,omitempty"`
}

// SomePerson, SomeGroup make Subjects.
func SomePerson(p PersonID) Subject { return Subject{Kind: SubjectPerson, Person: p} }
func SomeGroup(g GroupID) Subject   { return Subject{Kind: SubjectGroup, Group: g} }

// String names the subject for logs and the audit.
func (s Subject) String() string {
	switch s.Kind {
	case SubjectPerson:
		return string(s.Person)
	case SubjectGroup:
		return "group " + string(s.Group)
	default:
		return string(s.Kind)
	}
}
