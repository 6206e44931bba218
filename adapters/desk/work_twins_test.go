package desk

import (
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// That a name is taken is said as soon as it was typed.
func TestANameThatIsTakenIsToldAtOnce(t *testing.T) {
	t.Parallel()
	const want = "There is another package called Wiki in catalog General (wiki)."
	for name, told := range map[string]bool{"Wiki": true, "Tools": false} {
		w := openWorkshop(t, chattest.Modal())
		w.wiki(access.General, role("design-team", "member"))
		show := w.shown(w.through(olga, w.types(olga, "/access-admin package create"), form.Values{"name": val(name)}))
		if got := show.Intro.Plain(); strings.Contains(got, want) != told {
			t.Errorf("%s: the second step says %q", name, got)
		}
	}
}
