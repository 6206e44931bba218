package desk

import (
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
)

// An admin who assigns what somebody has, or has asked for, is told who, and
// where admins see it.
func TestAdminsAreToldWhoseItIsAlready(t *testing.T) {
	t.Parallel()
	inPlaza(t, func(p *plaza) {
		p.asks(ada, "wiki", nil)
		p.house().says(p.fills(olga, p.types(olga, "/access-admin assign @ada wiki"), nil), "Ada Lindqvist has Wiki already, until 8 September 2026, 09:00 UTC.")
		p.asks(ada, "production", nil)
		p.house().says(p.fills(olga, p.types(olga, "/access-admin assign @ada production"), nil), "Ada Lindqvist has an open request for Production access already. /access-admin pending @ada shows it.")
	})
}

// People write the little words of a command in their own language.
func TestLittleWordsInEveryLanguage(t *testing.T) {
	t.Parallel()
	inPlaza(t, func(p *plaza) {
		for typed, end := range map[string]string{"@mina wiki bis 10 Tage": "10 Tage", "wiki für @mina Bis 2026-09-03": "2026-09-03", "wiki @mina für 3 Tage": "3 Tage", "wiki for mina until 10 days": "10 days"} {
			show, ok := p.types(olga, "/access-admin assign "+typed).(chat.Show)
			who, pkg, until := fieldOf(show, "person"), fieldOf(show, "package"), fieldOf(show, "end")
			if !ok || one(map[string][]string{"": who.Value}, "") != "play/mina" || one(map[string][]string{"": pkg.Value}, "") != "wiki" || one(map[string][]string{"": until.Value}, "") != end {
				t.Errorf("assign %s: %v for %v until %v", typed, pkg.Value, who.Value, until.Value)
			}
		}
	})
}
