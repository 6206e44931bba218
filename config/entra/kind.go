package entra

import (
	"slices"
	"strings"
)

// kind is the kind of an object, by the name of its type in v1.0.
type kind string

const (
	catalogKind         kind = "accessPackageCatalog"
	resourceKind        kind = "accessPackageResource"
	packageKind         kind = "accessPackage"
	roleScopeKind       kind = "accessPackageResourceRoleScope"
	policyKind          kind = "accessPackageAssignmentPolicy"
	resourceRequestKind kind = "accessPackageResourceRequest"
	requestKind         kind = "accessPackageAssignmentRequest"
	assignmentKind      kind = "accessPackageAssignment"
	resourceRoleKind    kind = "accessPackageResourceRole"
	requirementsKind    kind = "accessPackageAssignmentRequestRequirements"
	subjectKind         kind = "accessPackageSubject"
	referenceKind       kind = "reference"
	unknownKind         kind = "unknown"
)

// order is the order in which objects are read: what is referred to first.
func (k kind) order() int {
	return slices.Index([]kind{catalogKind, resourceRequestKind, resourceKind, packageKind, roleScopeKind, policyKind}, k)
}

// marks are properties that only one kind has; the first that fits counts.
func marks() []struct {
	kind kind
	any  []string
} {
	return []struct {
		kind kind
		any  []string
	}{
		{requirementsKind, []string{"policyId", "policyDisplayName"}},
		{policyKind, []string{
			"requestorSettings", "requestApprovalSettings", "allowedTargetScope", "specificAllowedTargets", "durationInDays",
			"canExtend", "accessReviewSettings", "reviewSettings", "automaticRequestSettings",
		}},
		{catalogKind, []string{"catalogType", "catalogStatus", "isExternallyVisible", "customWorkflowExtensions", "accessPackages"}},
		{roleScopeKind, []string{"scope", "accessPackageResourceScope"}},
		{packageKind, []string{
			"isHidden", "resourceRoleScopes", "accessPackageResourceRoleScopes", "assignmentPolicies", "accessPackageAssignmentPolicies",
			"incompatibleAccessPackages", "incompatibleGroups", "accessPackagesIncompatibleWith",
		}},
		{requestKind, []string{"assignment", "accessPackageAssignment", "requestState", "requestStatus", "completedDate", "completedDateTime", "answers"}},
		{assignmentKind, []string{"target", "targetId", "assignmentPolicyId", "assignmentPolicy", "assignmentState", "expiredDateTime"}},
		{resourceRoleKind, []string{"resource", "accessPackageResource"}},
		{resourceKind, []string{"originSystem", "originId"}},
		{policyKind, []string{"accessPackageId", "accessPackage"}},
		{packageKind, []string{"catalogId", "catalog"}},
		{subjectKind, []string{"objectId", "subject"}},
		{referenceKind, []string{"@odata.id"}},
	}
}

// kindOf finds out what an object is: by its own type, by its properties, and
// at last by the name of its file.
func kindOf(n node, hint kind) kind {
	if name := kind(n.odata()); slices.Contains(kinds(), name) {
		return name
	}
	if n.has("requestType") {
		if n.has("resource", "accessPackageResource", "catalog", "catalogId", "executeImmediately") {
			return resourceRequestKind
		}
		return requestKind
	}
	for _, m := range marks() {
		if n.has(m.any...) {
			return m.kind
		}
	}
	if n.has("displayName") {
		return hint
	}
	return unknownKind
}

func kinds() []kind {
	return []kind{
		catalogKind, resourceKind, packageKind, roleScopeKind, policyKind, resourceRequestKind, requestKind, assignmentKind,
		resourceRoleKind, requirementsKind, subjectKind,
	}
}

// hintOf says what a file is likely to hold.
func hintOf(file string) kind {
	name := strings.ToLower(file[strings.LastIndexAny(file, `/\`)+1:])
	for _, h := range []struct {
		part string
		kind kind
	}{
		{"polic", policyKind},
		{"request", unknownKind},
		{"rolescope", unknownKind},
		{"packageassignment", unknownKind},
		{"catalog", catalogKind},
		{"accesspackage", packageKind},
	} {
		if strings.Contains(name, h.part) {
			return h.kind
		}
	}
	return unknownKind
}
