package entra

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/usher-dev/usher/core/access"
)

// writer makes the JSON of v1.0 of definitions.
type writer struct {
	people   map[access.PersonID]string // object ids
	groups   map[access.GroupID]string
	catalogs map[access.CatalogID]string // ids in Entra of those that have one
	packages map[access.PackageID]string
	lost     func(says string) // told what Graph has no word for
}

// newWriter turns a map around.
func newWriter(m Map) *writer {
	w := &writer{
		people: map[access.PersonID]string{}, groups: map[access.GroupID]string{},
		catalogs: map[access.CatalogID]string{}, packages: map[access.PackageID]string{},
		lost: func(string) {},
	}
	for _, id := range slices.Backward(slices.Sorted(maps.Keys(m.People))) {
		w.people[m.People[id]] = id
	}
	for _, id := range slices.Backward(slices.Sorted(maps.Keys(m.Groups))) {
		w.groups[m.Groups[id]] = id
	}
	return w
}

// of is the writer for one object, which knows its own people better.
func (w writer) of(r record, lost func(string)) *writer {
	w.people, w.groups, w.lost = maps.Clone(w.people), maps.Clone(w.groups), lost
	for _, id := range slices.Backward(slices.Sorted(maps.Keys(r.People))) {
		w.people[access.PersonID(r.People[id])] = id
	}
	for _, id := range slices.Backward(slices.Sorted(maps.Keys(r.Groups))) {
		w.groups[access.GroupID(r.Groups[id])] = id
	}
	return &w
}

// or is the first of two ids that there is.
func or(id, own string) string {
	if id != "" {
		return id
	}
	return own
}

// policy writes a policy in the shape of its record.
func (w *writer) policy(pack access.Package, p access.Policy, r record) tree {
	m := tree{
		"id":                      or(r.ID, string(p.ID)),
		"displayName":             p.Name,
		"description":             p.Description,
		"allowedTargetScope":      scopeName(p.Requestors),
		"specificAllowedTargets":  w.targets(p.Requestors),
		"expiration":              expiration(p.Lifecycle),
		"requestorSettings":       w.requestors(p),
		"requestApprovalSettings": w.approval(p),
		"questions":               w.questions(p.Questions),
		"accessPackage":           tree{"id": or(w.packages[pack.ID], string(pack.ID))},
		"catalog":                 tree{"id": or(w.catalogs[pack.Catalog], string(pack.Catalog))},
	}
	if p.Choosable {
		w.lost("that people may choose it although an earlier policy fits")
	}
	m = plain(m).(tree)
	if r.Shape.Beta {
		m = plain(betaPolicy(m, p, r.Shape)).(tree)
	}
	return m
}

func scopeName(s access.Scope) string {
	switch {
	case s.Members && s.Outsiders:
		return "allDirectoryUsers"
	case s.Members:
		return "allMemberUsers"
	case s.Outsiders:
		return "allExternalUsers"
	case s.Empty():
		return "notSpecified"
	}
	return "specificDirectoryUsers"
}

func (w *writer) targets(s access.Scope) []any {
	list := w.some(s.People, s.Groups)
	if (s.Members || s.Outsiders) && len(list) > 0 {
		w.lost("people and groups who may ask besides everybody of a kind")
		return []any{}
	}
	return list
}

func (w *writer) some(people []access.PersonID, groups []access.GroupID) []any {
	var list []access.Subject
	for _, p := range people {
		list = append(list, access.SomePerson(p))
	}
	for _, g := range groups {
		list = append(list, access.SomeGroup(g))
	}
	return w.subjects(list)
}

func (w *writer) subjects(list []access.Subject) []any {
	all := []any{}
	for _, s := range list {
		m := tree{}
		person, group := w.people[s.Person], w.groups[s.Group]
		switch {
		case s.Kind == access.SubjectPerson && person != "":
			m["@odata.type"], m["userId"] = "#microsoft.graph.singleUser", person
		case s.Kind == access.SubjectGroup && group != "":
			m["@odata.type"], m["groupId"] = "#microsoft.graph.groupMembers", group
		case s.Kind == access.SubjectManager:
			m["@odata.type"] = "#microsoft.graph.requestorManager"
			m["managerLevel"] = 1
		case s.Kind == access.SubjectPerson, s.Kind == access.SubjectGroup:
			w.lost(s.String() + ", whose object id no map names")
			continue
		default:
			w.lost(s.String() + " among those who decide")
			continue
		}
		all = append(all, m)
	}
	return all
}

func expiration(l access.Lifecycle) tree {
	switch l.Ends {
	case access.EndsOnDate:
		return tree{"type": "afterDateTime", "endDateTime": l.On.UTC().Format(time.RFC3339Nano)}
	case access.EndsDuration:
		return tree{"type": "afterDuration", "duration": formatDuration(l.For)}
	}
	return tree{"type": "noExpiration"}
}

func (w *writer) requestors(p access.Policy) tree {
	list := w.some(p.OnBehalf.People, p.OnBehalf.Groups)
	if p.OnBehalf.Managers {
		list = append(list, tree{"@odata.type": "#microsoft.graph.targetManager", "managerLevel": 1})
	}
	return tree{
		"enableTargetsToSelfAddAccess":           !p.Closed,
		"enableTargetsToSelfUpdateAccess":        p.Lifecycle.Extend,
		"enableTargetsToSelfRemoveAccess":        true, // whoever holds something may always give it back
		"allowCustomAssignmentSchedule":          p.Lifecycle.OwnTimes,
		"enableOnBehalfRequestorsToAddAccess":    len(list) > 0,
		"enableOnBehalfRequestorsToUpdateAccess": false,
		"enableOnBehalfRequestorsToRemoveAccess": false,
		"onBehalfRequestors":                     list,
	}
}

func (w *writer) approval(p access.Policy) tree {
	stages := []any{}
	for _, s := range p.Stages {
		stages = append(stages, w.stage(s))
	}
	return tree{
		"isApprovalRequiredForAdd":         len(stages) > 0,
		"isApprovalRequiredForUpdate":      p.ExtensionApproval,
		"isRequestorJustificationRequired": p.Justification,
		"stages":                           stages,
	}
}

func (w *writer) stage(s access.Stage) tree {
	if s.Needs() > 1 {
		w.lost("that several must approve in a stage")
	}
	after := time.Duration(0)
	if len(s.Alternates) > 0 {
		after = s.AskAlternatesAfter()
	}
	return tree{
		"durationBeforeAutomaticDenial":   formatDuration(s.DecideWithin()),
		"isApproverJustificationRequired": s.ReasonRequired,
		"isEscalationEnabled":             len(s.Alternates) > 0,
		"durationBeforeEscalation":        formatDuration(after),
		"primaryApprovers":                w.subjects(s.Approvers),
		"fallbackPrimaryApprovers":        w.subjects(s.Fallbacks),
		"escalationApprovers":             w.subjects(s.Alternates),
		"fallbackEscalationApprovers":     []any{},
	}
}

func (w *writer) questions(list []access.Question) []any {
	all := []any{}
	for i, q := range list {
		m := tree{
			"sequence": i, "isRequired": q.Required, "text": q.Label.Text, "localizations": localizations(q.Label),
		}
		if idForm.MatchString(q.ID) {
			m["id"] = q.ID
		}
		if q.Editable {
			w.lost("that approvers may correct an answer")
		}
		w.answer(m, q)
		all = append(all, m)
	}
	return all
}

// answer writes what kind of answer a question wants.
func (w *writer) answer(m tree, q access.Question) {
	options := q.Options
	if q.Kind == access.YesNo {
		options = []access.Option{{Value: "yes", Label: access.Say("yes")}, {Value: "no", Label: access.Say("no")}}
		w.lost("that a question is answered with yes or no: it is a choice")
	}
	if len(options) > 0 {
		choices := []any{}
		for _, o := range options {
			choices = append(choices, tree{"actualValue": o.Value, "text": o.Label.Text, "localizations": localizations(o.Label)})
		}
		m["@odata.type"], m["choices"] = "#microsoft.graph.accessPackageMultipleChoiceQuestion", choices
		m["isMultipleSelectionAllowed"] = q.Kind == access.Choices
		return
	}
	if !q.Kind.Text() {
		w.lost("that a question wants a " + string(q.Kind) + ": it is a text")
	}
	m["@odata.type"] = "#microsoft.graph.accessPackageTextInputQuestion"
	m["isSingleLineQuestion"] = q.Kind != access.LongText
	if q.Pattern != "" {
		m["regexPattern"] = q.Pattern
	}
}

func localizations(w access.Words) []any {
	all := []any{}
	for _, tag := range slices.Sorted(maps.Keys(w.In)) {
		all = append(all, tree{"languageCode": strings.ToLower(tag), "text": w.In[tag]})
	}
	return all
}
