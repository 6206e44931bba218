package entra

import (
	"time"

	"github.com/usher-dev/usher/core/access"
)

// betaScope is beta's name of who may ask.
func betaScope(name string) string {
	switch name {
	case "allMemberUsers":
		return "AllExistingDirectoryMemberUsers"
	case "allDirectoryUsers":
		return "AllExistingDirectorySubjects"
	case "allExternalUsers":
		return "AllExternalSubjects"
	case "specificDirectoryUsers":
		return "SpecificDirectorySubjects"
	}
	return "NoSubjects"
}

// betaPolicy turns a policy in v1.0's shape into beta's.
func betaPolicy(m tree, p access.Policy, s shape) tree {
	b := tree{
		"id": m["id"], "displayName": m["displayName"], "description": m["description"],
		"accessPackageId": m["accessPackage"].(tree)["id"],
		"canExtend":       p.Lifecycle.Extend,
		"requestorSettings": tree{
			"scopeType":         betaScope(m["allowedTargetScope"].(string)),
			"acceptRequests":    !p.Closed,
			"allowedRequestors": betaSubjects(m["specificAllowedTargets"], false),
			"isOnBehalfAllowed": len(m["requestorSettings"].(tree)["onBehalfRequestors"].([]any)) > 0,
		},
		"requestApprovalSettings": betaApproval(m["requestApprovalSettings"].(tree), p),
		"questions":               betaQuestions(m["questions"].([]any)),
	}
	switch l := p.Lifecycle; {
	case s.Pattern, l.For%day != 0:
		b["expiration"] = m["expiration"]
	case l.Ends == access.EndsOnDate:
		b["durationInDays"], b["expirationDateTime"] = 0, l.On.UTC().Format(time.RFC3339Nano)
	default:
		b["durationInDays"], b["expirationDateTime"] = int(l.For/day), nil
	}
	return b
}

func betaApproval(m tree, p access.Policy) tree {
	mode := "NoApproval"
	switch len(p.Stages) {
	case 0:
	case 1:
		mode = "SingleStage"
	default:
		mode = "Serial"
	}
	stages := []any{}
	for i, s := range p.Stages {
		stages = append(stages, betaStage(m["stages"].([]any)[i].(tree), s))
	}
	return tree{
		"isApprovalRequired": m["isApprovalRequiredForAdd"], "isApprovalRequiredForExtension": m["isApprovalRequiredForUpdate"],
		"isRequestorJustificationRequired": m["isRequestorJustificationRequired"],
		"approvalMode":                     mode, "approvalStages": stages,
	}
}

func betaStage(m tree, s access.Stage) tree {
	minutes := int(s.AskAlternatesAfter() / time.Minute)
	return tree{
		"approvalStageTimeOutInDays":      int(s.DecideWithin() / day),
		"isApproverJustificationRequired": m["isApproverJustificationRequired"],
		"isEscalationEnabled":             m["isEscalationEnabled"],
		"escalationTimeInMinutes":         minutes,
		"primaryApprovers": append(betaSubjects(m["fallbackPrimaryApprovers"], true),
			betaSubjects(m["primaryApprovers"], false)...),
		"escalationApprovers": betaSubjects(m["escalationApprovers"], false),
	}
}

// betaSubjects are subjects with beta's names of their properties.
func betaSubjects(list any, backup bool) []any {
	all := []any{}
	for _, item := range list.([]any) {
		m := item.(tree)
		b := tree{"@odata.type": m["@odata.type"], "isBackup": backup}
		for _, name := range []string{"userId", "groupId"} {
			if id, ok := m[name]; ok {
				b["id"] = id
			}
		}
		if level, ok := m["managerLevel"]; ok {
			b["managerLevel"] = level
		}
		all = append(all, b)
	}
	return all
}

func betaQuestions(list []any) []any {
	all := []any{}
	for _, item := range list {
		m := item.(tree)
		m["text"] = betaWords(m)
		delete(m, "localizations")
		choices, ok := m["choices"].([]any)
		if ok {
			m["allowsMultipleSelection"] = m["isMultipleSelectionAllowed"]
			delete(m, "isMultipleSelectionAllowed")
		}
		for i, c := range choices {
			choice := c.(tree)
			choices[i] = tree{"actualValue": choice["actualValue"], "displayValue": betaWords(choice)}
		}
		all = append(all, m)
	}
	return all
}

func betaWords(m tree) tree {
	return tree{"defaultText": m["text"], "localizedTexts": m["localizations"]}
}
