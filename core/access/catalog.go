package access

import "time"

// CatalogRole is what somebody may do within one catalog.
type CatalogRole string

const (
	CatalogOwner      CatalogRole = "owner"             // everything in the catalog
	CatalogReader     CatalogRole = "reader"            // sees it, changes nothing
	PackageManager    CatalogRole = "packageManager"    // packages and policies, not resources
	AssignmentManager CatalogRole = "assignmentManager" // assign, remove, cancel, retry; not policies
)

// RoleHolder gives a catalog role to a person or a group.
type RoleHolder struct {
	Role CatalogRole `json:"role"`
	Who  Subject     `json:"who"` // SubjectPerson or SubjectGroup
}

// Routing says where approvers' cards go besides, or instead of, a direct
// message to each. The first that names a channel counts: the package's, the
// catalog's, the tenant's.
type Routing struct {
	Channels []Channel `json:"channels,omitempty"`
	// ChannelOnly: no direct messages to the approvers.
	ChannelOnly bool `json:"channelOnly,omitempty"`
}

// What is managed by a file is written by "usher apply" and cannot be edited in
// chat. For everything else ManagedBy is empty, or ManagedByChat.
const (
	ManagedByFile = "file"
	ManagedByChat = "chat"
)

// Catalog is a set of resources and the packages made of them.
type Catalog struct {
	ID          CatalogID    `json:"id"`
	Name        string       `json:"name"`
	Description string       `json:"description,omitempty"`
	Roles       []RoleHolder `json:"roles,omitempty"`
	Routing     Routing      `json:"routing,omitzero"`
	ManagedBy   string       `json:"managedBy,omitempty"` // ManagedByFile, or empty
	Deleting    bool         `json:"deleting,omitempty"`  // to be deleted as soon as nothing is in it
	Revision    int64        `json:"-"`                   // of the record it was read from
}

// Resource is something in the outside world that access is given to.
type Resource struct {
	ID          ResourceID     `json:"id"`
	Catalog     CatalogID      `json:"catalog"`
	Name        string         `json:"name"`
	Description string         `json:"description,omitempty"`
	Connector   string         `json:"connector"` // name of the connector that serves it
	Target      string         `json:"target"`    // the connector's own name for it
	Roles       []ResourceRole `json:"roles"`
	// Hands are the people who carry out tasks for the manual connector.
	Hands     []Subject `json:"hands,omitempty"`
	ManagedBy string    `json:"managedBy,omitempty"` // ManagedByFile, or empty
	Deleting  bool      `json:"deleting,omitempty"`  // to be deleted as soon as nobody has it through Usher
	Revision  int64     `json:"-"`
}

// ResourceRole is one role on a resource.
type ResourceRole struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Can  Words  `json:"can"` // what its holder will be able to do, in words
}

// Role finds a role by id.
func (r Resource) Role(id string) (ResourceRole, bool) {
	for _, role := range r.Roles {
		if role.ID == id {
			return role, true
		}
	}
	return ResourceRole{}, false
}

// Terms is one immutable version of a text that must be accepted before
// delivery.
type Terms struct {
	Version int   `json:"version"`
	Text    Words `json:"text"`
}

// Package is a named bundle of resource roles with policies in order.
type Package struct {
	ID           PackageID   `json:"id"`
	Catalog      CatalogID   `json:"catalog"`
	Name         string      `json:"name"`
	Description  string      `json:"description,omitempty"`
	Roles        []RoleRef   `json:"roles"`
	Policies     []Policy    `json:"policies,omitempty"` // current versions; the first that fits counts
	Hidden       bool        `json:"hidden,omitempty"`   // not listed; who knows its name may ask
	Incompatible []PackageID `json:"incompatible,omitempty"`
	Terms        *Terms      `json:"terms,omitempty"` // current version
	Routing      Routing     `json:"routing,omitzero"`
	ManagedBy    string      `json:"managedBy,omitempty"` // ManagedByFile, or empty
	Deleting     bool        `json:"deleting,omitempty"`  // no new requests; to be deleted as soon as no ledger refers to it
	CreatedBy    PersonID    `json:"createdBy"`
	CreatedAt    time.Time   `json:"createdAt"`
	EditedBy     PersonID    `json:"editedBy,omitempty"`
	EditedAt     time.Time   `json:"editedAt,omitzero"`
	Revision     int64       `json:"-"`
}

// Policy finds the current version of a policy by id.
func (p Package) Policy(id PolicyID) (Policy, bool) {
	for _, policy := range p.Policies {
		if policy.ID == id {
			return policy, true
		}
	}
	return Policy{}, false
}

// Ref names the current version of one of the package's policies.
func (p Package) Ref(policy Policy) PolicyRef {
	return PolicyRef{Package: p.ID, Policy: policy.ID, Version: policy.Version}
}

// TermsRef names the current terms; the zero TermsRef when there are none.
func (p Package) TermsRef() TermsRef {
	if p.Terms == nil {
		return TermsRef{}
	}
	return TermsRef{Package: p.ID, Version: p.Terms.Version}
}

// Settings is what a tenant chose for all its catalogs.
type Settings struct {
	Name     string    `json:"name"`
	Admins   []Subject `json:"admins"`             // tenant admins; never empty
	Auditors []Subject `json:"auditors,omitempty"` // read everything, change nothing
	Locale   string    `json:"locale,omitempty"`   // for whoever has none of their own; default "en"
	Zone     string    `json:"zone,omitempty"`     // default "UTC"
	// StageLimit is the largest number of stages a policy may have. Default 3.
	StageLimit int `json:"stageLimit,omitempty"`
	// TakeFound also takes away, at the end, roles that were there before
	// Usher gave them. Default: they are left alone and the owners are told.
	TakeFound bool `json:"takeFound,omitempty"`
	// Restore gives a role anew when the daily look finds that somebody took it
	// away by hand. Default: the owners are told and decide.
	Restore   bool    `json:"restore,omitempty"`
	Routing   Routing `json:"routing,omitzero"`
	ManagedBy string  `json:"managedBy,omitempty"` // ManagedByFile, or empty
	Revision  int64   `json:"-"`
}
