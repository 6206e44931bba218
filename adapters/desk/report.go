package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// Reporter is what the desk needs of core/runtime for reports.
type Reporter interface {
	WhoHas(ctx context.Context, t access.TenantID, a access.Actor, q runtime.HeldQuery) (runtime.HeldReport, error)
	WaitingFor(ctx context.Context, t access.TenantID, a access.Actor, one access.PackageID) (runtime.WaitsReport, error)
	Outcomes(ctx context.Context, t access.TenantID, a access.Actor, q runtime.SpanQuery) (runtime.OutcomeReport, error)
	Unused(ctx context.Context, t access.TenantID, a access.Actor) (runtime.UnusedReport, error)
	Gone(ctx context.Context, t access.TenantID, ids ...access.PackageID) (map[access.PackageID]access.Package, error)
}

// The reports, as people type them.
const (
	reportPackages  = "packages"  // who has what, by package
	reportPeople    = "people"    // by person
	reportResources = "resources" // by resource
	reportEnds      = "ends"      // what ends soon
	reportApprovers = "approvers" // what waits, by approver
	reportTimes     = "times"     // how long decisions took
	reportRefused   = "refused"   // denied and timed out
	reportUnused    = "unused"    // packages that nobody ever used
)

const (
	verbReport chat.Verb = "report" // form: choose a report
	verbWhy    chat.Verb = "why"    // form: why somebody has something
)

const (
	endsWithin   = 14 // days, unless asked otherwise
	lookBack     = 90 // days, of decisions
	maxDays      = 3660
	reportRows   = 12 // on a card
	lookedUpOnes = 50 // people whose names are looked up one by one
	lookedUpAll  = 20_000
)

// reporting makes each report.
func reporting() map[string]func(*call, inquiry) (paper, error) {
	return map[string]func(*call, inquiry) (paper, error){
		reportPackages: (*call).byPackage, reportPeople: (*call).byPerson, reportResources: (*call).byResource,
		reportEnds: (*call).endingSoon, reportApprovers: (*call).byApprover, reportTimes: (*call).decisionTimes,
		reportRefused: (*call).refusedOnes, reportUnused: (*call).unusedOnes,
	}
}

// reports are their names, in the order in which they are offered.
func reports() []string {
	return []string{
		reportPackages, reportPeople, reportResources, reportEnds, reportApprovers, reportTimes, reportRefused, reportUnused,
	}
}

// asked is what a report is to be about.
type inquiry struct {
	report   string
	pkg      access.PackageID
	person   access.PersonID
	resource access.ResourceID
	at       time.Time // zero: now
	days     int       // zero: the report's own
}

func (a inquiry) daysOr(n int) int {
	if a.days == 0 {
		return n
	}
	return a.days
}

// cmdReport makes the report that was typed, or asks which.
func (c *call) cmdReport(in words) (chat.Reply, error) {
	name, rest, _ := strings.Cut(in.pkg, " ")
	name = strings.ToLower(name)
	if name == "" {
		return c.open(c.token(verbReport, ""), nil)
	}
	if !slices.Contains(reports(), name) {
		return nil, c.unknownReport(name)
	}
	values := c.readReport(name, rest)
	if in.person != "" {
		values["person"] = []string{in.person}
	}
	for _, field := range []string{"day", "days", "person", "package", "resource"} {
		if typed := one(values, field); typed != "" && !slices.Contains(reportsWith(field), name) {
			return nil, access.Refuse(access.Invalid, "reportNotAbout", "value", cut(c.spoken(typed), 60), "report", chat.Text{strong(c.plain("report." + name + ".title"))})
		}
	}
	if typed := one(values, "package"); typed != "" {
		_, p, err := c.packageNamed(typed)
		if err != nil {
			return nil, err
		}
		values["package"] = []string{string(p.ID)}
	}
	return c.report(values)
}

// unknownReport says so, and which there are.
func (c *call) unknownReport(typed string) error {
	var names []chat.Text
	for _, name := range reports() {
		names = append(names, chat.Text{code(name)})
	}
	return access.Refuse(access.Invalid, "unknownReport", "value", cut(typed, 60), "reports", c.join(names)).At("report")
}

// reportsWith are the reports that a field of the form belongs to.
func reportsWith(field string) []string {
	switch field {
	case "day":
		return []string{reportPackages, reportPeople, reportResources}
	case "days":
		return []string{reportEnds, reportTimes, reportRefused}
	case "resource":
		return []string{reportResources}
	case "person":
		return []string{reportPeople}
	}
	return []string{reportPackages, reportEnds, reportApprovers, reportTimes, reportRefused}
}

// readReport understands what is typed behind a report's name: the name of a
// package or a resource, and then a day or how many days.
func (c *call) readReport(name, rest string) form.Values {
	values := form.Values{"report": {name}}
	said := strings.Fields(rest)
	what := "package"
	if name == reportResources {
		what = "resource"
	}
	for n := range said {
		last := strings.Join(said[n:], " ")
		field := "day"
		_, err := access.ParseDay(last)
		if _, noNumber := strconv.Atoi(last); noNumber == nil && slices.Contains(reportsWith("days"), name) {
			field, err = "days", nil
		}
		if err != nil {
			continue
		}
		if _, _, unknown := c.packageNamed(strings.Join(said, " ")); n > 0 && unknown == nil {
			break // a package's name ends like that
		}
		values[field], said = []string{last}, said[:n]
		break
	}
	if len(said) > 0 {
		values[what] = []string{strings.Join(said, " ")}
	}
	return values
}

// offerReports completes the name of a report.
func (c *call) offerReports(query, before string) chat.Reply {
	var out []form.Option
	for _, name := range reports() {
		label := c.plain("report." + name + ".title")
		if strings.HasPrefix(name, strings.ToLower(query)) || strings.Contains(strings.ToLower(label), strings.ToLower(query)) {
			out = append(out, form.Option{Value: before + name, Label: label})
		}
	}
	return chat.Offer{Options: out}
}

// reportForm asks which report, and about what.
func (c *call) reportForm(_ chat.Token, _ *draft) (*sheet, error) {
	if _, _, err := c.looked(); err != nil {
		return nil, err
	}
	packages, err := c.packageOptions("", maxListed, true)
	if err != nil {
		return nil, err
	}
	which := form.Field{ID: "report", Kind: form.One, Label: c.plain("field.report"), Required: true}
	for _, name := range reports() {
		which.Options = append(which.Options, form.Option{Value: name, Label: c.plain("report." + name + ".title")})
	}
	pkg := form.Field{ID: "package", Kind: form.One, Label: c.plain("field.package"), Options: packages}
	if len(packages) >= maxListed {
		pkg.Options, pkg.Search = nil, true
	}
	fields := []form.Field{which}
	ask := func(f form.Field) {
		f.When = &form.When{Field: "report", In: reportsWith(f.ID)}
		if f.Hint == "" {
			f.Hint = c.plain("hint.report." + f.ID)
		}
		fields = append(fields, f)
	}
	ask(form.Field{ID: "day", Kind: form.Moment, Label: c.plain("field.reportDay"), Max: 60})
	ask(form.Field{ID: "days", Kind: form.Number, Label: c.plain("field.reportDays"), Max: 4})
	ask(form.Field{ID: "resource", Kind: form.Line, Label: c.plain("field.reportResource"), Max: 100})
	ask(form.Field{ID: "person", Kind: form.Person, Label: c.plain("field.person")})
	if len(packages) > 0 {
		ask(pkg)
	}
	return &sheet{
		form: form.Form{Title: c.plain("report.form"), Submit: c.plain("report.submit"), Fields: fields},
		check: func(v form.Values) map[string]*access.Error {
			_, wrong := c.inquire(v)
			return wrong
		},
		submit: c.report,
	}, nil
}

// inquire reads what was typed; the errors are by field.
func (c *call) inquire(v form.Values) (inquiry, map[string]*access.Error) {
	out, wrong := inquiry{report: one(v, "report")}, map[string]*access.Error{}
	blame := func(field string, err error) {
		if e, ok := access.AsError(err); ok {
			wrong[field] = e.At(field)
		}
	}
	if typed := one(v, "days"); typed != "" {
		n, err := strconv.Atoi(typed)
		if err != nil || n < 1 || n > maxDays {
			wrong["days"] = access.Refuse(access.Invalid, "reportDays", "max", maxDays).At("days")
		}
		out.days = n
	}
	if typed := one(v, "day"); typed != "" {
		at, err := c.pastDay(typed)
		blame("day", err)
		out.at = at
	}
	if typed := one(v, "person"); typed != "" {
		p, _, err := c.person(typed)
		blame("person", err)
		out.person = p.Person
	}
	if typed := one(v, "package"); typed != "" {
		_, p, err := c.chosenPackage(typed)
		blame("package", err)
		out.pkg = p.ID
	}
	if typed := one(v, "resource"); typed != "" {
		_, res, err := c.resourceNamed(typed)
		blame("resource", err)
		out.resource = res.ID
	}
	return out, wrong
}

// pastDay is the end of the day that was typed, where the reader is; zero for
// today, which is not over. What is to come is refused: nobody knows it.
func (c *call) pastDay(typed string) (time.Time, error) {
	at, err := access.ParseEnd(typed, c.zone)
	switch today := c.now.In(c.zone).Format(time.DateOnly); {
	case err != nil || at.Before(c.now):
		return at, err
	case at.In(c.zone).Format(time.DateOnly) == today:
		return time.Time{}, nil
	}
	return at, access.Refuse(access.Invalid, "reportFuture", "value", cut(oneLine(typed), 40), "today", c.day(c.now), "zone", c.zoneName())
}

// zoneName is what the reader's zone is called; empty where times say it: UTC.
func (c *call) zoneName() string {
	if c.zone == time.UTC {
		return ""
	}
	return c.zone.String()
}

// report makes the report that was asked for.
func (c *call) report(v form.Values) (chat.Reply, error) {
	a, wrong := c.inquire(v)
	for _, field := range []string{"days", "day", "person", "package", "resource"} {
		if e := wrong[field]; e != nil {
			return nil, e
		}
	}
	make, ok := reporting()[a.report]
	if !ok {
		return nil, c.unknownReport(a.report)
	}
	p, err := make(c, a)
	if err != nil {
		return nil, err
	}
	return c.print(a, p), nil
}
