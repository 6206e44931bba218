package e2e

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/usher-dev/usher/bot/app"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// An admin builds the package for contractors in the playground, through the
// API of its page.
func TestThePackageIsBuiltOnThePage(t *testing.T) {
	t.Parallel()
	at := place(t)
	builtIn(t, &pageBench{stage: start(t, at), at: at})
}

type pageBench struct {
	*stage
	at app.DemoOptions
}

func (b *pageBench) runtime() *runtime.Runtime { return b.behind }
func (b *pageBench) tenant() access.TenantID   { return app.DemoTenant }

func (b *pageBench) types(command string) {
	b.t.Helper()
	b.person("olga").command("/access-admin " + command)
}

// filled fills in the form that is open, which changes as it is filled in.
func (b *pageBench) filled(text string, values map[string]any) view {
	b.t.Helper()
	olga := b.person("olga")
	v := olga.see()
	if v.Form == nil || !strings.Contains(v.Form.read(), text) {
		b.t.Fatalf("no form with %q is open: %s", text, v.all())
	}
	for {
		given := v.Form.answered(values)
		if len(given) == len(values) {
			return olga.submit(v.Form.ID, v.Form.kept(given))
		}
		before := len(v.Form.Fields)
		olga.live(v.Form.ID, v.Form.kept(given))
		if v = olga.see(); len(v.Form.Fields) == before && len(v.Form.answered(values)) == len(given) {
			b.t.Fatalf("nobody asks for all of %v: %s", values, v.all())
		}
	}
}

// read is what somebody reads on a form.
func (f formPage) read() string {
	out := f.Title + "\n" + f.Intro
	for _, at := range f.Fields {
		out += "\n" + at.Label
	}
	return out
}

// answered are the values of the fields that are there, by their ids.
func (f formPage) answered(values map[string]any) answers {
	out := answers{}
	for _, at := range f.Fields {
		want, ok := values[at.Label]
		if !ok {
			continue
		}
		list, many := want.([]string)
		if !many {
			list = []string{want.(string)}
		}
		for _, one := range list {
			out[at.ID] = append(out[at.ID], at.value(one))
		}
	}
	return out
}

// value is what the option with a label sends, or what is typed.
func (at field) value(label string) string {
	for _, o := range at.Options {
		if o.Label == label {
			return o.Value
		}
	}
	return label
}

// kept are the answers and, for all other fields, what they hold.
func (f formPage) kept(given answers) answers {
	out := answers{}
	for _, at := range f.Fields {
		if len(at.Value) > 0 {
			out[at.ID] = at.Value
		}
	}
	maps.Copy(out, given)
	return out
}

// live tells what is filled in so far, and sends nothing yet.
func (p person) live(form string, a answers) {
	p.s.t.Helper()
	p.s.call("POST", p.path("submit"), map[string]any{"form": form, "answers": a, "live": true}, nil)
}

func (b *pageBench) sends(text string, values map[string]any) {
	b.t.Helper()
	if v := b.filled(text, values); v.Form != nil && len(v.Form.Errors) > 0 {
		b.t.Fatalf("%v: %s", v.Form.Errors, v.all())
	}
}

func (b *pageBench) tries(text string, values map[string]any, says, typed string) {
	b.t.Helper()
	v := b.filled(text, values)
	if v.Form == nil {
		b.t.Fatalf("it went through: %s", said(v))
	}
	for _, at := range v.Form.Fields {
		if strings.Contains(v.Form.Errors[at.ID], says) && slices.Contains(at.Value, typed) {
			return
		}
	}
	b.t.Errorf("not said at its field: %v %s", v.Form.Errors, v.all())
}

func (b *pageBench) press(text, button string) {
	b.t.Helper()
	v := b.person("olga").see()
	if v.Private == nil || !strings.Contains(v.Private.text(), text) {
		b.t.Fatalf("no private card with %q: %s", text, v.all())
	}
	b.person("olga").press(*v.Private, button)
}

func (b *pageBench) hears(text string) {
	b.t.Helper()
	if v := b.person("olga").see(); !strings.Contains(said(v), text) {
		b.t.Errorf("olga is told %q, not %q", said(v), text)
	}
}

func (b *pageBench) restart() {
	b.t.Helper()
	b.stop()
	b.stage = start(b.t, b.at)
}

func (b *pageBench) names() benchNames {
	return benchNames{
		file: `
resources:
  - {id: launch, name: "#launch", connector: playground, target: launch-channel, roles: [{id: member, name: Member, can: {en: "Read and write in #launch", de: "In #launch lesen und schreiben"}}]}
  - id: door-badge
    name: Door badge
    connector: manual
    target: Door badge
    hands: [{person: playground/olga}]
    roles: [{id: holder, name: holder, can: {en: gets it handed out, de: bekommt es ausgehändigt}}]
`,
		design: "Design channel", site: "#launch", roles: "design-channel/member, launch/member, door-badge/holder", olga: "playground/olga",
	}
}
