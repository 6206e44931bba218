package desk

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/desk/chart"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// held asks who has what, and fills in what all such reports have.
func (c *call) held(a inquiry, q runtime.HeldQuery) (runtime.HeldReport, paper, error) {
	q.Package, q.Person, q.Resource, q.At = a.pkg, a.person, a.resource, a.at
	rep, err := c.core.WhoHas(c.ctx, c.from.Tenant, c.actor, q)
	if err != nil {
		return rep, paper{}, err
	}
	p := paper{gap: rep.Gap, day: a.at, lead: c.asOf("report.held", a, rep)}
	var people, packages []string
	for _, row := range rep.Rows {
		people, packages = append(people, string(row.Person)), append(packages, string(row.Package))
	}
	distinct, _ := counted(people)
	bundles, _ := counted(packages)
	p.totals = []chat.Fact{
		{Label: c.plain("label.assignments"), Value: chat.Say(strconv.Itoa(len(rep.Rows)))},
		{Label: c.plain("label.people"), Value: chat.Say(strconv.Itoa(len(distinct)))},
		{Label: c.plain("label.packages"), Value: chat.Say(strconv.Itoa(len(bundles)))},
	}
	return rep, p, nil
}

// asOf says which moment a report speaks of: of a day in the past its end, in
// the zone that is named.
func (c *call) asOf(key string, a inquiry, rep runtime.HeldReport, about ...any) chat.Text {
	if a.at.IsZero() {
		return c.text(key+".at", append(about, "at", rep.At)...)
	}
	return c.text(key+".day", append(about, "at", c.flat(chat.Text{c.moment(a.at, chat.DateTime)}), "zone", c.zoneName())...)
}

// heldTable is a row for each assignment.
func (c *call) heldTable(p *paper, rep runtime.HeldReport) {
	p.head = []string{"person", "name", "package", "package_name", "catalog", "since", "until", "state", "request"}
	names := c.people(peopleOf(rep.Rows))
	for _, row := range rep.Rows {
		p.rows = append(p.rows, []string{
			string(row.Person), names[row.Person], string(row.Package), packageTitleIn(rep.World, row.Package),
			string(rep.World.Packages[row.Package].Catalog), stamp(row.First), stamp(row.Window.End), string(row.State), strconv.Itoa(int(row.Request)),
		})
	}
}

func peopleOf(rows []runtime.Held) []access.PersonID {
	out := make([]access.PersonID, len(rows))
	for i, row := range rows {
		out[i] = row.Person
	}
	return out
}

// byPackage counts the holders of each package.
func (c *call) byPackage(a inquiry) (paper, error) {
	rep, p, err := c.held(a, runtime.HeldQuery{})
	if err != nil {
		return p, err
	}
	var packages []access.PackageID
	ending := map[access.PackageID]int{}
	for _, row := range rep.Rows {
		packages = append(packages, row.Package)
		if a.at.IsZero() && row.State == access.AssignmentEnding {
			ending[row.Package]++
		}
	}
	keys, n := counted(packages)
	bar := chart.Series{}
	for i, id := range keys {
		going := ""
		if ending[id] > 0 {
			going = strconv.Itoa(ending[id])
		}
		p.items = append(p.items, c.count("report.row.package", n[id], "package", strong(packageTitleIn(rep.World, id)), "ending", going))
		if i < chart.MaxRows {
			p.labels, bar.Values = append(p.labels, packageTitleIn(rep.World, id)), append(bar.Values, float64(n[id]))
		}
	}
	p.title, p.bars = c.plain("report.packages.picture", "day", c.day(c.dayOf(p))), []chart.Series{bar}
	c.heldTable(&p, rep)
	return p, nil
}

// day is a day in the reader's words.
func (c *call) day(at time.Time) string { return c.flat(chat.Text{c.moment(at, chat.DateOnly)}) }

// shortDay leaves out the year if it is this one.
func (c *call) shortDay(at time.Time) string {
	if at.Year() != c.now.In(c.zone).Year() {
		return c.day(at)
	}
	return c.plain("report.ends.bar", "day", at.Day(), "month", c.plain("month."+strconv.Itoa(int(at.Month()))))
}

// byPerson lists what each person has; of one person each assignment.
func (c *call) byPerson(a inquiry) (paper, error) {
	rep, p, err := c.held(a, runtime.HeldQuery{})
	if err != nil {
		return p, err
	}
	slices.SortStableFunc(rep.Rows, func(x, y runtime.Held) int { return cmp.Compare(x.Person, y.Person) })
	c.heldTable(&p, rep)
	if a.person != "" {
		s := c.scene(viewOf(rep.World), a.person)
		p.lead, p.none = c.asOf("report.person", a, rep, "person", s.who(a.person)), c.text("report.person.none", "person", s.who(a.person))
		for _, row := range rep.Rows {
			p.items = append(p.items, c.text("report.row.held", "package", strong(packageTitleIn(rep.World, row.Package)), "since", row.First, "ends", c.ends(row.Window)))
		}
		return p, nil
	}
	keys, n := counted(peopleOf(rep.Rows))
	s := c.scene(viewOf(rep.World), keys[:min(len(keys), reportRows)]...)
	for _, id := range keys {
		p.items = append(p.items, c.count("report.row.person", n[id], "person", s.who(id)))
	}
	return p, nil
}

// byResource counts who has each role of a resource.
func (c *call) byResource(a inquiry) (paper, error) {
	rep, p, err := c.held(a, runtime.HeldQuery{})
	if err != nil {
		return p, err
	}
	past := !a.at.IsZero()
	p.head = []string{"resource", "resource_name", "role", "person", "name", "package", "package_name", "since", "until"}
	names := c.people(peopleOf(rep.Rows))
	var roles []string
	called := map[string]string{}
	once := map[string]bool{}
	for _, row := range rep.Rows {
		for _, ref := range rolesThen(rep, row, past) {
			res := rep.World.Resources[ref.Resource]
			if a.resource != "" && ref.Resource != a.resource {
				continue
			}
			role, _ := res.Role(ref.Role)
			key := ref.String()
			called[key] = first(res.Name, string(ref.Resource)) + ", " + first(role.Name, ref.Role)
			if who := key + " " + string(row.Person); !once[who] {
				once[who] = true
				roles = append(roles, key)
			}
			p.rows = append(p.rows, []string{
				string(ref.Resource), res.Name, ref.Role, string(row.Person), names[row.Person],
				string(row.Package), packageTitleIn(rep.World, row.Package), stamp(row.First), stamp(row.Window.End),
			})
		}
	}
	slices.SortStableFunc(p.rows, func(x, y []string) int { return slices.Compare(x[:4], y[:4]) })
	keys, n := counted(roles)
	for _, key := range keys {
		p.items = append(p.items, c.count("report.row.resource", n[key], "role", strong(called[key])))
	}
	return p, nil
}

// rolesThen are the roles that an assignment gives; of the past, those that it
// gave at any time, since what a package had in it then is not kept.
func rolesThen(rep runtime.HeldReport, row runtime.Held, past bool) []access.RoleRef {
	if past {
		return row.Roles
	}
	return rep.World.Packages[row.Package].Roles
}

// endingSoon lists what ends within some days.
func (c *call) endingSoon(a inquiry) (paper, error) {
	days := a.daysOr(endsWithin)
	until := c.now.AddDate(0, 0, days)
	rep, p, err := c.held(a, runtime.HeldQuery{Ends: until})
	if err != nil {
		return p, err
	}
	p.lead = c.count("report.ends.lead", days, "until", until)
	slices.SortStableFunc(rep.Rows, func(x, y runtime.Held) int { return x.Window.End.Compare(y.Window.End) })
	c.heldTable(&p, rep)
	s := c.scene(viewOf(rep.World), peopleOf(rep.Rows[:min(len(rep.Rows), reportRows)])...)
	for _, row := range rep.Rows {
		p.items = append(p.items, c.text("report.row.ends", "person", s.who(row.Person), "package", strong(packageTitleIn(rep.World, row.Package)), "ends", c.ends(row.Window)))
	}
	p.title = c.plain("report.ends.picture", "day", c.day(until))
	p.labels, p.bars = c.endBars(rep.Rows, days)
	return p, nil
}

// endBars counts ends by day, or by several days where there are more days
// than bars. Days on which nothing ends have none.
func (c *call) endBars(rows []runtime.Held, days int) ([]string, []chart.Series) {
	if len(rows) == 0 {
		return nil, nil
	}
	width := (days + chart.MaxRows - 2) / (chart.MaxRows - 1)
	y, m, d := c.now.In(c.zone).Date()
	start := time.Date(y, m, d, 0, 0, 0, 0, c.zone)
	var labels []string
	var bar chart.Series
	for n := 0; n <= days; n += width {
		from, to := start.AddDate(0, 0, n), start.AddDate(0, 0, min(n+width, days+1))
		if n == 0 {
			from = time.Time{} // what should have ended by now
		}
		sum := 0
		for _, row := range rows {
			if !row.Window.End.Before(from) && row.Window.End.Before(to) {
				sum++
			}
		}
		if sum == 0 {
			continue
		}
		label := c.shortDay(start.AddDate(0, 0, n))
		if last := to.AddDate(0, 0, -1); width > 1 {
			label = fmt.Sprintf("%s – %s", label, c.shortDay(last))
		}
		labels, bar.Values = append(labels, label), append(bar.Values, float64(sum))
	}
	return labels, []chart.Series{bar}
}
