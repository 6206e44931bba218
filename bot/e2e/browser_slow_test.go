package e2e

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/chromedp/chromedp"
)

// evaluate runs a script in the page.
func (b browser) evaluate(script string) {
	b.t.Helper()
	b.do("run a script", chromedp.Evaluate[chromedp.Void](script))
}

// slowColumns makes every column that is drawn anew arrive late, as on a
// computer that is busy.
func (b browser) slowColumns() {
	b.t.Helper()
	b.evaluate(`{
		const quick = window.fetch;
		window.fetch = async (path, init) => {
			const answer = await quick(path, init);
			if (String(path).startsWith("/column/")) await new Promise((go) => setTimeout(go, 700));
			return answer;
		};
	}`)
}

// failOnce lets the next question of the page that begins so find no server.
func (b browser) failOnce(path string) {
	b.t.Helper()
	b.evaluate(fmt.Sprintf(`{
		const sound = window.fetch;
		let failed = false;
		window.fetch = async (path, init) => {
			if (failed || !String(path).startsWith(%q)) return sound(path, init);
			failed = true;
			throw new TypeError("Failed to fetch");
		};
	}`, path))
}

// A form that was drawn can be sent at once, also while the page still asks
// for the column that it is in; and a column that could not be asked for is
// drawn later, also when nothing else changes in it.
func TestNothingIsLostOnASlowPage(t *testing.T) {
	t.Parallel()
	s := start(t, place(t))
	b := openBrowser(t, s.base)

	b.command("carla", "/access request contractor")
	b.write("carla", "justification", "The new website")
	b.slowColumns()
	b.send("carla")
	b.sees(column("carla")+`//form[contains(@class,"sheet")]`, "Please fill this in.")
	b.choose("carla", "answer.work", "website")
	b.failOnce("/column/olga")
	b.send("carla")
	b.sees(column("olga"), "Carla Contreras asks for External contractor")

	from, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`new URL(events.url).search`))
	if err != nil || !regexp.MustCompile(`^\?since=\d+&audit=\d+$`).MatchString(from) {
		t.Errorf("the page listens from %q on, not since it was drawn: %v", from, err)
	}
}
