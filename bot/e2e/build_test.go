package e2e

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// bench is where olga, who is admin, builds a package through the screens of a
// chat.
type bench interface {
	// types types a command for admins.
	types(command string)
	// sends fills in the form that has a text on it, by labels, and sends all
	// its pages. What comes after it is left as it is.
	sends(text string, values map[string]any)
	// tries sends the form with something wrong in it: it says so at its field,
	// and still has what was typed there.
	tries(text string, values map[string]any, says, typed string)
	// press presses a button of the private card that has a text on it.
	press(text, button string)
	// hears waits for a private answer with a text in it.
	hears(text string)
	// restart ends the process in good order and starts another on its data.
	restart()
	// runtime is that of the process that runs now.
	runtime() *runtime.Runtime
	tenant() access.TenantID
	// names are what this chat calls what the package gives.
	names() benchNames
}

// benchNames are how a chat names things.
type benchNames struct {
	base   string // resources that are in the catalog before, as a file
	file   string // new resources as a file
	design string // label of the one that is in the catalog
	site   string // label of the one that is not
	roles  string // what the package gives, as in a file
	olga   string
}

// contractorFile is the package of the story as a file.
const contractorFile = `
packages:
  - id: from-file
    name: External contractor
    description: What a contractor from outside needs.
    roles: [ROLES]
    terms: {en: Keep it to yourself., de: Behalte es für dich.}
    policies:
      - id: standard
        name: Standard
        requestors: [outsiders]
        justification: true
        questions:
          - id: where-do-you-work
            kind: choice
            required: true
            label: {en: "Where do you work?", de: "Wo arbeitest du?"}
            options:
              - {value: de, label: {en: Germany, de: Deutschland}}
              - {value: jp, label: {en: Japan, de: Japan}}
        stages:
          - approvers: [person: OLGA]
            reasonRequired: true
        ends: DATE
`

// builtIn is the story: the package, with something wrong on the way, left in
// the middle and gone on with after a restart.
func builtIn(t *testing.T, b bench) {
	t.Helper()
	names, date := b.names(), time.Now().AddDate(0, 0, 30).UTC().Format(time.DateOnly)
	applied(t, b, "base", names.base)

	b.types("package create")
	b.sends("Seven short steps", map[string]any{"What is the package called?": "External contractor", "What is it for?": "What a contractor from outside needs."})
	b.sends("step 2 of 7", map[string]any{"What does it give?": []string{names.design, names.site}, "Something that a person hands out": "Door badge"})
	b.sends("step 3 of 7", map[string]any{"Who may ask": []string{"Guests and people from outside"}, "Must they say why?": "Yes"})
	b.sends("step 4 of 7", map[string]any{"Stage 1: Must they give a reason?": "Yes"})
	b.tries("step 5 of 7", map[string]any{"When access ends": "On a date", "Until the end of this day": "the 45th of May"}, "date", "the 45th of May")
	b.restart()

	b.types("package create")
	b.press("You have begun with these packages", "Go on")
	b.sends("step 5 of 7", map[string]any{"When access ends": "On a date", "Until the end of this day": date})
	b.sends("step 6 of 7", map[string]any{"Is there something to ask?": "A new question"})
	b.sends("Kind of answer", map[string]any{
		"Question 1: What is asked": "Where do you work?\nde: Wo arbeitest du?", "Kind of answer": "One of a list", "Must it be answered?": "Yes",
		"Options": "de = Germany | de: Deutschland\njp = Japan | de: Japan",
	})
	b.sends("step 6 of 7", map[string]any{"Is there something to ask?": "Nothing (more) to ask"})
	b.sends("step 7 of 7", map[string]any{"What must be accepted before access is given?": "Keep it to yourself.\nde: Behalte es für dich."})
	b.press("It is not there yet", "Create")
	b.hears("package post external-contractor")
	sameAsFile(t, b, names.file+strings.NewReplacer("ROLES", names.roles, "OLGA", names.olga, "DATE", date).Replace(contractorFile))
}

// isGiven is what the package is for: somebody from outside asks for it and gets
// it, with what was not in the catalog before, until the date.
func isGiven(t *testing.T, o venue) {
	t.Helper()
	carla, olga := o.person("carla"), o.person("olga")
	carla.ask("external-contractor", "External contractor", map[string]any{"Where do you work?": "Japan", "Why is it needed?": "The new website"})
	olga.decide(olga.card("Request: External contractor", "Carla Contreras", "Japan", "The new website", "[Approve]"), "Approve", "Known from the last project")
	carla.press(carla.card("External contractor", "[Read the terms]"), "Read the terms")
	o.waitHas("carla")
	carla.press(carla.read("[Accept]"), "Accept")
	o.waitHas("carla", "design", "site")
	olga.card("Door badge", "Carla Contreras") // to hand it out
	o.forward(32 * 24 * time.Hour)
	o.waitHas("carla")
}

// sameAsFile compares all that is defined with what a file makes of it: the
// package, and the resources that came with it.
func sameAsFile(t *testing.T, b bench, file string) {
	t.Helper()
	chat := defined(t, b)
	applied(t, b, "file", file)
	both := defined(t, b)
	got, want := "", ""
	for _, p := range both.Packages {
		switch p.ID {
		case "external-contractor":
			got = barePackage(p)
		case "from-file":
			want = barePackage(p)
		}
	}
	if got != want || got == "" {
		t.Errorf("in chat\n%s\nfrom the file\n%s", got, want)
	}
	if got, want := bareResources(chat.Resources), bareResources(both.Resources); got != want {
		t.Errorf("resources in chat\n%s\nfrom the file\n%s", got, want)
	}
}

func defined(t *testing.T, b bench) runtime.Definitions {
	t.Helper()
	d, err := b.runtime().Definitions(t.Context(), b.tenant())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// applied applies a file.
func applied(t *testing.T, b bench, name, file string) {
	t.Helper()
	if file == "" {
		return
	}
	read, err := config.ReadDefinitions(name+".yaml", []byte(file), time.Now(), time.UTC)
	if err != nil {
		t.Fatalf("%v\n%s", err, file)
	}
	if _, err := b.runtime().Apply(t.Context(), b.tenant(), access.SystemActor().Person, engine.CommandID("apply "+name), read.Definitions); err != nil {
		t.Fatal(err)
	}
}

// barePackage is a package without its id, its author, its times, its
// revisions and what manages it.
func barePackage(p access.Package) string {
	p.ID, p.ManagedBy, p.CreatedBy, p.CreatedAt, p.EditedBy, p.EditedAt, p.Revision = "", "", "", time.Time{}, "", time.Time{}, 0
	for i := range p.Policies {
		p.Policies[i].Version, p.Policies[i].EditedBy, p.Policies[i].EditedAt = 0, "", time.Time{}
	}
	return spelled(p)
}

// bareResources are the resources that were made on the way, without their
// revisions and what manages them.
func bareResources(list []access.Resource) string {
	var out []access.Resource
	for _, r := range list {
		if r.ID == "site" || r.ID == "launch" || r.ID == "door-badge" {
			r.ManagedBy, r.Revision = "", 0
			out = append(out, r)
		}
	}
	return spelled(out)
}

func spelled(v any) string {
	data, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err.Error()
	}
	return string(data)
}
