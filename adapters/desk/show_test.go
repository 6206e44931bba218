package desk

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// inPlaza tells a story on the real runtime.
func inPlaza(t *testing.T, story func(*plaza)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		story(openPlaza(t))
	})
}

func TestAPackageReadsLikeAPage(t *testing.T) {
	t.Parallel()
	inPlaza(t, func(p *plaza) {
		p.asks(mina, "wiki", nil)
		p.asks(ada, "wiki", nil)
		p.asks(mina, "production", form.Values{"justification": val("Release night.")})
		p.both("page-contractor", "/access-admin package show contractor")
		p.both("page-wiki", "/access-admin package show wiki")
		p.both("page-production", "/access-admin package show production")
		p.both("page-secret", "/access-admin package show secret")
	})
}

func TestOnlyThoseWhoLookAfterItReadThePage(t *testing.T) {
	t.Parallel()
	inPlaza(t, func(p *plaza) {
		for _, who := range []access.PersonID{mina, carla} {
			if got := cardText(p.told(p.types(who, "/access-admin package show wiki"))); strings.Contains(got, "Wiki") {
				t.Errorf("%s reads\n%s", who, got)
			}
		}
		page := p.told(p.types(olga, "/access-admin package show wiki"))
		for _, label := range []string{"Share", "Simulate"} {
			if !strings.Contains(cardText(page), "["+label+"]") {
				t.Errorf("no button %q on\n%s", label, cardText(page))
			}
		}
		if got := cardText(p.told(p.types(rita, "/access-admin package show wiki"))); strings.Contains(got, "[Teilen]") || !strings.Contains(got, "[Durchspielen]") {
			t.Errorf("an auditor reads\n%s", got)
		}
		if got := cardText(p.told(p.types(mina, "/access show wiki"))); strings.Contains(got, "Who has it") {
			t.Errorf("a requestor reads\n%s", got)
		}
		stolen := p.house().button(page, "Simulate")
		got := p.does(chat.Pressed{Who: p.who(mina), ID: p.id(), Token: strings.Replace(stolen, "simulate", "page", 1)})
		if !strings.Contains(cardText(p.told(got)), "There is no package") {
			t.Errorf("a stolen button shows %+v", got)
		}
	})
}

func TestASimulationIsShown(t *testing.T) {
	t.Parallel()
	inPlaza(t, func(p *plaza) {
		p.both("simulate-production", "/access-admin package simulate @mina production")
		p.both("simulate-contractor", "/access-admin package simulate @carla contractor")
		p.both("simulate-not", "/access-admin package simulate @mina contractor")
		p.both("simulate-left-out", "/access-admin package simulate @ada production")
		wiki := p.types(olga, "/access-admin package simulate @mina wiki")
		p.golden("simulate-wiki.en", wiki)
		p.golden("simulate-wiki-way.en", p.taps(olga, p.told(wiki), "Through For good"))
		p.asks(mina, "wiki", nil)
		p.both("simulate-held", "/access-admin package simulate @mina wiki")
		reply := p.fills(olga, p.types(olga, "/access-admin package simulate"), form.Values{"person": val("play/ada"), "package": val("production"), "holder": val("play/mina")})
		p.golden("simulate-behalf.en", reply)
		if n := len(p.chat.Messages(chat.Address{Account: "play/ben"})); n != 0 {
			t.Errorf("ben got %d cards", n)
		}
		if got := cardText(p.told(p.types(mina, "/access-admin package simulate @ada production"))); strings.Contains(got, "Production") {
			t.Errorf("somebody without a role reads\n%s", got)
		}
	})
}
