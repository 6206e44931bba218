package entra

import (
	"slices"
	"time"

	"github.com/usher-dev/usher/core/access"
)

// approval reads who decides. A policy that wants approval gets a stage in any
// case.
func (r reading) approval(n node, p *access.Policy) {
	settings, _ := n.node("requestApprovalSettings")
	p.Justification = settings.flag("isRequestorJustificationRequired")
	stages := settings.list("stages", "approvalStages")
	if !settings.flag("isApprovalRequiredForAdd", "isApprovalRequired") {
		if len(stages) > 0 {
			r.report.note(settings, "Approval is not required for adding, and Usher has no stages for extending alone: they are kept.")
		}
		return
	}
	for _, s := range stages {
		p.Stages = append(p.Stages, r.stage(s))
	}
	if len(p.Stages) == 0 {
		r.report.note(settings, "Approval is required and nobody is named: the owners of the catalog decide.")
		p.Stages = []access.Stage{{Approvers: owners()}}
	}
	p.ExtensionApproval = p.Lifecycle.Extend && settings.flag("isApprovalRequiredForUpdate", "isApprovalRequiredForExtension")
}

func owners() []access.Subject { return []access.Subject{{Kind: access.SubjectCatalogOwners}} }

func (r reading) stage(n node) access.Stage {
	primary, backup := backups(n.list("primaryApprovers"))
	s := access.Stage{
		Approvers:      r.subjects(primary),
		Fallbacks:      r.subjects(append(n.list("fallbackPrimaryApprovers"), backup...)),
		ReasonRequired: n.flag("isApproverJustificationRequired"),
		Within:         within(n),
	}
	if n.flag("isEscalationEnabled") {
		s.Alternates = r.subjects(n.list("escalationApprovers"))
	}
	if len(s.Alternates) > 0 {
		s.AlternatesAfter = alternatesAfter(n, s)
	}
	if len(s.Approvers) == 0 {
		s.Approvers = slices.Clone(s.Fallbacks)
		if len(s.Approvers) == 0 {
			s.Approvers = owners()
			r.report.note(n, "Usher finds none of the approvers: the owners of the catalog decide.")
		}
	}
	return s
}

// backups tells apart what beta has in one list.
func backups(list []node) (primary, backup []node) {
	for _, n := range list {
		if n.flag("isBackup") {
			backup = append(backup, n)
		} else {
			primary = append(primary, n)
		}
	}
	return primary, backup
}

// within is the time to decide, 0 if Usher's own counts.
func within(n node) time.Duration {
	d, ok := parseDuration(n.text("durationBeforeAutomaticDenial"))
	if days := n.number("approvalStageTimeOutInDays"); !ok && days > 0 && days <= int(access.MaxWindow/day) {
		d = time.Duration(days) * day
	}
	if d <= 0 || hours(d) > access.MaxWindow {
		return 0
	}
	return hours(d)
}

// alternatesAfter is when alternates are asked, 0 if Usher's own counts.
func alternatesAfter(n node, s access.Stage) time.Duration {
	d, _ := parseDuration(n.text("durationBeforeEscalation"))
	if minutes := n.number("escalationTimeInMinutes"); d == 0 && minutes > 0 {
		d = time.Duration(minutes) * time.Minute
	}
	if d = hours(d); d <= 0 || d >= s.DecideWithin() {
		return 0
	}
	return d
}
