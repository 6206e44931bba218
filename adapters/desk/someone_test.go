package desk

import (
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// Where people type names, whoever is meant is found: in a chat whose ids say
// nothing, too, and if they never spoke to Usher.
func TestAPersonIsFoundByTheirName(t *testing.T) {
	t.Parallel()
	inPlaza(t, func(p *plaza) {
		p.known["play/U077"] = access.Profile{Person: "play/U077", Account: "play/U077", Name: "Nadia Silva", Standing: access.Member, Email: "nadia@example.org", Locale: "en"}
		p.known["play/U078"] = access.Profile{Person: "play/U078", Account: "play/U078", Name: "Tom Silva", Standing: access.Member}
		for _, typed := range []string{
			"@U077 wiki", "wiki for nadia", "wiki for @nadia", "nadia wiki", "wiki nadia", "Nadia Silva wiki", "nadia@example.org wiki", "@nadia Wiki until 2026-09-03",
		} {
			show, ok := p.types(olga, "/access-admin assign "+typed).(chat.Show)
			if got, pkg := fieldOf(show, "person"), fieldOf(show, "package"); !ok || len(got.Value) != 1 || got.Value[0] != "play/U077" || len(pkg.Value) != 1 || pkg.Value[0] != "wiki" {
				t.Errorf("assign %s: %v for %v", typed, pkg.Value, got.Value)
			}
		}
		show, ok := p.types(olga, "/access-admin assign @silva wiki").(chat.Show)
		if got := show.Page.Errors["person"]; !ok || !strings.HasPrefix(got, "Several people are called silva: Nadia Silva and Tom Silva.") {
			t.Errorf("two of them: %q", got)
		}
		p.fills(olga, p.types(olga, "/access-admin assign @U077 wiki until 2026-09-03"), form.Values{"reason": val("She starts today.")})
		if got := cardText(p.house().last("play/U077", "You now have Wiki").Card); !strings.Contains(got, "Olga Petrov assigned Wiki to you: She starts today.") {
			t.Errorf("who never spoke to Usher reads\n%s", got)
		}
	})
}
