package desk

import (
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// A platform that delivers a report's command or form again gets its files
// again, also where the form had several pages.
func TestARepeatedReportHasItsFiles(t *testing.T) {
	t.Parallel()
	for name, caps := range map[string]form.Caps{"modal": chattest.Modal(), "pages": chattest.Pages()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inPlaza(t, func(p *plaza) {
				p.asks(ada, "wiki", nil)
				p.stop()
				p.chat = chattest.NewChat("play", caps, []access.Channel{"play/approvals"})
				p.open()
				p.settle()
				p.filesTwice(chat.Invoked{Who: p.who(olga), ID: p.id(), Command: "access-admin", Text: "report packages wiki"})
				answers := form.Values{"report": val("packages"), "package": val("wiki")}
				shown, ok := p.types(olga, "/access-admin report").(chat.Show)
				if caps.PageFields > 0 {
					shown, ok = p.fills(olga, shown, answers).(chat.Show)
					delete(answers, "report") // it was on the page before
				}
				if !ok {
					t.Fatal("no form")
				}
				p.filesTwice(chat.Filled{Who: p.who(olga), ID: p.id(), Form: shown.Page.Form, Page: shown.Page.Number, Values: answers})
			})
		})
	}
}

func (p *plaza) filesTwice(in chat.Intent) {
	p.t.Helper()
	for n := range 2 {
		got, ok := p.does(in).(chat.Tell)
		if !ok || len(got.Files) == 0 || got.Card.Title != "Who has what, by package" {
			p.t.Errorf("time %d: %d files, %s", n+1, len(got.Files), spell(got))
		}
	}
}
