package access

import (
	"fmt"
	"strings"
)

// TenantID names one organisation, e.g. "acme". A slug of at most 24 bytes.
type TenantID string

// Account is one chat account, "<chat>/<user>", where chat is the configured
// name of the chat ("playground/carla", "slack/T1-U2"). At most 48 bytes.
type Account string

// PersonID names a person within a tenant. It is the first account that the
// person was known by; accounts linked later point to the same PersonID.
type PersonID string

// GroupID is a group in a chat, "<chat>/<group>": a Slack user group, a
// Discord role, a playground group.
type GroupID string

// Channel is a place in a chat that several people read, "<chat>/<channel>".
type Channel string

// CatalogID, ResourceID, PackageID and PolicyID are slugs ([a-z0-9-], at most
// 40 bytes, no dash at either end). A PolicyID is unique within its package,
// the others within their tenant.
type (
	CatalogID  string
	ResourceID string
	PackageID  string
	PolicyID   string
)

// RequestID numbers a ledger's requests from 1. The assignment that an adding
// request leads to has the same number.
type RequestID int

// General is the catalog that every tenant always has.
const General CatalogID = "general"

// RoleRef names one resource role: what is given and taken.
type RoleRef struct {
	Resource ResourceID
	Role     string
}

// String is "resource/role".
func (r RoleRef) String() string { return string(r.Resource) + "/" + r.Role }

// MarshalText makes a RoleRef usable as a JSON object key.
func (r RoleRef) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText is the inverse of MarshalText.
func (r *RoleRef) UnmarshalText(b []byte) error {
	resource, role, ok := strings.Cut(string(b), "/")
	if !ok || resource == "" || role == "" {
		return fmt.Errorf("%q is not a resource role (want resource/role)", b)
	}
	*r = RoleRef{ResourceID(resource), role}
	return nil
}

// Compare orders resource roles by resource, then role.
func (r RoleRef) Compare(o RoleRef) int { return strings.Compare(r.String(), o.String()) }

// PolicyRef names one immutable version of a policy. A request pins it.
type PolicyRef struct {
	Package PackageID `json:"package"`
	Policy  PolicyID  `json:"policy"`
	Version int       `json:"version"`
}

// String is "package/policy@version".
func (p PolicyRef) String() string {
	return fmt.Sprintf("%s/%s@%d", p.Package, p.Policy, p.Version)
}

// TermsRef names one immutable version of a package's terms. Version 0 means
// that there are none.
type TermsRef struct {
	Package PackageID `json:"package,omitempty"`
	Version int       `json:"version,omitempty"`
}

// String is "package@version".
func (t TermsRef) String() string { return fmt.Sprintf("%s@%d", t.Package, t.Version) }
