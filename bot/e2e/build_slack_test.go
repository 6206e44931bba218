package e2e

import (
	"errors"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// An admin builds the package for contractors in Slack, and a contractor asks
// for it and gets it.
func TestThePackageIsBuiltInSlack(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "bolt", "socket")
	o.start()
	builtIn(t, inSlackBench{o})
	o.person("olga").shut()
	isGiven(t, inOffice{o})
}

type inSlackBench struct{ *office }

func (b inSlackBench) runtime() *runtime.Runtime { return b.run.Runtime }
func (b inSlackBench) tenant() access.TenantID   { return b.conf.Tenant }
func (b inSlackBench) olga() clerk               { return b.person("olga") }
func (b inSlackBench) hears(text string)         { b.t.Helper(); b.olga().hears(text) }

func (b inSlackBench) types(command string) {
	b.t.Helper()
	b.olga().must(b.olga().Slash("/access-admin", command))
}

func (b inSlackBench) sends(text string, values map[string]any) {
	b.t.Helper()
	_, err := b.olga().ReadModal(text)
	b.olga().must(err)
	b.olga().must(b.olga().Fill(values))
	b.olga().must(b.olga().Submit())
}

func (b inSlackBench) tries(text string, values map[string]any, says, typed string) {
	b.t.Helper()
	_, err := b.olga().ReadModal(text)
	b.olga().must(err)
	b.olga().must(b.olga().Fill(values))
	if err := b.olga().Submit(); err == nil || !errors.Is(err, slackfake.ErrFields) {
		b.t.Errorf("sending it is answered with %v", err)
	}
	form, err := b.olga().ReadModal(says)
	b.olga().must(err)
	if !strings.Contains(form.Body, typed) {
		b.t.Errorf("%q is not kept:\n%s", typed, form.Body)
	}
}

// press presses on what is on top of the form, or on a private message.
func (b inSlackBench) press(text, button string) {
	b.t.Helper()
	s, err := b.olga().Until("a private card with "+text, func(s slackfake.Sight) bool { return wasTold(s, text) })
	b.olga().must(err)
	if s.Modal != nil {
		b.olga().must(b.olga().PressInModal(button))
		return
	}
	on, err := b.olga().Read(text)
	b.olga().must(err)
	b.olga().press(on, button)
}

func (b inSlackBench) restart() {
	b.t.Helper()
	b.olga().shut()
	b.stop()
	b.start()
}

func (b inSlackBench) names() benchNames {
	return benchNames{
		base: `
resources:
  - {id: design-channel, name: Design channel, connector: slack-channel, target: C0DESIGN, roles: [{id: member, name: Member, can: Read and write in the design channel}]}
`,
		file: `
resources:
  - {id: site, name: "#site", connector: slack-channel, target: C0SITE, roles: [{id: member, name: Member, can: {en: "Read and write in #site", de: "In #site lesen und schreiben"}}]}
  - id: door-badge
    name: Door badge
    connector: manual
    target: Door badge
    hands: [{person: slack/U0OLGA}]
    roles: [{id: holder, name: holder, can: {en: gets it handed out, de: bekommt es ausgehändigt}}]
`,
		design: "Design channel", site: "#site", roles: "design-channel/member, site/member, door-badge/holder", olga: "slack/U0OLGA",
	}
}
