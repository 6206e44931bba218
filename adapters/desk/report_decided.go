package desk

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/desk/chart"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// percentile is the value that p per cent of the sorted durations do not
// exceed: the nearest rank, so always one that was measured. Zero for none.
func percentile(sorted []time.Duration, p int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	rank := (p*len(sorted) + 99) / 100
	return sorted[max(rank, 1)-1]
}

// outcomes reads what was decided in the last days.
func (c *call) outcomes(a inquiry) (runtime.OutcomeReport, paper, error) {
	days := a.daysOr(lookBack)
	span := runtime.SpanQuery{Package: a.pkg, From: c.now.AddDate(0, 0, -days), To: c.now}
	rep, err := c.core.Outcomes(c.ctx, c.from.Tenant, c.actor, span)
	return rep, paper{gap: rep.Gap, lead: c.count("report.span", days, "from", span.From)}, err
}

// taken are the times of one package, or of all.
type taken struct {
	name  string
	id    access.PackageID
	times []time.Duration
}

// decisionTimes says how long it was from asking to the last decision: over
// all, and per package, the one with the most decisions first.
func (c *call) decisionTimes(a inquiry) (paper, error) {
	rep, p, err := c.outcomes(a)
	if err != nil {
		return p, err
	}
	all, of := taken{name: c.plain("report.times.all")}, map[access.PackageID]*taken{}
	var ids []access.PackageID
	for _, row := range rep.Rows {
		if row.State == access.TimedOut {
			continue
		}
		ids = append(ids, row.Package)
		if of[row.Package] == nil {
			of[row.Package] = &taken{name: packageTitleIn(rep.World, row.Package), id: row.Package}
		}
		of[row.Package].times, all.times = append(of[row.Package].times, row.Took()), append(all.times, row.Took())
	}
	keys, _ := counted(ids)
	list := []taken{all}
	for _, id := range keys {
		list = append(list, *of[id])
	}
	c.timesOf(&p, list)
	return p, nil
}

func (c *call) timesOf(p *paper, list []taken) {
	p.head = []string{"package", "package_name", "decisions", "median_hours", "p90_hours", "p99_hours"}
	if len(list[0].times) == 0 {
		return
	}
	for _, t := range list {
		slices.Sort(t.times)
	}
	kinds, within := []int{50, 90, 99}, []string{"median", "most", "nearly"}
	unit, name := scale(percentile(list[0].times, 99))
	for _, n := range kinds {
		p.bars = append(p.bars, chart.Series{Name: c.plain("report.times." + strconv.Itoa(n))})
	}
	for i, t := range list {
		row, said := []string{string(t.id), t.name, strconv.Itoa(len(t.times))}, []any{"package", strong(t.name)}
		for k, n := range kinds {
			d := percentile(t.times, n)
			row = append(row, strconv.FormatFloat(d.Hours(), 'f', 2, 64))
			said = append(said, within[k], d)
			if i < chart.MaxRows/2 {
				p.bars[k].Values = append(p.bars[k].Values, float64(d)/float64(unit))
			}
		}
		p.rows = append(p.rows, row)
		if i < chart.MaxRows/2 {
			p.labels = append(p.labels, t.name)
		}
		p.items = append(p.items, c.count("report.row.times", len(t.times), said...))
	}
	p.title = c.plain("report.times." + name)
}

// scale is the unit in which a picture shows lengths up to d.
func scale(d time.Duration) (unit time.Duration, name string) {
	switch {
	case d < 2*time.Hour:
		return time.Minute, "minutes"
	case d < 3*24*time.Hour:
		return time.Hour, "hours"
	}
	return 24 * time.Hour, "days"
}

// refusedOnes lists what was denied or timed out, the latest first.
func (c *call) refusedOnes(a inquiry) (paper, error) {
	rep, p, err := c.outcomes(a)
	if err != nil {
		return p, err
	}
	rows := slices.DeleteFunc(rep.Rows, func(o runtime.Outcome) bool { return o.State == access.Approved })
	var people []access.PersonID
	n := map[access.RequestState]int{}
	for _, o := range rows {
		people = append(people, o.Person)
		if o.By != "" {
			people = append(people, o.By)
		}
		n[o.State]++
	}
	p.totals = []chat.Fact{
		{Label: c.plain("label.denied"), Value: chat.Say(strconv.Itoa(n[access.Denied]))},
		{Label: c.plain("label.timedOut"), Value: chat.Say(strconv.Itoa(n[access.TimedOut]))},
	}
	p.head = []string{"person", "name", "package", "package_name", "request", "outcome", "asked", "ended", "decided_by", "decided_by_name", "reason", "cause"}
	names := c.people(people)
	s := c.scene(viewOf(rep.World), people[:min(len(people), 2*reportRows)]...)
	for i, o := range rows {
		p.rows = append(p.rows, []string{
			string(o.Person), names[o.Person], string(o.Package), packageTitleIn(rep.World, o.Package), strconv.Itoa(int(o.Request)),
			string(o.State), stamp(o.Asked), stamp(o.At), string(o.By), names[o.By], o.Reason, o.Code,
		})
		if i < reportRows {
			p.items = append(p.items, c.refusedRow(s, o))
		} else {
			p.items = append(p.items, nil)
		}
	}
	return p, nil
}

// refusedRow says of a request that was denied by whom, and of one that timed
// out why, and who had approved it.
func (c *call) refusedRow(s scene, o runtime.Outcome) chat.Text {
	var by chat.Text
	if o.By != "" {
		by = s.who(o.By)
	}
	var why chat.Text
	switch key := "report.over." + o.Code; {
	case o.Code == "undecided" && o.By != "":
		why = c.text("report.over.tooFew")
	case s.has(key):
		why = c.text(key)
	}
	return c.text("report.row."+string(o.State), "person", s.who(o.Person), "package", strong(s.packageName(o.Package)), "at", o.At, "by", by, "why", why, "reason", cut(oneLine(o.Reason), 200))
}

// byApprover lists what waits for whom: who has the most to decide first.
func (c *call) byApprover(a inquiry) (paper, error) {
	rep, err := c.core.WaitingFor(c.ctx, c.from.Tenant, c.actor, a.pkg)
	if err != nil {
		return paper{}, err
	}
	p := paper{gap: rep.Gap, lead: c.count("report.approvers.lead", rep.Requests)}
	p.head = []string{"approver", "approver_name", "person", "name", "package", "package_name", "request", "stage", "asked", "times_out"}
	var approvers, people []access.PersonID
	longest := map[access.PersonID]time.Time{}
	for _, row := range rep.Rows {
		who := approverOf(row)
		approvers, people = append(approvers, who), append(people, row.Person)
		if row.For != "" {
			people = append(people, row.For)
		}
		if at, ok := longest[who]; !ok || row.Opened.Before(at) {
			longest[who] = row.Opened
		}
	}
	names := c.people(people)
	for _, row := range rep.Rows {
		p.rows = append(p.rows, []string{
			string(approverOf(row)), names[row.For], string(row.Person), names[row.Person], string(row.Package),
			packageTitleIn(rep.World, row.Package), strconv.Itoa(int(row.Request)), strconv.Itoa(row.Stage), stamp(row.Asked), stamp(row.Due),
		})
	}
	keys, n := counted(approvers)
	s := c.scene(viewOf(rep.World), keys[:min(len(keys), reportRows)]...)
	for _, who := range keys {
		p.items = append(p.items, c.count("report.row.approver", n[who], "approver", c.approver(s, who), "since", longest[who]))
	}
	return p, nil
}

// approverOf names who is waited for: a person, "group:<id>" or nobody.
func approverOf(row runtime.Waits) access.PersonID {
	if row.For == "" && row.Group != "" {
		return access.PersonID("group:" + string(row.Group))
	}
	return row.For
}

func (c *call) approver(s scene, who access.PersonID) chat.Text {
	if group, ok := strings.CutPrefix(string(who), "group:"); ok {
		return chat.Text{code(group)}
	}
	if who == "" {
		return c.text("report.approvers.nobody")
	}
	return s.who(who)
}

// unusedOnes lists packages that nobody ever asked for, the oldest first.
func (c *call) unusedOnes(inquiry) (paper, error) {
	rep, err := c.core.Unused(c.ctx, c.from.Tenant, c.actor)
	if err != nil {
		return paper{}, err
	}
	p := paper{gap: rep.Gap, lead: c.count("report.unused.lead", len(rep.Rows), "all", len(rep.World.Packages))}
	p.head = []string{"package", "package_name", "catalog", "created", "created_by"}
	slices.SortStableFunc(rep.Rows, func(x, y access.PackageID) int {
		return cmp.Or(rep.World.Packages[x].CreatedAt.Compare(rep.World.Packages[y].CreatedAt), cmp.Compare(x, y))
	})
	for _, id := range rep.Rows {
		pack := rep.World.Packages[id]
		p.rows = append(p.rows, []string{string(id), pack.Name, string(pack.Catalog), stamp(pack.CreatedAt), string(pack.CreatedBy)})
		p.items = append(p.items, c.text("report.row.unused", "package", strong(pack.Name), "at", pack.CreatedAt))
	}
	return p, nil
}
