package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// discordAdmins is a role that may hand out everything.
const discordAdmins = "720000000000000009"

// An admin builds the package for contractors in Discord.
func TestThePackageIsBuiltInDiscord(t *testing.T) {
	t.Parallel()
	s := newServer(t, "redis", "http")
	s.fake.AddRole(discordfake.Role{ID: discordAdmins, Name: "Admins", Position: 50, Permissions: discordfake.Administrator})
	s.fake.AddMember(discordfake.Member{User: discordUser("olga"), Roles: []string{discordStaff, discordAdmins}})
	s.start()
	builtIn(t, inDiscordBench{s, s.member("olga")})
}

type inDiscordBench struct {
	*server
	olga *member
}

func (b inDiscordBench) runtime() *runtime.Runtime { return b.run.Runtime }
func (b inDiscordBench) tenant() access.TenantID   { return b.conf.Tenant }
func (b inDiscordBench) hears(text string)         { b.t.Helper(); b.olga.hears(text) }

func (b inDiscordBench) types(command string) {
	b.t.Helper()
	b.olga.must(b.olga.Slash("access-admin " + command))
}

// opened waits for the page of a form, which has a button before it when it
// comes after another one.
func (b inDiscordBench) opened() discordfake.Modal {
	b.t.Helper()
	b.olga.turn()
	form, err := b.olga.ReadModal("")
	b.olga.must(err)
	return form
}

// page fills in what the open page asks for and takes it out of what is left.
func page(body string, left map[string]any) map[string]any {
	out := map[string]any{}
	for label, v := range left {
		if strings.Contains(body, "\n"+label) || strings.HasPrefix(body, label) {
			out[label] = v
			delete(left, label)
		}
	}
	return out
}

func (b inDiscordBench) sends(text string, values map[string]any) {
	b.t.Helper()
	form := b.opened()
	if !strings.Contains(form.Body, text) {
		b.t.Fatalf("the form is without %q:\n%s\n%s", text, form.Title, form.Body)
	}
	for more := true; more; {
		b.olga.must(b.olga.Submit(page(form.Body, values)))
		form, more = b.another()
	}
	if read, ok := b.olga.fresh(b.olga.See(), "Next"); ok { // the date as it was understood
		b.olga.done[read.ID] = true
		b.olga.must(b.olga.Press(read, "Next"))
	}
	if len(values) > 0 {
		b.t.Fatalf("nobody asks for %v:\n%s", values, b.olga.See())
	}
}

// another is the next page of the form that was sent. The first page of the
// next one says which step it is.
func (b inDiscordBench) another() (discordfake.Modal, bool) {
	b.t.Helper()
	b.olga.turn()
	s := b.olga.See()
	if s.Modal == nil || strings.Contains(s.Modal.Body, "of 7") {
		return discordfake.Modal{}, false
	}
	return *s.Modal, true
}

func (b inDiscordBench) tries(text string, values map[string]any, says, typed string) {
	b.t.Helper()
	b.sends(text, values)
	b.press(says, "Correct")
	form := b.opened()
	if !strings.Contains(form.Body, typed) {
		b.t.Errorf("%q is not kept:\n%s", typed, form.Body)
	}
}

func (b inDiscordBench) press(text, button string) {
	b.t.Helper()
	on := b.olga.find("a private card with "+text, func(c discordfake.Message) bool {
		return c.Private && c.Has(text) && slices.Contains(c.Buttons, button)
	})
	b.olga.must(b.olga.Press(on, button))
}

func (b inDiscordBench) restart() {
	b.t.Helper()
	if b.olga.See().Modal != nil {
		b.olga.must(b.olga.Close())
	}
	b.stop()
	b.start()
}

func (b inDiscordBench) names() benchNames {
	return benchNames{
		base: `
resources:
  - {id: design-channel, name: Design channel, connector: discord-channel, target: "` + discordDesign + `", roles: [{id: writer, name: Member, can: Read and write in the design channel}]}
`,
		file: `
resources:
  - {id: site, name: "#site", connector: discord-channel, target: "` + discordSite + `", roles: [{id: viewer, name: Viewer, can: {en: "See #site", de: "#site sehen"}}, {id: writer, name: Writer, can: {en: "See #site and write there", de: "#site sehen und dort schreiben"}}]}
  - id: door-badge
    name: Door badge
    connector: manual
    target: Door badge
    hands: [{person: discord/` + discordUser("olga") + `}]
    roles: [{id: holder, name: holder, can: {en: gets it handed out, de: bekommt es ausgehändigt}}]
`,
		design: "Design channel", site: "#site, Writer", roles: "design-channel/writer, site/writer, door-badge/holder", olga: "discord/" + discordUser("olga"),
	}
}
