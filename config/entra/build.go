package entra

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// builder puts definitions together from objects, on top of what is stored.
type builder struct {
	m        Map
	report   Report
	problems config.Report
	odata    int
	records  map[string]record // by id; earlier ones too
	touched  map[string]bool   // ids of records of this import

	catalogs  map[access.CatalogID]*access.Catalog
	resources map[access.ResourceID]*access.Resource
	packages  map[access.PackageID]*access.Package
	origins   map[string]access.ResourceID // by originId
	places    map[access.ResourceID]Place  // what the map says of them
	placed    map[access.ResourceID]bool   // that are known to be in their catalog
	described map[access.ResourceID]string // the record of the object that did
	given     map[string]node              // "package sales" -> its place
	stored    map[string]string            // "package sales" -> its JSON before
	later     []func()                     // what needs all packages
	compare   []func(w *writer)            // what needs all ids
}

func newBuilder(m Map, d runtime.Definitions, earlier map[string]record) *builder {
	b := &builder{
		m: m, records: earlier, touched: map[string]bool{},
		report:    Report{People: map[string][]string{}, Groups: map[string][]string{}},
		catalogs:  map[access.CatalogID]*access.Catalog{},
		resources: map[access.ResourceID]*access.Resource{},
		packages:  map[access.PackageID]*access.Package{},
		origins:   map[string]access.ResourceID{},
		places:    map[access.ResourceID]Place{},
		placed:    map[access.ResourceID]bool{},
		described: map[access.ResourceID]string{},
		given:     map[string]node{},
		stored:    map[string]string{},
	}
	for _, id := range slices.Sorted(maps.Keys(earlier)) {
		b.m.with(earlier[id])
		r := earlier[id]
		if r.Origin != "" {
			b.origins[strings.ToLower(r.Origin)] = access.ResourceID(r.As)
		}
		if r.Kind == resourceKind && !r.Made && r.Whole == nil {
			b.described[access.ResourceID(r.As)] = id
		}
	}
	for _, c := range d.Catalogs {
		b.catalogs[c.ID], b.stored["catalog "+string(c.ID)] = &c, string(encode(c))
	}
	for _, r := range d.Resources {
		b.stored["resource "+string(r.ID)] = string(encode(r))
		r.Roles = slices.Clone(r.Roles)
		b.resources[r.ID], b.placed[r.ID] = &r, true
	}
	for _, p := range d.Packages {
		b.stored["package "+string(p.ID)] = string(encode(p))
		p.Policies = slices.Clone(p.Policies)
		b.packages[p.ID] = &p
	}
	return b
}

// read makes of an item what it is in Usher.
func (b *builder) read(one item) {
	switch one.kind {
	case catalogKind:
		b.catalog(one)
	case resourceKind:
		b.resource(one)
	case packageKind:
		b.pack(one)
	case roleScopeKind:
		b.loneScope(one)
	case policyKind:
		b.policy(one)
	case referenceKind:
		b.report.ignore(one.node, "it is a reference to an object and says nothing else")
	case requirementsKind:
		b.report.ignore(one.node, "Entra computed it for one person from the policies")
	default:
		b.whole(one, "")
	}
}

// whole keeps an object that becomes nothing in Usher.
func (b *builder) whole(one item, why string) {
	b.report.keep(one.node, "the whole "+string(one.kind))
	if why != "" {
		b.report.note(one.node, why)
	}
	id := keptID(one.kind, one.ident)
	b.touched[id] = true
	b.records[id] = record{Kind: one.kind, ID: one.text("id"), Whole: encode(one.tree)}
}

// begin starts the record of an object.
func (b *builder) begin(one item, s shape) *record {
	return &record{Kind: one.kind, ID: one.text("id"), Shape: s, People: map[string]string{}, Groups: map[string]string{}}
}

// settle compares what came with what Usher says of it, once all ids are
// known, and stores the differences.
func (b *builder) settle(one item, rec *record, says func(w *writer) tree) {
	id := keptID(one.kind, one.ident)
	b.touched[id] = true
	b.records[id] = *rec
	b.compare = append(b.compare, func(w *writer) {
		made := says(w.of(*rec, func(says string) { rec.Lost = append(rec.Lost, says) }))
		rec.Changes = difference(made, one.tree, nil)
		b.records[id] = *rec
		kept := 0
		total := values(one.tree)
		for _, c := range rec.Changes {
			switch {
			case !c.keeps():
			case strings.HasPrefix(c.Path[len(c.Path)-1], "@odata.") || strings.Contains(c.name(), "@odata.context"):
				b.odata++
			default:
				kept += max(values(decode(c.Now)), 1)
				b.report.keep(one.node, c.name())
			}
		}
		b.report.Represented += max(total-kept, 0)
	})
}

// values counts the values in an object that say something.
func values(v any) int {
	n := 0
	switch v := v.(type) {
	case tree:
		for _, x := range v {
			n += values(x)
		}
	case []any:
		for _, x := range v {
			n += values(x)
		}
	default:
		if !empty(v) {
			n = 1
		}
	}
	return n
}

// finish does what had to wait until everything was read.
func (b *builder) finish() {
	for _, do := range b.later {
		do()
	}
	b.standIns()
	for _, res := range b.resources {
		if len(res.Roles) == 0 {
			b.role(res, node{tree: tree{}, problems: &b.problems})
		}
	}
	w := b.writer()
	for _, do := range b.compare {
		do(w)
	}
	if b.odata > 0 {
		b.report.Ignored = append(b.report.Ignored, Remark{Says: fmt.Sprintf("%d annotations of OData in lists: they are about the answer, not about its objects", b.odata)})
	}
}

// writer knows the ids in Entra of everything that was read, now or before.
func (b *builder) writer() *writer { return writerOf(b.m, b.records) }

func writerOf(m Map, all map[string]record) *writer {
	w := newWriter(m)
	for _, r := range all {
		switch {
		case r.ID == "":
		case r.Kind == catalogKind:
			w.catalogs[access.CatalogID(r.As)] = r.ID
		case r.Kind == packageKind:
			w.packages[access.PackageID(r.As)] = r.ID
		}
	}
	return w
}

// result lists what the files speak of and what else changes by it, in the
// order of ids.
func (b *builder) result() *Import {
	im := &Import{Report: b.report, places: map[string]node{}}
	d := &im.Definitions
	for _, id := range slices.Sorted(maps.Keys(b.catalogs)) {
		if b.place(im, "catalogs", len(d.Catalogs), "catalog "+string(id), *b.catalogs[id]) {
			d.Catalogs = append(d.Catalogs, *b.catalogs[id])
		}
	}
	for _, id := range slices.Sorted(maps.Keys(b.resources)) {
		if b.place(im, "resources", len(d.Resources), "resource "+string(id), *b.resources[id]) {
			d.Resources = append(d.Resources, *b.resources[id])
		}
	}
	for _, id := range slices.Sorted(maps.Keys(b.packages)) {
		if !b.place(im, "packages", len(d.Packages), "package "+string(id), *b.packages[id]) {
			continue
		}
		for i, p := range b.packages[id].Policies {
			if n, ok := b.given["policy "+string(id)+"/"+string(p.ID)]; ok {
				im.places[fmt.Sprintf("packages[%d].policies[%d]", len(d.Packages), i)] = n
			}
		}
		d.Packages = append(d.Packages, *b.packages[id])
	}
	for _, id := range slices.Sorted(maps.Keys(b.touched)) {
		d.Kept = append(d.Kept, b.records[id].kept(id))
	}
	return im
}

// place notes where the i-th definition of a list comes from, and reports
// whether it belongs to this import.
func (b *builder) place(im *Import, list string, i int, name string, now any) bool {
	n, given := b.given[name]
	if given {
		im.places[fmt.Sprintf("%s[%d]", list, i)] = n
	}
	return given || string(encode(now)) != b.stored[name]
}

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

// slug makes an id for people out of a name, one that is not taken.
func slug(name, otherwise string, taken func(string) bool) string {
	base := notSlug.ReplaceAllString(strings.ToLower(name), "-")
	base = strings.Trim(base[:min(len(base), 34)], "-")
	if base == "" {
		base = otherwise
	}
	id := base
	for n := 2; taken(id); n++ {
		id = fmt.Sprintf("%s-%d", base, n)
	}
	return id
}
