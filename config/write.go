package config

import (
	"maps"
	"slices"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// WriteDefinitions writes definitions as ReadDefinitions reads them: read in
// UTC, at any time, and applied by usher apply, they change nothing.
// What is to be deleted is left out, as are versions, creators and times.
// What no file manages is marked "managedBy: chat".
func WriteDefinitions(d runtime.Definitions) []byte { return emit(tree(d)) }

// tree is a file of definitions as its keys and values.
func tree(d runtime.Definitions) block {
	var b block
	zone := time.UTC
	if d.Settings != nil {
		b.put("settings", settingsBlock(*d.Settings))
		zone = zoneOf(*d.Settings)
	}
	b.put("catalogs", listOf(d.Catalogs, func(c access.Catalog) (block, bool) { return catalogBlock(c), !c.Deleting }))
	b.put("resources", listOf(d.Resources, func(r access.Resource) (block, bool) { return resourceBlock(r), !r.Deleting }))
	b.put("packages", listOf(d.Packages, func(p access.Package) (block, bool) { return packageBlock(p, zone), !p.Deleting }))
	return b
}

func listOf[T any](items []T, of func(T) (block, bool)) list {
	var l list
	for _, item := range items {
		if b, stays := of(item); stays {
			l = append(l, b)
		}
	}
	return l
}

func zoneOf(s access.Settings) *time.Location {
	if zone, err := time.LoadLocation(s.Zone); err == nil && s.Zone != "Local" {
		return zone
	}
	return time.UTC
}

func settingsBlock(s access.Settings) block {
	var b block
	b.put("name", s.Name)
	b.put("managedBy", managed(s.ManagedBy))
	b.put("admins", peopleList(s.Admins))
	b.put("auditors", peopleList(s.Auditors))
	b.put("locale", s.Locale)
	b.put("zone", s.Zone)
	b.put("stageLimit", s.StageLimit)
	b.put("takeFound", s.TakeFound)
	b.put("restore", s.Restore)
	b.put("cards", cardsBlock(s.Routing))
	return b
}

func managed(by string) string {
	if by == access.ManagedByFile {
		return ""
	}
	return access.ManagedByChat
}

func catalogBlock(c access.Catalog) block {
	var b block
	b.put("id", string(c.ID))
	b.put("name", c.Name)
	b.put("description", c.Description)
	b.put("managedBy", managed(c.ManagedBy))
	for _, key := range catalogRoles() {
		var who []access.Subject
		for _, holder := range c.Roles {
			if holder.Role == key.role {
				who = append(who, holder.Who)
			}
		}
		b.put(key.name, peopleList(who))
	}
	b.put("cards", cardsBlock(c.Routing))
	return b
}

// catalogRole is a role in a catalog with the key that lists its holders.
type catalogRole struct {
	name string
	role access.CatalogRole
}

func catalogRoles() []catalogRole {
	return []catalogRole{
		{"owners", access.CatalogOwner}, {"readers", access.CatalogReader},
		{"packageManagers", access.PackageManager}, {"assignmentManagers", access.AssignmentManager},
	}
}

func resourceBlock(r access.Resource) block {
	var b block
	b.put("id", string(r.ID))
	b.put("catalog", otherThanGeneral(r.Catalog))
	b.put("name", r.Name)
	b.put("description", r.Description)
	b.put("managedBy", managed(r.ManagedBy))
	b.put("connector", r.Connector)
	b.put("target", r.Target)
	b.put("hands", peopleList(r.Hands))
	var roles list
	for _, role := range r.Roles {
		var one block
		one.put("id", role.ID)
		one.put("name", role.Name)
		one.put("can", wordsValue(role.Can))
		roles = append(roles, one)
	}
	b.put("roles", roles)
	return b
}

func otherThanGeneral(id access.CatalogID) string {
	if id == access.General {
		return ""
	}
	return string(id)
}

func packageBlock(p access.Package, zone *time.Location) block {
	var b block
	b.put("id", string(p.ID))
	b.put("catalog", otherThanGeneral(p.Catalog))
	b.put("name", p.Name)
	b.put("description", p.Description)
	b.put("managedBy", managed(p.ManagedBy))
	var roles list
	for _, ref := range p.Roles {
		roles = append(roles, ref.String())
	}
	b.put("roles", roles)
	b.put("hidden", p.Hidden)
	b.put("incompatible", textList(p.Incompatible))
	if p.Terms != nil {
		b.put("terms", wordsValue(p.Terms.Text))
	}
	b.put("cards", cardsBlock(p.Routing))
	var policies list
	for _, policy := range p.Policies {
		policies = append(policies, policyBlock(policy, zone))
	}
	b.put("policies", policies)
	return b
}

func policyBlock(p access.Policy, zone *time.Location) block {
	var b block
	b.put("id", string(p.ID))
	b.put("name", p.Name)
	b.put("description", p.Description)
	b.put("requestors", scopeList(p.Requestors))
	b.put("closed", p.Closed)
	b.put("onBehalf", onBehalfList(p.OnBehalf))
	b.put("choosable", p.Choosable)
	b.put("justification", p.Justification)
	var questions, stages list
	for _, q := range p.Questions {
		questions = append(questions, questionBlock(q))
	}
	for _, s := range p.Stages {
		stages = append(stages, stageBlock(s))
	}
	b.put("questions", questions)
	b.put("stages", stages)
	b.put("ends", endsText(p.Lifecycle, zone))
	b.put("ownTimes", p.Lifecycle.OwnTimes)
	switch {
	case p.ExtensionApproval:
		b.put("extend", "with approval")
	case p.Lifecycle.Extend:
		b.put("extend", true)
	}
	return b
}

// endsText writes a day alone where that is the same moment, else the moment
// with its offset.
func endsText(l access.Lifecycle, zone *time.Location) string {
	switch l.Ends {
	case access.EndsDuration:
		return "after " + access.FormatDuration(l.For)
	case access.EndsOnDate:
		on := l.On.In(zone)
		if access.EndOfDay(on, zone).Equal(on) {
			return on.Format(time.DateOnly)
		}
		return on.Format(time.RFC3339Nano)
	}
	return string(l.Ends)
}

func questionBlock(q access.Question) block {
	var b block
	b.put("id", q.ID)
	b.put("kind", kindText(q.Kind))
	b.put("label", wordsValue(q.Label))
	b.put("required", q.Required)
	b.put("pattern", q.Pattern)
	var options list
	for _, o := range q.Options {
		var one block
		one.put("value", o.Value)
		one.put("label", wordsValue(o.Label))
		options = append(options, one)
	}
	b.put("options", options)
	b.put("editable", q.Editable)
	return b
}

// kindText writes a kind of question as people would.
func kindText(kind access.QuestionKind) string {
	switch kind {
	case access.ShortText:
		return "short text"
	case access.LongText:
		return "long text"
	case access.YesNo:
		return "yes/no"
	}
	return string(kind)
}

func stageBlock(s access.Stage) block {
	var b block
	b.put("approvers", peopleList(s.Approvers))
	b.put("quorum", s.Quorum)
	b.put("within", lengthText(s.Within))
	b.put("reasonRequired", s.ReasonRequired)
	b.put("alternates", peopleList(s.Alternates))
	b.put("alternatesAfter", lengthText(s.AlternatesAfter))
	b.put("fallbacks", peopleList(s.Fallbacks))
	return b
}

func lengthText(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return access.FormatDuration(d)
}

func cardsBlock(r access.Routing) block {
	var b block
	b.put("channels", textList(r.Channels))
	b.put("only", r.ChannelOnly)
	return b
}

func textList[T ~string](of []T) list {
	var l list
	for _, one := range of {
		l = append(l, string(one))
	}
	return l
}

// wordsValue is one text, or a block of languages in which "text" is for
// whoever speaks none of the others.
func wordsValue(w access.Words) any {
	if len(w.In) == 0 {
		return w.Text
	}
	b := block{{"text", w.Text}}
	for _, tag := range slices.Sorted(maps.Keys(w.In)) {
		b = append(b, pair{tag, w.In[tag]})
	}
	return b
}

func peopleList(who []access.Subject) list {
	var l list
	for _, s := range who {
		switch s.Kind {
		case access.SubjectPerson:
			l = append(l, block{{"person", string(s.Person)}})
		case access.SubjectGroup:
			l = append(l, block{{"group", string(s.Group)}})
		case access.SubjectPackageOwner:
			l = append(l, "package owners")
		case access.SubjectCatalogOwners:
			l = append(l, "catalog owners")
		case access.SubjectTenantAdmins:
			l = append(l, "tenant admins")
		default:
			l = append(l, string(s.Kind))
		}
	}
	return l
}

func scopeList(s access.Scope) list {
	var l list
	if s.Members {
		l = append(l, "members")
	}
	if s.Outsiders {
		l = append(l, "outsiders")
	}
	return append(l, named(s.People, s.Groups)...)
}

func onBehalfList(o access.OnBehalf) list {
	var l list
	if o.Managers {
		l = append(l, "managers")
	}
	return append(l, named(o.People, o.Groups)...)
}

func named(people []access.PersonID, groups []access.GroupID) list {
	var l list
	for _, p := range people {
		l = append(l, block{{"person", string(p)}})
	}
	for _, g := range groups {
		l = append(l, block{{"group", string(g)}})
	}
	return l
}
