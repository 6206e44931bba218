package entra

import (
	"strings"
	"time"
	"unicode"

	"github.com/usher-dev/usher/core/access"
)

// shapeOf finds out in which shape a policy came, by what only beta has: pages
// of v1.0 answer in beta's shape as well.
func shapeOf(n node) shape {
	requestors, _ := n.node("requestorSettings")
	approval, _ := n.node("requestApprovalSettings")
	beta := n.has("canExtend", "durationInDays", "expirationDateTime", "accessPackageId", "accessReviewSettings") ||
		requestors.has("scopeType", "acceptRequests", "allowedRequestors") ||
		approval.has("isApprovalRequired", "approvalStages", "approvalMode")
	return shape{Beta: beta, Pattern: beta && n.has("expiration")}
}

// policy reads an assignment policy without its id.
func (r reading) policy(n node) access.Policy {
	p := access.Policy{
		Name:        line(n.text("displayName"), "Policy"),
		Description: clip(n.text("description"), access.MaxDescription),
	}
	settings, _ := n.node("requestorSettings")
	r.requestors(n, settings, &p)
	p.OnBehalf = r.onBehalf(settings)
	p.Lifecycle.OwnTimes = settings.flag("allowCustomAssignmentSchedule", "isCustomAssignmentScheduleAllowed")
	if !lifecycle(n, &p.Lifecycle) {
		p.Closed = true
		r.report.note(n, "Usher does not understand when access ends: new requests are off.")
	}
	more := settings.flag("enableTargetsToSelfUpdateAccess") || n.flag("canExtend")
	p.Lifecycle.Extend = more && (p.Lifecycle.Ends != access.EndsNever || p.Lifecycle.OwnTimes)
	r.approval(n, &p)
	for _, q := range sequence(n.list("questions")) {
		if len(p.Questions) == access.MaxQuestions {
			r.report.note(q, "Usher asks no more questions than it has asked so far.")
			break
		}
		p.Questions = append(p.Questions, question(q, len(p.Questions)))
	}
	return p
}

// requestors says who may ask. What Usher has no word for is nobody.
func (r reading) requestors(n, settings node, p *access.Policy) {
	name := n.text("allowedTargetScope")
	if name == "" {
		name = settings.text("scopeType")
	}
	targets := n.list("specificAllowedTargets")
	if len(targets) == 0 {
		targets = settings.list("allowedRequestors")
	}
	switch strings.ToLower(name) {
	case "allmemberusers", "allexistingdirectorymemberusers":
		p.Requestors.Members = true
	case "alldirectoryusers", "allexistingdirectorysubjects":
		p.Requestors.Members, p.Requestors.Outsiders = true, true
		r.report.note(n, "Everybody in the directory, guests too, becomes members and people from outside in the chats: say who may ask if that is too many.")
	case "allexternalusers", "allexternalsubjects":
		p.Requestors.Outsiders = true
	case "specificdirectoryusers", "specificdirectorysubjects":
		p.Requestors.People, p.Requestors.Groups = named(r.subjects(targets))
	case "", "notspecified", "nosubjects":
	default:
		r.report.note(n, "Usher cannot tell who "+name+" are: until you say who may ask, only admins assign.")
	}
	p.Closed = !settings.flag("enableTargetsToSelfAddAccess", "acceptRequests")
}

func (r reading) onBehalf(settings node) access.OnBehalf {
	var o access.OnBehalf
	if !settings.flag("enableOnBehalfRequestorsToAddAccess", "isOnBehalfAllowed") {
		return o
	}
	list := settings.list("onBehalfRequestors")
	for _, n := range list {
		if strings.EqualFold(n.odata(), "targetManager") && n.number("managerLevel") <= 1 {
			o.Managers = true
		}
	}
	o.People, o.Groups = named(r.subjects(list))
	return o
}

// lifecycle says when access ends; false when that is not understood.
func lifecycle(n node, l *access.Lifecycle) bool {
	l.Ends = access.EndsNever
	e, given := n.node("expiration")
	days, date := n.number("durationInDays"), n.text("expirationDateTime")
	length, end := e.text("duration"), e.text("endDateTime")
	switch kind := strings.ToLower(e.text("type")); {
	case given && kind != "afterdatetime" && kind != "afterduration":
		return kind == "noexpiration" || kind == "notspecified" || kind == ""
	case given && kind == "afterdatetime", !given && date != "":
		at, err := time.Parse(time.RFC3339, end+date)
		if err != nil || at.IsZero() {
			return false
		}
		l.Ends, l.On = access.EndsOnDate, at.UTC()
	case given || days != 0:
		d, ok := parseDuration(length)
		if !given {
			d, ok = time.Duration(days)*day, days > 0 && days <= int(access.MaxWindow/day)
		}
		if d = d.Truncate(time.Hour); !ok || d <= 0 || d > access.MaxWindow {
			return false
		}
		l.Ends, l.For = access.EndsDuration, d
	}
	return true
}

// clip makes a text what Usher takes: readable, and no longer than that.
func clip(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !strings.ContainsRune("\n\t\r", r) {
			return -1
		}
		return r
	}, text)
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// line is a name: one line, never empty.
func line(text, otherwise string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }), " ")
	if strings.TrimSpace(text) == "" {
		return otherwise
	}
	return clip(text, access.MaxName)
}
